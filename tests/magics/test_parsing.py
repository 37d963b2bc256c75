from __future__ import annotations

import sys

import pytest

from nbregistry.errors import RegistryError
from nbregistry.magics.arguments import reference, text
from nbregistry.magics.parsing import Parser
from nbregistry.magics.splitting import split
from nbregistry.magics.usage import HelpWanted, WrongUsage
from nbregistry.magics.verbs import VERBS


@pytest.fixture
def parser() -> Parser:
    parser = Parser("%demo", "Demonstrate.", ["%demo a@1"])
    parser.add_argument("ref", type=reference)
    parser.add_argument("--reason", metavar="TEXT", type=text)
    parser.add_argument("--sort", action="append", type=text)
    parser.add_argument("--on", nargs=2, metavar=("X", "y"))
    parser.add_argument("--tags", nargs="+", metavar="k=v")
    parser.add_argument("--depends-on", nargs="+")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--kind", choices=("Red", "Blue"))
    return parser


def test_a_mistyped_option_names_the_nearest_and_the_help(parser):
    with pytest.raises(WrongUsage) as caught:
        parser.parse(["a@1", "--reson", "drift"])
    assert caught.value.nearest == ("--reason",)
    assert caught.value.hint == "%demo --help"
    assert isinstance(caught.value, RegistryError)


@pytest.mark.parametrize(
    ("tokens", "near"),
    [
        (["a", "-on", "X", "y"], "--on"),
        (["-on", "X", "y"], "--on"),
        (["a", "-reason", "x"], "--reason"),
        (["a", "-tag", "k=v"], "--tags"),
        (["a", "--tag", "k=v"], "--tags"),
        (["a", "--depends_on", "b"], "--depends-on"),
        (["a", "--depend=b"], "--depends-on"),
        (["a", "-help"], "--help"),
    ],
)
def test_the_nearest_right_option_is_named(parser, tokens, near):
    with pytest.raises(WrongUsage, match="there is no option") as caught:
        parser.parse(tokens)
    assert caught.value.nearest[0] == near
    assert str(caught.value).count("\n") == 2


def test_an_argument_that_is_no_option_is_told():
    with pytest.raises(WrongUsage, match="there is no option --alias; ALIAS is written without one"):
        VERBS["promote"].parser().parse(["churn@2", "--alias", "challenger"])


def test_the_nearest_choice_is_named(parser):
    with pytest.raises(WrongUsage) as caught:
        parser.parse(["a", "--kind", "blue"])
    assert caught.value.nearest == ("Blue",)


@pytest.mark.parametrize(
    ("verb", "line", "meant"),
    [
        ("rollback", "churn to 1", "--to 1"),
        ("rollback", "churn 1", "--to 1"),
        ("rollback", "churn churn@1", "--to churn@1"),
        ("rollback", "churn champion", "--alias champion"),
        ("rollback", "churn drift", "--reason drift"),
        ("load", "churn@1 as clf", "--as clf"),
        ("show", "churn 2", "churn@2"),
        ("lineage", "churn v2", "churn@v2"),
        ("promote", 'churn@2 champion "better recall"', '--reason "better recall"'),
        ("evaluate", "churn@2 X y holdout", "--name holdout"),
    ],
)
def test_what_is_too_much_is_guessed(verb, line, meant):
    with pytest.raises(WrongUsage, match="is too much") as caught:
        VERBS[verb].parser().parse(split(line).tokens)
    assert caught.value.nearest == (meant,)


def test_what_is_too_much_and_resembles_nothing_is_only_told():
    with pytest.raises(WrongUsage, match="'2' is too much") as caught:
        VERBS["show"].parser().parse(["churn@1", "2"])
    assert caught.value.nearest == ()
    for verb, line in (("verify", ["5"]), ("evaluate", ["churn@1", "X", "y", "5"])):
        with pytest.raises(WrongUsage, match="'5' is too much") as caught:
            VERBS[verb].parser().parse(line)
        assert not any("@" in near for near in caught.value.nearest)
    with pytest.raises(WrongUsage, match="'churn is here' is too much") as caught:
        VERBS["verify"].parser().parse(["churn", "is", "here"])
    assert caught.value.nearest == ()


def test_a_choice_left_out_is_no_wrong_choice(parser):
    with pytest.raises(WrongUsage, match="--kind takes one value, kind"):
        parser.parse(["Red", "--kind"])


def test_abbreviations_are_not_guessed(parser):
    with pytest.raises(WrongUsage):
        parser.parse(["a@1", "--rea", "drift"])


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ([], "%demo needs ref"),
        (["a", "b"], "'b' is too much"),
        (["a", "--on", "X"], "--on takes 2 values, X and y"),
        (["a", "--reason"], "--reason takes one value, TEXT"),
        (["a", "--tags"], "--tags takes one value or more, k=v"),
        (["a", "--force=3"], "--force takes no value"),
        (["a", "--kind", "Blu"], "Blu is none of Red, Blue"),
    ],
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


@pytest.mark.parametrize("verb", VERBS.values(), ids=str.__str__ and (lambda verb: verb.name))
def test_every_parser_takes_no_nonsense(verb):
    with pytest.raises(WrongUsage):
        verb.parser().parse(["a", "b", "c", "d", "--no-such-option"])


@pytest.mark.parametrize(
    ("tokens", "near"),
    [
        (["a", "--reason", "better", "on", "the", "holdout"], ('--reason "better on the holdout"',)),
        (["a", "--reason", "better", "on", "--force"], ('--reason "better on"',)),
        (["a", "--reason", '"better"', "so"], ("--reason so",)),
        (["a", "--kind", "Blue", "sky"], ("--reason sky",)),  # what is no text lacks no quotes
    ],
)
def test_a_text_without_its_quotes_is_told_with_them(parser, tokens, near):
    with pytest.raises(WrongUsage, match="is too much") as caught:
        parser.parse(tokens)
    assert caught.value.nearest == near
