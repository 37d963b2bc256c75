"""The quickstart's story, three registers in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()


@pytest.fixture
def story(registry: Registry) -> Registry:
    """Three versions; the first is the champion and the parent of the others."""
    registry.register(
        "tumour", pipeline(), on=(X_test, y_test), train=(X_train, y_train), tags={"team": "onco"}, alias="champion"
    )
    registry.register("tumour", forest(), on=(X_test, y_test), train=(X_train, y_train), parents="tumour@1")
    registry.register(
        "tumour", pipeline(0.01), on=(X_test, y_test), train=(X_train, y_train), parents=["tumour@champion"]
    )
    return registry
