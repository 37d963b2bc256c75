"""Versions side by side."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from nbregistry.errors import NotFound, Refused
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import METRICS, evaluate
from nbregistry.model import Column, Dataset, ModelVersion, Signature


def dataset(role="evaluation", rows=100, fingerprint="sha256:aaaa"):
    return Dataset(role, "", "numpy", rows, 3, fingerprint)


@pytest.fixture(scope="module")
def cancer():
    X, y = load_breast_cancer(return_X_y=True)
    y = np.where(y == 1, "benign", "malignant")
    models = [
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X[::2], y[::2]),
        DecisionTreeClassifier(max_depth=3, random_state=0).fit(X[::2], y[::2]),
    ]
    return X[1::2], y[1::2], [evaluate(model, X[1::2], y[1::2]) for model in models]


ONE = ModelVersion("tumour", 1, metrics={"accuracy": 0.5})
TWO = ModelVersion("tumour", 2, metrics={"accuracy": 0.75, "cost": 3}, metrics_given=("cost",))


def test_metric_by_metric_beside_the_baseline(cancer):
    _, _, evaluations = cancer
    comparison = compare_versions([ONE, TWO], evaluations, baseline="tumour@1", dataset=dataset(rows=284))
    frame = comparison.to_frame()
    assert list(frame.columns) == [
        *("metric", "ref", "value", "baseline", "difference", "ci_low", "ci_high", "p_value", "p_adjusted"),
        *("verdict", "method", "n", "detectable"),
    ]
    assert comparison.task == "binary"
    assert comparison.refs == ("tumour@1", "tumour@2")
    assert list(dict.fromkeys(frame["metric"])) == [*METRICS["binary"], "cost"]
    auc = frame[frame["metric"] == "roc_auc"].set_index("ref")
    assert auc["value"].tolist() == [measured.metrics["roc_auc"] for measured in evaluations]
    assert auc["difference"]["tumour@1"] == 0
    assert auc["difference"]["tumour@2"] == auc["value"]["tumour@2"] - auc["value"]["tumour@1"]
    assert auc["n"].tolist() == [284, 284]
    cost = frame[frame["metric"] == "cost"].set_index("ref")
    assert math.isnan(cost["value"]["tumour@1"])
    assert cost["value"]["tumour@2"] == 3
    assert cost["n"].isna().all()
    assert "tumour@2: cost given, not computed" in comparison.notes


def test_the_baseline_may_stand_anywhere_and_a_version_counts_once(cancer):
    _, _, (first, second) = cancer
    comparison = compare_versions([ONE, TWO, ONE], [first, second, first], baseline="tumour@2")
    assert comparison.refs == ("tumour@1", "tumour@2")
    assert {row.difference for row in comparison.rows if row.ref == "tumour@2"} == {0.0}
    with pytest.raises(Refused, match="tumour@9"):
        compare_versions([ONE], [None], baseline="tumour@9")


def test_chosen_metrics_in_their_order(cancer):
    _, _, evaluations = cancer
    comparison = compare_versions([ONE, TWO], evaluations, baseline="tumour@1", metrics=["f1", "accuracy"])
    assert [row.metric for row in comparison.rows] == ["f1", "f1", "accuracy", "accuracy"]
    with pytest.raises(NotFound, match="'roc_aux'") as caught:
        compare_versions([ONE, TWO], evaluations, baseline="tumour@1", metrics=["roc_aux"])
    assert caught.value.nearest == ("roc_auc",)


def test_curves_have_the_metric_s_own_area(cancer):
    _, _, evaluations = cancer
    comparison = compare_versions([ONE, TWO], evaluations, baseline="tumour@1")
    assert {ref: curve.auc for ref, curve in comparison.curves.items()} == pytest.approx(
        {"tumour@1": evaluations[0].metrics["roc_auc"], "tumour@2": evaluations[1].metrics["roc_auc"]}
    )


def test_recorded_metrics_where_nothing_was_evaluated(cancer):
    _, _, (first, _) = cancer
    comparison = compare_versions([ONE, TWO], [None, None], baseline="tumour@1")
    assert [(row.metric, row.ref, row.value, row.difference) for row in comparison.rows] == [
        ("accuracy", "tumour@1", 0.5, 0.0),
        ("accuracy", "tumour@2", 0.75, 0.25),
        ("cost", "tumour@1", None, None),
        ("cost", "tumour@2", 3, None),
    ]
    assert "it is not known whether tumour@2 and tumour@1 were evaluated on the same rows" in comparison.notes
    mixed = compare_versions([ONE, TWO], [first, None], baseline="tumour@1")
    assert "tumour@2 was not evaluated here: its recorded metrics are shown" in mixed.notes


def test_given_metrics_win_unless_an_evaluation_set_was_stated(cancer):
    _, _, (first, _) = cancer
    given = ModelVersion("tumour", 1, metrics={"accuracy": 0.111}, metrics_given=("accuracy",))
    recorded = compare_versions([given], [first], baseline="tumour@1")
    stated = compare_versions([given], [first], baseline="tumour@1", dataset=dataset())
    assert recorded.rows[0].value == 0.111
    assert recorded.rows[0].n is None
    assert stated.rows[0].value == first.metrics["accuracy"]
    assert not [note for note in stated.notes if "given" in note]


@pytest.mark.parametrize("giver", [1, 2])
def test_a_number_that_was_given_is_shown_and_not_tested(cancer, giver):
    _, _, evaluations = cancer
    given = ModelVersion("tumour", giver, metrics={"accuracy": 0.111}, metrics_given=("accuracy",))
    versions = [given if number == giver else ModelVersion("tumour", number) for number in (1, 2)]
    rows = {row.metric: row for row in compare_versions(versions, evaluations, baseline="tumour@1").rows[1::2]}
    assert 0.111 in (rows["accuracy"].value, rows["accuracy"].baseline)
    assert (rows["accuracy"].verdict, rows["accuracy"].p_value) == (None, None)
    assert rows["f1"].verdict is not None


def test_other_rows_are_said(cancer):
    X, y, (first, _) = cancer
    one = ModelVersion("m", 1, metrics={"f1": 1}, datasets=(dataset(rows=9),))
    two = ModelVersion("m", 2, metrics={"f1": 1}, datasets=(dataset(rows=8, fingerprint="sha256:bbbb"),))
    comparison = compare_versions([one, two], [None, None], baseline="m@1")
    assert "m@2 was evaluated on other rows than m@1" in comparison.notes
    assert [row.n for row in comparison.rows] == [9, 8]
    same = compare_versions(
        [one, ModelVersion("m", 2, metrics={"f1": 1}, datasets=one.datasets)], [None] * 2, baseline="m@1"
    )
    assert same.notes == ()
    fewer = evaluate(DecisionTreeClassifier().fit(X, y), X[:50], y[:50])
    assert (
        "m@2 was evaluated on other rows than m@1" in compare_versions([one, two], [first, fewer], baseline="m@1").notes
    )


def test_different_tasks_and_positive_classes_are_said(cancer):
    X, y, (first, _) = cancer
    regression = evaluate(LinearRegression().fit(X, y == "benign"), X, y == "benign")
    numbers = evaluate(DecisionTreeClassifier().fit(X, y == "benign"), X, y == "benign")
    comparison = compare_versions([ONE, TWO], [first, regression], baseline="tumour@1")
    assert comparison.task == ""
    assert "these versions solve different tasks: tumour@1 binary, tumour@2 regression" in comparison.notes
    comparison = compare_versions([ONE, TWO], [first, numbers], baseline="tumour@1")
    assert "the positive class is not the same: 'malignant' in tumour@1, True in tumour@2" in comparison.notes


def test_nothing_is_said_of_what_versions_have_in_common(cancer):
    _, _, evaluations = cancer
    said = " ".join(compare_versions([ONE, TWO], list(evaluations), baseline="tumour@1").notes)
    for word in ("positive class", "tasks", "other rows", "weights", "same bytes"):
        assert word not in said


def test_classes_that_are_too_rare_for_a_test_are_named(cancer):
    _, y, (one, two) = cancer
    for rare, named in ((1, "'malignant' has 1 row:"), (2, "'malignant' has 2 rows:"), (3, "")):
        rows = np.concatenate([np.flatnonzero(y == "benign"), np.flatnonzero(y == "malignant")[:rare]])
        found = compare_versions([ONE, TWO], [one.take(rows), two.take(rows)], baseline="tumour@1")
        told = [note for note in found.notes if "what hangs on a class is not tested" in note]
        assert [note.startswith(named) for note in told] == ([True] if named else [])
        assert ("balanced_accuracy" in {row.metric for row in found.rows if row.verdict}) == (not named)


def test_the_same_bytes_are_said():
    versions = [ModelVersion("m", number, digest="sha256:aa") for number in (1, 2)]
    assert compare_versions(versions, [None, None], baseline="m@1").notes == ("m@1, m@2 hold the same bytes",)


def test_groups(cancer):
    X, y, evaluations = cancer
    by = {"ward": np.where(np.arange(len(y)) < 30, "a", "b"), "radius": X[:, 0], "diagnosis": y}
    comparison = compare_versions([ONE, TWO], evaluations, baseline="tumour@1", by=by, metrics=["accuracy", "roc_auc"])
    first = [row for row in comparison.groups if row.column == "ward" and row.group == "a"]
    assert [(row.metric, row.ref, row.n) for row in first] == [
        ("accuracy", "tumour@1", 30),
        ("accuracy", "tumour@2", 30),
        ("roc_auc", "tumour@1", 30),
        ("roc_auc", "tumour@2", 30),
    ]
    assert first[1].value == (evaluations[1].rows["prediction"][:30] == y[:30]).mean()
    assert len({row.group for row in comparison.groups if row.column == "radius"}) == 4
    assert {row.value for row in comparison.groups if row.column == "diagnosis" and row.metric == "roc_auc"} == {None}
    assert sum(row.n for row in comparison.groups if row.column == "radius" and row.metric == "accuracy") == 2 * len(y)


def test_groups_with_gaps_many_values_and_few_rows(cancer):
    _, y, evaluations = cancer
    names = [f"id{n}" for n in range(len(y) - 100)] + ["often"] * 90 + [None] * 10
    by = {
        "id": pd.Series(names, index=range(50, 50 + len(y))),
        "flag": pd.array([True, False, None, True] * 71, dtype="boolean"),
    }
    comparison = compare_versions([ONE], evaluations[:1], baseline="tumour@1", by=by, metrics=["accuracy"])
    sizes = {row.group: row.n for row in comparison.groups if row.column == "id"}
    assert sizes["often"] == 90
    assert sizes["(missing)"] == 10
    assert len(sizes) == 22
    assert sum(sizes.values()) == len(y)
    flags = {row.group: row.n for row in comparison.groups if row.column == "flag"}
    assert flags == {"False": 71, "True": 142, "(missing)": 71}
    with pytest.raises(Refused, match="'short' has 3 rows, tumour@1 was evaluated on 284"):
        compare_versions([ONE], evaluations[:1], baseline="tumour@1", by={"short": [1, 2, 3]})


def test_regressions_have_no_curves():
    X, y = load_diabetes(return_X_y=True)
    measured = evaluate(LinearRegression().fit(X, y), X, y)
    comparison = compare_versions([ONE], [measured], baseline="tumour@1")
    assert comparison.curves == {}
    assert [row.metric for row in comparison.rows][:2] == ["r2", "rmse"]


def test_json_is_strict_and_exact(cancer):
    _, y, evaluations = cancer
    odd = ModelVersion("m", 3, metrics={"nan": math.nan, "up": math.inf, "down": -math.inf, "zero": -0.0, "big": 2**70})
    comparison = compare_versions(
        [ONE, TWO, odd], [*evaluations, None], baseline="tumour@1", by={"class": y}, dataset=dataset()
    )
    document = json.loads(comparison.to_json(), parse_constant=pytest.fail)
    values = {row["metric"]: row["value"] for row in document["rows"] if row["ref"] == "m@3"}
    assert (values["nan"], values["up"], values["down"], values["big"]) == ("NaN", "Infinity", "-Infinity", 2**70)
    assert math.copysign(1, values["zero"]) == -1
    assert values["roc_auc"] is None
    assert document["curves"]["tumour@1"]["thresholds"][0] == "Infinity"
    assert document["dataset"]["fingerprint"] == "sha256:aaaa"
    assert {*document} >= {"refs", "baseline_ref", "task", "rows", "differences", "equal", "curves", "groups", "notes"}


def test_an_infinite_baseline_has_no_difference_from_itself():
    odd = ModelVersion("m", 1, metrics={"up": math.inf, "nan": math.nan})
    rows = compare_versions([odd], [None], baseline="m@1").rows
    assert [row.difference for row in rows] == [0.0, 0.0]


def test_nothing_to_compare_is_an_empty_table():
    comparison = compare_versions([ModelVersion("m", 1)], [None], baseline="m@1")
    assert comparison.to_frame().empty
    assert comparison.differences == {}


def test_differences_by_heading():
    one = ModelVersion(
        "m", 1, params={"C": 0.5, "seed": None}, default_params={"tol": 0.1, "only_one": 3}, size=10, algorithm="A",
        signature=Signature((Column("age", "int64"), Column("sex", "str")), 2), datasets=(dataset("train"),),
        environment={"python": "3.11.7", "packages": {"numpy": "2.4.6", "scipy": "1"}},
        code={"notebook": "a.ipynb", "git": {"commit": "abc", "dirty": False}},
    )  # fmt: skip
    two = ModelVersion(
        "m", 2, params={"depth": 3}, default_params={"C": 1.0, "tol": 0.1, "seed": None}, size=11, algorithm="B",
        signature=Signature((Column("age", "float64"), Column("zip", "str")), 2),
        datasets=(dataset("train", fingerprint="sha256:bb"),),
        environment={"python": "3.12.1", "packages": {"numpy": "2.4.6", "torch": "2"}},
        code={"notebook": "a.ipynb", "git": {"commit": "def", "dirty": True}},
    )  # fmt: skip
    comparison = compare_versions([one, two], [None, None], baseline="m@1")
    found = {
        heading: {one.name: tuple(one.values[ref] for ref in comparison.refs) for one in differences}
        for heading, differences in comparison.differences.items()
    }
    assert found == {
        "params": {"C": (0.5, "1.0 (default)"), "depth": (None, 3)},
        "data": {"train": ("100 × 3 sha256:aaaa", "100 × 3 sha256:bb")},
        "features": {"age": ("int64", "float64"), "sex": ("str", None), "zip": (None, "str")},
        "environment": {"python": ("3.11.7", "3.12.1"), "(loaded in some only)": ("scipy", "torch")},
        "code": {"git.commit": ("abc", "def"), "git.dirty": (False, True)},
        "size": {"bytes": (10, 11)},
        "model": {"algorithm": ("A", "B")},
    }
    assert [*found] == ["params", "data", "features", "environment", "code", "size", "model"]
    # tol and the seed (None by hand, None by default); the number of features; numpy; the notebook; flavor and format.
    assert comparison.equal == {
        "params": 2, "data": 0, "features": 1, "environment": 1, "code": 1, "size": 0, "model": 2
    }  # fmt: skip


def test_another_order_of_the_same_columns_is_a_difference():
    names = [Column("a", "str"), Column("b", "str")]
    versions = [ModelVersion("m", n, signature=Signature(tuple(names[::way]))) for n, way in ((1, 1), (2, -1), (3, 1))]
    (order,) = compare_versions(versions, [None] * 3, baseline="m@1").differences["features"]
    assert dict(order.values) == {"m@1": "order 1", "m@2": "order 2", "m@3": "order 1"}


def test_what_is_none_by_hand_is_told_from_what_is_not_there():
    one, two = ModelVersion("m", 1, params={"depth": None}), ModelVersion("m", 2)
    (depth,) = compare_versions([one, two], [None, None], baseline="m@1").differences["params"]
    assert dict(depth.values) == {"m@1": "None", "m@2": None}


def test_nan_equals_itself_and_true_is_not_one():
    one = ModelVersion("m", 1, params={"missing": math.nan, "flag": True})
    two = ModelVersion("m", 2, params={"missing": math.nan, "flag": 1})
    comparison = compare_versions([one, two], [None, None], baseline="m@1")
    assert [difference.name for difference in comparison.differences["params"]] == ["flag"]
    assert comparison.equal["params"] == 1


def test_defaults_that_come_with_another_algorithm_are_no_news() -> None:
    one = ModelVersion("m", 1, algorithm="A", default_params={"verbose": False, "depth": 3})
    two = ModelVersion("m", 2, algorithm="B", default_params={"verbose": 0, "depth": 6})
    newer = ModelVersion("m", 3, algorithm="A", default_params={"verbose": False, "depth": 4})
    assert "params" not in compare_versions([one, two], [None, None], baseline="m@1").differences
    (difference,) = compare_versions([one, newer], [None, None], baseline="m@1").differences["params"]
    assert difference.values == {"m@1": "3 (default)", "m@3": "4 (default)"}


def test_what_was_given_is_said_once_for_all_versions_and_not_at_length():
    given = {f"kpi_{n:03d}": float(n) for n in range(100)}
    versions = [ModelVersion("kpis", n, metrics=given, metrics_given=tuple(given), digest=str(n)) for n in (1, 2, 3)]
    (note,) = compare_versions(versions, [None] * 3, baseline="kpis@1").notes
    assert note.startswith("kpis@1, kpis@2, kpis@3: kpi_000, kpi_001, ")
    assert note.endswith("kpi_007 and 92 more given, not computed")
