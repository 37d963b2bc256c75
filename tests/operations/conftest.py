"""A notebook for the tests of what its cells leave with a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbregistry import magics
from tests.operations.notebooks import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell(tmp_path: Path, root: Path, in_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A notebook's shell, in an empty folder, that has loaded the extension; its registry is the test's."""
    monkeypatch.setenv("NBREGISTRY_URL", str(root))
    with notebook(tmp_path) as shell:
        magics.load(shell)
        yield shell
