"""Nouns as the contract writes them down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nbregistry.display.quantities import number
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbregistry.browsing.changes import Change, Form
    from nbregistry.browsing.pages import ModelRow
    from nbregistry.browsing.sections import Section
    from nbregistry.model import ModelVersion

Json = dict[str, Any]


def version_row(version: ModelVersion, metric: str) -> Json:
    """Write a version as a row."""
    return {
        "ref": version.ref,
        "name": version.name,
        "version": version.version,
        "aliases": [
            {"name": alias, "stray": alias in version.stray_aliases} for alias in _champion_first(version.aliases)
        ],
        "badges": list(_badges(version)),
        "metric": _measure(version, metric),
        "algorithm": version.algorithm,
        "description": version.description,
        "created_at": version.created_at,
        "created_by": version.created_by,
    }


def model_row(row: ModelRow) -> Json:
    """Write a model as a row."""
    model = row.model
    return {
        "name": model.name,
        "versions": model.versions,
        "latest": model.latest,
        "aliases": [
            {"name": alias, "version": model.aliases[alias], "stray": alias in model.stray_aliases}
            for alias in _champion_first(model.aliases)
        ],
        "champion": row.champion.ref if row.champion else None,
        "metric": _measure(row.champion, row.metric) if row.champion else None,
        "updated_at": model.updated_at,
    }


def section_heads(sections: Iterable[Section]) -> list[Json]:
    """Write which sections a page has."""
    return [{"id": section.id, "title": section.title} for section in sections]


def form(found: Form) -> Json:
    """Write a form."""
    fields = [
        {
            "name": field.name,
            "label": field.label,
            "value": field.value,
            "kind": field.kind,
            "options": list(field.options),
            "help": field.help,
        }
        for field in found.fields
    ]
    return {"verb": found.verb, "title": found.title, "fields": fields, "needs_reason": found.needs_reason}


def change(made: Change) -> Json:
    """Write a change."""
    return {"verb": made.verb, "ref": made.ref, "values": dict(made.values), "reason": made.reason}


def _champion_first(aliases: Iterable[str]) -> list[str]:
    """Put the alias first that is looked for first; the others keep their order."""
    return sorted(aliases, key=lambda alias: alias != CHAMPION)


def _badges(version: ModelVersion) -> Iterator[Json]:
    """Write what is out of the ordinary, in the words of :func:`nbregistry.display.views.parts.badges`."""
    if version.status != "active":
        text = version.status.replace("_", " ")
        yield {"text": text, "kind": "status", "stray": "status" in version.stray_fields}
    if version.collected_at:
        yield {"text": "no artifacts", "kind": "artifacts", "stray": False}
    if version.approval != "PendingManualApproval":
        text = version.approval.lower()
        yield {"text": text, "kind": "approval", "stray": "approval" in version.stray_fields}
    if not version.trusted:
        yield {"text": "key not trusted", "kind": "signature", "stray": False}


def _measure(version: ModelVersion, metric: str) -> Json | None:
    value = version.metrics.get(metric)
    if value is None:
        return None
    return {"name": metric, "value": float(value) if math.isfinite(value) else None, "text": number(value)}
