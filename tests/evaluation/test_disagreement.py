"""Where versions disagree: counts, and the rows that flipped."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nbregistry.errors import NotFound
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.disagreement import Disagreement, Disagreements, Flip
from nbregistry.evaluation.metrics import Measured
from nbregistry.model import ModelVersion
from tests.evaluation.significance.samples import binary, equally_good, multiclass, regression

TARGET = np.array([0, 0, 0, 1, 1, 1])
BEFORE = binary(TARGET, np.array([0.1, 0.9, 0.8, 0.2, 0.9, 0.4]))
AFTER = binary(TARGET, np.array([0.2, 0.3, 0.9, 0.7, 0.1, 0.3]))
COLUMNS = ["ref", "row", "target", "baseline_prediction", "prediction", "baseline_score", "score", "change", "outcome"]


def compared(*evaluations, **options):
    versions = [ModelVersion("m", number) for number in range(1, len(evaluations) + 1)]
    return compare_versions(versions, evaluations, baseline="m@1", **options)


def test_counts_of_classes_add_up():
    assert compared(BEFORE, AFTER).disagreements == (Disagreement("m@2", 6, 2, 1, 1, 2),)


def test_counts_are_those_of_the_predictions():
    target, one, other = equally_good(np.random.default_rng(3), 500)
    (found,) = compared(binary(target, one), binary(target, other)).disagreements
    right, now = (one > 0.5) == target, (other > 0.5) == target
    expected = [(now & ~right).sum(), (right & ~now).sum(), (right & now).sum(), (~right & ~now).sum()]
    assert [found.fixed, found.broken, found.both_right, found.both_wrong] == expected


def test_counts_of_numbers_are_of_smaller_and_larger_errors():
    target = np.array([1.0, 2.0, 3.0, 4.0])
    one, other = (
        regression(target, target + np.array([1, -1, 2, 1])),
        regression(target, target + np.array([0.5, 1, -3, -0.5])),
    )
    found = compared(one, other)
    assert found.disagreements == (Disagreement("m@2", 4, 2, 1),)
    frame = found.flips()
    assert frame["row"].tolist() == [2, 0, 3]
    assert frame["outcome"].tolist() == ["larger", "smaller", "smaller"]
    assert frame["change"].tolist() == [1.0, -0.5, -0.5]
    assert (frame["baseline_score"].tolist(), frame["score"].tolist()) == ([2.0, 1.0, 1.0], [3.0, 0.5, 0.5])


def test_flips_are_the_rows_of_which_one_is_right_the_largest_change_first():
    frame = compared(BEFORE, AFTER).flips("m@2")
    assert list(frame.columns) == COLUMNS
    assert frame["row"].tolist() == [4, 1, 3]
    assert frame["outcome"].tolist() == ["broken", "fixed", "fixed"]
    assert frame["change"].tolist() == pytest.approx([-0.8, -0.6, 0.5])
    assert frame[["target", "baseline_prediction", "prediction"]].to_numpy().tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 1],
    ]


def test_flips_of_all_versions_stand_in_one_frame():
    found = compared(BEFORE, AFTER, binary(TARGET, np.array([0.1, 0.0, 0.8, 0.2, 0.9, 0.4])))
    assert found.flips()[["ref", "row"]].to_numpy().tolist() == [["m@3", 1], ["m@2", 4], ["m@2", 1], ["m@2", 3]]
    assert found.flips("m@3")["row"].tolist() == [1]
    assert found.flips("m@3")["change"].tolist() == pytest.approx([-0.9])
    with pytest.raises(NotFound, match="m@1 was not compared row by row"):
        found.flips("m@1")


def test_of_many_classes_the_score_is_that_of_the_true_one():
    target = np.array([0, 1, 2])
    one = multiclass(target, np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.2, 0.2, 0.6]]))
    other = multiclass(target, np.array([[0.6, 0.3, 0.1], [0.1, 0.7, 0.2], [0.5, 0.25, 0.25]]))
    frame = compared(one, other).flips()
    assert frame["row"].tolist() == [2, 1]
    assert (frame["baseline_score"].tolist(), frame["score"].tolist()) == ([0.6, 0.4], [0.25, 0.7])


def test_scores_of_two_scales_have_no_difference():
    margins = Measured("binary", {}, AFTER.rows | {"score": AFTER.rows["score"] * 9}, classes=(0, 1))
    frame = compared(BEFORE, margins).flips()
    assert frame["change"].isna().all()
    assert frame["row"].tolist() == [1, 3, 4]
    bare = Measured("binary", {}, {name: AFTER.rows[name] for name in ("target", "prediction")}, classes=(0, 1))
    assert compared(BEFORE, bare).flips()["score"].isna().all()
    assert [flip.score for flip in compared(BEFORE, bare).rowwise.largest(2)] == [None, None]


def test_the_largest_are_the_head_of_the_frame():
    target, one, other = equally_good(np.random.default_rng(4), 300)
    found = compared(binary(target, one), binary(target, other))
    head = [Flip(*row) for row in found.flips().head(7).itertuples(index=False)]
    assert found.rowwise.largest(7) == head
    assert type(found.rowwise.largest(1)[0].target) is int


def test_rows_come_with_what_they_are_as_it_is_and_no_others_are_copied():
    X = pd.DataFrame({"age": [30, 31, 32, 33, 34, 35], "row": list("abcdef")}, index=[9, 8, 7, 9, 5, 4])
    found = compared(BEFORE, AFTER, X=X)
    frame = found.flips()
    assert list(frame.columns) == [*COLUMNS, "age", "X.row"]
    assert (frame["age"].tolist(), frame["X.row"].tolist()) == ([34, 31, 33], ["e", "b", "d"])
    assert found.rowwise._X is X
    array = compared(BEFORE, AFTER, X=X[["age"]].to_numpy()).flips()
    assert array[0].tolist() == [34, 31, 33]
    assert list(compared(BEFORE, AFTER, X=[["a"]] * 6).flips().columns) == COLUMNS


def test_polars_rows_come_too():
    polars = pytest.importorskip("polars")
    X = polars.DataFrame({"age": [30, 31, 32, 33, 34, 35], "town": list("abcdef")})
    frame = compared(BEFORE, AFTER, X=X).flips()
    assert (frame["age"].tolist(), frame["town"].tolist()) == ([34, 31, 33], ["e", "b", "d"])


def test_versions_of_other_rows_are_left_out():
    other = binary(1 - TARGET, AFTER.rows["score"])
    found = compared(BEFORE, other, AFTER, None)
    assert [one.ref for one in found.disagreements] == ["m@3"]
    assert compared(None, AFTER).disagreements == ()
    assert list(compared(None, AFTER).flips().columns) == COLUMNS


def test_json_holds_the_counts_only():
    document = json.loads(compared(BEFORE, AFTER).to_json())
    assert document["disagreements"] == [
        {"ref": "m@2", "n": 6, "fixed": 2, "broken": 1, "both_right": 1, "both_wrong": 2}
    ]
    assert "flips" not in document


def test_nothing_to_disagree_with():
    assert Disagreements().refs == ()
    assert Disagreements().largest(3) == []


def test_of_several_labels_a_row_is_right_if_all_of_them_are():
    target = np.array([[1, 0], [0, 1], [0, 0], [1, 1]])
    before = {"target": target, "prediction": np.array([[1, 0], [0, 0], [1, 1], [1, 0]])}
    after = {"target": target, "prediction": np.array([[0, 0], [0, 1], [0, 0], [0, 1]])}
    one, two = (Measured("multilabel", {}, rows, classes=("red", "round")) for rows in (before, after))
    found = compared(one, two)
    assert found.disagreements == (Disagreement("m@2", 4, fixed=2, broken=1, both_right=0, both_wrong=1),)
    frame = found.flips()
    assert frame["row"].tolist() == [0, 1, 2]
    assert frame["target"].tolist() == ["red", "round", "none of them"]
    assert frame["baseline_prediction"].tolist() == ["red", "none of them", "red, round"]
    assert frame["outcome"].tolist() == ["broken", "fixed", "fixed"]
    assert "2 fixed and 1 broken of 4 rows" in repr(found)
