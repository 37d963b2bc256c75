"""Nothing that a user wrote can act: not on the page, not on the terminal, not on the template."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from nbregistry.display import to_html, to_text
from nbregistry.display.plots import canvas
from nbregistry.display.plots.roc import draw_roc
from nbregistry.display.visible import clip, visible
from tests.display import samples
from tests.display.dom import parse
from tests.faults.hostile import HALVES, TEXTS, is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is better of a metric called an error is the smaller: a display says so.
HARMLESS = {error: samples.written_by(f"harmless and {'error' if error else 'quiet'}") for error in (False, True)}
DRAWN = canvas.png
PICTURE = b"drawing takes most of the time: what is drawn has a test of its own"


@pytest.fixture(autouse=True, scope="module")
def _no_drawing():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canvas, "png", lambda *_: PICTURE)
        yield


@pytest.fixture(scope="module")
def doms() -> Mapping[bool, Mapping[str, object]]:
    return {
        error: {name: parse(to_html(noun)).skeleton() for name, noun in nouns.items()}
        for error, nouns in HARMLESS.items()
    }


@pytest.mark.parametrize("text", [*filter(str.strip, TEXTS), *HALVES], ids=ascii)
def test_a_display_is_the_same_for_hostile_and_harmless_text(
    text: str, doms: Mapping[bool, Mapping[str, object]]
) -> None:
    text = text.replace(", ", ",")  # in the journal's references a comma and a blank stand between two
    for name, noun in samples.written_by(text).items():
        html = to_html(noun)
        assert parse(html).skeleton() == doms["error" in text][name], name
        assert is_plain(html.replace("\n", "")), name
        html.encode()
        words = to_text(noun)
        assert is_plain(words.replace("\n", "")), name
        words.encode()
        if name == "registry":
            assert visible(text) in parse(html).text


@pytest.mark.parametrize("text", ["$\\frac{1}{0}$ \\input{x}", "_hidden", "$", "\x00\ud800\n%", "Z" + "\u0300" * 60])
def test_a_plot_spells_a_name_and_reads_nothing_in_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib would typeset it, leave it out, or look for a glyph."""
    legends: list[list[str]] = []
    save = Figure.savefig

    def saved(figure: Figure, *args: object, **kwargs: object) -> None:
        legends.append([words.get_text() for words in figure.axes[0].get_legend().get_texts()])
        save(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", saved)
    monkeypatch.setattr(RendererAgg, "draw_mathtext", lambda *_: pytest.fail("it was typeset"))
    curves = {f"{text}@1": samples.curve(1.0), "plain@1": samples.curve(2.0)}
    monkeypatch.setattr(canvas, "png", DRAWN)
    png = draw_roc(curves)
    assert png == draw_roc(curves)
    for chunk in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
        assert chunk not in png
    for legend in legends:
        assert [words.partition("   AUC ")[0].strip() for words in legend] == [
            f"{clip(visible(text), 28)}@1",
            "plain@1",
        ]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=40))
def test_any_text_leaves_the_record_as_it_is(doms: Mapping[bool, Mapping[str, object]], text: str) -> None:
    written = samples.written_by("x" + text.replace("\n", "\r") + "x")
    for name in ("record", "models", "move", "registry"):
        html = to_html(written[name])
        assert parse(html).skeleton() == doms["error" in text][name]
        assert is_plain(html.replace("\n", ""))
        assert is_plain(to_text(written[name]).replace("\n", ""))


@given(st.text(st.characters()))
def test_visible_text_is_plain_and_stays_as_it_is(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert is_plain(once)
    once.encode()


def test_every_character_that_acts_is_shown_as_a_sign() -> None:
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert is_plain(visible(character)), hex(code)
