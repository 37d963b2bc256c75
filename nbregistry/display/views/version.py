"""One version: the quiet card right after it was registered or edited, or its full record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.views import edited, record, registered

if TYPE_CHECKING:
    from nbregistry.display.blocks import Card
    from nbregistry.model import ModelVersion


def card(version: ModelVersion) -> Card:
    """Show a version."""
    if version.registration:
        return registered.card(version, version.registration)
    return edited.card(version, version.edit) if version.edit else record.card(version)
