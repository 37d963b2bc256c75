"""Which expression of the notebook is the model."""

from __future__ import annotations

import pytest

from nbregistry.provenance.cells.target import target_of


class Model:
    pass


MODEL, OTHER = Model(), Model()
SPACE = {
    "clf": MODEL,
    "other": OTHER,
    "models": {"a": OTHER, "b": MODEL},
    "fitted": [MODEL, OTHER],
    "_": MODEL,
    "In": ["clf"],
    "Out": {3: MODEL},
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("registry.register('churn', clf)", "clf"),
        ("registry.register('churn', model=models['b'], on=(X, y))", "models['b']"),
        ("nbregistry.open().register('churn', fitted[0]).ref", "fitted[0]"),
        ("register('churn', clf)", "clf"),
        ("registry.register('old', other)\nregistry.register('churn', clf)", "clf"),
        ("registry.register('churn', make())", "clf"),
        ("%time x = 1\nkeep(clf)", "clf"),
        ("for name, m in models.items():\n    registry.register(name, m)", "clf"),
    ],
)
def test_the_argument_is_the_model_else_a_variable(source, text):
    assert target_of(MODEL, source, SPACE) == text


def test_a_place_in_a_container_where_no_variable_holds_it():
    assert target_of(MODEL, "", {"models": {"a": OTHER, "b": MODEL}}) == "models['b']"
    assert target_of(MODEL, "", {"fitted": (OTHER, MODEL)}) == "fitted[1]"


def test_nothing_where_nothing_holds_it():
    assert target_of(MODEL, "registry.register('churn', make())", {"make": Model}) == ""
    assert target_of(MODEL, "", {"_": MODEL, "Out": {1: MODEL}, "In": [MODEL]}) == ""


def test_no_call_is_made_to_find_it():
    def explode():
        raise AssertionError("called")

    assert target_of(MODEL, "registry.register('churn', explode())", {"explode": explode, "clf": MODEL}) == "clf"


def test_a_property_that_fails_is_no_answer():
    class Holder:
        @property
        def model(self):
            raise RuntimeError("not now")

    assert target_of(MODEL, "registry.register('churn', holder.model)", {"holder": Holder(), "clf": MODEL}) == "clf"
