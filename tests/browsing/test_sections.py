"""Sections of a page: the displays of the verbs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from nbregistry.browsing.sections import OF_A_VERSION, SECTIONS
from tests.models import pipeline, tumours


def test_each_section_shows_what_its_verb_returns(story):
    shown = {section.id: section.show(story, ("tumour@3",)) for section in OF_A_VERSION}
    assert repr(shown["record"]) == repr([story.get("tumour@3")])
    assert repr(shown["lineage"][0]) == repr(story.lineage("tumour@3"))
    assert shown["evaluations"][0].ref == shown["evaluations"][-1].ref == "tumour@3"


def test_the_comparison_is_that_of_the_verb(story):
    (shown,) = SECTIONS["compare"].show(story, ("tumour@1", "tumour@2"))
    assert shown.to_frame().equals(story.compare("tumour@1", "tumour@2").to_frame())


def test_the_plots_are_all_that_the_verb_draws_without_the_rest(story):
    refs = ("tumour@1", "tumour@2")
    (plots,) = SECTIONS["plots"].show(story, refs)
    every = story.compare(*refs, plots="all")
    assert list(plots.comparison.plots) == ["roc", "pr", "calibration", "confusion", "scores"]
    assert repr(plots).count("AUC") == repr(every).count("AUC") > 0
    pictures = plots._repr_html_().count("<img")
    assert pictures == every._repr_html_().count("<img") >= len(every.plots)
    assert "keep in mind" not in repr(plots)


def test_nothing_to_plot_is_no_error(registry):
    for _ in range(2):
        registry.register("m", {"w": 1})
    (plots,) = SECTIONS["plots"].show(registry, ("m@1", "m@2"))
    assert "Nothing to plot: these versions were not evaluated on the same rows" in repr(plots)


def test_slices_are_looked_for_in_the_columns_that_were_kept(registry):
    target = np.arange(1200) % 2
    X = pd.DataFrame({"signal": target + np.random.default_rng(0).normal(size=1200), "clinic": np.arange(1200) // 300})
    for column in ("signal", "clinic"):
        model = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X[[column]], target)
        rows = X[list(dict.fromkeys([column, "clinic"]))]
        registry.register("m", model, on=(rows, target), keep="clinic")
    (shown,) = SECTIONS["slices"].show(registry, ("m@1", "m@2"))
    again = registry.compare("m@1", "m@2", slices=True)
    assert shown.comparison.slices == again.slices
    assert repr(shown).splitlines()[0] == "Slices of m@1, m@2"


def test_what_was_not_kept_has_a_way_on_in_place_of_slices(story):
    (shown,) = SECTIONS["slices"].show(story, ("tumour@1", "tumour@2"))
    assert "no column of them was kept" in repr(shown)
    assert "%evaluate REF X y --keep COLUMN" in " ".join(repr(shown).split())


def test_the_journal_of_a_version_has_what_names_it_and_nothing_else(story):
    story.promote("tumour@3", reason="better")
    story.tag("tumour@2", other=True)
    story.rollback("tumour", reason="no better")
    (journal,) = SECTIONS["journal"].show(story, ("tumour@3",))
    assert [event.verb for event in journal] == ["register", "promote", "rollback"]


def test_a_version_without_evaluations_says_so(registry):
    registry.register("m", {"w": 1})
    (shown,) = SECTIONS["evaluations"].show(registry, ("m@1",))
    assert "Not evaluated yet" in repr(shown)


def test_evaluations_are_drawn_and_said_in_numbers(story):
    (shown, _) = SECTIONS["evaluations"].show(story, ("tumour@1",))
    area = story.get("tumour@1").metrics["roc_auc"]
    assert f"with AUC {area:.4f}" in shown._repr_html_()
    assert "ROC curves in numbers" in repr(shown)
    assert f"{area:.4f}" in repr(shown).rpartition("ROC curves")[2]


def test_the_evaluation_that_is_drawn_whole_is_not_of_the_rows_that_were_learned(story):
    X_train, _, y_train, _ = tumours()
    story.evaluate("tumour@1", X_train, y_train, name="train rows")
    (every, telling) = SECTIONS["evaluations"].show(story, ("tumour@1",))
    assert [found.on_training_rows for found in every] == [False, True]
    assert telling.dataset == every[0].dataset
    assert "the rows it was trained on" in repr(every)
    assert "★" not in repr(every)  # of one model none is the best


def test_an_evaluation_has_one_name_in_table_and_plot(registry):
    _, X_test, _, y_test = tumours()
    registry.register("m", pipeline(), on=(X_test, y_test))
    for name in ("", "holdout", "holdout"):
        registry.evaluate("m@1", X_test, y_test, name=name)
    (every, _) = SECTIONS["evaluations"].show(registry, ("m@1",))
    table, _, numbers = repr(every).partition("ROC curves in numbers")
    for name in ("no. 1", "no. 2", "holdout", "holdout no. 4"):
        assert name in table
        assert name in numbers
