"""A history that was edited, cut, signed again or put back is found by whoever saw it, and what cannot be is known.

The forger can write every byte of the registry's folder, has a key of their own, and nobody's but that. ``ada`` wrote
the history. A ``reader`` trusts Ada's key and has never opened this registry.
"""

from __future__ import annotations

import os
import pickle
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest

import nbregistry
from nbregistry.artifacts import reading, regular
from nbregistry.artifacts.local import LocalStore
from nbregistry.catalog import exact
from nbregistry.catalog.commit import GENESIS, Envelope, signed_bytes
from nbregistry.catalog.log import CommitLog
from nbregistry.errors import Corrupt, RegistryError, Untrusted
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.registry import Registry

VERSIONS = 4


class Kept:
    """A model of Python's own, which only pickle can keep."""

    def __init__(self, number: int) -> None:
        self.number = number


@pytest.fixture
def ada(registry: Registry) -> Registry:
    """Four versions, the first of them the champion; then Ada's kernel ends."""
    for number in range(VERSIONS):
        registry.register("m", Kept(number), alias=None if number else "champion")
    return registry


@pytest.fixture
def reader(ada: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Registry]:
    """Opens the registry as somebody else, who trusts Ada."""
    Keyring(tmp_path / "reader").trust(ada._workspace.keyring.key, "ada")

    def opened() -> Registry:
        with monkeypatch.context() as patch:
            patch.setenv("NBREGISTRY_HOME", str(tmp_path / "reader"))
            return nbregistry.open(root)

    return opened


@pytest.fixture
def forger(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "forger")


def rewrite(
    root: Path,
    keyring: Keyring,
    first: int,
    edit: Callable[[dict[str, Any]], None] = lambda _: None,
    *,
    last: int = VERSIONS,
    sign: bool = True,
) -> None:
    """Write a part of the history anew, in a proper chain; signed by a key, or with the signatures that were there."""
    log = CommitLog(root)
    before = log.read(first - 1) if first > 1 else None
    previous = before.digest if before else GENESIS
    for seq in range(first, last + 1):
        found = log.read(seq)
        assert found is not None
        commit = exact.loads(found.payload)
        edit(commit)
        commit |= {"previous": previous} | ({"key": keyring.key} if sign else {})
        payload = exact.dumps(commit)
        envelope = Envelope.seal(payload, keyring.sign(signed_bytes(payload)) if sign else found.signature)
        log.path(seq).write_bytes(envelope.to_bytes())
        previous = envelope.digest


def change_actor(commit: dict[str, Any]) -> None:
    commit["actor"] = "mallory"


def cut(root: Path, after: int) -> None:
    for seq in range(after + 1, VERSIONS + 1):
        (root / "log" / f"{seq:010d}.json").unlink()


@pytest.mark.parametrize("seq", [1, 2, VERSIONS])
@pytest.mark.parametrize("sealed", ["not at all", "with the old signature", "with a signature of the forger's"])
def test_an_edited_commit_is_found_by_who_never_saw_it(
    reader: Callable[[], Registry], root: Path, forger: Keyring, seq: int, sealed: str
) -> None:
    if sealed == "not at all":
        path = root / "log" / f"{seq:010d}.json"
        path.write_bytes(path.read_bytes().replace(b'"actor":"', b'"actor":"x', 1))
    else:
        rewrite(root, forger, seq, change_actor, last=seq, sign="forger" in sealed)
    if seq == VERSIONS and "forger" in sealed:
        # A proper commit of the forger's own where Ada's was: all that tells is the key.
        assert not reader().get(f"m@{VERSIONS}").trusted
        return
    with pytest.raises(Corrupt):
        reader().versions("m")
    assert not reader().verify().ok


@pytest.mark.parametrize("sealed", ["with the old signature", "with a signature of the forger's"])
def test_an_old_commit_that_was_edited_behind_a_checkpoint_is_found_by_verify(
    ada: Registry, root: Path, forger: Keyring, sealed: str
) -> None:
    ada._workspace.catalog.save_checkpoint()
    rewrite(root, forger, 2, change_actor, last=2, sign="forger" in sealed)
    assert nbregistry.open(root).get("m@2").created_by == "ada"  # the checkpoint is Ada's own
    assert not nbregistry.open(root).verify().ok
    shutil.rmtree(root / "cache")
    with pytest.raises(Corrupt):
        nbregistry.open(root).get("m@2")


@pytest.mark.parametrize("after", range(VERSIONS))
@pytest.mark.parametrize("cache", ["kept", "gone"])
def test_a_cut_tail_is_found_by_who_saw_it(ada: Registry, root: Path, after: int, cache: str) -> None:
    ada._workspace.catalog.save_checkpoint()
    cut(root, after)
    if cache == "gone":
        shutil.rmtree(root / "cache")
    for registry in (ada, nbregistry.open(root)):
        with pytest.raises(Corrupt, match=f"commit {VERSIONS} is missing from the log"):
            registry.versions()
        with pytest.raises(Corrupt):
            registry.register("m", Kept(9))
        assert any("is missing from the log" in problem for problem in registry.verify().problems)
    assert len(list((root / "log").iterdir())) == after  # nothing was written behind the cut


def test_a_cut_tail_is_told_to_nobody_who_never_saw_it(reader: Callable[[], Registry], root: Path) -> None:
    """What the readme says cannot be detected: every commit that is left is genuine."""
    cut(root, 2)
    assert reader().latest("m") == 2
    assert reader().verify().ok


@pytest.mark.parametrize("first", [1, 3])
def test_commits_that_a_stranger_signed_again(
    ada: Registry, reader: Callable[[], Registry], root: Path, forger: Keyring, first: int
) -> None:
    rewrite(root, forger, first, change_actor)
    words = "another registry is at" if first == 1 else f"commit {VERSIONS} is not the one that was there"
    for registry in (ada, nbregistry.open(root)):
        with pytest.raises(Corrupt, match=words if registry is not ada else "is not the one that was there"):
            registry.versions()
    # Who never saw it is told whose word it is, and runs none of it.
    never_saw = reader()
    assert [version.trusted for version in never_saw.versions("m")] == [seq < first for seq in range(1, VERSIONS + 1)]
    with pytest.raises(Untrusted):
        never_saw.load(f"m@{VERSIONS}")
    (stranger,) = (signer for signer in never_saw.summary().signers if not signer.trusted)
    assert (stranger.key, stranger.commits, stranger.actor) == (forger.key, VERSIONS + 1 - first, "mallory")
    assert f"%registry trust {forger.key}" in repr(never_saw)
    # From now on the reader has seen that history, and Ada's true one is what is refused.
    cut(root, 1)
    with pytest.raises(Corrupt):
        reader().versions()


def test_a_whole_log_of_somebody_else_is_refused_until_it_is_accepted(
    ada: Registry, root: Path, tmp_path: Path, forger: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "forger"))
        other = nbregistry.open(tmp_path / "other")
        for _ in range(VERSIONS + 1):
            other.register("m", {"w": np.zeros(1)}, alias="champion")  # a format that no trust is needed for
    shutil.rmtree(root)
    shutil.copytree(tmp_path / "other", root)
    with pytest.raises(Corrupt, match="another registry is at") as caught:
        nbregistry.open(root).load("m@champion")
    assert "%registry accept" in caught.value.hint
    assert nbregistry.open(root).accept().seq == VERSIONS + 1
    with pytest.warns(UserWarning, match="which you do not trust"):
        assert nbregistry.open(root).load("m@champion")["w"] == 0


def test_an_older_copy_under_another_id_is_still_an_older_copy(ada: Registry, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "older")
    ada.register("m", Kept(4))
    shutil.rmtree(root)
    shutil.copytree(tmp_path / "older", root)
    about = orjson.loads((root / "FORMAT").read_bytes())
    (root / "FORMAT").write_bytes(orjson.dumps(about | {"id": "0" * 32}))
    with pytest.raises(Corrupt, match=f"commit {VERSIONS + 1} is missing"):
        nbregistry.open(root).versions()


def test_another_id_alone_changes_nothing_that_is_believed(ada: Registry, root: Path, tmp_path: Path) -> None:
    ada.backup(tmp_path / "copy")
    about = orjson.loads((root / "FORMAT").read_bytes())
    (root / "FORMAT").write_bytes(orjson.dumps(about | {"id": "0" * 32}))
    again = nbregistry.open(root)
    assert again.load("m@4").number == 3
    assert again.verify().ok
    with pytest.raises(RegistryError, match="another one is there now"):
        ada.register("m", Kept(4))
    with pytest.raises(RegistryError, match="is another registry, not a backup"):
        again.backup(tmp_path / "copy")


@pytest.mark.parametrize("cache", ["with its cache", "without one"])
def test_a_registry_replaced_by_an_older_copy_of_itself(ada: Registry, root: Path, tmp_path: Path, cache: str) -> None:
    if cache == "with its cache":
        ada._workspace.catalog.save_checkpoint()
    shutil.copytree(root, tmp_path / "older")
    for number in (4, 5):
        ada.register("m", Kept(number))
    ada.promote("m@6")
    shutil.rmtree(root)
    shutil.copytree(tmp_path / "older", root)
    for registry in (ada, nbregistry.open(root), nbregistry.open(root, read_only=True)):
        with pytest.raises(Corrupt, match="commit 7 is missing from the log"):
            registry.load("m@champion")


def test_a_cache_that_a_stranger_forged_is_not_read(
    ada: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reflects the true head, its digests are right, and it says that another version is the champion."""
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "forger"))
        catalog = nbregistry.open(root)._workspace.catalog
        view = catalog.refresh()
        view._apply_alias(catalog.read_commit(VERSIONS), {"name": "m", "alias": "champion", "version": 3})
        view.versions.change(1, {"description": "forged"})
        catalog.save_checkpoint()
    assert b"forged" in (root / "cache" / "catalog.json").read_bytes()
    again = nbregistry.open(root)
    assert again.load("m@champion").number == 0
    assert again.get("m@1").description == ""
    assert nbregistry.open(root, read_only=True).get("m@champion").version == 1


def test_an_alias_that_a_stranger_moved_says_so_wherever_it_shows(
    ada: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "forger"))
        mallory = nbregistry.open(root)
        mallory.trust(ada._workspace.keyring.key)
        mallory.promote("m@3")
    again = nbregistry.open(root)
    shown = {
        "versions": again.versions("m"),
        "models": again.models(),
        "show": again.get("m@champion"),
        "lineage": again.lineage("m@3"),
        "log": again.log("m"),
        "dry run": again.rollback("m", dry_run=True),
    }
    for name, noun in shown.items():
        assert "key that is not" in " ".join(repr(noun).split()), name  # a narrow column breaks the line there
        assert "key that is not trusted" in noun._repr_html_(), name
    with pytest.warns(UserWarning, match="m@champion was moved to version 3 by ed25519:"):
        assert again.load("m@champion").number == 2
    again.promote("m@2")  # Ada's own word again
    assert again.models()[0].stray_aliases == ()


# -- a blob that is another one when it is loaded than when it was checked ------------------------------------


class Poison:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.mark,)


def poisoned(root: Path, mark: Path) -> dict[Path, bytes]:
    """Give, for each blob, other content that leaves a mark if it is run."""
    evil = pickle.dumps(Poison(mark), protocol=5)
    return {path: evil.ljust(path.stat().st_size, b"\0") for path in (root / "blobs").rglob("*") if path.is_file()}


@pytest.mark.parametrize("moment", ["before it is opened", "when it is open", "written over when it is open"])
def test_the_bytes_that_are_loaded_are_those_that_were_verified(
    ada: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The file is replaced at each opening of a blob, once earlier, once later: the poison never runs."""
    mark = tmp_path / "mark"
    contents = poisoned(root, mark)
    whole = {path: path.read_bytes() for path in contents}
    outcomes = []
    for chosen in range(1, 20):
        swapping = Swapping(contents, chosen, moment)
        monkeypatch.setattr(reading, "open_regular", swapping)
        try:
            outcomes.append(f"loaded {nbregistry.open(root).load('m@4').number}")
        except Corrupt:
            outcomes.append("refused")
        assert not mark.exists()
        for path, data in whole.items():
            path.write_bytes(data)
        if swapping.openings < chosen:
            break
    assert 2 <= len(outcomes) < 19, "each opening was tried"
    assert set(outcomes) == {"loaded 3"} | ({"refused"} if moment != "when it is open" else set())


class Swapping:
    """Opens files as the store does, and replaces the one that is opened at a chosen turn."""

    def __init__(self, contents: dict[Path, bytes], chosen: int, moment: str) -> None:
        self.contents, self.chosen, self.moment = contents, chosen, moment
        self.openings = 0

    def __call__(self, name: str) -> Any:
        self.openings += 1
        path = Path(name)
        if self.openings == self.chosen and self.moment == "before it is opened":
            self.replace(path)
        file, size = regular.open_regular(name)
        if self.openings == self.chosen and self.moment == "when it is open":
            self.replace(path)
        elif self.openings == self.chosen and self.moment == "written over when it is open":
            path.write_bytes(self.contents[path])
        return file, size

    def replace(self, path: Path) -> None:
        new = path.with_name("new")
        new.write_bytes(self.contents[path])
        new.replace(path)


def test_a_blob_that_somebody_keeps_replacing_is_loaded_whole_or_refused(
    ada: Registry, root: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    contents = poisoned(root, mark)
    whole = {path: path.read_bytes() for path in contents}
    done = threading.Event()

    def flip() -> None:
        while not done.is_set():
            for which in (contents, whole):
                for path, data in which.items():
                    new = path.with_name("new")
                    new.write_bytes(data)
                    new.replace(path)

    thread = threading.Thread(target=flip)
    thread.start()
    outcomes: list[str] = []
    try:
        while len(outcomes) < 2000 and not {"loaded", "refused"} <= set(outcomes[100:]):
            try:
                outcomes.append("loaded" if ada.load("m@4").number == 3 else "wrong")
            except Corrupt:
                outcomes.append("refused")
    finally:
        done.set()
        thread.join()
    assert not mark.exists()
    assert "wrong" not in outcomes
    assert set(outcomes) == {"loaded", "refused"}


def test_a_blob_of_the_store_is_not_what_a_check_said_but_what_is_read(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    blob = store.put(b"weights" * 1000)
    assert store.check(blob.digest) is None
    (path,) = (path for path in (tmp_path / "blobs").rglob("*") if path.is_file())
    path.write_bytes(b"W" + path.read_bytes()[1:])
    with pytest.raises(Corrupt):
        store.get(blob.digest, blob.size)
