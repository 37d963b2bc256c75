"""Changes and exports: looked at, made, refused, and made by two at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import nbregistry
from nbregistry.display import to_html
from nbregistry.server import service
from tests.faults.hostile import NUMBERS, TEXTS
from tests.server.running import RunningServer

HERE = {"registry": ".nbregistry"}


@pytest.fixture
def server(tmp_path, story):
    with RunningServer(tmp_path) as running:
        yield running


def test_a_change_is_looked_at_and_then_made(server, story):
    seq, _ = story.head()
    looked = server.change("promote", "tumour@2", dry_run=True, alias="champion", reason="better").json()
    assert (looked["applied"], looked["refused"], looked["seq"]) == (False, False, seq)
    assert looked["line"] == "%promote tumour@2 --reason better"
    assert "Nothing was changed." in looked["card"]
    assert story.head()[0] == seq
    made = server.post("/change", HERE | {"change": looked["change"], "dry_run": False}).json()
    assert (made["applied"], made["refused"], made["seq"]) == (True, False, seq + 1)
    event = story.log()[-1]
    assert (event.verb, event.reason, event.actor) == ("promote", "better", "ada")
    assert story.get("tumour@champion").ref == "tumour@2"


@pytest.mark.parametrize(
    ("verb", "values", "reason"),
    [
        ("tag", {"tags": "team=fraud n=12"}, "sorted"),
        ("describe", {"text": "the forest"}, ""),
        ("approve", {"status": "Approved"}, "reviewed"),
        ("archive", {}, "old"),
        ("promote", {"alias": "challenger"}, ""),
    ],
)
def test_each_change_makes_one_commit_and_gives_its_line(verb, values, reason, server, story):
    seq, _ = story.head()
    looked = server.change(verb, "tumour@2", dry_run=True, reason=reason, **values).json()
    made = server.change(verb, "tumour@2", reason=reason, **values).json()
    assert (looked["applied"], made["applied"], made["seq"]) == (False, True, seq + 1)
    assert made["line"] == looked["line"] != ""
    again = server.change(verb, "tumour@2", reason=reason, **values)
    assert again.status == 200 or again.json()["kind"] == "Refused"


def test_what_is_so_already_is_no_change(server, story):
    before = story.head()
    answer = server.change("promote", "tumour@1").json()
    assert (answer["applied"], answer["refused"], answer["seq"]) == (False, False, before[0])
    assert story.head() == before


def test_a_rollback_does_what_its_dry_run_said_or_nothing(server, story):
    story.promote("tumour@2")
    story.promote("tumour@3")
    looked = server.change("rollback", "tumour@3", dry_run=True, alias="champion", to="", reason="drift").json()
    assert looked["change"]["values"]["to"] == "tumour@2"
    story.promote("tumour@1")
    refused = server.post("/change", HERE | {"change": looked["change"], "dry_run": False})
    assert (refused.status, refused.json()["kind"]) == (409, "Conflict")
    story.promote("tumour@3")
    made = server.post("/change", HERE | {"change": looked["change"], "dry_run": False}).json()
    assert made["applied"]
    assert story.get("tumour@champion").ref == "tumour@2"


def test_gates_are_shown_in_the_dry_run_and_refuse_alike(server, story):
    story.policy("tumour@champion", "roc_auc >= 0.5, n >= 1000")
    looked = server.change("promote", "tumour@2", dry_run=True).json()
    assert looked["refused"]
    for told in ("roc_auc &gt;= 0.5", "n &gt;= 1000", "it was measured on 171 rows", "%promote tumour@2 --reason TEXT"):
        assert told in looked["card"]
    answer = server.change("promote", "tumour@2")
    assert answer.status == 422
    assert answer.json()["message"].startswith(
        "'champion' was not moved to tumour@2: n >= 1000: failed, it was measured"
    )
    assert story.get("tumour@champion").ref == "tumour@1"
    story.policy("tumour@champion", "roc_auc >= 0.5")
    assert server.change("promote", "tumour@2").json()["applied"]
    looked = server.change("rollback", "tumour@2", dry_run=True, alias="champion", to="").json()
    assert not looked["refused"]
    assert "not asked of an earlier holder: roc_auc &gt;= 0.5" in looked["card"]


def test_what_would_be_refused_says_so_and_is(server, story):
    story.approve("tumour@2", "Rejected", reason="no")
    assert server.change("promote", "tumour@2", dry_run=True).json()["refused"]
    answer = server.change("promote", "tumour@2")
    assert (answer.status, answer.json()["kind"]) == (422, "Refused")
    assert answer.json()["hint"].startswith("%nbr approve tumour@2")
    assert story.get("tumour@champion").ref == "tumour@1"


@pytest.mark.parametrize(
    ("verb", "ref", "values", "status", "kind"),
    [
        ("promote", "nobody@1", {}, 404, "NotFound"),
        ("promote", "tumour@2", {"alias": "9"}, 400, "InvalidName"),
        ("rollback", "tumour@1", {}, 422, "Refused"),
        ("rollback", "tumour@1", {"alias": "none"}, 404, "NotFound"),
        ("archive", "tumour@1", {}, 422, "Refused"),
        ("tag", "tumour@1", {"tags": "team"}, 400, "RegistryError"),
        ("approve", "tumour@1", {"status": "Fine"}, 422, "Refused"),
        ("delete", "tumour@1", {}, 422, "Refused"),
        ("promote", "tumour@2", {"alais": "x"}, 422, "Refused"),
    ],
)
def test_each_refusal_has_its_status(verb, ref, values, status, kind, server, story):
    before = story.head()
    for dry_run in (True, False):
        answer = server.change(verb, ref, dry_run=dry_run, reason="why", **values)
        assert (answer.status, answer.json()["kind"]) == (status, kind)
    assert story.head() == before


def test_two_clients_at_once_lose_nothing_and_are_both_answered(server, story):
    seq, _ = story.head()
    start = threading.Barrier(8)

    def client(number):
        start.wait()
        answers = [server.change("tag", f"tumour@{number % 3 + 1}", tags=f"t{number}={n}") for n in range(5)]
        return [answer.json()["seq"] for answer in answers if answer.status == 200]

    with ThreadPoolExecutor(8) as clients:
        seqs = list(clients.map(client, range(8)))
    assert sum(map(len, seqs)) == 40
    assert story.head()[0] == seq + 40
    assert {key: value for v in story.versions("tumour") for key, value in v.tags.items() if key != "team"} == {
        f"t{number}": 4 for number in range(8)
    }


def test_two_who_roll_back_at_once_go_back_once_where_both_saw_it(server, story):
    story.promote("tumour@2")
    story.promote("tumour@3")
    change = server.change("rollback", "tumour@3", dry_run=True, alias="champion", to="").json()["change"]
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(lambda _: server.post("/change", HERE | {"change": change, "dry_run": False}), "ab"))
    assert sorted(answer.status for answer in answers) in ([200, 409], [200, 422])
    assert story.get("tumour@champion").ref == "tumour@2"


def test_a_kernel_s_change_and_the_panel_s_are_one_history(server, story):
    before = server.get("/head", **HERE).json()["seq"]
    story.tag("tumour@1", by="kernel")
    server.change("tag", "tumour@1", tags="and=panel")
    assert server.get("/head", **HERE).json()["seq"] == before + 2 == story.head()[0]
    assert dict(story.get("tumour@1").tags) == {"team": "onco", "by": "kernel", "and": "panel"}


def test_a_version_is_exported_for_another_registry(server, story, tmp_path):
    (tmp_path / "out").mkdir()
    answer = server.post("/export", HERE | {"ref": "tumour@champion", "path": "out/tumour.nbr"}).json()
    assert answer["path"] == "out/tumour.nbr"
    assert "out/tumour.nbr" in answer["card"]
    assert str(tmp_path) not in answer["card"]
    other = nbregistry.open(tmp_path / "other")
    assert other.import_(tmp_path / "out" / "tumour.nbr").refs == ("tumour@1",)
    again = server.post("/export", HERE | {"ref": "tumour@2", "path": "out/tumour.nbr"})
    assert (again.status, again.json()["message"]) == (422, "out/tumour.nbr exists")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["tumour.nbr"]


def test_a_registry_that_cannot_be_written_shows_and_exports_and_takes_no_change(server, story, monkeypatch):
    monkeypatch.setattr(service, "is_read_only", lambda _: True)
    monkeypatch.setattr("nbregistry.server.reading.is_read_only", lambda _: True)
    assert server.get("/head", **HERE).json()["read_only"]
    assert server.get("/registries").json()["registries"][0]["read_only"]
    looked = server.change("promote", "tumour@2", dry_run=True)
    assert (looked.status, looked.json()["refused"]) == (200, False)
    answer = server.change("promote", "tumour@2")
    assert (answer.status, answer.json()["message"]) == (422, "this server may not write to this registry")
    assert story.get("tumour@champion").ref == "tumour@1"
    assert server.post("/export", HERE | {"ref": "tumour@1", "path": "x.nbr"}).status == 200


def test_whether_a_folder_can_be_written_is_asked_of_the_system(tmp_path, story, monkeypatch):
    asked = []
    monkeypatch.setattr(service.os, "access", lambda place, mode: asked.append(place) or place.name != "log")
    assert service.is_read_only(story.path)
    assert story.path in asked


def test_hostile_words_come_back_as_they_are_and_never_as_markup(server, story):
    for text in TEXTS:
        try:
            kept = story.describe("tumour@1", text).description
        except nbregistry.RegistryError:
            continue
        row = server.get("/version", **HERE, ref="tumour@1").json()["row"]
        assert row["description"] == kept == text
    markup = "<script>document.title = 'acted'</script>"
    story.describe("tumour@1", markup)
    story.set_tags("tumour@1", {markup: markup})
    for section in ("record", "journal", "lineage", "evaluations"):
        cards = server.get("/section", **HERE, id=section, ref="tumour@1").json()["cards"]
        assert "<script" not in "".join(cards)
    (card,) = server.get("/section", **HERE, id="record", ref="tumour@1").json()["cards"]
    assert card == to_html(story.get("tumour@1"))
    assert "&lt;script&gt;" in card


def test_numbers_that_json_does_not_have_are_told_in_words(server, story):
    for name, value in NUMBERS.items():
        try:
            story.register("m", {"w": 1}, metrics={"roc_auc": value})
        except nbregistry.RegistryError:
            continue
        rows = server.get("/versions", **HERE, name="m").json()["rows"]
        measure = rows[0]["metric"]
        if name in ("nan", "inf", "-inf"):
            assert (measure["value"], bool(measure["text"])) == (None, True)
        else:
            assert measure["value"] == float(value), name
