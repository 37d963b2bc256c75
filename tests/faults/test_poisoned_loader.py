"""Promise 16: whoever lists, shows, inspects, checks, cleans or carries models deserialises none of them.

Every loader is poisoned, and among the models is one that leaves a trace when it comes to life by a way that was
forgotten here. Then every verb is run that is not about having the model itself.
"""

from __future__ import annotations

import _pickle
import pickle
import shlex
import shutil
from typing import TYPE_CHECKING, Any

import cloudpickle
import joblib
import lightgbm
import numpy as np
import pytest
import skops.io
import xgboost
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from sklearn.preprocessing import FunctionTransformer
from traitlets.config import Config

import nbregistry
from nbregistry import flavors, magics
from nbregistry.browsing.sections import SECTIONS
from nbregistry.cli import COMMANDS, main
from nbregistry.display import to_html, to_text
from nbregistry.flavors import pickling
from nbregistry.magics.dispatch import ALL_VERBS
from nbregistry.operations.loading import Loader
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()
TRACE: list[str] = []


class Alive:
    """A model that tells when it comes to life."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __setstate__(self, state: Any) -> None:
        TRACE.append("a model came to life")
        vars(self).update(state)

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows))


# Verbs that are there to give the model or to ask it, or that check that it loads before they move an alias.
MAY_LOAD = {"load", "evaluate", "promote", "rollback", "reproduce"}
LINES = {
    "register": "fresh model --parents tumour@1 --metrics auc=0.5 --alias candidate",
    "versions": "tumour --where \"metrics.roc_auc > 0.1 AND flavor = 'sklearn'\" --sort -metrics.roc_auc",
    "compare": "tumour@1 tumour@2",
    "check": 'tumour@2 --require "roc_auc surely >= 0.1, f1 not worse than champion"',
    "policy": 'tumour@live "roc_auc >= 0.1" --reason "from now on"',
    "evaluations": "tumour@2",
    "lineage": "tumour@2",
    "show": "tumour@2",
    "inspect": "alive@1",
    "card": "tumour@2",
    "bom": "tumour@2",
    "log": "tumour",
    "models": "",
    "tag": "alive@1 team=onco",
    "describe": "alive@1 words",
    "approve": "alive@1 --reason reviewed",
    "archive": "alive@1",
    "restore": "alive@1",
    "verify": "",
    "gc": "--apply",
    "backup": "../backup",
    "export": "alive@1 ../alive.nbr",
    "import": "../guest.nbr",
    "registry": "",
    "panel": "tumour",
}
NAMES = ("tumour@1", "tumour@2", "alive@1", "scale@1", "arrays@1", "folder@1", "open@1", "trees@1", "leaves@1")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with a registry of a model of every kind, what carries one more, and the key that signed them."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home"))
        registry = nbregistry.open(folder / "work" / ".nbregistry")
        on = {"on": (X_test, y_test), "train": (X_train, y_train)}
        registry.register("tumour", pipeline(), alias="champion", **on)
        registry.register("tumour", forest(), parents="tumour@1", **on)
        registry.register("alive", Alive(1), on=(X_test, y_test), depends_on="tumour@1")
        registry.register("scale", FunctionTransformer(lambda rows: rows * 2))
        registry.register("arrays", {"w": np.ones(20_000)})
        (folder / "work" / "file.bin").write_bytes(pickle.dumps(Alive(2)))
        registry.register("folder", folder / "work" / "file.bin")
        registry.register("open", forest(), format="skops")
        registry.register("trees", xgboost.XGBClassifier(n_estimators=2).fit(X_train, y_train))
        registry.register("leaves", lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(X_train, y_train))
        other = nbregistry.open(folder / "other")
        other.register("guest", Alive(3), on=(X_test, y_test))
        other.export("guest@1", folder / "guest.nbr")
        yield folder


@pytest.fixture
def models(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Give a copy of it, in the current folder."""
    shutil.copytree(template, tmp_path / "copy")
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "copy" / "home"))
    monkeypatch.chdir(tmp_path / "copy" / "work")
    return nbregistry.open()


@pytest.fixture
def poison(models: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every way to deserialise a model fail the test; to read arrays of evaluations is none."""

    def poisoned(*_: Any, **__: Any) -> Any:
        TRACE.append("a loader was called")
        raise AssertionError("a loader was called")

    ways: list[tuple[Any, str]] = [
        *((module, name) for module in (pickle, _pickle) for name in ("load", "loads", "Unpickler")),
        (pickle, "_Unpickler"),
        *((cloudpickle, name) for name in ("load", "loads")),
        (joblib, "load"),
        *((skops.io, name) for name in ("load", "loads")),
        (np, "load"),
        (np.lib.format, "read_array"),
        (xgboost.Booster, "load_model"),
        (lightgbm.Booster, "__init__"),
        (pickling, "load"),
        (Loader, "load"),
        *((type(flavors.by_name(name)), "load") for name in flavors.formats_known() if name != "numpy"),
    ]
    for owner, name in ways:
        monkeypatch.setattr(owner, name, poisoned)
    TRACE.clear()


@pytest.fixture
def shell(poison: None, tmp_path: Path) -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))
    magics.load(shell)
    yield shell
    magics.unload(shell)


def test_every_verb_is_listed_here() -> None:
    assert set(LINES) | MAY_LOAD == set(ALL_VERBS)


def test_the_poison_works(models: Registry, poison: None) -> None:
    for ref in NAMES:
        with pytest.raises(AssertionError, match="a loader was called"):
            models.load(ref)
    for line in ("alive@1", "tumour@2"):
        checks = {check.name: check for check in models.rollback("tumour", to="tumour@2", dry_run=True).checks}
        assert checks["loads"].outcome == "failed", line
    assert TRACE


@pytest.mark.parametrize("verb", LINES)
def test_no_verb_deserialises(verb: str, shell: InteractiveShell) -> None:
    if verb == "bom":
        pytest.importorskip("cyclonedx")
    shell.user_ns["model"] = Alive(4)
    result = shell.run_line_magic("nbr", f"{verb} {LINES[verb]}")
    if verb == "panel":
        result.chosen = ["tumour@1", "tumour@2"]
        assert all(map(result.show, SECTIONS))
        assert result._repr_mimebundle_()["text/html"]
    else:
        assert to_text(result)
        assert to_html(result)
    if hasattr(result, "to_frame"):
        result.to_frame()
    assert TRACE == []


@pytest.mark.parametrize("verb", ["show", "inspect", "lineage", "log", "versions", "export"])
def test_no_kind_of_model_is_deserialised(verb: str, shell: InteractiveShell) -> None:
    for ref in NAMES:
        given = ref.partition("@")[0] if verb in ("log", "versions") else ref
        result = shell.run_line_magic("nbr", f"{verb} {given}{f' ../{ref}.nbr' if verb == 'export' else ''}")
        assert to_text(result) + to_html(result)
        assert TRACE == [], ref


@pytest.mark.parametrize("verb", [name for name in LINES if name in COMMANDS])
def test_the_command_line_deserialises_nothing(
    verb: str, models: Registry, poison: None, capsys: pytest.CaptureFixture[str]
) -> None:
    if verb == "bom":
        pytest.importorskip("cyclonedx")
    for options in ([], ["--json"]):
        tokens = shlex.split(LINES[verb].replace("alive.nbr", f"alive{len(options)}.nbr"))
        assert main([verb, *tokens, *options]) == 0, capsys.readouterr().err
        assert capsys.readouterr().out
    assert TRACE == []


LINES_TO_COMPLETE = (
    "%nbr ", "%versions ", "%compare tumour@", "%nbr load alive@", "%compare tumour@1 tumour@2 --metrics ",
    '%versions --where "metrics.', "%register fresh model --format ", "%register fresh model --", "%nbr inspect ",
)  # fmt: skip


def test_completion_deserialises_nothing(shell: InteractiveShell) -> None:
    shell.user_ns["model"] = Alive(5)
    for line in LINES_TO_COMPLETE:
        with provisionalcompleter():
            assert list(shell.Completer.completions(line, len(line))), line
        assert TRACE == [], line


def test_reading_by_methods_deserialises_nothing(models: Registry, poison: None) -> None:
    for version in models.versions():
        assert repr(version)
        for evaluation in version.evaluations:
            assert len(evaluation.to_frame()) == len(X_test)
        models.evaluations(version).to_frame()
    assert models.summary()
    assert models.model_names()
    assert models.metric_names()
    assert TRACE == []
