"""Arguments of the wrong kind, told by their names before any work is done."""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbregistry.errors import Refused, WrongType
from nbregistry.spelling import nearest


def mapping(argument: str, given: Any, example: str) -> dict[Any, Any]:
    """Give a dict, or whatever else maps names to values, as a dict; ``None`` as an empty one.

    Raises
    ------
    WrongType

    Examples
    --------
    >>> mapping("tags", ["crm"], "team='crm'")
    Traceback (most recent call last):
    nbregistry.errors.WrongType: tags takes a dict, not list
      next: tags=dict(team='crm')
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping) and not (hasattr(given, "keys") and hasattr(given, "items")):
        raise WrongType(f"{argument} takes a dict, not {_kind(given)}", hint=f"{argument}=dict({example})")
    return dict(given.items())


def whole_number(argument: str, given: Any) -> int | None:
    """Give an integer of any kind as Python's; ``None`` as it is.

    Raises
    ------
    WrongType
    """
    if given is None:
        return None
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise WrongType(f"{argument} takes a whole number, not {given!a}", hint=f"{argument}=20")
    return operator.index(given)


def between(argument: str, given: Any, low: float, high: float) -> float:
    """Give a number of any kind as Python's, if it lies between two others.

    Raises
    ------
    WrongType
    Refused
    """
    if isinstance(given, bool) or not hasattr(given, "__float__"):
        near = number_meant(given) if isinstance(given, str) else []
        raise WrongType(f"{argument} takes a number, not {given!a:.60}", nearest=near, hint=f"{argument}=0.05")
    if not low < given < high:
        bounds = f"above {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        percent = [f"{given / 100:g}"] if not math.isinf(high) and given >= 1 and low < given / 100 < high else []
        told = f"{argument} is a number {bounds}, not {given!a}"
        raise Refused(told, nearest=percent, hint=f"--{argument} 0.05")
    return float(given)


def number_meant(text: str) -> list[str]:
    """Guess what was meant by a text that is no number: one with a decimal comma, or in percent.

    Examples
    --------
    >>> number_meant("5%"), number_meant("0,05"), number_meant("five")
    (['0.05'], ['0.05'], [])
    """
    written = text.strip().replace(",", ".")
    try:
        number = float(written.removesuffix("%"))
    except ValueError:
        return []
    return [f"{number / 100 if written.endswith('%') else number:g}"]


def one_of(argument: str, given: Any, choices: Sequence[str]) -> str | None:
    """Give one of some texts as it is, and ``None``.

    Raises
    ------
    Refused
    """
    if given is None or given in choices:
        return text(argument, given)
    raise Refused(
        f"{argument} is {' or '.join(map(repr, choices))}, not {given!a:.60}",
        nearest=nearest(given, choices) if isinstance(given, str) else (),
        hint=f"{argument}={choices[0]!r}",
    )


def text(argument: str, given: Any) -> str | None:
    """Give a text as it is, and ``None``.

    Raises
    ------
    WrongType
    """
    if given is not None and not isinstance(given, str):
        raise WrongType(f"{argument} takes text, not {_kind(given)}")
    return given


def path(argument: str, given: Any) -> Path:
    """Give a path, or its text, as a path.

    Raises
    ------
    WrongType
    Refused
        For text that no path can be, e.g. with a NUL.
    """
    if not isinstance(given, (str, os.PathLike)):
        raise WrongType(f"{argument} takes a path, not {_kind(given)}")
    try:
        no_path = b"\0" in os.fsencode(given)
    except ValueError:  # half a character, which no system's names hold
        no_path = True
    if no_path:
        raise Refused(f"{os.fspath(given)!a:.90} is no path", hint="give the path of a file or folder")
    return Path(os.fsdecode(given))


def texts(argument: str, given: Any) -> tuple[str, ...] | None:
    """Give one text or several as a tuple; ``None`` as it is.

    Raises
    ------
    WrongType
    """
    if given is None:
        return None
    several = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(each, str) for each in several):
        raise WrongType(f"{argument} takes text or a list of texts, not {given!a:.60}")
    return several


def one_by_one(method: str, given: Sequence[Any]) -> None:
    """Refuse a list in the place of several arguments.

    Raises
    ------
    WrongType
    """
    if len(given) == 1 and isinstance(given[0], Sequence) and not isinstance(given[0], str):
        raise WrongType(f"{method} takes versions one by one, not {_kind(given[0])}", hint=f"{method}(*versions)")


def labelled(argument: str, given: Any) -> tuple[Any, Any] | None:
    """Give X and y; ``None`` as it is.

    Raises
    ------
    WrongType
        If it is no pair.
    Refused
        If one of the two is missing.
    """
    if given is None:
        return None
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        more = ", and weights=w" if isinstance(given, (tuple, list)) and len(given) == 3 else ""
        hint = f"{argument}=(X, y){more}, or in a notebook --{argument} X y{' --weights w' if more else ''}"
        raise WrongType(f"{argument} takes two things, X and y", hint=hint)
    if given[0] is None or given[1] is None:
        raise Refused(f"{argument} lacks {'X' if given[0] is None else 'y'}: it is None", hint=f"{argument}=(X, y)")
    return given[0], given[1]


def rows_and_targets(X: Any, y: Any) -> None:
    """Refuse to evaluate without one of the two.

    Raises
    ------
    Refused
    """
    for which, given in (("X", X), ("y", y)):
        if given is None:
            raise Refused(
                f"{which} is None", hint="give X and y: rows, and what is known of them to hold the model against"
            )


def seconds(argument: str, given: Any) -> float | None:
    """Give a time that something took; ``None`` as it is.

    Raises
    ------
    WrongType
        If it is no number.
    Refused
        If it is negative or without end.
    """
    if given is None:
        return None
    if isinstance(given, (bool, str)) or not hasattr(given, "__float__"):
        raise WrongType(f"{argument} takes a number of seconds, not {given!a:.60}")
    try:
        taken = float(given)
    except OverflowError:
        taken = math.inf
    if not 0 <= taken < math.inf:
        raise Refused(f"{argument} is {taken}, which nothing takes", hint=f"{argument}=12.5, in seconds")
    return taken


def _kind(given: Any) -> str:
    return type(given).__name__
