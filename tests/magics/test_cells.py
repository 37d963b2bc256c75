"""``%%register``: the cell first, as the notebook would run it; then the registration."""

from __future__ import annotations

import asyncio

import pytest

from nbregistry.errors import InvalidName, Refused
from nbregistry.magics.usage import WrongUsage


def test_the_cell_runs_first_and_is_timed(shell, recorder):
    result = shell.run_cell(
        "%%register churn clf --on X y\nimport time\nX, y = [1], [0]\ntime.sleep(0.05)\nclf = 'fitted'"
    )
    assert result.success
    (call,) = recorder.calls
    assert call.args == ("churn", "fitted")
    assert 0.05 <= call.kwargs["training_seconds"] < 5
    assert result.result is call


def test_the_last_expression_is_still_displayed(shell, recorder, capsys):
    shell.run_cell("%%register churn clf\nclf = 'fitted'\nprint('printed')\n40 + 2")
    out = capsys.readouterr().out
    assert out.index("printed") < out.index("42") < out.index("Call(method='register'")


def test_an_alias_with_a_policy_is_refused_before_the_cell_runs(shell, capsys):
    shell.run_cell("%register churn [1]\n%nbr policy churn@champion approved")
    result = shell.run_cell("%%register churn clf --alias champion\nclf = [2]")
    assert isinstance(result.error_in_exec, Refused)
    assert "what is only being registered was not judged" in capsys.readouterr().out
    assert "clf" not in shell.user_ns


def test_magics_inside_the_cell_work(shell, recorder):
    assert shell.run_cell("%%register churn clf\n%time clf = 'fitted'").success


def test_a_failing_cell_shows_its_own_traceback_and_stops_the_registration(shell, recorder, capsys):
    result = shell.run_cell("%%register churn clf\nclf = 1 / 0")
    assert isinstance(result.error_in_exec, Refused)
    out = capsys.readouterr().out
    assert "clf = 1 / 0" in out
    assert "ZeroDivisionError: division by zero" in out
    assert "Refused: nothing was registered, because the cell stopped with ZeroDivisionError" in out
    assert "nbregistry/magics" not in out
    assert not recorder.calls


def test_a_syntax_error_in_the_cell_stops_it_too(shell, recorder, capsys):
    assert not shell.run_cell("%%register churn clf\nclf = (1").success
    assert "SyntaxError" in capsys.readouterr().out
    assert not recorder.calls


def test_an_interrupt_stops_it_too(shell, recorder, capsys):
    shell.run_cell("%%register churn clf\nraise KeyboardInterrupt")
    assert "stopped with KeyboardInterrupt" in capsys.readouterr().out
    assert not recorder.calls


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("churn clf --tagz a=1", WrongUsage),
        ("churn clf +", WrongUsage),
        ("churn clf --metrics auc=x", WrongUsage),
        ("a/b clf", InvalidName),
        ("churn clf --alias latest", InvalidName),
    ],
)
def test_what_can_be_refused_early_is_refused_before_the_cell_runs(shell, recorder, line, error):
    result = shell.run_cell(f"%%register {line}\nran = True")
    assert isinstance(result.error_in_exec, error)
    assert "ran" not in shell.user_ns


def test_the_cell_around_keeps_its_result(shell, recorder):
    assert shell.run_cell("%%register churn clf\nclf = 1\n'inner'").result.method == "register"


def test_a_cell_that_awaits_inside_a_running_loop_is_refused_with_a_way_out(shell, recorder):
    async def notebook():
        return shell.run_cell_magic("register", "churn clf", "import asyncio\nclf = await asyncio.sleep(0, 'm')\n")

    with pytest.raises(Refused, match="awaits at its top level"):
        asyncio.run(notebook())
    assert not recorder.calls
