"""A file that somebody gave: whatever is in it, it is an export or it is refused, and the log stays as it is."""

from __future__ import annotations

import copy
import io
import json
import os
import struct
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nbregistry
from nbregistry.catalog import exact
from nbregistry.catalog.commit import signed_bytes
from nbregistry.errors import Conflict, Corrupt, NotFound, RegistryError
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry

Members = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundle")


@pytest.fixture(scope="module")
def export(folder: Path) -> bytes:
    """Three versions of one stranger, one with an evaluation and a large blob."""
    from sklearn.linear_model import LogisticRegression

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "stranger"))
        registry = nbregistry.open(folder / "source")
        registry.register("base", {"w": np.random.default_rng(0).random(10_000)})
        X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
        registry.register("tumour", LogisticRegression().fit(X, y), on=(X, y), train=(X, y), tags={"team": "onco"})
        registry.register("tumour", {"w": np.zeros(3)}, parents="tumour@1", depends_on="base@1")
        registry.export("tumour@2", folder / "export.zip")
    return (folder / "export.zip").read_bytes()


@pytest.fixture(scope="module")
def members(export: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(export)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


@pytest.fixture
def here(registry: Registry) -> Registry:
    """A registry that has something."""
    registry.register("tumour", {"w": np.zeros(2)})
    return registry


def zipped(members: Members, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, content in members:
            archive.writestr(name, content, method)
    return file.getvalue()


def with_entries(members: Members, change: Callable[[Any], object]) -> bytes:
    """Give the export with another ``bundle.json``."""
    entries = exact.loads(members[0][1])
    change(entries)
    return zipped([("bundle.json", json.dumps(entries).encode()), *members[1:]])


def log_of(registry: Registry) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (registry.path / "log").iterdir()}


def refused(registry: Registry, data: bytes, kind: type[RegistryError] = Corrupt, told: str | None = None) -> None:
    """Import, and see that it is refused and has left no trace."""
    before = log_of(registry)
    path = registry.path.with_name("given.zip")
    path.write_bytes(data)
    with pytest.raises(kind, match=told):
        registry.import_(path)
    assert log_of(registry) == before
    assert nbregistry.open(registry.path).verify().ok


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compressed_member_could_be_a_bomb(here: Registry, members: Members, method: int) -> None:
    refused(here, zipped([("bundle.json", b" " * 50_000_000 + members[0][1]), *members[1:]], method), told="compressed")


def test_members_are_no_larger_than_the_file(here: Registry, export: bytes) -> None:
    """A stored member that claims more than there is, in both places that say so."""
    size = struct.pack("<II", 2**31, 2**31)
    entry = export.index(b"PK\x01\x02")
    refused(here, export[: entry + 20] + size + export[entry + 28 :], told="larger than the file")


@pytest.mark.parametrize(("at", "bits", "told"), [(8, 0x1, "encrypted"), (10, 99, "compressed"), (10, 8, "compressed")])
def test_what_no_export_has_is_told(here: Registry, export: bytes, at: int, bits: int, told: str) -> None:
    entry = export.index(b"PK\x01\x02")
    refused(here, export[: entry + at] + struct.pack("<H", bits) + export[entry + at + 2 :], told=told)


def test_what_the_caller_deals_with_is_not_taken_for_the_cause(here: Registry, tmp_path: Path) -> None:
    (tmp_path / "given.zip").write_bytes(b"no zip")
    try:
        (tmp_path / "nothing").read_bytes()
    except FileNotFoundError:
        with pytest.raises(Corrupt, match="not a whole export"):
            here.import_(tmp_path / "given.zip")


def test_a_member_that_is_there_twice(here: Registry, members: Members) -> None:
    for member in members:
        refused(here, zipped([*members, member]), told="in it twice")


def test_members_that_changed_places(here: Registry, members: Members) -> None:
    swapped = [*members[:-2], (members[-2][0], members[-1][1]), (members[-1][0], members[-2][1])]
    refused(here, zipped(swapped))


def test_what_is_beside_an_export_never_gets_out(here: Registry, members: Members, tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    path.write_bytes(zipped([*members, ("../evil", b"x"), ("/etc/evil", b"x"), ("blobs/../../evil", b"x")]))
    assert here.import_(path).refs == ("base@1", "tumour@2", "tumour@3")
    assert not list(tmp_path.rglob("evil"))
    assert here.verify().ok


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_what_is_no_file_is_not_waited_for(here: Registry, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "link"):
        with pytest.raises((Corrupt, NotFound), match="no file"):
            here.import_(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes(data: st.DataObject, export: bytes, folder: Path) -> None:
    """Flipped, cut out or put in anywhere; most of it where ZIP keeps its tables."""
    content = bytearray(export)
    tables = export.index(b"PK\x01\x02")
    at = data.draw(st.integers(tables, len(content) - 1) | st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "take", "put"])):
        case "flip":
            content[at] ^= data.draw(st.integers(1, 255))
        case "cut":
            del content[at:]
        case "take":
            del content[at : at + data.draw(st.integers(1, 40))]
        case "put":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
    comes_whole_or_not_at_all(bytes(content), folder)


WEIRD = [None, True, -1, 1.5, 10**30, "", "x", "²", "a@1", f"tumour@{'9' * 5000}", [], [[]], [None], {}, {"a": 1},
         {"$int": "9" * 5000}, {"$int": 5}, {"$float": []}, "\x00", "../x", "sha256:" + "0" * 64]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([path] if path else []) + [place for key, item in items for place in places(item, (*path, key))]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), signed=st.booleans())
def test_damaged_entries(data: st.DataObject, signed: bool, members: Members, folder: Path) -> None:
    """Left out, repeated, or of another type anywhere; also by a stranger who signs it."""
    entries = json.loads(members[0][1])
    for _ in range(data.draw(st.integers(1, 2))):
        *above, key = data.draw(st.sampled_from(places(entries)))
        holder = entries
        for step in above:
            holder = holder[step]
        match data.draw(st.sampled_from(["drop", "repeat", "replace", "replace"])):
            case "drop":
                del holder[key]
            case "repeat" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _:
                holder[key] = copy.deepcopy(data.draw(st.sampled_from(WEIRD)))
    if signed:
        versions = entries.get("versions")
        for version in versions if isinstance(versions, list) else ():
            sign(version, folder / "stranger")
    content = json.dumps(entries).encode()
    comes_whole_or_not_at_all(zipped([("bundle.json", content), *members[1:]]), folder)


def sign(version: Any, home: Path) -> None:
    """Make the stranger vouch for whatever a record says now; what has no place for it is left."""
    if not isinstance(version, dict) or not isinstance(version.get("record"), dict):
        return
    try:
        commit = json.loads(version["origin"]["payload"])
        for change in commit["changes"]:
            if change["kind"] == "version":
                change["record"] = version["record"] | {
                    key: change["record"][key] for key in ("version", "parents", "depends_on")
                }
                version["origin"]["ref"] = f"{change['record']['name']}@{change['record']['version']}"
    except (KeyError, TypeError, ValueError):
        return
    payload = json.dumps(commit, separators=(",", ":"), sort_keys=True).encode()
    version["origin"] |= {"payload": payload.decode(), "signature": Keyring(home).sign(signed_bytes(payload))}


def comes_whole_or_not_at_all(data: bytes, folder: Path) -> None:
    """Import: either our own error and no change, or a registry in which every verb works."""
    import shutil

    root, path = folder / "here", folder / "given.zip"
    shutil.rmtree(root, ignore_errors=True)
    path.write_bytes(data)
    registry = nbregistry.open(root)
    try:
        registry.import_(path)
    except RegistryError:
        assert not (root / "log").exists() or not any((root / "log").iterdir())
        return
    again = nbregistry.open(root)
    for listed in (again.versions(), again.models(), again.log()):
        assert repr(listed)
        assert listed._repr_html_()
    for version in again.versions():
        for look in (again.get, again.lineage, again.evaluations):
            shown = look(version.ref)
            assert repr(shown)
            assert shown._repr_html_()
    assert again.import_(path).already == tuple(version.ref for version in registry.versions())


def set_in(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(entries: Any) -> None:
        for step in path[:-1]:
            entries = entries[step]
        entries[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (set_in("versions", 0, "since", to=None), "not what it should be"),
        (set_in("versions", 0, "since", to={}), "not what it should be"),
        (set_in("versions", 0, "parents", to="tumour@1"), "not what it should be"),
        (set_in("versions", 0, "origin", to=[]), "not what it should be"),
        (set_in("versions", 0, "record", "name", to=7), "not what it should be"),
        (set_in("versions", 0, "record", "digest", to="sha256:../x"), "not what it should be"),
        (set_in("versions", 0, to=None), "not what it should be"),
        (set_in("versions", to={}), "not what they should be"),
        (set_in("versions", to=[]), "not what they should be"),
        (set_in("shared", to=None), "not what they should be"),
        (set_in("shared", to={}), "are missing"),
        (set_in("format", to="1"), "not what they should be"),
        (set_in("versions", 0, "ref", to="base@²"), "does not name its version"),
        (set_in("versions", 0, "ref", to="other@1"), "does not name its version"),
        (set_in("versions", 0, "parents", to=["tumour@1"]), "lacks 'tumour@1'"),
        (set_in("versions", 2, "parents", to=["elsewhere@1"]), "lacks 'elsewhere@1'"),
        (set_in("evaluations", 0, "record", "version", to=9), "lacks 'tumour'@9"),
        (set_in("evaluations", 0, "record", "dataset", to={}), "an evaluation in it"),
        (set_in("evaluations", 0, "record", "metrics", to={"accuracy": 1.0}), "not what its signature covers"),
        (set_in("evaluations", 0, "origin", "signature", to="ed25519:" + "0" * 128), "not signed by the key"),
        (lambda entries: entries["versions"].append(entries["versions"][0]), "in it twice"),
        (lambda entries: entries["versions"].append(entries["versions"][0] | {"ref": "base@2"}), "in it twice"),
    ],
)
def test_entries_of_another_shape_are_told(
    here: Registry, members: Members, change: Callable[[Any], None], told: str
) -> None:
    refused(here, with_entries(members, change), told=told)


def test_an_entry_nested_without_end(here: Registry, members: Members) -> None:
    for deep in (b"[" * 100_000, b'{"$":' * 900 + b"1" + b"}" * 900, b"\xff", b"", b"7"):
        refused(here, zipped([("bundle.json", deep), *members[1:]]))


def test_who_registered_it_is_text(here: Registry, members: Members, folder: Path) -> None:
    for key, value in (
        ("actor", 7),
        ("at", None),
        ("key", ["ed25519:" + "0" * 64]),
        ("changes", "x"),
        ("changes", [1]),
    ):

        def change(entries: Any, key: str = key, value: object = value) -> None:
            origin = entries["versions"][0]["origin"]
            payload = exact.dumps(exact.loads(origin["payload"].encode()) | {key: value})
            signature = Keyring(folder / "stranger").sign(signed_bytes(payload))
            origin |= {"payload": payload.decode(), "signature": signature}

        refused(here, with_entries(members, change), told="the origin of 'base'")


@pytest.mark.parametrize("pair", [("Tumour", "tumour"), ("ﬁle", "file"), ("STRASSE", "straße")])
def test_look_alikes_of_one_export_are_refused(registry: Registry, tmp_path: Path, pair: tuple[str, str]) -> None:
    """Two registries may each have one; nothing has both."""
    sources = [nbregistry.open(tmp_path / f"source{number}") for number in range(2)]
    exports = []
    for source, name, path in zip(sources, pair, (tmp_path / "0.zip", tmp_path / "1.zip"), strict=True):
        source.register(name, {"w": np.arange(len(exports) + 2)})
        source.export(f"{name}@1", path)
        with zipfile.ZipFile(path) as archive:
            exports.append([(info.filename, archive.read(info)) for info in archive.infolist()])
    entries = exact.loads(exports[0][0][1])
    more = exact.loads(exports[1][0][1])
    entries["versions"] += more["versions"]
    entries["shared"] |= more["shared"]
    both = dict([*exports[0], *exports[1], ("bundle.json", exact.dumps(entries))])
    (tmp_path / "both.zip").write_bytes(zipped(list(both.items())))
    with pytest.raises(Conflict, match="is in the same export"):
        registry.import_(tmp_path / "both.zip")
    assert not registry.path.exists()
    registry.import_(tmp_path / "0.zip")
    before = sorted(registry.path.rglob("*"))
    with pytest.raises(Conflict, match="which exists here"):
        registry.import_(tmp_path / "1.zip")
    assert sorted(registry.path.rglob("*")) == before
