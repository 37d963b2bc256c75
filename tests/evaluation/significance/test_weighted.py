"""Metrics under weights: with weights of one scikit-learn's numbers, and a row that counts twice is a row twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbregistry.evaluation.metrics import METRICS
from nbregistry.evaluation.significance.statistics import statistics_of
from tests.evaluation.significance.samples import binary, multiclass, regression


def tasks(seed: int, rows: int):
    """One of each task; scores are rounded, so that many are equal."""
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 2, rows)
    classes = rng.integers(0, 4, rows)
    wild = np.round(rng.dirichlet(np.ones(4), rows) + 0.4 * np.eye(4)[classes], 1) + 0.05
    amounts = rng.normal(8, 2, rows)
    return {
        "binary": binary(target, np.round(rng.random(rows) * 0.6 + 0.3 * target + 0.05, 1)),
        "multiclass": multiclass(classes, wild / wild.sum(axis=1, keepdims=True)),
        "regression": regression(amounts, amounts + np.round(rng.normal(size=rows), 1)),
    }


def computed(measured, weights):
    values = {}
    for keys, statistic in statistics_of({"m": measured}, METRICS[measured.task]):
        values |= dict(zip([name for name, _ in keys], statistic(np.asarray(weights)[None, :])[0], strict=True))
    return values


MAKE = {"binary": binary, "multiclass": multiclass, "regression": regression}


@pytest.mark.parametrize("task", MAKE)
def test_each_metric_of_the_task_is_there(task):
    measured = tasks(0, 60)[task]
    assert set(computed(measured, np.ones(60, dtype=np.int32))) == set(METRICS[task]) == set(measured.metrics)


@pytest.mark.parametrize("task", MAKE)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(12, 50), data=st.data())
def test_a_weight_of_two_is_the_row_twice(task, seed, rows, data):
    measured = tasks(seed, rows)[task]
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)), dtype=np.int32)
    twice = measured.take(np.repeat(np.arange(rows), weights))
    if not weights.sum() or (task != "regression" and len({*twice.codes.tolist()}) < len(measured.labels)):
        return  # there is no metric to compare with
    rows_of = twice.rows
    again = MAKE[task](rows_of["target"], rows_of["prediction" if task == "regression" else "score"])
    values = computed(measured, weights)
    assert {name: values[name] for name in again.metrics} == pytest.approx(dict(again.metrics), abs=1e-9)
