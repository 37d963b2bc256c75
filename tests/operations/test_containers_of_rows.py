"""Rows of any container give the same metrics, kept and compared, and are split by their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

if TYPE_CHECKING:
    from nbregistry.registry import Registry

RNG = np.random.default_rng(0)
VALUES = RNG.normal(size=(240, 3)).round(2)
LABELS = np.where(VALUES[:, 0] + RNG.normal(0, 0.4, 240) > 0, "ja", "nein")
TOWNS = np.array(["Ulm", "Bern", "Graz"])[RNG.integers(0, 3, 240)]
NAMES = ["age", "income", "visits"]
FRAME = pd.DataFrame(VALUES, columns=NAMES)


def polars_of(frame: pd.DataFrame) -> Any:
    return pytest.importorskip("polars").DataFrame({name: frame[name].to_numpy() for name in frame})


CONTAINERS = {
    "lists": lambda: (VALUES.tolist(), LABELS.tolist()),
    "numpy": lambda: (VALUES, LABELS),
    "objects": lambda: (VALUES.astype(object), LABELS.astype(object)),
    "sparse": lambda: (sparse.csr_array(VALUES), LABELS),
    "coordinates": lambda: (sparse.coo_array(VALUES), pd.Series(LABELS)),
    "pandas": lambda: (FRAME, pd.Series(LABELS)),
    "another index": lambda: (FRAME.set_index(np.arange(240)[::-1]), pd.Series(LABELS, index=np.arange(240)[::-1])),
    "nullable": lambda: (FRAME.convert_dtypes(), pd.Series(LABELS, dtype="string")),
    "categories": lambda: (FRAME, pd.Series(LABELS, dtype="category")),
    "one column": lambda: (FRAME, pd.DataFrame({"y": LABELS})),
    "polars": lambda: (polars_of(FRAME), polars_of(pd.DataFrame({"y": LABELS}))["y"]),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.filterwarnings("ignore:X has feature names")
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_registered_evaluated_and_compared_alike(registry: Registry, container: str) -> None:
    X, y = CONTAINERS[container]()
    models = [
        DecisionTreeClassifier(max_depth=depth, random_state=0).fit(VALUES[:120], LABELS[:120]) for depth in (1, 4)
    ]
    expected = [float((model.predict(VALUES) == LABELS).mean()) for model in models]
    for model in models:
        registry.register("m", model, on=(X, y))
    assert [registry.get(f"m@{number}").metrics["accuracy"] for number in (1, 2)] == expected
    assert registry.evaluate("m@1", X, y).metrics["accuracy"] == expected[0]
    given, stored = registry.compare("m@1", "m@2", on=(X, y)), registry.compare("m@1", "m@2")
    assert stored.to_frame().equals(given.to_frame())
    assert {row.verdict is not None for row in stored.rows if row.ref == "m@2"} == {True}
    assert stored.notes == given.notes


@pytest.mark.parametrize(
    ("column", "values", "groups"),
    [
        ("town", TOWNS, {"Bern", "Graz", "Ulm"}),
        ("town", pd.Categorical(TOWNS, categories=["Ulm", "Graz", "Bern", "Wien"]), {"Bern", "Graz", "Ulm"}),
        ("town", pd.array([None, *TOWNS[1:]], dtype="string"), {"Bern", "Graz", "Ulm", "(missing)"}),
        ("child", pd.array([None, *(TOWNS == "Ulm")[1:]], dtype="boolean"), {"True", "False", "(missing)"}),
        ("rooms", pd.array([None, *(np.arange(239) % 3)], dtype="Int64"), {"0", "1", "2", "(missing)"}),
    ],
)
def test_split_by_a_column_of_any_type(registry: Registry, column: str, values: Any, groups: set[str]) -> None:
    X = FRAME.assign(**{column: values})
    for depth in (1, 4):
        registry.register("m", DecisionTreeClassifier(max_depth=depth, random_state=0).fit(FRAME, LABELS))
    comparison = registry.compare("m@1", "m@2", on=(X, LABELS), by=column)
    assert {row.group for row in comparison.groups} == groups
    sizes = {row.group: row.n for row in comparison.groups}
    assert sum(sizes.values()) == 240


def test_text_columns_and_polars_are_split(registry: Registry) -> None:
    X = FRAME.assign(town=TOWNS)
    encode = make_column_transformer((OneHotEncoder(), ["town"]), remainder="passthrough")
    for depth in (1, 4):
        model = make_pipeline(encode, DecisionTreeClassifier(max_depth=depth, random_state=0)).fit(X, LABELS)
        registry.register("m", model, on=(X, LABELS))
    as_frame = registry.compare("m@1", "m@2", on=(X, LABELS), by="town")
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({name: X[name].to_list() for name in X})
    as_table = registry.compare("m@1", "m@2", on=(table, LABELS), by="town")
    assert as_table.groups == as_frame.groups
    assert {row.group for row in as_table.groups} == {"Bern", "Graz", "Ulm"}
