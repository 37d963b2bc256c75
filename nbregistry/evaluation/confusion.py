"""Predicted classes against true ones, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often each class was predicted for each true one.

    Attributes
    ----------
    labels : tuple
        Classes, in the order of the model.
    counts : ndarray of int, classes × classes
        Rows are true classes, columns are predicted ones. Labels that the model does not know are left out.
    weights : ndarray of float, classes × classes, or None
        What the rows of each cell weigh together; None where all count the same.
    """

    labels: tuple[Any, ...]
    counts: np.ndarray[Any, np.dtype[np.int64]]
    weights: np.ndarray[Any, np.dtype[np.float64]] | None = None

    @property
    def right(self) -> int:
        """How many rows were predicted right."""
        return int(self.counts.trace())

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self.counts.sum())

    @property
    def accuracy(self) -> float:
        """The share that is right, by weight where rows have one; 0 where there are none."""
        counted = self._counted
        total = float(counted.sum())
        return float(counted.trace()) / total if total else 0.0

    @property
    def shares(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Each cell as a share of its true class, by weight where rows have one; 0 where a class has no rows."""
        import numpy as np

        counted = self._counted
        of_class = counted.sum(axis=1, keepdims=True)
        of_class[of_class == 0] = 1
        return np.asarray(counted / of_class)

    def most_confused(self, most: int) -> list[tuple[Any, Any, int, float]]:
        """Give the pairs that are confused most often: true class, predicted class, rows, share of the true class."""
        import numpy as np

        wrong, shares = self._counted, self.shares
        np.fill_diagonal(wrong, 0)
        order = (-wrong).argsort(axis=None, kind="stable")[:most].tolist()
        pairs = [divmod(place, len(self.labels)) for place in order]
        return [
            (self.labels[pair[0]], self.labels[pair[1]], int(self.counts[pair]), float(shares[pair]))
            for pair in pairs
            if wrong[pair]
        ]

    @property
    def _counted(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return (self.counts if self.weights is None else self.weights).astype(float)


def confusions_of(evaluated: Mapping[str, Measured]) -> dict[str, Confusion]:
    """Count the predictions of each classifier against the target."""
    import numpy as np

    found = {}
    for name, measured in evaluated.items():
        if measured.task not in ("binary", "multiclass"):
            continue
        size = len(measured.labels)
        known = (measured.codes >= 0) & (measured.predicted_codes >= 0)
        pairs = measured.codes[known] * size + measured.predicted_codes[known]
        counts = np.bincount(pairs, minlength=size**2).reshape(size, size)
        if measured.weights is None:
            found[name] = Confusion(measured.labels, counts)
        else:
            weights = np.bincount(pairs, measured.weights[known], size**2).reshape(size, size)
            found[name] = Confusion(measured.labels, counts, weights.astype(float))
    return found
