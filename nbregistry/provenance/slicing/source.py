"""From a cell as it was typed to Python, line for line.

IPython's own transformer does it; what it joins into one line is padded, so that line 7 stays line 7.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>[\w.]+)[ \t]*(?P<line>[^\n]*)")
_WORDS = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<line>[ \t]+[^\n]*)?")
_AUTOMAGIC = frozenset(
    {"cd", "conda", "cp", "ls", "mkdir", "mv", "pip", "pwd", "rm", "rmdir", "uv", "run", "time", "cat", "env"}
)
JOINED = "#-joined-to-the-line-above"
"""What stands in place of a line that IPython joins to the one above it."""

_TRANSFORM_LIMIT = 500
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True)
class CellMagic:
    """The first line of a cell that begins with ``%%``."""

    name: str
    line: str
    body: str
    at: int
    """Number of the line it stands on."""


def cell_magic_of(source: str) -> CellMagic | None:
    r"""Give the cell magic that a cell begins with.

    Examples
    --------
    >>> cell_magic_of("%%time\nx = 1")
    CellMagic(name='time', line='', body='x = 1', at=1)
    """
    found = _CELL_MAGIC.match(source)
    if found is None:
        return None
    at = source.count("\n", 0, found.end()) + 1
    body = source[found.end() + 1 :]
    return CellMagic(found["name"], found["line"].strip(), body, at)


def lines_of(source: str) -> list[str]:
    r"""Split a text where Python does: a line may hold what else counts as the end of one, e.g. U+2028.

    Examples
    --------
    >>> lines_of("a = 1\r\nb = '\u2028'\n")
    ['a = 1', "b = '\u2028'"]
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if not lines[-1] else lines


def parse(source: str) -> tuple[ast.Module | None, str]:
    """Parse a cell's code, its line magics and shell lines as calls of ``get_ipython()``.

    Returns
    -------
    ast.Module or None
        ``None`` where it is no Python: then nothing of it ran.
    str
        The Python that was parsed; each statement stands on the lines on which it was typed.
    """
    tree = _tree(source)
    if tree is not None:
        return tree, source
    text = _without_magics(source)
    tree = _tree(text)
    if tree is None and len(source.strip().splitlines()) == 1:
        words = _WORDS.fullmatch(source.strip())
        if words and words["name"] in _AUTOMAGIC:
            text = f"get_ipython().run_line_magic({words['name']!r}, {(words['line'] or '').strip()!r})"
            tree = _tree(text)
    return tree, text


def _tree(text: str) -> ast.Module | None:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's code, and shown when it ran
            tree: ast.Module = compile(text, "<cell>", "exec", _FLAGS)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree


def _without_magics(source: str) -> str:
    from IPython.core import inputtransformer2 as ipython

    typed = [line + "\n" for line in lines_of(source)]
    blank = next((at for at, line in enumerate(typed) if line.strip()), len(typed))
    lines = typed[blank:]
    cleaners: tuple[Any, ...] = (ipython.leading_indent, ipython.classic_prompt, ipython.ipython_prompt)
    for clean in cleaners:
        lines = clean(lines) if lines else lines
    lines = [*typed[:blank], *lines]
    for _ in range(_TRANSFORM_LIMIT):
        changed, lines = _one_token_transform(ipython, lines)
        if not changed:
            break
    return "".join(lines)


def _one_token_transform(ipython: Any, lines: list[str]) -> tuple[bool, list[str]]:
    """Do what the transformer does in one of its steps, and fill up the lines that it joined."""
    tokens = ipython.make_tokens_by_line(lines)
    kinds = (ipython.MagicAssign, ipython.SystemAssign, ipython.EscapedCommand, ipython.HelpEnd)
    found = [candidate for candidate in (kind.find(tokens) for kind in kinds) if candidate]
    for transformer in sorted(found, key=lambda one: one.sortby()):
        try:
            new = transformer.transform(lines)
        except SyntaxError:
            continue
        if new != lines:
            missing = len(lines) - len(new)
            at = transformer.start_line + 1
            return True, [*new[:at], *[JOINED + "\n"] * missing, *new[at:]]
    return False, lines
