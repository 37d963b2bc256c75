"""Where two models disagree: which rows one gets right and the other does not, and how far their scores lie apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.evaluation.caveats import are_paired
from nbregistry.evaluation.significance.losses import absolute_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

Outcome = Literal["fixed", "broken", "smaller", "larger"]
_TASKS = ("binary", "multiclass", "multilabel", "regression")
_NO_LABEL = "none of them"
_SCORES = ("baseline_score", "score", "change")


@dataclass(frozen=True)
class Disagreement:
    """How often a version and the baseline disagree, on the same rows.

    Attributes
    ----------
    ref : str
    n : int
        Rows.
    fixed, broken : int
        Rows that only the version gets right, and that only the baseline does; of numbers, rows whose absolute error
        is smaller, and larger; of several labels, a row is right if all of them are.
    both_right, both_wrong : int or None
        The other rows; ``None`` for numbers.
    """

    ref: str
    n: int
    fixed: int
    broken: int
    both_right: int | None = None
    both_wrong: int | None = None


@dataclass(frozen=True)
class Flip:
    """A row about which a version and the baseline disagree.

    Attributes
    ----------
    ref : str
    row : int
        Its number, from 0.
    target, baseline_prediction, prediction : label or number
        Of several labels, the names of those that hold.
    baseline_score, score : float or None
        Of the positive class; of the true one where there are more than two; absolute errors of numbers. ``None``
        where a model gives none, and of several labels.
    change : float or None
        Score minus baseline score; ``None`` where one is a probability and the other is not.
    outcome : str
        ``"fixed"`` or ``"broken"``; for numbers ``"smaller"`` or ``"larger"``, the error.
    """

    ref: str
    row: int
    target: Any
    baseline_prediction: Any
    prediction: Any
    baseline_score: float | None
    score: float | None
    change: float | None
    outcome: Outcome


class Disagreements:
    """Versions and the baseline, row by row.

    Parameters
    ----------
    baseline : Measured, optional
        Without it there is nothing to disagree with.
    evaluated : dict
        Reference to what was measured; those that are not of the baseline's rows and classes are left out.
    X : array-like, optional
        The rows themselves. They are not copied: frames have them as they are when these are made.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> rows = {"target": np.array([0, 1, 1]), "prediction": np.array([0, 0, 1])}
    >>> one, two = Measured("binary", {}, rows), Measured("binary", {}, rows | {"prediction": rows["target"]})
    >>> found = Disagreements(one, {"m@2": two})
    >>> found.counts
    (Disagreement(ref='m@2', n=3, fixed=1, broken=0, both_right=2, both_wrong=0),)
    >>> found.largest(10)[0].row
    1
    """

    def __init__(
        self, baseline: Measured | None = None, evaluated: Mapping[str, Measured] = MappingProxyType({}), X: Any = None
    ) -> None:
        self._X = X
        self._pairs = {
            ref: _Pair(ref, baseline, other)
            for ref, other in evaluated.items()
            if baseline and other.task in _TASKS and are_paired(baseline, other)
        }

    @property
    def refs(self) -> tuple[str, ...]:
        """The versions that were measured on the baseline's rows."""
        return tuple(self._pairs)

    @cached_property
    def counts(self) -> tuple[Disagreement, ...]:
        """How often each version disagrees with the baseline."""
        return tuple(pair.count() for pair in self._pairs.values())

    def largest(self, most: int) -> list[Flip]:
        """Give the rows with the largest changes, of all versions together, the largest first."""
        found = [flip for pair in self._pairs.values() for flip in pair.largest(most)]
        return sorted(found, key=lambda flip: -abs(flip.change or 0.0))[:most]

    def to_frame(self, refs: Iterable[str]) -> pd.DataFrame:
        """Give all rows about which these versions and the baseline disagree, the largest change first.

        Columns are those of :class:`Flip`, then those of the rows where these are a table or a two-dimensional array.
        One that has a name of :class:`Flip`'s gets an ``X.`` before it.
        """
        import pandas as pd

        columns = [field.name for field in fields(Flip)]
        found = [self._pairs[ref].to_frame() for ref in refs]
        if not found:
            return pd.DataFrame(columns=columns)
        frame = pd.concat(found, ignore_index=True)[columns]
        by_size = frame["change"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
        frame = frame.loc[by_size].reset_index(drop=True)
        table = rows_of(self._X, frame["row"].to_numpy())
        if table is None:
            return frame
        table.columns = pd.Index([f"X.{name}" if name in columns else name for name in table.columns])
        return pd.concat([frame, table], axis=1)


class _Pair:
    """A version and the baseline on the same rows: whether each is got right; of numbers, how far off each is."""

    def __init__(self, ref: str, baseline: Measured, other: Measured) -> None:
        self._ref, self._baseline, self._other = ref, baseline, other
        self._are_numbers = other.task == "regression"
        # A probability and a distance to a boundary lie on scales of their own.
        self._on_one_scale = ("log_loss" in baseline.metrics) == ("log_loss" in other.metrics)

    def count(self) -> Disagreement:
        better, worse = self._better_and_worse()
        fixed, broken = int(better.sum()), int(worse.sum())
        if self._are_numbers:
            return Disagreement(self._ref, len(better), fixed, broken)
        both = int(self._other.hits.sum()) - fixed
        return Disagreement(self._ref, len(better), fixed, broken, both, len(better) - both - fixed - broken)

    def largest(self, most: int) -> list[Flip]:
        import numpy as np

        rows = self._rows()
        change = np.nan_to_num(np.abs(self._columns(rows)["change"]))
        chosen = self._columns(rows[np.argsort(-change, kind="stable")[:most]])
        columns = {name: values.tolist() for name, values in chosen.items()}
        for name in _SCORES:
            columns[name] = [None if math.isnan(value) else value for value in columns[name]]
        return [Flip(*values) for values in zip(*columns.values(), strict=True)]

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self._columns(self._rows()))

    def _better_and_worse(self) -> tuple[Array, Array]:
        if self._are_numbers:
            before, after = _errors(self._baseline), _errors(self._other)
            return after < before, after > before
        right_before, right = self._baseline.hits, self._other.hits
        return right & ~right_before, right_before & ~right

    def _rows(self) -> Array:
        import numpy as np

        better, worse = self._better_and_worse()
        return np.flatnonzero(better | worse)

    def _columns(self, rows: Array) -> dict[str, Array]:
        """Give what is known of some rows, by the names of :class:`Flip`."""
        import numpy as np

        better = self._better_and_worse()[0][rows]
        before, after = self._scores(self._baseline, rows), self._scores(self._other, rows)
        return {
            "ref": np.full(len(rows), self._ref),
            "row": rows,
            "target": _values(self._other, "target", rows),
            "baseline_prediction": _values(self._baseline, "prediction", rows),
            "prediction": _values(self._other, "prediction", rows),
            "baseline_score": before,
            "score": after,
            "change": after - before if self._on_one_scale else np.full(len(rows), np.nan),
            "outcome": np.where(better, *(("smaller", "larger") if self._are_numbers else ("fixed", "broken"))),
        }

    def _scores(self, measured: Measured, rows: Array) -> Array:
        import numpy as np

        if self._are_numbers:
            return _errors(measured)[rows]
        scores = measured.rows.get("score")
        if scores is None or measured.task == "multilabel":
            return np.full(len(rows), np.nan)
        found: Array = scores[rows] if scores.ndim == 1 else scores[rows, measured.codes[rows]]
        return found


def _values(measured: Measured, name: str, rows: Array) -> Array:
    """Give the targets or predictions of some rows; of several labels, which of them hold."""
    import numpy as np

    values: Array = measured.rows[name][rows]
    if measured.task != "multilabel":
        return values
    labels = np.asarray(measured.labels)
    return np.array([", ".join(labels[row == 1]) or _NO_LABEL for row in values], dtype=object)


def _errors(measured: Measured) -> Array:
    return absolute_errors(measured.rows["target"], measured.rows["prediction"])


def rows_of(X: Any, rows: Array) -> pd.DataFrame | None:
    """Copy some rows of a table or a two-dimensional array; ``None`` where there is no such thing.

    Parameters
    ----------
    X : pandas or polars frame, or ndarray, or anything
    rows : ndarray of int

    Returns
    -------
    DataFrame or None
        Its index begins at 0.
    """
    import numpy as np
    import pandas as pd

    if hasattr(X, "iloc"):
        return pd.DataFrame(X.iloc[rows]).reset_index(drop=True)
    if hasattr(X, "columns"):
        taken = X[rows.tolist()]
        return pd.DataFrame({name: taken[name].to_numpy() for name in X.columns})
    return pd.DataFrame(X[rows]) if isinstance(X, np.ndarray) and X.ndim == 2 else None
