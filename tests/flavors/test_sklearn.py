"""Estimators come back as they were: all of scikit-learn's, in a process that has never seen them."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.utils.discovery import all_estimators

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Refused
from nbregistry.flavors import choose

random = np.random.default_rng(0)
X = random.random((60, 5)) + 0.1
Y = {
    "classes": (X[:, 0] > X[:, 1]).astype(int),
    "numbers": X @ [1.0, 2.0, 3.0, 0.5, 0.1],
    "two columns of classes": (X[:, :2] > 0.6).astype(int),
    "two columns of numbers": X[:, :2] * 2,
}
TEXTS = ["one flew over", "the cuckoo's nest", "over the hills", "and far away"] * 3
DATA: dict[str, tuple[Any, ...]] = {
    **{name: (X, y) for name, y in Y.items()},
    "nothing but X": (X,),
    "one column": (X[:, 0], Y["numbers"]),
    "positive integers": (random.integers(0, 3, (60, 5)), Y["classes"]),
    "few labels": (X, np.where(np.arange(60) % 3, Y["classes"], -1)),
    "labels": (Y["classes"],),
    "sets of labels": ([(1, 2), (3,), ()] * 4,),
    "texts": (TEXTS,),
    "dicts": ([{"a": 1.0, "b": "x"}, {"a": 2.0, "b": "y"}] * 3,),
    "images": (random.random((4, 20, 20)),),
    "kernel": (X @ X.T,),
}
ARGUMENTS: dict[str, Any] = {
    "estimator": LogisticRegression(),
    "base_estimator": LogisticRegression(),
    "estimators": [("a", LogisticRegression()), ("b", KNeighborsClassifier())],
    "transformers": [("scale", StandardScaler(), [0, 1])],
    "transformer_list": [("scale", StandardScaler())],
    "steps": [("scale", StandardScaler()), ("fit", LogisticRegression())],
    "param_grid": {"C": [0.1, 1.0]},
    "param_distributions": {"C": [0.1, 1.0]},
    "dictionary": X[:4] / np.linalg.norm(X[:4], axis=1, keepdims=True),
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "FrozenEstimator": {"estimator": LogisticRegression().fit(X, Y["classes"])},
    "GaussianRandomProjection": {"n_components": 2},
    "SparseRandomProjection": {"n_components": 2},
    "SelfTrainingClassifier": {"estimator": LogisticRegression()},
}
RESULTS = ("predict", "predict_proba", "decision_function", "transform", "score_samples", "kneighbors")


def made(kind: type) -> Any:
    """Make an estimator, with the arguments that it insists on."""
    from inspect import Parameter, signature

    parameters = signature(kind).parameters
    needed = [name for name, parameter in parameters.items() if parameter.default is Parameter.empty]
    given = {name: ARGUMENTS[name] for name in needed if name in ARGUMENTS}
    if given.get("estimator") is not None and "Regressor" in kind.__name__:
        given["estimator"] = Ridge()
    if "estimators" in given and "Regressor" in kind.__name__:
        given["estimators"] = [("a", Ridge()), ("b", Ridge(alpha=2.0))]
    if "random_state" in parameters:
        given["random_state"] = 0
    if "n_estimators" in parameters:
        given["n_estimators"] = 5
    return kind(**given | OTHERWISE.get(kind.__name__, {}))


def fitted(kind: type) -> tuple[Any, tuple[Any, ...]]:
    """Fit an estimator on the first toy data that it takes; raises what the first refusal said."""
    refusals = []
    for data in DATA.values():
        model = made(kind)
        try:
            model.fit(*data)
        except Exception as error:  # noqa: BLE001  estimators refuse data in many ways
            refusals.append(error)
        else:
            if results(model, data[0]):  # some fit anything, and only then refuse it
                return model, data
    raise refusals[0]


def results(model: Any, x: Any) -> dict[str, Any]:
    """Give all that a model says about data, and what it learned."""
    found = {}
    for name in RESULTS:
        try:
            found[name] = getattr(model, name)(x)
        except Exception:  # noqa: BLE001  many have the method only for some settings
            continue
    learned = {name: value for name, value in vars(model).items() if isinstance(value, np.ndarray)}
    return found | {name: value for name, value in learned.items() if value.dtype != object}


def saved(model: Any, store: LocalStore) -> tuple[str, str]:
    flavor = choose(model)
    assert flavor.name == "sklearn"
    pack = PackWriter(store)
    form = flavor.save(model, pack)
    return pack.finish({"format": form}).digest, form


def loaded(digest: str, form: str, store: LocalStore, model: Any = LogisticRegression()) -> Any:  # noqa: B008
    return choose(model).load(PackReader(store, digest), form)


def files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "blobs").rglob("*") if path.is_file())


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def run(code: str, *arguments: str) -> str:
    """Run code in a new process and give what it printed."""
    import nbregistry.errors

    root = str(Path(nbregistry.errors.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {root!r})\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


COMPARE = """
import json, pickle
from pathlib import Path
import numpy as np
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.flavors import by_name

def equal(one, other):
    if isinstance(one, (tuple, list)):
        return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))
    if hasattr(one, "toarray"):
        one, other = one.toarray(), other.toarray()
    if isinstance(one, np.ndarray):
        numbers = one.dtype.kind in "fc"
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=numbers)
    return type(one) is type(other) and one == other

store = LocalStore(Path(sys.argv[1]), read_only=True)
wrong = {}
for name, digest, form, x, expected in pickle.loads(Path(sys.argv[2]).read_bytes()):
    try:
        model = by_name("sklearn").load(PackReader(store, digest), form)
        for key, value in expected.items():
            now = getattr(model, key)
            if callable(now):
                now = now(x)
            if not equal(value, now):
                wrong[name] = key
    except Exception as error:  # noqa: BLE001
        wrong[name] = repr(error)
print(json.dumps(wrong))
"""


@pytest.mark.filterwarnings("ignore")
def test_every_estimator_predicts_the_same_in_a_new_process(store: LocalStore, tmp_path: Path) -> None:
    expected, unfitted = [], {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, kind in all_estimators():
            try:
                model, (x, *_) = fitted(kind)
            except Exception as error:  # noqa: BLE001 - whatever keeps it from being fitted is the finding
                unfitted[name] = str(error).partition("\n")[0]
                continue
            # A copy: some compute otherwise when asked about the very array they were fitted on.
            expected.append((name, *saved(model, store), x, results(model, copy.deepcopy(x))))
    told = tmp_path / "expected"
    told.write_bytes(pickle.dumps(expected))
    wrong = json.loads(run(COMPARE, str(tmp_path), str(told)))
    print(f"{len(expected)} estimators came back; not fitted on toy data: {unfitted}")  # noqa: T201
    assert wrong == {}
    assert [entry[0] for entry in expected if not entry[-1]] == []
    assert len(expected) >= 180, unfitted


def test_a_small_pipeline_is_one_file(store: LocalStore, tmp_path: Path) -> None:
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y["classes"])
    digest, form = saved(model, store)
    assert form == "pickle5"
    assert len(files(tmp_path)) == 1
    assert np.array_equal(loaded(digest, form, store).predict_proba(X), model.predict_proba(X))


def test_a_column_transformer_on_a_frame(store: LocalStore) -> None:
    frame = pd.DataFrame(
        {"age": [20.0, None, 40.0, 31.0], "city": ["Paris", "Rome", "Rome", None], "in": [True, False] * 2}
    )
    frame["plan"] = pd.Categorical(["a", "b", "a", "b"])
    parts = [("number", StandardScaler(), ["age"]), ("text", OneHotEncoder(handle_unknown="ignore"), ["city", "plan"])]
    model = ColumnTransformer(parts, remainder="passthrough").fit(frame)
    again = loaded(*saved(model, store), store)
    assert np.array_equal(again.transform(frame), model.transform(frame), equal_nan=True)
    assert list(again.get_feature_names_out()) == list(model.get_feature_names_out())


def test_a_grid_search(store: LocalStore) -> None:
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3).fit(X, Y["classes"])
    again = loaded(*saved(search, store), store)
    assert again.best_params_ == search.best_params_
    assert again.refit_time_ == search.refit_time_
    assert np.array_equal(again.predict(X), search.predict(X))


def test_a_lambda_inside_goes_by_value(store: LocalStore, tmp_path: Path) -> None:
    offset = 3.0
    model = make_pipeline(FunctionTransformer(lambda x: x + offset), LogisticRegression()).fit(X, Y["classes"])
    digest, form = saved(model, store)
    assert form == "cloudpickle"
    code = """
from pathlib import Path
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.flavors import by_name
model = by_name("sklearn").load(PackReader(LocalStore(Path(sys.argv[1])), sys.argv[2]), "cloudpickle")
print(model.steps[0][1].func(1.0))
"""
    assert run(code, str(tmp_path), digest) == "4.0\n"


def test_a_class_of_the_notebook_goes_by_value(tmp_path: Path) -> None:
    code = """
from pathlib import Path
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.flavors import choose

class Majority(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.most_ = np.bincount(y).argmax()
        return self

    def predict(self, X):
        return np.full(len(X), self.most_)

model = Majority().fit(None, [1, 2, 2])
flavor = choose(model)
pack = PackWriter(LocalStore(Path(sys.argv[1])))
form = flavor.save(model, pack)
print(flavor.name, form, pack.finish({}).digest)
"""
    name, form, digest = run(code, str(tmp_path)).split()
    assert (name, form) == ("sklearn", "cloudpickle")
    assert loaded(digest, form, LocalStore(tmp_path)).predict([0, 0]).tolist() == [2, 2]


def test_large_arrays_are_blobs_of_their_own_and_writable(store: LocalStore, tmp_path: Path) -> None:
    x = random.random((40_000, 5))
    model = KNeighborsClassifier(algorithm="brute").fit(x, (x[:, 0] > 0.5).astype(int))
    digest, form = saved(model, store)
    reader = PackReader(store, digest)
    assert [path for path in reader.paths if path.startswith("buffers/")] == ["buffers/0000", "buffers/0001"]
    assert {reader.size(path) for path in reader.paths[:-1]} == {x.nbytes, 40_000 * 8}
    again = loaded(digest, form, store)
    assert again._fit_X.flags.writeable
    assert again.classes_.flags.writeable
    again._fit_X[0, 0] = 7.0
    assert np.array_equal(loaded(digest, form, store)._fit_X, x)


def test_what_did_not_change_is_stored_once(store: LocalStore, tmp_path: Path) -> None:
    layers = [random.random((300, 300)) for _ in range(5)]

    def model() -> FunctionTransformer:
        return FunctionTransformer(kw_args={"layers": layers})

    saved(model(), store)
    before = files(tmp_path)
    layers[2] = layers[2] + 1.0
    pack = PackWriter(store)
    choose(model()).save(model(), pack)
    packed = pack.finish({})
    fresh = [path for path in files(tmp_path) if path not in before]
    assert len(fresh) == 2  # the changed layer and the root
    assert packed.stored_bytes == sum(path.stat().st_size for path in fresh) < 800_000
    saved(model(), store)
    assert len(files(tmp_path)) == len(before) + 3  # a root with another header


def test_a_forest_shares_its_trees(store: LocalStore, tmp_path: Path) -> None:
    x = random.random((12_000, 5))
    forest = RandomForestRegressor(20, warm_start=True, random_state=0).fit(x, x[:, 0])
    saved(forest, store)
    before = sum(path.stat().st_size for path in files(tmp_path))
    forest.set_params(n_estimators=21).fit(x, x[:, 0])
    again = loaded(*saved(forest, store), store)
    assert sum(path.stat().st_size for path in files(tmp_path)) < 1.2 * before
    assert np.array_equal(again.predict(x), forest.predict(x))


def test_what_cannot_be_pickled_is_named(store: LocalStore) -> None:
    import threading

    lock = threading.Lock()
    model = Pipeline([("scale", StandardScaler()), ("odd", FunctionTransformer(kw_args={"lock": lock}))])
    with pytest.raises(Refused) as caught:
        choose(model).save(model, PackWriter(store))
    assert "model.steps[1][1].kw_args['lock'] is a lock" in caught.value.message
    assert "set model.steps[1][1].kw_args['lock'] to None" in caught.value.hint


def test_a_format_of_a_later_release_is_refused(store: LocalStore) -> None:
    digest, _ = saved(LogisticRegression(), store)
    with pytest.raises(Refused, match="does not read the format 'pickle9'"):
        loaded(digest, "pickle9", store)


def test_code_that_changed_since_is_told(store: LocalStore) -> None:
    pack = PackWriter(store)
    pack.add("model.pkl", pickle.dumps(StandardScaler()).replace(b"StandardScaler", b"StandardSkaler"))
    with pytest.raises(Refused, match="StandardSkaler"):
        loaded(pack.finish({}).digest, "pickle5", store)
