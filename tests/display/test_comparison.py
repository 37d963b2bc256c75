from dataclasses import replace

import matplotlib as mpl

from nbregistry.display import to_html, to_text
from nbregistry.display.plots import draw_roc
from tests.display import samples
from tests.display.dom import parse


def test_the_first_words_are_the_answer():
    first, second, *_ = to_text(samples.comparison()).split("\n")
    assert first.startswith("Compare tumour@1, tumour@2, tumour@3  on X_test, y_test")
    assert second.startswith("tumour@3 has the best roc_auc: 0.9982, +0.0004 against the baseline tumour@1.")


def test_the_baseline_may_be_the_best():
    assert "tumour@1 has the best roc_auc: 0.9978, the baseline itself." in to_text(samples.comparison((1, 2)))


def test_equal_versions():
    assert "All have the same roc_auc: 0.9978." in to_text(samples.comparison((1, 4)))


def test_no_metrics():
    bare = replace(samples.comparison(), rows=(), curves={}, groups=())
    assert "No metric to rank them by." in to_text(bare)


def test_only_one_has_the_metric():
    rows = tuple(replace(row, value=None) if row.ref != "tumour@1" else row for row in samples.comparison().rows)
    assert "Only one of them has roc_auc." in to_text(replace(samples.comparison(), rows=rows))


def test_what_differs_is_listed_and_what_is_equal_is_counted():
    text = " ".join(to_text(samples.comparison()).split())
    assert "6 parameters differ" in text
    assert "Environment: 1 difference" in text
    assert "30 in features" in text
    assert "tumour@2: precision given, not computed" in text


def test_the_curves_are_drawn_and_given_in_numbers():
    root = parse(to_html(samples.comparison()))
    (image,) = root.all("img")
    assert "tumour@1 with AUC 0.8728" in image.attributes["alt"]
    assert "AUC" in to_text(samples.comparison())
    assert "TPR at 5% FPR" in to_text(samples.comparison())


def test_many_versions_stand_below_each_other_and_some_curves_are_left_out():
    text = to_text(samples.comparison(tuple(range(1, 13)), groups=False))
    assert text.startswith("Compare 12 versions")
    assert "ROC curves, 8 of 12 drawn" in text
    assert max(map(len, text.split("\n"))) < 170


def test_a_plot_is_the_same_whatever_style_the_notebook_has():
    curves = {"tumour@1": samples.curve(1.0), "模型@2": samples.curve(2.0)}
    plain = draw_roc(curves)
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "lines.linewidth": 9, "savefig.dpi": 20}):
        before = dict(mpl.rcParams)
        assert draw_roc(curves) == plain
        assert dict(mpl.rcParams) == before
    assert plain.startswith(b"\x89PNG")
    assert len(plain) < 120_000
