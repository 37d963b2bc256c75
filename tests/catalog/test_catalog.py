"""The commit log is the truth, the TinyDB catalog its view."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tinydb import Query, TinyDB

from nbregistry.catalog import catalog as catalog_module
from nbregistry.catalog import view as view_module
from nbregistry.catalog.catalog import Catalog, Plan
from nbregistry.catalog.changes import move_alias, put_shared, put_version, set_fields
from nbregistry.catalog.view import View
from nbregistry.errors import Corrupt, Refused, RegistryError
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry


def record(name: str, version: int, **fields: object) -> dict[str, object]:
    empty = {"tags": {}, "metrics": {}, "params": {}, "parents": [], "depends_on": [], "datasets": []}
    return {"name": name, "version": version, "status": "active", "digest": "sha256:00", **empty, **fields}


def new_version(name: str, **fields: object) -> Callable[[View], Plan]:
    def plan(view: View) -> Plan:
        version = view.count(name) + 1
        return Plan(f"{name}@{version}", [put_version(record(name, version, **fields))], {})

    return plan


@pytest.fixture
def open_catalog(tmp_path: Path) -> Callable[..., Catalog]:
    def opened(**options: bool) -> Catalog:
        return Catalog(tmp_path, Keyring(), actor="ada", **options)

    return opened


def tables(catalog: Catalog) -> dict[str, list[dict[str, object]]]:
    database = catalog.refresh().database
    return {name: [dict(document) for document in database.table(name)] for name in sorted(database.tables())}


def test_commits_are_files_with_a_chain(open_catalog: Callable[..., Catalog], tmp_path: Path) -> None:
    catalog = open_catalog()
    for _ in range(3):
        catalog.commit("register", new_version("churn"))
    files = sorted((tmp_path / "log").iterdir())
    assert [file.name for file in files] == ["0000000001.json", "0000000002.json", "0000000003.json"]
    entries = [json.loads(file.read_bytes()) for file in files]
    assert [entry["commit"]["previous"] for entry in entries[1:]] == [entry["digest"] for entry in entries[:-1]]
    assert not list((tmp_path / "tmp").iterdir())


def test_two_handles_see_each_other(open_catalog: Callable[..., Catalog]) -> None:
    one, other = open_catalog(), open_catalog()
    for number in range(10):
        (one if number % 3 else other).commit("register", new_version("churn"))
    assert tables(one) == tables(other)
    assert one.refresh().count("churn") == 10


def test_the_checkpoint_equals_a_replay(open_catalog: Callable[..., Catalog], tmp_path: Path) -> None:
    catalog = open_catalog()
    for number in range(25):
        catalog.commit("register", new_version("churn", metrics={"auc": float("nan") if number % 2 else number / 7}))
    catalog.commit("promote", lambda _: Plan("churn@3", [move_alias("churn", "champion", 3)], {}))
    catalog.save_checkpoint()
    from_checkpoint = open_catalog()
    assert from_checkpoint.head.seq == 26
    shutil.rmtree(tmp_path / "cache")
    replayed = open_catalog()
    assert replayed.head.seq == 0
    assert repr(tables(from_checkpoint)) == repr(tables(replayed))
    # Documents keep their order and their place.
    assert [document["version"] for document in from_checkpoint.view.versions_of("churn")] == list(range(1, 26))


def test_stock_tinydb_reads_the_checkpoint(open_catalog: Callable[..., Catalog], tmp_path: Path) -> None:
    catalog = open_catalog()
    for _ in range(12):
        catalog.commit("register", new_version("churn", params={"C": 0.5}))
    catalog.save_checkpoint()
    with TinyDB(tmp_path / "cache" / "catalog.json", access_mode="r") as stock:
        assert len(stock.table("versions").search(Query().params.C == 0.5)) == 12
        (checkpoint,) = stock.table("checkpoint").all()
        assert checkpoint["seq"] == 12


def test_query_objects_work_on_the_live_view(open_catalog: Callable[..., Catalog]) -> None:
    catalog = open_catalog()
    for number in range(5):
        catalog.commit("register", new_version("churn", metrics={"auc": number / 10}))
        assert catalog.view.versions.count(Query().metrics.auc == number / 10) == 1
    assert len(catalog.view.versions) == 5


def test_tinydb_writes_nothing_past_the_log(open_catalog: Callable[..., Catalog]) -> None:
    catalog = open_catalog()
    catalog.commit("register", new_version("churn"))
    for write in (lambda table: table.update({"tags": {}}), lambda table: table.remove(doc_ids=[1])):
        with pytest.raises(NotImplementedError, match="changes by commits"):
            write(catalog.view.versions)
    assert catalog.view.version("churn", 1)


def test_a_checkpoint_by_a_stranger_is_not_believed(
    open_catalog: Callable[..., Catalog], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = Catalog(tmp_path, Keyring(tmp_path_factory.mktemp("stranger")), actor="eve")
    stranger.commit("register", new_version("churn"))
    stranger.save_checkpoint()
    assert open_catalog().head.seq == 0  # it replays the log
    assert open_catalog().refresh().count("churn") == 1


@pytest.mark.parametrize("offset", range(0, 3000, 61))
def test_a_flipped_bit_in_the_checkpoint_heals(
    open_catalog: Callable[..., Catalog], tmp_path: Path, offset: int
) -> None:
    catalog = open_catalog()
    for _ in range(4):
        catalog.commit("register", new_version("churn"))
    catalog.save_checkpoint()
    path = tmp_path / "cache" / "catalog.json"
    data = bytearray(path.read_bytes())
    data[offset % len(data)] ^= 4
    path.write_bytes(data)
    assert tables(open_catalog()) == tables(catalog)


def test_a_log_that_was_cut_behind_the_checkpoint_is_found(
    open_catalog: Callable[..., Catalog], tmp_path: Path
) -> None:
    catalog = open_catalog()
    for _ in range(4):
        catalog.commit("register", new_version("churn"))
    catalog.save_checkpoint()
    (tmp_path / "log" / "0000000004.json").unlink()
    with pytest.raises(Corrupt, match="commit 4 is missing from the log"):
        open_catalog().refresh()
    seen, refused = open_catalog().accept()  # as the message says, for an older copy that is meant
    assert (seen, "commit 4 is missing" in refused) == (4, True)
    assert open_catalog().refresh().count("churn") == 3


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_flipped_bit_in_a_commit_is_found(open_catalog: Callable[..., Catalog], tmp_path: Path, seq: int) -> None:
    catalog = open_catalog()
    for _ in range(3):
        catalog.commit("register", new_version("churn"))
    path = tmp_path / "log" / f"{seq:010d}.json"
    whole = path.read_bytes()
    for offset in range(0, len(whole), 7):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        with pytest.raises(Corrupt, match=f"{seq:010d}"):
            open_catalog().refresh()


def test_an_edited_history_is_found(
    open_catalog: Callable[..., Catalog], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A stranger replaces commit 2 by one of their own, properly signed: the chain breaks at commit 3."""
    catalog = open_catalog()
    for _ in range(3):
        catalog.commit("register", new_version("churn"))
    folder = tmp_path_factory.mktemp("forged")
    shutil.copytree(tmp_path / "log", folder / "log")
    (folder / "log" / "0000000002.json").unlink()
    (folder / "log" / "0000000003.json").unlink()
    forger = Catalog(folder, Keyring(tmp_path_factory.mktemp("stranger")), actor="eve")
    forger.commit("register", new_version("churn", digest="sha256:66"))
    shutil.copy(folder / "log" / "0000000002.json", tmp_path / "log" / "0000000002.json")
    with pytest.raises(Corrupt, match="commit 3 does not follow"):
        open_catalog().refresh()


def test_a_commit_under_a_false_name_is_found(
    open_catalog: Callable[..., Catalog], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A stranger writes a commit that names my key; the signature cannot be theirs to make."""
    catalog = open_catalog()
    catalog.commit("register", new_version("churn"))

    class Impostor(Keyring):
        key = catalog.keyring.key  # type: ignore[assignment]

    impostor = Catalog(tmp_path, Impostor(tmp_path_factory.mktemp("stranger")), actor="ada")
    impostor.commit("register", new_version("churn"))
    with pytest.raises(Corrupt, match="commit 2 is not signed by the key it names"):
        catalog.refresh()


def test_who_signed_is_not_what_the_record_says(
    open_catalog: Callable[..., Catalog], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalog = open_catalog()
    stranger = Catalog(tmp_path, Keyring(tmp_path_factory.mktemp("stranger")), actor="eve")
    stranger.commit("register", new_version("churn", signed_by=catalog.keyring.key, created_by="ada"))
    document = catalog.refresh().version("churn", 1)
    assert document is not None
    assert document["signed_by"] == stranger.keyring.key
    assert document["created_by"] == "eve"


@pytest.fixture
def commit_anything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Write what no release of ours would: a commit that is not checked before it is on disk."""

    def written(*changes: dict[str, object], home: Path | None = None, **parts: object) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(View, "check", lambda *_: None)
            patched.setattr(View, "apply", lambda *_: None)
            writer = Catalog(tmp_path, Keyring(home), actor="eve")
            writer.refresh()
            plan = Plan("churn@1", list(changes), parts.get("detail", {}))  # type: ignore[arg-type]
            writer.commit("anything", lambda _: plan)

    return written


def test_a_change_of_a_newer_release_stops_politely(
    open_catalog: Callable[..., Catalog], commit_anything: Callable[..., None]
) -> None:
    plan = Plan("churn@1", [{"kind": "teleport", "name": "churn", "version": 1}], {})
    with pytest.raises(Refused, match="teleport"):
        open_catalog().commit("teleport", lambda _: plan)
    assert open_catalog().refresh().names() == []  # what is refused is not written
    commit_anything(*plan.changes)
    with pytest.raises(Refused, match="does not know"):
        open_catalog().refresh()


DATA = {
    "role": "train", "name": "", "kind": "numpy", "rows": 2, "columns": 1, "fingerprint": "sha256:00", "inputs": [],
}  # fmt: skip


def test_a_data_set_with_a_profile_is_read(open_catalog: Callable[..., Catalog]) -> None:
    digest, shared = put_shared(
        DATA | {"profile": [["age", [1.0, 2.5], [], [1, 1, 0], 0], ["sex", [], ["f"], [1, 1], 0]]}
    )
    plan = Plan("churn@1", [shared, put_version(record("churn", 1, datasets=[digest]))], {})
    open_catalog().commit("register", lambda _: plan)
    assert open_catalog().refresh().count("churn") == 1


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("datasets", {"rows": "many"}),
        ("datasets", DATA | {"profile": [["age", [1.0], [], [1], 0]]}),
        ("datasets", DATA | {"profile": [["age", [2.0, 1.0], [], [1, 1, 1], 0]]}),
        ("datasets", DATA | {"profile": [["age", [float("nan")], [], [1, 1], 0]]}),
        ("datasets", DATA | {"profile": [["age", [1.0], [], [1, -1], 0]]}),
        ("datasets", DATA | {"profile": [["age", [], [3], [1, 1], 0]]}),
        ("datasets", DATA | {"profile": [["age", [], [], [1], 0]]}),
        ("datasets", DATA | {"profile": [["age"]]}),
        ("datasets", DATA | {"profile": {"age": 1}}),
        ("datasets", DATA | {"ranges": {"age": [1, 2]}}),
        ("datasets", DATA | {"ranges": [["age", 1.0, 2.0]]}),
        ("datasets", DATA | {"ranges": [[3, 1.0, 2.0, 0]]}),
        ("datasets", DATA | {"ranges": [["age", [1.0], 2.0, 0]]}),
        ("datasets", DATA | {"ranges": [["age", 10**400, 2.0, 0]]}),
        ("datasets", DATA | {"ranges": [["age", 1.0, True, 0]]}),
        ("datasets", DATA | {"ranges": [["age", 1.0, 2.0, -1]]}),
        ("datasets", DATA | {"any_order": 3}),
        ("datasets", DATA | {"files": {"path": "a.csv"}}),
        ("datasets", DATA | {"files": ["a.csv"]}),
        ("datasets", DATA | {"files": [{"path": 3, "digest": "", "size": 0}]}),
        ("datasets", DATA | {"files": [{"path": "a.csv", "digest": None, "size": 0}]}),
        ("datasets", DATA | {"files": [{"path": "a.csv", "digest": "", "size": -1}]}),
        ("signature", {"inputs": [["x"]]}),
        ("environment", {"packages": ["numpy"]}),
        ("environment", {"packages": {}, "sources": ["numpy"]}),
        ("environment", {"packages": {}, "sources": {"numpy": "git"}}),
        ("environment", {"packages": {}, "sources": {"numpy": {"url": {}}}}),
        ("code", "print()"),
        ("code", {"git": {"remotes": ["origin"]}}),
        ("code", {"git": {"remotes": {"origin": 1}}}),
        ("default_params", {"C": [1]}),
    ],
)
def test_facts_that_displays_could_not_read_are_refused(
    open_catalog: Callable[..., Catalog], field: str, fact: object
) -> None:
    catalog = open_catalog()
    digest, shared = put_shared(fact)
    named = record("churn", 1, **{field: [digest] if field == "datasets" else digest})
    for changes in ([shared, put_version(named)], [put_version(named)]):
        with pytest.raises(Corrupt, match="facts of 'churn'@1"):
            catalog.commit("register", lambda _, changes=changes: Plan("churn@1", changes, {}))
    assert catalog.refresh().count("churn") == 0


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"kind": None},
        {"kind": ["version"]},
        {"kind": "version"},
        {"kind": "version", "record": []},
        {"kind": "version", "record": {"name": "churn"}},
        {"kind": "version", "record": {"name": "../../x", "version": 1}},
        {"kind": "version", "record": {"name": "churn", "version": True}},
        {"kind": "version", "record": {"name": "churn", "version": 1.0}},
        {"kind": "version", "record": {"name": "churn", "version": -1}},
        {"kind": "version", "record": {"name": "churn", "version": 1, "metrics": {"auc": "high"}}},
        {"kind": "version", "record": {"name": "churn", "version": 1, "params": {"a": [1]}}},
        {"kind": "version", "record": {"name": "churn", "version": 1, "parents": "churn@0"}},
        {"kind": "version", "record": {"name": "churn", "version": 1, "status": "gone"}},
        {"kind": "version", "record": {"name": "churn", "version": 1}, "origin": {}},
        {"kind": "alias", "name": "churn", "alias": "latest", "version": 1},
        {"kind": "alias", "name": "churn", "alias": "champion", "version": 1},
        {"kind": "fields", "name": "churn", "version": 1, "fields": []},
        {"kind": "evaluation", "record": {"name": "churn", "version": 1}},
        {"kind": "shared", "digest": "sha256:00", "value": "a lie"},
        {"kind": "shared"},
    ],
)
def test_a_malformed_commit_is_told_and_never_a_traceback(
    open_catalog: Callable[..., Catalog], commit_anything: Callable[..., None], change: dict[str, object]
) -> None:
    commit_anything(change)
    with pytest.raises(RegistryError):
        open_catalog().refresh()


def test_fields_that_are_fixed_stay(open_catalog: Callable[..., Catalog]) -> None:
    catalog = open_catalog()
    catalog.commit("register", new_version("churn"))
    with pytest.raises(Corrupt, match="fixed"):
        catalog.commit("tag", lambda _: Plan("churn@1", [set_fields("churn", 1, digest="sha256:ff")], {}))


def test_a_plan_is_made_again_after_another_writer(open_catalog: Callable[..., Catalog]) -> None:
    one, other = open_catalog(), open_catalog()
    seen = []

    def plan(view: View) -> Plan:
        if not seen:
            other.commit("register", new_version("churn"))
        seen.append(view.count("churn"))
        return new_version("churn")(view)

    assert one.commit("register", plan).ref == "churn@2"
    assert seen == [0, 1]


def test_a_retry_after_an_unseen_end_is_found_again(
    open_catalog: Callable[..., Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit reached the disk, and the error came before anybody was told."""
    catalog = open_catalog()

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(catalog_module.View, "apply", broken)
        with pytest.raises(KeyboardInterrupt):
            catalog.commit("register", new_version("churn"), request="the same")
    assert catalog.commit("register", new_version("churn"), request="the same").ref == "churn@1"
    catalog.acknowledge()
    assert catalog.commit("register", new_version("churn"), request="the same").ref == "churn@2"


def test_an_interrupt_waits_for_the_commit(
    open_catalog: Callable[..., Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = open_catalog()
    append = catalog.log.append

    def interrupted(*arguments: object) -> bool:
        done = append(*arguments)  # type: ignore[arg-type]
        signal.raise_signal(signal.SIGINT)
        return done

    monkeypatch.setattr(catalog.log, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        catalog.commit("register", new_version("churn"))
    assert catalog.view.count("churn") == 1


def test_reading_writes_nothing_when_read_only(open_catalog: Callable[..., Catalog], tmp_path: Path) -> None:
    writer = open_catalog()
    for _ in range(250):
        writer.commit("register", new_version("churn"))
    shutil.rmtree(tmp_path / "cache")
    reader = open_catalog(read_only=True)
    assert reader.refresh().count("churn") == 250
    assert not (tmp_path / "cache").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_checkpoint_is_not_written_through_a_link(registry: Registry, root: Path, tmp_path: Path) -> None:
    registry.register("m", {"w": np.zeros(2)})
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "catalog.json").write_text("somebody else's")
    shutil.rmtree(root / "cache", ignore_errors=True)
    (root / "cache").symlink_to(theirs)
    registry._workspace.catalog.save_checkpoint()
    assert [path.read_text() for path in theirs.iterdir()] == ["somebody else's"]


@pytest.mark.parametrize("names", [1, 300])
def test_a_commit_of_many_versions_is_looked_through_once(
    open_catalog: Callable[..., Catalog], monkeypatch: pytest.MonkeyPatch, names: int
) -> None:
    folded = []
    real = view_module.look_alike_key
    monkeypatch.setattr(view_module, "look_alike_key", lambda name: folded.append(name) or real(name))
    many = [put_version(record(f"m{number % names}", number // names + 1)) for number in range(300)]
    open_catalog().commit("import", lambda _: Plan("m0@1", many, {}))
    assert len(folded) < 20 * len(many)  # 44,850 if each were held against all before it


@pytest.mark.parametrize(("first", "second"), [("m", "M"), ("m", "m\u200d"), ("é", "É")])
def test_a_commit_that_brings_look_alikes_is_refused(
    open_catalog: Callable[..., Catalog], first: str, second: str
) -> None:
    pair = [put_version(record(name, 1)) for name in (first, second)]
    with pytest.raises(Corrupt, match=r"looks like another|not right"):
        open_catalog().commit("import", lambda _: Plan("", pair, {}))
