"""Several tests at once, as statsmodels adjusts them."""

from __future__ import annotations

import gc
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from nbregistry.evaluation.significance.holm import holm


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_as_statsmodels_has_it(p_values):
    with mock.patch.object(gc, "collect"):  # statsmodels does that each time, which takes a second in a large process
        expected = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(expected)


def test_none():
    assert holm([]) == []
