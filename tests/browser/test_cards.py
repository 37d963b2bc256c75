"""Cards laid out by a real browser, in windows of many widths: what is too wide scrolls inside its card."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nbregistry.display import to_html
from nbregistry.evaluation.code_differences import code_differences
from nbregistry.evaluation.comparison import Difference
from tests.display import samples
from tests.display.test_disagreement import SCORES, TARGET
from tests.display.test_disagreement import shown as disagreeing
from tests.display.test_groups import row as by_group
from tests.display.test_groups import shown as grouped
from tests.display.test_verdict import judged
from tests.evaluation.significance.samples import binary, regression

if TYPE_CHECKING:
    from playwright.sync_api import Page

# How notebooks and their exports put an output on a page.
PLAIN = "<div>{}</div>"
TABLE = '<div style="display:table;table-layout:fixed;width:100%"><div style="display:table-cell">{}</div></div>'
FLEX = '<div style="display:flex"><div style="flex:1 1 auto;overflow:auto">{}</div></div>'

STICKING_OUT = """() => [...document.querySelectorAll('.nbr')].flatMap(card => {
  const edge = card.getBoundingClientRect().right;
  return [...card.querySelectorAll('*')]
    .filter(part => !part.parentElement.closest('.nbr-scroll') && part.getBoundingClientRect().right > edge)
    .map(part => part.outerHTML);
})"""
# Words of usual length in what names a row or a column that stand on more than one line.
BROKEN = """() => [...document.querySelectorAll('.nbr-table th')].flatMap(head => {
  const found = [], walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
  const name = /(?<![\\p{L}\\p{N}_])[\\p{L}\\p{N}_]{2,22}(?![\\p{L}\\p{N}_])/gu;
  while (walker.nextNode()) {
    for (const word of walker.currentNode.textContent.matchAll(name)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
})"""


def lay_out(page: Page, around: str, width: int) -> None:
    cards = "".join(map(to_html, [*samples.everything().values(), samples.many(40)]))
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8"><body style="margin:8px">{around.format(cards)}</body>')


@pytest.mark.parametrize("around", [PLAIN, TABLE, FLEX], ids=["plain", "table", "flex"])
@pytest.mark.parametrize("width", [320, 420, 600, 800, 1280])
def test_the_page_never_scrolls_sideways_and_no_card_collapses(page: Page, around: str, width: int) -> None:
    lay_out(page, around, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []
    widths = page.eval_on_selector_all(".nbr", "cards => cards.map(card => card.offsetWidth)")
    assert {min(width - 16, 1160)} == set(widths)


def test_a_narrow_table_of_versions_shows_at_least_three_metrics(page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(samples.many(40))}')
    right = page.evaluate("document.querySelector('.nbr-scroll').getBoundingClientRect().right")
    heads = page.eval_on_selector_all(
        ".nbr-table thead th", "heads => heads.map(head => [head.innerText, head.getBoundingClientRect().right])"
    )
    assert [name for name, end in heads if end <= right][:4] == ["version", "roc_auc", "accuracy", "f1"]


@pytest.mark.parametrize("width", [660, 700, 800])
def test_a_table_of_versions_in_half_a_window_shows_every_column(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    cards = to_html(samples.three()) + to_html(samples.many(40))
    page.set_content(f'<!doctype html><meta charset="utf-8"><body style="margin:8px">{cards}</body>')
    wide = "parts => parts.filter(part => part.checkVisibility()).map(part => part.scrollWidth - part.clientWidth)"
    assert page.eval_on_selector_all(".nbr > .nbr-scroll", wide) == [0, 0]


@pytest.mark.parametrize("width", [345, 370, 420])
def test_no_name_of_usual_length_is_broken(page: Page, width: int) -> None:
    lay_out(page, PLAIN, width)
    page.eval_on_selector_all("details", "parts => parts.forEach(part => part.open = true)")
    assert page.evaluate(BROKEN) == []


def test_a_narrow_comparison_of_two_shows_values_and_difference(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(samples.comparison((1, 2)))}')
    first = page.locator(".nbr-scroll").first
    assert first.locator("thead th").last.inner_text() == "difference"
    assert first.evaluate("part => part.scrollWidth - part.clientWidth") == 0


@pytest.mark.parametrize("numbers", [(1, 2), (1, 2, 3)], ids=["two", "three"])
def test_beside_the_file_browser_the_plot_stands_beside_the_metrics(page: Page, numbers: tuple[int, ...]) -> None:
    page.set_viewport_size({"width": 828, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(samples.comparison(numbers))}')
    table, picture = (page.locator(part).first.bounding_box() for part in (".nbr-beside table", ".nbr-beside img"))
    assert table is not None
    assert picture is not None
    assert picture["x"] > table["x"] + table["width"]
    assert picture["width"] > 300


def test_groups_of_three_versions_and_the_rows_that_flipped_are_in_sight_in_a_narrow_card(page: Page) -> None:
    groups = [by_group("elsewhere", "tumour@1", 0.9)]
    groups += [by_group("elsewhere", f"tumour@{number}", 0.8, "undecided") for number in (2, 3)]
    scored = [binary(TARGET, score) for score in SCORES]
    page.set_viewport_size({"width": 376, "height": 800})  # a card in an export that is 420 wide
    numbers = [regression(100 * TARGET, 100 * score) for score in SCORES]
    three, costs = disagreeing(*scored, binary(TARGET, SCORES[0] * 0.8)), disagreeing(*numbers, task="regression")
    for shown in (grouped(*groups, numbers=(1, 2, 3)), disagreeing(*scored), three, costs):
        page.set_content(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{to_html(shown)}')
        page.eval_on_selector_all("details", "parts => parts.forEach(part => part.open = true)")
        tables = page.locator(".nbr-scroll", has=page.locator("caption", has_text=re.compile("by region|disagree")))
        wide = tables.evaluate_all("parts => parts.map(part => part.scrollWidth - part.clientWidth)")
        assert wide == [0]


def test_what_a_wide_table_is_about_stays_in_sight(page: Page) -> None:
    scored = [binary(TARGET, score) for score in (*SCORES, SCORES[0] * 0.8)]
    page.set_viewport_size({"width": 260, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{to_html(disagreeing(*scored))}')
    page.eval_on_selector_all("details", "parts => parts.forEach(part => part.open = true)")
    table = page.locator(".nbr-scroll", has=page.locator("caption", has_text="about which they disagree"))
    assert table.evaluate("part => part.scrollWidth - part.clientWidth") > 20
    for scrolled in (0, 20):
        table.evaluate("(part, left) => { part.scrollLeft = left; }", scrolled)
        caption, part = table.locator("caption").bounding_box(), table.bounding_box()
        assert caption is not None
        assert part is not None
        assert caption["x"] >= part["x"]
        assert caption["x"] + caption["width"] <= part["x"] + part["width"]


def test_each_test_is_one_line_in_a_narrow_card(page: Page) -> None:
    shown = judged(["undecided", "better"])
    rows = tuple(replace(row, method="paired permutation" if row.verdict else row.method) for row in shown.rows)
    page.set_viewport_size({"width": 420, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(replace(shown, rows=rows))}')
    tests = page.locator("details", has_text="How sure")
    tests.evaluate("section => { section.open = true; }")
    heights = tests.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert len(heights) == 20
    assert max(heights) < 30


def test_a_very_long_name_is_broken_between_its_words(page: Page) -> None:
    shown = samples.written_by("share_of_customers_that_stayed_after_the_call")["comparison"]
    page.set_viewport_size({"width": 420, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(shown)}')
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert page.locator("th wbr").count() > 0


def test_a_long_name_is_not_broken_where_there_is_room(page: Page) -> None:
    found = (Difference("randomforestclassifier__max_depth", {"tumour@1": "x y z " * 10, "tumour@2": "y z x " * 10}),)
    shown = replace(samples.comparison((1, 2)), differences={"params": found})
    page.set_viewport_size({"width": 860, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(shown)}')
    name = page.locator("th .nbr-user", has_text="max_depth")
    assert name.evaluate("name => new Set([...name.getClientRects()].map(box => box.top)).size") == 1


def test_program_text_that_differs_is_as_legible_as_what_stands_around_it(page: Page) -> None:
    scripts = {"tumour@1": "import os\nfrom a import b\nx = 'one'", "tumour@2": "import os\nfrom a import c\nx = 'two'"}
    shown = replace(samples.comparison((1, 2)), code=code_differences(scripts, "tumour@1"))
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(shown)}')
    theirs = "--jp-mirror-editor-keyword-color: #008000; --jp-mirror-editor-string-color: #ba2121"
    page.add_style_tag(content=f":root {{ {theirs} }}")
    words = page.locator(":is(.nbr-line-added, .nbr-line-removed) :is(.nbr-keyword, .nbr-literal)")
    assert words.count() > 1
    assert set(words.evaluate_all("words => words.map(word => getComputedStyle(word).color)")) == {"rgb(0, 0, 0)"}
    elsewhere = page.locator(".nbr-line:not(.nbr-line-added, .nbr-line-removed) .nbr-keyword").first
    assert elsewhere.evaluate("word => getComputedStyle(word).color") == "rgb(0, 128, 0)"


def test_a_hidden_word_is_still_there_for_a_screen_reader(page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    page.set_content(f'<!doctype html><meta charset="utf-8">{to_html(samples.three())}')
    said = page.locator(".nbr-table .nbr-best .nbr-said").first
    assert said.evaluate("word => getComputedStyle(word).display !== 'none' && word.offsetWidth === 1")
    assert "best 0.9982" in page.locator("table").first.aria_snapshot()
