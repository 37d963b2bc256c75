"""Metrics: against figures derived by hand and against scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from sklearn import metrics as reference
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from nbregistry.errors import Refused
from nbregistry.evaluation.metrics import METRICS, Measured, evaluate, higher_is_better, measure_rows


class Fixed:
    """A model that says what it is told to say."""

    def __init__(self, prediction, score=None, classes=None):
        self.prediction = np.asarray(prediction)
        if score is not None:
            self.predict_proba = lambda _X: np.column_stack([1 - np.asarray(score), score])
        if classes is not None:
            self.classes_ = np.asarray(classes)

    def predict(self, X):
        return self.prediction[: len(X)]


def rows(count):
    return np.zeros((count, 1))


def confusion(tp, fp, tn, fn, *, positive, negative):
    """Make targets and predictions with these four counts."""
    target = [positive] * tp + [negative] * fp + [negative] * tn + [positive] * fn
    prediction = [positive] * tp + [positive] * fp + [negative] * tn + [negative] * fn
    return np.asarray(target), np.asarray(prediction)


@pytest.mark.parametrize(("positive", "negative"), [(1, 0), (True, False), ("yes", "no"), (2.0, 1.0)])
def test_binary_metrics_equal_those_derived_by_hand(positive, negative):
    tp, fp, tn, fn = 40, 10, 35, 15
    target, prediction = confusion(tp, fp, tn, fn, positive=positive, negative=negative)
    measured = evaluate(Fixed(prediction, classes=[negative, positive]), rows(100), target)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    assert measured.task == "binary"
    assert measured.positive == positive
    assert measured.metrics == pytest.approx(
        {
            "accuracy": (tp + tn) / 100,
            "balanced_accuracy": (recall + tn / (tn + fp)) / 2,
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall),
            "mcc": (tp * tn - fp * fn) / ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) ** 0.5,
        }
    )
    assert [*measured.metrics] == [name for name in METRICS["binary"] if name in measured.metrics]
    assert measured.n == 100


def test_scores_by_hand():
    target, score = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    measured = evaluate(Fixed([0, 0, 0, 1], score, classes=[0, 1]), rows(4), target)
    assert measured.metrics["roc_auc"] == 0.75  # 3 of the 4 pairs are in the right order
    assert measured.metrics["average_precision"] == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)
    assert measured.metrics["brier"] == pytest.approx((0.1**2 + 0.4**2 + 0.65**2 + 0.2**2) / 4)
    assert measured.metrics["log_loss"] == pytest.approx(-np.log([0.9, 0.6, 0.35, 0.8]).mean())


@pytest.mark.parametrize("labels", [lambda y: y, lambda y: y.map({0: "malignant", 1: "benign"}), lambda y: y == 1])
def test_binary_equals_sklearn_for_any_kind_of_label(labels):
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    y = labels(y)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X[:300], y[:300])
    X, y = X[300:], y[300:]
    measured = evaluate(model, X, y)
    positive = model.classes_[1]
    prediction, score, true = model.predict(X), model.predict_proba(X)[:, 1], np.asarray(y) == positive
    assert measured.warnings == ()
    assert measured.metrics == pytest.approx(
        {
            "accuracy": reference.accuracy_score(y, prediction),
            "balanced_accuracy": reference.balanced_accuracy_score(y, prediction),
            "precision": reference.precision_score(y, prediction, pos_label=positive),
            "recall": reference.recall_score(y, prediction, pos_label=positive),
            "f1": reference.f1_score(y, prediction, pos_label=positive),
            "roc_auc": reference.roc_auc_score(true, score),
            "average_precision": reference.average_precision_score(true, score),
            "log_loss": reference.log_loss(true, score),
            "brier": reference.brier_score_loss(true, score),
            "mcc": reference.matthews_corrcoef(y, prediction),
        }
    )
    assert all(values.dtype != object for values in measured.rows.values())
    np.testing.assert_array_equal(measured.rows["score"], score)


def test_decision_values_give_ranking_but_no_probabilities():
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LinearSVC()).fit(X, y)
    measured = evaluate(model, X, y)
    assert measured.metrics["roc_auc"] == reference.roc_auc_score(y, model.decision_function(X))
    assert not {"log_loss", "brier"} & {*measured.metrics}


@pytest.mark.parametrize("names", [False, True])
def test_multiclass_with_probabilities(names):
    iris = load_iris()
    X, y = iris.data, iris.target_names[iris.target] if names else iris.target
    model = RandomForestClassifier(max_depth=2, n_estimators=5, random_state=0).fit(X[::2], y[::2])
    measured = evaluate(model, X[1::2], y[1::2])
    y, prediction, score = y[1::2], model.predict(X[1::2]), model.predict_proba(X[1::2])
    assert measured.task == "multiclass"
    assert measured.rows["score"].shape == (75, 3)
    assert measured.metrics == pytest.approx(
        {
            "accuracy": reference.accuracy_score(y, prediction),
            "balanced_accuracy": reference.balanced_accuracy_score(y, prediction),
            "precision": reference.precision_score(y, prediction, average="macro"),
            "recall": reference.recall_score(y, prediction, average="macro"),
            "f1": reference.f1_score(y, prediction, average="macro"),
            "roc_auc": reference.roc_auc_score(y, score, multi_class="ovr"),
            "log_loss": reference.log_loss(y, score),
            "mcc": reference.matthews_corrcoef(y, prediction),
        }
    )


def test_multiclass_with_decision_values():
    X, y = load_iris(return_X_y=True)
    model = LinearSVC().fit(X, y)
    one_against_rest = [reference.roc_auc_score(y == k, model.decision_function(X)[:, k]) for k in range(3)]
    measured = evaluate(model, X, y)
    assert measured.metrics["roc_auc"] == pytest.approx(np.mean(one_against_rest))
    assert "log_loss" not in measured.metrics


def test_three_pairs_of_three_classes_are_not_taken_for_classes():
    X, y = load_iris(return_X_y=True)
    measured = evaluate(SVC(decision_function_shape="ovo").fit(X, y), X, y)
    assert "roc_auc" not in measured.metrics
    assert "no score for each class" in measured.warnings[0]


def test_regression_equals_sklearn_and_hand():
    X, y = load_diabetes(return_X_y=True)
    model = LinearRegression().fit(X, y)
    measured = evaluate(model, X, y.astype(int))
    residual = y.astype(int) - model.predict(X)
    assert measured.task == "regression"
    assert measured.metrics == pytest.approx(
        {
            "r2": 1 - (residual**2).sum() / ((y.astype(int) - y.astype(int).mean()) ** 2).sum(),
            "rmse": (residual**2).mean() ** 0.5,
            "mae": np.abs(residual).mean(),
            "median_absolute_error": np.median(np.abs(residual)),
            "mape": np.abs(residual / y.astype(int)).mean(),
        }
    )


def test_regression_leaves_out_what_can_not_be_computed():
    measured = evaluate(DummyRegressor().fit(rows(3), [1, 2, 3]), rows(3), [0, 0, 0])
    assert {*measured.metrics} == {"rmse", "mae", "median_absolute_error"}
    assert measured.warnings == ("r2 is left out: all values of y are equal", "mape is left out: y has zeros")


def test_the_task_comes_from_the_target_where_the_model_does_not_say():
    assert evaluate(Fixed([0.5, 1.5]), rows(2), [0.25, 1.0]).task == "regression"
    assert evaluate(Fixed([0.5, 1.5]), rows(2), [0, 1]).task == "regression"
    assert evaluate(Fixed([0.5, 1.5]), rows(2), [False, True]).task == "regression"
    assert "something else" in evaluate(Fixed([0.5, 1.5]), rows(2), ["a", "b"]).warnings[0]
    assert evaluate(Fixed(["a", "b"]), rows(2), ["a", "b"]).task == "binary"
    assert evaluate(Fixed([0, 1, 2]), rows(3), [0, 1, 2]).task == "multiclass"
    assert evaluate(Fixed([[0.5], [1.5]]), rows(2), [[0.25], [1.0]]).task == "regression"


def test_many_different_whole_numbers_are_amounts_unless_the_model_says_its_classes():
    y = load_diabetes().target[:133]
    measured = evaluate(Fixed(np.full(133, 150)), rows(133), y)
    assert measured.task == "regression"
    assert "accuracy" not in measured.metrics
    assert measured.metrics["mae"] == pytest.approx(np.abs(y - 150).mean())
    few, many = np.arange(133) % 20, np.arange(133) % 21
    assert evaluate(Fixed(few), rows(133), few).task == "multiclass"
    assert evaluate(Fixed(many), rows(133), few).task == "regression"
    assert evaluate(Fixed(many, classes=range(21)), rows(133), many).task == "multiclass"
    assert evaluate(Fixed(many.astype(str)), rows(133), many.astype(str)).task == "multiclass"


def test_one_class_only_in_y():
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measured = evaluate(model, X[y == 1], y[y == 1])
    assert {*measured.metrics} == {"accuracy", "precision", "recall", "f1", "log_loss", "brier"}
    assert measured.warnings == ("balanced_accuracy, roc_auc, average_precision, mcc left out: every row of y is 1",)
    measured = evaluate(model, X[y == 0], y[y == 0])
    assert "recall is left out: no row of y is 1" in measured.warnings
    assert "recall" not in measured.metrics


def test_nothing_predicted_positive():
    measured = evaluate(
        DummyClassifier(strategy="constant", constant=0).fit(rows(4), [0, 1, 0, 1]), rows(4), [0, 1, 0, 1]
    )
    assert "precision" not in measured.metrics
    assert measured.metrics["recall"] == measured.metrics["f1"] == 0
    assert "precision is left out: no row was predicted as 1" in measured.warnings


def test_a_class_that_is_not_in_y_leaves_ranking_out():
    X, y = load_iris(return_X_y=True)
    model = RandomForestClassifier(n_estimators=5).fit(X, y)
    measured = evaluate(model, X[y < 2], y[y < 2])
    assert measured.task == "multiclass"
    assert "roc_auc" not in measured.metrics
    assert "log_loss" in measured.metrics
    assert measured.warnings == ("roc_auc is left out: not every class is in y",)


def test_labels_the_model_never_saw():
    X, y = load_iris(return_X_y=True)
    two = LogisticRegression().fit(X[y < 2], y[y < 2])
    assert evaluate(two, X, y) == Measured(
        "", {}, warnings=("y holds labels the model does not know (2), so it is not evaluated",)
    )
    three = LogisticRegression(max_iter=1000).fit(X, y)
    unknown = evaluate(three, X, np.where(y == 2, 7, y))
    assert "(7): metrics that need scores are left out" in unknown.warnings[0]
    assert unknown.metrics["accuracy"] == reference.accuracy_score(np.where(y == 2, 7, y), three.predict(X))
    assert not evaluate(three, X, [str(label) for label in y]).metrics


def test_labels_are_told_apart_by_value_and_kept_as_the_class_s_own():
    X, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=1000).fit(X, y)
    for written in (y.astype(float), y.astype("uint8"), list(y.astype(float))):
        measured = evaluate(model, X, written)
        assert measured.metrics == evaluate(model, X, y).metrics
        assert measured.rows["target"].tolist() == y.tolist()
        assert {type(label) for label in measured.rows["target"].tolist()} == {int}
    two = LogisticRegression().fit(X[:100], y[:100] == 1)
    assert evaluate(two, X[:100], y[:100]).rows["target"].dtype == bool


def test_numbers_of_several_types_are_classes_in_the_order_of_their_values():
    measured = evaluate(Fixed([1.0, 1.0]), rows(2), [0, 0])
    assert measured.labels == (0, 1)
    assert measured.positive == 1


def test_a_target_of_another_model_is_refused_in_the_same_words():
    X, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=1000).fit(X, y)
    for other in (y * 1.5, np.where(y == 1, 0, y * 5), y + 0.5):
        measured = evaluate(model, X, other)
        assert not measured.metrics
        assert "y holds labels the model does not know" in measured.warnings[0]
        assert "so it is not evaluated" in measured.warnings[0]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (IsolationForest(n_estimators=2), "is a kind of outlier detector"),
        (PCA(1), "PCA has no predict"),
        ({"weights": 1}, "dict has no predict"),
    ],
)
def test_models_that_predict_no_target(model, said):
    X, y = load_iris(return_X_y=True)
    measured = evaluate(model.fit(X) if hasattr(model, "fit") else model, X, y)
    assert not measured.metrics
    assert measured.task == ""
    assert measured.n == 0
    assert said in measured.warnings[0]


def test_several_targets_are_not_measured():
    X, y = load_diabetes(return_X_y=True)
    both = np.column_stack([y, y])
    assert "y has 2 columns" in evaluate(MultiOutputRegressor(LinearRegression()).fit(X, both), X, both).warnings[0]
    assert "2 values a row" in evaluate(MultiOutputRegressor(LinearRegression()).fit(X, both), X, y).warnings[0]


def test_a_regressor_and_text():
    assert "holds something else" in evaluate(LinearRegression().fit(rows(2), [0, 1]), rows(2), ["a", "b"]).warnings[0]


@pytest.mark.parametrize("y", [pd.Series([0, 1, None, 1], dtype="Int64"), [0, 1, np.nan, 1], ["a", "b", None, "b"]])
def test_missing_labels_are_refused(y):
    with pytest.raises(Refused, match="y has 1 missing value in 4 rows"):
        evaluate(Fixed([0, 1, 0, 1]), rows(4), y)


def test_lengths_that_differ_are_refused():
    with pytest.raises(Refused, match="X has 113 rows, y has 114"):
        evaluate(Fixed([0]), rows(113), [0] * 114)
    with pytest.raises(Refused, match="no rows"):
        evaluate(Fixed([]), rows(0), [])
    with pytest.raises(Refused, match="gave 2 predictions for 3 rows"):
        evaluate(Fixed([0, 1]), rows(3), [0, 1, 0])


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(),
        make_pipeline(StandardScaler(), LogisticRegression()),
        GridSearchCV(LogisticRegression(), {}),
    ],
)
def test_an_unfitted_model_is_refused(model):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(Refused, match="not fitted") as caught:
        evaluate(model, X, y)
    assert "fit" in caught.value.hint


def test_a_column_that_no_model_was_fitted_on_can_stand_aside():
    frame = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0)[::-1]})
    target = np.arange(40) % 2
    model = LogisticRegression().fit(frame, target)
    with pytest.raises(Refused, match=r"Feature names unseen|feature names should match") as caught:
        evaluate(model, frame.assign(**{"home town": "n"}), target)
    assert caught.value.hint.startswith('--keep "home town" leaves that out')
    others = frame.assign(**{f"z{number}": 0.0 for number in range(5)})
    for rows in (others, frame[["x"]]):
        with pytest.raises(Refused) as caught:
            evaluate(model, rows, target)
        assert caught.value.hint == "give the columns it was fitted on, prepared in the same way"


def test_rows_are_refused_with_the_names_of_the_columns_that_are_amiss():
    frame = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0)[::-1]})
    target = np.arange(40) % 2
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, target)
    told = "; X lacks 'y', and has 'why' that it was not fitted on"
    for rows in (frame.rename(columns={"y": "why"}), pl.DataFrame({"x": frame["x"], "why": frame["y"]})):
        with pytest.raises(Refused) as caught:
            evaluate(model, rows, target)
        assert caught.value.message.endswith(told)
        assert "--keep" not in caught.value.hint  # what is misspelt cannot stand aside
    with pytest.raises(Refused) as caught:
        evaluate(model, frame.assign(**{f"z{number}": 0.0 for number in range(5)}), target)
    assert caught.value.message.endswith("; X has 'z0', 'z1', 'z2' and 2 more that it was not fitted on")
    with pytest.raises(Refused) as caught:
        evaluate(model, frame.assign(town="n"), target)
    assert "of %compare, --by town does" in caught.value.hint  # which has no --keep
    with pytest.raises(Refused, match="X has NaN") as caught:
        evaluate(model, frame.assign(x=np.nan), target)
    assert "fitted on" not in caught.value.message


def test_rows_that_the_model_refuses():
    X, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=1000).fit(X, y)
    broken = X.copy()
    broken[3, 2] = np.nan
    with pytest.raises(Refused, match="Input X contains NaN") as caught:
        evaluate(model, broken, y)
    assert "\n" not in caught.value.message
    with pytest.raises(Refused, match="3 features"):
        evaluate(model, X[:, :3], y)


@pytest.mark.parametrize(
    "y",
    [
        pd.Series(["no", "yes", "yes", "no"]),
        pd.Series(["no", "yes", "yes", "no"], dtype="category"),
        pd.DataFrame({"target": ["no", "yes", "yes", "no"]}),
        np.array([["no"], ["yes"], ["yes"], ["no"]], dtype=object),
        ("no", "yes", "yes", "no"),
    ],
)
def test_any_container_of_labels(y):
    measured = evaluate(Fixed(["no", "yes", "no", "no"], classes=["no", "yes"]), rows(4), y)
    assert measured.metrics["accuracy"] == 0.75
    assert measured.rows["target"].dtype.kind == "U"


def test_nullable_labels():
    for y in (pd.Series([0, 1, 1], dtype="Int64"), pd.Series([False, True, True], dtype="boolean")):
        assert evaluate(Fixed([0, 1, 1]), rows(3), y).metrics["accuracy"] == 1
        assert evaluate(Fixed([0, 1, 1]), rows(3), y).rows["target"].dtype != object


def test_a_model_of_one_class_has_accuracy_only():
    measured = evaluate(DummyClassifier().fit(rows(3), [1, 1, 1]), rows(3), [1, 1, 1])
    assert measured.metrics == {"accuracy": 1}
    assert measured.positive is None


def test_a_score_of_nan_is_said():
    measured = evaluate(Fixed([0, 1], [np.nan, 0.5], classes=[0, 1]), rows(2), [0, 1])
    assert "roc_auc" not in measured.metrics
    assert "predict_proba gives NaN in 1 of 2 rows" in measured.warnings[0]


def test_predictions_of_nan_are_counted():
    measured = evaluate(Fixed([0.5, np.nan, 1.5]), rows(3), [0.5, 1.0, 2.0])
    assert not measured.metrics
    assert "1 of 3 predictions are NaN or infinite" in measured.warnings[0]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (np.array([[1.3, -0.3], [0.2, 0.8], [0.4, 0.6]]), "outside 0 to 1 in 1 of 3 rows (-0.3 to 1.3)"),
        (np.array([[0.5, 0.3], [0.2, 0.8], [0.4, 0.9]]), "that do not add up to 1 in 2 of 3 rows (0.8 to 1.3)"),
    ],
)
def test_what_is_no_probability_only_ranks(scores, said):
    model = Fixed([0, 1, 1], classes=[0, 1])
    model.predict_proba = lambda _X: scores
    measured = evaluate(model, rows(3), [0, 1, 1])
    assert measured.metrics["roc_auc"] == 1
    assert not {"log_loss", "brier"} & set(measured.metrics)
    assert said in measured.warnings[0]
    assert len(measured.warnings) == 1


@pytest.mark.parametrize("classes", [True, False])
def test_some_rows_are_measured_as_if_they_were_all(classes):
    X, y = load_breast_cancer(return_X_y=True)
    y = np.where(y == 1, "benign", "malignant")
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    measured = evaluate(model, X, y)
    if not classes:  # as read back from an evaluation that was kept
        measured = Measured(measured.task, measured.metrics, measured.rows)
    chosen = X[:, 0] > np.median(X[:, 0])
    assert measure_rows(measured, chosen) == pytest.approx(dict(evaluate(model, X[chosen], y[chosen]).metrics))
    assert measured.positive == "malignant"


def test_some_rows_of_a_regression():
    X, y = load_diabetes(return_X_y=True)
    model = LinearRegression().fit(X, y)
    assert measure_rows(evaluate(model, X, y), np.arange(50)) == pytest.approx(
        dict(evaluate(model, X[:50], y[:50]).metrics)
    )


@pytest.mark.parametrize("name", ["precision_recall_fscore_support", "accuracy_score", "matthews_corrcoef"])
def test_every_metric_is_computed_under_the_same_settings(name, monkeypatch):
    """The rows were checked once; no metric checks them again, and one that fails is left out with a sentence."""

    def failing(*_, **__):
        seen.append(sklearn.get_config()["assume_finite"])
        warnings.warn("not to be seen", stacklevel=1)
        raise ValueError("told")

    seen = []
    monkeypatch.setattr(reference, name, failing)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measured = evaluate(Fixed([0, 1, 1], [0.1, 0.9, 0.8], [0, 1]), np.zeros((3, 1)), [0, 1, 0])
    assert seen
    assert all(seen)
    assert any("is left out: told" in warning for warning in measured.warnings)
    assert "balanced_accuracy" in measured.metrics


BETTER_WHEN = {
    True: """
        accuracy balanced_accuracy precision recall f1 roc_auc average_precision mcc r2 auc val_accuracy
        test.f1_macro precision@10 ndcg_at_5 neg_log_loss neg_mean_squared_error silhouette_score
        explained_variance my_score true_positive_rate
    """,
    False: """
        log_loss brier rmse mae mape median_absolute_error val_loss loss fit_time error_rate brier_score
        max_error nRMSE trainLoss latency_ms false_positive_rate davies_bouldin_score
    """,
    None: "trees business_value n é @",
}


@pytest.mark.parametrize("higher", BETTER_WHEN)
def test_which_way_is_better(higher):
    names = BETTER_WHEN[higher].split()
    assert {name: higher_is_better(name) for name in names} == dict.fromkeys(names, higher)
    assert higher_is_better("") is None


def test_every_metric_of_ours_has_a_direction():
    assert all(higher_is_better(name) is not None for names in METRICS.values() for name in names)


def test_labels_of_several_types_that_a_model_does_not_know_are_said():
    class Says:
        classes_ = np.array([1, "x"], dtype=object)

        def predict(self, X):
            return np.array([1, "x", 1], dtype=object)

    found = evaluate(Says(), np.zeros((3, 1)), np.array([1, "x", "x"], dtype=object))
    assert found.metrics["accuracy"] == pytest.approx(2 / 3)
