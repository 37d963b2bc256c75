"""An unchanged registry costs one tiny answer, and whatever changes an answer changes its ETag."""

from __future__ import annotations

import os
from urllib.parse import urlencode

import pytest

import nbregistry
from nbregistry.server import reading
from nbregistry.server.contract import operations
from nbregistry.server.etag import etag_of
from nbregistry.server.service import Opened
from tests.server.running import API, operation_of
from tests.server.test_gates import HERE, QUERIES

OF_A_REGISTRY = [op.path for op in operations() if op.method == "get" and op.id != "getRegistries"]


def etag(server, path="/head", **asked):
    return server.get(path, **(QUERIES[path] | asked)).headers["etag"]


@pytest.mark.parametrize("path", OF_A_REGISTRY)
def test_an_unchanged_registry_answers_nothing_and_works_nothing_out(path, server, monkeypatch):
    first = server.get(path, **QUERIES[path])
    monkeypatch.setitem(reading.READING, operation_of("get", path).id, None)
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
        headers = server.with_cookies() | {"If-None-Match": known}
        again = server.send("GET", f"{API}{path}?{urlencode(QUERIES[path], doseq=True)}", headers=headers)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "private, no-cache"
        assert again.size < 400


@pytest.mark.parametrize("path", OF_A_REGISTRY)
def test_whatever_is_committed_is_seen_at_once(path, server, kept):
    before = server.get(path, **QUERIES[path]).headers["etag"]
    kept.tag("tumour@2", seen=path)
    after = server.get(path, {"If-None-Match": before}, **QUERIES[path])
    assert after.status == 200
    assert after.headers["etag"] != before


def test_each_question_has_an_etag_of_its_own(server):
    asked = [
        etag(server),
        etag(server, "/models"),
        etag(server, "/versions"),
        etag(server, "/versions", limit=1),
        etag(server, "/versions", offset=1),
        etag(server, "/versions", q="onco"),
        etag(server, "/version"),
        etag(server, "/version", ref="tumour@2"),
        etag(server, "/section"),
        etag(server, "/section", id="journal"),
    ]
    assert len(set(asked)) == len(asked)
    assert etag(server, "/versions", offset=0, limit=50) == etag(server, "/versions")


def test_whom_the_user_trusts_changes_what_is_shown_and_so_the_etag(server, kept):
    key = "ed25519:" + "ab" * 32
    seen = [etag(server)]
    for change in (kept.trust, kept.untrust):
        change(key)
        seen.append(etag(server))
    # The keys are those of before, but an answer from between may still be shown somewhere.
    assert len(set(seen)) == len(seen)
    assert etag(server) == seen[-1]


def test_another_user_or_another_route_has_another_etag(kept, monkeypatch, tmp_path):
    opened = Opened(kept, kept.path, ".nbregistry", None)
    before = etag_of(opened, "getHead", HERE)
    assert etag_of(opened, "getModels", HERE) != before
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path))
    assert etag_of(opened, "getHead", HERE) != before


def test_another_release_asks_anew(server, monkeypatch):
    before = etag(server)
    monkeypatch.setattr(nbregistry, "__version__", "99")
    assert etag(server) != before


def test_a_folder_that_can_no_longer_be_written_has_another_etag(kept, monkeypatch):
    opened = Opened(kept, kept.path, ".nbregistry", None)
    before = etag_of(opened, "getHead", HERE)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert etag_of(opened, "getHead", HERE) != before


def test_a_copy_elsewhere_has_another_etag(kept, tmp_path):
    copy = Opened(kept, tmp_path, ".nbregistry", None)
    assert etag_of(copy, "getHead", HERE) != etag_of(Opened(kept, kept.path, ".nbregistry", None), "getHead", HERE)


def test_an_error_has_none(server):
    answer = server.get("/version", registry=".nbregistry", ref="tumour@99")
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")
    assert "etag" not in answer.headers
