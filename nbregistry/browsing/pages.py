"""Pages of rows: models, and the versions of one, chosen, ordered and cut to what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from nbregistry.browsing.searching import as_filter
from nbregistry.display.measures import by_importance, leading
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import ModelVersion, RegisteredModel
    from nbregistry.registry import Registry

Row = TypeVar("Row")

NEWEST_FIRST = "-version"
PAGE = 50
MOST = 500
"""The most rows that one page has."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A part of a longer list.

    Attributes
    ----------
    rows : tuple
    offset : int
        How many come before these.
    total : int
        How many match in all.
    where : str
        The filter that chose them, ``""`` for none.
    metric : str
        The metric that stands in each row, ``""`` where no version has one.
    metrics : tuple of str
        All that there are to choose from, the most important first.
    lacking : mapping
        If nothing matches: the keys in the filter that no version has, and for each those that may have been meant.
    """

    rows: tuple[Row, ...]
    offset: int
    total: int
    where: str
    metric: str = ""
    metrics: tuple[str, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelRow:
    """A model and the version of it that is in use.

    Attributes
    ----------
    model : RegisteredModel
    champion : ModelVersion or None
    metric : str
        Of this model; each has its own.
    """

    model: RegisteredModel
    champion: ModelVersion | None
    metric: str


def main_metric(registry: Registry, name: str, preferred: str = "") -> tuple[str, tuple[str, ...]]:
    """Give the metric to show of a model, and all that it has, the most important first."""
    metrics = tuple(by_importance(registry.metric_names(name)))
    chosen = preferred if preferred in metrics else leading(metrics) or next(iter(metrics), "")
    return chosen, metrics


def page_of_versions(
    registry: Registry,
    name: str,
    *,
    asked: str = "",
    order_by: str = "",
    offset: int = 0,
    limit: int = PAGE,
    metric: str = "",
) -> Page[ModelVersion]:
    """Give a page of a model's versions.

    Parameters
    ----------
    registry : Registry
    name : str
    asked : str
        Words, or a filter.
    order_by : str
        A field, ``-`` before it for the largest first; left out, or a metric that the model has not: the newest first.
    offset, limit : int
        From which row, and how many at most.
    metric : str
        The metric to show, if the model has it.

    Raises
    ------
    NotFound, InvalidFilter
    """
    limit = min(limit, MOST)
    where = as_filter(asked)
    shown, metrics = main_metric(registry, name, metric)
    column = order_by.removeprefix("-")
    # One order is chosen for several models: one that has not the metric is in its usual order.
    is_lacking = column.startswith("metrics.") and column.removeprefix("metrics.") not in metrics
    order = NEWEST_FIRST if is_lacking else order_by or NEWEST_FIRST
    found = registry.versions(name, where=where or None, order_by=order, limit=limit, offset=offset)
    return Page(found.items, offset, found.total, where, shown, metrics, found.lacking)


def page_of_models(
    registry: Registry, *, asked: str = "", offset: int = 0, limit: int = PAGE, metric: str = ""
) -> Page[ModelRow]:
    """Give a page of the models that have a version which matches, by name.

    Raises
    ------
    InvalidFilter
    """
    limit = min(limit, MOST)
    where = as_filter(asked)
    models = registry.models(where or None)
    rows = tuple(_row(registry, model, metric) for model in models.items[offset : offset + limit])
    return Page(rows, offset, models.total, where, lacking=models.lacking)


def _row(registry: Registry, model: RegisteredModel, preferred: str) -> ModelRow:
    champion = registry.get(f"{model.name}@{CHAMPION}") if CHAMPION in model.aliases else None
    return ModelRow(model, champion, main_metric(registry, model.name, preferred)[0])
