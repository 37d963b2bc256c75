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
    """

    labels: tuple[Any, ...]
    counts: np.ndarray[Any, np.dtype[np.int64]]

    @property
    def right(self) -> int:
        """How many rows were predicted right."""
        return int(self.counts.trace())

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self.counts.sum())

    @property
    def shares(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Each count as a share of its true class; 0 where a class has no rows."""
        import numpy as np

        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1))

    def most_confused(self, most: int) -> list[tuple[Any, Any, int, float]]:
        """Give the pairs that are confused most often: true class, predicted class, rows, share of the true class."""
        wrong = self.counts.copy()
        for place in range(len(self.labels)):
            wrong[place, place] = 0
        order = (-wrong).argsort(axis=None, kind="stable")[:most].tolist()
        places = [divmod(place, len(self.labels)) for place in order]
        shares = self.shares
        return [
            (self.labels[true], self.labels[predicted], int(wrong[true, predicted]), float(shares[true, predicted]))
            for true, predicted in places
            if wrong[true, predicted]
        ]


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
        found[name] = Confusion(measured.labels, np.bincount(pairs, minlength=size**2).reshape(size, size))
    return found
