"""Python source with the roles of its words, by Pygments; magics and shell lines are read as what they stand among."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import Line, Span

if TYPE_CHECKING:
    from nbregistry.display.blocks import Kind

TAB = 4


def highlighted(source: str) -> list[Line]:
    """Give the lines of some code; joined, their texts are the code, with blanks for tabs.

    Examples
    --------
    >>> [[(span.text, span.kind) for span in words] for words in highlighted("import math  # pi")]
    [[('import', 'keyword'), (' math  ', 'source'), ('# pi', 'comment')]]
    """
    lines: list[list[Span]] = [[]]
    for token, text in _lexer().get_tokens(source.expandtabs(TAB)):
        kind = _kind(token)
        first, *rest = text.split("\n")  # a string may go on for several lines
        _extend(lines[-1], first, kind)
        for part in rest:
            lines.append([])
            _extend(lines[-1], part, kind)
    if not lines[-1]:
        lines.pop()  # after the last line break
    return [tuple(spans) for spans in lines]


def _extend(spans: list[Span], text: str, kind: Kind) -> None:
    if spans and spans[-1].kind == kind:
        text = spans.pop().text + text
    if text:
        spans.append(Span(text, kind))


def _kind(token: Any) -> Kind:
    from pygments.token import Comment, Keyword, Literal, Operator

    if token in Keyword or token in Operator.Word:
        return "keyword"
    if token in Comment:
        return "comment"
    return "literal" if token in Literal else "source"


@cache
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False)
