import math
from dataclasses import replace

import matplotlib as mpl

from nbregistry.display import to_html, to_text
from nbregistry.display.blocks import Beside, Picture, Section, Table
from nbregistry.display.plots.roc import draw_roc
from nbregistry.display.views.comparison import card as comparison_card
from nbregistry.evaluation.code_differences import CodeDifference, CodeLine
from nbregistry.evaluation.comparison import Difference
from nbregistry.evaluation.overlap import Overlap
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
    assert to_text(bare).splitlines()[1] == "Nothing to compare: no version has a metric."


def test_only_one_has_the_metric():
    rows = tuple(replace(row, value=None) if row.ref != "tumour@1" else row for row in samples.comparison().rows)
    assert "Only one of them has roc_auc." in to_text(replace(samples.comparison(), rows=rows))


def test_nan_is_no_number_to_be_equal_with():
    def lead(numbers, metrics, nan):
        rows = [row for row in samples.comparison(numbers).rows if row.metric in metrics]
        rows = [replace(row, value=math.nan, difference=math.nan) if row.ref in nan else row for row in rows]
        return to_text(replace(samples.comparison(numbers), rows=tuple(rows))).split("\n")[1]

    one = {"roc_auc"}
    assert lead((1, 4), one, {"tumour@4"}) == "Only one of them has a number for roc_auc: 0.9978."
    assert lead((1, 4), one, {"tumour@1", "tumour@4"}) == "roc_auc is NaN in all that have it."
    assert lead((1, 4, 2), one, {"tumour@2"}).startswith("The same roc_auc: 0.9978, in 2 of 3; the others")
    assert lead((1, 2, 3), one, {"tumour@1"}).startswith(
        "tumour@3 has the best roc_auc: 0.9982; the baseline tumour@1 has NaN."
    )
    assert "equal" not in lead((1, 4), {"roc_auc", "accuracy", "f1"}, {"tumour@4"})


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


def test_what_is_not_plotted_is_not_there():
    assert "ROC" in to_text(samples.comparison())
    assert "ROC" not in to_text(replace(samples.comparison(), plots={}))


def test_many_versions_stand_below_each_other_and_some_curves_are_left_out():
    text = to_text(samples.comparison(tuple(range(1, 13)), groups=False))
    assert text.startswith("Compare 12 versions")
    assert "ROC curves, 8 of 12 drawn" in text
    assert max(map(len, text.split("\n"))) < 170


def test_a_plot_is_the_same_whatever_style_the_notebook_has():
    curves = {"tumour@1": samples.curve(1.0), "模型@2": samples.curve(2.0)}
    plain = draw_roc(curves)
    with mpl.rc_context(
        {"axes.facecolor": "red", "font.size": 30, "lines.linewidth": 9, "savefig.dpi": 20, "xtick.major.pad": 30}
    ):
        before = dict(mpl.rcParams)
        assert draw_roc(curves) == plain
        assert dict(mpl.rcParams) == before
    assert plain.startswith(b"\x89PNG")
    assert len(plain) < 120_000


def test_a_lead_that_one_metric_gives_is_put_in_proportion():
    """roc_auc alone would name tumour@3; in most other metrics the baseline is better."""
    two = " ".join(to_text(samples.comparison((1, 2))).split())
    assert "the baseline itself. Whether that is more than chance was not tested. tumour@2 is behind in all 10" in two
    three = " ".join(to_text(samples.comparison((1, 3))).split())
    assert "tumour@3 is ahead in 5 of 10 metrics, behind in 4." in three


def test_of_many_the_one_that_is_best_most_often_is_named():
    assert "tumour@3 is best in 6 of 10 metrics." in " ".join(to_text(samples.comparison((1, 2, 3))).split())
    assert "is best in" not in to_text(samples.comparison((1, 2, 4)))  # 1 and 4 are equal


def test_two_versions_need_no_star_and_the_signs_are_explained_once():
    text = to_text(samples.comparison((1, 2), groups=False))
    assert "★" not in text.split("ROC")[0]
    assert text.count("▲ ahead, ▼ behind") == 1
    assert "▼ behind " not in text
    assert "★ best" in to_text(samples.comparison((1, 2, 3)))


def test_why_comes_before_where():
    heads = [text for text in to_text(samples.comparison((1, 2, 3))).split("\n") if text]
    order = (
        "Metrics, ",
        "ROC curves in numbers",
        "6 parameters differ",
        "What else differs",
        "roc_auc by age",
        "next:",
    )
    places = [next(n for n, text in enumerate(heads) if text.startswith(start)) for start in order]
    assert places == sorted(places)


def test_other_rows_are_the_first_thing_said():
    apart = replace(samples.comparison((1, 2)), overlaps=(Overlap("tumour@2", 171, 200, 90),))
    said = " ".join(to_text(apart).split())
    assert "No verdict: they were not evaluated on the same rows. tumour@1 has the best roc_auc" in said
    assert "more than chance" not in said
    assert "nbr-warned" in to_html(apart)


def test_groups_of_the_main_metric_stand_open_and_all_others_in_one_fold():
    rows = samples.comparison().groups
    groups = tuple(replace(row, metric=metric) for metric in ("roc_auc", "f1", "recall") for row in rows)
    root = parse(to_html(replace(samples.comparison(), groups=groups)))
    folded = [item.text for item in root.all("summary") if "by group" in item.text]
    assert folded == ["2 more metrics by group"]
    assert [table for table in root.all("caption") if table.text == "roc_auc by age"]


def test_how_many_differences_are_shown_is_said_where_it_is_seen():
    found = tuple(Difference(f"column {n}", {"tumour@1": "int64", "tumour@2": "float64"}) for n in range(60))
    shown = replace(samples.comparison((1, 2)), differences={"features": found})
    (summary,) = [s.text for s in parse(to_html(shown)).all("summary") if s.text.startswith("Features")]
    assert summary == "Features: 60 differences, 25 of them shown; .differences has all"


def differing_code(count):
    numbers = tuple(range(1, count + 2))
    shown = samples.comparison(numbers, groups=False)
    code = tuple(CodeDifference(ref, shown.refs[0], (CodeLine("x = 1", "added"),)) for ref in shown.refs[1:])
    return parse(to_html(replace(shown, code=code))).all("details")


def test_the_code_of_one_is_in_sight_of_a_few_folded_and_of_many_under_one_heading():
    heads = {count: [(found.all("summary")[0].text, "open" in found.attributes) for found in differing_code(count)
             if "code" in found.all("summary")[0].text] for count in (1, 2, 8)}  # fmt: skip
    assert heads[1] == [("The code of tumour@2: 1 line added, 0 removed", True)]
    assert [is_open for _, is_open in heads[2]] == [False, False]
    assert heads[8][0] == ("The code differs in 8 versions", False)
    assert len(heads[8]) == 9


def test_long_values_are_shown_from_where_they_differ():
    start = "[('standardscaler', StandardScaler, <sklearn.compose._column_transformer.make_column_selector>), ("
    values = {"tumour@1": f"{start}'onehotencoder')]", "tumour@2": f"{start}'passthrough')]", "tumour@3": "none"}
    shown = replace(samples.comparison((1, 2, 3)), differences={"params": (Difference("transformers", values),)})
    text = to_text(shown)
    assert "…n_selector>), ('onehotencoder')]" in text
    assert "…n_selector>), ('passthrough')]" in text


def test_long_values_that_differ_at_once_begin_at_their_beginning():
    values = {"tumour@1": "a" * 80, "tumour@2": "b" * 80}
    shown = replace(samples.comparison((1, 2)), differences={"params": (Difference("x", values),)})
    assert "…a" not in to_text(shown)


def test_the_plot_stands_beside_the_metrics_and_its_numbers_unfold():
    card = comparison_card(samples.comparison((1, 2)))
    (beside,) = [block for block in card.blocks if isinstance(block, Beside)]
    assert [[type(block) for block in column] for column in beside.columns] == [[Table], [Picture]]
    (numbers,) = [
        block
        for block in card.blocks
        if isinstance(block, Section) and block.title[0].text.startswith("ROC curves in numbers")
    ]
    assert [type(inner) for inner in numbers.blocks] == [Table]
    assert not numbers.open
