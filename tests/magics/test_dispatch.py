from __future__ import annotations

import pytest

from nbregistry.magics.dispatch import ALL_VERBS, SHORT_VERBS
from nbregistry.magics.usage import WrongUsage


def ask(shell, line, cell=None):
    return shell.run_cell_magic("nbr", line, cell) if cell else shell.run_line_magic("nbr", line)


def test_nothing_but_expressions_is_expanded(shell, recorder):
    shell.user_ns |= {"name": "churn", "reason": "drift"}
    call = shell.run_line_magic("rollback", "churn --reason $reason")
    assert call.kwargs["reason"] == "$reason"


@pytest.mark.parametrize(
    ("line", "method"),
    [
        ("versions $name", "versions(name)"),
        ("promote {name}@1", 'promote(f"{name}@1")'),
        ('promote "${name}@$n"', 'promote(f"{name}@{n}")'),
        ("show {name}", "get(name)"),
        ("rollback {name} --to {name}@1", "rollback(name)"),
    ],
)
def test_a_variable_in_a_line_is_told_with_the_method_that_takes_it(shell, recorder, line, method):
    with pytest.raises(WrongUsage, match="magics expand no variables") as caught:
        ask(shell, line)
    assert caught.value.hint == f"nbregistry.open().{method}"
    assert not recorder.calls


def test_nbr_and_the_short_magic_do_the_same(shell, recorder):
    assert ask(shell, "promote a@1 live") == shell.run_line_magic("promote", "a@1 live")


def test_an_assignment_is_quiet_and_a_bare_line_shows_once(shell, recorder, capsys):
    shell.run_cell("c = %compare a@1 a@2")
    assert capsys.readouterr().out == ""
    assert shell.user_ns["c"].method == "compare"
    result = shell.run_cell("%compare a@1 a@2")
    assert result.result.method == "compare"
    assert capsys.readouterr().out.count("Call(method='compare'") == 1


def test_a_semicolon_silences(shell, recorder, capsys):
    assert shell.run_cell("%compare a@1 a@2;").result is None
    assert capsys.readouterr().out == ""
    assert recorder.calls[0].args == ("a@1", "a@2")


def test_an_unknown_verb_names_the_nearest(shell, recorder):
    with pytest.raises(WrongUsage, match="there is no verb 'rolback'") as caught:
        ask(shell, "rolback churn")
    assert caught.value.nearest[0] == "rollback"


def test_no_line_of_the_overview_is_broken_by_a_notebook_of_usual_width(shell, recorder):
    assert max(map(len, repr(ask(shell, "help")).split("\n"))) <= 120


@pytest.mark.parametrize("line", ["", "help", "--help", "-h"])
def test_nbr_alone_lists_every_verb(shell, line):
    text = repr(ask(shell, line))
    assert all(f"  {name}" in text for name in ALL_VERBS)


@pytest.mark.parametrize("verb", ALL_VERBS.values(), ids=lambda verb: verb.name)
def test_every_verb_has_help(shell, recorder, verb):
    first, second = repr(ask(shell, f"help {verb.name}")), repr(ask(shell, f"{verb.name} --help"))
    assert first.startswith(f"usage: {verb.magic}")
    assert second.startswith(f"usage: %nbr {verb.name}")
    assert verb.summary.split()[0] in first
    assert not recorder.calls


@pytest.mark.parametrize("verb", SHORT_VERBS, ids=lambda verb: verb.name)
def test_the_question_mark_shows_help_with_both_examples(shell, verb):
    shown = shell.object_inspect_mime(f"%{verb.name}")["text/plain"]
    assert all(example in shown for example in verb.examples)


def test_an_error_is_one_block_without_a_traceback(shell, recorder, capsys):
    result = shell.run_cell("%compare a@1 a@2 --onn X y")
    assert isinstance(result.error_in_exec, WrongUsage)
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown[0] == "WrongUsage: %compare: there is no option --onn"
    assert shown[1].strip() == "did you mean: --on"
    assert len(shown) == 3


def test_a_missing_variable_is_one_block_too(shell, recorder, capsys):
    shell.user_ns["X_test"] = 1
    shell.run_cell("%evaluate a@1 X_tset y_test")
    assert capsys.readouterr().out.startswith(
        "NotFound: there is no variable 'X_tset' in this notebook\n  did you mean: X_test"
    )


def test_only_register_takes_a_cell(shell, recorder):
    with pytest.raises(WrongUsage, match="%nbr log takes no cell"):
        ask(shell, "log churn", "x = 1")
    assert "x" not in shell.user_ns


def test_nbr_register_takes_a_cell(shell, recorder):
    call = ask(shell, "register churn clf", "clf = 'fitted'")
    assert call.args == ("churn", "fitted")
    assert call.kwargs["training_seconds"] > 0
