"""Weak slices: those that are planted are found, and where there is none, none is reported."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nbregistry.errors import Refused
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.slices import find_slices
from nbregistry.model import ModelVersion
from tests.evaluation.significance.samples import binary, equally_good, multiclass, regression

ROWS = 1600


def table(rng, rows=ROWS):
    """Give rows of numbers, categories and dates, some of them missing."""
    X = pd.DataFrame(
        {
            "age": rng.integers(18, 80, rows).astype(float),
            "region": rng.choice(["north", "south", "west"], rows),
            "joined": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, rows), "D"),
        }
    )
    X.loc[rng.random(rows) < 0.1, "age"] = np.nan
    return X


def two(rng, spoiled=None, rows=ROWS):
    """Give two equally good classifiers, the second of which guesses on some rows."""
    order = rng.permutation(rows)
    target, one, other = (values[order] for values in equally_good(rng, rows))
    if spoiled is not None:
        other = np.where(spoiled, rng.random(rows), other)
    return {"m@1": binary(target, one), "m@2": binary(target, other)}


def weighing(measured, weights):
    return {ref: replace(one, rows=one.rows | {"weight": weights}) for ref, one in measured.items()}


def worse(found):
    return [one for one in found.found if one.kind == "worse"]


def test_a_planted_slice_is_found_and_said():
    rng = np.random.default_rng(0)
    X = table(rng)
    found = find_slices(X, two(rng, X["region"] == "north"), baseline="m@1")
    (one,) = worse(found)
    assert (one.ref, one.rule) == ("m@2", "region is north")
    assert one.difference == pytest.approx(one.loss - one.against)
    assert 0 < one.ci_low < one.difference < one.ci_high
    assert one.p_value <= one.p_adjusted < 0.001
    assert found.loss == "Brier loss"
    assert found.n == ROWS // 2


def test_a_rule_may_have_two_sides_and_a_date():
    rng = np.random.default_rng(1)
    X = table(rng, 4000)
    late = (X["joined"] > "2021-06-01") & (X["region"] == "west")
    (one, *_) = worse(find_slices(X, two(rng, late, 4000), baseline="m@1"))
    assert "region is west" in one.rule
    assert "joined > 2021-0" in one.rule


def test_numbers_of_a_slice_are_those_of_its_rows_in_the_half_that_confirms():
    rng = np.random.default_rng(0)
    X = table(rng)
    measured = two(rng, X["region"] == "north")
    (one,) = worse(find_slices(X, measured, baseline="m@1"))
    north = (X["region"] == "north").to_numpy()
    assert 0.4 < one.n / north.sum() < 0.6
    losses = {ref: (m.rows["score"] - m.codes) ** 2 for ref, m in measured.items()}
    assert one.loss == pytest.approx(losses["m@2"][north].mean(), abs=0.03)
    assert one.against == pytest.approx(losses["m@1"][north].mean(), abs=0.03)


def test_where_a_model_is_weak_itself():
    rng = np.random.default_rng(2)
    X = table(rng)
    target = rng.normal(size=ROWS)
    noise = rng.normal(size=ROWS) * np.where(X["age"].isna(), 3.0, 1.0)
    found = find_slices(X, {"m@1": regression(target, target + noise)}, baseline="m@1")
    (one,) = found.found
    assert (one.kind, one.rule, found.loss) == ("weak", "age is missing", "absolute error")
    assert one.loss > 2 * one.against


def test_a_version_that_is_worse_everywhere_is_worse_in_no_slice():
    rng = np.random.default_rng(3)
    X = table(rng)
    target = rng.normal(size=ROWS)
    one, other = (regression(target, target + scale * rng.normal(size=ROWS)) for scale in (1.0, 2.0))
    assert worse(find_slices(X, {"m@1": one, "m@2": other}, baseline="m@1")) == []


def test_a_slice_where_it_is_only_less_better_is_not_one_where_it_is_worse():
    rng = np.random.default_rng(4)
    X = table(rng)
    target, noise = rng.normal(size=ROWS), rng.normal(size=ROWS)
    better = np.where(X["region"] == "north", 0.95, 0.3)
    measured = {"m@1": regression(target, target + noise), "m@2": regression(target, target + better * noise)}
    found = find_slices(X, measured, baseline="m@1")
    assert worse(found) == []
    assert "region is north" in [one.rule for one in found.found if one.ref == "m@2"]


def test_where_there_is_no_slice_none_is_reported_more_often_than_chance_allows():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(60):
        wrong += bool(find_slices(table(rng, 600), two(rng, rows=600), baseline="m@1").found)
    assert wrong <= 7  # of 60; with a level of 0.05 more would come once in 100 times


def test_only_the_ratios_of_weights_count_and_rows_that_weigh_nothing_are_none():
    rng = np.random.default_rng(0)
    X = table(rng)
    measured = two(rng, X["region"] == "north")
    plain = find_slices(X, measured, baseline="m@1")
    sevenfold = find_slices(X, weighing(measured, np.full(ROWS, 7.0)), baseline="m@1")
    assert [one.rule for one in sevenfold.found] == [one.rule for one in plain.found]
    assert sevenfold.found[0].p_value == pytest.approx(plain.found[0].p_value)
    some = rng.random(ROWS) < 0.7
    left_out = find_slices(X, weighing(measured, some.astype(float)), baseline="m@1")
    without = find_slices(X[some], {ref: one.take(some) for ref, one in measured.items()}, baseline="m@1")
    assert left_out == without


def test_a_slice_of_rows_that_hardly_count_is_not_where_it_is_weak():
    """In the west it guesses on rows of little weight, and is right on those of much."""
    rng = np.random.default_rng(11)
    X = table(rng, 4000)
    west, light = (X["region"] == "west").to_numpy(), rng.random(4000) < 0.5
    measured = two(rng, west & light, 4000)
    assert [one.rule for one in worse(find_slices(X, measured, baseline="m@1"))] == ["region is west"]
    weights = np.where(light, 0.01, 1.0)
    assert worse(find_slices(X, weighing(measured, weights), baseline="m@1")) == []
    (one,) = worse(find_slices(X, weighing(measured, 1.01 - weights), baseline="m@1"))
    assert one.rule == "region is west"
    (plain,) = worse(find_slices(X, measured, baseline="m@1"))
    assert one.loss > 1.2 * plain.loss


def test_a_slice_is_looked_for_by_weight():
    """In the west one of the two guesses, the baseline where rows are light: without weights that is no difference."""
    rng = np.random.default_rng(13)
    X = table(rng, 4000)
    west, light = (X["region"] == "west").to_numpy(), rng.random(4000) < 0.5
    good, guessed = rng.random(4000), rng.random(4000)
    target = (good > 0.5).astype(int)
    measured = {
        "m@1": binary(target, np.where(west & light, guessed, good)),
        "m@2": binary(target, np.where(west & ~light, guessed, good)),
    }
    assert worse(find_slices(X, measured, baseline="m@1")) == []
    (one, *_) = worse(find_slices(X, weighing(measured, np.where(light, 0.01, 1.0)), baseline="m@1"))
    assert one.rule == "region is west"


@pytest.mark.parametrize("weigh", [lambda rng, _: rng.exponential(size=600), lambda _, X: X["age"].fillna(40) / 20])
def test_weights_confirm_no_slice_more_often_than_chance_allows(weigh):
    rng = np.random.default_rng(12)
    wrong = 0
    for _ in range(60):
        X = table(rng, 600)
        wrong += bool(find_slices(X, weighing(two(rng, rows=600), np.asarray(weigh(rng, X))), baseline="m@1").found)
    assert wrong <= 7


def test_copies_confirm_nothing():
    """Each row four times over: it stands in both halves, and would confirm whatever was found with it."""
    rng = np.random.default_rng(9)
    wrong = 0
    for _ in range(60):
        X = table(rng, 400).assign(income=rng.normal(size=400))
        order = rng.permutation(1600) % 400
        measured = {ref: one.take(order) for ref, one in two(rng, rows=400).items()}
        found = find_slices(X.iloc[order], measured, baseline="m@1")
        assert (found.copies, found.n) == (1200, 200)
        wrong += bool(found.found)
    assert wrong <= 7
    few = np.arange(640) % 160
    with pytest.raises(Refused, match="160 different rows are too few"):
        find_slices(X.iloc[few], {ref: one.take(few) for ref, one in measured.items()}, baseline="m@1")


def test_rows_of_a_few_categories_are_no_copies():
    rng = np.random.default_rng(10)
    X = pd.DataFrame({"region": rng.choice(["north", "south"], ROWS), "age": rng.integers(18, 80, ROWS)})
    found = find_slices(X, two(rng, X["region"] == "north"), baseline="m@1")
    assert found.copies == 0
    assert worse(found)[0].rule in ("region is north", "region is not south")


def test_the_same_rows_give_the_same_slices():
    rng = np.random.default_rng(6)
    X = table(rng)
    measured = two(rng, X["region"] == "north")
    assert find_slices(X, measured, baseline="m@1") == find_slices(X.copy(), measured, baseline="m@1")


def test_a_slice_stands_once_and_not_within_another():
    rng = np.random.default_rng(7)
    X = table(rng, 6000)
    spoiled = (X["region"] == "north") & (X["age"] < 60)
    rules = [one.rule for one in worse(find_slices(X, two(rng, spoiled, 6000), baseline="m@1"))]
    assert len(rules) == 1


def test_labels_alone_and_many_classes_are_looked_at_too():
    rng = np.random.default_rng(8)
    X = table(rng)
    target = rng.integers(0, 3, ROWS)
    odd = np.where(X["region"] == "south", rng.integers(0, 3, ROWS), target)
    right, wrong = (
        Measured("multiclass", {}, {"target": target, "prediction": said}, (), (0, 1, 2)) for said in (target, odd)
    )
    found = find_slices(X, {"m@1": right, "m@2": wrong}, baseline="m@1")
    assert found.loss == "error rate"
    assert [one.rule for one in worse(found)] == ["region is south"]
    sure, unsure = (multiclass(target, 0.8 * np.eye(3)[said] + 0.2 / 3) for said in (target, odd))
    found = find_slices(X, {"m@1": sure, "m@2": unsure}, baseline="m@1")
    assert found.loss == "Brier loss"
    assert [one.rule for one in worse(found)] == ["region is south"]


def test_arrays_and_polars_are_tables():
    rng = np.random.default_rng(0)
    X = table(rng)
    measured = two(rng, X["region"] == "north")
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"age": X["age"].to_numpy(), "region": X["region"].to_list()})
    assert worse(find_slices(frame, measured, baseline="m@1"))[0].rule == "region is north"
    array = (X["region"] == "north").to_numpy(dtype=float)[:, None]
    assert worse(find_slices(array, measured, baseline="m@1"))[0].rule == "0 > 0"
    nothing = find_slices(X[["region"]].assign(region="one"), measured, baseline="m@1")
    assert (nothing.found, nothing.tested) == ((), 0)


def test_what_cannot_be_looked_at_is_refused():
    rng = np.random.default_rng(1)
    X, measured = table(rng, 199), two(rng, rows=199)
    with pytest.raises(Refused, match="199 rows are too few"):
        find_slices(X, measured, baseline="m@1")
    with pytest.raises(Refused, match="slices need a table"):
        find_slices([["a"]] * 199, measured, baseline="m@1")
    with pytest.raises(Refused) as refused:
        find_slices(sparse.eye_array(199), measured, baseline="m@1")
    assert refused.value.hint == "X.toarray() is one"
    with pytest.raises(Refused, match="m@9, and that was not evaluated"):
        find_slices(X, measured, baseline="m@9")
    more = two(rng, rows=250)
    weights = np.where(np.arange(250) < 60, 0.0, 1.0)
    with pytest.raises(Refused, match="190 rows are too few"):
        find_slices(table(rng, 250), weighing(more, weights), baseline="m@1")


def test_slices_are_part_of_a_comparison_that_asks_for_them():
    rng = np.random.default_rng(0)
    X = table(rng)
    measured = two(rng, X["region"] == "north")
    versions = [ModelVersion("m", 1), ModelVersion("m", 2)]
    comparison = compare_versions(
        versions, list(measured.values()), baseline="m@1", X=X, slices=True, metrics=["accuracy"]
    )
    assert comparison.slices == find_slices(X, measured, baseline="m@1")
    assert json.loads(comparison.to_json())["slices"]["found"][0]["p_adjusted"] < 0.001
    plain = compare_versions(versions, list(measured.values()), baseline="m@1", X=X, metrics=["accuracy"])
    assert plain.slices is None
    assert json.loads(plain.to_json())["slices"] is None


def test_of_several_labels_a_row_is_lost_if_any_is_wrong():
    rng = np.random.default_rng(0)
    X = table(rng)
    target = rng.integers(0, 2, (len(X), 3))
    wrong = (X["region"] == "north").to_numpy() & (rng.random(len(X)) < 0.6)
    other = np.where(wrong[:, None], 1 - target, target)
    measured = {
        ref: Measured("multilabel", {}, {"target": target, "prediction": said})
        for ref, said in (("m@1", target), ("m@2", other))
    }
    found = find_slices(X, measured, baseline="m@1")
    assert found.loss == "error rate"
    assert {one.rule for one in found.found} == {"region is north"}
    X["income"] = rng.normal(size=len(X))
    twice = pd.concat([X, X], ignore_index=True)
    doubled = {ref: one.take(np.tile(np.arange(len(X)), 2)) for ref, one in measured.items()}
    assert find_slices(twice, doubled, baseline="m@1").copies == len(X)
