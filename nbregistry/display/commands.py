"""Command lines that can be pasted: the verbs' own syntax, with quotes where a name needs them."""

from __future__ import annotations

from nbregistry.display.visible import visible


def command(verb: str, *arguments: str) -> str:
    """Write one command.

    Examples
    --------
    >>> command("%compare", "churn@1", "my model@2")
    '%compare churn@1 "my model@2"'
    """
    return " ".join((verb, *(f'"{text}"' if " " in text else text for text in map(visible, arguments))))
