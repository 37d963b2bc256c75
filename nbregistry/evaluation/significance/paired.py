"""Which test a metric takes, and all of them made on the same rows.

ROC AUC: DeLong, unless a class has few rows. Accuracy, and recall of the positive class: McNemar, for each is the share
of rows that were got right. Means of losses: permutation. Medians: a paired bootstrap (BCa), and McNemar at the common
median where few rows differ. Everything else: a paired jackknife.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance.blocks import unwatched
from nbregistry.evaluation.significance.bootstrap import bca
from nbregistry.evaluation.significance.delong import delong
from nbregistry.evaluation.significance.inference import StudentInference
from nbregistry.evaluation.significance.jackknife import can_tell, spread, student
from nbregistry.evaluation.significance.losses import absolute_errors
from nbregistry.evaluation.significance.mcnemar import FEW, mcnemar
from nbregistry.evaluation.significance.permutation import permute
from nbregistry.evaluation.significance.resampling import resample
from nbregistry.evaluation.significance.statistics import LOSSES, MEDIANS, Key, gaps, statistics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import numpy as np

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Inference
    from nbregistry.evaluation.significance.resampling import Resampled

    Array = np.ndarray[Any, Any]

JACKKNIFE, BOOTSTRAP, PERMUTATION = "paired jackknife", "paired bootstrap (BCa)", "permutation of losses"
AT_MEDIAN = "McNemar at the common median"
WEIGHTED = "weighted "
"""Before the method where rows have weights of their own."""
RANKED_FROM = 20
"""DeLong's test takes so many rows of each class: it is of the normal distribution, and found a difference between
models of one quality in 21% of the data sets with 2 positives, and in 8% of those with 10."""
OF_THE_SELECTED = frozenset({"precision", "f1"})
"""Metrics in which only the rows that a model takes for a class have a say."""
MANY_ROWS = 20_000
"""From so many rows on fewer draws do: the distribution is smooth, and each draw takes longer."""
_RESAMPLES, _RESAMPLES_OF_MANY = 1_999, 999
_PERMUTATIONS, _PERMUTATIONS_OF_MANY = 4_999, 999


def infer_all(
    baseline: Measured,
    others: Mapping[str, Measured],
    keys: Sequence[Key],
    over: Over = unwatched,
    *,
    drawn: Drawn | None = None,
) -> dict[Key, Inference]:
    """Test metrics of versions against the baseline's.

    Parameters
    ----------
    baseline : Measured
    others : dict
        Reference to what was measured on the same rows in the same order, with the same classes.
    keys : sequence of (str, str)
        Metrics and references: what is to be tested; both sides have to have the metric.
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.
    drawn : Drawn, optional
        Values on resamples that were drawn before, the baseline's first.

    Returns
    -------
    dict
        Metric and reference to the inference, in the order of the keys; those that can't be made are left out.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from nbregistry.evaluation import evaluate
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> one, two = (
    ...     evaluate(DecisionTreeClassifier(max_depth=d, random_state=0).fit(X[::2], y[::2]), X[1::2], y[1::2])
    ...     for d in (1, 3)
    ... )
    >>> found = infer_all(one, {"m@2": two}, [("roc_auc", "m@2")])["roc_auc", "m@2"]
    >>> found.method, found.difference > 0
    ('DeLong', True)
    """
    direct = direct_tests(baseline)
    losses = [key for key in keys if is_permuted(key[0], baseline)]
    rest = [key for key in keys if key[0] not in direct and key not in losses]
    if rest and drawn is None:
        drawn = draw({"": baseline, **others}, {metric for metric, _ in rest}, over)
    found: dict[Key, Inference | None] = dict(_permuted(losses, baseline, others, over))
    at_medians = {key: _at_the_median(baseline, others[key[1]]) for key in rest if key[0] in MEDIANS}
    found |= {key: drawn.inference(*key, drawn.first, at_medians.get(key)) for key in rest} if drawn else {}
    found |= {(metric, ref): direct[metric](baseline, others[ref]) for metric, ref in keys if metric in direct}
    return {
        key: inference
        for key in keys
        if (inference := found.get(key)) is not None and not _is_blind(key[0], inference, baseline, others[key[1]])
    }


def _is_blind(metric: str, inference: Inference, baseline: Measured, other: Measured) -> bool:
    """Tell whether nothing varies though the models select other rows: all of these are right, or all wrong.

    16 of 16 and 13 of 13 are no proof that two models are equally precise.
    """
    if metric not in OF_THE_SELECTED or not isinstance(inference, StudentInference) or inference.standard_error:
        return False
    return bool((baseline.predicted_codes != other.predicted_codes).any())


def is_permuted(metric: str, measured: Measured) -> bool:
    """Tell whether a metric is tested by permutation: a mean of losses of rows that count the same."""
    return metric in LOSSES and metric not in direct_tests(measured) and measured.weights is None


def _delong(baseline: Measured, other: Measured) -> Inference | None:
    return delong(baseline.codes == 1, baseline.rows["score"], other.rows["score"])


def _hits(baseline: Measured, other: Measured) -> Inference:
    return mcnemar(baseline.hits, other.hits)


def _recall(baseline: Measured, other: Measured) -> Inference:
    positive = baseline.codes == 1
    return mcnemar(baseline.hits[positive], other.hits[positive])


def direct_tests(measured: Measured) -> Mapping[str, Callable[[Measured, Measured], Inference | None]]:
    """Give the metrics that have a test of their own, each with its test; none holds where rows have weights."""
    direct = _DIRECT.get(measured.task, {}) if measured.weights is None else {}
    ranked = "roc_auc" in direct and are_many(measured.codes == 1)
    return {metric: test for metric, test in direct.items() if metric != "roc_auc" or ranked}


def are_many(positive: Array) -> bool:
    """Tell whether both classes have rows enough for DeLong's variance."""
    positives = int(positive.sum())
    return min(positives, len(positive) - positives) >= RANKED_FROM


_DIRECT: Mapping[str, Mapping[str, Callable[[Measured, Measured], Inference | None]]] = {
    "binary": {"accuracy": _hits, "recall": _recall, "roc_auc": _delong},
    "multiclass": {"accuracy": _hits},
    "multilabel": {"subset_accuracy": _hits},
}


@dataclass(frozen=True, eq=False)
class Drawn:
    """Metrics of several models on resamples of the same rows.

    Attributes
    ----------
    n : int
        Rows.
    first : str
        The model that was given first.
    places : dict
        Metric and reference to the column of the values.
    values : Resampled
    weighted : bool
        Whether the rows have weights of their own.
    """

    n: int
    first: str
    places: Mapping[Key, int]
    values: Resampled
    weighted: bool = False

    def inference(
        self, metric: str, ref: str, less: str | None = None, p_value: float | None = None
    ) -> Inference | None:
        """Give what is known of a model's metric, or of its difference to another model's, ``less``."""
        import numpy as np

        columns = self.values.observed, self.values.replicates, self.values.without
        found = [column[..., self.places[metric, ref]] for column in columns]
        if less is not None:
            other = self.places[metric, less]
            with np.errstate(invalid="ignore"):  # of two infinite losses the difference is no number: no inference
                found = [mine - column[..., other] for mine, column in zip(found, columns, strict=True)]
        observed, replicates, without = float(found[0]), found[1], found[2]
        kind = WEIGHTED if self.weighted else ""
        if metric in MEDIANS:
            method = kind + BOOTSTRAP if p_value is None else AT_MEDIAN
            return bca(observed, replicates, without, n=self.n, method=method, p_value=p_value)
        if not (can_tell(self.values.parts) and np.isfinite(observed) and np.isfinite(without).all()):
            return None
        return student(
            observed,
            spread(observed, without, self.values.parts),
            scale=abs(float(columns[0][self.places[metric, ref]])),
            n=self.n,
            method=kind + JACKKNIFE,
            rarest=min(self.values.parts.rows) if len(self.values.parts.rows) > 1 else 0,
        )


def draw(models: Mapping[str, Measured], metrics: Collection[str], over: Over = unwatched) -> Drawn:
    """Compute metrics of models on the same resamples of the rows that all of them were measured on."""
    import numpy as np

    name, first = next(iter(models.items()))
    strata, order = by_class(*models.values())
    statistics = statistics_of({ref: measured.take(order) for ref, measured in models.items()}, metrics)
    places = {key: place for place, key in enumerate(key for keys, _ in statistics for key in keys)}
    of_rows = None if first.weights is None else first.weights[order]

    def values_of(drawn: Array) -> Array:
        weights = drawn if of_rows is None else drawn * of_rows
        return np.hstack([statistic(weights) for _, statistic in statistics])

    draws = 0 if MEDIANS.isdisjoint(metrics) else resamples_of(first.n)
    values = resample(values_of, strata, draws, over)
    return Drawn(first.n, name, places, values, of_rows is not None)


def resamples_of(rows: int) -> int:
    """Give how many resamples are drawn of so many rows."""
    return _RESAMPLES_OF_MANY if rows >= MANY_ROWS else _RESAMPLES


def by_class(first: Measured, *others: Measured) -> tuple[list[int], Array]:
    """Give how many rows each class has, and the order in which the rows stand class by class.

    Within a class they stand by what the models predict, so that the rows of a cell of a confusion matrix are a few
    runs; draws do not care.
    """
    import numpy as np

    if first.task in ("regression", "multilabel"):
        return [first.n], np.arange(first.n)
    _, counts = np.unique(first.codes, return_counts=True)
    predicted = [measured.predicted_codes for measured in (first, *others)]
    return counts.tolist(), np.lexsort((*predicted, first.codes))


def _at_the_median(baseline: Measured, other: Measured) -> float | None:
    """Give the p-value of errors that exceed the common median equally often, where few rows tell the models apart.

    A bootstrap takes three such rows for a proof; it is as good as this test where there are many.
    """
    import numpy as np

    if baseline.weights is not None:
        return None
    errors = [absolute_errors(one.rows["target"], one.rows["prediction"]) for one in (baseline, other)]
    middle = np.median(np.concatenate(errors))
    one, two = (found <= middle for found in errors)
    return mcnemar(one, two).p_value if int((one != two).sum()) < FEW else None


def _permuted(
    keys: Sequence[Key], baseline: Measured, others: Mapping[str, Measured], over: Over
) -> Iterator[tuple[Key, Inference | None]]:
    import numpy as np

    if not keys:
        return
    columns = np.column_stack([gaps(metric, baseline, others[ref]) for metric, ref in keys])
    draws = _PERMUTATIONS_OF_MANY if baseline.n >= MANY_ROWS else _PERMUTATIONS
    yield from zip(keys, permute(columns, draws=draws, method=PERMUTATION, over=over), strict=True)
