"""Whether data are spread as they were when a model was trained.

The population stability index compares the shares of rows in fixed bins. Of the training data the bins are kept and
not the rows, which is what it needs; the Kolmogorov-Smirnov test needs every row of both. PSI is the symmetric
Kullback-Leibler divergence of the shares (Jeffreys, 1946, Proc. R. Soc. A 186, 453-461). From 0.1 on a change is called
moderate, from 0.25 on large: a custom of credit scoring (Siddiqi, 2006, Credit Risk Scorecards, Wiley).

Without any drift it is not 0: it is about ``(1/n + 1/m)`` times a chi-squared of ``bins - 1`` degrees of freedom
(Yurdakul and Naranjo, 2020, Journal of Risk Model Validation 14(4)), whose mean is ``(bins - 1)(1/n + 1/m)``. A hundred
rows have 0.1 by chance. So a change counts only if it is more than chance explains, of all columns together, and its
size is what is left when that mean is taken off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.model import ColumnProfile, Evaluation

MODERATE, LARGE = 0.1, 0.25
LEVEL = 0.01
"""Chance that a column of any of them is told to have drifted where none has."""
_NAMED = 4
_HALF = 0.5
"""Of a row, added to each bin: one that is empty has no logarithm."""


@dataclass(frozen=True)
class Drift:
    """How far a column is spread otherwise than before.

    Attributes
    ----------
    name : str
    psi : float
        Population stability index.
    by_chance : float
        What it would be, on average, without any drift.
    size : {"none", "moderate", "large"}
    missing_before, missing_now : float
        Shares of rows without a value.
    """

    name: str
    psi: float
    by_chance: float
    size: Literal["none", "moderate", "large"]
    missing_before: float
    missing_now: float


def find_drift(before: Sequence[ColumnProfile], now: Sequence[ColumnProfile]) -> tuple[Drift, ...]:
    """Compare profiles column by column, the most drifted first.

    Parameters
    ----------
    before, now : sequence of ColumnProfile
        Columns that both have, in the same bins, are compared.

    Examples
    --------
    >>> from nbregistry.model import ColumnProfile
    >>> before = ColumnProfile("age", (30.0, 50.0), (), (300, 400, 300))
    >>> (found,) = find_drift([before], [ColumnProfile("age", (30.0, 50.0), (), (20, 60, 120))])
    >>> round(found.psi, 2), found.size
    (0.45, 'large')
    """
    known = {column.name: column for column in before}
    pairs = [
        (known[column.name], column)
        for column in now
        if column.name in known
        and (column.edges, column.values) == (known[column.name].edges, known[column.name].values)
        and known[column.name].rows
        and column.rows
    ]
    found = [_drift(one, other, LEVEL / len(pairs)) for one, other in pairs]
    return tuple(sorted(found, key=lambda drift: (drift.size == "none", drift.by_chance - drift.psi, drift.name)))


def input_drift(evaluation: Evaluation) -> tuple[Drift, ...]:
    """Compare the rows of an evaluation with those that the version was trained on."""
    return find_drift(evaluation.trained_on, evaluation.dataset.profile)


def score_drift(evaluation: Evaluation) -> Drift | None:
    """Compare the scores of an evaluation with those of the version's first one, ``None`` if it is that.

    Not with those on the training data: a model is surer of rows that it learned, without any drift.
    """
    first, now = evaluation.first_scores, evaluation.scores
    return next(iter(find_drift([first], [now])), None) if first and now and first is not now else None


def drift_words(found: Sequence[Drift]) -> tuple[str, ...]:
    """Say in a sentence which columns drifted far from the training data; nothing of small changes.

    Examples
    --------
    >>> drift_words([Drift("age", 0.41, 0.02, "large", 0.0, 0.0), Drift("sex", 0.01, 0.02, "none", 0.0, 0.0)])
    ('1 of 2 columns has drifted far from the training data: age (PSI 0.41)',)
    """
    large = [drift for drift in found if drift.size == "large"]
    if not large:
        return ()
    named = ", ".join(f"{drift.name} (PSI {drift.psi:.2f})" for drift in large[:_NAMED])
    more = f" and {len(large) - _NAMED} more" if len(large) > _NAMED else ""
    verb = "has" if len(large) == 1 else "have"
    told = f"{len(large)} of {len(found)} columns {verb} drifted far from the training data"
    return (f"{told}: {named}{more}",)


def _drift(before: ColumnProfile, now: ColumnProfile, level: float) -> Drift:
    from scipy.special import chdtri

    gaps = bool(before.missing or now.missing)
    counts = [
        (one, other)
        for one, other in zip(
            (*before.counts, *([before.missing] if gaps else [])),
            (*now.counts, *([now.missing] if gaps else [])),
            strict=True,
        )
        if one or other
    ]
    n, m = before.rows, now.rows
    spread = 1 / n + 1 / m
    rooms = _HALF * len(counts)
    shares = [((one + _HALF) / (n + rooms), (other + _HALF) / (m + rooms)) for one, other in counts]
    psi = math.fsum((q - p) * math.log(q / p) for p, q in shares)
    freedom = max(len(counts) - 1, 1)
    by_chance = freedom * spread
    surely = psi > float(chdtri(freedom, level)) * spread
    left = psi - by_chance
    size: Literal["none", "moderate", "large"] = (
        "large" if surely and left >= LARGE else "moderate" if surely and left >= MODERATE else "none"
    )
    return Drift(now.name, psi, by_chance, size, before.missing / n, now.missing / m)
