"""One version: the quiet card right after it was registered, or its full record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.views import record, registered

if TYPE_CHECKING:
    from nbregistry.display.blocks import Card
    from nbregistry.model import ModelVersion


def card(version: ModelVersion) -> Card:
    """Show a version."""
    return record.card(version) if version.registration is None else registered.card(version, version.registration)
