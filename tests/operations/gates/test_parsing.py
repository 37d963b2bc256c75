"""Requirements are read, write themselves, and where they cannot be read the place is shown."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.errors import InvalidRequirement
from nbregistry.operations.gates.parsing import MAX_LENGTH, read, read_all
from nbregistry.operations.gates.requirements import Approved, Better, Margin, NotWorse, RowCount, Threshold

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
numbers = st.floats(allow_nan=False, allow_infinity=False)
signs = st.sampled_from([">=", "<=", ">", "<"])
margins = st.none() | st.builds(Margin, st.floats(min_value=1e-9, max_value=1e9), st.booleans())
requirements = st.one_of(
    st.builds(Threshold, texts, signs, numbers, st.booleans(), st.just("") | texts),
    st.builds(RowCount, signs, numbers, st.just("") | texts),
    st.builds(Better, texts, texts, margins, st.just("") | texts),
    st.builds(NotWorse, texts, texts, margins, st.just("") | texts),
    st.builds(Approved, st.booleans()),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("roc_auc >= 0.90", Threshold("roc_auc", ">=", 0.9)),
        ("log_loss<.3", Threshold("log_loss", "<", 0.3)),
        ("roc_auc Surely >= 9e-1", Threshold("roc_auc", ">=", 0.9, surely=True)),
        ("n >= 500", RowCount(">=", 500)),
        ("'n' >= 500", Threshold("n", ">=", 500)),
        ("roc_auc better than champion", Better("roc_auc", "champion")),
        ("roc_auc better than 3 by 0.01", Better("roc_auc", "3", Margin(0.01))),
        ("roc_auc NOT worse\nthan churn@champion~1 by 2 %", NotWorse("roc_auc", "churn@champion~1", Margin(2, True))),
        ("'my metric' not worse than \"my model@2\"", NotWorse("my metric", "my model@2")),
        ("roc_auc better than models:/churn/3", Better("roc_auc", "models:/churn/3")),
        ("roc_auc >= 0.9 on holdout", Threshold("roc_auc", ">=", 0.9, on="holdout")),
        ("n >= 500 ON '2026-11 holdout'", RowCount(">=", 500, "2026-11 holdout")),
        ("f1 better than on by 1% on sha256:0f", Better("f1", "on", Margin(1, True), "sha256:0f")),
        ("f1 not worse than 3 on holdout", NotWorse("f1", "3", on="holdout")),
        ("approved", Approved()),
        ("Approved  BY another", Approved(by_another=True)),
        ("approved_by >= 2", Threshold("approved_by", ">=", 2)),
        ("val/auc-2.b >= -1", Threshold("val/auc-2.b", ">=", -1)),
    ],
)
def test_each_form_is_read(text, meant):
    assert read(text) == (meant,)


@given(st.lists(requirements, min_size=1, max_size=5))
def test_what_it_writes_is_read_as_the_same(some):
    assert read(", ".join(map(str, some))) == tuple(some)
    assert read(" and ".join(map(str, some))) == tuple(some)


def test_several_texts_count_once_each():
    assert list(map(str, read_all(["a >= 1, approved", "approved", "a >= 1.0"]))) == ["a >= 1", "approved"]


@pytest.mark.parametrize(
    ("text", "column", "expected", "near"),
    [
        ("roc_auc => 0.9", 9, "a sign such as >=", ">="),
        ("roc_auc ≥ 0.9", 9, "a sign such as >=", ">="),
        ("roc_auc beter than champion", 9, "better than", "better than"),
        ("roc_auc worse than champion", 9, "not worse than", "not worse than"),
        ("roc_auc not wors than champion", 13, "worse than", "worse than"),
        ("roc_auc not worse then champion", 19, "than", "than"),
        ("roc_auc better than", 20, "a version such as champion", None),
        ("roc_auc better than champion bye 1", 30, "by, on, a comma", "by"),
        ("roc_auc better than champion by champion", 33, "a number", None),
        ("roc_auc better than champion by 0", 33, "above 0", None),
        ("roc_auc >=", 11, "a number", None),
        ("roc_auc >= 1.2.3", 12, "a number", None),
        ("roc_auc >= 90%", 14, "a comma or the end", None),
        ("roc_auc >= 1; approved", 13, "a comma or the end", ","),
        ("roc_auc at least 0.9", 9, "a sign such as >=", ">="),
        ("log_loss is at most 0.9", 10, "a sign such as >=", "<="),
        ("roc_auc is better than champion", 9, "a sign such as >=", "better than"),
        ("roc_auc is no worse than champion", 9, "a sign such as >=", "not worse than"),
        ("roc_auc no worse than champion", 9, "a sign such as >=", "not worse than"),
        ("roc_auc better than champion by 2 percent", 35, "%, on, a comma", "%"),
        ("r2 >= \u22121", 7, "a number", "-"),
        ("better than champion", 8, "a sign such as >=", None),
        ("roc_auc >= 0,9", 14, "a metric such as roc_auc", None),
        ("aproved", 8, "a sign such as >=", "approved"),
        ("approved by anothr", 13, "another", "another"),
        ("approved by", 12, "another", None),
        ("approved bye another", 10, "by, a comma", "by"),
        ("roc_auc >= 0.9 onn holdout", 16, "on, a comma", "on"),
        ("roc_auc >= 0.9 on", 18, "the name of an evaluation", None),
        ("approved on holdout", 10, "by, a comma", None),
        ("n surely >= 5", 3, "rows are counted", None),
        ("n better than 3", 1, "n is the number of rows", "n >="),
        ("x >= 1e999", 6, "too large", None),
        ("'roc_auc >= 1", 1, "never closed", None),
        ("'' >= 1", 1, "nothing between", None),
        (", a > 1", 1, "a metric such as roc_auc", None),
        ("a > 1,", 7, "a metric such as roc_auc", None),
        ("roc_auc > = 0.9", 11, "a number", ">="),
        ("mae < = 2", 7, "a number", "<="),
        ("mae < 2 =", 9, "on, a comma", None),
        ("size <= 5 MB", 11, "on, a comma", None),
        ("0.9 <= roc_auc", 1, "a metric such as roc_auc", None),
        ("roc_auc surely not worse than champion", 16, "a sign such as >=", None),
    ],
)
def test_an_error_points_at_the_place_and_names_what_was_meant(text, column, expected, near):
    with pytest.raises(InvalidRequirement) as caught:
        read(text)
    _, pointer = caught.value.excerpt
    assert pointer.index("^") == column - 1
    assert f"column {column}: " in pointer
    assert expected in pointer
    assert list(caught.value.nearest) == ([near] if near else [])
    assert caught.value.hint


def test_nothing_and_too_much_are_refused():
    with pytest.raises(InvalidRequirement, match="nothing is required"):
        read("  ")
    with pytest.raises(InvalidRequirement, match="too long"):
        read("a > 1," * MAX_LENGTH)


@given(st.text(max_size=60))
def test_no_text_is_anything_but_read_or_refused(text):
    with suppress(InvalidRequirement):
        assert read(text)


def test_a_slip_that_is_common_is_told_in_words():
    for text, told in (
        ("roc_auc >= 0,9", "numbers have a point"),
        ("better than champion", "the metric comes first"),
        ("0.9 <= roc_auc", "the metric comes first: roc_auc >= 0.9"),
        ("size <= 5 MB", "sizes are in bytes"),
        ("size <= 5MB", "sizes are in bytes"),
        ("prediction_seconds < 3 ms", "times in seconds"),
        ("roc_auc surely better than champion", "without 'surely'"),
    ):
        with pytest.raises(InvalidRequirement) as caught:
            read(text)
        assert told in caught.value.hint


@pytest.mark.parametrize("text", ["f1 >= 0.9, f1 < 0.9", "f1 surely > 0.5 and f1 < 0.5", "n >= 10, n < 9"])
def test_what_nothing_can_pass_is_refused(text):
    with pytest.raises(InvalidRequirement, match="no number passes both"):
        read_all([text])


@pytest.mark.parametrize("text", ["f1 >= 0.9, f1 <= 0.9", "f1 > 0.5, mcc < 0.5", "n >= 10, n < 11", "'n' >= 10, n < 9"])
def test_what_something_can_pass_is_read(text):
    assert len(read_all([text])) == 2
