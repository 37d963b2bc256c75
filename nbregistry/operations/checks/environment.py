"""Whether the packages here are those that a model was made with; what can break it comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.outcomes import Check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.catalog.view import View
    from nbregistry.operations.loading import Loader

_NAMED = 6


@dataclass(frozen=True)
class Compared:
    """How the packages here differ from a record.

    Attributes
    ----------
    breaking : tuple of str
        What may keep a model from working: packages that are missing or of another major release, another Python.
    other : tuple of str
        Packages of another minor release.
    equal : int
        Packages that are as recorded.
    """

    breaking: tuple[str, ...]
    other: tuple[str, ...]
    equal: int


def check_environment(document: Mapping[str, Any], view: View, loader: Loader) -> Check:
    """Compare what is installed here with the version's record."""
    if not loader.loads_models:
        return Check("environment", "skipped", "not looked at: no model is loaded in this process")
    digest = document.get("environment")
    recorded = (view.shared_value(digest) if digest else None) or {}
    if not recorded.get("packages"):
        return Check("environment", "skipped", "none was recorded")
    from nbregistry.provenance.environment import capture_environment

    here = capture_environment()
    installed = {_normal(name): release for name, release in here["packages"].items()}
    compared = compare_environments(recorded, str(here["python"]), installed)
    total = compared.equal + len(compared.other)
    if compared.breaking:
        rest = f"; {len(compared.other)} more of another minor release" if compared.other else ""
        return Check("environment", "warned", f"{_listed(compared.breaking)}{rest}")
    if compared.other:
        told = f"{compared.equal} of {total} packages as recorded; {_listed(compared.other)}"
        return Check("environment", "passed", told)
    return Check("environment", "passed", f"Python and all {total} packages as recorded")


def compare_environments(recorded: Mapping[str, Any], python: str, loaded: Mapping[str, str]) -> Compared:
    """Compare a record with what is here.

    Parameters
    ----------
    recorded : dict
        With ``python`` and ``packages``, name to release.
    python : str
        The release here.
    loaded : dict
        Packages in use here, by their normal name; any other is looked up.

    Examples
    --------
    >>> record = {"python": "3.11.4", "packages": {"numpy": "1.26.4", "no-such-package": "1.0"}}
    >>> compare_environments(record, "3.12.1", {"numpy": "2.4.6"}).breaking
    ('numpy 1.26.4, here 2.4.6', 'no-such-package 1.0 is missing', 'Python 3.11.4, here 3.12.1')
    """
    majors: list[str] = []
    missing: list[str] = []
    other: list[str] = []
    equal = 0
    for name, release in recorded["packages"].items():
        here = loaded.get(_normal(name)) or _installed(name)
        if here == release:
            equal += 1
        elif here is None:
            missing.append(f"{name} {release} is missing")
        else:
            (other if _same(here, release, 1) else majors).append(f"{name} {release}, here {here}")
    then = str(recorded.get("python", python))
    pythons = () if _same(then, python, 2) else (f"Python {then}, here {python}",)
    return Compared((*majors, *missing, *pythons), tuple(other), equal)


def _same(one: str, other: str, parts: int) -> bool:
    """Tell whether the first parts of two releases' numbers are the same."""
    return re.split(r"[.+-]", one)[:parts] == re.split(r"[.+-]", other)[:parts]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> str | None:
    """Give the release of a package that is not loaded; its name may be a stranger's word."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except Exception:  # noqa: BLE001 - it is not there, is no name at all, or its metadata are broken in some way
        return None


def _listed(found: tuple[str, ...]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(one[:160] for one in found[:_NAMED]) + more
