"""Rows that repeat, and rows that are used over and over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import nbregistry
from nbregistry.catalog import compared
from nbregistry.catalog.compared import Compared
from nbregistry.evaluation.reuse import MANY, Reuse
from tests.models import tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_comparisons_on_the_same_rows_are_counted_each_set_of_versions_once(story: Registry, root: Path) -> None:
    first = story.compare("tumour@1", "tumour@2")
    assert first.reuse == Reuse(1, 3)
    assert "so far" not in repr(first)
    before = files(root)
    assert story.compare("tumour@2", "tumour@1").reuse == Reuse(1, 3)
    assert story.compare("tumour@1", "tumour@3").reuse == Reuse(2, 3)
    order = np.random.default_rng(0).permutation(len(X_test))
    shuffled = (X_test.iloc[order], y_test.iloc[order])
    third = nbregistry.open(root, read_only=True).compare("tumour@1", "tumour@2", "tumour@3", on=shuffled)
    assert third.reuse is not None
    assert third.reuse.comparisons == 3
    assert files(root) == before
    text = " ".join(repr(story.compare("tumour@1", "tumour@3")).split())
    assert "3 comparisons were made on these rows so far; 3 versions were evaluated on them." in text
    assert "keep in mind" not in text
    assert json.loads(third.to_json())["reuse"]["comparisons"] == 3
    assert story.compare("tumour@1", "tumour@2", on=(X_test[:90], y_test[:90])).reuse == Reuse(1, 0)


def test_many_are_a_warning(story: Registry, user: Path) -> None:
    found = story.compare("tumour@1", "tumour@2")
    assert found.reuse is not None
    (noted,) = user.glob("compared/*/*/*")
    for place in range(MANY):
        (noted.parent / f"{place:032x}").touch()
    text = " ".join(repr(story.compare("tumour@1", "tumour@2")).split())
    assert f"! {MANY + 1} comparisons were made on these rows so far" in text


@pytest.mark.parametrize("damage", ["a file in its place", "odd names", "a link that leads nowhere"])
def test_damage_never_breaks_a_comparison(
    story: Registry, damage: str, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = user / "compared"
    if damage == "a file in its place":
        folder.write_text("?")
    elif damage == "odd names":
        story.compare("tumour@1", "tumour@2")
        inner = next(folder.glob("*/*"))
        (inner / "note.txt").touch()
        (inner / ("f" * 33)).mkdir()
    else:
        folder.symlink_to(user / "nowhere" / "at all")
    found = story.compare("tumour@1", "tumour@2")
    assert found.reuse == (Reuse(1, 3) if damage == "odd names" else None)
    assert found.rows


def test_no_more_are_kept_than_say_something(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "MOST", 3)
    noted = Compared(user, "id")
    assert [noted.note("rows", ["a@1", f"a@{place}"]) for place in range(2, 8)] == [1, 2, 3, 3, 3, 3]
    other = Compared(user, "another")
    assert [other.note("rows", refs) for refs in (["a@1", "a@2"], ["a@2", "a@1"])] == [1, 1]
    assert noted.note("other rows", ["a@1", "a@2"]) == 1
    assert noted.note("rows", ["a@2", "a@1"]) == 3


def test_repeated_rows_are_said(story: Registry) -> None:
    X, y = pd.concat([X_test, X_test[:12], X_test[:1]]), pd.concat([y_test, y_test[:12], 1 - y_test[:1]])
    found = story.compare("tumour@1", "tumour@2", on=(X, y))
    assert f"12 of {len(X)} rows repeat another row" in "; ".join(found.notes)
    assert "repeat" not in "; ".join(story.compare("tumour@1", "tumour@2").notes)
