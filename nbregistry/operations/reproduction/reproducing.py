"""Reproduce: a version's code runs in a fresh kernel, and what it makes is compared with what was kept."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import set_fields
from nbregistry.errors import Refused, StorageError, Untrusted
from nbregistry.operations.checks.environment import check_environment
from nbregistry.operations.loading import check_kept, is_accepted
from nbregistry.operations.recorded_code import read_code
from nbregistry.operations.reproduction.fresh_kernel import run_in_fresh_kernel
from nbregistry.operations.reproduction.recorded_environment import NotInstalled, install_recorded
from nbregistry.operations.resolving import resolve
from nbregistry.outcomes import Reproduction
from nbregistry.progress import Progress
from nbregistry.provenance.cells.files import read_file
from nbregistry.reference import quoted, recorded_ref
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbregistry.catalog.view import View
    from nbregistry.model import ReadFile
    from nbregistry.operations.loading import Trust
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.provenance.local_modules import LocalModule

_ANSWER = "answer.json"
_LOOKING_ONLY = "__import__('nbregistry.looking_only', fromlist=['look_only']).look_only()"
"""What the fresh kernel runs first."""


def reproduce(workspace: Workspace, ref: Ref, *, environment: bool = False, trust: Trust = None) -> Reproduction:
    """Make a version again; see :meth:`nbregistry.Registry.reproduce`."""
    started = time.perf_counter()
    document = resolve(workspace.view() if workspace.read_only else workspace.writable(), ref)
    _refuse_untrusted(workspace, document, trust)
    check_kept(document)
    code = read_code(document, workspace.store)
    if not code.slice.parts:
        raise Refused(
            f"the code that made {recorded_ref(document)} was not found in the session",
            hint=f"%nbr show {quoted(recorded_ref(document))} --code",
        )
    try:
        with tempfile.TemporaryDirectory(prefix="nbregistry-") as private:
            folder = Path(private) / "work"
            folder.mkdir()
            moved_on = tuple(_put_files(code, folder))
            found = _run(workspace, document, code, folder, Path(private), is_recorded=environment)
    except OSError as error:
        raise StorageError(
            f"the temporary folder in which {recorded_ref(document)} is made again failed: {error.strerror or error}",
            hint="set TMPDIR to a folder with room, and try again",
        ) from None
    found = replace(
        found,
        notes=(*found.notes, *moved_on, *_differing(found, document, workspace)),
        seconds=time.perf_counter() - started,
    )
    if workspace.read_only:
        return found
    return _journaled(workspace, document, found)


def _refuse_untrusted(workspace: Workspace, document: Mapping[str, Any], trust: Trust) -> None:
    """Refuse to run a stranger's code, whatever format the model has.

    Raises
    ------
    Untrusted
    """
    key, ref = document["signed_by"], recorded_ref(document)
    if not is_accepted(key, workspace.keyring, trust):
        raise Untrusted(
            f"to reproduce {ref} is to run the code of {fingerprint(key)}, whose key you do not trust",
            hint=f"%nbr show {quoted(ref)} --code shows it; %registry trust {key}",
        )


def _put_files(code: RecordedCode, folder: Path) -> Iterator[str]:
    """Put beside the code what it was beside: its own modules, and the files it reads, as far as they are the same."""
    for module in code.modules:
        place = _inside(folder, _path_of(module))
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(module.source, encoding="utf-8")
    for file in code.files:
        place = _inside(folder, file.path)
        if not file.digest:
            continue
        if read_file(file.path).digest != file.digest:
            yield _moved_on(file)
        elif place is not None:  # any other is read where it is
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, place)


def _path_of(module: LocalModule) -> str:
    """Give where a module is found by its name: its path may begin anywhere."""
    parts = module.name.split(".")
    is_package = PurePath(module.path).name == "__init__.py"
    return "/".join([*parts, "__init__.py"] if is_package else [*parts[:-1], f"{parts[-1]}.py"])


def _inside(folder: Path, path: str) -> Path | None:
    """Give where a relative path lies in a folder; ``None`` for one that leads out of it, whoever wrote it."""
    pure = PurePath(path)
    if pure.is_absolute() or ".." in pure.parts or pure.drive or not pure.parts or "\x00" in path:
        return None
    return folder / pure


def _moved_on(file: ReadFile) -> str:
    there = "is not what it was" if Path(file.path).exists() else "is not there any more"
    return f"the file {file.path} {there}"


def _differing(found: Reproduction, document: Mapping[str, Any], workspace: Workspace) -> Iterator[str]:
    """Tell which packages differ from the record, where another outcome may come from them."""
    if found.environment == "recorded" or found.is_exact:
        return
    check = check_environment(document, workspace.catalog.view, workspace.loader)
    if check.outcome == "warned":
        yield f"the packages here are not those that it was made with: {check.detail}"


def _run(
    workspace: Workspace,
    document: Mapping[str, Any],
    code: RecordedCode,
    folder: Path,
    private: Path,
    *,
    is_recorded: bool,
) -> Reproduction:
    ref = recorded_ref(document)
    made = Reproduction(ref, "failed", code.script, environment="recorded" if is_recorded else "present")
    cells = ((None, _LOOKING_ONLY), *code.to_run)
    answer = private / _ANSWER
    last = _holding(code, str(workspace.root.resolve()), ref, str(answer))
    environ = os.environ | {
        "NBREGISTRY_URL": str(workspace.root.resolve()),
        "IPYTHONDIR": str(private / "ipython"),  # nobody's start-up files
        "MPLBACKEND": "agg",
    }
    python = sys.executable
    if is_recorded:
        environ = {key: value for key, value in environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        recorded = workspace.catalog.view.shared_value(document["environment"]) if document["environment"] else {}
        try:
            python = install_recorded(recorded or {}, private / "environment")
        except NotInstalled as error:
            return replace(made, detail=f"its packages could not be installed: {error}")
    sources = [*(source for _, source in cells), last]
    with Progress(f"reproduce {ref}", len(sources), " cells") as progress:
        failure = run_in_fresh_kernel(sources, folder, environ, done=lambda: progress.add(1), python=python)
    if failure is not None:
        number = cells[failure.place][0] if failure.place < len(cells) else None
        beside = "comparing" if failure.place == len(cells) else "preparing"
        place = beside if number is None else f"cell [{number}]"
        return replace(made, detail=f"{place} stopped with {failure.error}", failed_at=number, notes=code.redacted)
    found = json.loads(answer.read_text(encoding="utf-8"))
    return replace(made, outcome=found["outcome"], detail=found["detail"])


def _holding(code: RecordedCode, url: str, ref: str, answer: str) -> str:
    """Write the cell that compares: the slice's own expressions, and texts of ours."""
    target = code.slice.targets[0]
    rows = code.slice.training[0] if code.slice.training else "None"
    module = "nbregistry.operations.reproduction.remade"
    return (
        f"__import__({module!r}, fromlist=['hold']).hold(\n"
        f"    ({target}), lambda: ({rows}), {url!r}, {ref!r}, {answer!r}\n)"
    )


def _journaled(workspace: Workspace, document: Mapping[str, Any], found: Reproduction) -> Reproduction:
    """Keep the verdict with the version."""
    name, version = document["name"], document["version"]
    told = {"outcome": found.outcome, "detail": found.detail, "environment": found.environment}
    kept = told | {"at": datetime.now(UTC).isoformat()}

    def plan(view: View) -> Plan:
        resolve(view, found.ref)
        return Plan(found.ref, [set_fields(name, version, reproduction=kept)], told)

    workspace.commit("reproduce", plan)
    workspace.catalog.acknowledge()
    return replace(found, journaled=True)
