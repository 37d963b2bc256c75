"""Versions and models: filtered, ordered, as frames."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nbregistry.errors import InvalidFilter, NotFound, Refused
from nbregistry.model import ModelVersion

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


def test_who_was_champion_when_is_in_the_journal(story: Registry) -> None:
    assert story.versions("tumour").tenures == ()
    story.promote("tumour@3")
    story.promote("tumour@2")
    story.rollback("tumour")
    found = story.versions("tumour", limit=1, plot=["metrics.roc_auc", "accuracy", "roc_auc"])
    assert found.plot == ("roc_auc", "accuracy")
    assert [tenure.version for tenure in found.tenures] == [1, 3, 2, 3]
    times = [(tenure.since, tenure.until) for tenure in found.tenures]
    assert [until for _, until in times] == [*(since for since, _ in times[1:]), ""]
    moved = [event.at for event in story.log("tumour") if event.verb in ("promote", "rollback")]
    assert [since for since, _ in times[1:]] == moved
    assert all(tenure.trusted for tenure in found.tenures)


def test_a_metric_is_drawn_where_nothing_was_ever_champion(registry: Registry) -> None:
    for value in (0.7, 0.8):
        registry.register("new", {"w": value}, metrics={"auc": value})
    found = registry.versions("new", plot="metrics.auc")
    assert (found.plot, found.tenures) == (("auc",), ())
    assert "Over the versions" in repr(found)
    assert "<img" in found._repr_html_()


def test_a_metric_that_no_version_has_is_not_drawn(story: Registry) -> None:
    with pytest.raises(NotFound) as refused:
        story.versions("tumour", plot="metrics.roc_acu")
    assert "metrics.roc_auc" in refused.value.nearest
    with pytest.raises(Refused, match="of one model"):
        story.versions(plot="roc_auc")


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


def test_what_a_version_lacks_is_not_a_number_in_the_frame(registry: Registry) -> None:
    for metrics in ({"auc": 0.5, "loss": 1.0}, {"auc": 0.6}):
        registry.register("m", {"w": np.zeros(1)}, metrics=metrics)
    frame = registry.versions("m").to_frame()
    assert frame["metrics.auc"].tolist() == [0.5, 0.6]
    assert frame["metrics.loss"].isna().tolist() == [False, True]


def test_a_listing_gives_copies(registry: Registry) -> None:
    registry.register("m", {"w": np.zeros(1)}, metrics={"auc": 0.5}, tags={"team": "x"}, params={"C": 1})
    found = registry.versions("m")[0]
    for mapping in (found.metrics, found.tags, found.params):
        mapping.clear()  # type: ignore[attr-defined]
    found = registry.get("m@1")
    assert (found.metrics, found.tags, found.params) == ({"auc": 0.5}, {"team": "x"}, {"C": 1})


def test_a_listed_version_is_a_value_like_any_other(registry: Registry) -> None:
    registry.register("m", {"w": np.zeros(1)}, metrics={"auc": 0.5})
    found = registry.versions("m")[0]
    made = ModelVersion(**{field.name: getattr(found, field.name) for field in fields(ModelVersion)})
    assert found == made
    assert vars(found).keys() == vars(made).keys()
    assert pickle.loads(pickle.dumps(found)) == replace(found) == made
    with pytest.raises(FrozenInstanceError):
        found.name = "other"  # type: ignore[misc]


def test_fields_of_a_newer_release_are_kept_apart(registry: Registry) -> None:
    registry.register("m", {"w": np.zeros(1)})
    workspace = registry._workspace
    document = workspace.view().versions_of("m")[0]
    # "trusted" is a field of the noun, and none that a record may bring.
    found = workspace.records.version({**document, "moon": {"phase": 1}, "trusted": "yes", "origin": {}})
    assert found.extra == {"moon": {"phase": 1}, "trusted": "yes"}
    assert found.trusted is True
    assert not hasattr(found, "moon")
    bare = workspace.records.version({k: v for k, v in document.items() if k not in ("training_seconds", "code")})
    assert (bare.training_seconds, bare.code) == (None, {})


def test_models(story: Registry) -> None:
    story.register("other", {"w": np.zeros(2)}, tags={"team": "x"})
    assert [model.name for model in story.models()] == ["other", "tumour"]
    assert [model.name for model in story.models(where="tags.team = 'onco'")] == ["tumour"]
    assert story.models()[1].aliases == {"champion": 1}


def test_a_filter_by_a_key_that_no_version_has_says_so(story: Registry) -> None:
    nothing = story.versions("tumour", where="metrics.rocauc > 0.1 AND NOT tags.zzz = 1 AND metrics.f1 > 0")
    assert {key: near[:1] for key, near in nothing.lacking.items()} == {
        "metrics.rocauc": ("metrics.roc_auc",),
        "tags.zzz": (),
    }
    assert "No version has metrics.rocauc; did you mean: metrics.roc_auc" in repr(nothing)
    assert "No version has tags.zzz\n" in repr(nothing)
    assert "No version has metrics.rocauc; did you mean" in repr(story.models("metrics.rocauc > 0.1"))
    assert "No version has" not in repr(story.versions("tumour", where="metrics.roc_auc > 2"))
    assert "No version has" not in repr(story.versions("tumour", where="metrics.rocauc > 0.1 OR version = 1"))
    story.register("scored", {"w": 1}, metrics={"top 5": 0.5})
    assert story.versions("scored", where="metrics.`top_5` > 0").lacking == {"metrics.top_5": ("metrics.`top 5`",)}


@pytest.mark.parametrize(
    ("where", "near"),
    [
        ("roc_auc > 0.1", ("metrics.roc_auc",)),
        ("rocauc > 0.1", ("metrics.roc_auc",)),
        ("metrcs.rocauc > 0.1", ("metrics.roc_auc",)),
        ("team = 'onco'", ("tags.team",)),
        ("zzz > 1", ()),
        ("metrics.roc_auc >> 0.9", (">",)),
        ("create_at > '2026'", ("created_at", "created_by")),
    ],
)
def test_a_filter_that_cannot_be_read_suggests_only_what_there_is(
    story: Registry, where: str, near: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidFilter) as caught:
        story.versions("tumour", where=where)
    assert caught.value.nearest[: max(1, len(near))] == near
    assert not {"params.roc_auc", "metrics.rocauc"} & set(caught.value.nearest)
    assert near or caught.value.hint == "a key is written metrics.NAME, params.NAME or tags.NAME"


def test_the_journal_is_limited_to_its_last_events(story: Registry) -> None:
    last = story.log("tumour", limit=2)
    assert ([event.ref for event in last], last.total) == (["tumour@2", "tumour@3"], 3)
    assert "showing the last 2 of 3, as --limit asked" in repr(last)
    assert "showing" not in repr(story.log(limit=3))
    with pytest.raises(Refused, match="limit of 0"):
        story.log(limit=0)
