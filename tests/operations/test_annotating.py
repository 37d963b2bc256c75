"""Lineage, tags, descriptions and the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nbregistry.registry import Registry


def test_lineage(story: Registry) -> None:
    lineage = story.lineage("tumour@3")
    assert lineage.parents == ["tumour@1"]
    assert lineage.siblings == ["tumour@2"]
    assert lineage.aliases == {"tumour@1": ("champion",)}
    assert lineage.datasets["tumour@3"]
    assert lineage.algorithms["tumour@3"] == story.get("tumour@3").algorithm
    assert lineage.metrics["tumour@3"] == story.get("tumour@3").metrics
    assert ("tumour@1", "tumour@3", "parent") in lineage.edges


def test_tags_and_descriptions(story: Registry) -> None:
    assert story.tag("tumour@1", stage="shadow", team=None).tags == {"stage": "shadow"}
    assert story.describe("tumour@champion", "the one we know").description == "the one we know"
    assert [event.verb for event in story.log("tumour")][-2:] == ["tag", "describe"]


def test_the_journal_tells_one_model_from_another(story: Registry) -> None:
    story.register("other", {"w": np.zeros(1)})
    assert [event.ref for event in story.log("other")] == ["other@1"]
    assert len(story.log()) == 4
    assert all(event.actor == "ada" and event.trusted for event in story.log())
