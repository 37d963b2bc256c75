"""The notebooks are tests: their kernels get a user of their own, so that outputs and keys are nobody else's."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Generator[None, None, None]:
    """Set what a kernel inherits while it is started; nbval's cells know no fixtures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", tempfile.mkdtemp(prefix="nbregistry-"))
        patch.setenv("JUPYTERHUB_USER", "ada")
        patch.delenv("NBREGISTRY_URL", raising=False)
        patch.setenv("TQDM_DISABLE", "1")  # nbval does not know that an output can be replaced
        yield
