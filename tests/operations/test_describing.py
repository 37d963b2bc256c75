"""What is kept of data sets: ranges, fingerprints in any order, further data, and no row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

from nbregistry.errors import InvalidName, Refused, WrongType

X = pd.DataFrame({"age": [31.25, 42.5, np.nan, 57.75], "city": ["ulm", "bonn", "ulm", "köln"]})
y = [0, 1, 0, 1]


@pytest.fixture
def clf():
    return DummyClassifier().fit(X, y)


def datasets(version):
    return {dataset.role: dataset for dataset in version.datasets}


def test_ranges_of_training_and_evaluation_data(registry, clf):
    found = datasets(registry.register("churn", clf, train=(X, y), on=(X[:2], y[:2])))
    assert [(r.name, r.lowest, r.highest, r.missing) for r in found["train"].ranges] == [
        ("age", 31.25, 57.75, 1),
        ("city", None, None, 0),
    ]
    assert found["evaluation"].ranges[0].highest == 42.5
    assert found["train"].profile


def test_the_same_rows_in_another_order_are_known(registry, clf):
    order = [2, 0, 3, 1]
    one = datasets(registry.register("churn", clf, train=(X, y), on=(X, y)))
    other = registry.register(
        "churn", clf, train=(X.iloc[order], np.take(y, order)), on=(X.iloc[order], np.take(y, order))
    )
    for role, dataset in datasets(other).items():
        assert dataset.any_order == one[role].any_order
        assert dataset.fingerprint != one[role].fingerprint
    swapped = datasets(registry.register("churn", clf, train=(X, y[::-1]), on=(X, y[::-1])))
    assert {dataset.any_order for dataset in swapped.values()}.isdisjoint(d.any_order for d in one.values())


def test_training_and_evaluation_on_the_same_rows_agree(registry, clf):
    found = datasets(registry.register("churn", clf, train=(X, y), on=(X, y)))
    assert found["train"].any_order == found["evaluation"].any_order


def test_further_data(registry, clf):
    prices = pd.DataFrame({"day": pd.to_datetime(["2026-01-01", "2026-01-02"]), "price": [1.5, 2.5]})
    version = registry.register("churn", clf, train=(X, y), data={"prices": prices, "codes": [[1], [2], [3]]})
    described = [(d.role, d.name, d.rows, d.columns) for d in registry.get("churn@1").datasets]
    assert described == [("train", "", 4, 2), ("data", "prices", 2, 2), ("data", "codes", 3, 1)]
    assert version.datasets[1].ranges[1].highest == 2.5
    assert version.datasets[1].any_order
    assert not version.datasets[1].profile


def test_an_evaluation_later(registry, clf):
    registry.register("churn", clf)
    found = registry.evaluate("churn@1", X, y).dataset
    assert found.ranges[0].missing == 1
    assert found.any_order == datasets(registry.register("churn", clf, on=(X, y)))["evaluation"].any_order


def test_no_value_of_a_row_is_kept_of_further_data(registry, clf):
    secret = pd.DataFrame({"who": ["Grace Hopper", "Ada Lovelace"], "born": [1906, 1815], "middle": [1, 2]})
    registry.register("churn", clf, data={"people": secret})
    everything = b"".join(path.read_bytes() for path in (registry.path / "log").iterdir())
    assert b"Grace" not in everything
    assert b"Ada" not in everything


@pytest.mark.parametrize(
    ("data", "error"),
    [({"prices": 3}, Refused), ({"": X}, InvalidName), ({3: X}, InvalidName), ([X], WrongType)],
)
def test_what_is_no_data_is_refused(registry, clf, data, error):
    with pytest.raises(error):
        registry.register("churn", clf, data=data)
    assert len(registry.models()) == 0


def test_the_record_shows_them(registry, clf):
    registry.register("churn", clf, train=(X, y), data={"prices": np.array([[0.125], [0.5]])})
    text = str(registry.get("churn@1"))
    assert "train: ranges of 2 columns, 1 column with missing values" in text
    assert "57.75" in text
    assert "prices" in text
    assert "0.1250" in text
