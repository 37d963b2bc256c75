"""Classes with too few rows, and predictions that are no better than always saying the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.pitfalls.sentences import Pitfall

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

FEW = 10
"""A class of fewer rows than this: each of them moves its recall by more than 0.1."""

NAMED = 3
"""So many classes are named, the others counted."""

LITTLE = 0.1
"""Share of the errors of guessing that a model must avoid, or else its accuracy says little.

Goodman & Kruskal's lambda (Journal of the American Statistical Association 49 (1954) 732-764), of predictions.
"""


def too_few_rows(measured: Measured) -> Iterator[Pitfall]:
    """Name the classes whose metrics hang on a few rows."""
    import numpy as np

    counts = np.bincount(measured.codes[measured.codes >= 0], minlength=len(measured.labels))
    few = [(label, int(n)) for label, n in zip(measured.labels, counts, strict=True) if 0 < n < FEW]
    if not few:
        return
    named = [
        f"{label!r} has {n} row{'s' if n > 1 else ''}, each moves its recall by {1 / n:.2g}" for label, n in few[:NAMED]
    ]
    more = f", and {len(few) - NAMED} more classes" if len(few) > NAMED else ""
    yield Pitfall(
        "too few rows of a class to say how well it is found",
        "; ".join(named) + more,
        "evaluate on more rows of it before comparing recall, f1 or balanced_accuracy",
    )


def constant_predictions(measured: Measured) -> tuple[Pitfall, ...]:
    """Notice a model that says the same of every row, though not every row is the same."""
    prediction, target = measured.rows["prediction"], measured.rows["target"]
    if measured.task in ("clustering", "multilabel"):
        return ()
    if (target == target[0]).all() or not (prediction == prediction[0]).all():
        return ()
    (value,) = prediction[:1].tolist()
    said = f"{value:.6g}" if isinstance(value, float) else repr(value)
    score = measured.rows.get("score")
    ranks = score is not None and not (score == score[0]).all()
    return (
        Pitfall(
            "every row gets the same prediction",
            f"{said} for all {measured.n:,} rows",
            "its scores differ, so choose another threshold, or weigh the classes when you fit it"
            if ranks
            else "it has learned nothing from the inputs",
        ),
    )


def close_to_guessing(measured: Measured) -> Iterator[Pitfall]:
    """Notice an accuracy that always saying the commonest class nearly has as well."""
    import numpy as np

    accuracy = measured.metrics.get("accuracy")
    weights = np.ones(measured.n) if measured.weights is None else measured.weights
    known = measured.codes >= 0
    counts = np.bincount(measured.codes[known], weights=weights[known], minlength=1)
    share = float(counts.max() / weights.sum())
    if accuracy is None or share == 1 or measured.n < 2 * FEW or accuracy - share >= LITTLE * (1 - share):
        return
    commonest = measured.labels[int(counts.argmax())]
    yield Pitfall(
        "accuracy says little here",
        f"{accuracy:.3f}, where always saying {commonest!r} has {share:.3f}",
        "go by balanced_accuracy, mcc or f1",
    )
