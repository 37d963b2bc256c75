"""The command line: ``nbregistry VERB``, the notebook's verbs without a notebook.

Only the verbs that need no live objects are here, with the arguments and the methods they have in a
notebook; the next steps that they name are the command line's own. The exit code is 0 for done, 1 for refused (or for
a ``check`` that was not passed, a ``verify`` or ``backup`` that found damage), 2 for a line that cannot be read.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from nbregistry.errors import InvalidRequirement, NotFound, RegistryError
from nbregistry.location import read_format
from nbregistry.magics import arguments as argument_kinds
from nbregistry.magics import session
from nbregistry.magics.usage import HelpWanted, WrongUsage
from nbregistry.magics.verbs import VERBS
from nbregistry.model import Evaluation
from nbregistry.progress import hidden
from nbregistry.shell_words import ShellWords

if TYPE_CHECKING:
    from nbregistry.magics.parsing import Parser
    from nbregistry.magics.verb import Verb
    from nbregistry.registry import Registry

DONE, REFUSED, MISUSED = 0, 1, 2
COMMANDS: dict[str, Verb] = {name: verb for name, verb in VERBS.items() if verb.command}
_TEXTS = frozenset({
    argument_kinds.text, argument_kinds.alias, argument_kinds.metric, argument_kinds.sort_key,
    argument_kinds.filter_text, argument_kinds.column, argument_kinds.path, argument_kinds.key,
    argument_kinds.requirement,
})  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and give the exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the program's name; ``sys.argv`` if left out.
    """
    _take_any_character()
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except HelpWanted as help_text:
        _say(str(help_text).rstrip())
        return DONE
    except RegistryError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return MISUSED if isinstance(error, WrongUsage | InvalidRequirement) else REFUSED
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def parser_of(verb: Verb) -> Parser:
    """Give a verb's parser, with the two options that only the command line has."""
    parser = verb.parser(f"nbregistry {verb.name}")
    for action in (*parser.positionals, *parser.options.values()):
        if action.type in _TEXTS:
            action.type = str  # the shell took its quotes off: those that are left are the user's
        elif action.type is argument_kinds.expression:
            action.type, action.help = _of_a_notebook, f"{action.help} (in a notebook)"
    parser.add_argument("--json", action="store_true", help="strict JSON on standard output")
    parser.add_argument("--registry", metavar="URL", help="this registry, not the nearest one")
    return parser


def _of_a_notebook(token: str) -> NoReturn:
    raise WrongUsage(
        f"{token!r} would be a variable of a notebook, and there are none here",
        hint="leave it out: evaluations that were kept are compared without the data",
    )


def overview() -> str:
    """Say what there is."""
    width = max(map(len, COMMANDS))
    return "\n".join(
        [
            "usage: nbregistry VERB … [--json] [--registry URL]",
            "",
            *(f"  {verb.name:{width}}  {verb.summary}" for verb in COMMANDS.values()),
            "",
            "nbregistry VERB --help tells a verb's arguments; nbregistry --version, which release this is.",
            "In a notebook: %load_ext nbregistry.",
        ]
    )


def _run(argv: list[str]) -> int:
    if not argv or argv[0] in ("help", "--help", "-h"):
        raise HelpWanted(parser_of(_command(argv[1])).format_help() if argv[1:] else overview())
    import nbregistry

    if argv[0] == "--version":
        _say(f"nbregistry {nbregistry.__version__}")
        return DONE
    verb = _command(argv[0])
    arguments = parser_of(verb).parse(argv[1:])
    words = ShellWords(COMMANDS, arguments.registry or "")
    token = hidden.set(arguments.json)
    try:
        result = verb.call(lambda: _open(arguments.registry, verb), arguments, {})
    except RegistryError as error:
        error.hint = words.in_hint(error.hint)
        error.otherwise = tuple(map(words.in_hint, error.otherwise))
        raise
    finally:
        hidden.reset(token)
    if arguments.json:
        _say(to_json(result))
    else:
        from nbregistry.display.render_text import render_text
        from nbregistry.display.views import card_of

        _say(render_text(words.in_card(card_of(result))))
    return DONE if getattr(result, "ok", True) else REFUSED


def _open(url: str | None, verb: Verb) -> Registry:
    """Open the registry; only an import may make one: elsewhere a place without one is a mistake."""
    import nbregistry

    registry = nbregistry.open(url)
    if verb is not COMMANDS["import"] and read_format(registry.path) is None:
        raise NotFound(
            f"there is no registry at {registry.path}",
            hint=f"go to its folder, or name it: nbregistry {verb.name} --registry PATH",
        )
    return registry


def _command(name: str) -> Verb:
    if name in COMMANDS:
        return COMMANDS[name]
    if name == session.VERB.name:
        raise WrongUsage(
            "here the registry is an option", hint="nbregistry VERB --registry PATH; in a notebook: %registry"
        )
    if name in VERBS:
        hint = f"in a notebook: %load_ext nbregistry, then {VERBS[name].magic}"
        raise WrongUsage(f"{name!r} needs live objects", hint=hint)
    if name.startswith("-"):
        raise WrongUsage(f"{name} stands before the verb", hint="nbregistry VERB … --json --registry URL")
    near = difflib.get_close_matches(name, COMMANDS, n=2)
    raise WrongUsage(f"there is no verb {name!r}", nearest=near, hint="nbregistry help")


def plain(result: Any) -> Any:
    """Turn what a verb returned into lists and dicts for JSON; a sequence of versions becomes a list.

    Examples
    --------
    >>> from nbregistry.outcomes import Collection
    >>> plain(Collection(freed_bytes=10, blobs=1, applied=False))
    {'freed_bytes': 10, 'blobs': 1, 'applied': False, 'losses': [], 'protected': [], 'trash': []}
    """
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    if isinstance(result, Sequence) and not isinstance(result, str):
        return [plain(item) for item in result]
    if isinstance(result, frozenset):
        return sorted(result)
    if isinstance(result, str):  # a path of the system may hold bytes that are no text
        return result.encode("utf-8", "backslashreplace").decode()
    if dataclasses.is_dataclass(result):
        ref = getattr(result, "ref", None)  # a version's is put together from its name and number
        return ({} if ref is None else {"ref": ref}) | {
            field.name: plain(getattr(result, field.name))
            for field in dataclasses.fields(result)
            if not (isinstance(result, Evaluation) and field.name == "rows")  # arrays: the record only leads to them
        }
    return result


def to_json(result: Any) -> str:
    r"""Give what a verb returned as strict JSON, in which no character acts on a terminal.

    Examples
    --------
    >>> print(to_json({"note": "\x9b31m \u202e \U000e0041"}))
    {"note":"\u009b31m \u202e \udb40\udc41"}
    """
    from nbregistry.catalog.exact import dumps

    # A comparison knows best what of it is data, for it holds arrays, too; and a document is one already.
    if hasattr(result, "to_json"):
        found = json.loads(result.to_json())
        written = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    else:
        written = dumps(plain(result), sort_keys=False).decode()
    # Outside of its texts JSON has printable characters only, so each of these stands in a text.
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in written)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # a closed pipe is told here, not while Python shuts down


def _take_any_character() -> None:
    # A console that cannot show a character shows its escape; names of models may be in any script.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
