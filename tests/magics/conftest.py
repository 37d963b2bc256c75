"""A notebook's shell in this process, and a registry that only notes how it was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import nbregistry
from nbregistry import magics
from nbregistry.errors import NotFound
from nbregistry.model import Dataset, Evaluation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.model import RegisteredModel


class Call(NamedTuple):
    """One call of a method."""

    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Recorder:
    """Answers every verb with the call itself."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url
        self.calls: list[Call] = []

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)

        def record(*args: Any, **kwargs: Any) -> Call:
            self.calls.append(Call(method, args, kwargs))
            return self.calls[-1]

        return record


class Names(Recorder):
    """A recorder that also knows two models, as completion asks for them."""

    def model_names(self) -> list[str]:
        return ["churn", "churn model", "tumour"]

    def alias_names(self, name: str) -> list[str]:
        return {"churn": ["challenger", "champion"], "tumour": ["live"]}.get(name, [])

    def latest(self, name: str) -> int:
        return {"churn": 10_000, "tumour": 3, "churn model": 1}.get(name, 0)

    def metric_names(self, name: str | None = None) -> list[str]:
        return [] if name not in {None, "churn", "tumour"} else ["accuracy", "log loss", "roc_auc"]

    def evaluations(self, ref: str) -> list[Evaluation]:
        if not ref.startswith("churn@"):
            raise NotFound(f"there is no {ref!r}")
        data = Dataset("evaluation", "X_test, y_test", "numpy", 10, 2, "sha256:0f")
        rows = {"target": [], "X.region": []}
        names = ("holdout", "two words", "spring-2026")
        return [Evaluation(ref, name, "", {}, 10, data, "binary", rows=rows) for name in names]

    def models(self, where: str | None = None) -> list[RegisteredModel]:
        return []


@pytest.fixture
def bare(tmp_path, in_folder) -> Iterator[InteractiveShell]:
    """A shell in an empty folder, without our magics."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))
    yield shell
    magics.unload(shell)


@pytest.fixture
def shell(bare) -> InteractiveShell:
    """The same with the magics loaded."""
    magics.load(bare)
    return bare


@pytest.fixture
def recorder(monkeypatch) -> Recorder:
    """The registry that the shell opens."""
    recorder = Recorder()
    monkeypatch.setattr(nbregistry, "open", lambda url=None: setattr(recorder, "url", url) or recorder)
    return recorder


@pytest.fixture
def names(monkeypatch) -> Names:
    """The registry that completion asks."""
    names = Names()
    monkeypatch.setattr(nbregistry, "open", lambda url=None: names)
    return names
