"""What is kept of the rows that a version was trained on: a fingerprint of each, to find them among other rows.

They are an artifact of their own. In the model's artifact they would change its digest: the same model would no longer
be the same bytes. In an evaluation's artifact they would be kept once for each version. So they are kept once for all
versions that were trained on the same rows, in whatever order, and registering the next of those writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.artifacts.store import ArtifactStore

    Array = np.ndarray[Any, Any]

_FLAVOR, _FORMAT = "numpy", "npy"
_NAME = "fingerprint"


def fingerprints_of_training(rows: Array) -> Array:
    """Give the fingerprints of rows, each once, sorted: the order of training is no news."""
    import numpy as np

    return np.unique(rows)


def store_training_rows(fingerprints: Array, store: ArtifactStore) -> Packed:
    """Keep them: 8 bytes a row, which nothing makes fewer, for they are random."""
    from nbregistry.flavors import by_name

    with PackWriter(store) as pack:
        by_name(_FLAVOR).save({_NAME: fingerprints}, pack)
        return pack.finish({"flavor": _FLAVOR, "format": _FORMAT})


def read_training_rows(version: Mapping[str, Any], store: ArtifactStore) -> Array | None:
    """Read the fingerprints of the rows that a version was trained on; no code can run.

    Returns
    -------
    ndarray of uint64, sorted, or None
        ``None`` where they were never kept, or a release that did not know of them has collected them.
    """
    from nbregistry.flavors import by_name

    digest = version.get("training_rows")
    if not digest:
        return None
    try:
        found: Array = by_name(_FLAVOR).load(PackReader(store, digest), _FORMAT)[_NAME]
    except NotFound:
        return None
    return found
