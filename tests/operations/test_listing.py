"""Versions and models: filtered, ordered, as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nbregistry.errors import InvalidFilter, Refused

if TYPE_CHECKING:
    from nbregistry.registry import Registry


def test_filter_and_order(story: Registry) -> None:
    found = story.versions("tumour", where="metrics.roc_auc > 0.9", order_by="-metrics.roc_auc")
    values = [version.metrics["roc_auc"] for version in found]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
    assert [v.version for v in story.versions("tumour", where="alias = 'champion' OR params.clf__C < 0.1")] == [1, 3]
    assert [v.version for v in story.versions("tumour", where="NOT tags.team LIKE 'on%'", order_by=["-version"])] == [
        3,
        2,
    ]
    limited = story.versions("tumour", limit=2)
    assert (len(limited), limited.total) == (2, 3)


def test_order_as_mlflow_writes_it(story: Registry) -> None:
    falling = [version.version for version in story.versions("tumour", order_by="-metrics.roc_auc")]
    assert [version.version for version in story.versions("tumour", order_by="metrics.roc_auc DESC")] == falling
    assert [version.version for version in story.versions("tumour", order_by="version desc")] == [3, 2, 1]
    with pytest.raises(InvalidFilter, match="none of these versions has") as caught:
        story.versions("tumour", order_by="metrics.rocauc")
    assert caught.value.nearest[0] == "metrics.roc_auc"
    with pytest.raises(Refused, match="limit of 0"):
        story.versions("tumour", limit=0)


def test_the_version_before_comes_along(story: Registry) -> None:
    found = story.versions("tumour", order_by="-version", limit=1)
    assert [version.ref for version in found] == ["tumour@3"]
    before = found.before(found[0])
    assert before is not None
    assert before.ref == "tumour@2"


def test_what_the_limit_left_out_is_there_when_asked_for(story: Registry) -> None:
    best = story.versions("tumour", order_by="-metrics.roc_auc")[0]
    shown = story.versions("tumour", order_by="metrics.roc_auc", limit=1)
    assert best not in shown
    assert shown.matching == story.versions("tumour", order_by="metrics.roc_auc").items
    assert [v.version for v in shown.matching if "champion" in v.aliases] == [1]
    some = story.versions("tumour", where="version > 1", limit=1)
    assert [version.version for version in some.matching] == [2, 3]
    assert some.matching[0] is some[0]


def test_what_the_limit_left_out_is_as_it_was_when_listed(story: Registry) -> None:
    shown = story.versions("tumour", order_by="-version", limit=1)
    story.promote("tumour@2", "champion")
    assert [v.version for v in shown.matching if "champion" in v.aliases] == [1]


def test_nan_and_missing_come_last(registry: Registry) -> None:
    for metrics in ({"auc": float("nan")}, {"auc": 0.5}, {}, {"auc": 0.7}, {"auc": float("inf")}):
        registry.register("m", {"w": np.zeros(1)}, metrics=metrics)
    assert [version.version for version in registry.versions("m", order_by="-metrics.auc")] == [5, 4, 2, 1, 3]
    assert [version.version for version in registry.versions("m", order_by="metrics.auc")] == [2, 4, 5, 1, 3]


def test_frames(story: Registry) -> None:
    frame = story.versions("tumour").to_frame()
    assert list(frame.columns[:6]) == ["name", "version", "aliases", "status", "created_at", "created_by"]
    assert {"metrics.roc_auc", "params.clf__C", "tags.team"} <= set(frame.columns)
    assert list(story.models().to_frame()["versions"]) == [3]
    assert list(story.log("tumour").to_frame()["seq"]) == [1, 2, 3]


def test_models(story: Registry) -> None:
    story.register("other", {"w": np.zeros(2)}, tags={"team": "x"})
    assert [model.name for model in story.models()] == ["other", "tumour"]
    assert [model.name for model in story.models(where="tags.team = 'onco'")] == ["tumour"]
    assert story.models()[1].aliases == {"champion": 1}
