"""Models that do not exist, and what was measured of them: rows whose truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nbregistry.evaluation.formulas import measure_classification, measure_regression
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.predictions import Scores

if TYPE_CHECKING:
    from collections.abc import Iterator


def binary(target: np.ndarray, probability: np.ndarray) -> Measured:
    """Give what is measured of a classifier that said these probabilities of the class 1."""
    predicted = (probability > 0.5).astype(int)
    metrics, _ = measure_classification("binary", target, predicted, Scores(probability, True), (0, 1))
    return Measured("binary", metrics, {"target": target, "prediction": predicted, "score": probability}, (), (0, 1))


def multiclass(target: np.ndarray, probabilities: np.ndarray) -> Measured:
    """Give what is measured of a classifier that said these probabilities of each class."""
    predicted, classes = probabilities.argmax(axis=1), tuple(range(probabilities.shape[1]))
    metrics, _ = measure_classification("multiclass", target, predicted, Scores(probabilities, True), classes)
    rows = {"target": target, "prediction": predicted, "score": probabilities}
    return Measured("multiclass", metrics, rows, (), classes)


def regression(target: np.ndarray, prediction: np.ndarray) -> Measured:
    """Give what is measured of a regressor that said these numbers."""
    metrics, _ = measure_regression(target, prediction)
    return Measured("regression", metrics, {"target": target, "prediction": prediction})


def equally_good(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give targets and the probabilities of two classifiers of one quality, alike as two fits of one model are."""
    target = (np.arange(rows) < 0.35 * rows).astype(int)
    alike = rng.normal(size=rows)
    scores = [1.2 * target + 0.6 * alike + 0.8 * rng.normal(size=rows) - 0.6 for _ in range(2)]
    return target, *(1 / (1 + np.exp(-2 * score)) for score in scores)


def many(make, count: int, rows: int, seed: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Give the same over and over, drawn anew."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield make(rng, rows)
