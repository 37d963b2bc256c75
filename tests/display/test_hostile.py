"""Nothing that a user wrote can act: not on the page, not on the terminal, not on the template."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbregistry.display import to_html, to_text
from nbregistry.display.visible import visible
from tests.display import samples
from tests.display.dom import parse

PAYLOADS = [
    "<script>alert(1)</script>",
    "\"><img src=x onload='alert(1)'>",
    "' onmouseover='alert(1)' x='",
    "</style></div></table><b>",
    "<!-- <![CDATA[ ]]> <?php",
    "{{ 7 * 7 }}{% raw %}{# #}",
    "&lt;b&gt;&amp;&#0;",
    "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "\u202egpj.exe\u2066\u200f\u061c",
    "one\ntwo\r\nthree\u2028four\x0b\x00",
    "$\\frac{1}{0}$ \\input{x}",
    "lone \ud800 half",
    "模型 נסיון ❤️‍🔥",
]
HARMLESS = samples.written_by("harmless and quiet")
DOMS = {name: parse(to_html(noun)).skeleton() for name, noun in HARMLESS.items()}


def is_plain(text: str) -> bool:
    joiners = "\u200c\u200d"  # scripts and emoji need them
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in joiners for c in text)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("name", HARMLESS)
def test_the_page_is_the_same_for_hostile_and_harmless_text(name, payload):
    noun = samples.written_by(payload)[name]
    html = to_html(noun)
    assert parse(html).skeleton() == DOMS[name]
    assert is_plain(html.replace("\n", ""))
    html.encode()


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_the_words_of_the_payload_are_shown(payload):
    shown = parse(to_html(samples.written_by(payload)["registry"])).text
    assert visible(payload) in shown


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("name", HARMLESS)
def test_the_text_is_plain(name, payload):
    text = to_text(samples.written_by(payload)[name])
    assert is_plain(text.replace("\n", ""))
    text.encode()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=40))
def test_any_text_leaves_the_record_as_it_is(text):
    written = samples.written_by("x" + text.replace("\n", "\r") + "x")
    for name in ("record", "models", "move", "registry"):
        html = to_html(written[name])
        assert parse(html).skeleton() == DOMS[name]
        assert is_plain(html.replace("\n", ""))
        assert is_plain(to_text(written[name]).replace("\n", ""))


@given(st.text(st.characters()))
def test_visible_text_is_plain_and_stays_as_it_is(text):
    once = visible(text)
    assert visible(once) == once
    assert is_plain(once) or any(unicodedata.category(char) == "Cf" for char in once)
    once.encode()
