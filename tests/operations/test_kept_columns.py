"""Columns that an evaluation keeps: versions are compared by them when data and models are gone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nbregistry.errors import Refused
from tests.models import forest, pipeline, tumours


@pytest.fixture(scope="module")
def patients():
    """Give tumours, and what is known of the patients: in which clinic and when they were seen, and their age."""
    _, X, _, y = tumours()
    random = np.random.default_rng(0)
    clinic = pd.Series(random.choice(["north", "south"], len(X)), X.index)
    clinic.iloc[:40] = None
    seen = pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 9, len(X)), "D")
    age = pd.array(random.integers(20, 90, len(X)), "Int64")
    age[0] = pd.NA
    return X.assign(clinic=clinic, seen=seen, age=age, insured=random.random(len(X)) > 0.5), y


def with_only(patients, *columns):
    """Give the rows with some of what is known of the patients: a model refuses columns that nobody sets aside."""
    X, y = patients
    return X[[*tumours()[1].columns, *columns]], y


def told(comparison):
    return [(row.column, row.group, row.ref, row.metric, row.value, row.n) for row in comparison.groups]


def test_compare_by_them_without_the_data(registry, patients):
    registry.register("tumour", pipeline(0.01), on=patients, keep=["clinic", "age", "insured", "seen"])
    registry.register("tumour", forest())
    registry.evaluate("tumour@2", *patients, keep=["clinic", "age", "insured", "seen"])
    columns = ["clinic", "age", "insured", "seen"]
    stored = registry.compare("tumour@1", "tumour@2", by=columns)
    now = registry.compare("tumour@1", "tumour@2", on=patients, by=columns)
    assert told(stored) == told(now)
    assert {row.group for row in stored.groups if row.column == "clinic"} == {"north", "south", "(missing)"}
    assert stored.flips().filter(like="age").shape[1] == 1


def test_one_version_that_kept_it_is_enough(registry, patients):
    on = with_only(patients, "clinic")
    registry.register("tumour", forest(), on=on, keep="clinic")
    registry.register("tumour", pipeline(0.01))
    registry.evaluate("tumour@2", *on, keep="clinic")
    registry.evaluate("tumour@1", *on, keep=["clinic", "mean radius"])
    split = registry.compare("tumour@1", "tumour@2", by=["mean radius", "clinic"])
    assert {row.column for row in split.groups} == {"mean radius", "clinic"}


def test_a_version_of_other_rows_is_in_no_group(registry, patients):
    X, y = with_only(patients, "clinic")
    registry.register("tumour", pipeline(0.01), on=(X, y), keep="clinic")
    registry.register("tumour", forest(), on=(X[:90], y[:90]), keep="clinic")
    with pytest.raises(Refused, match="no evaluation that these versions share"):
        registry.compare("tumour@1", "tumour@2", by="clinic")
    apart = registry.compare("tumour@1", "tumour@2", by="clinic", rows="unpaired")
    assert {row.ref for row in apart.groups} == {"tumour@1"}
    shared = registry.compare("tumour@1", "tumour@2", by="clinic", rows="shared")
    assert {(row.ref, row.n) for row in shared.groups if row.group == "north"} == {
        (ref, int((X["clinic"][:90] == "north").sum())) for ref in ("tumour@1", "tumour@2")
    }


def test_a_column_without_a_name(registry):
    X, y = tumours()[1].to_numpy(), tumours()[3].to_numpy()
    for model in (pipeline(0.01), pipeline()):
        registry.register("tumour", model, on=(X, y), keep="3")
    stored = registry.compare("tumour@1", "tumour@2", by="3")
    assert told(stored) == told(registry.compare("tumour@1", "tumour@2", on=(X, y), by="3"))


def test_nothing_else_is_kept(registry, patients):
    version = registry.register("tumour", forest(), on=with_only(patients, "clinic"), keep="clinic")
    assert set(version.evaluations[-1].rows) == {"target", "prediction", "score", "fingerprint", "X.clinic"}


def test_a_column_that_is_not_there(registry, patients):
    with pytest.raises(Refused, match="no column 'clinik'") as refusal:
        registry.register("tumour", forest(), on=with_only(patients, "clinic"), keep="clinik")
    assert "clinic" in refusal.value.nearest
    with pytest.raises(Refused, match="needs the rows"):
        registry.register("tumour", forest(), keep="clinic")
    assert registry.model_names() == []


def test_a_column_that_was_not_kept(registry, patients):
    for model in (pipeline(0.01), forest()):
        registry.register("tumour", model, on=with_only(patients, "clinic"), keep="clinic")
    with pytest.raises(Refused, match="kept the column 'age'; kept: clinic") as refusal:
        registry.compare("tumour@1", "tumour@2", by="age")
    hint = "%compare tumour@1 tumour@2 --on X y --by age; or first %evaluate REF X y --keep age"
    assert refusal.value.hint == hint
