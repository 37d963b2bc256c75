"""A line that does not say what its verb needs, and a line that asks for help."""

from __future__ import annotations

from nbregistry.errors import RegistryError


class WrongUsage(RegistryError):
    """A line that cannot be read; the hint is the usage."""


class HelpWanted(Exception):
    """Raised by ``--help``; its text is the help."""
