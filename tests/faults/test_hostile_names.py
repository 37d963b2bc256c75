"""Of names that look alike one exists; odd ones are names, and others are refused and leave nothing."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nbregistry
from nbregistry.errors import Conflict, Corrupt, InvalidName, Refused
from nbregistry.reference import look_alike_key
from tests.faults import hostile
from tests.faults.looks import look_at_everything
from tests.faults.stories import MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry


def test_names_that_are_refused_leave_nothing(registry: Registry, root: Path) -> None:
    for name in hostile.REFUSED_NAMES:
        with pytest.raises(InvalidName):
            registry.register(name, MODEL)
    assert not root.exists()


def test_odd_names_are_names(registry: Registry, tmp_path: Path) -> None:
    for name in hostile.ODD_NAMES:
        registry.register(name, MODEL, tags={name: name})
        assert registry.get(f"{name}@1").tags == registry.get(f"models:/{name}/1").tags == {name: name}
        assert len(registry.versions(name)) == len(registry.log(name)) == 1
        registry.export(f"{name}@latest", tmp_path / "one.zip")
        other = nbregistry.open(tmp_path / "other")
        assert other.import_(tmp_path / "one.zip").refs == (f"{name}@1",)
        (tmp_path / "one.zip").unlink()
    assert other.model_names() == sorted(hostile.ODD_NAMES)
    assert registry.verify().ok
    look_at_everything(registry)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("pair_", hostile.TWINS, ids=ascii)
def test_of_two_look_alikes_one_exists(registry: Registry, tmp_path: Path, pair_: tuple[str, str], first: int) -> None:
    one, other = pair_[first], pair_[1 - first]
    try:
        registry.register(one, MODEL)
    except InvalidName:
        return  # a name in another form than NFC is none at all
    with pytest.raises((Conflict, InvalidName)):
        registry.register(other, MODEL)
    elsewhere = nbregistry.open(tmp_path / "elsewhere")
    try:
        elsewhere.register(other, MODEL)
    except InvalidName:
        return
    elsewhere.export(f"{other}@1", tmp_path / "one.zip")
    with pytest.raises(Conflict):
        registry.import_(tmp_path / "one.zip")
    assert registry.model_names() == [one]


def test_look_alikes_do_not_come_through_the_log(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's program that does not ask."""
    registry.register("churn", MODEL, alias="live")
    careless = "nbregistry.operations.registration.registering.check_look_alikes"
    with monkeypatch.context() as patch:
        patch.setattr(careless, lambda *_: None)
        with pytest.raises(Corrupt, match="looks like"):
            registry.register("Churn", MODEL)
        with pytest.raises(Corrupt, match="looks like"):
            registry.register("churn", MODEL, alias="Live")
    assert nbregistry.open(registry.path).model_names() == ["churn"]


def test_letters_that_are_told_apart_by_their_code_points_are_two_names(registry: Registry) -> None:
    for names in hostile.NOT_TWINS:
        for name in names:
            registry.register(name, MODEL)
    assert {name for names in hostile.NOT_TWINS for name in names} == set(registry.model_names())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_look_alikes_are_the_same_whatever_is_done_to_their_form(text: str) -> None:
    key = look_alike_key(text)
    assert look_alike_key(key) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert look_alike_key(unicodedata.normalize(form, text)) == key  # type: ignore[arg-type]
    if "ı" not in text:  # its capital is that of the dotted i
        assert look_alike_key(text.upper()) == look_alike_key(text.lower()) == key


@pytest.mark.parametrize("name", hostile.FILE_NAMES, ids=lambda name: ascii(name)[:20])
def test_a_file_that_not_every_system_can_have_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / name).write_text("x")
    with pytest.raises(Refused, match="cannot be a file of an artifact"):
        registry.register("m", folder)
    assert registry.model_names() == []
