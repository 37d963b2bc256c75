"""skops: strangers load what is harmless and are refused the rest by name; equal models are equal bytes."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

import nbregistry
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt, Refused, Untrusted
from nbregistry.flavors import by_name, choose, skops
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()
TREE = "sklearn.tree._tree.Tree"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


@pytest.fixture
def stranger(root: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A reader who does not know the key of this test's user, on the same folder."""
    registry.register("plain", pipeline(), format="skops")
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        return nbregistry.open(root)


def saved(model: Any, store: LocalStore) -> PackReader:
    pack = PackWriter(store)
    assert choose(model, "skops").save(model, pack, "skops") == "skops"
    return PackReader(store, pack.finish({}).digest)


def text_pipeline() -> Any:
    return make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good day", "bad day", "good"], [1, 0, 1])


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (pipeline(), X_test),
        (text_pipeline(), ["good day"]),
        (
            ColumnTransformer([("n", StandardScaler(), [0]), ("t", OneHotEncoder(), [1])]).fit([[1, "a"], [2, "b"]]),
            [[1, "b"]],
        ),
    ],
    ids=["pipeline", "text", "columns"],
)
def test_what_skops_knows_comes_back(store: LocalStore, model: Any, rows: Any) -> None:
    pack = saved(model, store)
    assert skops.doubtful_types(pack) == ()
    again = by_name("sklearn").load(pack, "skops")
    for method in ("predict", "transform", "predict_proba"):
        if hasattr(model, method):
            expected, found = getattr(model, method)(rows), getattr(again, method)(rows)
            np.testing.assert_array_equal(*[getattr(v, "toarray", lambda v=v: v)() for v in (expected, found)])


def test_types_that_are_vouched_for_are_built_too(store: LocalStore) -> None:
    model = KNeighborsClassifier().fit(csr_matrix(np.eye(9)), np.arange(9))
    pack = saved(model, store)
    assert skops.doubtful_types(pack) == ("scipy.sparse._csr.csr_matrix",)
    with pytest.raises(Refused, match="csr_matrix"):
        by_name("sklearn").load(pack, "skops")
    again = skops.load(pack, ["scipy.sparse._csr.csr_matrix"])
    np.testing.assert_array_equal(again.predict(np.eye(9)), model.predict(np.eye(9)))


def test_equal_models_are_equal_bytes(store: LocalStore) -> None:
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_test, y_test)
    twin = clone(model).fit(X_test, y_test)
    assert [bytes(saved(model, store).read(path)) for path in saved(model, store).paths] == [
        bytes(saved(twin, store).read(path)) for path in saved(twin, store).paths
    ]


def test_the_files_in_a_zip_are_a_skops_file(store: LocalStore) -> None:
    import skops.io

    pack = saved(pipeline(), store)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for path in pack.paths:
            target.writestr(path.removeprefix("skops/"), bytes(pack.read(path)))
    assert np.array_equal(skops.io.loads(archive.getvalue()).predict(X_test), pipeline().predict(X_test))


def test_a_stranger_loads_what_skops_knows(stranger: Registry) -> None:
    assert stranger.get("plain@1").format == "skops"
    assert stranger.get("plain@1").executes_code is False
    np.testing.assert_array_equal(stranger.load("plain@1").predict(X_test), pipeline().predict(X_test))


def test_a_stranger_is_refused_trees_by_name_until_they_are_trusted(registry: Registry, stranger: Registry) -> None:
    version = registry.register("forest", forest(), format="skops")
    assert version.registration is not None
    assert f"must trust these types to load it: {TREE}" in version.registration.warnings[0]
    np.testing.assert_array_equal(registry.load("forest@1").predict(X_test), forest().predict(X_test))
    with pytest.raises(Untrusted) as caught:
        stranger.load("forest@1")
    assert TREE in caught.value.message
    told = str(caught.value).split("\n")
    assert told[1].startswith("  next: %nbr inspect forest@1 ")
    assert f"    or: %registry trust {version.signed_by} for good" in told
    assert f"    or: %nbr load forest@1 --trust {TREE} if you know these types" in told
    with pytest.raises(Untrusted, match=TREE):
        stranger.load("forest@1", trust="sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor")
    for trust in (TREE, [TREE], True, version.signed_by):
        np.testing.assert_array_equal(stranger.load("forest@1", trust=trust).predict(X_test), forest().predict(X_test))


def test_a_promotion_of_what_is_refused_says_so(registry: Registry, stranger: Registry) -> None:
    registry.register("forest", forest(), format="skops")
    loads = {check.name: check for check in stranger.promote("forest@1").checks}["loads"]
    assert loads.outcome == "warned"
    assert TREE in loads.detail


def test_a_format_that_the_flavor_does_not_write_is_refused_before_any_work(registry: Registry, root: Path) -> None:
    for model, wrong, nearest in ((pipeline(), "skop", "skops"), ({"w": np.ones(1)}, "npz", "npy"), ([1], "skops", "")):
        with pytest.raises(Refused, match=f"does not write the format '{wrong}'") as caught:
            registry.register("m", model, format=wrong)
        assert caught.value.nearest == ((nearest,) if nearest else ())
        assert "its formats: " in caught.value.hint
    with pytest.raises(Refused, match="format takes text"):
        registry.register("m", pipeline(), format=5)  # type: ignore[arg-type]
    assert not root.exists()


def test_without_skops_it_is_told_how_to_install_it(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.register("m", pipeline(), format="skops")
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(Refused, match="needs skops") as caught:
        registry.register("m", pipeline(), format="skops")
    assert caught.value.hint == '%pip install "nbregistry[skops]"'
    with pytest.raises(Refused, match="needs the module 'skops'"):
        registry.load("m@1")


def test_what_skops_cannot_take_apart_is_refused(registry: Registry) -> None:
    with pytest.raises(Refused, match="skops cannot store this model"):
        registry.register("m", FunctionTransformer(kw_args={"rows": (n for n in range(3))}), format="skops")


SPY = "open({!r}, 'w').close()"


@pytest.fixture
def evil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that leaves a trace when it is imported or called; gives where."""
    trace = tmp_path / "trace"
    (tmp_path / "evil_module.py").write_text(f"def run(*_):\n    {SPY.format(str(trace))}\n\n\nrun()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return trace


def node(loader: str, module: str, name: str, **more: Any) -> dict[str, Any]:
    return {"__loader__": loader, "__module__": module, "__class__": name, "__id__": id(loader), **more}


def json_node(value: Any) -> dict[str, Any]:
    return node("JsonNode", "builtins", "str", content=json.dumps(value), is_json=True)


def tuple_node(*items: Any) -> dict[str, Any]:
    return node("TupleNode", "builtins", "tuple", content=list(items))


HOSTILE = {
    "function": node("FunctionNode", "evil_module", "run"),
    "old function": node("FunctionNode", "x", "y", content={"module_path": "evil_module", "function": "run"}),
    "type": node("TypeNode", "evil_module", "run"),
    "constructor": node("ConstructorFromReduceNode", "evil_module", "run", content=tuple_node(json_node("x"))),
    "object": node("ObjectNode", "evil_module", "run", content=json_node({})),
    "system": node("ConstructorFromReduceNode", "os", "system", content=tuple_node(json_node("touch {trace}"))),
    "list": node("ListNode", "evil_module", "run", content=[]),
    "dict": node(
        "DictNode", "evil_module", "run", content={}, key_types=node("ListNode", "builtins", "list", content=[])
    ),
    "array": node("NdArrayNode", "evil_module", "run", type="json", content=[], shape=tuple_node()),
    "method": node(
        "MethodNode", "evil_module", "run", content={"func": "run", "obj": node("ObjectNode", "evil_module", "run")}
    ),
    "loss": node("LossNode", "evil_module", "run", __reduce__={"args": tuple_node()}, content=tuple_node()),
    "partial": node(
        "PartialNode",
        "functools",
        "partial",
        content={
            "func": node("FunctionNode", "evil_module", "run"),
            "args": tuple_node(),
            "kwds": json_node({}),
            "namespace": json_node(None),
        },
    ),
}


@pytest.mark.parametrize("protocol", [0, 1, 2])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_schema_that_names_code_is_refused_and_runs_nothing(
    store: LocalStore, evil: Path, name: str, protocol: int
) -> None:
    schema = json.dumps(HOSTILE[name] | {"protocol": protocol, "_skops_version": "0.16"})
    pack = PackWriter(store)
    pack.add("skops/schema.json", schema.replace("{trace}", str(evil)).encode())
    reader = PackReader(store, pack.finish({}).digest)
    with suppress(Corrupt):  # what an older protocol writes otherwise
        assert skops.doubtful_types(reader)
    with pytest.raises(Refused, match="skops cannot build"):
        by_name("sklearn").load(reader, "skops")
    assert not evil.exists()
    assert "evil_module" not in sys.modules
