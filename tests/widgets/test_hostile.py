"""Nothing that a user wrote becomes HTML in a panel."""

from __future__ import annotations

import json

import pytest

from nbregistry.errors import RegistryError
from nbregistry.widgets.parts import problem, said
from tests.display.dom import parse
from tests.faults.hostile import TEXTS, is_plain
from tests.widgets.conftest import htmls


def skeletons(panel):
    return [parse(html).skeleton() for html in htmls(panel)]


def bones(panel):
    """Give the kinds of elements: which commands a change's display offers depends on what a line can say."""
    found = [element for html in htmls(panel) for element in parse(html).all()]
    return {(element.tag, *sorted(set(element.attributes) - {"title"})) for element in found}


def told_of(registry, name, text):
    """Give the bones of all that a panel shows of two versions that a text was written on wherever one may be."""
    for number in (1, 2):
        registry.register(
            name, {"w": number}, metrics={text or "empty": number / 3}, params={text: text}, tags={text: text},
            description=text,
        )  # fmt: skip
    panel = registry.panel(name)
    panel.chosen = [f"{name}@2"]
    found = []
    for section in ("record", "evaluations", "lineage", "journal"):
        panel.show(section)
        found.append(skeletons(panel))
    panel.change("describe", f"{name}@2", text=f"{text}.", reason=text)
    offered = bones(panel)
    panel.confirm()
    offered |= bones(panel)
    for html in htmls(panel):
        assert is_plain(html.replace("\n", ""))
    panel.search = f"tags.x = '{text}"
    assert panel.error
    html = panel._list._problem.value
    assert is_plain(html.replace("\n", ""))
    assert [element.tag for element in parse(html).all()] == ["pre"]
    assert is_plain(repr(panel).replace("\n", ""))
    parse(panel._repr_mimebundle_()["text/html"])
    panel.close()
    return found, offered


@pytest.fixture(scope="module")
def expected():
    return {}


@pytest.mark.parametrize("text", [text for text in TEXTS if text.strip()], ids=ascii)
def test_a_panel_is_the_same_for_hostile_and_harmless_text(registry, expected, text):
    kind = "error" if "error" in text else "quiet"  # of an error, the smaller is the better
    harmless = ("harmless\n" if "\n" in text else "harmless ") + kind  # what follows the first line is a paragraph
    if harmless not in expected:
        expected[harmless] = told_of(registry, "harmless", harmless)
    found, offered = told_of(registry, "hostile", text)
    assert found == expected[harmless][0]
    assert offered <= expected[harmless][1]


@pytest.mark.parametrize("name", ["W" * 255, "مدل", "__proto__", "a  b", "CON", "3"])
def test_odd_names(registry, name):
    for number in (1, 2):
        registry.register(name, {"w": number}, alias="champion")
    panel = registry.panel(name)
    panel.chosen = [f"{name}@1", f"{name}@2"]
    assert panel.tab == "compare"
    assert panel.change("rollback", f"{name}@2").to_ref == f"{name}@1"
    for html in htmls(panel):
        parse(html)
    assert "@2" in panel._names.value
    for element in parse(panel._names.value).all():
        if "data-commandlinker-args" in element.attributes:  # what leads somewhere leads to one of these
            assert json.loads(element.attributes["data-commandlinker-args"])["ref"] in panel.chosen
    panel.close()


def test_an_error_is_one_block_whatever_it_quotes():
    for text in TEXTS:
        html = problem(RegistryError(text, nearest=[text], hint=text))
        assert [element.tag for element in parse(html).all()] == ["pre"]
        assert is_plain(html.replace("\n", ""))


def test_a_sentence_is_one_line_whatever_it_quotes():
    for text in TEXTS:
        html = said(text)
        assert [element.tag for element in parse(html).all()] == ["span"]
        assert is_plain(html)
