"""A magic's line, cut into tokens that keep Python expressions whole.

Blanks separate tokens, except inside quotes and brackets: ``--on X[:, 1] df["my y"]`` is three tokens. A
token that starts with ``#`` begins a comment, and a ``;`` at the very end asks for silence, as it does in
Python. :mod:`shlex` does neither brackets nor Python's own quoting, which is why it is not used here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from nbregistry.magics.usage import WrongUsage

if TYPE_CHECKING:
    from nbregistry.model import Scalar

_QUOTES = "\"'"
_OPENERS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = frozenset(_OPENERS.values())


class Token(NamedTuple):
    """One token of a line.

    Attributes
    ----------
    text : str
        As it stands in the line, quotes included.
    start : int
        Its column, from 0.
    unclosed : str
        The quote or bracket that is still open at its end; ``""`` if it is whole.
    opened : int
        The column of that quote or bracket.
    """

    text: str
    start: int
    unclosed: str = ""
    opened: int = 0


class Line(NamedTuple):
    """What a line says: its tokens, and whether it ends in ``;``."""

    tokens: tuple[str, ...]
    silent: bool = False


def split(line: str) -> Line:
    """Cut a line into tokens.

    Raises
    ------
    WrongUsage
        If a quote or a bracket is not closed.

    Examples
    --------
    >>> split('"churn model" clf --on X[:, 1] df["my y"]  # kept for the audit').tokens
    ('"churn model"', 'clf', '--on', 'X[:, 1]', 'df["my y"]')
    >>> split("churn@1 churn@2;")
    Line(tokens=('churn@1', 'churn@2'), silent=True)
    """
    tokens = [token for token in scan(line) if not token.text.startswith("#")]
    if tokens and tokens[-1].unclosed:
        last = tokens[-1]
        kind = "quote" if last.unclosed[0] in _QUOTES else "bracket"
        raise WrongUsage(
            f"the {kind} {last.unclosed} is not closed:",
            excerpt=(f"  {line}", f"  {' ' * last.opened}^"),
            hint="close it, or put the text around it in quotes of the other kind",
        )
    texts = [token.text for token in tokens]
    silent = bool(texts) and texts[-1].endswith(";")
    if silent:
        texts[-1] = texts[-1].rstrip(";")
    return Line(tuple(text for text in texts if text), silent)


def scan(line: str) -> list[Token]:
    """Cut a line that may be unfinished into tokens; a comment is one token.

    Examples
    --------
    >>> scan('churn --reason "calib')[-1]
    Token(text='"calib', start=15, unclosed='"', opened=15)
    """
    tokens: list[Token] = []
    position = 0
    while position < len(line):
        if line[position].isspace():
            position += 1
        elif line[position] == "#":
            tokens.append(Token(line[position:], position))
            break
        else:
            token = _token(line, position)
            tokens.append(token)
            position += len(token.text)
    return tokens


def _token(line: str, start: int) -> Token:
    brackets: list[tuple[str, int]] = []
    position = start
    while position < len(line):
        character = line[position]
        if character in _QUOTES:
            quote = character * 3 if line.startswith(character * 3, position) else character
            end = _end_of_quoted(line, position + len(quote), quote)
            if end is None:
                return Token(line[start:], start, quote, position)
            position = end
            continue
        if character in _OPENERS:
            brackets.append((character, position))
        elif character in _CLOSERS and brackets and _OPENERS[brackets[-1][0]] == character:
            brackets.pop()
        elif character.isspace() and not brackets:
            break
        position += 1
    unclosed, opened = brackets[-1] if brackets else ("", 0)
    return Token(line[start:position], start, unclosed, opened)


def _end_of_quoted(line: str, position: int, quote: str) -> int | None:
    while position < len(line):
        if line[position] == "\\":
            position += 2
        elif line.startswith(quote, position):
            return position + len(quote)
        else:
            position += 1
    return None


def text(token: str) -> str:
    r"""Take the quotes off a token that is text; one that is not wholly quoted is given back as it is.

    Inside quotes a backslash stands for itself except before the quote, so that Windows paths and the
    ``\%`` of a filter need no doubling.

    Examples
    --------
    >>> text('"churn model"'), text("churn"), text('"metrics.auc" > "x"')
    ('churn model', 'churn', '"metrics.auc" > "x"')
    """
    quote = token[:1]
    if len(token) < 2 or quote not in _QUOTES or _end_of_quoted(token, 1, quote) != len(token):
        return token
    return token[1:-1].replace(f"\\{quote}", quote)


def value(token: str) -> Scalar:
    """Read a Python literal; what is none is text.

    Examples
    --------
    >>> value("0.5"), value("True"), value("'12'"), value("l2"), value("(64, 32)")
    (0.5, True, '12', 'l2', '(64, 32)')
    """
    try:
        literal = ast.literal_eval(token)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text(token)
    return literal if literal is None or isinstance(literal, str | int | float) else token
