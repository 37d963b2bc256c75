"""Gaps between groups: against counts by hand, and truth."""

from __future__ import annotations

import json

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.gaps import (
    EQUALISED_ODDS,
    FALSE_POSITIVE,
    MEAN_ABSOLUTE_ERROR,
    MEAN_ERROR,
    SELECTION,
    TRUE_POSITIVE,
    measure_gaps,
)
from nbregistry.evaluation.metrics import Measured
from nbregistry.model import ModelVersion
from tests.evaluation.significance.samples import regression


def said(target, prediction):
    return Measured("binary", {}, {"target": target, "prediction": prediction}, (), (0, 1))


def counted(*counts):
    """Give a model that predicts so many (found, missed, accused, spared) rows of each group, and the groups."""
    cells = [(1, 1), (1, 0), (0, 1), (0, 0)]
    rows = [(group, *cells[k]) for group, four in enumerate(counts) for k, n in enumerate(four) for _ in range(n)]
    group, target, prediction = np.array(rows).T
    return said(target, prediction), np.array(["north", "south", "west", "east"])[group]


def gaps_of(measured, group, alpha=0.05, **others):
    found = measure_gaps({"region": group}, {"m@1": measured, **others}, baseline="m@1", alpha=alpha)
    return {(gap.measure, gap.ref): gap for gap in found}


def test_rates_are_those_of_the_confusion_matrices():
    found = gaps_of(*counted((40, 10, 5, 45), (24, 16, 12, 48), (45, 5, 10, 40)))
    assert found[TRUE_POSITIVE, "m@1"].values == {"north": 0.8, "south": 0.6, "west": 0.9}
    assert found[FALSE_POSITIVE, "m@1"].values == {"north": 0.1, "south": 0.2, "west": 0.2}
    assert found[SELECTION, "m@1"].values == {"north": 0.45, "south": 0.36, "west": 0.55}
    gap = found[TRUE_POSITIVE, "m@1"]
    assert (gap.lowest, gap.highest, gap.difference, gap.ratio) == ("south", "west", pytest.approx(0.3), 0.6 / 0.9)
    odds = found[EQUALISED_ODDS, "m@1"]
    assert (odds.difference, odds.lowest, odds.ratio) == (pytest.approx(0.3), "south", 0.5)
    assert odds.ci_low < gap.ci_low < gap.ci_high < odds.ci_high


def test_of_two_groups_the_interval_is_agresti_and_caffo_s():
    found = gaps_of(*counted((40, 10, 5, 45), (24, 16, 12, 48)), alpha=0.1)
    expected = confint_proportions_2indep(40, 50, 24, 40, method="agresti-caffo", compare="diff", alpha=0.1)
    gap = found[TRUE_POSITIVE, "m@1"]
    assert (gap.ci_low, gap.ci_high) == pytest.approx(expected)


def test_where_there_may_be_no_gap_the_interval_begins_at_zero():
    gap = gaps_of(*counted((40, 10, 5, 45), (39, 11, 5, 45)))[TRUE_POSITIVE, "m@1"]
    assert gap.ci_low == 0
    assert gap.ratio_high == 1


def test_intervals_hold_the_truth():
    """The largest of three gaps is 0.2, or there is none: what a bootstrap of the largest could not hold."""
    rng = np.random.default_rng(2)
    for rates in ((0.8, 0.7, 0.6), (0.7, 0.7, 0.7)):
        held = 0
        for _ in range(300):
            group, target = rng.integers(0, 3, 450), rng.integers(0, 2, 450)
            found = rng.random(450) < np.where(target == 1, np.array(rates)[group], 0.2)
            gap = gaps_of(said(target, found.astype(int)), group)[TRUE_POSITIVE, "m@1"]
            held += gap.ci_low <= max(rates) - min(rates) + 1e-9 and gap.ci_high >= max(rates) - min(rates)
        assert held >= 0.93 * 300


def test_small_groups_make_no_gaps():
    found = gaps_of(*counted((40, 10, 5, 45), (24, 16, 12, 48), (0, 5, 0, 20)))
    assert set(found[SELECTION, "m@1"].values) == {"north", "south"}
    assert gaps_of(*counted((40, 10, 5, 45), (0, 4, 30, 30))) == {}


def test_whether_a_gap_shrinks_is_seen_on_the_same_rows():
    first, group = counted((20, 80, 20, 80), (80, 20, 20, 80))
    north = group == "north"
    mended = first.rows["prediction"].copy()
    mended[np.flatnonzero(north & (first.codes == 1) & (mended == 0))[:60]] = 1
    found = gaps_of(first, group, **{"m@2": said(first.rows["target"], mended)})
    assert found[TRUE_POSITIVE, "m@1"].change is None
    gap = found[TRUE_POSITIVE, "m@2"]
    assert gap.difference == pytest.approx(0)
    assert gap.change == pytest.approx(-0.6)
    assert gap.change_low < -0.6 < gap.change_high < -0.4
    assert found[FALSE_POSITIVE, "m@2"].change == 0
    back = gaps_of(said(first.rows["target"], mended), group, **{"m@2": first})[TRUE_POSITIVE, "m@2"]
    assert back.change == pytest.approx(0.6)
    assert back.change_low > 0.4


def test_a_change_is_that_of_the_wider_gap_whichever_groups_it_is_between():
    first, group = counted((20, 80, 20, 80), (80, 20, 20, 80), (80, 20, 20, 80))
    second, _ = counted((80, 20, 20, 80), (80, 20, 20, 80), (70, 30, 20, 80))
    order, other = (np.lexsort((one.rows["prediction"], one.codes, group)) for one in (first, second))
    now = second.rows["prediction"][other][np.argsort(order)]
    found = gaps_of(first, group, **{"m@2": said(first.rows["target"], now)})[TRUE_POSITIVE, "m@2"]
    assert (found.lowest, found.difference, found.change) == ("west", pytest.approx(0.1), pytest.approx(-0.6))


def test_other_rows_have_no_change():
    first, group = counted((20, 80, 20, 80), (80, 20, 20, 80))
    found = gaps_of(first, group, **{"m@2": said(1 - first.rows["target"], first.rows["prediction"])})
    assert found[TRUE_POSITIVE, "m@2"].change is None


def test_numbers_have_gaps_in_their_errors():
    rng = np.random.default_rng(0)
    target, group = rng.normal(size=200), np.arange(200) % 2
    noise = rng.normal(size=200)
    found = gaps_of(regression(target, target + noise + group), group)
    errors = [(noise + group)[group == half] for half in (0, 1)]
    gap = found[MEAN_ERROR, "m@1"]
    assert gap.values == pytest.approx({"0": errors[0].mean(), "1": errors[1].mean()})
    assert gap.difference == pytest.approx(errors[1].mean() - errors[0].mean())
    assert 0 < gap.ci_low < 1 < gap.ci_high
    assert gap.ratio is None
    assert found[MEAN_ABSOLUTE_ERROR, "m@1"].values == pytest.approx(
        {str(half): abs(errors[half]).mean() for half in (0, 1)}
    )


def test_many_classes_have_none():
    codes = np.arange(300) % 3
    three = Measured("multiclass", {}, {"target": codes, "prediction": codes}, (), (0, 1, 2))
    assert gaps_of(three, codes) == {}


def weighing(measured, weights):
    return Measured(measured.task, {}, measured.rows | {"weight": np.asarray(weights, float)}, (), measured.labels)


def test_only_the_ratios_of_weights_count():
    rng = np.random.default_rng(0)
    first, group = counted((40, 10, 5, 45), (24, 16, 12, 48), (45, 5, 10, 40))
    second = said(first.rows["target"], np.where(rng.random(first.n) < 0.2, 0, first.rows["prediction"]))
    found = gaps_of(first, group, **{"m@2": second})
    for weight in (1, 7.5):
        weights = np.full(first.n, weight)
        same = gaps_of(weighing(first, weights), group, **{"m@2": weighing(second, weights)})
        assert same.keys() == found.keys()
        for key, gap in found.items():
            for name in ("difference", "ci_low", "ci_high", "ratio_low", "ratio_high", "change_low", "change_high"):
                assert getattr(same[key], name) == pytest.approx(getattr(gap, name), abs=1e-12), (key, name)


def test_rates_are_of_rows_that_count_as_much_as_they_weigh():
    first, group = counted((40, 10, 5, 45), (24, 16, 12, 48))
    weights = np.where(first.rows["prediction"] == 1, 1.0, 3.0)
    found = gaps_of(weighing(first, weights), group)
    assert found[TRUE_POSITIVE, "m@1"].values == pytest.approx({"north": 40 / 70, "south": 24 / 72})
    assert found[FALSE_POSITIVE, "m@1"].values == pytest.approx({"north": 5 / 140, "south": 12 / 156})
    errors = np.array([3.0, 1.0, -1.0] * 40)
    numbers = weighing(regression(np.zeros(120), errors), [1.0, 0.0, 2.0] * 40)
    gap = gaps_of(numbers, np.arange(120) // 60)[MEAN_ERROR, "m@1"]
    assert gap.values == pytest.approx({"0": 1 / 3, "1": 1 / 3})


def test_rows_that_weigh_nothing_do_not_make_a_group_large():
    first, group = counted((40, 10, 5, 45), (24, 16, 12, 48), (45, 5, 10, 40))
    weights = np.where((group == "west") & (np.arange(first.n) % 4 > 0), 0.0, 1.0)
    assert set(gaps_of(weighing(first, weights), group)[SELECTION, "m@1"].values) == {"north", "south"}
    assert gaps_of(weighing(first, (group == "west").astype(float)), group) == {}


def test_weighted_intervals_hold_the_truth_where_weights_go_with_what_is_measured():
    """Who is selected is three times as likely to be among the rows, and weighs a third."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        group, target = rng.integers(0, 2, 2400), rng.integers(0, 2, 2400)
        found = rng.random(2400) < np.where(target == 1, np.where(group == 1, 0.7, 0.5), 0.2)
        chance = np.where(found, 0.3, 0.1)
        seen = rng.random(2400) < chance
        measured = weighing(said(target[seen], found[seen].astype(int)), 1 / chance[seen])
        gap = gaps_of(measured, group[seen])[TRUE_POSITIVE, "m@1"]
        held += gap.ci_low <= 0.2 + 1e-9 and gap.ci_high >= 0.2
    assert held >= 0.93 * 300


def test_nobody_is_selected():
    gap = gaps_of(*counted((0, 50, 0, 50), (0, 50, 0, 50)))[SELECTION, "m@1"]
    assert (gap.difference, gap.ratio, gap.lowest, gap.highest) == (0, None, "north", "south")


def test_gaps_are_part_of_a_comparison_by_a_column():
    first, group = counted((40, 10, 5, 45), (24, 16, 12, 48))
    versions = [ModelVersion("m", 1), ModelVersion("m", 2)]
    comparison = compare_versions(versions, [first, first], baseline="m@1", by={"region": group})
    assert [gap.ref for gap in comparison.gaps] == ["m@1", "m@2"] * 4
    assert json.loads(comparison.to_json())["gaps"][0]["values"] == {"north": 0.45, "south": 0.36}
    assert compare_versions(versions, [first, first], baseline="m@1").gaps == ()
