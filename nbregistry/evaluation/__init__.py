"""How good models are, and how versions differ: pure functions of arrays and records."""

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.comparison import Comparison, Difference, GroupRow, MetricRow
from nbregistry.evaluation.curves import RocCurve, roc_curve
from nbregistry.evaluation.metrics import METRICS, Measured, evaluate, higher_is_better

__all__ = [
    "METRICS",
    "Comparison",
    "Difference",
    "GroupRow",
    "Measured",
    "MetricRow",
    "RocCurve",
    "compare_versions",
    "evaluate",
    "higher_is_better",
    "roc_curve",
]
