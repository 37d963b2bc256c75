"""What lark refuses becomes the error that a user sees. Importing this imports lark."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lark import UnexpectedInput, UnexpectedToken

from nbregistry.catalog.filters.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lark.parsers.lalr_interactive_parser import InteractiveParser


@contextmanager
def refusing(
    text: str, reading: InteractiveParser, unexpected: Callable[[str, int, Iterable[str]], Problem]
) -> Iterator[None]:
    """Read within this, and whatever is wrong is said with its place in the text.

    Parameters
    ----------
    text : str
    reading : InteractiveParser
        Which knows what it would have accepted.
    unexpected : callable
        Of the language that is read: takes the text, the place, and the terminals that could have stood there.

    Raises
    ------
    RegistryError
        Of the language's own kind.
    """
    try:
        yield
    except UnexpectedInput as error:
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        position = len(text.rstrip()) if at_end else error.pos_in_stream or 0
        acceptable = reading.accepts()  # type: ignore[no-untyped-call]
        raise unexpected(text, position, acceptable).error(text) from None
    except Problem as problem:
        raise problem.error(text) from None
