"""How long a model takes to predict a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nbregistry.operations.timing import REPEATS, ROWS, time_prediction
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


class Watch:
    """A clock and a model in one: each prediction takes the next of these seconds."""

    def __init__(self, *taken: float) -> None:
        self._taken = list(taken)
        self.now = 0.0
        self.rows: list[int] = []

    def predict(self, X: object) -> None:
        self.rows.append(X.shape[0])
        self.now += self._taken.pop(0)


def timed(X, *taken):
    watch = Watch(*taken)
    return time_prediction(watch, X, lambda: watch.now), watch.rows


def test_the_median_of_a_few_milliseconds():
    found, rows = timed(np.zeros((100, 1)), 0.004, 0.001, 0.002, 0.001, 0.003)
    assert found.seconds == 0.002 / 100
    assert rows == [100] * 5
    assert timed(np.zeros((100, 1)), 3.0)[1] == [100]  # once is enough of a slow one
    assert len(timed(np.zeros((100, 1)), *[1e-6] * 99)[1]) == REPEATS


@pytest.mark.parametrize(
    "X", [np.zeros((5000, 2)), pd.DataFrame(np.zeros((5000, 2))), sparse.coo_array(np.zeros((5000, 2)))]
)
def test_of_many_rows_the_first(X):
    found, rows = timed(X, 1.0)
    assert rows == [ROWS]
    assert found.seconds == 1 / ROWS


def test_a_model_that_refuses_a_part_has_no_time():
    assert time_prediction(object(), np.zeros((5, 1))) is None


def test_it_is_kept_with_the_evaluation(registry: Registry) -> None:
    for C in (1.0, 0.1):
        registry.register("m", pipeline(C), on=(X_test, y_test), training_seconds=C)
    stored = registry.compare("m@1", "m@2", metrics=["roc_auc", "prediction_seconds", "training_seconds", "size"])
    seconds = [row.value for row in stored.rows if row.metric == "prediction_seconds"]
    assert all(0 < value < 0.1 for value in seconds)
    environment = registry.get("m@1").environment
    assert stored.machines["m@1"] == f"{environment['cpu']}, {environment['cpus']} CPUs".replace(" 1 CPUs", " 1 CPU")
    given = registry.compare("m@1", "m@2", on=(X_test, y_test))
    assert set(given.costs["m@1"]) == {"training_seconds", "prediction_seconds", "size"}
    assert "prediction_seconds" not in registry.get("m@1").metrics
