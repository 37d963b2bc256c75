"""The weakest slices: where a version does worse than the baseline, and where its losses are highest.

A shallow tree finds candidates on one half of the rows, and only what the other half confirms is reported: a slice that
was found and tested on the same rows would always look bad.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from nbregistry.errors import Refused
from nbregistry.evaluation.caveats import are_paired
from nbregistry.evaluation.disagreement import rows_of
from nbregistry.evaluation.features import features_of
from nbregistry.evaluation.significance.holm import holm
from nbregistry.evaluation.significance.losses import absolute_errors, brier_losses
from nbregistry.evaluation.significance.means import mean
from nbregistry.evaluation.weights import effective_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from nbregistry.evaluation.features import Feature
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.means import Estimate

    Array = np.ndarray[Any, Any]

Kind = Literal["worse", "weak"]

FEWEST_ROWS = 200
DEPTH = 3
SMALLEST, SMALLEST_SHARE = 30, 0.05
"""A slice has at least so many rows of each half, and at least this share of them. Those of the confirming half have to
tell as much as so many of equal weight."""
CANDIDATES = 3
"""So many slices of each tree are tested: those that look worst on the half they were found on."""
FINE, FINEST = 0.5, 50
"""A column with so many values, at least this share of the different rows, tells rows apart: equal ones are copies."""


@dataclass(frozen=True)
class Slice:
    """A part of the rows where a version is weak, confirmed on rows it was not found on.

    Attributes
    ----------
    ref : str
    kind : str
        ``"worse"``: it loses more than the baseline here, and more so than elsewhere. ``"weak"``: its own losses are
        higher than elsewhere.
    rule : str
        Which rows, e.g. ``"age ≤ 30 and region is north"``.
    n : int
        Rows of the confirming half; all numbers below are of these.
    loss : float
        Mean loss of the version.
    against : float
        Mean loss of the baseline on the same rows (``"worse"``), or of the version on all other rows (``"weak"``).
        Means go by weight where rows have one.
    difference, ci_low, ci_high : float
        Loss minus that, and its interval.
    p_value, p_adjusted : float
        One-sided (:mod:`~nbregistry.evaluation.significance.means`), alone, and adjusted for all slices that were
        tested (Holm).
    """

    ref: str
    kind: Kind
    rule: str
    n: int
    loss: float
    against: float
    difference: float
    ci_low: float
    ci_high: float
    p_value: float
    p_adjusted: float


@dataclass(frozen=True)
class Slices:
    """What a search for weak slices found.

    Attributes
    ----------
    found : tuple of Slice
        The surest first. None of a version and kind lies within another.
    tested : int
        How many slices looked weak, and were tested.
    loss : str
        What is counted for each row: ``"Brier loss"``, ``"error rate"`` or ``"absolute error"``.
    n : int
        Rows of the half that confirms.
    copies : int
        Rows that were left out because they are copies of others: in both halves, they would confirm themselves.
    """

    found: tuple[Slice, ...]
    tested: int
    loss: str
    n: int
    copies: int = 0


class _Seen(NamedTuple):
    features: Sequence[Feature]
    weights: Array
    halves: tuple[Array, Array]  # the rows to find slices on, and those to confirm them


class _Candidate(NamedTuple):
    ref: str
    kind: Kind
    rule: str
    inside: Array  # which rows of the confirming half
    family: frozenset[int]  # the nodes above and below, and itself
    node: int


def find_slices(X: Any, evaluations: Mapping[str, Measured], *, baseline: str, alpha: float = 0.05) -> Slices:
    """Find the weakest slices.

    Parameters
    ----------
    X : DataFrame (pandas, polars) or ndarray, n × columns
        Columns of numbers, dates and categories are looked at; missing values too.
    evaluations : dict
        Reference to what was measured on these rows.
    baseline : str
    alpha : float, default 0.05
        The chance of reporting any slice where there is none.

    Returns
    -------
    Slices

    Raises
    ------
    Refused
        When X is no table, there are fewer than 200 rows that count, or the baseline was not evaluated.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from nbregistry.evaluation.metrics import Measured
    >>> rng = np.random.default_rng(0)
    >>> age, target = rng.integers(20, 40, 2000), rng.normal(size=2000)
    >>> one, two = (
    ...     Measured("regression", {}, {"target": target, "prediction": target + scale * rng.normal(size=2000)})
    ...     for scale in (1.0, np.where(age > 34, 1.6, 1.0))
    ... )
    >>> (found, *_) = find_slices(pd.DataFrame({"age": age}), {"m@1": one, "m@2": two}, baseline="m@1").found
    >>> found.ref, found.rule, found.loss > found.against
    ('m@2', 'age > 34', True)
    """
    import numpy as np

    standard = evaluations.get(baseline)
    if standard is None:
        raise Refused(f"slices are where a version differs from {baseline}, and that was not evaluated on these rows")
    # Rows that weigh nothing are none.
    weights = np.ones(standard.n) if standard.weights is None else standard.weights
    counting = weights.nonzero()[0]
    table = rows_of(X, counting)
    if table is None:
        hint = "X.toarray() is one" if hasattr(X, "toarray") else "pandas.DataFrame(X), with names for its columns"
        raise Refused("slices need a table or an array of two dimensions for X", hint=hint)
    paired = {ref: one for ref, one in evaluations.items() if are_paired(standard, one)}
    copies = _copies(table, standard.take(counting))
    table, kept = table[~copies], counting[~copies]
    standard, weights = standard.take(kept), weights[kept]
    paired = {ref: one.take(kept) for ref, one in paired.items()}
    if standard.n < FEWEST_ROWS:
        raise Refused(
            f"slices are found on one half of the rows and confirmed on the other: {standard.n:,}"
            f"{' different' if copies.any() else ''} rows are too few",
            hint=f"give at least {FEWEST_ROWS} rows",
        )
    name, losses = _losses(paired)
    seen = _Seen(features_of(table), weights, _halves(standard))
    confirming = seen.halves[1]
    candidates: list[_Candidate] = []
    for ref, loss in losses.items():
        if ref != baseline:
            candidates += _candidates(ref, "worse", loss - losses[baseline], seen)
        candidates += _candidates(ref, "weak", loss, seen)
    confirmed = {ref: loss[confirming] for ref, loss in losses.items()}
    tested = [_test(candidate, confirmed, weights[confirming], baseline, alpha) for candidate in candidates]
    adjusted = holm([p_value for *_, p_value in tested])
    order = sorted(range(len(tested)), key=lambda place: (adjusted[place], tested[place][-1]))
    reported: list[int] = []
    for place in order:
        one = candidates[place]
        alike = (candidates[other] for other in reported)
        if adjusted[place] < alpha and not any(
            (one.ref, one.kind) == (other.ref, other.kind) and one.node in other.family for other in alike
        ):
            reported.append(place)
    found = tuple(
        Slice(one.ref, one.kind, one.rule, int(one.inside.sum()), *tested[place], adjusted[place])
        for place in reported
        for one in [candidates[place]]
    )
    return Slices(found, len(tested), name, len(confirming), int(copies.sum()))


def _losses(measured: Mapping[str, Measured]) -> tuple[str, dict[str, Array]]:
    """Give what each row costs: the same kind of loss for all."""
    import numpy as np

    tasks = {one.task for one in measured.values()}
    if tasks == {"regression"}:
        return "absolute error", {
            ref: absolute_errors(one.rows["target"], one.rows["prediction"]) for ref, one in measured.items()
        }
    if all("log_loss" in one.metrics for one in measured.values()):
        return "Brier loss", {ref: brier_losses(one.codes, one.rows["score"]) for ref, one in measured.items()}
    return "error rate", {ref: (~one.hits).astype(np.float64) for ref, one in measured.items()}


def _copies(table: pd.DataFrame, measured: Measured) -> Array:
    """Tell which rows are copies of an earlier one, target and all.

    Only where a column is measured finely: rows of a few categories agree by chance, and each of them is news.
    """
    import numpy as np
    import pandas as pd

    numbers = table.select_dtypes(["number", "datetime"])
    words = table.drop(columns=numbers.columns).astype(str)
    known = pd.concat([numbers, words, pd.DataFrame(_targets(measured), index=table.index)], axis=1)
    again = pd.util.hash_pandas_object(known, index=False).duplicated().to_numpy()
    values = numbers[~again].nunique().max() if again.any() else 0
    return again if values >= max(FINEST, FINE * (~again).sum()) else np.zeros_like(again)


def _targets(measured: Measured) -> Array:
    targets: Array = measured.codes if measured.task in ("binary", "multiclass") else measured.rows["target"]
    return targets


def _halves(measured: Measured) -> tuple[Array, Array]:
    """Cut the rows in two, at random and always in the same way: the targets are the seed."""
    import numpy as np

    shuffled = np.random.default_rng(zlib.crc32(_targets(measured).tobytes())).permutation(measured.n)
    middle = measured.n // 2
    return np.sort(shuffled[:middle]), np.sort(shuffled[middle:])


def _candidates(ref: str, kind: Kind, values: Array, seen: _Seen) -> Iterator[_Candidate]:
    """Grow a tree on one half, and give the nodes that look worst there."""
    import numpy as np
    from sklearn.tree import DecisionTreeRegressor

    features, weights, (finding, confirming) = seen
    if not features:
        return
    codes = np.column_stack([feature.codes for feature in features])
    smallest = max(SMALLEST, int(SMALLEST_SHARE * len(finding)))
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=smallest, random_state=0)
    tree.fit(codes[finding], values[finding], weights[finding])
    rules = dict(_rules(tree.tree_, features))
    there, here = (tree.decision_path(codes[half]).toarray().astype(bool) for half in (finding, confirming))
    looks = {node: _look(values[finding], weights[finding], there[:, node], kind) for node in rules}
    worst = sorted((node for node in rules if looks[node] > 0), key=lambda node: -looks[node])[:CANDIDATES]
    for node in worst:
        inside = here[:, node]
        if all(rows.any() and effective_rows(weights[confirming][rows]) >= SMALLEST for rows in (inside, ~inside)):
            rule, family = rules[node]
            yield _Candidate(ref, kind, rule, inside, family, node)


def _look(values: Array, weights: Array, inside: Array, kind: Kind) -> float:
    """Give how many standard errors the mean lies above that of the other rows, and for differences above zero."""
    these = mean(values[inside], weights[inside])
    if kind == "worse" and these.value <= 0:
        return 0.0
    return these.minus(mean(values[~inside], weights[~inside])).t


def _rules(tree: Any, features: Sequence[Feature]) -> Iterator[tuple[int, tuple[str, frozenset[int]]]]:
    """Give each node but the root with its rule in words, and the nodes above and below it."""
    above: dict[int, list[int]] = {0: [0]}
    sides: dict[int, dict[tuple[int, bool], str]] = {0: {}}
    for node in range(tree.node_count):  # a node comes before its children
        if tree.children_left[node] < 0:
            continue
        feature, threshold = int(tree.feature[node]), float(tree.threshold[node])
        for child, is_low in ((int(tree.children_left[node]), True), (int(tree.children_right[node]), False)):
            missing = bool(tree.missing_go_to_left[node]) == is_low
            words = features[feature].said(threshold, is_low=is_low, missing=missing)
            # A deeper split of the same column to the same side says more: it stands for both.
            sides[child] = {side: told for side, told in sides[node].items() if side != (feature, is_low)}
            sides[child][feature, is_low] = words
            above[child] = [*above[node], child]
    for node in range(1, tree.node_count):
        below = [other for other, path in above.items() if node in path]
        yield node, (" and ".join(sides[node].values()), frozenset([*above[node], *below]))


def _test(
    candidate: _Candidate, losses: Mapping[str, Array], weights: Array, baseline: str, alpha: float
) -> tuple[float, float, float, float, float, float]:
    """Give loss, what it is measured against, the difference, its interval, and the p-value."""
    inside, own = candidate.inside, losses[candidate.ref]

    def inside_and_out(values: Array) -> tuple[Estimate, Estimate]:
        these, others = (mean(values[rows], weights[rows]) for rows in (inside, ~inside))
        return these, these.minus(others)

    loss, above_others = inside_and_out(own)
    if candidate.kind == "weak":
        difference, p_value = above_others, above_others.p_above_zero()
    else:
        # Worse here than the baseline, and more so than elsewhere: both have to be sure.
        difference, more = inside_and_out(own - losses[baseline])
        p_value = max(difference.p_above_zero(), more.p_above_zero())
    against = loss.value - difference.value
    return loss.value, against, difference.value, *difference.interval(alpha), p_value
