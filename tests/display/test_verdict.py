"""What a comparison's tests say, in words and in a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nbregistry.display import to_html, to_text
from nbregistry.evaluation.leaks import Leak
from tests.display import samples
from tests.display.dom import parse

TEST = {
    "better": {"ci_low": 0.001, "ci_high": 0.004, "p_value": 0.004, "p_adjusted": 0.012},
    "worse": {"ci_low": -0.004, "ci_high": -0.001, "p_value": 0.0002, "p_adjusted": 0.0004},
    "equivalent": {"ci_low": -0.001, "ci_high": 0.001, "p_value": 0.4, "p_adjusted": 0.8},
    "undecided": {"ci_low": -0.02, "ci_high": 0.03, "p_value": 0.3, "p_adjusted": 0.9},
}


def judged(verdicts, **options):
    """Give a comparison whose differences were tested, with a verdict for each version, or one for all."""
    numbers = tuple(range(1, len(verdicts) + 2))
    plain = samples.comparison(numbers, groups=False)
    told = dict(zip(plain.refs[1:], verdicts, strict=True))
    rows = tuple(
        replace(row, verdict=told[row.ref], method="DeLong", detectable=0.0123, **TEST[told[row.ref]])
        if row.ref in told
        else row
        for row in plain.rows
    )
    return replace(plain, rows=rows, **options)


def lead(comparison):
    return " ".join(to_text(comparison).split("\n\n")[0].split("\n", 1)[1].split())


BETTER = (
    "tumour@2 is better than tumour@1: roc_auc 0.9898 against 0.9978, −0.0080"
    " (95% interval +0.0010 to +0.0040, adjusted p = 0.012). The same verdict in all 10 metrics."
)
EQUIVALENT = (
    "tumour@2 and tumour@1 are equivalent in roc_auc: −0.0080 (95% interval −0.0010 to +0.0010),"
    " within the margin of 0.0100."
)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("better", BETTER),
        ("worse", "tumour@2 is worse than tumour@1: roc_auc"),
        ("undecided", "It is undecided whether tumour@2 is better than tumour@1: roc_auc"),
        ("equivalent", EQUIVALENT),
    ],
)
def test_the_verdict_is_the_first_sentence(verdict, said):
    assert lead(judged([verdict], margin=0.01)).startswith(said)


def test_what_so_many_rows_would_show_is_said_where_nothing_is_shown():
    assert "171 rows would show a difference of 0.0123." in lead(judged(["undecided"]))
    assert "would show" not in lead(judged(["better"]))
    undecided = judged(["undecided"])
    rows = tuple(replace(row, detectable=0.000813) if row.verdict else row for row in undecided.rows)
    assert "171 rows would show a difference of 0.0008." in lead(replace(undecided, rows=rows))


def test_where_no_row_makes_a_difference_that_is_said():
    same = judged(["equivalent"])
    rows = tuple(replace(row, ci_low=0.0, ci_high=0.0) if row.verdict else row for row in same.rows)
    assert "equivalent in roc_auc: no row makes a difference." in lead(replace(same, rows=rows))


def test_where_too_few_rows_agree_there_is_no_interval_and_no_figure():
    few = judged(["undecided"])
    rows = tuple(replace(row, ci_low=0.0, ci_high=0.0, difference=0.0, detectable=0.0, n=8) for row in few.rows)
    said = to_text(replace(few, rows=tuple(row if row.verdict else replace(row, n=None) for row in rows)))
    words = " ".join(said.split())
    assert "0.9978. No row makes a difference, and 8 are too few to say that none would." in words
    assert "±0 no row differs" in words
    assert "±0 to ±0" not in words
    assert "0.0000" not in said.split("How sure")[1].split("p is two-sided")[0]


def test_of_several_each_is_judged_against_the_baseline_the_better_first():
    said = lead(judged(["worse", "better", "undecided"]))
    assert said == (
        "Against tumour@1 in roc_auc: tumour@3 is better (+0.0004), tumour@4 is undecided (±0),"
        " tumour@2 is worse (−0.0080)."
    )


def test_of_several_that_are_alike_the_verdict_is_said_once():
    said = lead(judged(["undecided", "better", "undecided"]))
    assert said == (
        "Against tumour@1 in roc_auc: tumour@3 is better (+0.0004); tumour@2 (−0.0080), tumour@4 (±0) are undecided."
    )


def test_of_several_other_metrics_that_say_something_else_are_counted():
    several = judged(["undecided", "undecided"])
    others = {"accuracy": ("better", "better"), "f1": ("better", "worse"), "brier": ("worse", "undecided"),
              "mcc": ("better", "undecided"), "recall": ("undecided", "equivalent")}  # fmt: skip
    verdicts = {(metric, f"tumour@{place + 2}"): one for metric, of in others.items() for place, one in enumerate(of)}
    rows = [
        replace(row, verdict=verdicts.get((row.metric, row.ref), row.verdict and "undecided")) for row in several.rows
    ]
    assert lead(replace(several, rows=tuple(rows))).endswith(
        "are undecided. Other metrics differ: accuracy (2 better), f1 (1 better, 1 worse), mcc (1 better) and 1 more."
    )
    assert "Other metrics" not in lead(several)


def test_a_p_value_is_not_broken():
    (words,) = [part for part in parse(to_html(judged(["worse"]))).all("p") if "worse than" in part.text]
    assert [part.text for part in words.all("span") if part.attributes.get("class") == "nbr-whole"] == ["p < 0.001"]


def test_of_many_some_are_named_and_the_others_counted():
    said = lead(judged(["better"] * 3 + ["undecided"] * 6))
    assert said.endswith("3 more undecided.")
    assert said.count("tumour@") == 7


def test_the_signs_are_those_of_the_verdicts():
    text = to_text(judged(["undecided"])).split("How sure")[0]
    assert "Metrics, ~ undecided\n" in text  # only the signs that there are
    assert "−0.0080 ~" in text
    assert "−0.0080 ▼" not in text


def test_the_difference_of_two_is_a_column_and_each_metric_one_line():
    table = to_text(judged(["worse"])).split("Metrics, ")[1].split("\n\n")[0]
    _legend, head, _rule, first, *rest = table.split("\n")
    assert head.split() == ["metric", "tumour@1", "baseline", "tumour@2", "difference"]
    assert first.split() == ["roc_auc", "0.9978", "0.9898", "−0.0080", "▼"]
    assert len(rest) == 9
    (found,) = [t for t in parse(to_html(judged(["worse"]))).all("table") if "Metrics" in t.all("caption")[0].text]
    assert [cell.text for cell in found.all("tr")[1].all("th", "td")] == ["roc_auc", "0.9978", "0.9898", "−0.0080 ▼"]


def test_of_several_the_difference_stands_beside_the_value_where_there_is_room():
    table = to_text(judged(["worse", "better"])).split("Metrics, ")[1].split("\n\n")[0]
    assert "roc_auc 0.9978 0.9898 −0.0080 ▼ ★ best 0.9982 +0.0004 ▲" in " ".join(table.split())
    wide = to_text(judged(["worse"] * 4)).split("Metrics, ")[1].split("\n\n")[0]
    assert max(map(len, wide.split("\n"))) <= 100


def tone(comparison):
    return parse(to_html(comparison)).all("div")[0].attributes["class"].split()[1]


def test_the_tone_is_that_of_the_answer():
    found = [tone(judged([verdict])) for verdict in ("better", "worse", "equivalent", "undecided")]
    assert found == ["nbr-good", "nbr-warned", "nbr-plain", "nbr-plain"]
    assert tone(judged(["worse", "better"])) == "nbr-good"
    assert tone(judged(["worse", "undecided"])) == "nbr-plain"


def test_that_leaks_change_nothing_is_said_too_and_what_they_change_warns():
    same = judged(["better"], leaks=(Leak("tumour@2", 20, 171),))
    unchanged = replace(same, without_leaks=same.rows)
    assert lead(unchanged).endswith("Without the rows that were trained on, the answer is the same.")
    assert tone(unchanged) == "nbr-good"
    changed = replace(same, without_leaks=judged(["undecided"]).rows)
    assert lead(changed).startswith("On the 171 rows that no version was trained on, it is undecided whether tumour@2")
    said = lead(changed)
    assert "The same verdict in all 10 metrics. On all 171 rows, tumour@2 is better than tumour@1: roc_auc" in said
    assert tone(changed) == "nbr-warned"


def test_of_several_versions_too_it_is_said_first_on_which_rows():
    same = judged(["better", "worse"], leaks=(Leak("tumour@2", 20, 171),))
    changed = replace(same, without_leaks=judged(["undecided", "worse"]).rows)
    assert lead(changed).startswith(
        "On the 171 rows that no version was trained on, against tumour@1 in roc_auc: tumour@"
    )
    assert "On all 171 rows, against tumour@1 in roc_auc: tumour@2 is better" in lead(changed)


def test_where_hardly_a_row_is_new_the_first_words_are_that_there_is_no_verdict():
    learned = judged(["better"], leaks=(Leak("tumour@2", 170, 171),))
    assert lead(learned).startswith(
        "No verdict: without the rows that were trained on, there are too few to tell. On all 171 rows, tumour@2 is"
    )
    assert tone(learned) == "nbr-warned"
    of_all = replace(learned, leaks=(Leak("tumour@2", 171, 171),))
    assert lead(of_all).startswith("No verdict: tumour@2 was trained on all of these rows. On all 171 rows, tumour@2")
    seen_by_the_baseline = replace(learned, leaks=(Leak("tumour@1", 171, 171),))
    assert lead(seen_by_the_baseline).startswith("tumour@2 is better than tumour@1")
    assert lead(seen_by_the_baseline).endswith("Without the rows that were trained on, there are too few to tell.")


def test_a_difference_that_is_sure_only_by_itself_is_told_so():
    by_itself = judged(["undecided"])
    by_itself = replace(by_itself, rows=tuple(replace(row, p_value=0.021, p_adjusted=0.065) for row in by_itself.rows))
    assert "p = 0.021 by itself, and 0.065 as one of 10 tests)." in lead(by_itself)
    assert "adjusted p = 0.065)." in lead(replace(by_itself, alpha=0.01))
    alone = replace(by_itself, rows=by_itself.rows[:2])
    assert ", p = 0.065)." in lead(alone)


def test_each_test_stands_in_a_table_that_unfolds():
    root = parse(to_html(judged(["better", "worse"])))
    (section,) = [found for found in root.all("details") if "How sure" in found.all("summary")[0].text]
    assert section.all("summary")[0].text == "How sure: 20 tests"
    assert "open" not in section.attributes
    head, *body = section.all("tr")
    assert [cell.text for cell in head.all("th")] == [
        *("metric", "version", "difference", "95% interval", "p", "p adjusted", "verdict", "shows from", "test"),
    ]
    assert len(body) == 20
    text = to_text(judged(["worse"]))
    assert "< 0.001" in text.split("How sure")[1]
    assert "adjusted for 10 tests (Holm)" in " ".join(text.split())


def test_one_test_is_one_and_is_adjusted_for_no_other():
    found = judged(["worse"])
    (metric,) = {row.metric for row in found.rows[:1]}
    text = to_text(replace(found, rows=tuple(row for row in found.rows if row.metric == metric)))
    assert "How sure: 1 test:" in text
    assert "p is two-sided; below 0.05 it is better or worse" in " ".join(text.split())
    assert "Holm" not in text


@pytest.mark.parametrize(("alpha", "level"), [(0.05, "95%"), (0.1, "90%"), (0.005, "99.5%")])
def test_the_level_is_the_one_that_was_asked_for(alpha, level):
    assert f"{level} interval" in lead(judged(["better"], alpha=alpha))


def test_what_is_undecided_is_not_put_into_use():
    assert "%promote" in to_text(judged(["better", "better"]))
    undecided = to_text(judged(["undecided", "undecided"]))
    assert "%promote" not in undecided
    assert "%evaluate tumour@3 X y  more rows would tell more" in undecided


def some_untested(*untested):
    whole = judged(["better"])
    rows = tuple(
        replace(row, verdict=None, method=None, **dict.fromkeys(TEST["better"])) if row.metric in untested else row
        for row in whole.rows
    )
    return replace(whole, rows=rows)


def test_what_was_not_tested_is_no_verdict():
    """Neither in the first sentence, which is of what was tested, nor in the table, where its sign would be one."""
    comparison = some_untested("roc_auc", "mcc")
    assert lead(comparison).startswith("tumour@2 is better than tumour@1: accuracy ")
    assert lead(comparison).endswith("The same verdict in all 8 tested metrics. roc_auc was not tested.")
    text = to_text(comparison)
    assert "Metrics, ▲ better, ? not tested" in text
    (row,) = (line for line in text.splitlines() if line.startswith("mcc "))
    assert row.endswith(" ?")
    assert 'title="not tested"' in to_html(comparison)


def test_the_most_important_metric_leads_if_it_was_tested():
    said = lead(some_untested("mcc"))
    assert said.startswith("tumour@2 is better than tumour@1: roc_auc ")
    assert said.endswith("The same verdict in all 9 tested metrics.")
