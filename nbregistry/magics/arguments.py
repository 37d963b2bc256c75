"""The arguments of a verb: one parser for the magic, ``%nbr VERB`` and the command line.

A parser of :mod:`argparse` whose errors are :class:`~nbregistry.errors.RegistryError`, with the usage and
the nearest option, and which never ends the process. What kind of thing an argument is (a reference, an
expression …) is told by its ``type``, a function of this module: that is what completion goes by.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from nbregistry.magics.expressions import expression
from nbregistry.magics.splitting import text, value
from nbregistry.magics.usage import HelpWanted, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.model import Scalar

# `expression` and `text` are argument types as well: verbs find all of them in one place.
__all__ = [
    "Parser", "alias", "column", "expression", "filter_text", "key", "metric", "model_name", "pair", "path",
    "reference", "registry_url", "sort_key", "text", "variable",
]  # fmt: skip


def model_name(token: str) -> str:
    """Read the name of a model."""
    return text(token)


def reference(token: str) -> str:
    """Read a reference, e.g. ``churn@3``."""
    return text(token)


def alias(token: str) -> str:
    """Read an alias."""
    return text(token)


def metric(token: str) -> str:
    """Read the name of a metric."""
    return text(token)


def sort_key(token: str) -> str:
    """Read what to sort by, e.g. ``-metrics.roc_auc``."""
    return text(token)


def filter_text(token: str) -> str:
    """Read a filter."""
    return text(token)


def column(token: str) -> str:
    """Read the name of a column."""
    return text(token)


def path(token: str) -> str:
    """Read a file, a folder or a URL."""
    return text(token)


def registry_url(token: str) -> str:
    """Read the folder or URL of a registry."""
    return text(token)


def key(token: str) -> str:
    """Read a public key."""
    return text(token)


def variable(token: str) -> str:
    """Read the name of a variable to bind."""
    name = text(token)
    if not name.isidentifier():
        raise WrongUsage(f"{name!r} cannot be the name of a variable", hint="--as clf")
    return name


def pair(token: str) -> tuple[str, Scalar]:
    """Read ``key=value``: the value is a Python literal, else text.

    Examples
    --------
    >>> pair("team=onco"), pair("C=0.5"), pair('note="two words"'), pair('"two words"=1')
    (('team', 'onco'), ('C', 0.5), ('note', 'two words'), ('two words', 1))

    """
    name, separator, written = _cut_at_equals(token)
    if not separator or not name:
        raise WrongUsage(
            f"{token!r} is not of the form key=value",
            hint='write team=onco or note="two words", and names before options that take several values',
        )
    return name, value(written)


def _cut_at_equals(token: str) -> tuple[str, str, str]:
    if token[:1] in ("'", '"'):
        end = token.find(token[0], 1)
        if end != -1 and token[end + 1 : end + 2] == "=":
            return token[1:end], "=", token[end + 2 :]
        # The whole pair in quotes, as a shell user writes it.
        token = text(token)
    return token.partition("=")


class _HelpAction(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> NoReturn:
        raise HelpWanted(parser.format_help())


class Parser(argparse.ArgumentParser):
    """A parser that explains instead of exiting.

    Parameters
    ----------
    prog : str
        How the verb is called, e.g. ``%register``.
    description : str
        What it does.
    examples : sequence of str
        Lines that can be pasted.

    Examples
    --------
    >>> parser = Parser("%promote", "Put an alias on a version.", ["%promote tumour@3"])
    >>> _ = parser.add_argument("ref", type=reference)
    >>> _ = parser.add_argument("--reason", type=text)
    >>> parser.parse(["tumour@3", "--reson", "drift"])
    Traceback (most recent call last):
    nbregistry.magics.usage.WrongUsage: %promote: there is no option --reson
      did you mean: --reason
      next: %promote [--help] [--reason REASON] ref

    """

    def __init__(self, prog: str, description: str, examples: Sequence[str] = ()) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog="\n".join(["examples:", *(f"  {example}" for example in examples)]) if examples else None,
            # The width of the terminal is that of the server's: help reads the same everywhere.
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=100, max_help_position=30),
            add_help=False,
            # An abbreviation is ambiguous with tomorrow's option; the nearest one is named instead.
            allow_abbrev=False,
        )
        if sys.version_info >= (3, 14):
            self.color = False
        self.add_argument("--help", "-h", action=_HelpAction, nargs=0, help="show this help")

    def error(self, message: str) -> NoReturn:
        """Raise a :class:`WrongUsage` with the usage as what to do next."""
        raise WrongUsage(f"{self.prog}: {message}", hint=self.usage_line())

    @property
    def options(self) -> dict[str, argparse.Action]:
        """The long options by name."""
        return {name: action for name, action in self._option_string_actions.items() if name.startswith("--")}

    @property
    def positionals(self) -> list[argparse.Action]:
        """The other arguments, in order."""
        return [action for action in self._actions if not action.option_strings]

    def usage_line(self) -> str:
        """Give the usage on one line."""
        return " ".join(self.format_usage().removeprefix("usage:").split())

    def parse(self, tokens: Sequence[str]) -> argparse.Namespace:
        """Read tokens.

        Raises
        ------
        WrongUsage
            With the usage, and the nearest option where one was mistyped.
        HelpWanted
            If help was asked for.

        """
        arguments, strange = self.parse_known_args(list(tokens))
        if strange:
            self._refuse(strange)
        return arguments

    def _refuse(self, strange: Sequence[str]) -> NoReturn:
        option = next((token.partition("=")[0] for token in strange if token.startswith("--")), "")
        if option:
            names = [name.removeprefix("--") for name in self.options]
            near = [f"--{name}" for name in difflib.get_close_matches(option.removeprefix("--"), names, n=2)]
            raise WrongUsage(f"{self.prog}: there is no option {option}", nearest=near, hint=self.usage_line())
        rest = " ".join(strange)
        self.error(f"{rest!r} is too much (text with blanks goes in quotes, expressions in parentheses)")

    def _parse_optional(self, arg_string: str) -> Any:
        # All our options are long: "-metrics.roc_auc", "-X" and "-5 degrees" are values.
        if arg_string.startswith("-") and not arg_string.startswith("--") and arg_string != "-h":
            return None
        return super()._parse_optional(arg_string)
