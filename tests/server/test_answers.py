"""What each route answers, held against the contract."""

from __future__ import annotations

import pytest

from nbregistry.browsing.sections import SECTIONS
from nbregistry.display import to_html
from nbregistry.server.changing import CHANGING
from nbregistry.server.contract import operations
from nbregistry.server.reading import READING

HERE = {"registry": ".nbregistry"}


def test_each_operation_of_the_contract_has_its_function_and_no_other_has():
    of_a_registry = {op.id for op in operations() if op.method == "get"} - {"getRegistries"}
    assert set(READING) == of_a_registry
    assert set(CHANGING) == {op.id for op in operations() if op.method == "post"}


def test_the_registries_are_listed_and_the_nearest_is_named(server):
    answer = server.get("/registries", near="notebook.ipynb").json()
    assert answer["nearest"] == ".nbregistry"
    assert answer["registries"] == [{"path": ".nbregistry", "name": server.root.name, "read_only": False}]


def test_the_head_is_that_of_the_registry(server, kept):
    seq, digest = kept.head()
    expected = {"seq": seq, "digest": digest, "models": 1, "versions": 2, "read_only": False}
    assert server.get("/head", **HERE).json() == expected


def test_models_have_their_champion_and_its_metric(server, kept):
    (row,) = server.get("/models", **HERE).json()["rows"]
    assert (row["name"], row["versions"], row["champion"]) == ("tumour", 2, "tumour@1")
    assert row["metric"]["value"] == kept.get("tumour@1").metrics["roc_auc"]


def test_a_key_that_no_version_has_is_told(server):
    page = server.get("/models", **HERE, q="metrics.roc_ac > 0").json()
    (lacking,) = page["lacking"]
    assert (page["total"], lacking["key"], lacking["nearest"][0]) == (0, "metrics.roc_ac", "metrics.roc_auc")


def test_the_champion_is_the_first_of_the_aliases(server, kept):
    for alias in ("canary", "shadow"):
        kept.promote("tumour@1", alias)
    aliases = ["champion", "canary", "shadow"]
    (model,) = server.get("/models", **HERE).json()["rows"]
    assert [alias["name"] for alias in model["aliases"]] == aliases
    version = server.get("/version", **HERE, ref="tumour@1").json()["row"]
    assert [alias["name"] for alias in version["aliases"]] == aliases


def test_versions_come_in_pages_newest_first(server):
    page = server.get("/versions", **HERE, name="tumour", limit=1).json()
    assert ([row["ref"] for row in page["rows"]], page["total"]) == (["tumour@2"], 2)
    page = server.get("/versions", **HERE, name="tumour", limit=1, offset=1, metric="accuracy").json()
    assert [row["ref"] for row in page["rows"]] == ["tumour@1"]
    assert page["rows"][0]["metric"]["name"] == page["metric"] == "accuracy"


def test_versions_are_searched_and_sorted(server):
    found = server.get("/versions", **HERE, name="tumour", q="onco").json()
    assert [row["ref"] for row in found["rows"]] == ["tumour@1"]
    found = server.get("/versions", **HERE, name="tumour", sort="version", q="metrics.roc_auc > 0.1").json()
    assert [row["version"] for row in found["rows"]] == [1, 2]


def test_a_version_has_its_page(server):
    page = server.get("/version", **HERE, ref="tumour@champion").json()
    assert page["row"]["ref"] == "tumour@1"
    assert [form["verb"] for form in page["forms"]][:2] == ["promote", "rollback"]
    assert {line["id"]: line["line"] for line in page["lines"]} == {
        "load": "%nbr load tumour@1 --as model",
        "rollback": "%rollback tumour",
    }
    lines = server.get("/version", **HERE, ref="tumour@2").json()["lines"]
    assert lines[1]["line"] == "%compare tumour@champion tumour@2"


def test_a_comparison_has_a_page_too_and_one_version_alone_is_not_compared(server):
    page = server.get("/compare", **HERE, ref=["tumour@champion", "tumour@2"]).json()
    assert page["refs"] == ["tumour@1", "tumour@2"]
    assert (page["line"], page["sections"][0]["id"]) == ("%compare tumour@1 tumour@2", "compare")
    alone = server.get("/compare", **HERE, ref=["tumour@champion", "tumour@1"]).json()
    assert (alone["line"], alone["sections"][0]["id"]) == ("", "record")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_s_cards_are_the_displays_of_the_verbs(section, server, kept):
    refs = ("tumour@1", "tumour@2")
    answer = server.get("/section", **HERE, id=section, ref=refs).json()
    assert answer["cards"] == list(map(to_html, SECTIONS[section].show(kept, refs)))


def test_the_time_that_jupyterlab_adds_against_caches_is_no_question(server):
    path = "/nbregistry/api/head?registry=.nbregistry&1732290000000"
    assert server.send("GET", path, headers=server.authorization).status == 200
