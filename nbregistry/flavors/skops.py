"""Estimators as skops takes them apart: types by name, attributes as JSON, arrays as ``.npy``.

The files are those of a ``.skops`` archive, one by one: put into a zip they are one. They lie apart so that an array
that did not change is the same blob again, and so that nobody's archive is ever opened here. skops numbers objects by
their address and writes the time: here they are numbered in order, so that equal models are equal bytes.

Reading executes no code as long as every type is on skops' own list of harmless ones. Types that are not (trees, whose
numbers scikit-learn follows without a check; functions; classes of other packages) are built only for whoever trusts
the signer, or names them. What they are is found without importing or building anything.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

SKOPS = "skops"
FOLDER = "skops/"
SCHEMA = "schema.json"


def save(model: Any, pack: PackWriter) -> str:
    """Write an estimator's files and give the format.

    Raises
    ------
    Refused
        If skops is not installed, or cannot take the model apart.
    """
    try:
        from skops.io import dumps
    except ModuleNotFoundError as error:
        raise Refused(
            "the format 'skops' needs skops, which is not installed", hint='%pip install "nbregistry[skops]"'
        ) from error
    try:
        archive = zipfile.ZipFile(io.BytesIO(dumps(model)))
    except Exception as error:
        told = str(error).strip().partition("\n")[0]
        raise Refused(
            f"skops cannot store this model ({told or type(error).__name__:.200})",
            hint="leave the format out: it is stored by pickle5 then, which runs code when it is loaded",
        ) from error
    schema = json.loads(archive.read(SCHEMA))
    files = _numbered(schema, archive.namelist())
    pack.add(FOLDER + SCHEMA, json.dumps(schema).encode())
    for name, number in files.items():
        pack.add(FOLDER + number, archive.read(name))
    return SKOPS


def doubtful_types(pack: PackReader) -> tuple[str, ...]:
    """Name the types that skops does not know to be harmless; nothing is imported or built.

    Raises
    ------
    Corrupt
        If skops cannot make out the types.
    """
    from skops.io import get_untrusted_types

    try:
        return tuple(get_untrusted_types(data=_archive(pack)))
    except Exception as error:  # a schema made up by hand fails in a hundred ways
        told = str(error).strip().partition("\n")[0]
        raise Corrupt(
            f"skops cannot make out its types ({type(error).__name__}: {told:.200})", hint="%nbr verify"
        ) from error


def load(pack: PackReader, types: Sequence[str]) -> Any:
    """Build the estimator, with these types besides those that are known to be harmless."""
    from skops.io import loads

    try:
        return loads(_archive(pack), trusted=list(types))
    except (ModuleNotFoundError, MemoryError):
        raise
    except Exception as error:
        told = str(error).strip().partition("\n")[0]
        raise Refused(
            f"skops cannot build the stored model here ({type(error).__name__}: {told:.200})",
            hint="load it where the versions are those of its record: %nbr show REF",
        ) from error


def _archive(pack: PackReader) -> bytes:
    """Put the files into a zip, as skops wants them."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for path in pack.paths:
            if path.startswith(FOLDER):
                target.writestr(zipfile.ZipInfo(path.removeprefix(FOLDER)), bytes(pack.read(path)))
    return archive.getvalue()


def _numbered(schema: Any, names: Sequence[str]) -> dict[str, str]:
    """Number objects and files in the order in which they appear; give the files' new names."""
    ids: dict[int, int] = {}
    files: dict[str, str] = {}
    for node in _nodes(schema):
        if type(node.get("__id__")) is int:
            node["__id__"] = ids.setdefault(node["__id__"], len(ids) + 1)
        name = node.get("file")
        if isinstance(name, str) and name in names:
            node["file"] = files.setdefault(name, f"{len(files)}.{name.rpartition('.')[2]}")
    return files


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        if isinstance(node, dict | list):
            waiting.extend(reversed(list(node.values() if isinstance(node, dict) else node)))
