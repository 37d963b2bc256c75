"""Data sets as nodes of a lineage: the same rows are one node, whoever used them and whatever they were called.

A data set is known by its fingerprint, and written ``data:`` and the fingerprint. No reference to a version looks so:
neither a name nor an alias has a colon in it, and ``data:3``, a version of a model named ``data``, has only one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.model import ReadFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PREFIX = "data:"
EVALUATION = "evaluation"


@dataclass(frozen=True)
class DataNode:
    """One data set, and the versions that it was used for.

    Attributes
    ----------
    id : str
        ``data:sha256:…``, whole.
    names : tuple of str
        What it was called, the commonest first.
    kind : str
        ``"pandas"``, ``"numpy"`` …; ``""`` where unknown.
    rows, columns : int
    users : dict
        Role (``"train"``, ``"evaluation"`` …) to the versions of the whole registry that used it so, in order.
    files : tuple of ReadFile
        What it was read from, wherever a notebook showed it.
    """

    id: str
    names: tuple[str, ...] = ()
    kind: str = ""
    rows: int = 0
    columns: int = 0
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[ReadFile, ...] = ()

    @property
    def made(self) -> tuple[str, ...]:
        """Versions that depend on it: all but those that were only judged by it."""
        return tuple(dict.fromkeys(ref for role, refs in self.users.items() if role != EVALUATION for ref in refs))

    @classmethod
    def built(cls, node_id: str, uses: Mapping[str, Sequence[Mapping[str, Any]]]) -> DataNode:
        """Build from what each version, in order, recorded of it."""
        described = [dataset for datasets in uses.values() for dataset in datasets]
        names = Counter(name for dataset in described if (name := dataset.get("name")))
        users: dict[str, dict[str, None]] = {}
        for ref, datasets in uses.items():
            for dataset in datasets:
                users.setdefault(dataset["role"], {})[ref] = None
        first = described[0]
        return cls(
            id=node_id,
            names=tuple(name for name, _ in names.most_common()),
            kind=first.get("kind", ""),
            rows=first["rows"],
            columns=first["columns"],
            files=tuple(
                dict.fromkeys(ReadFile.from_document(file) for one in described for file in one.get("files", ()))
            ),
            users={role: tuple(refs) for role, refs in users.items()},
        )


def is_data(ref: object) -> bool:
    """Tell whether this names a data set, and not a version.

    Examples
    --------
    >>> is_data("data:sha256:ab12"), is_data("data:3"), is_data("churn@3")
    (True, False, False)
    """
    return isinstance(ref, str) and ref.startswith(PREFIX) and ":" in ref[len(PREFIX) :]


def data_id(dataset: Mapping[str, Any]) -> str:
    """Give the id of the node of a data set.

    Examples
    --------
    >>> data_id({"fingerprint": "sha256:ab12"})
    'data:sha256:ab12'
    """
    return f"{PREFIX}{dataset['fingerprint']}"


def beginning_with(written: str, ids: Iterable[str]) -> list[str]:
    """Give the ids that a shortened one may mean, in order; one that is whole means itself only.

    Examples
    --------
    >>> beginning_with("data:sha256:ab…", ["data:sha256:ab12", "data:sha256:cd34"])
    ['data:sha256:ab12']
    """
    every = sorted(ids)
    wanted = written.removesuffix("…")
    whole = [node_id for node_id in (written, wanted) if node_id in every]
    return whole[:1] or [node_id for node_id in every if node_id.startswith(wanted)]
