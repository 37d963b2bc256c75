"""Command lines that can be pasted: the verbs' own syntax, with quotes where a text needs them."""

from __future__ import annotations

import re

from nbregistry.display.visible import visible

# What a magic's line takes as one word, whatever stands around it.
_ONE_WORD = re.compile(r"(?!--)[^\s\"'()\[\]{}#;]+")
# What it reads as text, and not as a number or one of Python's constants.
_PLAIN_TEXT = re.compile(r"(?!(?:None|True|False)$)[^\W\d][\w.-]*")


def command(verb: str, *arguments: str) -> str:
    r"""Write one command.

    Examples
    --------
    >>> command("%compare", "churn@1", "my model@2")
    '%compare churn@1 "my model@2"'
    >>> print(command("%rollback", "churn", "--reason", 'it "drifts"'))
    %rollback churn --reason "it \"drifts\""
    """
    return " ".join((verb, *map(_quoted, arguments)))


def pair(key: str, value: object) -> str:
    """Write ``key=value`` so that it is read as this very value.

    Examples
    --------
    >>> pair("team", "onco"), pair("n", "12"), pair("n", 12), pair("two words", None)
    ('team=onco', "n='12'", 'n=12', '"two words"=None')
    """
    plain = isinstance(value, str) and _PLAIN_TEXT.fullmatch(value)
    return f"{_quoted(key)}={value if plain else ascii(value)}"


def _quoted(argument: str) -> str:
    text = visible(argument)
    option = re.fullmatch(r"--[a-z-]+", text)
    if option or _ONE_WORD.fullmatch(text):
        return text
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'
