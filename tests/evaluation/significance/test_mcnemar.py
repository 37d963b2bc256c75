"""McNemar's test, against published tables and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom, norm
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from nbregistry.evaluation.significance.mcnemar import FEW, PairedShares, mcnemar


def hits(both: int, baseline_only: int, other_only: int, none: int):
    """Rows that make up a table."""
    counts = (both, baseline_only, other_only, none)
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


def test_a_published_table():
    """Approval of a prime minister, twice the same 1,600 people (Agresti, Categorical Data Analysis, table 10.1)."""
    found = mcnemar(*hits(794, 150, 86, 570))
    assert found.method == "McNemar"
    assert found.difference == pytest.approx(-0.04)
    statistic = (150 - 86) ** 2 / (150 + 86)
    assert statistic == pytest.approx(17.36, abs=0.005)
    assert found.p_value == pytest.approx(3.1e-5, rel=0.01)
    low, high = found.interval(0.05)
    assert (low, high) == pytest.approx((-0.059, -0.021), abs=5e-4)


@pytest.mark.parametrize("table", [(794, 150, 86, 570), (10, 3, 9, 4), (0, 0, 6, 0), (50, 12, 13, 7), (50, 12, 12, 7)])
def test_as_statsmodels_has_it(table):
    both, baseline_only, other_only, none = table
    exact = baseline_only + other_only < FEW
    expected = statsmodels_mcnemar([[both, baseline_only], [other_only, none]], exact=exact, correction=False)
    found = mcnemar(*hits(*table))
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.method == ("McNemar, exact" if exact else "McNemar")


def test_the_same_hits_differ_by_nothing():
    found = mcnemar(*hits(7, 0, 0, 3))
    assert (found.difference, found.p_value, found.interval(0.05)) == (0, 1, (0, 0))


def test_the_interval_holds_zero_where_the_exact_test_does_not_refuse_it():
    found = mcnemar(np.arange(23) < 18, np.arange(23) < 23)
    assert found.p_value == 0.0625
    assert found.score(0) > 1.96
    low, high = found.interval(0.05)
    assert (low, high > 0.2) == (0, True)
    assert found.interval(0.1)[0] > 0


@pytest.mark.parametrize(("fixed", "broken", "rows"), [(2, 14, 212), (30, 10, 100), (5, 0, 23), (3, 3, 6), (1, 1, 2)])
def test_the_interval_ends_where_the_score_test_refuses(fixed, broken, rows):
    """The shares that are assumed are found here by the likelihood itself, and not by a formula."""
    low, high = PairedShares(0.0, "", rows, fixed, broken).interval(0.1)
    for assumed, sign in ((low, 1), (high, -1)):

        def unlikely(share_broken, assumed=assumed):
            share_fixed = share_broken + assumed
            same = 1 - share_fixed - share_broken
            return -(
                fixed * np.log(share_fixed) + broken * np.log(share_broken) + (rows - fixed - broken) * np.log(same)
            )

        edges = (max(0.0, -assumed) + 1e-12, (1 - assumed) / 2 - 1e-12)
        share = minimize_scalar(unlikely, bounds=edges, method="bounded", options={"xatol": 1e-12}).x
        error = np.sqrt((2 * share + assumed - assumed**2) / rows)
        assert ((fixed - broken) / rows - assumed) / error == pytest.approx(sign * norm.isf(0.05), abs=2e-3)


def test_where_one_model_only_mends_the_interval_is_long_enough():
    """Every outcome, by its chance: 2% of 400 rows are fixed, none is broken, and the margin is 2%."""
    chances = {fixed: binom.pmf(fixed, 400, 0.02) for fixed in range(30)}
    found = {fixed: PairedShares(0.0, "", 400, fixed, 0) for fixed in chances}
    held = sum(chances[fixed] for fixed, one in found.items() if one.interval(0.05)[0] <= 0.02 <= one.interval(0.05)[1])
    assert 0.94 < held < 0.98
    equivalent = sum(chances[fixed] for fixed, one in found.items() if one.interval(0.1)[1] < 0.02)
    assert equivalent < 0.05
