"""The notebook's next steps, in a shell's words."""

from __future__ import annotations

import shlex

import pytest

from nbregistry.cli import COMMANDS, parser_of
from nbregistry.display.blocks import Card, Commands, Notes, Section, Span, line
from nbregistry.display.commands import command, pair
from nbregistry.shell_words import ShellWords

WORDS = ShellWords(COMMANDS)


@pytest.mark.parametrize(
    ("notebook", "shell"),
    [
        ("%versions lists the models", "nbregistry versions lists the models"),
        ("%nbr verify; restore it from a backup", "nbregistry verify; restore it from a backup"),
        ("%rollback a --to a@N; %nbr log a shows it", "nbregistry rollback a --to a@N; nbregistry log a shows it"),
        ("%nbr help", "nbregistry help"),
        ("%pip install --upgrade nbregistry", "pip install --upgrade nbregistry"),
        ("%register NAME MODEL makes it", "in a notebook: %register NAME MODEL makes it"),
        ("%registry trust ed25519:ab", "in a notebook: %registry trust ed25519:ab"),
        ("say why: 5% verify", "say why: 5% verify"),
        ("events = %nbr log, then events.to_frame()", "events = %nbr log, then events.to_frame()"),
        ("", ""),
    ],
)
def test_hints(notebook: str, shell: str) -> None:
    assert WORDS.in_hint(notebook) == shell


@pytest.mark.parametrize(
    "reason", ["drift", "two words", "it's", 'a "quote"', "$HOME `ls` !x", "a; b # c", "back\\slash x", "größer"]
)
def test_a_reason_reaches_the_verb_as_it_is(reason: str) -> None:
    said = ShellWords(COMMANDS, "a folder").in_command(command("%rollback", "my model", reason=reason))
    program, verb, *argv = shlex.split(said)
    assert (program, verb) == ("nbregistry", "rollback")
    arguments = parser_of(COMMANDS["rollback"]).parse(argv)
    assert (arguments.name, arguments.reason, arguments.registry) == ("my model", reason, "a folder")


@pytest.mark.parametrize("value", ["onco", "12", "None", "two words", "it's", 'a "b"', "$x", 12, 0.5, True, None, "é"])
@pytest.mark.parametrize("key", ["team", "two words"])
def test_a_tag_reaches_the_verb_as_it_is(key: str, value: object) -> None:
    written = f"{command('%nbr tag', 'a@1')} {pair(key, value)}"
    _, _, *argv = shlex.split(WORDS.in_command(written))
    ((found_key, found),) = parser_of(COMMANDS["tag"]).parse(argv).tags
    assert (found_key, found, type(found)) == (key, value, type(value))


def test_only_our_own_words_change_in_a_display() -> None:
    card = Card(
        title=line(Span("%versions", "user"), " %versions"),
        lead=line(Span("%versions a", "code")),
        blocks=(
            Section(line("more"), (Notes("", (line(Span("%nbr log", "user")), line("%nbr log"))),)),
            Commands("next", (("%evaluate a@1 X y", "how good it is"), ("%nbr log", "what happened"))),
        ),
    )
    found = WORDS.in_card(card)
    assert found == Card(
        title=line(Span("%versions", "user"), " nbregistry versions"),
        lead=line(Span("nbregistry versions a", "code")),
        blocks=(
            Section(line("more"), (Notes("", (line(Span("%nbr log", "user")), line("nbregistry log"))),)),
            Commands(
                "next", (("%evaluate a@1 X y", "how good it is, in a notebook"), ("nbregistry log", "what happened"))
            ),
        ),
    )
