"""What can go wrong, said so that the next step is clear.

Every error of nbregistry is a :class:`RegistryError`. It carries three things: what failed, the nearest
right thing, and the command to run next. In a notebook it prints as one short block, without a traceback,
and is still a real error for whoever runs the notebook by machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class RegistryError(Exception):
    """What failed, what was probably meant, and what to run next.

    Parameters
    ----------
    message : str
        What failed, in one sentence.
    hint : str, default ""
        What to do next, ideally a command that can be pasted.
    otherwise : iterable of str, default ()
        What else can be done, each on a line of its own: JupyterLab breaks a long line in the middle of a command.
    nearest : iterable of str, default ()
        Right names that resemble the wrong one, best first.
    excerpt : iterable of str, default ()
        Lines that point at the place in what was written.

    Examples
    --------
    >>> print(NotFound("there is no model 'chrun'", nearest=["churn"], hint="%versions lists the models"))
    there is no model 'chrun'
      did you mean: churn
      next: %versions lists the models
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        otherwise: Iterable[str] = (),
        nearest: Iterable[str] = (),
        excerpt: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.otherwise = tuple(otherwise)
        self.nearest = tuple(nearest)
        self.excerpt = tuple(excerpt)

    def __str__(self) -> str:
        lines = [self.message, *(f"  {line}" for line in self.excerpt)]
        if self.nearest:
            lines.append(f"  did you mean: {', '.join(self.nearest)}")
        if self.hint:
            lines.append(f"  next: {self.hint}")
        lines += [f"    or: {other}" for other in self.otherwise]
        return "\n".join(map(_visible, lines))

    def _render_traceback_(self) -> list[str]:
        """Give IPython one clean block in place of a traceback (it stays an error for nbclient and nbval)."""
        return [f"{type(self).__name__}: {self}"]


def _visible(text: str) -> str:
    """Write control characters out: an error may quote what a stranger wrote, and a terminal would obey it.

    A line break among them must not fake another line, such as what to run next.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class NotFound(RegistryError):
    """A registry, model, version or alias that does not exist."""


class InvalidName(RegistryError):
    """A model name, alias, tag or reference that breaks the naming rules."""


class InvalidFilter(RegistryError):
    """A filter that cannot be read; the message points at the column."""


class InvalidRequirement(RegistryError):
    """A requirement of a gate that cannot be read; the message points at the column."""


class Untrusted(RegistryError):
    """A version signed by a key that is not trusted, in a format that can execute code."""


class Corrupt(RegistryError):
    """Bytes on disk that are not the bytes that were written."""


class Conflict(RegistryError):
    """A change that contradicts what is already there."""


class Refused(RegistryError):
    """A request that is understood and not carried out; nothing was changed."""


class WrongType(Refused, TypeError):
    """An argument of a kind that the method does not take: a :class:`TypeError`, told as shortly as the others."""


class StorageError(RegistryError):
    """The disk, the folder or its permissions do not allow it."""
