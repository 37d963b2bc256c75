"""The packages that a version was made with, as a file that an installer reads."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.errors import NotFound
from nbregistry.operations.new_file import new_file
from nbregistry.operations.recorded_code import CODE, read_code
from nbregistry.operations.resolving import resolve
from nbregistry.outcomes import Transfer
from nbregistry.provenance.environment import packages_of
from nbregistry.provenance.requirements import pylock_of, requirements_of
from nbregistry.provenance.slicing import analyse
from nbregistry.reference import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace
    from nbregistry.provenance.cells.recorded import RecordedCode


def export_environment(workspace: Workspace, ref: Ref, path: Path, *, lock: bool) -> Transfer:
    """Write the packages of a version; see :meth:`nbregistry.Registry.export_environment`."""
    document = resolve(workspace.view(), ref)
    version = workspace.records.version(document)
    if not version.environment.get("packages"):
        raise NotFound(f"no packages were recorded with {version.ref}", hint=f"%nbr show {quoted(version.ref)}")
    imported = _imported_by(read_code(document, workspace.store)) if document.get(CODE) else frozenset()
    text = pylock_of(version.environment) if lock else requirements_of(version.environment, imported)
    content = text.encode()
    with new_file(path) as file:
        file.write(content)
    return Transfer("environment", (version.ref,), str(path), len(content), 1)


def _imported_by(code: RecordedCode) -> frozenset[str]:
    """Name the packages that the lines which made it import."""
    modules: set[str] = set()
    for part in code.slice.parts:
        tree = analyse(part.source).tree
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
    return frozenset(packages_of(module.partition(".")[0] for module in modules))
