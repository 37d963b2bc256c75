"""What came to the training data and what went, as a comparison tells it."""

import numpy as np

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.model import Column, Dataset, ModelVersion


def trained(number, *columns, rows=10, fingerprint=None, any_order="", **extra):
    found = fingerprint or f"sha256:{number}"
    data = Dataset("train", "X, y", "pandas", rows, len(columns), found, columns, any_order=any_order)
    return ModelVersion("m", number, datasets=(data,), **extra)


def difference(heading, name, versions, **known):
    comparison = compare_versions(versions, [None] * len(versions), baseline="m@1", **known)
    found = {one.name: one.values for one in comparison.differences.get(heading, ())}
    return found.get(name), comparison.equal[heading]


def test_rows_are_counted_against_the_baseline():
    rows = {"m@1": np.arange(100), "m@2": np.arange(20, 130), "m@3": np.arange(100)}
    versions = [trained(number, Column("age", "int64")) for number in (1, 2, 3)]
    values, _ = difference("data", "train rows", versions, training=rows)
    assert values == {
        "m@1": "100 different rows",
        "m@2": "110 different rows: 30 added, 20 removed",
        "m@3": "100 different rows",
    }


def test_rows_of_other_columns_are_not_held_against_each_other():
    rows = {"m@1": np.arange(100), "m@2": np.arange(200, 300)}
    versions = [trained(1, Column("age", "int64")), trained(2, Column("age", "int64"), Column("city", "str"))]
    values, _ = difference("data", "train rows", versions, training=rows)
    assert values == {"m@1": "100 different rows", "m@2": "100 rows of other columns"}


def test_the_same_rows_are_counted_as_equal():
    rows = {"m@1": np.arange(9), "m@2": np.arange(9)}
    versions = [trained(number, Column("age", "int64")) for number in (1, 2)]
    assert difference("data", "train rows", versions, training=rows) == (None, 2)  # and the columns


def test_a_target_that_alone_is_another_is_told_from_rows_in_another_order():
    """All of these have other fingerprints, which is all that a reader saw."""
    age = Column("age", "int64")
    rows = {f"m@{number}": np.arange(9) for number in (1, 2, 3, 4, 5)}
    versions = [
        trained(1, age, rows=9, any_order="one"),
        trained(2, age, rows=9, any_order="two"),
        trained(3, age, rows=9, any_order="one"),
        trained(4, age, rows=12, any_order="four"),
        trained(5, age, rows=9),  # of a release that did not keep it
    ]
    values, _ = difference("data", "train rows", versions, training=rows)
    assert values == {
        "m@1": "9 different rows",
        "m@2": "9 different rows, with another target",
        "m@3": "9 different rows, in another order or table",
        "m@4": "9 different rows, 12 with those that repeat others",
        "m@5": "9 different rows",
    }
    repeating = [trained(number, age, rows=11, any_order=str(number)) for number in (1, 2)]
    values, _ = difference("data", "train rows", repeating, training=rows)
    assert values["m@2"] == "9 different rows, with another target, or others of them repeated"


def test_of_rows_that_are_not_known_nothing_is_said():
    versions = [trained(number, Column("age", "int64")) for number in (1, 2)]
    assert difference("data", "train rows", versions, training={"m@1": np.arange(9)})[0] is None
    assert difference("data", "train rows", versions)[0] is None


def test_columns_that_came_went_or_changed_their_type():
    one = trained(1, Column("age", "int64"), Column("income", "int64"), Column("city", "str"))
    two = trained(2, Column("age", "int64"), Column("income", "float64"), Column("region", "str"))
    three = trained(3, Column("income", "int64"), Column("age", "int64"), Column("city", "str"))
    values, _ = difference("data", "train columns", [one, two, three])
    assert values == {
        "m@1": "3",
        "m@2": "3, added: region; removed: city; other type: income (int64 → float64)",
        "m@3": "3, in another order",
    }
    wide = trained(4, *(Column(f"x{place}", "f8") for place in range(9)))
    assert "x0, x1, x2, x3, x4, x5 and 3 more" in difference("data", "train columns", [one, wide])[0]["m@4"]


def test_packages_whose_major_differs_come_first():
    packages = [
        {"aaa": "1.2.3", "bbb": "1.2.3", "scikit-learn": "1.9.1", "numpy": "1.26"},
        {"aaa": "1.2.4", "bbb": "1.3.0", "scikit-learn": "2.0.0", "numpy": "1.26"},
    ]
    versions = [trained(number, environment={"packages": packages[number - 1]}) for number in (1, 2)]
    comparison = compare_versions(versions, [None, None], baseline="m@1")
    assert [one.name for one in comparison.differences["environment"]] == ["scikit-learn", "bbb", "aaa"]
