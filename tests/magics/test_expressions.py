from __future__ import annotations

import math

import pytest

from nbregistry.errors import NotFound
from nbregistry.magics.expressions import expression, nearest_variables, variables
from nbregistry.magics.usage import WrongUsage


def test_it_is_read_in_the_namespace():
    assert expression("[n + 1 for n in xs]").value({"xs": [1, 2]}) == [2, 3]


def test_the_namespace_may_hold_what_python_calls_builtins():
    assert expression("max(xs)").value({"xs": [1, 3]}) == 3


def test_a_missing_variable_is_told_with_the_nearest_ones():
    with pytest.raises(NotFound) as caught:
        expression("X_tset[:, 1]").value({"X_test": 1, "y_test": 2})
    assert caught.value.nearest[0] == "X_test"
    assert "there is no variable 'X_tset'" in str(caught.value)


def test_a_name_error_deep_in_users_code_stays_pythons_own():
    def broken():
        return undefined_here  # noqa: F821 - that is the test

    with pytest.raises(NameError, match="undefined_here"):
        expression("f()").value({"f": broken})


def test_other_errors_stay_pythons_own():
    with pytest.raises(KeyError):
        expression("d['b']").value({"d": {}})


@pytest.mark.parametrize("token", ["X +", "a = 1", "import os", "1 2", "x\0"])
def test_what_is_no_expression_is_refused_before_anything_runs(token):
    with pytest.raises(WrongUsage, match="is not a Python expression"):
        expression(token)


def test_braces_and_dollars_are_python():
    assert expression("{'a': 1}['a']").value({}) == 1


def test_variables_leave_out_modules_and_hidden_names():
    assert variables({"clf": 1, "_": 2, "__name__": "m", "math": math, "In": [], "Out": {}}) == ["clf"]


def test_nearest_variables_are_best_first():
    assert nearest_variables("y_tset", {"y_train": 1, "y_test": 2, "z": 3})[0] == "y_test"
