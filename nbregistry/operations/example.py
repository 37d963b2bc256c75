"""What is kept of the rows that a model takes: a few of them and its predictions, to see later that it is the same.

They are an artifact of their own, for the reason that :mod:`nbregistry.operations.training_rows` has. They stay when
the model's artifact is collected: a model that is made again is compared with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.catalog import exact
from nbregistry.errors import Corrupt, NotFound, RegistryError
from nbregistry.evaluation.replay import Example, predictions_of
from nbregistry.operations.kept_columns import without_aside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.model import Signature

_FLAVOR, _FORMAT = "numpy", "npy"
_DESCRIPTION = "example.json"
_OF_ROWS, _OF_PREDICTIONS = "rows.", "predictions."
LARGEST = 1 << 20
"""Bytes that the rows of an example take at most: of large rows fewer are kept."""


def example_rows(
    given: Any, train: Any, on: Any, *, aside: Sequence[str] = (), signature: Signature | None = None
) -> Any:
    """Choose the rows of an example: those that are given for it, else of the training data, else of the evaluation.

    Parameters
    ----------
    given : object
        ``False`` refuses: nothing is kept then.
    train, on : (X, y) or None
    aside : sequence of str
        Columns of the evaluation's X that the model was not fitted on.
    signature : Signature, optional
        Of the model.

    Returns
    -------
    array-like or None
    """
    if not (given is None or given is True):
        return None if given is False else given
    if train is not None:
        return train[0]
    return None if on is None else without_aside(on[0], aside, signature.feature_names if signature else ())


def store_example(model: Any, rows: Any, store: ArtifactStore) -> tuple[Packed, int] | None:
    """Keep a few rows, and what the model says of them.

    Returns
    -------
    tuple of Packed and int, or None
        The artifact and how many rows it holds; ``None`` where the rows are no plain data, are too large, or the model
        does not take them.
    """
    from nbregistry.flavors import by_name

    packed = _pack(rows)
    if packed is None:
        return None
    rows, described, arrays = packed
    predictions = {name: array for name, array in predictions_of(model, rows).items() if array.nbytes <= LARGEST}
    if not predictions:
        return None
    named = {f"{_OF_ROWS}{name}": array for name, array in arrays.items()}
    named |= {f"{_OF_PREDICTIONS}{name}": array for name, array in predictions.items()}
    with PackWriter(store) as pack:
        pack.add(_DESCRIPTION, described)
        by_name(_FLAVOR).save(named, pack)
        return pack.finish({"flavor": _FLAVOR, "format": _FORMAT}), Example(rows).count


def _pack(rows: Any) -> tuple[Any, bytes, dict[str, Any]] | None:
    """Choose rows that are not too large together, and give them as data."""
    from nbregistry.provenance.example.choosing import MOST_ROWS, spread
    from nbregistry.provenance.example.tables import pack_rows, unpack_rows
    from nbregistry.provenance.example.values import NotData

    most = MOST_ROWS
    while most:
        try:
            found, arrays = pack_rows(spread(rows, most))
            described = exact.dumps(found)
            # The model is asked about what will be read: as it lies in memory, it may differ in the last digit.
            chosen = unpack_rows(exact.loads(described), arrays)
        except (NotData, RegistryError, TypeError, ValueError, IndexError, KeyError):
            return None  # no table, or one of a kind that only its own library can write down
        size = len(described) + sum(array.nbytes for array in arrays.values())
        if size <= LARGEST:
            return chosen, described, arrays
        most = min(most - 1, most * LARGEST // size)
    return None


def read_example(version: Mapping[str, Any], store: ArtifactStore) -> Example | None:
    """Read the rows and the predictions that were kept with a version; no code can run.

    Parameters
    ----------
    version : dict
        The version's document.
    store : ArtifactStore

    Returns
    -------
    Example or None
        ``None`` where none were kept, or a release that did not know of them has collected them.

    Raises
    ------
    Corrupt
        If bytes changed, or are not what an example is made of.
    """
    digest = version.get("example")
    if not digest:
        return None
    from nbregistry.flavors import by_name
    from nbregistry.provenance.example.tables import unpack_rows

    try:
        pack = PackReader(store, digest)
        named = by_name(_FLAVOR).load(pack, _FORMAT)
        described = pack.read(_DESCRIPTION)
    except NotFound:
        return None
    try:
        parts = {
            prefix: {name.removeprefix(prefix): array for name, array in named.items() if name.startswith(prefix)}
            for prefix in (_OF_ROWS, _OF_PREDICTIONS)
        }
        example = Example(unpack_rows(exact.loads(bytes(described)), parts[_OF_ROWS]), parts[_OF_PREDICTIONS])
        counts = {len(array) for array in example.predictions.values()}
    except ImportError:
        raise
    except Exception as error:  # a stranger's may be anything: each library fails in its own way
        raise Corrupt(f"the example cannot be read ({error!s:.200})", hint="%nbr verify") from error
    if counts != {example.count}:
        raise Corrupt("the example has not one prediction for each row", hint="%nbr verify")
    return example
