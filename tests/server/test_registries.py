"""Which registries a server finds, and what it does when one of them goes, comes back or is another."""

from __future__ import annotations

import os
import shutil
import threading

import numpy as np
import pytest

import nbregistry
from nbregistry.server.finding import registries_below
from nbregistry.server.service import Service
from nbregistry.server.shelf import Shelf
from tests.server.running import RunningServer


@pytest.fixture(scope="module")
def kept(folder):
    """Several registries, and what looks like one."""
    for place in (
        ".nbregistry",
        "a/.nbregistry",
        "a/b/c/.nbregistry",
        "a/b/c/d/.nbregistry",
        "shared",
        "odd/.nbregistry",
    ):
        nbregistry.open(folder / place).register("m", {"place": place})
    for place in ("node_modules/x", ".hidden", "venv", "__pycache__"):
        nbregistry.open(folder / place / ".nbregistry").register("m", {"w": 1})
    (folder / "venv" / "pyvenv.cfg").write_text("home = /usr")
    (folder / "no registry").mkdir()
    (folder / "no registry" / "FORMAT").write_text("something else")
    (folder / "linked").symlink_to(folder / "a")
    return nbregistry.open(folder / ".nbregistry")


@pytest.fixture(autouse=True, scope="module")
def _settled(kept):
    pass


def paths(answer):
    return [registry["path"] for registry in answer.json()["registries"]]


def test_the_search_goes_three_folders_down_and_passes_by_what_is_not_one_s_own(server):
    answer = server.get("/registries")
    found = [".nbregistry", "a/.nbregistry", "a/b/c/.nbregistry", "odd/.nbregistry", "shared"]
    assert (paths(answer), answer.json()["nearest"]) == (found, ".nbregistry")
    names = {registry["path"]: registry["name"] for registry in answer.json()["registries"]}
    assert (names["a/b/c/.nbregistry"], names["shared"], names[".nbregistry"]) == ("c", "shared", server.root.name)


@pytest.mark.parametrize(
    ("near", "nearest"),
    {
        "": ".nbregistry",
        "new.ipynb": ".nbregistry",
        "a/nb.ipynb": "a/.nbregistry",
        "a": "a/.nbregistry",
        "a/b/nb.ipynb": "a/.nbregistry",
        "a/b/c/d": "a/b/c/d/.nbregistry",
        "no/such/folder/nb.ipynb": ".nbregistry",
        "linked/nb.ipynb": "a/.nbregistry",
        "shared/x.ipynb": ".nbregistry",
    }.items(),
)
def test_the_nearest_is_the_one_that_a_notebook_there_uses(near, nearest, server, monkeypatch):
    answer = server.get("/registries", near=near)
    assert answer.json()["nearest"] == nearest
    assert nearest in paths(answer)
    folder = server.root / near
    if folder.is_dir():
        monkeypatch.chdir(folder)
        assert nbregistry.open().path.resolve() == (server.root / nearest).resolve()


def test_what_the_environment_names_comes_before_what_lies_near(server, monkeypatch, tmp_path):
    monkeypatch.setenv("NBREGISTRY_URL", str(server.root / "a" / "b" / "c" / "d"))
    assert server.get("/registries", near="a").json()["nearest"] == "a/b/c/d/.nbregistry"
    assert "a/b/c/d/.nbregistry" in paths(server.get("/registries"))
    monkeypatch.setenv("NBREGISTRY_URL", "b/c")
    assert server.get("/registries", near="a/nb.ipynb").json()["nearest"] == "a/b/c/.nbregistry"
    nbregistry.open(tmp_path).register("secret", {"w": 1})
    for elsewhere in (str(tmp_path), "s3://bucket", "~nobody/x", "nowhere"):
        monkeypatch.setenv("NBREGISTRY_URL", elsewhere)
        answer = server.get("/registries", near="a")
        assert answer.json()["nearest"] is None
        assert len(paths(answer)) == 5


def test_the_settings_name_registries_and_how_deep_to_look(folder, kept):
    settings = {"registries": ["a/b/c/d/.nbregistry", "../x", "gone", "shared"], "search_depth": 0}
    with RunningServer(folder, **settings) as server:
        assert paths(server.get("/registries")) == [".nbregistry", "a/b/c/d/.nbregistry", "shared"]
    with RunningServer(folder, search_depth=-1) as server:
        answer = server.get("/registries", near="a")
        assert paths(answer) == ["a/.nbregistry"]


def test_the_search_ends(tmp_path, monkeypatch):
    for number in range(30):
        (tmp_path / f"{number:02}" / "x").mkdir(parents=True)
    nbregistry.open(tmp_path / "29" / ".nbregistry").register("m", {"w": 1})
    assert list(registries_below(tmp_path, 1)) == [tmp_path / "29" / ".nbregistry"]
    monkeypatch.setattr("nbregistry.server.finding._MOST_FOLDERS", 20)
    assert list(registries_below(tmp_path, 1)) == []


def test_the_search_follows_no_link_and_names_what_a_url_can_name(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    nbregistry.open(root / "a" / ".nbregistry").register("m", {"w": 1})
    nbregistry.open(outside / ".nbregistry").register("m", {"w": 1})
    (root / "linked").symlink_to(outside)
    (root / "round").symlink_to(root)
    (root / "b").mkdir()
    (root / "b" / ".nbregistry").symlink_to(outside / ".nbregistry")
    for name in (os.fsdecode(b"\xff"), "back\\slash"):
        shutil.copytree(outside, root / name)
    assert list(registries_below(root, 5)) == [root / "a" / ".nbregistry"]


def test_an_export_does_not_go_into_a_registry(server):
    for path in ("shared/x.nbr", "shared/blobs/x.nbr"):
        answer = server.post("/export", {"registry": ".nbregistry", "ref": "m@1", "path": path})
        assert (answer.status, answer.json()["kind"]) == (422, "Refused")


def test_each_registry_answers_for_itself(server):
    for path in ("a/.nbregistry", "a/b/c/.nbregistry", "shared", "linked/.nbregistry"):
        assert server.get("/models", registry=path).json()["total"] == 1
    heads = {server.get("/head", registry=path).json()["digest"] for path in (".nbregistry", "a/.nbregistry", "shared")}
    assert len(heads) == 3


def test_a_registry_that_vanishes_is_not_found_and_is_there_again_when_it_comes_back(server, tmp_path):
    asked = {"registry": "odd/.nbregistry"}
    before = server.get("/head", **asked)
    shutil.move(server.root / "odd", tmp_path)
    for path, more in (("/head", {}), ("/models", {}), ("/section", {"id": "record", "ref": "m@1"})):
        answer = server.get(path, {"If-None-Match": before.headers["etag"]}, **asked, **more)
        assert (answer.status, answer.json()["kind"]) == (404, "NotFound")
    assert "odd/.nbregistry" not in paths(server.get("/registries"))
    change = {"verb": "tag", "ref": "m@1", "values": {"tags": "a=b"}, "reason": ""}
    assert server.post("/change", asked | {"change": change, "dry_run": False}).status == 404
    assert not (server.root / "odd").exists()
    shutil.move(tmp_path / "odd", server.root)
    assert server.get("/head", **asked).json() == before.json()
    assert server.post("/change", asked | {"change": change, "dry_run": False}).json()["applied"]


def test_another_registry_in_the_same_place_is_another(server):
    place = server.root / "new"
    registry = nbregistry.open(place / ".nbregistry")
    registry.register("old", {"w": 1})
    first = server.get("/models", registry="new/.nbregistry")
    shutil.rmtree(place)
    nbregistry.open(place / ".nbregistry").register("young", {"w": 1})
    again = server.get("/models", {"If-None-Match": first.headers["etag"]}, registry="new/.nbregistry")
    assert [row["name"] for row in again.json()["rows"]] == ["young"]
    shutil.rmtree(place)


def test_a_damaged_registry_says_so_and_where_it_is_stays_unsaid(server):
    place = server.root / "hurt" / ".nbregistry"
    nbregistry.open(place).register("m", {"w": 1})
    log = place / "log" / "0000000001.json"
    log.write_bytes(log.read_bytes().replace(b'"m"', b'"n"'))
    answer = server.get("/models", registry="hurt/.nbregistry")
    assert (answer.status, answer.json()["kind"]) == (500, "Corrupt")
    assert str(server.root) not in answer.body.decode()
    (place / "FORMAT").write_text("{}")
    answer = server.get("/models", registry="hurt/.nbregistry")
    assert (answer.status, answer.json()["kind"]) == (500, "Corrupt")
    (place / "FORMAT").write_text('{"format":99,"minimum_reader":99,"id":"x"}')
    answer = server.get("/models", registry="hurt/.nbregistry")
    assert (answer.status, answer.json()["kind"]) == (422, "Refused")
    assert server.get("/models", registry=".nbregistry").status == 200
    shutil.rmtree(place.parent)


def test_a_registry_is_opened_once_and_not_for_each_request(folder, kept):
    shelf = Shelf()
    first = shelf.registry(kept.path)
    found = []
    threads = [threading.Thread(target=lambda: found.append(shelf.registry(kept.path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(registry is first for registry in found)


def test_what_is_gone_is_told_by_the_shelf_itself(tmp_path):
    shelf = Shelf()
    with pytest.raises(nbregistry.errors.NotFound):
        shelf.registry(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_no_more_registries_are_kept_open_than_a_few(tmp_path):
    shelf = Shelf()
    places = [tmp_path / str(number) for number in range(10)]
    for place in places:
        nbregistry.open(place).register("m", {"w": 1})
    first = shelf.registry(places[0])
    for place in places:
        shelf.registry(place)
        assert shelf.registry(places[0]) is first  # it was asked for last but one
    second = shelf.registry(places[1])
    assert len(shelf._places) == 8
    assert second is shelf.registry(places[1])


def test_no_server_loads_models(folder, kept):
    opened = Service(root_dir=str(folder)).opened(".nbregistry")
    with pytest.raises(nbregistry.errors.Refused):
        opened.registry.load("m@1")


def test_a_registry_above_the_root_is_used_by_notebooks_and_not_shown(folder, kept):
    with RunningServer(folder / "no registry") as server:
        assert server.get("/registries").json() == {"registries": [], "nearest": None}


@pytest.mark.parametrize("part", ["log", "blobs", "tmp", "cache", "blobs/sha256"])
def test_a_registry_that_lies_elsewhere_in_part_is_not_shown(part, server, tmp_path):
    nbregistry.open(tmp_path / ".nbregistry").register("secret", {"w": np.arange(100_000.0)})
    place = server.root / "partly" / ".nbregistry"
    shutil.copytree(tmp_path / ".nbregistry", place)
    shutil.rmtree(place / part, ignore_errors=True)  # there is no cache yet
    (place / part).symlink_to(tmp_path / ".nbregistry" / part)
    asked = {"registry": "partly/.nbregistry"}
    try:
        assert asked["registry"] not in paths(server.get("/registries"))
        assert server.get("/registries", near="partly/nb.ipynb").json()["nearest"] != asked["registry"]
        assert server.get("/models", **asked).status == 404
        change = {"verb": "describe", "ref": "secret@1", "values": {"text": "from outside"}, "reason": ""}
        assert server.post("/change", {**asked, "change": change, "dry_run": False}).status == 404
        assert server.post("/export", {**asked, "ref": "secret@1", "path": "secret.nbr"}).status == 404
    finally:
        shutil.rmtree(place.parent)
    assert nbregistry.open(tmp_path / ".nbregistry").get("secret@1").description == ""


def test_a_registry_whose_bytes_lie_elsewhere_below_the_root_is_shown(server):
    place = server.root / "large" / ".nbregistry"
    nbregistry.open(place).register("m", {"w": 1})
    shutil.move(place / "blobs", server.root / "disk")
    (place / "blobs").symlink_to(server.root / "disk")
    try:
        assert server.get("/models", registry="large/.nbregistry").status == 200
    finally:
        shutil.rmtree(place.parent)
        shutil.rmtree(server.root / "disk")


def test_a_card_does_not_tell_where_on_the_machine_it_is(server, kept):
    place = server.root / "rot & ruin" / ".nbregistry"
    registry = nbregistry.open(place)
    digest = registry.register("m", {"w": np.zeros(1000)}).digest.removeprefix("sha256:")
    blob = place / "blobs" / "sha256" / digest[:2] / digest
    blob.unlink()
    blob.mkdir()
    change = {"verb": "promote", "ref": "m@1", "values": {"alias": "champion"}, "reason": ""}
    try:
        card = server.post("/change", {"registry": "rot & ruin/.nbregistry", "change": change, "dry_run": True}).json()[
            "card"
        ]
    finally:
        shutil.rmtree(place.parent)
    assert digest in card
    assert "rot &amp; ruin" in card
    assert str(server.root) not in card
