"""A model card: what somebody should know who did not make the model, as far as its record tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.shown import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from nbregistry.evaluation.groups import GroupRow
    from nbregistry.lineage import Lineage
    from nbregistry.listings import Journal
    from nbregistry.model import Evaluation, ModelVersion

STATED = {"intended_use": "intended use", "limits": "limits", "license": "license"}
"""What only a person can say: the tag that says it, and what it is called."""


@dataclass(frozen=True)
class Measure:
    """One evaluation of the version, and how surely each of its metrics is what it is.

    Attributes
    ----------
    evaluation : Evaluation
    intervals : dict
        Metric to its 95% interval; a metric that lacks one is known to no certainty.
    leak : str
        Which of these rows the version was trained on, in words; ``""`` for none that is known.
    problem : str
        Why there are no intervals although there could be, e.g. that the rows are damaged.
    """

    evaluation: Evaluation
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    leak: str = ""
    problem: str = ""


@dataclass(frozen=True, repr=False)
class ModelCard(Written):
    """What is recorded of a version, put together for a reader who did not make it.

    Nothing in it is invented: what nobody said or measured is among the gaps.

    Attributes
    ----------
    version : ModelVersion
    measures : tuple of Measure
        Its evaluations, oldest first.
    groups : tuple of GroupRow
        How good it is on parts of the newest evaluation whose columns were kept.
    lineage : Lineage
    events : Journal
        What the journal has of this version.
    gaps : tuple of str
        What is not known: ``"intended use"``, ``"limits"``, ``"license"``, ``"training data"``, ``"evaluation"``,
        ``"approval"`` …
    written_to : str
        The file that it was written to, ``""`` for none.
    """

    version: ModelVersion
    measures: tuple[Measure, ...]
    groups: tuple[GroupRow, ...]
    lineage: Lineage
    events: Journal
    gaps: tuple[str, ...]
    written_to: str = ""

    @property
    def ref(self) -> str:
        """The version that it is of."""
        return self.version.ref

    def to_frame(self) -> pd.DataFrame:
        """Give one row a metric and evaluation: ``evaluation, at, metric, value, low, high, n, dataset``."""
        import pandas as pd

        rows = [
            (measure.evaluation, metric, value, *measure.intervals.get(metric, (None, None)))
            for measure in self.measures
            for metric, value in measure.evaluation.metrics.items()
        ]
        found = [(one.name, one.at, *numbers, one.n, one.dataset.fingerprint) for one, *numbers in rows]
        return pd.DataFrame(found, columns=["evaluation", "at", "metric", "value", "low", "high", "n", "dataset"])
