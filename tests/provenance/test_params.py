"""Parameters, algorithm, fittedness."""

from __future__ import annotations

import enum
import functools
import json
import subprocess
import sys
from typing import ClassVar

import numpy as np
import pytest
from scipy.sparse.linalg import aslinearoperator
from scipy.stats import loguniform
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from nbregistry.provenance.params import algorithm_of, is_fitted, read_params, training_seconds
from nbregistry.provenance.wording import short_text


class Colour(enum.Enum):
    RED = 1


class Odd(BaseEstimator):
    """An estimator that takes anything."""

    def __init__(self, thing=None, *, flag=True, ratio=1.0, missing=float("nan")):
        self.thing, self.flag, self.ratio, self.missing = thing, flag, ratio, missing


def test_what_was_set_by_hand_stands_apart_from_the_defaults():
    by_hand, defaults = read_params(make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=100)))
    assert by_hand == {"logisticregression__C": 0.5}
    assert defaults["logisticregression__max_iter"] == 100
    assert defaults["standardscaler__with_mean"] is True
    assert not {"steps", "logisticregression", "standardscaler"} & {*by_hand, *defaults}


def test_parameters_of_nested_columns():
    model = ColumnTransformer([("num", StandardScaler(with_mean=False), ["age"]), ("cat", OneHotEncoder(), ["city"])])
    by_hand, defaults = read_params(make_pipeline(model, LogisticRegression()))
    assert by_hand == {
        "columntransformer__num__with_mean": False,
        "columntransformer__transformers": "[('num', StandardScaler, ['age']), ('cat', OneHotEncoder, ['city'])]",
    }
    assert defaults["columntransformer__cat__handle_unknown"] == "error"


def test_a_search_says_what_it_found():
    search = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2]}, cv=2)
    by_hand, _ = read_params(search)
    assert by_hand == {"cv": 2, "estimator__random_state": 0, "param_grid": "{'max_depth': [1, 2]}"}
    search.fit([[0], [1], [2], [3]] * 2, [0, 1, 1, 0] * 2)
    assert read_params(search)[0]["best__max_depth"] == search.best_params_["max_depth"]


def test_a_step_that_is_switched_off_is_a_parameter():
    assert read_params(make_pipeline("passthrough", Ridge()))[0] == {"passthrough": "passthrough"}
    assert "estimators" not in read_params(VotingClassifier([("a", Ridge()), ("b", "drop")]))[0]


def test_numbers_of_numpy_become_python_s():
    by_hand, _ = read_params(Odd(np.int64(3), ratio=np.float32(0.5), flag=np.bool_(False)))
    assert by_hand == {"thing": 3, "ratio": 0.5, "flag": False}
    assert [type(value) for value in by_hand.values()] == [bool, float, int]


def test_true_is_not_one_and_nan_is_itself():
    assert read_params(Odd(flag=1, ratio=True))[0] == {"flag": 1, "ratio": True}
    assert read_params(Odd(ratio=1, missing=np.float64("nan")))[0] == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.log1p, "numpy.log1p"),
        (Colour.RED, "Colour.RED"),
        (LogisticRegression, "sklearn.linear_model._logistic.LogisticRegression"),
        (functools.partial(int, base=2), "partial(builtins.int, base=2)"),
        ({"b", "a"}, "{'a', 'b'}"),
        (("a",), "('a',)"),
        (np.array([1.5, 2]), "ndarray([1.5, 2.0])"),
        (loguniform(1, 10), "loguniform(1, 10)"),
        (np.random.RandomState(0), "RandomState"),
        (object(), "<object object>"),
        (slice(1, 2), "slice(1, 2, None)"),
        (None, "None"),
        ([None, True, 1], "[None, True, 1]"),
        ("\ud800", "\\ud800"),
    ],
)
def test_anything_else_is_short_text(value, text):
    assert short_text(value) == text


def test_text_without_addresses_and_without_end():
    assert short_text(lambda x: x).endswith("test_text_without_addresses_and_without_end.<locals>.<lambda>")
    assert len(short_text("x" * 1000)) == 500
    assert len(short_text([["y" * 100] * 100])) == 500
    loop: list[object] = []
    loop.append(loop)
    assert "…" in short_text(loop)

    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert short_text(Broken()).endswith("Broken>")


def test_large_arrays_are_told_apart():
    one, other = np.zeros((10, 10)), np.zeros((10, 10))
    assert short_text(one) == short_text(other)
    assert short_text(one).startswith("ndarray 10 × 10 ")
    assert short_text(one) == short_text(np.asfortranarray(other))
    other[5, 5] = 1
    assert short_text(one) != short_text(other)


def test_what_cannot_be_pickled_is_told_all_the_same():
    functions = np.array([lambda: 1] * 100)
    assert short_text(functions).startswith("ndarray 100 ")
    assert short_text(aslinearoperator(np.eye(20))) == "MatrixLinearOperator 20 × 20"


def test_the_text_is_the_same_in_every_process():
    code = """
import json, numpy as np
from scipy.stats import uniform
from sklearn.linear_model import Ridge
from sklearn.model_selection import RandomizedSearchCV
from sklearn.preprocessing import FunctionTransformer
from nbregistry.provenance.params import read_params
random = np.random.RandomState(1)
search = RandomizedSearchCV(Ridge(), {"alpha": uniform(0, 1)}, scoring={"x", "y", "zz"}, random_state=random)
print(json.dumps([read_params(search), read_params(FunctionTransformer(np.log1p, kw_args={"o": object()}))]))
"""
    run = [sys.executable, "-c", code]
    answers = {subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(answers) == 1
    assert " at 0x" not in answers.pop()


def test_every_value_is_a_json_scalar():
    models = [
        RandomizedSearchCV(Ridge(), {"alpha": loguniform(1, 10)}),
        FunctionTransformer(np.log1p, inverse_func=lambda x: x),
        RandomForestClassifier(class_weight={0: 1, 1: 2}),
        Odd([object()]),
    ]
    for model in models:
        for params in read_params(model):
            assert json.loads(json.dumps(params)).keys() == params.keys()
            assert all(value is None or isinstance(value, str | int | float) for value in params.values())


def test_what_is_no_estimator_has_no_parameters():
    class Broken:
        def get_params(self, deep):
            raise RuntimeError

    class Strange:
        get_params: ClassVar = {"a": 1}.copy

    assert read_params({"a": 1}) == read_params(LogisticRegression) == read_params(Broken()) == ({}, {})
    assert read_params(Strange()) == ({}, {})


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (LogisticRegression(), "LogisticRegression"),
        (make_pipeline(StandardScaler(), make_pipeline(StandardScaler(), Ridge())), "Ridge"),
        (make_pipeline(Ridge(), "passthrough"), "Ridge"),
        (GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {}), "GridSearchCV(Ridge)"),
        (make_pipeline(StandardScaler(), GridSearchCV(Ridge(), {})), "GridSearchCV(Ridge)"),
        (CalibratedClassifierCV(LogisticRegression()), "CalibratedClassifierCV(LogisticRegression)"),
        (CalibratedClassifierCV(), "CalibratedClassifierCV"),
        (TransformedTargetRegressor(Ridge()), "TransformedTargetRegressor(Ridge)"),
        (AdaBoostClassifier(), "AdaBoostClassifier"),
        ({"w": 1}, "dict"),
    ],
)
def test_the_algorithm_is_what_learns(model, name):
    assert algorithm_of(model) == name


def test_the_time_of_the_fit_is_known_to_searches():
    search = GridSearchCV(Ridge(), {"alpha": [1, 2]}, cv=2)
    pipeline = make_pipeline(StandardScaler(), search)
    assert training_seconds(search) is None
    pipeline.fit([[0], [1], [2], [3]], [0, 1, 2, 3])
    assert training_seconds(pipeline) == pipeline[-1].refit_time_ > 0
    assert training_seconds(Ridge()) is None
    assert training_seconds([1]) is None


def test_whether_it_is_fitted():
    model = make_pipeline(StandardScaler(), LogisticRegression())
    assert is_fitted(model) is False
    assert is_fitted(model.fit([[0.0], [1.0]], [0, 1])) is True
    assert is_fitted(LogisticRegression()) is False
    assert is_fitted(FunctionTransformer()) is True
    assert is_fitted({"a": 1}) is None
    assert is_fitted(LogisticRegression) is None
