"""What a list asks of the registry, and what it finds: read beside the kernel, so no widget is touched here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nbregistry.browsing.pages import NEWEST_FIRST, page_of_versions

if TYPE_CHECKING:
    from nbregistry.browsing.pages import Page
    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry

ROWS = 10


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes
    ----------
    name : str
        The model; ``""`` for the one that was registered last.
    search : str
        Words, or a filter.
    order : str
    offset : int
        How many versions come before the page.
    """

    name: str = ""
    search: str = ""
    order: str = NEWEST_FIRST
    offset: int = 0


@dataclass(frozen=True)
class Found:
    """What is there.

    Attributes
    ----------
    asked : Asked
        As far as it could be obeyed: the model may be gone, its metric too, and there may be fewer versions.
    models : tuple of str
    versions : int
        How many the model has.
    page : Page or None
        None where there is no model.
    """

    asked: Asked
    models: tuple[str, ...] = ()
    versions: int = 0
    page: Page[ModelVersion] | None = None


def look(registry: Registry, asked: Asked) -> Found:
    """Read what was asked for, or what comes nearest to it.

    Raises
    ------
    InvalidFilter, StorageError, Corrupt
    """
    models = {model.name: model for model in registry.models()}
    if asked.name not in models:
        if not models:
            return Found(Asked())
        asked = Asked(max(models.values(), key=lambda model: model.updated_at).name)
    page = _page(registry, asked)
    last = last_offset(page.total)
    if asked.offset > last:
        asked = replace(asked, offset=last)
        page = _page(registry, asked)
    if _metric(asked) not in ("", *page.metrics):
        asked = replace(asked, order=NEWEST_FIRST)  # which is how the page is sorted then
    return Found(asked, tuple(models), models[asked.name].versions, page)


def last_offset(total: int) -> int:
    """Tell where the last page begins."""
    return max(0, (total - 1) // ROWS * ROWS)


def _page(registry: Registry, asked: Asked) -> Page[ModelVersion]:
    return page_of_versions(
        registry,
        asked.name,
        asked=asked.search,
        order_by=asked.order,
        offset=asked.offset,
        limit=ROWS,
        metric=_metric(asked),
    )


def _metric(asked: Asked) -> str:
    kind, _, metric = asked.order.removeprefix("-").partition(".")
    return metric if kind == "metrics" else ""
