"""The code that made a version, and how making it again went, as they are shown."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest

from nbregistry.display import to_html, to_text
from nbregistry.outcomes import Reproduction
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.provenance.diff import Diff
from nbregistry.provenance.slicing.result import Part, Slice

HOSTILE = (
    'x = "<script>alert(1)</script>"  # <img src=x onerror=alert(1)>\n'
    "s = '''</code></pre><style>*{display:none}</style>\n"
    "two'''\n"
    "def f(\u202e): \x1b[31m"
)


def recorded(source, lines=None, **fields):
    numbers = tuple(lines or range(1, source.count("\n") + 2))
    cells = (Cell(1, "import os"), Cell(2, source, "id", "2026-11-30T08:00:00+00:00", 1.5))
    return RecordedCode("churn@3", Slice((Part(2, source, numbers),), ("clf",), (), 2, 9), cells, **fields)


def test_all_text_of_the_code_is_there_and_none_of_it_acts():
    page = lxml.html.fromstring(to_html(recorded(HOSTILE)))
    (shown,) = page.xpath("//pre")
    assert {element.tag for element in shown.iter()} == {"pre", "code", "span"}
    assert not page.xpath("//script|//img")
    expected = HOSTILE.replace("\u202e", "⟨U+202E⟩").replace("\x1b", "␛")
    assert shown.text_content() == expected
    text = to_text(recorded(HOSTILE))
    assert all(line in text for line in expected.split("\n"))
    assert "\x1b" not in text


def test_lines_that_were_left_out_are_counted_where_they_were():
    shown = to_text(recorded("a = 1\nb = 2", (2, 5)))
    assert "  … 1 line that it did not need\n  a = 1\n  … 2 lines that it did not need\n  b = 2" in shown
    assert "[2] · 1.5 s:" in shown
    assert "1 of 2 cells made it: 2 of 9 lines." in shown


def test_each_cell_that_ran_is_listed_with_those_that_made_it_marked():
    shown = to_text(recorded("a = 1"))
    assert "All 2 cells that ran:" in shown
    rows = [line.split() for line in shown.split("\n") if line.strip().startswith(("[", "▶"))]
    assert ["[1]", "import", "os"] in rows
    assert ["▶", "[2]", "yes", "2026-11-30", "08:00", "1.5", "s", "a", "=", "1"] in rows


def test_changes_that_git_has_not_are_shown_with_their_sides():
    shown = lxml.html.fromstring(to_html(recorded("a", diff=Diff("-old\n+new\n same", 2048, ("a.py",)))))
    assert [span.text_content() for span in shown.find_class("nbr-line-added")] == ["+new"]
    assert [span.text_content() for span in shown.find_class("nbr-line-removed")] == ["-old"]
    assert "2.0 kB more were not kept" in shown.text_content()


@pytest.mark.parametrize(
    ("outcome", "title", "sign"),
    [
        ("identical bytes", "Reproduced churn@3", "✓ identical bytes"),
        ("identical predictions", "Reproduced churn@3", "✓ identical predictions"),
        ("within tolerance", "Reproduced churn@3", "! within tolerance"),
        ("different", "Not reproduced: churn@3", "✗ different"),
        ("failed", "Not reproduced: churn@3", "✗ failed"),
    ],
)
def test_a_reproduction_answers_in_its_first_lines(outcome, title, sign):
    first, second, *_ = to_text(Reproduction("churn@3", outcome, "x = 1", "why", seconds=2.0, journaled=True)).split(
        "\n"
    )
    assert first.startswith(title)
    assert second == f"{sign}: why."


def test_a_detail_that_is_cut_short_ends_there():
    _, second, *_ = to_text(Reproduction("churn@3", "identical bytes", "x = 1", "the same sha256:1234…")).split("\n")
    assert second == "✓ identical bytes: the same sha256:1234…"


def test_what_the_model_is_called_reads_as_a_name():
    """Whatever the name is: "the model is stale" would be a finding."""
    found = replace(recorded("stale = 1"), slice=Slice((Part(2, "stale = 1", (1,)),), ("stale",), (), 2, 9))
    assert "The model ends up in stale." in to_text(found)
    assert "The model ends up in <code" in to_html(found)
