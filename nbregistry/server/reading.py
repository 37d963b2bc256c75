"""What is asked and changes nothing: one function for each GET of the contract, run off the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.browsing.changes import forms_for
from nbregistry.browsing.lines import compare_line, lines_for, rival_of
from nbregistry.browsing.pages import main_metric, page_of_models, page_of_versions
from nbregistry.browsing.sections import OF_A_COMPARISON, OF_A_VERSION, SECTIONS
from nbregistry.errors import NotFound
from nbregistry.server import rows
from nbregistry.server.service import is_read_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.server.service import Answer, Asked, Opened, Service


def get_registries(service: Service, asked: Asked) -> Answer:
    """Tell which registries may be shown."""
    places, nearest = service.listed(asked["near"])
    found = []
    for place in places:
        path = service.jail.path_of(place)
        stands_in = place.parent if place.name.startswith(".") else place
        found.append({"path": path, "name": stands_in.name, "read_only": is_read_only(place)})
    return {"registries": found, "nearest": service.jail.path_of(nearest) if nearest else None}


def get_head(opened: Opened, _asked: Asked) -> Answer:
    """Tell where a registry stands."""
    registry = opened.registry
    seq, digest = registry.head()
    names = registry.model_names()
    return {
        "seq": seq,
        "digest": digest,
        "models": len(names),
        "versions": sum(map(registry.latest, names)),
        "read_only": opened.read_only,
    }


def get_models(opened: Opened, asked: Asked) -> Answer:
    """Give a page of models."""
    page = page_of_models(
        opened.registry, asked=asked["q"], offset=asked["offset"], limit=asked["limit"], metric=asked["metric"]
    )
    found = list(map(rows.model_row, page.rows))
    return {
        "rows": found,
        "offset": page.offset,
        "total": page.total,
        "where": page.where,
        "lacking": [{"key": key, "nearest": list(nearest)} for key, nearest in page.lacking.items()],
    }


def get_versions(opened: Opened, asked: Asked) -> Answer:
    """Give a page of a model's versions."""
    page = page_of_versions(
        opened.registry,
        asked["name"],
        asked=asked["q"],
        order_by=asked["sort"],
        offset=asked["offset"],
        limit=asked["limit"],
        metric=asked["metric"],
    )
    return {
        "rows": [rows.version_row(version, page.metric) for version in page.rows],
        "offset": page.offset,
        "total": page.total,
        "where": page.where,
        "metric": page.metric,
        "metrics": list(page.metrics),
    }


def get_version(opened: Opened, asked: Asked) -> Answer:
    """Give a version, the sections of its page, what can be changed, and the lines that use it."""
    version = opened.registry.get(asked["ref"])
    metric, _ = main_metric(opened.registry, version.name)
    return {
        "row": rows.version_row(version, metric),
        "sections": rows.section_heads(OF_A_VERSION),
        "forms": list(map(rows.form, forms_for(opened.registry, version))),
        "lines": [
            {"id": line.id, "title": line.title, "line": line.line} for line in lines_for(opened.registry, version)
        ],
        "rival": rival_of(opened.registry, version),
    }


def get_comparison(opened: Opened, asked: Asked) -> Answer:
    """Tell which versions are meant, and what their page has; one alone has nothing to be compared with."""
    refs = list(dict.fromkeys(opened.registry.get(ref).ref for ref in asked["ref"]))
    sections = (*(OF_A_COMPARISON if len(refs) > 1 else ()), *OF_A_VERSION)
    return {"refs": refs, "sections": rows.section_heads(sections), "line": compare_line(refs)}


def get_section(opened: Opened, asked: Asked) -> Answer:
    """Give a section as cards."""
    section = SECTIONS.get(asked["id"])
    if section is None:
        raise NotFound(f"there is no section {asked['id']!a}", nearest=list(SECTIONS))
    shown = section.show(opened.registry, tuple(asked["ref"]))
    return {"id": section.id, "title": section.title, "cards": list(map(opened.card, shown))}


READING: dict[str, Callable[[Opened, Asked], Answer]] = {
    "getHead": get_head,
    "getModels": get_models,
    "getVersions": get_versions,
    "getVersion": get_version,
    "getCompare": get_comparison,
    "getSection": get_section,
}
"""By the contract's operations, of one registry each."""
