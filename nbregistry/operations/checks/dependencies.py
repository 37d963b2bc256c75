"""Whether the versions that a model came from or uses are there and in order, and who uses the one that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack import digests_of
from nbregistry.errors import RegistryError
from nbregistry.outcomes import Check
from nbregistry.reference import name_and_number, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.catalog.view import View
    from nbregistry.operations.loading import Loader

_NAMED = 5


def check_dependencies(document: Mapping[str, Any], view: View, loader: Loader) -> Check:
    """Look at the versions upstream: what a model uses has to be there; what it was trained from need only be in order.

    No byte of theirs is read but the root of each artifact that is used.
    """
    used = list(dict.fromkeys(document["depends_on"]))
    parents = [ref for ref in dict.fromkeys(document["parents"]) if ref not in used]
    if not used and not parents:
        return Check("dependencies", "passed", "it uses no other version")
    failed = [told for ref in used if (told := _unusable(ref, view, loader))]
    warned = [told for ref in (*used, *parents) if (told := _out_of_order(ref, view))]
    if failed or warned:
        return Check("dependencies", "failed" if failed else "warned", _listed(list(dict.fromkeys(failed + warned))))
    return Check("dependencies", "passed", f"{_listed([*used, *parents])}: there and active")


def check_dependents(view: View, leaving: str | None, target: str) -> Check:
    """Name the versions that use the one which an alias leaves: their input is another one from now on, or should be.

    Parameters
    ----------
    view : View
    leaving : str or None
        The holder before; ``None`` if there was none.
    target : str
        The version that the alias is put on.
    """
    if leaving is None or leaving == target:
        return Check("dependents", "passed", "no version leaves")
    dependents = [document for document in view.all_versions() if leaving in document["depends_on"]]
    if not dependents:
        return Check("dependents", "passed", f"nothing depends on {leaving}")
    # What is in use is named first.
    dependents.sort(key=lambda document: not document["aliases"])
    named = [_with_aliases(document) for document in dependents]
    return Check("dependents", "warned", f"{_listed(named)} depend{'s' * (len(named) == 1)} on {leaving}")


def _with_aliases(document: Mapping[str, Any]) -> str:
    aliases = f" ({', '.join(document['aliases'])})" if document["aliases"] else ""
    return f"{recorded_ref(document)}{aliases}"


def _found(ref: str, view: View) -> Mapping[str, Any] | None:
    parts = name_and_number(ref)
    return view.version(*parts) if parts else None


def _unusable(ref: str, view: View, loader: Loader) -> str:
    """Say why a version cannot be used."""
    document = _found(ref, view)
    if document is None:
        return f"{ref} is not in this registry"
    if document.get("collected"):
        return f"{ref} has no artifacts any more"
    try:
        digests_of(loader.store, document["digest"])
    except RegistryError as error:
        return f"{ref}: {error.message}"
    return ""


def _out_of_order(ref: str, view: View) -> str:
    document = _found(ref, view)
    if document is None:
        return f"{ref} is not in this registry"
    if document["approval"] == "Rejected":
        return f"{ref} is rejected"
    return "" if document["status"] == "active" else f"{ref} is {document['status'].replace('_', ' ')}"


def _listed(found: list[str]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(found[:_NAMED]) + more
