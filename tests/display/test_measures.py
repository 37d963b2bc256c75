import math

import pytest

from nbregistry.display.measures import best_of, by_importance, change, leading, sparkline, trend
from tests.display import samples


def words(line) -> str:
    return "".join(span.text for span in line)


@pytest.mark.parametrize(
    ("metric", "value", "before", "said"),
    [
        ("roc_auc", 0.9, 0.8, "+0.1000 ▲ ahead"),
        ("roc_auc", 0.7, 0.8, "−0.1000 ▼ behind"),
        ("log_loss", 0.7, 0.8, "−0.1000 ▲ ahead"),
        ("rmse", 3.0, 2.0, "+1.0000 ▼ behind"),
        ("trees", 100, 90, "+10"),
        ("roc_auc", 0.8, 0.8, "= equal"),
        ("roc_auc", None, 0.8, ""),
        ("roc_auc", 0.8, math.nan, ""),
        ("roc_auc", math.inf, math.inf, "= equal"),
        ("roc_auc", 0.80000001, 0.8, "+1e−08 ▲ ahead"),
    ],
)
def test_change(metric, value, before, said):
    assert words(change(metric, value, before)) == said


def test_best_knows_which_way_is_better():
    values = {"a": 0.1, "b": 0.3, "c": math.nan, "d": None}
    assert best_of("roc_auc", values) == ["b"]
    assert best_of("log_loss", values) == ["a"]
    assert best_of("trees", values) == []


def test_there_is_no_best_without_a_choice():
    assert best_of("roc_auc", {"a": 0.5}) == []
    assert best_of("roc_auc", {"a": 0.5, "b": 0.5}) == []
    assert best_of("roc_auc", {"a": 0.5, "b": 0.5, "c": 0.1}) == ["a", "b"]


def test_what_was_asked_for_and_stated_comes_first():
    names = ["accuracy", "roc_auc", "profit", "recall"]
    assert by_importance(names) == ["roc_auc", "accuracy", "recall", "profit"]
    assert by_importance(names, given=["profit"]) == ["roc_auc", "profit", "accuracy", "recall"]
    assert by_importance(names, given=["profit"], asked="metrics.recall > 0.9")[0] == "recall"
    assert leading(["profit", "recall"]) == "recall"


def test_sparklines_fit_and_bear_anything():
    assert sparkline([]) == ""
    assert sparkline([None, math.nan, math.inf]) == ""
    assert sparkline([1.0, 1.0]) == "▄▄"
    assert len(sparkline([float(i) for i in range(500)])) == 12


def test_a_trend_says_what_it_draws():
    drawn, said = trend("roc_auc", samples.many(20).items)
    assert "tumour@1)" in drawn[0].title
    assert "lowest" in drawn[0].title
    assert words(said) == "0.8973 → 0.9822"
    assert words(trend("roc_auc", samples.many(2).items)[0]) == "–"
