"""Versions that were trained on rows they are judged by: said, and compared without those rows."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from nbregistry.evaluation.leaks import find_leaks
from nbregistry.evaluation.metrics import Measured

if TYPE_CHECKING:
    from nbregistry.registry import Registry


@cache
def data() -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(900, 4)), columns=list("abcd"))
    y = (X["a"] + rng.normal(size=900) > 0).astype(int)
    return X[:600], X[600:], y[:600], y[600:]


@pytest.fixture
def leaky(registry: Registry) -> Registry:
    """The second version has seen a third of what it is judged by, and remembers."""
    X_train, X_test, y_train, y_test = data()
    linear = LogisticRegression().fit(X_train, y_train)
    seen = pd.concat([X_train, X_test[50:150]]).sample(frac=1, random_state=0)
    y_seen = pd.concat([y_train, y_test[50:150]]).loc[seen.index]
    memory = make_pipeline(KNeighborsClassifier(15, weights="distance")).fit(seen, y_seen)
    registry.register("m", linear, train=(X_train, y_train), on=(X_test, y_test))
    registry.register("m", memory, train=(seen.reset_index(drop=True), y_seen), on=(X_test, y_test))
    return registry


def test_leaks_are_said_and_the_comparison_is_shown_without_them(leaky: Registry) -> None:
    found = leaky.compare("m@1", "m@2")
    assert [(leak.ref, leak.rows, leak.n) for leak in found.leaks] == [("m@2", 100, 300)]
    assert found.notes[0] == "m@2 was trained on 33.3% (100) of these rows"
    verdicts = [
        {row.ref: row.verdict for row in rows if row.metric == "roc_auc"} for rows in (found.rows, found.without_leaks)
    ]
    assert verdicts == [{"m@1": None, "m@2": "better"}, {"m@1": None, "m@2": "undecided"}]
    assert {row.n for row in found.without_leaks if row.metric == "roc_auc"} == {200}
    document = json.loads(found.to_json())
    assert document["leaks"] == [{"ref": "m@2", "rows": 100, "n": 300}]
    assert len(document["without_leaks"]) == len(found.without_leaks)
    text = repr(found)
    first = " ".join(text.split("\n\n")[0].split())
    assert "On the 200 rows that no version was trained on, it is undecided whether m@2 is better than m@1" in first
    assert "On all 300 rows, m@2 is better than m@1" in first
    assert "m@2 was trained on 33.3% (100) of these rows" in text
    assert "200 rows left" in text
    assert "%promote" not in text
    assert "%evaluate m@2" in text


def test_without_them_it_is_what_a_comparison_on_the_other_rows_says(leaky: Registry) -> None:
    _, X_test, _, y_test = data()
    clean = np.r_[0:50, 150:300]
    other = leaky.compare("m@1", "m@2", on=(X_test.iloc[clean], y_test.iloc[clean]))
    assert other.leaks == other.without_leaks == ()
    assert leaky.compare("m@1", "m@2").without_leaks == other.rows
    given = leaky.compare("m@1", "m@2", on=(X_test[::-1].reset_index(drop=True), y_test[::-1]))
    assert [(leak.ref, leak.rows) for leak in given.leaks] == [("m@2", 100)]


def test_the_first_line_is_silent_where_the_verdict_stays(registry: Registry) -> None:
    X_train, X_test, y_train, y_test = data()
    seen, y_seen = pd.concat([X_train, X_test[:3]]), pd.concat([y_train, y_test[:3]])
    registry.register("m", LogisticRegression(C=1e-9).fit(-X_train, y_train), on=(X_test, y_test))
    registry.register("m", LogisticRegression().fit(seen, y_seen), train=(seen, y_seen), on=(X_test, y_test))
    text = repr(registry.compare("m@1", "m@2"))
    assert "m@2 was trained on 1.0% (3) of these rows" in text
    assert "Without the rows that were trained on:" not in text.split("\n\n")[0]
    assert "Without the rows that were trained on: 297 rows left" in text


def test_where_all_rows_were_trained_on_no_others_are_left(registry: Registry) -> None:
    X_train, _, y_train, _ = data()
    for C in (1.0, 0.01):
        model = LogisticRegression(C=C).fit(X_train, y_train)
        registry.register("m", model, train=(X_train, y_train), on=(X_train, y_train))
    found = registry.compare("m@1", "m@2")
    assert found.without_leaks == ()
    assert "m@1 was trained on all of these rows" in repr(found)


def test_what_one_version_saw_is_left_out_for_all_whatever_columns_they_read(registry: Registry) -> None:
    X_train, X_test, y_train, y_test = data()
    registry.register("m", LogisticRegression().fit(X_train, y_train), train=(X_test[:30], y_test[:30]))
    registry.register("m", LogisticRegression().fit(X_train, y_train), train=(X_test[20:90], y_test[20:90]))
    found = registry.compare("m@1", "m@2", on=(X_test, y_test))
    assert [(leak.ref, leak.rows) for leak in found.leaks] == [("m@1", 30), ("m@2", 70)]
    assert {row.n for row in found.without_leaks if row.metric == "roc_auc"} == {210}


def rows(fingerprints: list[int]) -> Measured:
    n = len(fingerprints)
    found = {"target": np.arange(n) % 2, "prediction": np.arange(n) % 2}
    return Measured("binary", {"accuracy": 1.0}, found | {"fingerprint": np.array(fingerprints, dtype=np.uint64)})


def test_versions_on_other_rows_lose_their_own() -> None:
    evaluated = {"m@1": rows([1, 2, 3, 4]), "m@2": rows([11, 12, 13, 14]), "m@3": rows([4, 5, 6])}
    training = {"m@1": np.array([2, 4], dtype=np.uint64), "m@2": np.array([13], dtype=np.uint64)}
    leaks = find_leaks(evaluated, training, ["m@1", "m@2"])
    assert [(leak.ref, leak.rows) for leak in leaks.found] == [("m@1", 2), ("m@2", 1)]
    clean = leaks.without(evaluated)
    assert {ref: measured.rows["fingerprint"].tolist() for ref, measured in clean.items()} == {
        "m@1": [1],
        "m@2": [11],
        "m@3": [5, 6],
    }


def test_nothing_is_said_of_what_is_not_known() -> None:
    old = Measured("binary", {}, {"target": np.zeros(2), "prediction": np.zeros(2)})
    assert find_leaks({"m@1": old}, {"m@1": np.array([1], dtype=np.uint64)}, ["m@1"]).found == ()
    assert find_leaks({"m@1": rows([1])}, {}, ["m@1"]).found == ()
    assert find_leaks({"m@1": rows([1])}, {"m@1": np.empty(0, dtype=np.uint64)}, ["m@1"]).found == ()
