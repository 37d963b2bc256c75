"""Versions that were evaluated on different rows, or on the same ones in another guise."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

import nbregistry
from nbregistry.errors import Refused, RegistryError
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.overlap import Overlap
from nbregistry.model import Dataset
from nbregistry.operations.matching import Matching, places_of_shared, repeated_rows

if TYPE_CHECKING:
    from nbregistry.registry import Registry


@cache
def data() -> tuple[Any, Any]:
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(900, 3)), columns=list("abc"))
    return X, ((X["a"] + X["b"] / 2 + rng.normal(size=900)) > 0).astype(int)


def model(*columns: str) -> LogisticRegression:
    X, y = data()
    return LogisticRegression().fit(X.loc[:299, list(columns or "abc")], y[:300])


X, y = data()
HERE, THERE = slice(300, 700), slice(500, 900)


def evaluated(registry: Registry, *rows: Any) -> Registry:
    """Register a version for each set of rows, evaluated on it, the second of them on fewer columns."""
    for number, (Xs, ys) in enumerate(rows):
        columns = ["a"] if number else ["a", "b", "c"]
        weak = LogisticRegression().fit(X[:300] * [1, 0 if number else 1, 1], y[:300])
        registry.register("m", weak, on=(Xs, ys), params={"columns": len(columns)})
    return registry


def part(rows: slice) -> tuple[Any, Any]:
    return X[rows], y[rows]


def test_the_same_rows_in_another_order_and_table_are_the_same_rows(registry: Registry) -> None:
    straight = evaluated(registry, part(HERE), part(HERE)).compare("m@1", "m@2")
    order = np.random.default_rng(0).permutation(400)
    Xs, ys = X[HERE].iloc[order].reset_index(drop=True), y[HERE].iloc[order].to_numpy()
    registry.register("m", registry.load("m@2"), on=(Xs.astype("float64"), ys), params={"turn": 2})
    shuffled = registry.compare("m@1", "m@3")
    assert shuffled.overlaps == ()
    assert shuffled.dataset is not None
    assert shuffled.dataset.rows == 400
    columns = ["metric", "value", "difference", "ci_low", "ci_high", "p_value", "verdict", "method", "n"]
    one, two = (c.to_frame().query("ref != 'm@1'")[columns].reset_index(drop=True) for c in (straight, shuffled))
    pd.testing.assert_frame_equal(one, two)
    assert "other rows" not in repr(shuffled)


def test_the_same_rows_in_another_order_are_nowhere_called_other_data(registry: Registry) -> None:
    evaluated(registry, part(HERE), (X[HERE][::-1].reset_index(drop=True), y[HERE][::-1].astype(bool)), part(THERE))
    found = registry.compare("m@1", "m@2")
    assert "data" not in found.differences
    assert found.reuse is not None
    assert found.reuse.versions == 2
    assert set(found.costs["m@2"]) == set(found.costs["m@1"]), "what predicting took was measured, too"
    assert "other data" not in repr(registry.versions("m", where="version < 3"))
    assert "m@1 was measured on other data" not in registered_beside_a_champion(registry)
    told = " ".join(repr(registry.compare("m@1", "m@2", "m@3")).split())
    assert "m@3 was evaluated on other rows than m@1: 200 of 400 rows are shared" in told
    assert "m@2 was evaluated on other rows" not in told


def registered_beside_a_champion(registry: Registry) -> str:
    registry.promote("m@1")
    again = (X[HERE].sample(frac=1, random_state=1), y[HERE].sample(frac=1, random_state=1))
    return " ".join(repr(registry.register("m", registry.load("m@2"), on=again)).split())


def test_a_version_that_was_never_evaluated_takes_no_verdict_from_the_others(registry: Registry) -> None:
    evaluated(registry, part(HERE), part(HERE))
    registry.register("m", model())
    pair, three = registry.compare("m@1", "m@2"), registry.compare("m@1", "m@2", "m@3")
    of_two = three.to_frame().query("ref != 'm@3'").reset_index(drop=True)
    pd.testing.assert_frame_equal(pair.to_frame(), of_two)
    told = " ".join(repr(three).split())
    assert "m@2 is worse than m@1: roc_auc" in told
    assert "m@3 was not tested." in told
    assert "! m@3 was not evaluated" in told
    assert "%evaluate m@3 X y measure it as well" in told
    alone = " ".join(repr(registry.compare("m@3", "m@1", "m@2")).split())
    assert "! m@3 was not evaluated" in alone
    assert "not known whether" not in alone
    registry.evaluate("m@2", *part(THERE))
    unpaired = registry.compare("m@1", "m@2", "m@3", rows="unpaired").to_frame()
    assert unpaired.query("ref == 'm@2'")["verdict"].notna().all()
    with pytest.raises(Refused, match="m@3 was not evaluated"):
        registry.compare("m@1", "m@3", rows="unpaired")


def test_a_version_without_the_main_metric_is_in_the_answer_with_the_next_one(registry: Registry) -> None:
    """What has no scores may have the most hits, and the first line is all that many read."""
    evaluated(registry, part(HERE), part(HERE))
    registry.register("m", NoScores(registry.load("m@1")), on=part(HERE))
    told = " ".join(repr(registry.compare("m@2", "m@1", "m@3")).split())
    assert "m@3 was not tested in roc_auc; in accuracy it is " in told


class NoScores:
    """A classifier that predicts and does not say how surely."""

    def __init__(self, model: LogisticRegression) -> None:
        self._model = model
        self.classes_ = model.classes_

    def predict(self, rows: Any) -> Any:
        return self._model.predict(rows)


@pytest.mark.parametrize("kind", ["int64", "float64", "bool", "str"])
def test_a_class_that_only_one_of_them_predicts_is_a_class_of_both(registry: Registry, kind: str) -> None:
    """Of rows of one class, the better model says nothing else: it still knows the other one."""
    labels, ones = y.astype(kind), y.index[300:][y[300:] == 1]
    always = DummyClassifier(strategy="constant", constant=labels[ones].to_numpy()[:1])
    for classifier in (LogisticRegression(), always):
        registry.register("m", classifier.fit(X[:300], labels[:300]), on=(X.loc[ones], labels[ones]))
    stored = registry.compare("m@1", "m@2").to_frame()
    assert stored.query("ref == 'm@2' and metric == 'accuracy'")["verdict"].notna().all()
    pd.testing.assert_frame_equal(stored, registry.compare("m@1", "m@2", on=(X.loc[ones], labels[ones])).to_frame())


def test_numbers_of_a_version_that_was_not_measured_on_these_rows_are_called_its_own(registry: Registry) -> None:
    evaluated(registry, part(HERE), part(HERE))
    words = LogisticRegression().fit(X[:300], y[:300].map({0: "no", 1: "yes"}))
    registry.register("m", words, on=(X[HERE], y[HERE].map({0: "no", 1: "yes"})))
    told = " ".join(repr(registry.compare("m@1", "m@3", on=part(THERE))).split())
    assert "m@3 was not evaluated here: its recorded metrics are shown" in told
    assert "Whether that is more than chance was not tested." in told


def test_different_rows_are_not_tested_and_it_is_said_how_many_are_shared(registry: Registry) -> None:
    found = evaluated(registry, part(HERE), part(THERE)).compare("m@1", "m@2")
    assert found.overlaps == (Overlap("m@2", 400, 400, 200),)
    assert found.to_frame()["verdict"].isna().all()
    assert json.loads(found.to_json())["overlaps"] == [
        {"ref": "m@2", "n": 400, "baseline_n": 400, "shared": 200, "by_order": False, "same_inputs": 0, "targets": []}
    ]
    text = " ".join(repr(found).split())
    assert text.count("m@2 was evaluated on other rows than m@1") == 1
    assert "200 of 400 rows are shared" in text
    assert "%compare m@1 m@2 --rows shared" in text
    assert "%compare m@1 m@2 --rows unpaired" in text


def test_rows_of_which_only_y_is_another_are_told(registry: Registry) -> None:
    words, order = y.map({0: "stays", 1: "<b>leaves"}), np.random.default_rng(1).permutation(400)
    evaluated(registry, part(HERE))
    some = y[HERE].to_numpy().copy()
    some[:3] = 1 - some[:3]
    Xs = X[HERE].reset_index(drop=True)
    registry.register(
        "m", LogisticRegression().fit(X[:300], words[:300]), on=(X[HERE].iloc[order], words[HERE].iloc[order])
    )
    registry.register("m", registry.load("m@1"), on=(Xs, some))
    first = "stays" if y[300] == 0 else "<b>leaves"
    other, flipped = (registry.compare("m@1", ref) for ref in ("m@2", "m@3"))
    assert other.overlaps == (Overlap("m@2", 400, 400, 0, same_inputs=400, targets=(str(y[300]), repr(first))),)
    said = " ".join(repr(other).split())
    assert f"and 400 have the same X with another y, e.g. {first!r} in place of {y[300]}" in said
    assert flipped.overlaps == (Overlap("m@3", 400, 400, 397, same_inputs=3, targets=(str(y[300]), str(1 - y[300]))),)


def test_on_the_shared_rows_it_is_a_paired_comparison_of_those(registry: Registry) -> None:
    order = np.random.default_rng(0).permutation(400)
    found = evaluated(registry, part(HERE), (X[THERE].iloc[order], y[THERE].iloc[order])).compare(
        "m@1", "m@2", rows="shared"
    )
    expected = registry.compare("m@1", "m@2", on=part(slice(500, 700)))
    assert found.dataset is not None
    assert found.dataset.rows == 200
    pd.testing.assert_frame_equal(found.to_frame(), expected.to_frame())
    assert found.disagreements == expected.disagreements
    assert "is better" in repr(found) or "undecided" in repr(found)


def test_unpaired_tests_are_named_and_take_each_its_own_rows(registry: Registry) -> None:
    found = evaluated(registry, part(HERE), part(THERE)).compare("m@1", "m@2", rows="unpaired")
    frame = found.to_frame().query("ref == 'm@2'").set_index("metric")
    assert frame["verdict"].notna().all()
    assert frame["method"].str.startswith("unpaired").all()
    assert frame.loc["roc_auc", "method"] == "unpaired DeLong"
    assert frame.loc["roc_auc", "n"] == 800
    assert frame.loc["roc_auc", "value"] == registry.get("m@2").metrics["roc_auc"]
    assert found.disagreements == ()
    assert found.dataset is None
    text = repr(found)
    assert "each on its own rows" in text
    assert "--rows" not in text


def test_several_versions_some_on_the_same_rows(registry: Registry) -> None:
    evaluated(registry, part(HERE), (X[HERE][::-1], y[HERE][::-1]), part(THERE))
    found = registry.compare("m@1", "m@2", "m@3", rows="unpaired")
    methods = found.to_frame().query("metric == 'roc_auc'").set_index("ref")["method"]
    assert methods[["m@2", "m@3"]].tolist() == ["DeLong", "unpaired DeLong"]
    assert [overlap.ref for overlap in found.overlaps] == ["m@3"]
    shared = registry.compare("m@1", "m@2", "m@3", rows="shared")
    assert set(shared.to_frame().query("metric == 'roc_auc'")["n"]) == {200}
    pd.testing.assert_frame_equal(
        shared.to_frame(), registry.compare("m@1", "m@2", "m@3", on=part(slice(500, 700))).to_frame()
    )


def test_rows_of_other_columns_are_matched_by_their_order(registry: Registry) -> None:
    registry.register("m", model(), on=part(HERE))
    registry.register("m", model("a", "b"), on=(X.loc[X.index[HERE], ["a", "b"]], y[HERE]))
    found = registry.compare("m@1", "m@2")
    assert [overlap.by_order for overlap in found.overlaps] == [True]
    assert found.to_frame().query("ref == 'm@2'")["verdict"].notna().all()
    assert "m@2 reads other columns than m@1: rows are matched by their order" in " ".join(repr(found).split())


def test_an_order_that_says_nothing_matches_nothing(registry: Registry) -> None:
    """Rows that stand class by class agree with any others that do."""
    Xs, ys = X[300:], y[300:]
    one, two = (pd.concat([ys[ys == label][place::2][:100] for label in (0, 1)]) for place in (0, 1))
    registry.register("m", model(), on=(Xs.loc[one.index], one))
    registry.register("m", model("a", "b"), on=(Xs.loc[two.index, ["a", "b"]], two))
    found = registry.compare("m@1", "m@2")
    assert found.overlaps == (Overlap("m@2", 200, 200, 0),)
    assert found.to_frame()["verdict"].isna().all()


def test_equal_targets_do_not_make_the_same_rows(registry: Registry) -> None:
    ones = y[300:][y[300:] == 1]
    one, two = (X.loc[ones.index[place::2][:60]] for place in (0, 1))
    mixed = [np.tile([0, 1], 30)] * 2
    evaluated(registry, (one, mixed[0]), (two, mixed[1]))
    found = registry.compare("m@1", "m@2", rows="unpaired").to_frame()
    assert found.query("ref == 'm@2' and metric == 'roc_auc'")["method"].item() == "unpaired DeLong"


def test_the_evaluations_with_most_rows_in_common_are_taken(registry: Registry) -> None:
    evaluated(registry, part(HERE), part(THERE))
    registry.evaluate("m@1", *part(slice(850, 900)))
    assert registry.compare("m@1", "m@2").overlaps == (Overlap("m@2", 400, 400, 200),)
    registry.evaluate("m@2", X[HERE][::-1], y[HERE][::-1])
    assert registry.compare("m@1", "m@2").overlaps == ()


def test_the_same_rows_are_taken_before_more_rows_that_are_not_the_same(registry: Registry) -> None:
    """Of those a verdict is told, and of the others only how many are shared."""
    evaluated(registry, part(HERE), part(slice(300, 690)))
    registry.evaluate("m@1", *part(slice(850, 900)))
    registry.evaluate("m@2", X[850:900][::-1], y[850:900][::-1])
    found = registry.compare("m@1", "m@2")
    assert found.overlaps == ()
    assert next(row.n for row in found.rows if row.metric == "roc_auc") == 50


def test_no_rows_in_common_and_rows_that_nobody_kept(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated(registry, part(slice(300, 500)), part(slice(500, 700)))
    with pytest.raises(Refused, match=r"share no rows: m@2 .* 0 of 200 rows") as caught:
        registry.compare("m@1", "m@2", rows="shared")
    assert "--rows unpaired" in caught.value.hint
    text = repr(registry.compare("m@1", "m@2"))
    assert "--rows shared" not in text
    registry.register("m", model())
    with pytest.raises(Refused, match="m@3 was not evaluated"):
        registry.compare("m@1", "m@3", rows="unpaired")
    # As an earlier release kept them.
    load = nbregistry.operations.evaluating.read_rows
    monkeypatch.setattr(
        "nbregistry.operations.evaluating.read_rows",
        lambda *given: {name: found for name, found in load(*given).items() if name != "fingerprint"},
    )
    old = registry.compare("m@1", "m@2")
    assert old.overlaps == (Overlap("m@2", 200, 200, None),)
    assert "it is not known whether on the same" in repr(old)
    unpaired = registry.compare("m@1", "m@2", rows="unpaired").to_frame().query("ref == 'm@2'")
    assert unpaired["verdict"].notna().all()


def test_clusterings_have_rows_too(registry: Registry) -> None:
    for seed in (0, 1):
        found = KMeans(3, random_state=seed, n_init=1).fit(X[:300])
        registry.register("m", found, on=(X[300:700][:: 1 - 2 * seed], y[300:700][:: 1 - 2 * seed]))
    comparison = registry.compare("m@1", "m@2")
    assert comparison.overlaps == ()
    assert repr(comparison)


def test_what_rows_may_be(registry: Registry) -> None:
    evaluated(registry, part(HERE), part(THERE))
    with pytest.raises(Refused, match="rows is 'shared' or 'unpaired', not 'all'"):
        registry.compare("m@1", "m@2", rows="all")
    with pytest.raises(RegistryError, match="same rows"):
        registry.compare("m@1", "m@2", on=part(HERE), rows="shared")


def measured(fingerprints: list[int], target: list[int]) -> Measured:
    rows = {"target": np.array(target), "prediction": np.array(target)}
    return Measured("binary", {}, rows | {"fingerprint": np.array(fingerprints, dtype=np.uint64)})


def test_repeated_rows_pair_once_and_only_with_their_own_target() -> None:
    one = measured([5, 5, 6, 7, 5], [0, 0, 1, 1, 1])
    two = measured([7, 5, 5, 6, 5], [1, 1, 0, 0, 0])
    here, there = places_of_shared([one, two])
    assert here.tolist() == [0, 1, 3, 4]
    assert (one.rows["fingerprint"][here] == two.rows["fingerprint"][there]).all()
    assert (one.rows["target"][here] == two.rows["target"][there]).all()
    assert len(set(there.tolist())) == 4
    assert repeated_rows(one) == 1
    assert repeated_rows(measured([1, 2], [0, 0])) == 0
    three = places_of_shared([one, two, measured([5, 7], [1, 1])])
    assert [places.tolist() for places in three] == [[3, 4], [0, 1], [1, 0]]


def test_rows_without_a_target_have_no_other_one() -> None:
    rows = Dataset("evaluation", "", "numpy", 3, 1, "sha256:00")
    one, two = (
        Measured("clustering", {}, {"prediction": np.zeros(3), "fingerprint": np.array(keys, dtype=np.uint64)})
        for keys in ([1, 2, 3], [2, 3, 4])
    )
    (overlap,) = Matching({"m@1": rows, "m@2": rows}, {"m@1": one, "m@2": two}).told
    assert (overlap.shared, overlap.same_inputs) == (2, 0)
