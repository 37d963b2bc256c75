"""Costs beside quality: shown, picked as metrics, never judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nbregistry.errors import NotFound
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.costs import Timing, costs_of
from nbregistry.evaluation.direction import higher_is_better
from nbregistry.evaluation.metrics import Measured
from nbregistry.model import ModelVersion

HERE, THERE = {"cpu": "Xeon", "cpus": 2}, {"cpu": "M4", "cpus": 10}
VERSIONS = [
    ModelVersion("m", 1, training_seconds=12.5, size=4000, environment=HERE),
    ModelVersion("m", 2, training_seconds=0.5, size=9000, environment=HERE),
]
Y = np.arange(100) % 2


def measured(wrong, seconds, machine="Xeon, 2 CPUs"):
    prediction = np.where(np.arange(100) < wrong, 1 - Y, Y)
    rows = {"target": Y, "prediction": prediction}
    return Measured("binary", {"accuracy": 1 - wrong / 100}, rows, (), (0, 1), Timing(seconds, machine))


FOUND = [measured(20, 4e-6), measured(10, 3e-3)]


def test_by_default_they_are_not_among_the_metrics():
    comparison = compare_versions(VERSIONS, FOUND, baseline="m@1")
    assert {row.metric for row in comparison.rows} == {"accuracy"}
    assert comparison.costs["m@2"] == {"training_seconds": 0.5, "prediction_seconds": 3e-3, "size": 9000}
    text = repr(comparison)
    assert "What they cost" in text
    for said in ("12.5 s", "500 ms", "4 µs", "3.0 ms", "prediction was timed on Xeon, 2 CPUs"):
        assert said in text
    assert comparison.notes == ()
    assert '"prediction_seconds": 0.003' in comparison.to_json()


def test_they_are_picked_as_metrics_and_not_tested():
    names = ["accuracy", "training_seconds", "prediction_seconds", "size"]
    comparison = compare_versions(VERSIONS, FOUND, baseline="m@1", metrics=names)
    rows = {row.metric: row for row in comparison.rows if row.ref == "m@2"}
    assert list(rows) == names
    assert rows["accuracy"].verdict
    for name in names[1:]:
        assert (rows[name].verdict, rows[name].p_value, rows[name].n) == (None, None, None)
        assert higher_is_better(name) is False
    assert rows["size"].difference == 5000
    assert repr(comparison).splitlines()[1].startswith("m@2 is better than m@1: accuracy")
    only = compare_versions(VERSIONS, FOUND, baseline="m@1", metrics=["size"])
    assert "m@1 has the best size: 4000" in repr(only).replace(",", "")


def test_other_machines_are_told_where_times_were_asked_for():
    elsewhere = [VERSIONS[0], replace(VERSIONS[1], environment=THERE)]
    found = [FOUND[0], measured(10, 3e-3, "M4, 10 CPUs")]
    (first, second) = compare_versions(elsewhere, found, baseline="m@1", metrics=["training_seconds"]).notes
    assert first.startswith("training_seconds come from different machines")
    assert "m@1: Xeon, 2 CPUs; m@2: M4, 10 CPUs" in first
    assert second.startswith("prediction_seconds come from different machines")
    quiet = compare_versions(elsewhere, found, baseline="m@1")
    assert quiet.notes == ()
    assert "which are different machines" in repr(quiet)


def test_versions_of_before_have_what_is_known():
    old = [ModelVersion("m", 1, metrics={"auc": 0.7}), ModelVersion("m", 2, metrics={"auc": 0.8}, size=9)]
    assert costs_of(old[0], None) == {}
    comparison = compare_versions(old, [None, None], baseline="m@1")
    assert comparison.costs == {"m@1": {}, "m@2": {"size": 9}}
    assert "What they cost" not in repr(comparison)
    with pytest.raises(NotFound, match="training_seconds"):
        compare_versions(old, [None, None], baseline="m@1", metrics=["training_seconds"])


def test_a_metric_of_that_name_wins():
    named = [replace(version, metrics={"size": 3.0}, metrics_given=("size",)) for version in VERSIONS]
    rows = compare_versions(named, [None, None], baseline="m@1", metrics=["size"]).rows
    assert [row.value for row in rows] == [3.0, 3.0]


def test_a_cost_that_nobody_knows_is_told_with_what_makes_it_known():
    with pytest.raises(NotFound, match="training_seconds is not known of any of these versions") as caught:
        compare_versions(
            [ModelVersion("m", 1), ModelVersion("m", 2)], FOUND, baseline="m@1", metrics=["training_seconds"]
        )
    assert caught.value.nearest == ()
    assert "%%register" in caught.value.hint
