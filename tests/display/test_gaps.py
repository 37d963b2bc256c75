"""Gaps between groups, shown."""

from dataclasses import replace

from nbregistry.display import to_html, to_text
from nbregistry.evaluation.gaps import EQUALISED_ODDS, FALSE_POSITIVE, MEAN_ERROR, TRUE_POSITIVE, Gap
from tests.display import samples
from tests.display.dom import parse

ODDS = {"ratio": 0.5, "ratio_low": 0.4, "ratio_high": 0.7}


def gap(measure, ref, low=0.7, high=0.82, **changes):
    made = Gap("region", ref, measure, "north", "south", {"north": low, "south": high}, high - low, 0.03, 0.21)
    return replace(made, **changes)


def shown(*gaps, numbers=(1, 2)):
    return replace(samples.comparison(numbers, groups=False), gaps=gaps)


def words(comparison):
    return " ".join(to_text(comparison).split())


def test_the_gap_is_said_in_words_before_any_table():
    found = shown(gap(TRUE_POSITIVE, "tumour@1", 0.79), gap(TRUE_POSITIVE, "tumour@2", **ODDS))
    assert (
        "recall is 0.0300 lower for region north than south in tumour@1 (95% interval 0.0300 to 0.2100); "
        "0.1200 lower for north than south in tumour@2 (0.0300 to 0.2100). Gaps between groups of region:"
    ) in words(found)


def test_only_a_change_that_is_more_than_chance_is_said():
    changed = {"change": -0.09, "change_low": -0.15, "change_high": -0.03}
    less = shown(gap(TRUE_POSITIVE, "tumour@1"), gap(TRUE_POSITIVE, "tumour@2", 0.79, **changed))
    assert "in tumour@2 (0.0300 to 0.2100), 0.0900 less than in tumour@1 (0.0300 to 0.1500)." in words(less)
    more = {"change": 0.09, "change_low": 0.03, "change_high": 0.15}
    assert "0.0900 more than in tumour@1" in words(shown(gap(TRUE_POSITIVE, "tumour@2", **more)))
    unsure = changed | {"change_high": 0.01}
    assert "than in tumour@1" not in words(shown(gap(TRUE_POSITIVE, "tumour@2", **unsure)))


def test_the_wider_of_the_two_rates_is_the_one_that_is_said():
    found = shown(gap(TRUE_POSITIVE, "tumour@1", 0.8), gap(FALSE_POSITIVE, "tumour@1", 0.1, 0.3))
    assert "false positive rate is 0.2000 lower for region north" in words(found)
    numbers = shown(gap(MEAN_ERROR, "tumour@1", -1.0, 1.0))
    assert "mean error is 2.0000 lower" in words(numbers)


def test_no_gap_is_said_too():
    assert "recall is the same for all groups of region in tumour@1" in words(
        shown(gap(TRUE_POSITIVE, "tumour@1", 0.82))
    )


def test_the_tables_unfold():
    found = shown(*(gap(m, f"tumour@{n}", **ODDS) for m in (TRUE_POSITIVE, EQUALISED_ODDS) for n in (1, 2)))
    (section,) = [s for s in parse(to_html(found)).all("details") if "Gaps between" in s.all("summary")[0].text]
    assert "open" not in section.attributes
    differences, ratios, values = section.all("table")
    assert [row.text for row in differences.all("tr")][2] == "equalised odds" + "0.12000.0300 to 0.2100" * 2
    assert "0.50000.4000 to 0.7000" in ratios.text
    assert [row.all("th")[0].text for row in values.all("tr")][1:] == [
        "true positive rate north", "true positive rate south"
    ]  # fmt: skip
    bare = shown(gap(MEAN_ERROR, "tumour@1"))
    assert "The lowest rate over" not in to_text(bare)
    assert "–" in to_text(bare).split("Largest difference")[1]  # tumour@2 has none


def test_of_many_versions_some_are_named():
    found = shown(*(gap(TRUE_POSITIVE, f"tumour@{n}") for n in range(1, 10)), numbers=tuple(range(1, 10)))
    assert "; 5 versions more below." in words(found)


def test_names_are_somebody_elses():
    hostile = gap(
        TRUE_POSITIVE, "tumour@1", column="<img src=x>", lowest="</table>", values={"</table>": 0.7, "b": 0.82}
    )
    harmless = gap(TRUE_POSITIVE, "tumour@1", values={"a": 0.7, "b": 0.82})
    one, other = (parse(to_html(shown(found))) for found in (hostile, harmless))
    assert one.skeleton() == other.skeleton()
    assert "<img src=x>" in one.text
