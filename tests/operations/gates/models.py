"""Models whose scores are columns of the rows, so that a test knows what each version says of each row."""

from __future__ import annotations

from typing import Any

import numpy as np


class Column:
    """A binary classifier that reads its score from one column."""

    classes_ = np.array([0, 1])

    def __init__(self, place: int) -> None:
        self.place = place

    def fit(self, *_: Any) -> Column:
        return self

    def predict_proba(self, rows: Any) -> Any:
        return np.column_stack([1 - rows[:, self.place], rows[:, self.place]])

    def predict(self, rows: Any) -> Any:
        return (rows[:, self.place] > 0.5).astype(int)


def labelled(n: int = 400, seed: int = 0) -> tuple[Any, Any]:
    """Give rows of four scores, and labels: a fair score, nearly the same, a good one, and one that knows little."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    fair = rng.normal(size=n) + 1.2 * y
    scores = [
        fair,
        fair + 0.05 * rng.normal(size=n),
        fair + 1.2 * y + 0.1 * rng.normal(size=n),
        fair + 2.0 * rng.normal(size=n),
    ]
    return 1 / (1 + np.exp(0.6 - np.column_stack(scores))), y
