"""Rows of an evaluation that a version was trained on: there it remembers, and need not predict.

A row is one that it was trained on if all its features are equal, whatever was to be predicted: what was learned of the
row is in the model also where its label was corrected since. Where features take few values, different cases have
equal rows; those are counted too, for no one can tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.metrics import Measured, measure_part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np

    Array = np.ndarray[Any, Any]

FINGERPRINT = "fingerprint"
"""What the fingerprints of the rows are called beside targets, predictions and scores."""


@dataclass(frozen=True)
class Leak:
    """A version that was trained on rows it is judged by.

    Attributes
    ----------
    ref : str
    rows : int
        How many of them.
    n : int
        Rows it is judged by.
    """

    ref: str
    rows: int
    n: int

    @property
    def told(self) -> str:
        """Say it in a sentence."""
        if self.rows == self.n:
            return f"{self.ref} was trained on all of these rows: new ones will be harder"
        return f"{self.ref} was trained on {share_of(self.rows, self.n)} of these rows"


@dataclass(frozen=True, eq=False)
class Leaks:
    """What was trained on, of all that versions are judged by.

    Attributes
    ----------
    found : tuple of Leak
    masks : dict
        Reference to the rows, of those it was evaluated on, that any of the versions was trained on.
    """

    found: tuple[Leak, ...] = ()
    masks: Mapping[str, Array] = field(default_factory=dict)

    def without(self, evaluated: Mapping[str, Measured]) -> dict[str, Measured]:
        """Measure the versions on the other rows; those with none left are left out."""
        clean = {}
        for ref, measured in evaluated.items():
            kept = ~self.masks[ref] if ref in self.masks else None
            if kept is None:
                clean[ref] = measured
            elif kept.any():
                clean[ref] = measure_part(measured, kept)
        return clean


def find_leaks(evaluated: Mapping[str, Measured], training: Mapping[str, Array], paired: Collection[str]) -> Leaks:
    """Find the rows that versions were trained on among those they are judged by.

    Parameters
    ----------
    evaluated : dict
        Reference to what was measured, with the fingerprints of the rows as the version reads them.
    training : dict
        Reference to the fingerprints of what it was trained on, sorted.
    paired : collection of str
        References of versions that were evaluated on the same rows in the same order: what one of them was trained on
        is left out for all, whatever columns the others read.
    """
    import numpy as np

    rows = {ref: measured.rows[FINGERPRINT] for ref, measured in evaluated.items() if FINGERPRINT in measured.rows}
    masks = {ref: trained_on(rows[ref], training[ref]) for ref in rows if ref in training}
    found = tuple(Leak(ref, int(mask.sum()), len(mask)) for ref, mask in masks.items() if mask.any())
    if not found:
        return Leaks()
    together = [masks[leak.ref] for leak in found if leak.ref in paired]
    of_any = {
        ref: np.logical_or.reduce([trained_on(own, training[leak.ref]) for leak in found])
        for ref, own in rows.items()
        if ref not in paired
    }
    if together:
        of_any |= dict.fromkeys(paired, np.logical_or.reduce(together))
    return Leaks(found, {ref: mask for ref, mask in of_any.items() if mask.any()})


def trained_on(rows: Array, training: Array) -> Array:
    """Tell which rows are among those of a training.

    Parameters
    ----------
    rows : ndarray of uint64, n
        Their fingerprints.
    training : ndarray of uint64
        Sorted.

    Returns
    -------
    ndarray of bool, n

    Examples
    --------
    >>> import numpy as np
    >>> trained_on(np.array([5, 9, 7], dtype=np.uint64), np.array([3, 5, 7], dtype=np.uint64)).tolist()
    [True, False, True]
    """
    import numpy as np

    if not len(training):
        return np.zeros(len(rows), dtype=bool)
    places = np.minimum(np.searchsorted(training, rows), len(training) - 1)
    found: Array = training[places] == rows
    return found


def share_of(count: int, rows: int) -> str:
    """Say how many of some rows these are, as a share and in number.

    Examples
    --------
    >>> share_of(57, 1839), share_of(1, 90_000), share_of(89_999, 90_000)
    ('3.1% (57)', 'less than 0.1% (1)', 'more than 99.9% (89,999)')
    """
    percent = 100 * count / rows
    if percent < 0.1:
        return f"less than 0.1% ({count:,})"
    return f"more than 99.9% ({count:,})" if count < rows and percent > 99.9 else f"{percent:.1f}% ({count:,})"


def warning_of(rows: Array | None, training: Array | None) -> tuple[str, ...]:
    """Warn of metrics that tell in part how well a model remembers.

    Parameters
    ----------
    rows, training : ndarray or None
        As :func:`trained_on` has them; nothing is said of what is not known.
    """
    if rows is None or training is None:
        return ()
    count = int(trained_on(rows, training).sum())
    if not count:
        return ()
    if count == len(rows):
        return ("it was scored on the rows it was trained on: new rows will be harder",)
    return (f"it was trained on {share_of(count, len(rows))} of the rows it was scored on: new rows will be harder",)
