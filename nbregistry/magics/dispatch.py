"""From a line in a notebook to a verb and back: the functions behind ``%nbr`` and the short magics."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from IPython.core.magic import no_var_expand

from nbregistry.magics import session
from nbregistry.magics.cells import run_timed
from nbregistry.magics.splitting import split
from nbregistry.magics.usage import HelpWanted, Unexpanded, WrongUsage
from nbregistry.magics.verbs import VERBS, register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from nbregistry.magics.verb import Verb

ALL_VERBS: dict[str, Verb] = VERBS | {session.VERB.name: session.VERB}
SHORT_VERBS = tuple(verb for verb in ALL_VERBS.values() if verb.short)
# The one verb that makes sense of a cell.
CELL_VERB = register.VERB


class Help:
    """Help, shown as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text.rstrip()


class Dispatcher:
    """The magics of one notebook.

    Parameters
    ----------
    shell : InteractiveShell
        Whose namespace expressions are read in.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.session = session.Session()

    def magic(self, verb: Verb) -> Callable[..., Any]:
        """Make the function behind a short magic."""

        def call(line: str, cell: str | None = None) -> Any:
            tokens, silent = split(line)
            return self._run(verb, tokens, cell, silent=silent)

        return _named(call, verb.name, verb.parser().format_help())

    def nbr(self) -> Callable[..., Any]:
        """Make the function behind ``%nbr``."""

        def call(line: str, cell: str | None = None) -> Any:
            tokens, silent = split(line)
            asked, *rest = tokens or ("help",)
            if asked in ("help", "--help", "-h"):
                return Help(_verb(rest[0]).parser().format_help() if rest else overview())
            verb = _verb(asked)
            return self._run(verb, rest, cell, silent=silent, called=f"%nbr {verb.name}")

        return _named(call, "nbr", overview())

    def _run(self, verb: Verb, tokens: Sequence[str], cell: str | None, *, silent: bool, called: str = "") -> Any:
        try:
            arguments = verb.parser(called).parse(tokens)
        except HelpWanted as help_text:
            return Help(str(help_text))
        except Unexpanded as error:
            error.hint = f"nbregistry.open().{verb.method or verb.name}({error.argument})"
            raise
        if cell is not None:
            if verb is not CELL_VERB:
                raise WrongUsage(f"%{called or verb.magic} takes no cell", hint=f"{called or verb.magic} on one line")
            register.check(self.session.registry, arguments)
            arguments.training_seconds = run_timed(self.shell, cell)
        if verb is session.VERB:
            result = self.session.run(arguments)
        else:
            result = verb.call(lambda: self.session.registry, arguments, self.shell.user_ns)
        return None if silent else result


def _verb(name: str) -> Verb:
    if name in ALL_VERBS:
        return ALL_VERBS[name]
    near = difflib.get_close_matches(name, ALL_VERBS, n=2)
    raise WrongUsage(f"there is no verb {name!r}", nearest=near, hint="%nbr lists the verbs")


def _named(function: Callable[..., Any], name: str, text: str) -> Callable[..., Any]:
    # What `%name?` shows.
    function.__name__ = function.__qualname__ = name
    function.__doc__ = text
    # Without this IPython would expand {…} and $… in the line before we see it.
    return no_var_expand(function)


def overview() -> str:
    """Say what ``%nbr`` knows: one line a verb, and two examples."""
    width = max(map(len, ALL_VERBS))
    return "\n".join(
        [
            "%nbr VERB …: the verbs of the model registry.",
            "",
            *(f"  {verb.name:{width}}  {verb.summary}" for verb in ALL_VERBS.values()),
            "",
            "%nbr VERB --help tells a verb's arguments. Also as magics of their own:",
            f"  {', '.join(f'%{verb.name}' for verb in SHORT_VERBS)}.",
            "",
            "examples:",
            "  %nbr log tumour",
            "  %nbr load tumour@champion --as clf",
        ]
    )
