"""The checks before an alias moves, in their order: bytes, signature, environment, dependencies, loads, predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.operations.checks.artifact import check_bytes, check_signature
from nbregistry.operations.checks.dependencies import check_dependencies
from nbregistry.operations.checks.environment import check_environment
from nbregistry.operations.checks.model import check_model
from nbregistry.progress import Progress
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.operations.workspace import Workspace
    from nbregistry.outcomes import Check


def run_checks(workspace: Workspace, document: Mapping[str, Any], *, isolated: bool = False) -> tuple[Check, ...]:
    """Look at a version before an alias points at it.

    Parameters
    ----------
    workspace : Workspace
    document : dict
        The version's.
    isolated : bool, default False
        Load it and let it predict in a process of its own.
    """
    view, loader = workspace.catalog.view, workspace.loader
    # Its bytes are read twice: once whatever they are, once to load it.
    with Progress(f"check {recorded_ref(document)}", 2 * document["size"]):
        beforehand = (
            check_bytes(document, loader),
            check_signature(document, loader),
            check_environment(document, view, loader),
            check_dependencies(document, view, loader),
        )
        if isolated and loader.loads_models:
            from nbregistry.operations.checks.isolated import check_isolated

            return (*beforehand, *check_isolated(workspace.root, document, loader))
        return (*beforehand, *check_model(document, loader))
