"""Export and import: all or nothing, twice is once, and nobody's model becomes one's own."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.catalog import exact
from nbregistry.errors import Corrupt, NotFound, Refused, RegistryError, Untrusted
from nbregistry.operations.bundle import BundleReader
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


@pytest.fixture
def bundle(registry: Registry, tmp_path: Path) -> Path:
    registry.register("base", {"w": np.arange(5.0)})
    registry.register("tumour", pipeline(), on=(X_test, y_test), tags={"team": "onco"}, alias="champion")
    registry.register("tumour", forest(), on=(X_test, y_test), parents="tumour@1", depends_on="base@1")
    path = tmp_path / "tumour.zip"
    assert registry.export("tumour@2", path).refs == ("base@1", "tumour@1", "tumour@2")
    return path


def test_a_version_arrives_with_its_ancestry(bundle: Path, registry: Registry, tmp_path: Path) -> None:
    other = nbregistry.open(tmp_path / "other")
    other.register("tumour", {"w": np.zeros(2)})
    assert other.import_(bundle).refs == ("base@1", "tumour@2", "tumour@3")
    arrived, sent = other.get("tumour@3"), registry.get("tumour@2")
    assert arrived.parents == ("tumour@2",)
    assert arrived.depends_on == ("base@1",)
    assert (arrived.digest, arrived.metrics, arrived.created_at, arrived.signed_by) == (
        sent.digest, sent.metrics, sent.created_at, sent.signed_by,
    )  # fmt: skip
    assert arrived.environment == sent.environment
    np.testing.assert_array_equal(other.load("tumour@3").predict(X_test), forest().predict(X_test))
    assert len(other.compare("tumour@2", "tumour@3").rows) > 0  # evaluations came along
    assert other.verify().ok


def test_twice_is_once(bundle: Path, tmp_path: Path) -> None:
    other = nbregistry.open(tmp_path / "other")
    first = other.import_(bundle)
    assert first.already == ()
    again = other.import_(bundle)
    assert again.refs == again.already == first.refs
    assert (again.files, again.bytes) == (0, 0)
    assert repr(again).startswith("Already here: base@1, tumour@1, tumour@2")
    assert len(other.versions()) == 3
    assert len(other.log()) == 1


def test_coming_home_changes_nothing(bundle: Path, registry: Registry) -> None:
    before = len(registry.log())
    arrived = registry.import_(bundle)
    assert arrived.refs == arrived.already == ("base@1", "tumour@1", "tumour@2")
    assert len(registry.log()) == before


def test_only_what_is_new_comes(bundle: Path, registry: Registry, tmp_path: Path) -> None:
    other = nbregistry.open(tmp_path / "other")
    other.import_(bundle)
    registry.register("tumour", {"w": np.ones(9)}, parents="tumour@2")
    registry.export("tumour@3", tmp_path / "more.zip")
    arrived = other.import_(tmp_path / "more.zip")
    assert arrived.refs == ("base@1", "tumour@1", "tumour@2", "tumour@3")
    assert arrived.already == arrived.refs[:3]
    assert other.log()[-1].detail["versions"] == ["tumour@3"]
    assert repr(arrived).startswith("Imported tumour@3")


def test_a_version_is_told_by_what_was_signed(bundle: Path, tmp_path: Path) -> None:
    """What the file says of the registry it came from, and how it spells a signature, is signed by nobody."""
    other = nbregistry.open(tmp_path / "other")
    other.import_(bundle)
    with zipfile.ZipFile(bundle) as archive:
        entries = exact.loads(archive.read("bundle.json"))
    for version in entries["versions"]:
        scheme, _, digits = version["origin"]["signature"].partition(":")
        version["origin"] |= {"registry": "another", "signature": f"{scheme}:{digits.upper()}"}
    again = other.import_(rewritten(bundle, tmp_path, "bundle.json", exact.dumps(entries)))
    assert again.already == again.refs
    assert len(other.versions()) == 3


def test_another_version_of_the_same_bytes_is_another(registry: Registry, tmp_path: Path) -> None:
    """Two copies of a registry went their own ways: their next versions share number, bytes and key."""
    registry.register("m", {"w": np.zeros(2)})
    shutil.copytree(registry.path, tmp_path / "copy")
    registry.register("m", {"w": np.ones(2)}, metrics={"auc": 0.5})
    copy = nbregistry.open(tmp_path / "copy")
    copy.register("m", {"w": np.ones(2)}, metrics={"auc": 0.9})
    copy.export("m@2", tmp_path / "m.zip")
    arrived = registry.import_(tmp_path / "m.zip")
    assert (arrived.refs, arrived.already) == (("m@3",), ())
    assert [version.metrics.get("auc") for version in registry.versions("m")] == [None, 0.5, 0.9]


def test_damage_here_is_mended_by_importing_again(bundle: Path, tmp_path: Path) -> None:
    other = nbregistry.open(tmp_path / "other")
    other.import_(bundle)
    for path in (tmp_path / "other" / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert not other.verify().ok
    assert other.import_(bundle).files > 0
    assert other.verify().ok


def test_whoever_imports_the_same_meanwhile_is_no_conflict(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = nbregistry.open(tmp_path / "other")
    store = BundleReader.store

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(BundleReader, "store", store)
        nbregistry.open(tmp_path / "other").import_(bundle)
        return store(*arguments)

    monkeypatch.setattr(BundleReader, "store", slow)
    arrived = other.import_(bundle)
    assert arrived.refs == arrived.already
    assert len(other.log()) == 1


def test_a_strangers_model_stays_a_strangers(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "somebody else"))
    other = nbregistry.open(tmp_path / "other")
    moved = other.import_(bundle)
    assert moved.strangers == moved.refs != ()
    version = other.get("tumour@2")
    assert not version.trusted
    with pytest.raises(Untrusted, match="do not trust"):
        other.load("tumour@2")
    assert other.load("base@1")["w"].tolist() == [0, 1, 2, 3, 4]  # this format cannot execute code
    assert other.load("tumour@2", trust=version.signed_by).predict(X_test).shape == (171,)
    other.trust(version.signed_by, "Ada")
    assert other.load("tumour@2").predict(X_test).shape == (171,)
    assert other.import_(bundle).strangers == ()


def test_importing_does_not_make_the_importer_vouch(
    bundle: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The importer's own, signed import commit is no proof that the importer made the model."""
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "somebody else"))
    victim = nbregistry.open(tmp_path / "victim")
    victim.import_(bundle)
    envelope = victim._workspace.catalog.log.read(1)
    assert envelope is not None
    with zipfile.ZipFile(bundle) as archive:
        entries = exact.loads(archive.read("bundle.json"))
    for version in entries["versions"]:
        version["origin"] |= {"payload": envelope.payload.decode(), "signature": envelope.signature, "registry": "x"}
    forged = rewritten(bundle, tmp_path, "bundle.json", exact.dumps(entries))
    with pytest.raises(Corrupt, match="not what its signature covers"):
        victim.import_(forged)


def test_a_bundle_that_would_contradict_the_registry_is_not_written(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        entries = exact.loads(archive.read("bundle.json"))
    entries["evaluations"][0]["record"]["n"] = "many"
    other = nbregistry.open(tmp_path / "other")
    with pytest.raises(RegistryError):
        other.import_(rewritten(bundle, tmp_path, "bundle.json", exact.dumps(entries)))
    assert len(nbregistry.open(tmp_path / "other").versions()) == 0


def test_exporting_on_keeps_the_origin(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "somebody else"))
    second = nbregistry.open(tmp_path / "second")
    second.import_(bundle)
    second.export("tumour@2", tmp_path / "again.zip")
    third = nbregistry.open(tmp_path / "third")
    third.import_(tmp_path / "again.zip")
    assert third.get("tumour@2").signed_by == second.get("tumour@2").signed_by != third.log()[0].key
    assert third.import_(bundle).files == 0  # the same versions, whichever way they came


def test_two_exports_are_equal(bundle: Path, registry: Registry, tmp_path: Path) -> None:
    registry.export("tumour@2", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    with pytest.raises(Refused, match="exists"):
        registry.export("tumour@2", bundle)


def rewritten(bundle: Path, tmp_path: Path, member: str, data: bytes | None) -> Path:
    """Give a copy of a bundle with one member replaced, or left out."""
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(forged, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename != member:
                target.writestr(info, content)
            elif data is not None:
                target.writestr(info, data)
    return forged


def test_every_damaged_member_is_found_and_nothing_arrives(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        members = archive.namelist()
    for member in members:
        for data in (None, b"", b"other bytes"):
            other = nbregistry.open(tmp_path / "other")
            with pytest.raises(RegistryError):
                other.import_(rewritten(bundle, tmp_path, member, data))
            assert len(other.versions()) == 0


@pytest.mark.parametrize("field", ["digest", "name", "flavor", "format", "metrics", "datasets", "executes_code"])
def test_a_record_that_its_signature_does_not_cover_is_refused(bundle: Path, tmp_path: Path, field: str) -> None:
    with zipfile.ZipFile(bundle) as archive:
        entries = exact.loads(archive.read("bundle.json"))
    entries["versions"][-1]["record"][field] = {"a": 1} if field == "metrics" else "something else"
    with pytest.raises(Corrupt):
        nbregistry.open(tmp_path / "other").import_(rewritten(bundle, tmp_path, "bundle.json", exact.dumps(entries)))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_export_is_told(registry: Registry, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Corrupt, match="not a whole export"):
        registry.import_(tmp_path / "file")
    with pytest.raises(NotFound, match="no file"):
        registry.import_(tmp_path / "nothing")
