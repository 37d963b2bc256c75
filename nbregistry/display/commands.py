"""Command lines that can be pasted: the verbs' own syntax, with quotes where a text needs them.

A line holds no line breaks and knows no escapes but that of a quote. What it cannot say exactly is not offered: a
command that means another name, path or tag is worse than none.
"""

from __future__ import annotations

import math
import re

from nbregistry.display.visible import visible

# What a magic's line takes as one word, whatever stands around it: IPython itself reads a "?" at the end of a line, and
# joins a line that ends in a backslash with the next.
_ONE_WORD = re.compile(r"(?!-)[^\s\"'()\[\]{}#;?]+(?<!\\)")
# What it reads as text, and not as a number or one of Python's constants.
_PLAIN_TEXT = re.compile(r"(?!(?:None|True|False)$)[^\W\d][\w.-]*")
_QUOTES = "\"'"


def command(verb: str, *arguments: str, **options: str) -> str:
    r"""Write one command.

    Parameters
    ----------
    verb : str
    *arguments : str
        Texts as they are meant.
    **options : str
        By name; ``as_`` is ``--as``.

    Returns
    -------
    str
        ``""`` if a line cannot say it.

    Examples
    --------
    >>> command("%compare", "churn@1", "my model@2")
    '%compare churn@1 "my model@2"'
    >>> print(command("%rollback", "churn", reason='it "drifts"'))
    %rollback churn --reason "it \"drifts\""
    >>> command("%nbr describe", "churn@1", "two\nlines")
    ''
    """
    words = [*map(word, arguments)]
    for name, value in options.items():
        words += [f"--{name.removesuffix('_')}", word(value)]
    return " ".join((verb, *words)) if all(words) else ""


def pair(key: str, value: object) -> str:
    """Write ``key=value`` so that it is read as this very value; ``""`` if a line cannot say it.

    Examples
    --------
    >>> pair("team", "onco"), pair("n", "12"), pair("n", 12), pair("two words", None)
    ('team=onco', "n='12'", 'n=12', '"two words"=None')
    >>> pair("loss", float("nan"))
    ''
    """
    written = key_word(key)
    if not written or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    plain = isinstance(value, str) and _PLAIN_TEXT.fullmatch(value)
    return f"{written}={value if plain else ascii(value)}"


def word(text: str) -> str:
    r"""Write a text as one token of a magic's line; ``""`` if there is no such token.

    Examples
    --------
    >>> word("churn"), word("two words"), word("--json"), word("a\x1b[31m"), word("C:\\")
    ('churn', '"two words"', '"--json"', '', '')
    """
    if _ONE_WORD.fullmatch(text) and visible(text) == text:
        return text
    return next(filter(None, (in_quotes(text, quote) for quote in _QUOTES)), "")


def in_quotes(text: str, quote: str) -> str:
    """Put quotes around a text, each of them inside escaped; ``""`` if that is read as another text, or not seen."""
    if visible(text) != text:
        return ""
    inside = text.replace(quote, f"\\{quote}")
    closed = re.fullmatch(rf"(?:\\.|[^\\{quote}])*", inside, re.DOTALL)
    return f"{quote}{inside}{quote}" if closed and inside.replace(f"\\{quote}", quote) == text else ""


def key_word(key: str) -> str:
    """Write the key before a ``=``; inside its quotes there is no escape at all."""
    if _ONE_WORD.fullmatch(key) and "=" not in key and visible(key) == key:
        return key
    return next((quoted for quote in _QUOTES if quote not in key and (quoted := in_quotes(key, quote))), "")
