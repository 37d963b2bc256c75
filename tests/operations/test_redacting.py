"""Secrets among what a caller states are not kept, and said to be so."""

from __future__ import annotations

import pytest
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier

from nbregistry.model import ReadFile
from nbregistry.operations.redacting import code_without_secrets
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.provenance.slicing.result import Part, Slice
from tests.provenance.redaction.secrets import FORMED

TOKEN = FORMED["github_token"]


class Remote(BaseEstimator):
    def __init__(self, api_key="", url=""):
        self.api_key = api_key
        self.url = url

    def fit(self, X, y=None):
        self.fitted_ = True
        return self


def everything(registry):
    return b"".join(path.read_bytes() for path in sorted((registry.path / "log").iterdir())).decode()


def test_a_parameter_that_is_a_secret(registry):
    version = registry.register("churn", {"w": 1}, params={"api_key": "q8f-1k2-77", "C": 0.5, "note": f"with {TOKEN}"})
    assert version.params == {
        "api_key": "[redacted: credential]",
        "C": 0.5,
        "note": "with [redacted: GitHub Token]",
    }
    assert version.registration.warnings[:2] == (
        "the parameter api_key looks like a secret: it is kept as [redacted: credential]",
        "the parameter note looks like a secret: it is kept as with [redacted: GitHub Token]",
    )
    assert "the parameter api_key looks like a secret" in str(version)
    assert "q8f-1k2-77" not in everything(registry)
    assert TOKEN not in everything(registry)


def test_a_secret_of_the_model_itself(registry):
    version = registry.register("churn", Remote("q8f-1k2-77", "https://me:hunter2@example.org").fit([[1]]))
    assert version.params["api_key"] == "[redacted: credential]"
    assert "hunter2" not in everything(registry)
    assert "q8f-1k2-77" not in everything(registry)


def test_tags_description_and_names_of_data(registry):
    version = registry.register(
        "churn",
        {"w": 1},
        tags={"token": TOKEN, "team": "crm"},
        description=f"asked with {TOKEN}",
        train=([[1.0], [2.0]], [0, 1]),
        train_name=f'load("{TOKEN}")',
    )
    assert version.tags == {"token": "[redacted: credential]", "team": "crm"}
    assert version.description == "asked with [redacted: GitHub Token]"
    assert "the description held a secret, which was not kept: GitHub Token" in version.registration.warnings
    assert TOKEN not in everything(registry)


def test_names_of_an_evaluation(registry):
    clf = DummyClassifier().fit([[1.0], [2.0]], [0, 1])
    X, y = [[1.0], [2.0]], [0, 1]
    registry.register("churn", clf, on=(X, y), on_name=f'load("{TOKEN}")')
    registry.evaluate("churn@1", X, y, name=f"with {TOKEN}", on_name=f'load("{TOKEN}")')
    assert TOKEN not in everything(registry)
    assert everything(registry).count("[redacted: GitHub Token]") >= 4


def test_words_that_come_later(registry):
    registry.register("churn", {"w": 1})
    assert registry.tag("churn@1", api_key="q8f-1k2-77").tags == {"api_key": "[redacted: credential]"}
    assert registry.describe("churn@1", f"asked with {TOKEN}").description == "asked with [redacted: GitHub Token]"
    assert TOKEN not in everything(registry)
    assert "q8f-1k2-77" not in everything(registry)


@pytest.mark.parametrize("value", ["", "lbfgs", "<b>", "a" * 500, "password", "«x»"])
def test_all_else_is_kept_exactly(registry, value):
    version = registry.register("churn", {"w": 1}, params={"solver": value}, tags={"t": value}, description=value)
    assert (version.params["solver"], version.tags["t"], version.description) == (value, value, value)
    assert not any("secret" in warning for warning in version.registration.warnings)


def test_every_text_of_a_slice_is_looked_through():
    code = RecordedCode(
        "",
        Slice(
            parts=(Part(1, f"x = '{TOKEN}'", (1,)),),
            targets=(f"load('{TOKEN}')",),
            doubts=(f"cell 1 runs {TOKEN}.py, whose text is not in the notebook: the line is kept",),
            reads=(("x", f"https://host/{TOKEN}.csv"),),
            training=(f"read('{TOKEN}')", "y"),
        ),
        (Cell(1, f"x = '{TOKEN}'", error=f"ValueError: {TOKEN}"),),
        files=(ReadFile(f"https://host/{TOKEN}.csv"),),
    )
    found = code_without_secrets(code)
    assert TOKEN in str(code.to_document())
    assert TOKEN not in str(found.to_document())
    assert found.slice.training[1] == "y"
