"""In what training data differ: rows that came and went, and columns, each counted against one version's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from nbregistry.model import Dataset, ModelVersion

    Array = np.ndarray[Any, Any]

ROWS, COLUMNS = "train rows", "train columns"
_NAMED = 6


def training_differences(
    versions: Sequence[ModelVersion], baseline: str, training: Mapping[str, Array]
) -> list[dict[str, str]]:
    """Say of each version how its training data differ from the baseline's.

    Parameters
    ----------
    versions : sequence of ModelVersion
    baseline : str
        Reference of the version that the others are held against.
    training : dict
        Reference to the sorted fingerprints of the rows that a version was trained on, where they are known; rows that
        are equal in all features are one.

    Returns
    -------
    list of dict
        One a version: by ``"train rows"`` and ``"train columns"``, what is known of both versions. What is the same
        reads the same.
    """
    standard = next((version for version in versions if version.ref == baseline), None)
    if baseline not in training or len(training) < 2:
        training = {}  # what one alone was trained on is no difference
    return [_facts(version, standard, training) for version in versions]


def _facts(version: ModelVersion, standard: ModelVersion | None, training: Mapping[str, Array]) -> dict[str, str]:
    ours, theirs = _training_of(version), _training_of(standard) if standard else None
    if standard is None or ours is None or theirs is None:
        return {}
    facts = {}
    if version.ref in training and standard.ref in training:
        rows = training[version.ref]
        are_alike = {column.name for column in ours.inputs} == {column.name for column in theirs.inputs}
        facts[ROWS] = (
            _rows(rows, training[standard.ref]) + _otherwise(ours, theirs, rows, training[standard.ref])
            if are_alike
            else f"{len(rows):,} rows of other columns"
        )
    if all(column.name for column in (*ours.inputs, *theirs.inputs)) and ours.inputs and theirs.inputs:
        facts[COLUMNS] = _columns(ours, theirs)
    return facts


def _training_of(version: ModelVersion) -> Dataset | None:
    return next((dataset for dataset in version.datasets if dataset.role == "train"), None)


def _rows(ours: Array, theirs: Array) -> str:
    """Count rows, each once.

    Examples
    --------
    >>> import numpy as np
    >>> _rows(np.array([2, 3, 4, 5]), np.array([1, 2, 3])), _rows(np.array([1, 2]), np.array([1, 2]))
    ('4 different rows: 2 added, 1 removed', '2 different rows')
    """
    import numpy as np

    shared = len(np.intersect1d(ours, theirs, assume_unique=True))
    changes = [
        f"{count:,} {what}"
        for count, what in ((len(ours) - shared, "added"), (len(theirs) - shared, "removed"))
        if count
    ]
    return f"{len(ours):,} different rows" + (f": {', '.join(changes)}" if changes else "")


def _otherwise(ours: Dataset, theirs: Dataset, rows: Array, others: Array) -> str:
    """Say in what data differ whose rows have the same features, as far as what is kept of them tells.

    Rows are kept without what was to be predicted for them; all of them together have a fingerprint with it.
    """
    import numpy as np

    if ours.fingerprint == theirs.fingerprint or not ours.any_order or not theirs.any_order:
        return ""
    if not np.array_equal(rows, others):
        return ""
    if ours.any_order == theirs.any_order:
        return ", in another order or table"
    if ours.rows != theirs.rows:
        return f", {ours.rows:,} with those that repeat others"
    is_each_once = ours.rows == len(rows)
    return ", with another target" if is_each_once else ", with another target, or others of them repeated"


def _columns(ours: Dataset, theirs: Dataset) -> str:
    here, there = ({column.name: column.dtype for column in one.inputs} for one in (ours, theirs))
    changes = {
        "added": [name for name in here if name not in there],
        "removed": [name for name in there if name not in here],
        "other type": [
            f"{name} ({there[name]} → {here[name]})" for name in here if name in there and here[name] != there[name]
        ],
    }
    told = [f"{what}: {_some(names)}" for what, names in changes.items() if names]
    if not told and list(here) != list(there):
        told = ["in another order"]
    return f"{len(here):,}" + (f", {'; '.join(told)}" if told else "")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
