"""What a caller states is kept exactly, or refused by name."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nbregistry
from nbregistry.errors import Refused
from nbregistry.operations.values import metrics_of, params_of, tags_of

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

MODEL = {"w": np.zeros(1)}


class Level(IntEnum):
    high = 3


class Price(float):
    pass


class Label(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value", [10**400, 10**5000, -(10**5000), np.array(10**5000, object), [10**5000], Decimal("0.5"), Fraction(1, 3),
              np.datetime64("2026-11-22T00:00:00.000000001"), np.timedelta64(5, "ns"), b"0.5", 1j,
              np.longdouble("0.1"), np.longdouble("1e4000"), np.array([0.5])],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_metric_that_is_no_float_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Refused, match="the metric 'auc' is") as caught:
        metrics_of({"auc": value})
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [10**5000, np.array(10**5000, object)], ids=["int", "object"])
def test_an_integer_that_no_text_can_hold_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Refused, match="the tag 'k' is an integer of 16610 bits"):
        tags_of({"k": value})
    with pytest.raises(Refused, match="the parameter 'k' is an integer of 16610 bits"):
        params_of({"k": value})


def test_times_are_not_bare_integers(registry: Registry) -> None:
    moment, span = np.datetime64("2026-11-22T00:00:00.000000001"), np.timedelta64(5, "ns")
    assert params_of({"at": moment, "for": span}) == {"at": str(moment), "for": "5 nanoseconds"}
    with pytest.raises(Refused, match="the tag 'at' is datetime64"):
        registry.register("m", MODEL, tags={"at": moment})
    assert registry.model_names() == []


@pytest.mark.parametrize(
    "value", [Level.high, Price(0.5), Label("q"), np.float16(0.1), np.longdouble(0.5), np.str_("x")]
)
def test_kinds_of_numbers_and_texts_become_plain_ones(value: Any) -> None:
    kept = tags_of({"k": value})["k"]
    assert kept == value
    assert type(kept) in (int, float, str)


@given(st.integers(-(2**2000) + 1, 2**2000 - 1))
def test_large_integers_pass_exactly(value: int) -> None:
    assert tags_of({"k": value}) == params_of({"k": value}) == {"k": value}


def test_a_text_too_long_to_be_read_again_is_refused(registry: Registry, root: Path) -> None:
    registry.register("m", MODEL)
    with pytest.raises(Refused, match="this change takes"):
        registry.register("m", MODEL, tags={"k": "x" * (65 << 20)})
    assert registry.register("m", MODEL, tags={"k": "x"}).version == 2
    assert nbregistry.open(root).verify().ok


def test_large_values_round_trip_and_show(registry: Registry, root: Path) -> None:
    large = {"n": 10**600, "x": 1.7e308}
    registry.register("m", MODEL, params=large, tags=large, metrics={"n": 10**300, "x": -1.7e308})
    registry.register("m", {"w": np.ones(1)}, params={"n": 2}, metrics={"n": 1, "x": 1.7e308})
    again = nbregistry.open(root)
    version = again.get("m@1")
    assert dict(version.params) == dict(version.tags) == large
    assert version.metrics == {"n": 10**300, "x": -1.7e308}
    for shown in (version, again.versions("m"), again.compare("m@1", "m@2"), again.lineage("m@1")):
        assert repr(shown)
        assert shown._repr_html_()
    assert len(again.versions("m", where="params.n > 1", order_by="-params.n").to_frame()) == 2
