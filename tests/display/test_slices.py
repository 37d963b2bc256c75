"""Weak slices, shown."""

from dataclasses import replace

from nbregistry.display import to_html, to_text
from nbregistry.evaluation.slices import Slice, Slices
from tests.display import samples
from tests.display.dom import parse

ONE = Slice("tumour@2", "worse", "age ≤ 30 and region is north", 120, 0.31, 0.22, 0.09, 0.04, 0.14, 0.0001, 0.0012)
WEAK = replace(ONE, kind="weak", ref="tumour@1")


def shown(*found, tested=9):
    return replace(samples.comparison((1, 2), groups=False), slices=Slices(found, tested, "Brier loss", 800))


def words(comparison):
    return " ".join(to_text(comparison).split())


def test_the_surest_is_said_in_words():
    assert (
        "Where age ≤ 30 and region is north, tumour@2 has Brier loss 0.3100, tumour@1 0.2200: +0.0900 "
        "(95% interval +0.0400 to +0.1400, adjusted p = 0.001)."
    ) in words(shown(ONE))
    assert "tumour@1 has Brier loss 0.3100, elsewhere 0.2200" in words(shown(WEAK))


def test_that_none_was_confirmed_is_said():
    assert "No slice was confirmed on rows it was not found on (9 slices looked weak)." in words(shown())
    assert "slice" not in words(samples.comparison())


def test_copies_that_were_left_out_are_told():
    for copies, told in ((1, "1 copy of other rows was left out"), (1200, "1,200 copies of other rows were left out")):
        for found in ((), (ONE,)):
            comparison = shown(*found)
            assert told in words(replace(comparison, slices=replace(comparison.slices, copies=copies)))
    assert "left out" not in words(shown(ONE))


def test_all_stand_in_a_table_that_unfolds():
    root = parse(to_html(shown(ONE, WEAK)))
    (section,) = [s for s in root.all("details") if "Weakest slices" in s.all("summary")[0].text]
    assert section.all("summary")[0].text == "Weakest slices: 2 confirmed of 9 that looked weak"
    assert [cell.text for cell in section.all("tr")[1].all("th", "td")] == [
        *("age ≤ 30 and region is north", "tumour@2", "worse than the baseline", "120", "0.3100", "0.2200"),
        *("+0.0900", "+0.0400 to +0.1400", "0.001"),
    ]
    assert "weaker than elsewhere" in section.text
    assert "confirmed on the 800 of the other" in section.text
    many = words(shown(*[ONE] * 12, tested=20))
    assert "Weakest slices: 12 confirmed of 20 that looked weak, 10 of them shown; .slices has all" in many


def test_rules_are_somebody_elses_words():
    hostile, harmless = (parse(to_html(shown(replace(ONE, rule=rule)))) for rule in ("<img src=x> ≤ 3", "a ≤ 3"))
    assert hostile.skeleton() == harmless.skeleton()
    assert "<img src=x> ≤ 3" in hostile.text
