"""A version object stands wherever a reference does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Conflict
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


def test_every_verb_takes_a_version(story: Registry, tmp_path: Path) -> None:
    first, second, third = (story.get(f"tumour@{number}") for number in (1, 2, 3))
    assert story.get(second) == second
    assert story.load(first).predict(X_test).shape == (171,)
    assert story.compare(first, second, "tumour@3").refs == ("tumour@1", "tumour@2", "tumour@3")
    assert story.lineage(third).parents == ["tumour@1"]
    assert story.evaluate(second, X_test, y_test).ref == "tumour@2"
    assert story.evaluations(second).ref == "tumour@2"
    assert story.promote(second).to_ref == "tumour@2"
    assert story.promote(third).to_ref == "tumour@3"
    assert story.rollback("tumour", to=first).to_ref == "tumour@1"
    assert story.tag(second, a=1).tags == {"a": 1}
    assert story.describe(second, "words").description == "words"
    assert story.approve(second, "Approved", reason="reviewed").approval == "Approved"
    assert story.archive(second).status == "archived"
    assert story.restore(second).status == "active"
    assert story.export(second, tmp_path / "x.zip").refs[-1] == "tumour@2"
    child = story.register("tumour", {"w": np.zeros(1)}, parents=[first, "tumour@2"], depends_on=third)
    assert (child.parents, child.depends_on) == (("tumour@1", "tumour@2"), ("tumour@3",))
    assert story.register("tumour", {"w": np.ones(1)}, parents=child).parents == ("tumour@4",)


def test_a_version_of_another_registry_is_not_taken_for_one_of_this(story: Registry, tmp_path: Path) -> None:
    other = nbregistry.open(tmp_path / "other")
    foreign = other.register("tumour", pipeline(0.5))
    for wrong in (
        lambda: story.promote(foreign),
        lambda: story.rollback("tumour", to=foreign),
        lambda: story.register("m", pipeline(), parents=foreign),
    ):
        with pytest.raises(Conflict, match="tumour@1 comes from another registry"):
            wrong()
    assert story.load(foreign.ref)
