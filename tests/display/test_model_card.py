"""A model card as it is handed on: what it says, what it leaves open, and that hostile text is text in it."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import Any

import mistune
import pytest
import yaml

from nbregistry.display import to_markdown, to_page, to_text
from nbregistry.display.blocks import Card, Span, Words, line
from nbregistry.display.render_markdown import escaped, render_markdown
from nbregistry.display.visible import visible
from tests.display import samples
from tests.display.dom import parse
from tests.faults.hostile import HALVES, NUMBERS, TEXTS, is_plain

PLUGINS = ["table", "strikethrough", "url", "math", "footnotes", "task_lists"]
READ = mistune.create_markdown(renderer="ast", plugins=PLUGINS)
ACTING = {"link", "image", "block_html", "inline_html", "inline_math", "block_math", "footnote_ref", "block_code"}


def header_of(markdown: str) -> dict[str, Any]:
    """Read the header as the Hub does."""
    _, header, _ = markdown.split("---\n", 2)
    read: dict[str, Any] = yaml.safe_load(header)
    return read


def body_of(markdown: str) -> str:
    return markdown.split("---\n", 2)[2]


def bones(tokens: Any) -> Any:
    """Give what a Markdown text is made of, without its words and how these are set off."""
    if isinstance(tokens, list):
        found: list[Any] = []
        for token in tokens:
            one = bones(token)
            for each in one if token["type"] == "strong" else [one]:
                if each != "blank_line" and (each != "text" or found[-1:] != ["text"]):
                    found.append(each)
        return found
    kind = "text" if tokens["type"] == "codespan" else tokens["type"]
    inner = bones(tokens["children"]) if "children" in tokens else None
    return inner if kind == "strong" else kind if inner is None else [kind, inner]


def words(tokens: Any) -> str:
    if isinstance(tokens, list):
        return "".join(map(words, tokens))
    return words(tokens["children"]) if "children" in tokens else tokens.get("raw", "")


def test_it_says_what_is_known_and_lists_what_is_not() -> None:
    text = to_text(samples.model_card())
    assert "! not known: description, limits, license, approval. Nothing was put in their place." in text
    assert "Intended use:\n  triage\n\n  by a radiologist" in text
    assert "Limits:\n  Not stated." in text
    assert '%nbr tag tumour@1 limits="TEXT" license="TEXT"  states the limits, license' in text
    assert "0.4000 to 0.6000" in text
    assert "✗ is damaged" in text
    assert "is damaged" not in to_text(samples.model_card(measures=samples.model_card().measures[:1]))


def test_what_holds_for_all_metrics_of_an_evaluation_is_said_once() -> None:
    (measure, _) = samples.model_card().measures
    one = replace(measure, leak="tumour@1 was trained on 40 of these rows")
    text = to_text(samples.model_card(measures=(one,)))
    told = "On X_test, y_test · 171 rows · 2026-11-22 08:10 UTC · ! some of them it was trained on"
    assert text.count("171 rows ·") == 1
    assert told in text
    # Among the limits there are no rows that "these" could mean.
    assert "! X_test, y_test: tumour@1 was trained on 40 of these rows" in text


def test_an_interval_without_a_width_is_none() -> None:
    (measure, _) = samples.model_card().measures
    flat = replace(measure, intervals=dict.fromkeys(measure.intervals, (1.0, 1.0)))
    assert "1.0000 to 1.0000" not in to_text(samples.model_card(measures=(flat,)))


def test_the_header_is_what_the_hub_reads() -> None:
    told = samples.version(1, tags={"license": "mit", "team": "onco"}, flavor="sklearn")
    (measure, damaged) = samples.model_card().measures
    unleaked = replace(measure, leak="")
    header = header_of(to_markdown(samples.model_card(told, measures=(unleaked, damaged), gaps=())))
    assert (header["license"], header["library_name"]) == ("mit", "sklearn")
    assert header["tags"] == ["nbregistry", told.algorithm, "team=onco"]
    (indexed,) = header["model-index"]
    assert indexed["name"] == "tumour@1"
    result = indexed["results"][0]
    assert result["task"] == {"type": "tabular-classification"}
    assert set(result["dataset"]) == {"name", "type"}
    assert result["metrics"] == [{"type": name, "value": value} for name, value in measure.evaluation.metrics.items()]


def test_nothing_is_made_up_in_the_header() -> None:
    header = header_of(to_markdown(samples.model_card(samples.version(1, flavor="python"))))
    assert not {"license", "library_name", "language", "datasets", "base_model"} & set(header)
    assert "model-index" not in header_of(to_markdown(samples.model_card(measures=())))


@pytest.mark.parametrize(
    "change",
    [
        {"on_training_rows": True}, {"trusted": False}, {"task": "clustering"}, {"metrics": {"f1": float("nan")}},
    ],
)  # fmt: skip
def test_what_would_mislead_is_not_in_the_index(change: dict[str, Any]) -> None:
    (measure, _) = samples.model_card().measures
    left_out = replace(measure, evaluation=replace(measure.evaluation, **change), leak="")
    assert "model-index" not in header_of(to_markdown(samples.model_card(measures=(left_out,))))
    leaked = replace(measure, leak="it was trained on some of these rows")
    assert "model-index" not in header_of(to_markdown(samples.model_card(measures=(leaked,))))


def test_a_number_is_a_number_to_every_reader() -> None:
    (measure, _) = samples.model_card().measures
    values = {"tiny": 1e-05, "huge": 1e300, "whole": 3, "negative": -2.5e-07, "least": 5e-324}
    one = replace(measure, evaluation=replace(measure.evaluation, metrics=values), leak="")
    (result,) = header_of(to_markdown(samples.model_card(measures=(one,))))["model-index"][0]["results"]
    assert {metric["type"]: metric["value"] for metric in result["metrics"]} == values


@pytest.mark.parametrize("text", [*TEXTS, *map(str, NUMBERS.values())], ids=ascii)
def test_hostile_text_comes_back_from_the_header_exactly(text: str) -> None:
    told = samples.version(1, tags={"license": text, "k": text}, algorithm=text)
    (measure, _) = samples.model_card().measures
    one = replace(measure, evaluation=replace(measure.evaluation, name=text, metrics={text: 0.5}), leak="")
    header = header_of(to_markdown(samples.model_card(told, measures=(one,), gaps=())))
    assert (header["license"], header["tags"]) == (text, ["nbregistry", text, f"k={text}"])
    (result,) = header["model-index"][0]["results"]
    assert result["metrics"] == [{"type": text, "value": 0.5}]
    assert set(header) == {"license", "library_name", "tags", "model-index"}


HARMLESS = {gap: bones(READ(body_of(to_markdown(samples.written_by(gap)["model card"])))) for gap in ("x", "error")}


@pytest.mark.parametrize("text", [*filter(str.strip, TEXTS), *HALVES], ids=ascii)
def test_hostile_text_is_text_in_markdown(text: str) -> None:
    """The card has the same headings, lists, tables, links (none) and tags (none) whatever somebody wrote."""
    written = to_markdown(samples.written_by(text.replace(", ", ","))["model card"])
    written.encode()
    assert is_plain(written.replace("\n", ""))
    read = READ(body_of(written))
    assert bones(read) == HARMLESS["error" if "error" in text else "x"]
    assert not ACTING & set(str(bones(read)).split("'"))


BEGINNINGS = ["- a", "1. a", "2) a", "+ b", "---", "===", "> q", "# h", "    code", "~~~", "a  b", "* * *", "- [ ] x"]
LINKS = ["https://x.invalid www.x.invalid a@b.invalid", "[^1]: note", "[a]: /b", "<http://x.invalid>", "www.X.invalid"]


@pytest.mark.parametrize("text", [*TEXTS, *BEGINNINGS, *LINKS], ids=ascii)
def test_a_paragraph_is_read_as_what_was_written(text: str) -> None:
    written = render_markdown(Card(title=line("t"), blocks=(Words((Span(text, "user"),)),)))
    _, *read = [token for token in READ(written) if token["type"] != "blank_line"]
    assert [bones(token) for token in read] == ([["paragraph", ["text"]]] if text.strip() else [])
    assert unescape(words(read)).strip() == visible(text).strip()
    assert is_plain(escaped(text))


def test_a_page_stands_alone() -> None:
    page = to_page(samples.model_card())
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "%nbr" not in page
    assert "Model card of tumour@1" in parse(page.partition("<body>")[2].partition("</body>")[0]).text
