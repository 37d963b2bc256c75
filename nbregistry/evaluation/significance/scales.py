"""Intervals that stay where a metric can be: made on a scale without an end, and put back.

Near its end a metric is not spread evenly around what was seen. On the scale of its logit (of shares; recommended for
average precision by Boyd, Eng & Page, ECML PKDD 2013, 451-466), of its logarithm (of losses) or of Fisher's z (of
correlations; Biometrika 10 (1915) 507-521) it nearly is, and no value lies outside.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.evaluation.significance.inference import Interval, NormalInference, StudentInference


class _Scale(NamedTuple):
    """A function without an end, its slope, and its inverse."""

    there: Callable[[float], float]
    slope: Callable[[float], float]
    back: Callable[[float], float]


def _share_of(logit: float) -> float:
    return (1 + math.tanh(logit / 2)) / 2  # 1 / (1 + exp(-logit)), which overflows


_LOGIT = _Scale(lambda share: math.log(share / (1 - share)), lambda share: 1 / (share * (1 - share)), _share_of)
_LOGARITHM = _Scale(math.log, lambda loss: 1 / loss, math.exp)
_TO_ONE = _Scale(lambda r2: -math.log(1 - r2), lambda r2: 1 / (1 - r2), lambda logarithm: 1 - math.exp(-logarithm))
_FISHER = _Scale(math.atanh, lambda correlation: 1 / (1 - correlation**2), math.tanh)

_SCALES: Mapping[str, _Scale] = {
    **dict.fromkeys(("accuracy", "balanced_accuracy", "precision", "recall", "f1", "subset_accuracy"), _LOGIT),
    **dict.fromkeys(("roc_auc", "average_precision", "f1_micro", "f1_macro", "hamming_loss", "brier"), _LOGIT),
    **dict.fromkeys(("log_loss", "rmse", "mae", "mape"), _LOGARITHM),
    "r2": _TO_ONE,
    "mcc": _FISHER,
}


def interval_of_value(metric: str, found: NormalInference | StudentInference, alpha: float) -> Interval:
    """Give the interval of a metric, from its value and standard error.

    Parameters
    ----------
    metric : str
    found : NormalInference or StudentInference
        Of the metric itself.
    alpha : float

    Examples
    --------
    >>> from nbregistry.evaluation.significance.inference import StudentInference
    >>> low, high = interval_of_value("f1", StudentInference(0.95, 0.0, "", 90, 0.03, 80.0), 0.05)
    >>> round(low, 3), round(high, 3)
    (0.844, 0.985)
    """
    scale = _SCALES.get(metric)
    low, high = found.interval(alpha)
    if scale is None or low == high:
        return low, high
    middle, half = scale.there(found.difference), (high - low) / 2 * scale.slope(found.difference)
    return scale.back(middle - half), scale.back(middle + half)
