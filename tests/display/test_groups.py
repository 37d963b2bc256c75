"""Metrics by group, shown."""

from dataclasses import replace

from nbregistry.display import to_html, to_text
from nbregistry.evaluation.groups import GroupRow
from tests.display import samples
from tests.display.dom import parse

TEST = {"ci_low": -0.2, "ci_high": -0.05, "p_value": 0.0004, "p_adjusted": 0.0012, "method": "DeLong"}


def row(group, ref, value, verdict=None, **changes):
    made = GroupRow("region", group, ref, "roc_auc", value, 60, value - 0.05, value + 0.05, value - 0.9)
    return replace(made, verdict=verdict, **(TEST if verdict else {}), **changes)


def shown(*rows, numbers=(1, 2)):
    return replace(samples.comparison(numbers, groups=False), groups=rows)


def by_group(comparison):
    return to_text(comparison).split("roc_auc by ", 1)[1].split("How sure by group")[0]


BASE = row("north", "tumour@1", 0.9)


def test_only_a_tested_difference_has_a_sign():
    tested = by_group(shown(BASE, row("north", "tumour@2", 0.8, "worse")))
    assert "0.8000  0.7500 to 0.8500     −0.1000 ▼" in tested
    assert tested.split("\n")[0] == "region, ▼ worse"
    undecided = by_group(shown(BASE, row("north", "tumour@2", 0.8, "undecided")))
    assert "−0.1000 ~" in undecided
    bare = by_group(shown(BASE, row("north", "tumour@2", 0.8)))
    assert "−0.1000" in bare
    assert not {*"▲▼~="} & {*bare.split("equal and not")[0]}


def test_a_small_group_is_grey_and_says_so():
    found = shown(BASE, row("north", "tumour@2", 0.8, "worse"), *(
        row("tiny", f"tumour@{n}", 0.7, value_low=None, value_high=None, small=True) for n in (1, 2)
    ))  # fmt: skip
    lines = [text for text in by_group(found).split("\n") if "tiny" in text]
    assert [text.split() for text in lines] == [["tiny", "small", "60", "0.7000", "0.7000"]]
    assert "small: fewer than 30 rows, or for classes fewer than 5 rows outside" in by_group(found)
    assert "small" not in by_group(shown(BASE, row("north", "tumour@2", 0.8)))
    assert "region" not in "".join(lines)  # the head of the column says it
    (cells,) = [tr.all("td") for tr in parse(to_html(found)).all("tr") if "tiny" in tr.text]
    assert [cell.all("span")[0].attributes["class"] for cell in cells[1:3]] == ["nbr-muted", "nbr-muted"]


def test_each_column_has_a_table_of_its_own():
    rows = [BASE, replace(BASE, column="age", group="old"), replace(BASE, column="age", group="young")]
    root = parse(to_html(shown(*rows)))
    found = {table.all("caption")[0].text: table for table in root.all("table")}
    assert [row.all("th")[0].text for row in found["roc_auc by region"].all("tr")] == ["region", "north"]
    assert [row.all("th")[0].text for row in found["roc_auc by age"].all("tr")] == ["age", "old", "young"]


def test_what_the_signs_rest_on_is_said():
    rows = [BASE, row("north", "tumour@2", 0.8, "worse"), row("south", "tumour@2", 0.9, "undecided")]
    said = by_group(shown(*rows, *(replace(one, metric="accuracy") for one in rows)))
    assert "signs: p adjusted for the 2 tests of each metric (Holm)" in said
    assert "with each value its 95% interval" in said


def test_the_tests_unfold_the_surest_first():
    rows = [BASE]
    rows += [
        row(
            f"g{n}",
            "tumour@2",
            0.8,
            "undecided",
        )
        for n in range(30)
    ]
    rows += [replace(row("sure", "tumour@2", 0.8, "worse"), p_adjusted=0.0005)]
    root = parse(to_html(shown(*rows)))
    (section,) = [s for s in root.all("details") if "How sure by group" in s.all("summary")[0].text]
    assert section.all("summary")[0].text == "How sure by group: 31 tests, the 25 surest shown; .groups has all"
    _head, first, *rest = section.all("tr")
    assert [cell.text for cell in first.all("th", "td")] == [
        *("roc_auc", "region sure", "60", "tumour@2", "−0.1000", "−0.2000 to −0.0500", "< 0.001", "< 0.001"),
        *("▼ worse", "DeLong"),
    ]
    assert len(rest) == 24


def test_many_versions_stand_without_intervals():
    rows = [row("north", f"tumour@{n}", 0.8 + n / 100, "undecided") for n in range(1, 10)]
    assert " to " not in by_group(shown(*rows, numbers=tuple(range(1, 10)))).split("\n\n")[0]


def test_groups_are_somebody_elses_words():
    hostile = parse(to_html(shown(replace(BASE, group="<img src=x>", column="</table>"))))
    harmless = parse(to_html(shown(BASE)))
    assert hostile.skeleton() == harmless.skeleton()
    assert "<img src=x>" in hostile.text
