"""A version's code as a notebook's file that runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.operations.new_file import new_file
from nbregistry.operations.recorded_code import read_code
from nbregistry.operations.resolving import resolve
from nbregistry.outcomes import Transfer
from nbregistry.provenance.cells.as_notebook import as_notebook, code_cell, markdown_cell

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


def export_notebook(workspace: Workspace, ref: Ref, path: Path) -> Transfer:
    """Write the code that made a version; see :meth:`nbregistry.Registry.export_notebook`."""
    import orjson

    document = resolve(workspace.view(), ref)
    code = read_code(document, workspace.store)
    version = workspace.records.version(document)
    record = markdown_cell(fenced(repr(version)))
    sources = [*(source for _, source in code.to_run), *code.slice.targets]
    notebook = as_notebook([record, *map(code_cell, sources)])
    content = orjson.dumps(notebook, option=orjson.OPT_INDENT_2)
    with new_file(path) as file:
        file.write(content)
    return Transfer("notebook", (version.ref,), str(path), len(content), 1)


def fenced(text: str) -> str:
    """Put text into Markdown as it is: in a fence that is longer than any in it.

    Examples
    --------
    >>> print(fenced("a ``` b"))
    ````text
    a ``` b
    ````
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
