"""Promise 17: what a stranger signed and crafted is refused by type and by name, before anything of it runs."""

from __future__ import annotations

import io
import json
import pickle
import sys
import types
import zipfile
from importlib.metadata import EntryPoint, EntryPoints
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import nbregistry
from nbregistry import flavors
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import put_evaluation, put_version
from nbregistry.display import to_text
from nbregistry.errors import Corrupt, NotFound, RegistryError, Untrusted
from nbregistry.flavors import formats_known, runs_no_code
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nbregistry.registry import Registry

X, Y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
RAN: list[str] = []
EVERY_FORMAT = [(flavor, form) for flavor, forms in formats_known().items() for form in forms]
WITHOUT_CODE = [pair for pair in EVERY_FORMAT if runs_no_code(*pair)]
WITH_CODE = [pair for pair in EVERY_FORMAT if not runs_no_code(*pair)]


def run(*what: str) -> None:
    RAN.append(" ".join(what) or "it ran")


class Bomb:
    """Leaves a trace in whatever unpickles it."""

    def __reduce__(self) -> Any:
        return run, ()


@pytest.fixture(autouse=True)
def nothing_runs() -> Iterator[None]:
    RAN.clear()
    yield
    assert RAN == []


BOMB = pickle.dumps(Bomb())


def bomb_in_npy() -> bytes:
    content = io.BytesIO()
    np.save(content, np.array([Bomb()], object), allow_pickle=True)
    return content.getvalue()


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return content.getvalue()


NPY_BOMB = bomb_in_npy()
# Under every name that a loader of ours, or a careless one, would look for.
PLACES = (
    "model.pkl", "model", "model.joblib", "arrays.json", "arrays/0.npy", "files.json", "files/model.pkl",
    "skops/schema.json", "skops/0.npy", "model.skops", "model.ubj", "model.json", "model.txt", "tensors.json",
    "storages/0000", "buffers/0000",
)  # fmt: skip
PICKLES = dict.fromkeys(PLACES, BOMB)


@pytest.fixture
def eve(root: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Somebody with a key of their own, on the folder that ``registry`` reads."""
    registry.register("mine", LogisticRegression().fit(X, Y), on=(X, Y))
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        return nbregistry.open(root)


def planted(
    eve: Registry,
    files: Mapping[str, bytes],
    flavor: str,
    form: str,
    *,
    header: dict[str, Any] | None = None,
    **record: Any,
) -> str:
    """Sign a version of these files with the stranger's key; give its reference."""
    workspace = eve._workspace
    pack = PackWriter(workspace.store)
    for path, content in files.items():
        pack.add(path, content)
    packed = pack.finish({"flavor": flavor, "format": form} if header is None else header)
    version = eve.latest("gift") + 1
    known: dict[str, Any] = {
        "name": "gift", "version": version, "flavor": flavor, "format": form, "digest": packed.digest,
        "size": packed.size, "executes_code": False, "algorithm": "Gift", "params": {}, "metrics": {}, "tags": {},
        "datasets": [], "parents": [], "depends_on": [], "status": "active", "approval": "Approved",
    }  # fmt: skip
    workspace.commit("register", lambda _: Plan(f"gift@{version}", [put_version(known | record)], {}), packed.digests)
    return f"gift@{version}"


def test_the_bomb_works(eve: Registry, registry: Registry) -> None:
    ref = planted(eve, {"model.pkl": BOMB}, "python", "pickle5")
    assert registry.load(ref, trust=True) is None
    assert RAN == ["it ran"]
    RAN.clear()


@pytest.mark.parametrize(
    ("flavor", "form", "file", "parser"),
    [
        ("xgboost", "ubj", "model.ubj", "xgboost.Booster.load_model"),
        ("lightgbm", "text", "model.txt", "lightgbm.Booster.__init__"),
    ],
)
def test_a_parser_that_trusts_what_it_reads_never_sees_what_a_stranger_made(
    eve: Registry, registry: Registry, monkeypatch: pytest.MonkeyPatch, flavor: str, form: str, file: str, parser: str
) -> None:
    about = {"class": "Booster", "state": {"dict": []}, "fitted": True, "booster": {"dict": []}}
    ref = planted(eve, {"model.json": json.dumps(about).encode(), file: b"{" + bytes(200)}, flavor, form)
    seen: list[object] = []
    monkeypatch.setattr(parser, lambda *_, **given: seen.append(given))
    with pytest.raises(Corrupt, match="cannot read"):
        registry.load(ref)
    assert seen == []
    registry.load(ref, trust=True)
    assert len(seen) == 1


@pytest.mark.parametrize(("flavor", "form"), WITH_CODE)
def test_a_format_that_runs_code_is_refused_by_name(eve: Registry, registry: Registry, flavor: str, form: str) -> None:
    ref = planted(eve, PICKLES, flavor, form)
    key = registry.get(ref).signed_by
    for trust in (None, [], (), "", registry._workspace.keyring.key, fingerprint("ed25519:" + "ab" * 32), form, flavor):
        with pytest.raises(Untrusted) as caught:
            registry.load(ref, trust=trust)
        assert ref in caught.value.message
        assert fingerprint(key) in caught.value.message
        assert form in caught.value.message
        assert f"\n    or: %registry trust {key} for good" in str(caught.value)


@pytest.mark.parametrize(("flavor", "form"), WITHOUT_CODE)
def test_a_format_of_data_holds_no_pickle(eve: Registry, registry: Registry, flavor: str, form: str) -> None:
    if flavor == "pytorch":
        pytest.importorskip("torch", reason="there is no torch; pip install torch")
    ref = planted(eve, PICKLES, flavor, form)
    with pytest.raises(RegistryError):
        registry.load(ref)
    ref = planted(eve, dict.fromkeys(PLACES, NPY_BOMB), flavor, form)
    with pytest.raises(RegistryError):
        registry.load(ref)


def test_files_are_given_and_not_read(eve: Registry, registry: Registry) -> None:
    about = json.dumps({"name": "model.pkl", "folders": []}).encode()
    ref = planted(eve, {"files.json": about, "files/model.pkl": BOMB}, "files", "files")
    assert registry.load(ref).read_bytes() == BOMB


def test_only_the_recorded_format_is_looked_for(eve: Registry, registry: Registry) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.arange(3.0), version=(2, 0))
    files = PICKLES | {"arrays.json": b"null", "arrays/0.npy": content.getvalue()}
    assert registry.load(planted(eve, files, "numpy", "npy")).tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("kind", ["npy", "npz", "structured"])
def test_objects_in_arrays_are_no_data(eve: Registry, registry: Registry, kind: str) -> None:
    inside = np.array([Bomb()], object)
    if kind == "structured":
        inside = np.array([(1, Bomb())], [("a", int), ("b", object)])
    content = io.BytesIO()
    if kind == "npz":
        np.savez(content, data=inside, format=b"csr", shape=(1, 1), indices=[0], indptr=[0, 1])
    else:
        np.lib.format.write_array(content, inside, version=(2, 0))
    data = content.getvalue()
    state = {"class": "XGBClassifier", "state": {"dict": [["classes", {"array": 0}]]}}
    array = {"__loader__": "NdArrayNode", "__module__": "numpy", "__class__": "ndarray", "type": "numpy"}
    sparse = {"__loader__": "SparseMatrixNode", "__module__": "scipy.sparse._matrix", "__class__": "spmatrix"}
    schema = (sparse | {"type": "scipy"} if kind == "npz" else array) | {"file": "0.npy", "protocol": 2}
    crafted = [
        ({"arrays.json": b"null", "arrays/0.npy": data}, "numpy", "npy"),
        ({"model.json": json.dumps(state).encode(), "arrays/0.npy": data}, "xgboost", "ubj"),
        ({"model.json": json.dumps(state | {"class": "LGBMModel"}).encode(), "arrays/0.npy": data}, "lightgbm", "text"),
        ({"skops/schema.json": json.dumps(schema).encode(), "skops/0.npy": data}, "sklearn", "skops"),
    ]
    for files, flavor, form in crafted:
        with pytest.raises(RegistryError):
            registry.load(planted(eve, files, flavor, form))


@pytest.mark.parametrize("record", [("numpy", "npy"), ("sklearn", "skops"), ("files", "files")])
def test_an_artifact_of_another_kind_than_its_record_is_refused(
    eve: Registry, registry: Registry, record: tuple[str, str]
) -> None:
    headers = [{"flavor": "python", "format": "pickle5"}, {"flavor": record[0], "format": "pickle5"}, {}, {"x": []}]
    for header in headers:
        with pytest.raises(Corrupt, match="not of the kind that its record names"):
            registry.load(planted(eve, PICKLES, *record, header=header))
    other = {"flavor": record[0], "format": record[1]}
    with pytest.raises(Untrusted):
        registry.load(planted(eve, PICKLES, "python", "pickle5", header=other))


def test_what_a_record_says_of_its_own_harmlessness_is_not_believed(eve: Registry, registry: Registry) -> None:
    ref = planted(eve, {"model.pkl": BOMB}, "python", "pickle5", executes_code=False)
    version = registry.get(ref)
    assert version.executes_code
    assert [found.executes_code for found in registry.versions("gift")] == [True]
    assert "loading it could run the signer's code" in " ".join(to_text(version).split())
    with pytest.raises(Untrusted):
        registry.load(ref)


@pytest.mark.parametrize("size", [0, 10, 2**62])
def test_an_artifact_of_another_size_than_was_shown_is_refused(eve: Registry, registry: Registry, size: int) -> None:
    ref = planted(eve, {"arrays.json": b"null", "arrays/0.npy": bytes(1000)}, "numpy", "npy", size=size)
    with pytest.raises(Corrupt, match="not of the size that its record names"):
        registry.load(ref)


def test_the_command_that_is_offered_names_the_version_as_a_line_has_it(eve: Registry, registry: Registry) -> None:
    eve.register("my model", LogisticRegression().fit(X, Y))
    with pytest.raises(Untrusted) as caught:
        registry.load("my model@1")
    assert '%nbr inspect "my model@1"' in caught.value.hint
    assert f'%nbr load "my model@1" --trust {fingerprint(eve._workspace.keyring.key)} for once' in str(caught.value)


FORMATS = ["", "NPY", "npy ", "npy\0", "../npy", "/npy", "pickle5", "npy/../pickle5", "ｎｐｙ", "npy\n", "allow_pickle"]


@pytest.mark.parametrize("form", FORMATS, ids=ascii)
def test_a_format_is_known_by_its_exact_name(eve: Registry, registry: Registry, form: str) -> None:
    for flavor in ("numpy", "files", "sklearn", "xgboost", "lightgbm", "pytorch"):
        with pytest.raises(RegistryError) as caught:
            registry.load(planted(eve, PICKLES, flavor, form))
        assert "\0" not in str(caught.value)


NAMES = [
    "", "os", "evil_module", "evil_module:run", "../evil_module", "nbregistry.flavors", "console_scripts", "pip",
    "NUMPY", "numpy ", "numpy\0", "sklearn\n", "__init__", "pickling", "broken\x1b[31m",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_flavor_is_known_by_its_exact_name(
    eve: Registry, registry: Registry, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evil_module.py").write_text("def run(*_):\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for form in ("npy", "pickle5"):
        ref = planted(eve, PICKLES, name, form)
        with pytest.raises(NotFound, match="there is no flavor") as caught:
            registry.load(ref)
        assert "\x1b" not in str(caught.value)
        assert not registry.inspect(ref).loads
        assert registry.get(ref).executes_code
    assert "evil_module" not in sys.modules


class Brought:
    """A flavor that a package brought, on purpose, with a format that runs code."""

    name = "brought"
    formats: ClassVar = {"script": True, "odd": 0, "none": None}

    def load(self, *_: Any) -> None:
        run("a flavor loads")


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = types.ModuleType("brought")
    module.Brought = Brought  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "brought", module)
    found = [EntryPoint(name, "brought:Brought", flavors.GROUP) for name in ("brought", "numpy", "sklearn")]
    monkeypatch.setattr(flavors, "_entry_points", lambda: EntryPoints(found))
    flavors._loaded.cache_clear()
    yield
    flavors._loaded.cache_clear()


@pytest.mark.usefixtures("brought")
def test_a_flavor_that_a_package_brought_runs_no_strangers_code(eve: Registry, registry: Registry) -> None:
    for form in ("script", "odd", "none", "unknown"):
        with pytest.raises(Untrusted):
            registry.load(planted(eve, PICKLES, "brought", form))
    assert type(flavors.by_name("numpy")) is not Brought
    assert type(flavors.by_name("sklearn")) is not Brought


def schema_of(loader: str, module: str, name: str, **more: Any) -> dict[str, bytes]:
    node = {"__loader__": loader, "__module__": module, "__class__": name, "__id__": 1, "protocol": 2}
    return {"skops/schema.json": json.dumps(node | more).encode()}


CALL = {
    "__loader__": "TupleNode", "__module__": "builtins", "__class__": "tuple", "__id__": 2,
    "content": [{"__loader__": "JsonNode", "__module__": "builtins", "__class__": "str", "content": '"x"'}] * 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "type_name"),
    [
        (schema_of("ConstructorFromReduceNode", "os", "putenv", content=CALL), "os.putenv"),
        (schema_of("FunctionNode", "os", "system"), "os.system"),
        (schema_of("TypeNode", "posix", "system"), "posix.system"),
        (schema_of("OperatorFuncNode", "operator", "methodcaller", attrs=CALL), "operator.methodcaller"),
        (schema_of("ObjectNode", "subprocess", "Popen"), "subprocess.Popen"),
        (schema_of("ObjectNode", "a\x1b[31m", "b; rm -rf ~"), "a\\x1b[31m.b; rm -rf ~"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_schema_of_skops_is_refused_by_the_names_in_it(
    eve: Registry, registry: Registry, files: dict[str, bytes], type_name: str
) -> None:
    ref = planted(eve, files, "sklearn", "skops")
    with pytest.raises(Untrusted) as caught:
        registry.load(ref)
    assert type_name in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert not [way for way in (caught.value.hint, *caught.value.otherwise) if "rm -rf" in way]
    assert not registry.inspect(ref).loads
    checks = {check.name: check for check in registry.promote(ref, "candidate").checks}
    assert checks["loads"].outcome == "warned"


def test_an_archive_inside_is_only_a_file(eve: Registry, registry: Registry) -> None:
    evil = zipped(schema_json=schema_of("FunctionNode", "os", "system")["skops/schema.json"])
    for files in (
        {"skops/schema.json": evil},
        {"model.skops": evil},
        {"skops/model.skops": evil, "skops/schema.json": b"{}"},
        {"skops/schema.json": b"[" * 100_000},
        {"skops/schema.json": b'{"protocol": 99}'},
        {},
    ):
        with pytest.raises(Corrupt):
            registry.load(planted(eve, files, "sklearn", "skops"))


def test_rows_of_an_evaluation_are_arrays_or_nothing(eve: Registry, registry: Registry) -> None:
    workspace = eve._workspace
    (ours,) = workspace.view().evaluations_of("mine", 1)
    for files in (PICKLES, {"arrays.json": b'["target"]', "arrays/0.npy": NPY_BOMB}):
        pack = PackWriter(workspace.store)
        for path, content in files.items():
            pack.add(path, content)
        packed = pack.finish({"flavor": "python", "format": "pickle5"})
        forged = {key: value for key, value in ours.items() if key not in ("at", "signed_by", "seq", "origin")}
        change = put_evaluation(forged | {"digest": packed.digest})
        workspace.commit("evaluate", lambda _, change=change: Plan("mine@1", [change], {}), packed.digests)
    theirs = [found for found in registry.get("mine@1").evaluations if not found.trusted]
    assert len(theirs) == 2
    for evaluation in theirs:
        with pytest.raises(Corrupt):
            evaluation.to_frame()


def test_nothing_that_asks_a_model_loads_a_strangers(eve: Registry, registry: Registry) -> None:
    ref = planted(eve, {"model.pkl": BOMB}, "sklearn", "pickle5")
    with pytest.raises(Untrusted):
        registry.evaluate(ref, X, Y)
    with pytest.raises(Untrusted):
        registry.compare("mine@1", ref, on=(X, Y))
    checks = {check.name: check.outcome for check in registry.promote(ref).checks}
    assert {name: outcome for name, outcome in checks.items() if outcome != "passed"} == {
        "signature": "warned",
        "environment": "skipped",
        "loads": "warned",
        "predictions": "skipped",
    }
    assert registry.inspect(ref).imports
