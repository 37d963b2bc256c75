"""Promise 16, in the server: over all routes no model is deserialised, whatever its kind."""

from __future__ import annotations

import shutil

import pytest

import nbregistry
from nbregistry.browsing.sections import SECTIONS
from nbregistry.server.contract import operations
from tests.faults.test_poisoned_loader import NAMES, TRACE, models, poison, template
from tests.server.running import RunningServer

__all__ = ["models", "poison", "template"]

HERE = {"registry": ".nbregistry"}


@pytest.fixture(scope="module", autouse=True)
def user(tmp_path_factory):
    """A Jupyter of its own; whose keys are used is told by the fixture of the models."""
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(home / name.lower()))
        patch.delenv("NBREGISTRY_URL", raising=False)
        yield home


@pytest.fixture
def server(models, tmp_path, poison):
    with RunningServer(tmp_path / "copy" / "work") as running:
        yield running


def reads(ref):
    """Give every question there is about a version."""
    name = ref.partition("@")[0]
    yield from (("/registries", {}), ("/head", HERE), ("/models", HERE | {"q": "flavor = 'sklearn'"}))
    yield "/versions", HERE | {"name": name, "sort": "-version"}
    yield "/version", HERE | {"ref": ref}
    yield "/compare", HERE | {"ref": [ref, "tumour@1"]}
    for section in SECTIONS:
        yield "/section", HERE | {"id": section, "ref": [ref, "tumour@1", "tumour@2"]}


CHANGES = [
    ("promote", {"alias": "challenger"}),
    ("tag", {"tags": "a=b"}),
    ("describe", {"text": "words"}),
    ("approve", {"status": "Approved"}),
]


def test_no_route_deserialises_a_model(server):
    asked = set()
    for ref in NAMES:
        for path, query in reads(ref):
            assert server.get(path, **query).status == 200, (path, query)
            assert TRACE == [], (path, query)
            asked.add(path)
        for verb, values in CHANGES:
            for dry_run in (True, False):
                assert server.change(verb, ref, dry_run=dry_run, reason="why", **values).status == 200
                assert TRACE == [], (verb, ref)
        answer = server.post("/export", HERE | {"ref": ref, "path": f"{ref}.nbr"})
        assert answer.status == 200
        assert TRACE == [], ref
        asked |= {"/change", "/export"}
    for dry_run in (True, False):
        assert server.change("rollback", "tumour@1", dry_run=dry_run, to="tumour@2", alias="champion").status == 200
    for verb in ("archive", "restore"):  # it was left by the alias
        for dry_run in (True, False):
            assert server.change(verb, "tumour@1", dry_run=dry_run).status == 200
    assert TRACE == []
    assert asked == {operation.path for operation in operations()}


def test_a_promotion_is_made_though_loading_was_not_tried_and_says_so(server, models):
    answer = server.change("promote", "tumour@2").json()
    assert answer["applied"]
    assert "no model is loaded in this process" in answer["card"]
    assert models.get("tumour@champion").ref == "tumour@2"
    assert TRACE == []


def test_what_a_stranger_signed_is_shown_marked_and_not_loaded(server, models, tmp_path, monkeypatch):
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "mine"))
    shutil.copytree(tmp_path / "copy" / "work" / ".nbregistry", tmp_path / "copy" / "work" / "got" / ".nbregistry")
    got = {"registry": "got/.nbregistry"}
    row = server.get("/version", **got, ref="tumour@1").json()["row"]
    assert {"text": "key not trusted", "kind": "signature", "stray": False} in row["badges"]
    assert row["aliases"] == [{"name": "champion", "stray": True}]
    assert server.get("/models", **got, q="name = 'tumour'").json()["rows"][0]["aliases"][0]["stray"]
    assert server.get("/section", **got, id="record", ref="tumour@1").status == 200
    assert TRACE == []
    assert nbregistry.open(tmp_path / "copy" / "work" / "got").get("tumour@1").trusted is False
