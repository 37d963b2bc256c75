"""Tests of metrics on two different sets of rows, for whoever asks for them by name.

They find less than paired tests on as many rows: which rows were hard is not taken out. ROC AUC: DeLong's areas, each
with its own variance, unless a class has few rows. Accuracy, and recall of the positive class: two proportions. Means
of losses: Welch. Medians: two bootstraps, one of each set (BCa). Everything else: two jackknives. How many rows of each
class the two sets have is chance as well, and a metric that hangs on it, such as precision, varies with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance.blocks import unwatched
from nbregistry.evaluation.significance.bootstrap import bca
from nbregistry.evaluation.significance.delong import area
from nbregistry.evaluation.significance.inference import NormalInference, StudentInference
from nbregistry.evaluation.significance.jackknife import can_tell, spread, student
from nbregistry.evaluation.significance.means import Estimate, mean
from nbregistry.evaluation.significance.paired import are_many, draw
from nbregistry.evaluation.significance.statistics import LOSSES, MEDIANS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Inference
    from nbregistry.evaluation.significance.paired import Drawn
    from nbregistry.evaluation.significance.statistics import Key

    Array = np.ndarray[Any, Any]

FEW = 5
"""Where fewer rows than this are expected in a cell of the table, two proportions are tested exactly."""
_DELONG, _WELCH = "unpaired DeLong", "unpaired, Welch"
_JACKKNIFE, _BOOTSTRAP = "unpaired jackknife", "unpaired bootstrap (BCa)"
_PROPORTIONS, _FISHER = "unpaired, two proportions", "unpaired, Fisher's exact"


def infer_unpaired(
    baseline: Measured,
    others: Mapping[str, Measured],
    keys: Sequence[Key],
    over: Over = unwatched,
) -> dict[Key, Inference]:
    """Test metrics of versions against the baseline's, each measured on rows of its own.

    Parameters
    ----------
    baseline : Measured
    others : dict
        Reference to what was measured of the same task, with the same classes.
    keys : sequence of (str, str)
        Metrics and references: what is to be tested; both sides have to have the metric.
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.

    Returns
    -------
    dict
        Metric and reference to the inference, in the order of the keys; those that can't be made are left out. ``n``
        counts the rows of both.

    Notes
    -----
    Where some of the rows are in both sets, the two sides vary together, and p-values are rather too large.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> seen = [{"target": np.ones(100), "prediction": np.arange(100) < right} for right in (80, 90)]
    >>> one, two = (Measured("binary", {"accuracy": rows["prediction"].mean()}, rows) for rows in seen)
    >>> found = infer_unpaired(one, {"m@2": two}, [("accuracy", "m@2")])["accuracy", "m@2"]
    >>> found.method, round(found.p_value, 4)
    ('unpaired, two proportions', 0.0477)
    """
    tests = {key: _direct(key[0], baseline, others[key[1]]) for key in keys}
    rest = [key for key, test in tests.items() if test is None]
    drawn = {
        ref: draw({ref: measured}, {metric for metric, asked in rest if ref in ("", asked)}, over)
        for ref, measured in {"": baseline, **others}.items()
        if any(ref in ("", asked) for _, asked in rest)
    }
    found: dict[Key, Inference | None] = {}
    for (metric, ref), test in tests.items():
        found[metric, ref] = test(baseline, others[ref]) if test else _resampled(metric, drawn[""], drawn[ref])
    return {key: inference for key, inference in found.items() if inference is not None}


def unpaired_delong(baseline: tuple[Array, Array], other: tuple[Array, Array]) -> StudentInference | None:
    """Test whether two scores rank two sets of rows equally well, with Welch's degrees of freedom, as pROC does.

    Robin et al., BMC Bioinformatics 12 (2011) 77.

    Parameters
    ----------
    baseline, other : tuple of ndarray
        Which rows are positive, and their scores.

    Returns
    -------
    StudentInference or None
        ``None`` for fewer than two rows of a class, or areas without variance.
    """
    areas = [area(*side) for side in (baseline, other)]
    sizes = len(baseline[0]), len(other[0])
    one, two = (found and Estimate(found[0], found[1] ** 2, size - 1) for found, size in zip(areas, sizes, strict=True))
    return None if one is None or two is None else _student(two.minus(one), sum(sizes), _DELONG)


def two_proportions(baseline: Array, other: Array) -> NormalInference | None:
    """Test whether two models are right equally often, each on its own rows.

    The test is the usual one with a pooled variance, exact where few rows are expected in a cell. The interval is that
    of Agresti & Caffo, The American Statistician 54 (2000) 280-288.

    Parameters
    ----------
    baseline, other : ndarray of bool
        Which rows each got right.
    """
    from scipy.stats import fisher_exact, norm

    sizes, right = (len(baseline), len(other)), (int(baseline.sum()), int(other.sum()))
    if not min(sizes):
        return None
    difference = right[1] / sizes[1] - right[0] / sizes[0]
    pooled = sum(right) / sum(sizes)
    if min(pooled, 1 - pooled) * min(sizes) < FEW:
        table = [[hits, size - hits] for hits, size in zip(right, sizes, strict=True)]
        p_value, method = float(fisher_exact(table).pvalue), _FISHER
    else:
        error = (pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1])) ** 0.5
        p_value, method = 2 * float(norm.sf(abs(difference) / error)), _PROPORTIONS
    # Each side gets a hit and a miss more: without them the interval is too short near 0 and 1.
    shares = [(hits + 1) / (size + 2) for hits, size in zip(right, sizes, strict=True)]
    error = sum(share * (1 - share) / (size + 2) for share, size in zip(shares, sizes, strict=True)) ** 0.5
    return NormalInference(difference, p_value, method, sum(sizes), shares[1] - shares[0], error)


def welch(baseline: Array, other: Array) -> StudentInference | None:
    """Test whether two models lose equally much in the mean, each on its own rows.

    Parameters
    ----------
    baseline, other : ndarray of float
        The loss of each row.
    """
    if min(len(baseline), len(other)) < 2:
        return None
    return _student(mean(other).minus(mean(baseline)), len(baseline) + len(other), _WELCH)


def _student(difference: Estimate, n: int, method: str) -> StudentInference | None:
    """Test whether a difference is zero; ``None`` where nothing tells how far it varies."""
    if not difference.variance:
        return None
    error = difference.variance**0.5
    return StudentInference(difference.value, difference.p_value(), method, n, error, difference.freedom)


def _direct(
    metric: str, baseline: Measured, other: Measured
) -> Callable[[Measured, Measured], Inference | None] | None:
    """Give the metric's own test, if it has one; none holds where rows have weights."""
    task = baseline.task
    if baseline.weights is not None or other.weights is not None:
        return None
    if task == "binary" and metric == "roc_auc" and all(are_many(m.codes == 1) for m in (baseline, other)):
        return lambda one, two: unpaired_delong(*((m.codes == 1, m.rows["score"]) for m in (one, two)))
    if task == "binary" and metric == "recall":
        return lambda one, two: two_proportions(*(m.hits[m.codes == 1] for m in (one, two)))
    if task in ("binary", "multiclass") and metric == "accuracy":
        return lambda one, two: two_proportions(one.hits, two.hits)
    if metric in LOSSES and metric != "rmse":
        return lambda one, two: welch(LOSSES[metric](one), LOSSES[metric](two))
    return None


def _resampled(metric: str, baseline: Drawn, other: Drawn) -> Inference | None:
    import numpy as np

    (one, here), (two, there) = ((drawn.values, drawn.places[metric, drawn.first]) for drawn in (baseline, other))
    difference, rows = float(two.observed[there] - one.observed[here]), baseline.n + other.n
    if not (len(one.without) and len(two.without)):  # a single row
        return None
    if metric in MEDIANS:
        # The same numbers were drawn for both; in another order they are independent.
        count = min(len(one.replicates), len(two.replicates))
        shuffled = np.random.default_rng(0).permutation(one.replicates[:, here])[:count]
        influences = [column - column.mean() for column in (-one.without[:, here], two.without[:, there])]
        resampled = two.replicates[:count, there] - shuffled
        return bca(difference, resampled, np.concatenate(influences), n=rows, method=_BOOTSTRAP)
    without = one.without[:, here], two.without[:, there]
    told = can_tell(one.parts) and can_tell(two.parts)
    if not told or not all(np.isfinite(values).all() for values in (difference, *without)):
        return None
    found = spread(float(one.observed[here]), without[0], one.parts)
    found += spread(float(two.observed[there]), without[1], two.parts)
    if not found.variance:  # all that either selects is right, or wrong
        return None
    return student(difference, found, scale=abs(float(two.observed[there])), n=rows, method=_JACKKNIFE)
