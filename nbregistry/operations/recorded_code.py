"""Keep the code that made a version beside its model, and read it again.

It is an artifact of its own, as the fingerprints of training rows are: the same model stays the same bytes, whatever
notebook it came from. So are the files around it, which are the same for one version after the other. Reading them
runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.errors import Corrupt, NotFound
from nbregistry.operations.resolving import resolve
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.reference import quoted, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

CODE, SOURCES = "recorded_code", "recorded_sources"
"""Fields of a version that name the two artifacts."""


def code_of(workspace: Workspace, ref: Ref) -> RecordedCode:
    """Give the code that made a version; see :meth:`nbregistry.Registry.code`."""
    document = resolve(workspace.view(), ref)
    return read_code(document, workspace.store)


def store_code(code: RecordedCode | None, store: ArtifactStore) -> dict[str, Packed]:
    """Keep it; give the artifacts by the field that is to name them."""
    if code is None:
        return {}
    documents = {CODE: code.to_document(), SOURCES: code.sources()}
    return {kind: _put(kind, document, store) for kind, document in documents.items() if document}


def _put(kind: str, document: Mapping[str, Any], store: ArtifactStore) -> Packed:
    import orjson

    with PackWriter(store) as pack:
        pack.add(f"{kind}.json", orjson.dumps(_encodable(document)))
        return pack.finish({"kind": kind})


def _get(kind: str, version: Mapping[str, Any], store: ArtifactStore) -> Any:
    import orjson

    digest = version.get(kind)
    return orjson.loads(PackReader(store, digest).read(f"{kind}.json")) if digest else {}


def read_code(document: Mapping[str, Any], store: ArtifactStore) -> RecordedCode:
    """Read the code that made a version.

    Raises
    ------
    NotFound
        Where none was kept.
    Corrupt
        Where what was kept is not of the form that this release knows.
    """
    ref = recorded_ref(document)
    if not document.get(CODE):
        raise NotFound(
            f"no code was recorded with {ref}: it was not registered in a notebook that had loaded nbregistry",
            hint=f"%nbr show {quoted(ref)}",
        )
    try:
        found = RecordedCode.from_documents(ref, _get(CODE, document, store), _get(SOURCES, document, store))
        _check(found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Corrupt(f"the code of {ref} is not of a form that can be read", hint="%nbr verify") from error
    return found


def _check(code: RecordedCode) -> None:
    """Refuse what displays and a fresh kernel could not work with: whoever signed it may have written anything.

    Raises
    ------
    TypeError
    """
    texts = [cell.source for cell in code.cells] + [cell.id for cell in code.cells]
    texts += [cell.error for cell in code.cells] + [cell.started_at for cell in code.cells]
    texts += [part.source for part in code.slice.parts] + [part.id for part in code.slice.parts]
    texts += [*code.slice.targets, *code.slice.doubts, *code.slice.unseeded, *code.slice.training]
    texts += [text for read in code.slice.reads for text in read]
    texts += [*code.restores.values(), *(state for _, state in code.slice.restores)]
    texts += [code.kernel_id, *code.staleness, *code.redacted, code.diff.text, *code.diff.files]
    texts += [text for file in code.files for text in (file.path, file.digest)]
    texts += [text for module in code.modules for text in (module.name, module.path, module.source, module.digest)]
    numbers = [cell.number for cell in code.cells] + [part.number for part in code.slice.parts]
    numbers += [line for part in code.slice.parts for line in part.lines] + [file.size for file in code.files]
    numbers += [module.cut_bytes for module in code.modules] + [code.diff.cut_bytes]
    numbers += [*code.restores, *(number for number, _ in code.slice.restores)]
    numbers += [cell.failed_line for cell in code.cells if cell.failed_line is not None]
    numbers += [code.unseen, code.slice.kept_lines, code.slice.all_lines]
    if not all(isinstance(text, str) for text in texts) or not all(type(number) is int for number in numbers):
        raise TypeError("text or number expected")
    if not all(cell.seconds is None or type(cell.seconds) in (int, float) for cell in code.cells):
        raise TypeError("seconds expected")


def _encodable(value: Any) -> Any:
    """Write halves of characters, which a cell may hold and UTF-8 can't, as the escapes they were."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value
