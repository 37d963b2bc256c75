"""Which way is better, told from a metric's name."""

from __future__ import annotations

import re

_LOWER = frozenset(
    {
        "brier",
        "ce",
        "cer",
        "davies",
        "bouldin",
        "deviance",
        "divergence",
        "ece",
        "false",
        "fnr",
        "fpr",
        "hamming",
        "latency",
        "mae",
        "mape",
        "mdape",
        "mse",
        "ms",
        "nll",
        "perplexity",
        "pinball",
        "rmse",
        "rmsle",
        "rmspe",
        "seconds",
        "smape",
        "wape",
        "wer",
        "wmape",
    }
)
_LOWER_ENDINGS = ("loss", "error", "errors", "time", "rmse")
_HIGHER = frozenset(
    {
        "ap",
        "bleu",
        "calinski",
        "completeness",
        "d2",
        "dice",
        "explained",
        "f1",
        "f2",
        "fbeta",
        "gini",
        "homogeneity",
        "iou",
        "jaccard",
        "kappa",
        "ks",
        "lift",
        "map",
        "mcc",
        "mrr",
        "ndcg",
        "npv",
        "ppv",
        "precision",
        "r2",
        "rand",
        "recall",
        "rouge",
        "sensitivity",
        "silhouette",
        "specificity",
        "tnr",
        "tpr",
        "true",
    }
)
_HIGHER_ENDINGS = ("accuracy", "auc", "auroc", "auprc")


def higher_is_better(metric: str) -> bool | None:
    """Tell whether a higher value of this metric is better.

    Parameters
    ----------
    metric : str
        Any name; the words at its end count most, and ``neg_`` turns it round as in scikit-learn's scorers.

    Returns
    -------
    bool or None
        ``None`` where the name does not tell.

    Examples
    --------
    >>> higher_is_better("roc_auc"), higher_is_better("val_loss"), higher_is_better("trees")
    (True, False, None)
    >>> higher_is_better("neg_log_loss"), higher_is_better("brier_score")
    (True, False)
    """
    words = [word for word in re.split(r"[^a-z0-9]+", metric.lower()) if word]
    if not words:
        return None
    if words[0] == "neg":
        return True
    if words == ["size"]:  # of a model: it costs room
        return False
    for word in reversed(words):
        if word in _LOWER or word.endswith(_LOWER_ENDINGS):
            return False
        if word in _HIGHER or word.endswith(_HIGHER_ENDINGS):
            return True
    # "score" alone promises that more is better, but only once no other word has said otherwise (brier_score).
    return True if "score" in words else None
