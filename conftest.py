"""Examples in docstrings run as a user of their own: nobody's own keys are read or written."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _somebody() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as home:
        before = os.environ.get("NBREGISTRY_HOME")
        os.environ["NBREGISTRY_HOME"] = home
        yield
        if before is None:
            del os.environ["NBREGISTRY_HOME"]
        else:
            os.environ["NBREGISTRY_HOME"] = before
