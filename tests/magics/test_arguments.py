from __future__ import annotations

import sys

import pytest

from nbregistry.errors import RegistryError
from nbregistry.magics.arguments import Parser, pair, reference, text, variable
from nbregistry.magics.usage import HelpWanted, WrongUsage
from nbregistry.magics.verbs import VERBS


@pytest.fixture
def parser() -> Parser:
    parser = Parser("%demo", "Demonstrate.", ["%demo a@1"])
    parser.add_argument("ref", type=reference)
    parser.add_argument("--reason", type=text)
    parser.add_argument("--sort", action="append", type=text)
    parser.add_argument("--on", nargs=2)
    return parser


def test_a_mistyped_option_names_the_nearest_and_the_usage(parser):
    with pytest.raises(WrongUsage) as caught:
        parser.parse(["a@1", "--reson", "drift"])
    assert caught.value.nearest == ("--reason",)
    assert caught.value.hint.startswith("%demo [--help]")
    assert isinstance(caught.value, RegistryError)


def test_abbreviations_are_not_guessed(parser):
    with pytest.raises(WrongUsage):
        parser.parse(["a@1", "--rea", "drift"])


@pytest.mark.parametrize(
    ("tokens", "message"),
    [([], "required: ref"), (["a", "b"], "'b' is too much"), (["a", "--on", "X"], "expected 2 arguments")],
)
def test_wrong_lines_say_what_is_wrong_and_never_exit(parser, tokens, message):
    with pytest.raises(WrongUsage, match=message):
        parser.parse(tokens)


def test_values_may_start_with_a_minus(parser):
    arguments = parser.parse(["a", "--sort", "-metrics.auc", "--reason", "-5 degrees", "--on", "-X", "-1"])
    assert (arguments.sort, arguments.reason, arguments.on) == (["-metrics.auc"], "-5 degrees", ["-X", "-1"])


def test_a_quoted_value_may_look_like_an_option(parser):
    assert parser.parse(["a", "--reason", '"--sort"']).reason == "--sort"


def test_help_is_raised_not_printed(parser, capsys):
    with pytest.raises(HelpWanted, match="Demonstrate"):
        parser.parse(["--help"])
    assert capsys.readouterr() == ("", "")


def test_help_has_no_colours(parser, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in parser.format_help()
    assert sys.version_info >= (3, 11)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("a=1", ("a", 1)),
        ("a=b=c", ("a", "b=c")),
        ("a=", ("a", "")),
        ('"a b"=1', ("a b", 1)),
        ('"a=1"', ("a", 1)),
        ("clf__C=0.5", ("clf__C", 0.5)),
    ],
)
def test_pairs(token, expected):
    assert pair(token) == expected


@pytest.mark.parametrize("token", ["a", "=1", "'a b'"])
def test_what_is_no_pair_is_told(token):
    with pytest.raises(WrongUsage, match="not of the form key=value"):
        pair(token)


def test_only_identifiers_can_be_bound():
    with pytest.raises(WrongUsage):
        variable("not one")


@pytest.mark.parametrize("verb", VERBS.values(), ids=str.__str__ and (lambda verb: verb.name))
def test_every_parser_takes_no_nonsense(verb):
    with pytest.raises(WrongUsage):
        verb.parser().parse(["a", "b", "c", "d", "--no-such-option"])
