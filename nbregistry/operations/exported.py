"""What an export says: records, the facts they share, and evaluations; checked before any of it is believed.

The types, the order and the signatures are checked here. What the versions would become in this registry is the
business of :mod:`nbregistry.operations.transfer`, and the file around them that of
:mod:`nbregistry.operations.bundle`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.hashing import hex_of
from nbregistry.catalog.origin import proven_signer
from nbregistry.catalog.schema import are_facts, is_dataset, is_text, is_texts
from nbregistry.errors import InvalidName, RegistryError
from nbregistry.operations.records import SHARED_FIELDS
from nbregistry.reference import check_model_name, name_and_number, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

FORMAT = 1
BESIDE = ("training_rows", "example", "recorded_code", "recorded_sources")
"""Fields of a record that name further artifacts: of the rows it was trained on, a few that it takes, and its code."""


@dataclass(frozen=True)
class Contents:
    """What ``bundle.json`` says: every part of it is there, of the right type, and of who signed it.

    Attributes
    ----------
    versions, evaluations : list of dict
        Makers before what they made.
    shared : dict
        Facts by digest.
    """

    versions: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    shared: dict[str, Any]

    @property
    def artifacts(self) -> dict[str, None]:
        """The roots of all artifacts, in their order."""
        roots = [root for version in self.versions for root in roots_of(version["record"])]
        return dict.fromkeys(roots + [evaluation["record"]["digest"] for evaluation in self.evaluations])


def problem_of(found: Any) -> str:
    """Find what is wrong with the types and the order of a bundle; ``""`` for nothing.

    Raises
    ------
    RegistryError
        If a signature or a name is not right.
    """
    if not _has(found, _BUNDLE_PARTS) or not found["versions"]:
        return "its parts are not what they should be"
    digests: dict[str, str] = {}
    origins: set[tuple[str, str]] = set()
    for version in found["versions"]:
        problem = _problem_of_version(version, digests, found["shared"])
        if problem:
            return problem
        origin = version["origin"]["payload"], version["origin"]["ref"]
        if version["ref"] in digests or origin in origins:
            return f"{version['ref']!a:.90} is in it twice"
        digests[version["ref"]] = version["record"]["digest"]
        origins.add(origin)
    for evaluation in found["evaluations"]:
        if not (
            _has(evaluation, _EVALUATION_PARTS)
            and _has(evaluation["record"], _MEASURED_PARTS)
            and _has(evaluation["origin"], _ORIGIN_PARTS)
        ):
            return "an evaluation in it is not what it should be"
        measured = evaluation["record"]
        if digests.get(recorded_ref(measured)) != measured["model"]:
            return f"it lacks {measured['name']!a:.90}@{measured['version']}, which was evaluated"
        proven_signer({"kind": "evaluation", **evaluation})
    return ""


def _problem_of_version(version: Any, earlier: Container[str], shared: Mapping[str, Any]) -> str:
    if not (
        _has(version, _VERSION_PARTS)
        and _has(version["record"], _RECORD_PARTS)
        and _has(version["since"], _SINCE_PARTS)
        and _has(version["origin"], _ORIGIN_PARTS)
    ):
        return "a version in it is not what it should be"
    ref = version["ref"]
    found = name_and_number(ref)
    if found is None or found[0] != version["record"]["name"] or not _is_name(found[0]):
        return f"{ref!a:.90} does not name its version"
    # An export holds whatever a version came from, and that before it.
    missing = next((maker for maker in (*version["parents"], *version["depends_on"]) if maker not in earlier), None)
    if missing is not None:
        return f"it lacks {missing!a:.90}, which {ref!a:.90} came from"
    record = version["record"]
    wrong = next((key for key in BESIDE if not _is_digest(record.get(key) or record["digest"])), None)
    if wrong:
        return f"the {wrong.replace('_', ' ')} of {ref!a:.90} cannot be read"
    if not all(isinstance(digest, str) for digest in shared_by(record)) or not are_facts(record, shared.get):
        return f"facts of {ref!a:.90} are missing, or are not what they should be"
    proven_signer({"kind": "version", "record": version["record"], "origin": version["origin"]})
    return ""


def roots_of(document: Mapping[str, Any]) -> list[str]:
    """Give the roots of a version's artifacts: the model, and what is kept beside it."""
    return [root for root in (document["digest"], *map(document.get, BESIDE)) if root]


def shared_by(document: Mapping[str, Any]) -> list[str]:
    """Give the digests of the facts that a version shares with others."""
    digests = [document.get(key) for key in SHARED_FIELDS]
    return [digest for digest in (*digests, *document.get("datasets", ())) if digest]


def _is_name(text: str) -> bool:
    try:
        return bool(check_model_name(text))
    except InvalidName:
        return False


def _has(value: Any, parts: Mapping[str, Callable[[Any], bool]]) -> bool:
    return isinstance(value, dict) and all(key in value and is_right(value[key]) for key, is_right in parts.items())


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_digest(value: Any) -> bool:
    try:
        return bool(hex_of(value))
    except (TypeError, RegistryError):
        return False


_BUNDLE_PARTS = {
    "format": lambda value: value == FORMAT,
    "versions": _is_list,
    "evaluations": _is_list,
    "shared": _is_object,
}
_VERSION_PARTS = {
    "ref": is_text,
    "record": _is_object,
    "since": _is_object,
    "parents": is_texts,
    "depends_on": is_texts,
    "origin": _is_object,
}
_RECORD_PARTS = {"name": is_text, "digest": _is_digest, "datasets": is_texts}
_SINCE_PARTS = {"tags": _is_object, "description": is_text}
_ORIGIN_PARTS = {"registry": is_text, "ref": is_text, "payload": is_text, "signature": is_text}
_EVALUATION_PARTS = {"record": _is_object, "origin": _is_object}
_MEASURED_PARTS = {
    "dataset": is_dataset,
    "model": _is_digest,
    "name": is_text,
    "version": lambda value: type(value) is int,
    "digest": _is_digest,
}
