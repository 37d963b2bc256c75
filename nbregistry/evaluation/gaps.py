"""How unequally a model treats groups: who is selected, who is found, who is wrongly accused.

Equalised odds asks that true- and false-positive rates are the same in all groups (Hardt, Price & Srebro, Advances in
Neural Information Processing Systems 29 (2016) 3315-3323); the largest difference and the smallest ratio between two
groups are fairlearn's ``equalized_odds_difference`` and ``equalized_odds_ratio``.

The largest difference is never below zero, so a bootstrap of it would never hold the truth where there is no gap. Its
interval is made of simultaneous intervals of all pairs of groups instead (Tukey's studentized range): the true
largest difference is at least the largest of their lower ends, and at most the largest of their upper ends. Pairs of
rates: Agresti & Caffo, The American Statistician 54 (2000) 280-288. Ratios: the same
rates on the logarithmic scale (delta method). Rows with weights: variances are those of weighted means by Taylor's
series, and a rate is taken to be one of as many rows of equal weight as have its variance (Korn & Graubard, Survey
Methodology 24 (1998) 193-201).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.caveats import are_paired
from nbregistry.evaluation.partition import groups_of, is_small
from nbregistry.evaluation.weights import effective_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

SELECTION, TRUE_POSITIVE, FALSE_POSITIVE = "selection rate", "true positive rate", "false positive rate"
EQUALISED_ODDS = "equalised odds"
MEAN_ERROR, MEAN_ABSOLUTE_ERROR = "mean error", "mean absolute error"


@dataclass(frozen=True)
class Gap:
    """The largest difference between two groups, in one respect and of one version.

    Attributes
    ----------
    column, ref : str
    measure : str
        Of two classes ``"selection rate"`` (rows that are predicted to be positive), ``"true positive rate"``
        (recall), ``"false positive rate"`` and ``"equalised odds"``, the larger of the gaps of these two. Of numbers
        ``"mean error"`` (prediction minus truth) and ``"mean absolute error"``.
    lowest, highest : str
        The two groups.
    values : dict
        Group to its rate or mean; small groups are left out.
    difference : float
        The highest value minus the lowest.
    ci_low, ci_high : float
        Interval of the true largest difference, whichever groups it is between; from 0 where there may be none.
    ratio, ratio_low, ratio_high : float or None
        The lowest rate over the highest, and its interval; ``None`` for numbers and where all rates are 0.
    change, change_low, change_high : float or None
        How much larger the difference is here than in the baseline, on the same rows, between the two groups that lie
        furthest apart in either of them; below 0 where it shrinks. ``None`` for the baseline itself and for equalised
        odds.
    """

    column: str
    ref: str
    measure: str
    lowest: str
    highest: str
    values: Mapping[str, float]
    difference: float
    ci_low: float
    ci_high: float
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None


@dataclass(frozen=True)
class _Sample:
    """One number a row of a group, and what it weighs: its errors, or whether it is predicted to be positive."""

    group: str
    values: Array
    weights: Array

    @property
    def is_rate(self) -> bool:
        return bool(self.values.dtype == bool)

    @property
    def effective_rows(self) -> float:
        return effective_rows(self.weights)

    @property
    def mean(self) -> float:
        return float((self.values * self.weights).sum() / self.weights.sum())

    @property
    def variance(self) -> float:
        """The variance of the mean as it is seen, without a correction for few rows; of equal weights s² / n."""
        return float(((self.weights * (self.values - self.mean)) ** 2).sum() / self.weights.sum() ** 2)


def measure_gaps(
    by: Mapping[str, Any], evaluations: Mapping[str, Measured], *, baseline: str, alpha: float
) -> tuple[Gap, ...]:
    """Measure the gaps between the groups of each column, for models of two classes and of numbers.

    Parameters
    ----------
    by : dict
        Column name to one value a row.
    evaluations : dict
        Reference to what was measured.
    baseline : str
    alpha : float
        Intervals have the level ``1 - alpha``, for all pairs of groups at once.

    Returns
    -------
    tuple of Gap
        Column by column, measure by measure, then version by version; none where fewer than two groups are large
        enough.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> target = np.arange(400) % 2
    >>> found = np.where((np.arange(400) < 200) & (np.arange(400) % 10 < 4), 0, target)
    >>> town = np.where(np.arange(400) < 200, "north", "south")
    >>> model = Measured("binary", {}, {"target": target, "prediction": found}, (), (0, 1))
    >>> gaps = measure_gaps({"town": town}, {"m@1": model}, baseline="m@1", alpha=0.05)
    >>> [(gap.measure, gap.lowest, round(gap.difference, 3)) for gap in gaps][:2]
    [('selection rate', 'north', 0.2), ('true positive rate', 'north', 0.4)]
    """
    found: list[Gap] = []
    for column, values in by.items():
        groups = list(groups_of(values))
        of_each = {ref: _samples(measured, groups) for ref, measured in evaluations.items()}
        names = dict.fromkeys(measure for samples in of_each.values() for measure in samples)
        gaps = {
            (measure, ref): _gap(column, ref, measure, samples, alpha)
            for ref, measures in of_each.items()
            for measure, samples in measures.items()
        }
        standard = evaluations.get(baseline)
        for (measure, ref), gap in gaps.items():
            before = gaps.get((measure, baseline))
            if ref != baseline and before and standard and are_paired(standard, evaluations[ref]):
                there, here = of_each[baseline][measure], of_each[ref][measure]
                gaps[measure, ref] = _with_change(gap, before, there, here, alpha)
        if any(measure == TRUE_POSITIVE for measure in names):
            for ref, samples in of_each.items():
                if samples:
                    gaps[EQUALISED_ODDS, ref] = _equalised_odds(column, ref, samples, alpha)
            names[EQUALISED_ODDS] = None
        found += [gaps[measure, ref] for measure in names for ref in evaluations if (measure, ref) in gaps]
    return tuple(found)


def _samples(measured: Measured, groups: list[tuple[str, Array]]) -> dict[str, list[_Sample]]:
    """Give, measure by measure, the numbers of each group that is large enough."""
    if measured.task not in _MEASURES:
        return {}
    weights = _weights(measured)
    counted = [(name, measured.take(chosen & (weights > 0))) for name, chosen in groups]
    large = [(name, taken) for name, taken in counted if not is_small(taken)]
    if len(large) < 2:
        return {}
    return {
        measure: [_sample(name, taken, numbers, of_class) for name, taken in large]
        for measure, (numbers, of_class) in _MEASURES[measured.task].items()
    }


def _sample(group: str, measured: Measured, numbers: Callable[[Measured], Array], of_class: int | None) -> _Sample:
    values, weights = numbers(measured), _weights(measured)
    if of_class is None:
        return _Sample(group, values, weights)
    rows = measured.codes == of_class
    return _Sample(group, values[rows], weights[rows])


def _weights(measured: Measured) -> Array:
    import numpy as np

    return np.ones(measured.n) if measured.weights is None else measured.weights


def _selected(measured: Measured) -> Array:
    selected: Array = measured.predicted_codes == 1
    return selected


def _errors(measured: Measured) -> Array:
    errors: Array = measured.rows["prediction"] - measured.rows["target"]
    return errors


# The number of each row, and the class whose rows are counted.
_MEASURES: Mapping[str, Mapping[str, tuple[Callable[[Measured], Array], int | None]]] = {
    "binary": {SELECTION: (_selected, None), TRUE_POSITIVE: (_selected, 1), FALSE_POSITIVE: (_selected, 0)},
    "regression": {MEAN_ERROR: (_errors, None), MEAN_ABSOLUTE_ERROR: (lambda one: abs(_errors(one)), None)},
}


def _gap(column: str, ref: str, measure: str, samples: list[_Sample], alpha: float) -> Gap:
    values = {sample.group: sample.mean for sample in samples}
    lowest, highest = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    if lowest == highest:  # all are equal: any two groups
        lowest, highest = list(values)[:2]
    low, high = _largest(*_moments(samples), _width(samples, alpha))
    gap = Gap(column, ref, measure, lowest, highest, values, values[highest] - values[lowest], max(0.0, low), high)
    if not samples[0].is_rate or not values[highest]:
        return gap
    # The ratio of the lowest to the highest rate is the largest difference of logarithms.
    low, high = _largest(*_log_moments(samples), _width(samples, alpha))
    ratio = values[lowest] / values[highest]
    return replace(gap, ratio=ratio, ratio_low=math.exp(-high), ratio_high=math.exp(-max(0.0, low)))


def _moments(samples: list[_Sample]) -> tuple[Array, Array]:
    """Give each group's mean and its variance."""
    import numpy as np

    means = np.array([sample.mean for sample in samples])
    variances = np.array([sample.variance for sample in samples])
    counts = np.array([len(sample.values) for sample in samples])
    if not samples[0].is_rate:
        return means, variances * counts / (counts - 1)
    of_equal_weight = np.array([sample.effective_rows for sample in samples])
    spread = means * (1 - means)
    varies = variances > 0
    of_equal_weight[varies] = np.minimum(spread[varies] / variances[varies], counts[varies])
    rates = (means * of_equal_weight + 1) / (of_equal_weight + 2)
    return rates, rates * (1 - rates) / (of_equal_weight + 2)


def _log_moments(samples: list[_Sample]) -> tuple[Array, Array]:
    """Give the logarithm of each group's rate and its variance."""
    import numpy as np

    rates, variances = _moments(samples)
    return np.log(rates), variances / rates**2


def _largest(centres: Array, variances: Array, width: float) -> tuple[float, float]:
    """Give the largest lower and the largest upper end of the differences between any two groups."""
    import numpy as np

    differences = centres[:, None] - centres
    halves = width * np.sqrt(variances[:, None] + variances)
    pairs = ~np.eye(len(centres), dtype=bool)
    return float((differences - halves)[pairs].max()), float((differences + halves)[pairs].max())


def _width(samples: list[_Sample], alpha: float) -> float:
    """Give how many standard errors cover all differences between groups at once."""
    freedom = math.inf if samples[0].is_rate else min(sample.effective_rows for sample in samples) - 1
    return _studentized(alpha, len(samples), freedom) / 2**0.5


@lru_cache(maxsize=256)  # it is integrated anew each time
def _studentized(alpha: float, groups: int, freedom: float) -> float:
    from scipy.stats import studentized_range

    return float(studentized_range.isf(alpha, groups, freedom))


def _with_change(gap: Gap, before: Gap, there: list[_Sample], here: list[_Sample], alpha: float) -> Gap:
    """Say how much larger a gap is than in the baseline, on the same rows."""
    old, new = ({sample.group: sample for sample in samples} for samples in (there, here))
    wider = max(gap, before, key=lambda one: one.difference)
    high, low = (_moved(old[group], new[group]) for group in (wider.highest, wider.lowest))
    change = (gap.values[wider.highest] - gap.values[wider.lowest]) - (
        before.values[wider.highest] - before.values[wider.lowest]
    )
    half = _width(here, alpha) * (high[1] + low[1]) ** 0.5
    centre = high[0] - low[0]
    return replace(gap, change=change, change_low=centre - half, change_high=centre + half)


def _moved(old: _Sample, new: _Sample) -> tuple[float, float]:
    """Give the mean change of a group's rows, and its variance.

    Of shares one row more is taken to be fixed and one to be broken: without it an interval is too short where few
    differ (Bonett & Price, Journal of Educational and Behavioral Statistics 37 (2012) 479-488).
    """
    import numpy as np

    if new.is_rate:
        one_row = new.weights.sum() / new.effective_rows
        values = np.concatenate([new.values.astype(float) - old.values, [1.0, -1.0]])
        moved = _Sample(new.group, values, np.concatenate([new.weights, [one_row, one_row]]))
        return moved.mean, moved.variance
    moved = _Sample(new.group, new.values - old.values, new.weights)
    return moved.mean, moved.variance * len(moved.values) / (len(moved.values) - 1)


def _equalised_odds(column: str, ref: str, samples: Mapping[str, list[_Sample]], alpha: float) -> Gap:
    """Give the larger of the gaps of true- and false-positive rates; each takes half of the level."""
    both = [_gap(column, ref, measure, samples[measure], alpha / 2) for measure in (TRUE_POSITIVE, FALSE_POSITIVE)]
    larger = max(both, key=lambda gap: gap.difference)
    return replace(
        larger,
        measure=EQUALISED_ODDS,
        ci_low=max(gap.ci_low for gap in both),
        ci_high=max(gap.ci_high for gap in both),
        ratio=min((gap.ratio for gap in both if gap.ratio is not None), default=None),
        ratio_low=min((gap.ratio_low for gap in both if gap.ratio_low is not None), default=None),
        ratio_high=min((gap.ratio_high for gap in both if gap.ratio_high is not None), default=None),
    )
