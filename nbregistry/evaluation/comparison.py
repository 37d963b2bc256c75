"""Versions side by side: which is better, by how much, and what is different about it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound, Refused
from nbregistry.evaluation.curves import RocCurve
from nbregistry.evaluation.differences import Difference
from nbregistry.evaluation.disagreement import Disagreement, Disagreements
from nbregistry.evaluation.gaps import Gap
from nbregistry.evaluation.groups import GroupRow
from nbregistry.evaluation.leaks import Leak
from nbregistry.evaluation.slices import Slice, Slices
from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from nbregistry.evaluation.code_differences import CodeDifference
    from nbregistry.evaluation.drift import Drift
    from nbregistry.evaluation.overlap import Overlap
    from nbregistry.evaluation.reuse import Reuse
    from nbregistry.evaluation.verdicts import Verdict
    from nbregistry.model import Dataset

    Array = np.ndarray[Any, Any]

ALPHA = 0.05
"""The usual level."""

__all__ = [
    "Comparison", "Difference", "Disagreement", "Gap", "GroupRow", "Leak", "MetricRow", "RocCurve", "Slice", "Slices",
]  # fmt: skip


@dataclass(frozen=True)
class MetricRow:
    """One metric of one version, beside the baseline's.

    Attributes
    ----------
    metric, ref : str
    value, baseline, difference : float or None
        ``None`` where a version has no such metric; ``difference`` is value minus baseline.
    n : int or None
        Rows it was computed on, where known.
    ci_low, ci_high, p_value, p_adjusted, verdict, method, detectable
        As :class:`~nbregistry.evaluation.verdicts.Judged` has them; ``None`` where the difference was not tested: for
        the baseline itself, for metrics that were given, and for versions that were evaluated on other rows.
    """

    metric: str
    ref: str
    value: float | None
    baseline: float | None
    difference: float | None
    n: int | None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict | None = None
    method: str | None = None
    detectable: float | None = None


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """Versions side by side: how good each is, and what is different about it.

    Attributes
    ----------
    refs : tuple of str
    baseline_ref : str
        The version all others are measured against.
    rows : tuple of MetricRow
        Metric by metric, versions in the order of ``refs``.
    differences : dict
        ``"params"``, ``"data"``, ``"features"``, ``"environment"``, ``"code"``, ``"size"``, ``"model"``, in this order,
        each to its differences; a heading without any is left out.
    equal : dict
        The same headings to the number of things that are equal.
    curves : dict
        Reference to its ROC curve; for binary classifiers that give scores.
    groups : tuple of GroupRow
        Each metric of each version in each group of the columns that were asked for.
    gaps : tuple of Gap
        How far apart these groups are in selection, true- and false-positive rate, or in their errors.
    slices : Slices or None
        The weakest parts of the rows that were confirmed; ``None`` where they were not asked for.
    code : tuple of CodeDifference
        The lines that made each version against those that made the baseline, of those where they were recorded.
    dataset : Dataset or None
        What all were evaluated on.
    task : str
    notes : tuple of str
        What must be kept in mind when reading it, one sentence each.
    costs : dict
        Reference to what is known of ``"training_seconds"``, ``"prediction_seconds"`` (a row) and ``"size"`` (bytes).
    machines : dict
        Reference to the machine that predictions were timed on.
    alpha : float
        Level of the tests, and of the intervals ``1 - alpha``.
    margin : float or None
        Differences below it do not matter.
    plots : dict
        What is plotted, in this order: ``"roc"``, ``"pr"``, ``"calibration"``, ``"confusion"``, ``"scores"``,
        ``"predicted"`` or ``"residuals"`` to reference to the arrays that are drawn.
    overlaps : tuple of Overlap
        How many rows each version shares with the baseline, where they were not evaluated on one and the same data.
    drift : dict
        Reference to how far the columns are spread otherwise than in its training data, the most drifted first.
    leaks : tuple of Leak
        Versions that were trained on some of these rows.
    without_leaks : tuple of MetricRow
        As ``rows``, on the rows that none of the versions was trained on; empty if there are no leaks, or no other
        rows.
    reuse : Reuse or None
        How often these rows were used to compare, where that is known.
    rowwise : Disagreements
        The versions that were evaluated on the baseline's rows, row by row: what :attr:`disagreements` and
        :meth:`flips` are made of.
    """

    refs: tuple[str, ...]
    baseline_ref: str
    rows: tuple[MetricRow, ...] = ()
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    equal: Mapping[str, int] = field(default_factory=dict)
    curves: Mapping[str, RocCurve] = field(default_factory=dict)
    groups: tuple[GroupRow, ...] = ()
    gaps: tuple[Gap, ...] = field(default=(), kw_only=True)
    slices: Slices | None = field(default=None, kw_only=True)
    code: tuple[CodeDifference, ...] = field(default=(), kw_only=True)
    dataset: Dataset | None = None
    task: str = ""
    notes: tuple[str, ...] = ()
    alpha: float = ALPHA
    margin: float | None = None
    plots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    costs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    machines: Mapping[str, str] = field(default_factory=dict)
    overlaps: tuple[Overlap, ...] = ()
    drift: Mapping[str, tuple[Drift, ...]] = field(default_factory=dict)
    leaks: tuple[Leak, ...] = ()
    without_leaks: tuple[MetricRow, ...] = ()
    reuse: Reuse | None = None
    rowwise: Disagreements = field(default_factory=Disagreements, compare=False)

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """How many rows each version fixed and broke, for versions that were evaluated on the baseline's rows."""
        return self.rowwise.counts

    def flips(self, ref: str | None = None) -> pd.DataFrame:
        """Give the rows about which a version and the baseline disagree, the largest change of the score first.

        Parameters
        ----------
        ref : str, optional
            One of the versions; by default all of them.

        Returns
        -------
        DataFrame
            Columns are ``ref, row, target, baseline_prediction, prediction, baseline_score, score, change, outcome``,
            as :class:`~nbregistry.evaluation.disagreement.Flip` has them, and then those of X, as they are now, if it
            was given to the comparison and is a table or a two-dimensional array.

        Raises
        ------
        NotFound
            If the version is not among those that were evaluated on the baseline's rows.
        """
        known = self.rowwise.refs
        if ref is not None and ref not in known:
            raise NotFound(
                f"{ref} was not compared row by row",
                nearest=known[:3],
                hint="%compare REF REF --on X y evaluates all of them on the same rows",
            )
        return self.rowwise.to_frame(known if ref is None else [ref])

    def to_frame(self) -> pd.DataFrame:
        """Give one row a metric and version.

        Columns are ``metric, ref, value, baseline, difference, ci_low, ci_high, p_value, p_adjusted, verdict, method,
        n, detectable``, as :class:`MetricRow` has them.
        """
        import pandas as pd

        columns: dict[str, Any] = {
            "metric": "str",
            "ref": "str",
            "value": float,
            "baseline": float,
            "difference": float,
            "ci_low": float,
            "ci_high": float,
            "p_value": float,
            "p_adjusted": float,
            "verdict": "str",
            "method": "str",
            "n": "Int64",
            "detectable": float,
        }
        frame = pd.DataFrame([asdict(row) for row in self.rows], columns=list(columns))
        return frame.astype(columns)

    def to_json(self) -> str:
        """Give everything as strict JSON text.

        JSON has no NaN and no infinity: they are written as the texts ``"NaN"``, ``"Infinity"`` and
        ``"-Infinity"``, which ``float()`` and JavaScript's ``Number()`` read back. ``null`` means "there is none".
        """
        document = {
            "refs": self.refs,
            "baseline_ref": self.baseline_ref,
            "task": self.task,
            "alpha": self.alpha,
            "margin": self.margin,
            "dataset": self.dataset.to_document() if self.dataset else None,
            "rows": [asdict(row) for row in self.rows],
            "differences": {
                heading: [{"name": found.name, "values": dict(found.values)} for found in differences]
                for heading, differences in self.differences.items()
            },
            "equal": dict(self.equal),
            "curves": {
                ref: {
                    "fpr": curve.fpr.tolist(),
                    "tpr": curve.tpr.tolist(),
                    "thresholds": curve.thresholds.tolist(),
                    "auc": curve.auc,
                }
                for ref, curve in self.curves.items()
            },
            "disagreements": [asdict(found) for found in self.disagreements],
            "plots": {
                name: {ref: _arrays(drawn) for ref, drawn in found.items()}
                for name, found in self.plots.items()
                if name != "roc" or not self.curves  # which stand above
            },
            "groups": [asdict(row) for row in self.groups],
            "overlaps": [asdict(overlap) for overlap in self.overlaps],
            "drift": {ref: [asdict(column) for column in columns] for ref, columns in self.drift.items()},
            "gaps": [asdict(gap) for gap in self.gaps],
            "slices": asdict(self.slices) if self.slices else None,
            "code": [asdict(one) for one in self.code],
            "leaks": [asdict(leak) for leak in self.leaks],
            "without_leaks": [asdict(row) for row in self.without_leaks],
            "reuse": asdict(self.reuse) if self.reuse else None,
            "costs": {ref: dict(found) for ref, found in self.costs.items()},
            "machines": dict(self.machines),
            "notes": self.notes,
        }
        return json.dumps(_strict(document), allow_nan=False)


@dataclass(frozen=True, repr=False)
class Plots(Shown):
    """The plots of a comparison, without the rest of it."""

    comparison: Comparison


@dataclass(frozen=True, repr=False)
class WeakSlices(Shown):
    """The weakest slices of a comparison, without the rest of it; or why they could not be looked for."""

    refs: tuple[str, ...]
    comparison: Comparison | None = None
    refused: Refused | None = None


def _strict(value: Any) -> Any:
    """Replace the floats that JSON does not know by their names."""
    if isinstance(value, dict):
        return {key: _strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _arrays(drawn: Any) -> dict[str, Any]:
    """Give what is drawn as lists."""
    found: dict[str, Any] = {}
    for part in fields(drawn):
        value = getattr(drawn, part.name)
        if hasattr(value, "tolist"):
            value = value.tolist()
        found[part.name] = _arrays(value) if is_dataclass(value) else value
    return found
