"""The parser of a verb's arguments: one for the magic, ``%nbr VERB`` and the command line.

It is :mod:`argparse`'s, with errors that are a :class:`~nbregistry.errors.RegistryError`: what is wrong, what was
probably meant, and where the help is. It never ends the process.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from nbregistry.magics.arguments import NUMBER, USUAL_ALIASES, reference
from nbregistry.magics.usage import HelpWanted, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

# How argparse begins two of its complaints, which are told in our own words.
_MISSING = "the following arguments are required: "
_INVALID_CHOICE = "invalid choice: "
# What options of free text call it.
_OF_WORDS = ("TEXT", "FILTER")


def _name_of(action: argparse.Action) -> str:
    return action.option_strings[0] if action.option_strings else str(action.metavar or action.dest)


def _shown(action: argparse.Action) -> str:
    return " ".join([*action.option_strings[:1], str(action.metavar or action.dest)])


def _wanted(action: argparse.Action) -> str:
    """Say what an option takes, in the words of its help."""
    if action.nargs == 0:
        return "no value"
    shown = action.metavar or action.dest
    if isinstance(shown, tuple):
        return f"{len(shown)} values, {' and '.join(shown)}"
    return f"{'one value or more' if action.nargs == '+' else 'one value'}, {shown}"


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
    notes : str
        What the help says besides.

    Examples
    --------
    >>> from nbregistry.magics.arguments import text
    >>> parser = Parser("%promote", "Put an alias on a version.", ["%promote tumour@3"])
    >>> _ = parser.add_argument("ref", type=reference)
    >>> _ = parser.add_argument("--reason", type=text)
    >>> parser.parse(["tumour@3", "--reson", "drift"])
    Traceback (most recent call last):
    nbregistry.magics.usage.WrongUsage: %promote: there is no option --reson
      did you mean: --reason
      next: %promote --help
    """

    def __init__(self, prog: str, description: str, examples: Sequence[str] = (), notes: str = "") -> None:
        below = [notes] if notes else []
        below += ["\n".join(["examples:", *(f"  {example}" for example in examples)])] if examples else []
        super().__init__(
            prog=prog,
            description=description,
            epilog="\n\n".join(below),
            # The width of the terminal is that of the server's: help reads the same everywhere.
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=100, max_help_position=30),
            add_help=False,
            exit_on_error=False,
            # An abbreviation is ambiguous with tomorrow's option; the nearest one is named instead.
            allow_abbrev=False,
        )
        if sys.version_info >= (3, 14):
            self.color = False
        self.add_argument("--help", "-h", action=_HelpAction, nargs=0, help="show this help")

    def error(self, message: str) -> NoReturn:
        """Raise a :class:`WrongUsage` with the help as what to do next."""
        missing = message.partition(_MISSING)[2].split(", ")
        wanted = [f"{_shown(a)} ({a.help})" for a in self._actions if a.required and _name_of(a) in missing]
        told = f"{self.prog} needs {' and '.join(wanted)}" if wanted else f"{self.prog}: {message}"
        raise WrongUsage(told, hint=f"{self.prog} --help")

    @property
    def options(self) -> dict[str, argparse.Action]:
        """The long options by name."""
        return {name: action for name, action in self._option_string_actions.items() if name.startswith("--")}

    @property
    def positionals(self) -> list[argparse.Action]:
        """The other arguments, in order."""
        return [action for action in self._actions if not action.option_strings]

    def parse(self, tokens: Sequence[str]) -> argparse.Namespace:
        """Read tokens.

        Raises
        ------
        WrongUsage
            Saying what is wrong, with the nearest option where one was mistyped.
        HelpWanted
            If help was asked for.
        """
        # A token such as -on would be taken for a value of whatever stands before it.
        short = next((token for token in tokens if f"-{token}" in self.options), "")
        if short:
            self._refuse_option(short)
        arguments, strange = self._parse(list(tokens))
        if strange:
            self._refuse(strange, tokens)
        return arguments

    def _parse(self, tokens: list[str]) -> tuple[argparse.Namespace, list[str]]:
        try:
            return self.parse_known_args(tokens)
        except argparse.ArgumentError as error:
            named = str(error.argument_name).partition("/")[0]
            action = next((action for action in self._actions if _name_of(action) == named), None)
            if action is None:
                self.error(error.message)
            wrong = next((token for token in tokens if error.message.startswith(f"{_INVALID_CHOICE}{token!r}")), None)
            if wrong is not None:
                self._refuse_choice(wrong, [str(choice) for choice in action.choices or ()])
            self.error(f"{named} takes {_wanted(action)}")

    def _refuse_choice(self, wrong: str, choices: Sequence[str]) -> NoReturn:
        folded = {choice.casefold(): choice for choice in choices}
        near = [folded[name] for name in difflib.get_close_matches(wrong.casefold(), folded, n=1)]
        message = f"{self.prog}: {wrong} is none of {', '.join(choices)}"
        raise WrongUsage(message, nearest=near, hint=f"{self.prog} --help")

    def _refuse(self, strange: Sequence[str], tokens: Sequence[str]) -> NoReturn:
        # An unknown option first; one with a single dash is one only if it resembles ours.
        for token in strange:
            if token.startswith("--") or (token.startswith("-") and self._similar(token)):
                self._refuse_option(token.partition("=")[0])
        rest = " ".join(strange)
        message = f"{self.prog}: {rest!r} is too much (text with blanks goes in quotes, expressions in parentheses)"
        meant = self._unquoted(strange, tokens) or self._meant(strange, tokens)
        raise WrongUsage(message, nearest=meant, hint=f"{self.prog} --help")

    def _meant(self, strange: Sequence[str], tokens: Sequence[str]) -> list[str]:
        """Guess what was meant by more than there is room for: an option without its dashes, or a version's number."""
        first = strange[0]
        if f"--{first}" in self.options:
            return [f"--{' '.join(strange)}"]
        if len(strange) > 1:
            return []
        if NUMBER.fullmatch(first) and "--to" in self.options:
            return [f"--to {first}"]
        if NUMBER.fullmatch(first) and tokens.index(first) == 1 and "@" not in tokens[0]:
            return [f"{tokens[0]}@{first}"] if self.positionals[0].type is reference else []
        if "@" in first and "--to" in self.options:
            return [f"--to {first}"]
        # The champion is no reason; any other word may be one.
        likely = ("--alias",) if first in USUAL_ALIASES and "--alias" in self.options else ("--reason", "--name")
        return [f"{option} {first}" for option in likely if option in self.options]

    def _unquoted(self, strange: Sequence[str], tokens: Sequence[str]) -> list[str]:
        """Guess that the text of an option lacks its quotes: ``--reason better on the holdout``."""
        ends = [end for end in range(2, len(tokens)) if list(tokens[end : end + len(strange)]) == list(strange)]
        for option, begun in (tokens[end - 2 : end] for end in ends):
            action, whole = self.options.get(option), " ".join((begun, *strange))
            if action is not None and action.metavar in _OF_WORDS and '"' not in whole:
                return [f'{option} "{whole}"']
        return []

    def _refuse_option(self, option: str) -> NoReturn:
        message = f"{self.prog}: there is no option {option}"
        bare = next((_name_of(a) for a in self.positionals if a.dest == option.lstrip("-")), "")
        if bare:
            message += f"; {bare} is written without one"
        raise WrongUsage(message, nearest=self._similar(option), hint=f"{self.prog} --help")

    def _similar(self, option: str) -> list[str]:
        names = [name.removeprefix("--") for name in self.options]
        wrong = option.lstrip("-").replace("_", "-")
        begun = [name for name in names if len(wrong) > 1 and (name.startswith(wrong) or wrong.startswith(name))]
        return [f"--{name}" for name in dict.fromkeys([*begun, *difflib.get_close_matches(wrong, names, n=2)])][:2]

    def _parse_optional(self, arg_string: str) -> Any:
        # All our options are long: "-metrics.roc_auc", "-X" and "-5 degrees" are values.
        if arg_string.startswith("-") and not arg_string.startswith("--") and arg_string != "-h":
            return None
        return super()._parse_optional(arg_string)
