"""Tab completion in the lines of our magics, as a matcher of IPython's second interface.

The older hook (``set_hook("complete_command")``) is not asked after ``c = %compare ``; a matcher is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, cast

from IPython.core.completer import SimpleCompletion, context_matcher

from nbregistry.errors import RegistryError
from nbregistry.magics.candidates import offer
from nbregistry.magics.dispatch import ALL_VERBS
from nbregistry.magics.place import Offer, Place, words
from nbregistry.magics.position import Call, expected_at, find_call

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

    from nbregistry.magics.session import Session

Matcher = Callable[["CompletionContext"], "SimpleMatcherResult"]
_NOTHING = Offer("", [], "")


def matcher_for(shell: InteractiveShell, session: Session, magics: Collection[str]) -> Matcher:
    """Make the matcher of one notebook.

    Parameters
    ----------
    shell : InteractiveShell
        Whose variables are offered.
    session : Session
        Whose registry is asked.
    magics : collection of str
        The names of our magics; those that another extension holds are not among them.
    """

    def complete(context: CompletionContext) -> SimpleMatcherResult:
        before = context.line_with_cursor[: context.cursor_position]
        after = context.line_with_cursor[context.cursor_position :]
        call = find_call(before)
        found = _NOTHING
        if call and call.name in magics:
            try:
                found = _offer(call, Place(call.fragment, after, session.registry, shell.user_ns))
            except RegistryError:  # no such model, or no registry here: no reason to interrupt who types
                found = _NOTHING
        return {
            "completions": [SimpleCompletion(text, type=found.kind) for text in found.texts],
            "matched_fragment": found.fragment,
            "ordered": True,
            # Where we know what is expected, files and builtins are noise; but a subcommand may be a folder.
            "suppress": bool(found.texts) and found.kind != "subcommand",
        }

    return cast("Matcher", context_matcher(identifier="nbregistry")(complete))


def _offer(call: Call, place: Place) -> Offer:
    name, given = call.name, list(call.tokens)
    if name == "nbr":
        if given[:1] == ["help"]:
            given.pop(0)
        if not given:
            return words(place, [*ALL_VERBS, "help"], "verb")
        name = given.pop(0)
    return _argument(name, given, place) if name in ALL_VERBS else _NOTHING


def _argument(verb: str, tokens: list[str], place: Place) -> Offer:
    parser = ALL_VERBS[verb].parser()
    expected = expected_at(parser, tokens)
    action = expected.action
    place = place.at(action.dest if action else "", expected.given)
    sorting = bool(action and action.dest == "sort")
    if action is None or (place.fragment.startswith("-") and not sorting):
        free = [
            name
            for name, option in parser.options.items()
            if option.dest not in expected.given or option.dest == "sort"
        ]
        found = [option for option in free if option.startswith(place.fragment)]
        return Offer(place.fragment, found, "option") if expected.options else _NOTHING
    if action.choices is not None:
        return words(place, map(str, action.choices), "choice")
    offered: Any = offer(action.type, place) if callable(action.type) else None
    return offered or _NOTHING
