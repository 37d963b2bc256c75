"""What changes a registry, or writes a file: one function for each POST of the contract, run off the event loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbregistry.browsing.changes import Change, is_refused
from nbregistry.errors import Refused
from nbregistry.model import ModelVersion
from nbregistry.outcomes import Move
from nbregistry.server import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.server.service import Answer, Asked, Opened
    from nbregistry.shown import Shown


def post_change(opened: Opened, asked: Asked) -> Answer:
    """Look at a change in a dry run, or make it."""
    change = Change(**asked["change"])
    if not asked["dry_run"] and opened.read_only:
        raise Refused("this server may not write to this registry", hint="give its user the right to, or use a kernel")
    shown = change.dry_run(opened.registry) if asked["dry_run"] else change.make(opened.registry)
    as_shown = change.as_shown(shown)
    return {
        "card": opened.card(shown),
        "applied": not asked["dry_run"] and _is_applied(shown),
        "refused": asked["dry_run"] and is_refused(shown),
        "change": rows.change(as_shown),
        "line": as_shown.line(),
        "seq": opened.registry.head()[0],
    }


def _is_applied(shown: Shown) -> bool:
    if isinstance(shown, Move):
        return shown.applied
    return isinstance(shown, ModelVersion) and shown.edit is not None and shown.edit.applied


def post_export(opened: Opened, asked: Asked) -> Answer:
    """Write a version into a new file below the root."""
    place = opened.jail.new_file(asked["path"])
    written = opened.registry.export(asked["ref"], place)
    path = opened.jail.path_of(place)
    return {"card": opened.card(replace(written, path=path)), "path": path}


CHANGING: dict[str, Callable[[Opened, Asked], Answer]] = {"postChange": post_change, "postExport": post_export}
"""By the contract's operations."""
