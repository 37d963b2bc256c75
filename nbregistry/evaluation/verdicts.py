"""Better, worse, equivalent or undecided: what a difference amounts to, chance taken into account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from nbregistry.evaluation.direction import higher_is_better
from nbregistry.evaluation.formulas import METRICS
from nbregistry.evaluation.significance.holm import holm
from nbregistry.evaluation.significance.inference import smallest_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.significance.inference import Inference

Verdict = Literal["better", "worse", "equivalent", "undecided"]
_OF_NUMBERS = frozenset({*METRICS["regression"], "log_loss", "brier"})
"""Where models agree on every number with fractions, they are the same; labels and ranks may agree by chance."""
UNSEEN = 0.05
"""Without a margin, models that agree on all rows are equivalent where surely a smaller share of all others differs."""
Key = TypeVar("Key", bound="tuple[str, *tuple[object, ...]]")
"""A metric, and whatever else tells the differences apart, e.g. the reference."""


@dataclass(frozen=True)
class Judged:
    """What is known of one difference.

    Attributes
    ----------
    ci_low, ci_high : float
        Interval of the difference, of the level ``1 - alpha``.
    p_value : float
        Two-sided, of no difference, for this test alone.
    p_adjusted : float
        The same for all tests of the comparison together (Holm).
    verdict : str
        ``"better"`` or ``"worse"`` where ``p_adjusted`` is below alpha; ``"equivalent"`` where the difference is surely
        smaller than the margin, or none was given and all predictions of enough rows agree; else ``"undecided"``.
    method : str
        The test.
    n : int
        Rows it was made on.
    detectable : float
        The smallest true difference that so many rows would have shown, with a chance of 80%, as one of these tests.
    """

    ci_low: float
    ci_high: float
    p_value: float
    p_adjusted: float
    verdict: Verdict
    method: str
    n: int
    detectable: float


def judge(inferences: Mapping[Key, Inference], *, alpha: float, margin: float | None = None) -> dict[Key, Judged]:
    """Judge all differences of a comparison.

    Parameters
    ----------
    inferences : dict
        By metric and reference (and group, where there are any), of metrics whose direction is known.
    alpha : float
        The chance of finding a difference somewhere where there is none.
    margin : float, optional
        Differences below this do not matter: where the interval of the level ``1 - 2 alpha`` lies within it, two
        versions are equivalent (two one-sided tests; Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15
        (1987) 657-680), also where the difference is surely not zero. Where no row tells them apart, there have to be
        enough rows, and of each class that has a say of its own, to notice a difference of the margin.

    Returns
    -------
    dict
        In the same order.

    Examples
    --------
    >>> from nbregistry.evaluation.significance.inference import NormalInference
    >>> found = {("auc", "m@2"): NormalInference(0.03, 0.0027, "DeLong", 200, 0.03, 0.01)}
    >>> judge(found, alpha=0.05)["auc", "m@2"].verdict, judge(found, alpha=0.05, margin=0.1)["auc", "m@2"].verdict
    ('better', 'equivalent')
    """
    adjusted = holm([inference.p_value for inference in inferences.values()])
    judged = {}
    for (key, inference), p_adjusted in zip(inferences.items(), adjusted, strict=True):
        low, high = inference.interval(alpha)
        verdict = _verdict(key[0], inference, p_adjusted, alpha, margin)
        detectable = smallest_difference(inference, alpha, len(inferences))
        judged[key] = Judged(
            low, high, inference.p_value, p_adjusted, verdict, inference.method, inference.n, detectable
        )
    return judged


def _verdict(metric: str, inference: Inference, p_adjusted: float, alpha: float, margin: float | None) -> Verdict:
    low, high = inference.interval(2 * alpha)
    if low == high == 0:
        unseen = _unseen(inference.rarest or inference.n, alpha)
        certain = metric in _OF_NUMBERS or unseen < (UNSEEN if margin is None else margin)
        return "equivalent" if certain else "undecided"
    if margin is not None and -margin < low and high < margin:
        return "equivalent"
    if p_adjusted >= alpha:
        return "undecided"
    return "better" if (inference.difference > 0) == higher_is_better(metric) else "worse"


def _unseen(rows: int, alpha: float) -> float:
    """Give the share of all rows that may differ though none of so many did: 3 in n at the level 0.05.

    Hanley & Lippman-Hand, JAMA 249 (1983) 1743-1745.
    """
    return 1.0 - float(alpha ** (1 / rows))
