"""DeLong's test of two areas under ROC curves on the same rows.

DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988) 837-845; by ranks, in O(n log n), as Sun & Xu, IEEE Signal
Processing Letters 21 (2014) 1389-1393.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance.inference import NormalInference

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def delong(positive: Array, baseline: Array, other: Array) -> NormalInference | None:
    """Test whether two scores rank the same rows equally well.

    Parameters
    ----------
    positive : ndarray of bool, n
    baseline, other : ndarray, n
        Scores, higher for the positive class.

    Returns
    -------
    NormalInference or None
        ``None`` where it can't be made: fewer than two rows of a class, or areas that differ and have no variance.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.array([False, False, False, True, True, True])
    >>> found = delong(rows, np.array([1, 3, 2, 4, 2, 6.0]), np.array([1, 2, 3, 4, 5, 6.0]))
    >>> round(found.difference, 3), round(found.p_value, 3)
    (0.167, 0.386)
    """
    import numpy as np
    from scipy.stats import norm

    positive = np.asarray(positive, dtype=bool)
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if min(positives, negatives) < 2:
        return None
    one, two = placements(positive, baseline), placements(positive, other)
    difference = float(two[0].mean() - one[0].mean())
    variance = (two[0] - one[0]).var(ddof=1) / positives + (two[1] - one[1]).var(ddof=1) / negatives
    error = float(np.sqrt(variance))
    rarest = min(positives, negatives)
    if error == 0:
        return NormalInference(0.0, 1.0, "DeLong", len(positive), 0.0, 0.0, rarest) if difference == 0 else None
    p_value = 2 * float(norm.sf(abs(difference) / error))
    return NormalInference(difference, p_value, "DeLong", len(positive), difference, error, rarest)


def area(positive: Array, scores: Array) -> tuple[float, float] | None:
    """Give the area under one ROC curve and its standard error.

    Parameters
    ----------
    positive : ndarray of bool, n
    scores : ndarray, n
        Higher for the positive class.

    Returns
    -------
    tuple of float or None
        ``None`` for fewer than two rows of a class.

    Examples
    --------
    >>> import numpy as np
    >>> found, error = area(np.array([False, False, False, True, True]), np.array([1, 3, 2, 4, 2.5]))
    >>> round(found, 3), round(error, 3)
    (0.833, 0.236)
    """
    import numpy as np

    positives = int(positive.sum())
    negatives = len(positive) - positives
    if min(positives, negatives) < 2:
        return None
    above, below = placements(positive, scores)
    variance = above.var(ddof=1) / positives + below.var(ddof=1) / negatives
    return float(above.mean()), float(np.sqrt(variance))


def placements(positive: Array, scores: Array) -> tuple[Array, Array]:
    """Give for each positive row the share of negatives below it, and for each negative that of positives above.

    Equal scores count half. The mean of either is the area under the ROC curve.
    """
    import numpy as np
    from scipy.stats import rankdata

    scores = np.asarray(scores)
    among_all = rankdata(scores)
    above, below = scores[positive], scores[~positive]
    of_positives = (among_all[positive] - rankdata(above)) / len(below)
    of_negatives = 1 - (among_all[~positive] - rankdata(below)) / len(above)
    return of_positives, of_negatives
