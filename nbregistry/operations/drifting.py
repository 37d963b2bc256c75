"""How columns and scores are spread, as records keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.model import ColumnProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.model import Dataset


def profile_of_training(datasets: Iterable[Dataset]) -> tuple[ColumnProfile, ...]:
    """Give how the columns of the training data are spread; empty where that was not kept."""
    return next((dataset.profile for dataset in datasets if dataset.role == "train" and dataset.profile), ())


def profile_of_scores(measured: Measured, like: ColumnProfile | None) -> ColumnProfile | None:
    """Give how the scores are spread: of the positive class, of the likeliest of many, or predicted numbers.

    Parameters
    ----------
    measured : Measured
    like : ColumnProfile or None
        To count in the bins of others.
    """
    from nbregistry.provenance.profile import profile_scores

    if measured.task == "regression":
        return profile_scores(measured.rows["prediction"], like)
    if "score" not in measured.rows:
        return None
    score = measured.rows["score"]
    return profile_scores(score if score.ndim == 1 else score.max(axis=1), like)


def first_scores(evaluations: Iterable[Mapping[str, Any]]) -> ColumnProfile | None:
    """Give how the scores of the first evaluation that kept it are spread."""
    kept = next((found["scores"] for found in evaluations if found.get("scores")), None)
    return ColumnProfile.from_document(kept) if kept else None
