"""Lineage that is found and was not given: what a model was loaded from, it came from.

What the caller names stays as it is and is not found a second time. How each was found is said once, on the card.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound, Refused
from nbregistry.model import Finding
from nbregistry.operations.resolving import resolve
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.model import ModelVersion
    from nbregistry.operations.registration.request import Request
    from nbregistry.operations.workspace import Workspace
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.provenance.loaded import Origin


def loaded_from(workspace: Workspace, model: Any) -> tuple[Finding, ...]:
    """Find the versions of this registry that a model, or a part of it, was loaded from."""
    from nbregistry.provenance.loaded import loads, origin_of
    from nbregistry.provenance.parts import parts_in_use

    registry = _id(workspace)
    if not loads(registry):  # most: nothing to look for
        return ()
    found: dict[str, Finding] = {}
    for part in parts_in_use(model):
        origin = origin_of(part)
        if origin and origin.registry == registry:
            finding = Finding("parent", origin.ref, _why(origin, whole=part is model), origin.digest)
            found.setdefault(origin.ref, finding)
    return tuple(found.values())


def used_by_code(
    workspace: Workspace, code: RecordedCode | None, namespace: Mapping[str, Any] | None
) -> tuple[Finding, ...]:
    """Find the versions of this registry that the code which made a model uses.

    One that training begins from (``xgb_model=``, ``init_model=``, ``coef_init=``) is a parent; what any other says is
    taken to feed the model.

    Parameters
    ----------
    workspace : Workspace
    code : RecordedCode or None
    namespace : dict or None
        The notebook's variables; those of whoever listens if left out.
    """
    from nbregistry.provenance.cells.listening import listening
    from nbregistry.provenance.loaded import loads, refs_loaded_as

    registry, recorder = _id(workspace), listening()
    if code is None or not loads(registry):
        return ()
    variables = recorder.namespace if namespace is None and recorder else namespace or {}
    return tuple(
        Finding("parent", ref, f"the code that made it trains {name} further, which was loaded from it")
        if name in code.continued_names
        else Finding("dependency", ref, f"the code that made it uses {name}, which was loaded from it")
        for name, ref in refs_loaded_as(variables, registry).items()
        if name in code.names
    )


def _id(workspace: Workspace) -> str:
    try:
        return workspace.format().id
    except NotFound:  # the first register makes it
        return ""


def _why(origin: Origin, *, whole: bool) -> str:
    what = "this model" if whole else "a part of this model"
    if origin.how == "loaded":
        return f"{what} was loaded from it"
    return f"{what} was loaded from an earlier version and registered as it since"


def with_findings(view: View, request: Request, findings: Iterable[Finding]) -> tuple[Request, tuple[Finding, ...]]:
    """Add to a request what was found and is not named in it already, as a parent or as a dependency.

    Parameters
    ----------
    view : View
    request : Request
    findings : iterable of Finding
        Where one version is found twice, the first counts.

    Returns
    -------
    Request
    tuple of Finding
        Those that were added.
    """
    named = {recorded_ref(resolve(view, ref)) for ref in (*request.parents, *request.depends_on)}
    new: dict[str, Finding] = {}
    for finding in findings:
        if finding.ref not in named and _is_here(view, finding):
            new.setdefault(finding.ref, finding)
    parents, depends_on = (
        tuple(finding.ref for finding in new.values() if finding.kind == kind) for kind in ("parent", "dependency")
    )
    extended = replace(request, parents=(*request.parents, *parents), depends_on=(*request.depends_on, *depends_on))
    return extended, tuple(new.values())


def _is_here(view: View, finding: Finding) -> bool:
    """Tell whether it is the version that was meant: a folder may have been replaced by an older copy of it."""
    try:
        return finding.digest in ("", resolve(view, finding.ref)["digest"])
    except NotFound:
        return False


@contextmanager
def declinable(findings: Sequence[Finding]) -> Iterator[None]:
    """Where what was found makes a registration impossible, say how to do without it."""
    try:
        yield
    except Refused as error:
        if findings:
            refs = ", ".join(finding.ref for finding in findings)
            error.otherwise = (*error.otherwise, f"--no-lineage (find_lineage=False) leaves out what was found: {refs}")
        raise


def compared(findings: Iterable[Finding], digest: str) -> tuple[Finding, ...]:
    """Say of those that the new version has the same bytes as, that it does."""
    return tuple(
        replace(finding, why=f"{finding.why}; its bytes are the same") if finding.digest == digest else finding
        for finding in findings
    )


def go_on_as(workspace: Workspace, model: Any, version: ModelVersion) -> None:
    """Remember a loaded model that was registered: if it is trained on, that comes from the new version."""
    from nbregistry.provenance.loaded import Origin, origin_of, remember

    registry = _id(workspace)
    origin = origin_of(model)
    if origin and origin.registry == registry:
        remember(model, Origin(version.ref, registry, version.digest, how="registered"))
