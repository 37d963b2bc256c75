"""XGBoost and LightGBM come back as they were, from formats that run no code; what has no such form says so."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt, Refused
from nbregistry.flavors import by_name, choose
from tests.flavors.test_sklearn import run

if TYPE_CHECKING:
    from pathlib import Path

random = np.random.default_rng(0)
FRAME = pd.DataFrame(random.random((200, 4)), columns=list("abcd"))
FRAME["city"] = pd.Categorical(np.where(FRAME.b > 0.5, "Paris", "Rome"))
X = FRAME[list("abcd")]
BINARY = (X.a > 0.5).astype(int)
THREE = (X.a * 3).astype(int)
WORDS = np.where(BINARY, "yes", "no")
GROUPS = [50] * 4
RESULTS = ("predict", "predict_proba")


def squared(y: Any, predicted: Any) -> tuple[Any, Any]:
    return predicted - y, np.ones_like(predicted)


def xgb(kind: str, **params: Any) -> Any:
    return getattr(xgboost, kind)(n_estimators=5, max_depth=3, n_jobs=1, **params)


def lgb(kind: str, **params: Any) -> Any:
    return getattr(lightgbm, kind)(n_estimators=5, n_jobs=1, verbose=-1, **params)


def models() -> dict[str, tuple[Any, Any]]:
    """Give fitted models, each with rows to ask it about."""
    quiet = {"verbose": False}
    watched = {"eval_set": [(X, BINARY)]}
    stop = lightgbm.early_stopping(2, verbose=False)
    dart = {"booster": "dart", "rate_drop": 0.5}
    native = xgboost.DMatrix(X, BINARY)
    cat = {"enable_categorical": True}
    weights = {"class_weight": {"yes": 2.0, "no": 1.0}}
    params = {"objective": "binary", "verbose": -1, "num_threads": 1}
    return {
        "xgboost classifier": (xgb("XGBClassifier", early_stopping_rounds=2).fit(X, BINARY, **watched, **quiet), X),
        "xgboost of three classes": (xgb("XGBClassifier", missing=-1.0).fit(X, THREE), X),
        "xgboost categories": (xgb("XGBClassifier", **cat).fit(FRAME, BINARY), FRAME),
        "xgboost regressor": (xgb("XGBRegressor", **dart).fit(X, X.b), X),
        "xgboost linear": (xgboost.XGBRegressor(booster="gblinear", n_jobs=1).fit(X, X.b), X),
        "xgboost forest": (xgb("XGBRFRegressor").fit(X, X.b), X),
        "xgboost forest of classes": (xgb("XGBRFClassifier").fit(X.to_numpy(), BINARY), X.to_numpy()),
        "xgboost ranker": (xgb("XGBRanker").fit(X, BINARY, group=GROUPS), X),
        "xgboost unfitted": (xgb("XGBClassifier", monotone_constraints={"a": 1}), None),
        "xgboost booster": (xgboost.train({"objective": "binary:logistic"}, native, 5), xgboost.DMatrix(X)),
        "lightgbm classifier": (lgb("LGBMClassifier").fit(X, WORDS), X),
        "lightgbm stopped": (
            lgb("LGBMClassifier").fit(X, BINARY, callbacks=[stop], eval_X=X[::2], eval_y=BINARY[::2]),
            X,
        ),
        "lightgbm of three classes": (lgb("LGBMClassifier", random_state=np.int64(3)).fit(X, THREE), X),
        "lightgbm weights": (lgb("LGBMClassifier", **weights).fit(X, WORDS), X),
        "lightgbm categories": (lgb("LGBMClassifier").fit(FRAME, BINARY), FRAME),
        "lightgbm regressor": (lgb("LGBMRegressor", boosting_type="dart").fit(X, X.b), X),
        "lightgbm ranker": (lgb("LGBMRanker").fit(X, BINARY, group=GROUPS), X),
        "lightgbm unfitted": (lgb("LGBMRegressor"), None),
        "lightgbm booster": (lightgbm.train(params, lightgbm.Dataset(X, BINARY), 5), X),
    }


MODELS = models()


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def saved(model: Any, store: LocalStore, form: str | None = None) -> tuple[str, str, str]:
    flavor = choose(model, form)
    pack = PackWriter(store)
    form = flavor.save(model, pack, form)
    return flavor.name, pack.finish({}).digest, form


def loaded(name: str, digest: str, form: str, store: LocalStore) -> Any:
    return by_name(name).load(PackReader(store, digest), form)


def asked(model: Any, rows: Any) -> dict[str, Any]:
    return {name: getattr(model, name)(rows) for name in RESULTS if rows is not None and hasattr(model, name)}


def plain(value: Any) -> Any:
    """Give what can be compared: arrays as lists, objects as their attributes."""
    if isinstance(value, np.ndarray):
        return [str(value.dtype), value.tolist()]
    return vars(value) if type(value).__name__ == "LabelEncoder" else value


@pytest.mark.parametrize("name", MODELS)
def test_it_comes_back_from_plain_data(store: LocalStore, name: str) -> None:
    model, rows = MODELS[name]
    flavor, digest, form = saved(model, store)
    assert flavor == name.partition(" ")[0]
    assert by_name(flavor).formats[form] is False
    again = loaded(flavor, digest, form, store)
    assert type(again) is type(model)
    for method, expected in asked(model, rows).items():
        np.testing.assert_array_equal(asked(again, rows)[method], expected)
    if not name.endswith("booster"):
        kept = {key: plain(value) for key, value in vars(model).items() if key != "_Booster"}
        np.testing.assert_equal({k: plain(v) for k, v in vars(again).items() if k != "_Booster"}, kept)
    for learned in ("classes_", "feature_names_in_", "best_iteration", "best_score_", "feature_names"):
        np.testing.assert_equal(getattr(again, learned, None), getattr(model, learned, None))


COMPARE = """
import pickle
from pathlib import Path
import numpy as np
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.flavors import by_name
import xgboost
store = LocalStore(Path(sys.argv[1]), read_only=True)
for name, flavor, digest, form, rows, expected in pickle.loads(Path(sys.argv[2]).read_bytes()):
    model = by_name(flavor).load(PackReader(store, digest), form)
    for method, value in expected.items():
        asked = xgboost.DMatrix(rows) if name == "xgboost booster" else rows
        assert np.array_equal(getattr(model, method)(asked), value), (name, method)
print("done")
"""


def test_all_predict_the_same_in_a_new_process(store: LocalStore, tmp_path: Path) -> None:
    expected = []
    for name, (model, rows) in MODELS.items():
        told = X if name == "xgboost booster" else rows
        expected.append((name, *saved(model, store), told, asked(model, rows)))
    (tmp_path / "expected").write_bytes(pickle.dumps(expected))
    assert run(COMPARE, str(tmp_path), str(tmp_path / "expected")) == "done\n"


@pytest.mark.parametrize("name", MODELS)
def test_saving_twice_gives_the_same_bytes(store: LocalStore, name: str) -> None:
    model, _ = MODELS[name]
    first = saved(model, store)
    assert saved(loaded(*first, store), store) == first


@pytest.mark.parametrize(
    "model",
    [
        xgb("XGBRegressor", objective=squared).fit(X, X.b),
        xgb("XGBRegressor", callbacks=[xgboost.callback.EarlyStopping(rounds=2)]),
        lgb("LGBMRegressor", objective=squared).fit(X, X.b),
        lgb("LGBMRegressor", random_state=np.random.RandomState(0)).fit(X, X.b),
    ],
    ids=["xgboost objective", "xgboost callback", "lightgbm objective", "lightgbm random state"],
)
def test_what_is_no_plain_data_is_pickled_and_says_so(store: LocalStore, model: Any) -> None:
    flavor, digest, form = saved(model, store)
    assert form == "pickle5"
    assert by_name(flavor).formats[form] is True
    again = loaded(flavor, digest, form, store)
    assert type(again) is type(model)
    own = next(iter(by_name(flavor).formats))
    with pytest.raises(Refused, match=f"the format '{own}' cannot hold this model: a "):
        saved(model, store, own)


def test_pickle_can_be_asked_for(store: LocalStore) -> None:
    for name in ("xgboost classifier", "lightgbm classifier"):
        model, rows = MODELS[name]
        flavor, digest, form = saved(model, store, "pickle5")
        assert form == "pickle5"
        np.testing.assert_array_equal(loaded(flavor, digest, form, store).predict(rows), model.predict(rows))


def test_a_class_of_ones_own_and_a_pipeline_stay_with_scikit_learn() -> None:
    mine = type("Mine", (xgboost.XGBClassifier,), {"__module__": "mine"})()
    assert choose(mine).name == "sklearn"
    assert choose(make_pipeline(StandardScaler(), lgb("LGBMRegressor"))).name == "sklearn"


def test_training_goes_on_from_what_was_loaded(store: LocalStore) -> None:
    for name in ("xgboost regressor", "lightgbm regressor"):
        model, _ = MODELS[name]
        again = loaded(*saved(model, store), store)
        given = {"xgb_model": again.get_booster()} if name.startswith("xgb") else {"init_model": again.booster_}
        again.fit(X, X.b, **given)
        trees = again.get_booster().num_boosted_rounds() if name.startswith("xgb") else again.booster_.num_trees()
        assert trees == 10


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_old_trees_keep_their_bytes_when_training_goes_on(store: LocalStore, kind: str) -> None:
    member = {"xgboost": "model.ubj", "lightgbm": "model.txt"}[kind]
    made = xgb if kind == "xgboost" else lgb
    given = "xgb_model" if kind == "xgboost" else "init_model"
    first = made({"xgboost": "XGBRegressor", "lightgbm": "LGBMRegressor"}[kind]).fit(X, X.b)
    more = made({"xgboost": "XGBRegressor", "lightgbm": "LGBMRegressor"}[kind]).fit(X, X.b, **{given: first})
    before, after = (bytes(PackReader(store, saved(m, store)[1]).read(member)) for m in (first, more))
    size = 64
    pieces = [before[at : at + size] for at in range(0, len(before) - size, size)]
    assert sum(piece in after for piece in pieces) > 0.8 * len(pieces)


def test_anyone_can_read_the_files(store: LocalStore, tmp_path: Path) -> None:
    for name in ("xgboost classifier", "lightgbm classifier"):
        _, digest, _ = saved(MODELS[name][0], store)
        PackReader(store, digest).copy_to(tmp_path / name)
    booster = xgboost.Booster(model_file=tmp_path / "xgboost classifier" / "model.ubj")
    assert booster.num_boosted_rounds() == 5
    assert lightgbm.Booster(model_file=tmp_path / "lightgbm classifier" / "model.txt").num_trees() == 5


def forged(store: LocalStore, about: object, **files: bytes) -> PackReader:
    pack = PackWriter(store)
    pack.add("model.json", json.dumps(about).encode() if not isinstance(about, bytes) else about)
    for name, content in files.items():
        pack.add(name.replace("_", "."), content)
    return PackReader(store, pack.finish({}).digest)


EMPTY = {"dict": []}


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"[" * 100_000,
        [],
        {},
        {"class": "XGBClassifier", "state": None},
        {"class": "XGBClassifier", "state": {"dict": [[1, 2]]}},
        {"class": "XGBClassifier", "state": {"dict": [["a", {"os.system": "true"}]]}},
        {"class": "XGBClassifier", "state": {"dict": [["a", {"scalar": ["O", "x"]}]]}},
        {"class": "XGBClassifier", "state": {"dict": [["a", {"array": "../key"}]]}},
        {"class": "XGBClassifier", "state": {"dict": [["a", {"array": 7}]]}},
        {"class": "XGBClassifier", "state": {"dict": [["a", [1]]]}},
        {"class": "Booster", "state": EMPTY},
        {"class": "core.os.system", "state": EMPTY},
        {"class": "DMatrix", "state": EMPTY},
        {"class": ["XGBClassifier"], "state": EMPTY},
        {"class": "XGBClassifier", "state": EMPTY, "fitted": True},
        {"class": "LGBMClassifier", "state": EMPTY, "fitted": True, "booster": EMPTY},
    ],
    ids=lambda about: ascii(about)[:60],
)
@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_a_description_that_no_release_wrote_is_corrupt(store: LocalStore, name: str, about: object) -> None:
    flavor = by_name(name)
    with pytest.raises(Corrupt):
        flavor.load(forged(store, about), next(iter(flavor.formats)))


@pytest.mark.parametrize(("name", "kind"), [("xgboost", "XGBRegressor"), ("lightgbm", "LGBMRegressor")])
def test_a_parameter_that_is_newer_than_the_file_has_its_default(store: LocalStore, name: str, kind: str) -> None:
    flavor = by_name(name)
    about = {"class": kind, "state": {"dict": [["n_estimators", 7]]}, "fitted": False, "booster": EMPTY}
    model = flavor.load(forged(store, about), next(iter(flavor.formats)))
    new = getattr(xgboost if name == "xgboost" else lightgbm, kind)(n_estimators=7)
    np.testing.assert_equal(model.get_params(), new.get_params())


def test_a_file_that_is_no_model_is_corrupt(store: LocalStore) -> None:
    about = {"class": "Booster", "state": EMPTY, "fitted": True, "booster": EMPTY}
    for content in (b"", b"no model", b"\x80\x05cos\nsystem\n.", b"\xff" * 100):
        with pytest.raises(Corrupt, match="XGBoost cannot read"):
            by_name("xgboost").check(forged(store, about, model_ubj=content), "ubj")
        with pytest.raises(Corrupt, match="LightGBM cannot read"):
            by_name("lightgbm").check(forged(store, about, model_txt=content), "text")


FUZZ = """
import random
import numpy as np
import lightgbm
import xgboost
from nbregistry.flavors.lightgbm_text import check_text
from nbregistry.flavors.ubjson import check_model

X = np.random.default_rng(0).random((60, 4))
y = (X[:, 0] > 0.5).astype(int)

def ask_xgboost(content):
    check_model(content)
    booster = xgboost.Booster({"nthread": 1})
    booster.load_model(content)
    booster.inplace_predict(X)
    booster.predict(xgboost.DMatrix(X))

def ask_lightgbm(content):
    check_text(content.decode())
    lightgbm.Booster(model_str=content.decode()).predict(X, num_threads=1)

chance = random.Random(1)
passed = 0
if sys.argv[1] == "xgboost":
    ask, values = ask_xgboost, [0, 1, 2, 255, 127]
    model = xgboost.XGBClassifier(n_estimators=4, max_depth=3, n_jobs=1).fit(X, y)
    right = bytes(model.get_booster().save_raw("ubj"))
else:
    ask, values = ask_lightgbm, list(b"0123456789- .=")
    model = lightgbm.LGBMClassifier(n_estimators=4, min_child_samples=2, n_jobs=1, verbose=-1).fit(X, y)
    right = model.booster_.model_to_string().encode()
for _ in range(int(sys.argv[2])):
    content = bytearray(right)
    for _ in range(chance.choice([1, 1, 2, 4])):
        content[chance.randrange(len(content))] = chance.choice(values)
    try:
        ask(content)
    except (xgboost.core.XGBoostError, lightgbm.basic.LightGBMError, ValueError):
        continue
    passed += 1
print("done", passed > 0)
"""


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_no_change_of_a_file_ends_the_process(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert run(FUZZ, kind, "1500").splitlines()[-1] == "done True"


def test_an_estimator_of_xgboost_keeps_to_its_number_of_threads(store: LocalStore) -> None:
    booster = loaded(*saved(MODELS["xgboost regressor"][0], store), store).get_booster()
    assert json.loads(booster.save_config())["learner"]["generic_param"]["nthread"] == "1"


def test_what_cannot_be_checked_is_pickled_and_says_so(store: LocalStore) -> None:
    model = lgb("LGBMRegressor", linear_tree=True).fit(X, X.b)
    assert saved(model, store)[2] == "pickle5"
    vectors = xgb("XGBRegressor", multi_strategy="multi_output_tree", tree_method="hist").fit(X, X[["a", "b"]])
    flavor, digest, form = saved(vectors, store)
    assert form == "pickle5"
    np.testing.assert_array_equal(loaded(flavor, digest, form, store).predict(X), vectors.predict(X))
