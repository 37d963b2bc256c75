"""What a caller requires this time, or once for all; the parser is imported only where anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.operations.values import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.operations.gates.requirements import Requirement


def read_given(require: Sequence[str]) -> tuple[Requirement, ...]:
    """Read requirements as a caller gives them.

    Raises
    ------
    InvalidRequirement
    """
    if not require:
        return ()
    from nbregistry.operations.gates.parsing import read_all

    return read_all([check_text("a requirement", text) for text in require])
