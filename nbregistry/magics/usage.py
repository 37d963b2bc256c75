"""A line that does not say what its verb needs, and a line that asks for help."""

from __future__ import annotations

from nbregistry.errors import RegistryError


class WrongUsage(RegistryError):
    """A line that cannot be read; the hint is the usage."""


class Unexpanded(WrongUsage):
    """A variable where a magic's line takes words.

    Parameters
    ----------
    token : str
    argument : str
        The same as Python's argument to the method that does it.
    """

    def __init__(self, token: str, argument: str) -> None:
        super().__init__(f"{token!r} is taken as it stands: magics expand no variables")
        self.argument = argument


class HelpWanted(Exception):
    """Raised by ``--help``; its text is the help."""
