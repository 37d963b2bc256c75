"""Hostile text in a real browser: as a page, as an exported notebook, and in a JupyterLab that trusts it or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbconvert
import nbformat
import pytest
from nbconvert import HTMLExporter

from nbregistry.display import to_html, to_text
from nbregistry.display.plots import canvas
from nbregistry.display.plots.roc import draw_roc
from nbregistry.errors import NotFound
from tests.display import samples
from tests.faults.conftest import spread
from tests.faults.hostile import HALVES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

# In the journal's references a comma and a blank stand between two.
ALL = [text.replace(", ", ",") for text in [*TEXTS, *HALVES] if text.strip()]
WRITTEN = spread(ALL, 32)
FORMULA = next(text for text in ALL if "href{javascript" in text)
PAGE = '<!doctype html><meta charset="utf-8"><title>quiet</title><body>{}</body>'
# Everything that an element is but its words, its number of pixels, what its title says, and where a name may break.
SKELETONS = """selector => [...document.querySelectorAll(selector)].map(root => {
  const bones = element => [element.localName, element.className, [...element.attributes].map(a => a.name).sort(),
    [...element.children].filter(child => child.localName !== 'wbr' || child.attributes.length).map(bones)];
  return JSON.stringify(bones(root).slice(3)).replaceAll(',"title"', '').replaceAll('"title"', '');
})"""
IS_OPEN = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.context;
  return Boolean(context?.isReady && context.path.endsWith('.ipynb'));
}"""
ACTIVE = "script, iframe, object, embed, form, input, base, link, meta, audio, video, svg, math, a, [onload], [onerror]"


@pytest.fixture(autouse=True, scope="module")
def _one_picture() -> Iterator[None]:
    """Drawing takes most of the time, and a PNG is a PNG."""
    png = draw_roc({"m@1": samples.curve(1.0)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canvas, "png", lambda *_: png)
        yield


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What the page asks for, and whether anything opens a dialog."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog: {dialog.message}"))
    return asked


def quiet_for(text: str) -> str:
    """Give harmless text of which a display says as much: of an error, the smaller is the better."""
    return "harmless and " + ("error" if "error" in text else "quiet")


def cards(text: str) -> str:
    return "".join(to_html(noun) for noun in samples.written_by(text).values())


def outputs(text: str) -> list[dict[str, Any]]:
    """Give what a notebook keeps of one text: every display, an error, and words that were printed."""
    shown = [
        nbformat.v4.new_output("execute_result", {"text/plain": to_text(noun), "text/html": to_html(noun)})
        for noun in samples.written_by(text).values()
    ]
    error = NotFound(f"there is no {text}", nearest=[text], hint=text)
    traceback = error._render_traceback_()
    return [
        *shown,
        nbformat.v4.new_output("error", ename="NotFound", evalue=str(error), traceback=traceback),
        nbformat.v4.new_output("stream", name="stdout", text=to_text(samples.written_by(text)["record"])),
        nbformat.v4.new_output("execute_result", {"text/plain": to_text(samples.written_by(text)["journal"])}),
    ]


def notebook(texts: list[str]) -> Any:
    cells = [nbformat.v4.new_code_cell("%versions", outputs=outputs(text), id=f"c{n}") for n, text in enumerate(texts)]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_page_of_all_of_it_is_that_of_harmless_text(page: Page, asked: list[str]) -> None:
    page.set_content(PAGE.format("".join(f"<section>{cards(text)}</section>" for text in WRITTEN)))
    found = page.evaluate(SKELETONS, "section")
    assert page.title() == "quiet"
    assert page.locator("section").locator(ACTIVE).count() == 0
    expected = {}
    for words in dict.fromkeys(map(quiet_for, WRITTEN)):
        page.set_content(PAGE.format(f"<section>{cards(words)}</section>"))
        (expected[words],) = page.evaluate(SKELETONS, "section")
    assert len(found) == len(WRITTEN)
    for text, skeleton in zip(WRITTEN, found, strict=True):
        assert skeleton == expected[quiet_for(text)], ascii(text)
    assert [url for url in asked if not url.startswith("data:image/png;base64,")] == []


def test_an_exported_notebook_runs_nothing_and_asks_for_nothing(
    page: Page, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The templates are beside the package, wherever that is; nbconvert itself looks beside the interpreter.
    monkeypatch.setenv("JUPYTER_PATH", str(Path(nbconvert.__file__).parents[4] / "share/jupyter"))

    texts = spread(ALL, 10)

    def exported(words: list[str]) -> str:
        html, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook(words))
        return str(html)

    page.set_content(PAGE.format(exported(texts)))
    found = page.evaluate(SKELETONS, ".jp-OutputArea, .output_wrapper")
    assert page.title() == "quiet"
    expected = {}
    for words in dict.fromkeys(map(quiet_for, texts)):
        page.set_content(PAGE.format(exported([words])))
        (expected[words],) = page.evaluate(SKELETONS, ".jp-OutputArea, .output_wrapper")
    assert len(found) == len(texts)
    for text, skeleton in zip(texts, found, strict=True):
        assert skeleton == expected[quiet_for(text)], ascii(text)
    assert [url for url in asked if not url.startswith("data:image/png;base64,")] == []


@pytest.mark.parametrize("trusted", [False, True], ids=["sanitised", "trusted"])
def test_jupyterlab_shows_it_as_it_shows_harmless_text(page: Page, lab: Lab, asked: list[str], trusted: bool) -> None:
    """JupyterLab makes links of addresses in plain text; it does so with anybody's, and follows none."""
    texts = [FORMULA, *spread(ALL, 10)]
    quiet = list(dict.fromkeys(map(quiet_for, texts)))
    made = notebook([*texts, *quiet])
    for cell in made.cells if trusted else ():
        cell.metadata["trusted"] = True
    name = f"hostile-{'trusted' if trusted else 'sanitised'}.ipynb"
    (lab.folder / name).write_text(json.dumps(made), encoding="utf-8")
    page.goto(lab.notebook_url(name))
    page.wait_for_function(IS_OPEN)
    page.wait_for_function(
        "count => document.querySelectorAll('.jp-OutputArea').length >= count"
        " && [...document.querySelectorAll('.jp-RenderedHTMLCommon')].length >= count * 20",
        arg=len(made.cells),
    )
    found = page.evaluate(SKELETONS, ".jp-Cell .jp-RenderedHTML")
    nouns = len(samples.written_by("quiet"))
    assert len(found) == nouns * len(made.cells)
    by_cell = [found[start : start + nouns] for start in range(0, len(found), nouns)]
    expected = dict(zip(quiet, by_cell[len(texts) :], strict=True))
    for text, skeletons in zip(texts, by_cell[: len(texts)], strict=True):
        assert skeletons == expected[quiet_for(text)], ascii(text)
    shown = page.locator(".jp-OutputArea-output")
    assert shown.locator(ACTIVE.replace("svg, math, a, ", "")).count() == 0
    assert "acted" not in page.title()
    assert [url for url in asked if "example.invalid" in url or url.startswith("dialog")] == []
