"""McNemar's test of two hit rates on the same rows.

McNemar, Psychometrika 12 (1947) 153-157; exact where few rows differ. The interval is that of Bonett & Price,
Journal of Educational and Behavioral Statistics 37 (2012) 479-488.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance.inference import NormalInference

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

FEW = 25
"""Below so many rows that only one of the two gets right, the test is exact."""


def mcnemar(baseline: Array, other: Array) -> NormalInference:
    """Test whether two models are right equally often.

    Parameters
    ----------
    baseline, other : ndarray of bool, n
        Which rows each got right.

    Examples
    --------
    >>> import numpy as np
    >>> found = mcnemar(np.arange(100) < 80, np.arange(100) < 90)
    >>> round(found.difference, 2), round(found.p_value, 4), found.method
    (0.1, 0.002, 'McNemar, exact')
    """
    import numpy as np
    from scipy.stats import binomtest, chi2

    rows = len(baseline)
    fixed, broken = int(np.sum(other & ~baseline)), int(np.sum(baseline & ~other))
    differing = fixed + broken
    difference = (fixed - broken) / rows
    if differing == 0:
        return NormalInference(0.0, 1.0, "McNemar, exact", rows, 0.0, 0.0)
    if differing < FEW:
        p_value, method = binomtest(fixed, differing).pvalue, "McNemar, exact"
    else:
        p_value, method = chi2.sf((fixed - broken) ** 2 / differing, 1), "McNemar"
    # One row more is taken to be fixed and one to be broken: without it the interval is too short where few differ.
    share_fixed, share_broken = (fixed + 1) / (rows + 2), (broken + 1) / (rows + 2)
    centre = share_fixed - share_broken
    error = float(np.sqrt((share_fixed + share_broken - centre**2) / (rows + 2)))
    return NormalInference(difference, float(p_value), method, rows, centre, error)
