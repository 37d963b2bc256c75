"""What could fool a reader is said where it is large, and nothing is said of sound models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import Measured, evaluate
from nbregistry.evaluation.pitfalls import Pitfall, find_pitfalls, remarks, told
from nbregistry.model import ModelVersion

if TYPE_CHECKING:
    from collections.abc import Sequence


class Scored:
    """A classifier that gives the same scores for whatever rows."""

    def __init__(self, scores: Sequence[float], threshold: float = 0.5) -> None:
        self.classes_ = np.array(["no", "yes"])
        self._scores = np.asarray(scores, dtype=float)
        self._threshold = threshold

    def predict(self, X: object) -> np.ndarray:
        return self.classes_[(self._scores > self._threshold).astype(int)]

    def predict_proba(self, X: object) -> np.ndarray:
        return np.column_stack([1 - self._scores, self._scores])


def drawn(scores, seed=0):
    """Outcomes that the scores are right about."""
    return np.where(np.random.default_rng(seed).random(len(scores)) < scores, "yes", "no")


def measured(scores, y, threshold=0.5):
    return evaluate(Scored(scores, threshold), np.zeros((len(y), 1)), y)


def one_of(found: Measured) -> str:
    (said,) = remarks(found)
    return said


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        RandomForestClassifier(random_state=0),
        HistGradientBoostingClassifier(max_iter=20, random_state=0),
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 4])
def test_nothing_is_said_of_sound_classifiers(model, seed):
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)
    assert remarks(evaluate(model.fit(X_train, y_train), X_test, y_test)) == ()


def test_nothing_is_said_of_a_sound_regressor():
    X, y = load_diabetes(return_X_y=True)
    assert remarks(evaluate(LinearRegression().fit(X[::2], y[::2]), X[1::2], y[1::2])) == ()


def test_accuracy_that_guessing_has_too():
    y = np.array(["no"] * 190 + ["yes"] * 10)
    scores = np.concatenate([np.linspace(0.01, 0.2, 189), [0.9], np.linspace(0.02, 0.25, 9), [0.9]])
    assert one_of(measured(scores, y)).startswith(
        "accuracy says little here: 0.950, where always saying 'no' has 0.950; go by balanced_accuracy"
    )
    half_found = np.where(y == "yes", np.linspace(0, 0.9, 200), 0.01)  # half of the errors of guessing avoided
    half_found[190:195] = 0.3
    assert not [said for said in remarks(measured(half_found, y)) if "accuracy" in said]


def test_one_prediction_for_all():
    X, y = np.zeros((40, 1)), np.array(["no"] * 30 + ["yes"] * 10)
    always = "every row gets the same prediction: 'no' for all 40 rows; "
    assert remarks(evaluate(DummyClassifier().fit(X, y), X, y))[-1] == always + "it has learned nothing from the inputs"
    ranks = measured(np.where(y == "yes", 0.4, 0.15), y)
    assert any(said.startswith(always + "its scores differ, so choose another") for said in remarks(ranks))
    numbers = np.arange(1.0, 41)
    assert "20.5 for all 40 rows" in one_of(evaluate(DummyRegressor().fit(X, numbers), X, numbers))
    assert remarks(evaluate(DummyRegressor().fit(X, np.ones(40)), X, np.ones(40)))[1:] == ()  # r2 is left out, no more


def test_classes_of_a_few_rows_are_named():
    X = np.repeat(np.arange(6), [20, 3, 1, 9, 2, 10])[:, None]
    y = np.array(list("abcdef"))[X[:, 0]]
    said = one_of(evaluate(DecisionTreeClassifier().fit(X, y), X, y))
    assert said.startswith(
        "too few rows of a class to say how well it is found: 'b' has 3 rows, each moves its recall by 0.33; "
        "'c' has 1 row, each moves its recall by 1; 'd' has 9 rows, each moves its recall by 0.11, and 1 more classes;"
    )


def test_scores_upside_down():
    scores = np.linspace(0.01, 0.99, 120)
    y = drawn(scores)
    right, wrong = measured(scores, y), measured(1 - scores, y)
    assert remarks(right) == ()
    (said,) = [said for said in remarks(wrong) if "upside down" in said]
    assert f"ROC AUC {1 - right.metrics['roc_auc']:.3f} (99% interval" in said
    assert "1 - score would do better" in said
    assert "'yes' here" in said


def test_rows_with_weights_are_upside_down_by_their_weights():
    scores = np.linspace(0.01, 0.99, 400)
    y = np.where(np.arange(400) % 2, drawn(scores), drawn(1 - scores, seed=1))  # every second row the wrong way round

    def said(weights):
        found = evaluate(Scored(scores), np.zeros((400, 1)), y, weights)
        return [said for said in remarks(found) if "upside down" in said]

    assert not said(np.ones(400))
    assert said(np.where(np.arange(400) % 2, 0.05, 1.0))
    assert not said(np.where(np.arange(400) % 2, 1.0, 0.05))


def test_a_worthless_score_is_not_upside_down():
    y = np.array(["no", "yes"] * 100)
    scores = np.linspace(0.4, 0.6, 200)[np.random.default_rng(3).permutation(200)]
    found = min((measured(each, y) for each in (scores, 1 - scores)), key=lambda each: each.metrics["roc_auc"])
    assert found.metrics["roc_auc"] < 0.5
    assert not [said for said in remarks(found) if "upside" in said]


def test_an_area_of_zero_is_certain_only_of_enough_rows():
    def said(rows):
        scores = np.concatenate([np.linspace(0.6, 0.9, rows), np.linspace(0.1, 0.4, rows)])
        found = find_pitfalls(measured(scores, np.repeat(["no", "yes"], rows)))
        return [pitfall for pitfall in found if pitfall.problem == "the scores are upside down"]

    assert not said(3)  # one order of twenty is as bad
    assert said(6)


@pytest.mark.parametrize(("versions", "end"), [(3, ", m@3 by 3; x"), (4, ", m@3 by 3, and 1 more version; x")])
def test_of_many_versions_some_have_their_figures_told(versions, end):
    found = {f"m@{number}": [Pitfall("far off", f"by {number}", "x")] for number in range(1, versions + 1)}
    (said,) = told(found | {"m@9": []})
    assert said == f"far off: m@1 by 1, m@2 by 2{end}"
    same = {f"m@{number}": [Pitfall("far off", "by 1", "x")] for number in range(20)}
    assert told(same) == ("far off: by 1; x",)


def test_each_is_said_once_for_all_versions():
    scores = np.linspace(0.01, 0.99, 300)
    y = drawn(scores)
    versions = [ModelVersion("m", number) for number in (1, 2, 3)]
    found = [measured(scores, y), measured(1 - scores, y), measured(np.round(1 - scores, 1), y)]
    notes = compare_versions(versions, found, baseline="m@1").notes
    (upside,) = [note for note in notes if "upside down" in note]
    assert upside.startswith("the scores are upside down: m@2 ROC AUC ")
    assert ", m@3 ROC AUC " in upside
    assert upside.count("1 - score would do better") == 1
    rare = np.array(["no"] * 295 + ["yes"] * 5)
    good = np.where(rare == "yes", 0.95, 0.01)
    notes = compare_versions(versions[:2], [measured(good, rare), measured(good, rare)], baseline="m@1").notes
    assert len(notes) == 1
    assert "m@1" not in notes[0]  # it is true of the rows
