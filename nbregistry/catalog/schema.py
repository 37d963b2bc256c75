"""What a commit must look like before any of it is believed: its types, its names, its digests.

A commit may come from anybody who can write to the folder. Whatever is odd about one is told as damage, in one
sentence; nothing else in this room needs to doubt what it reads.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nbregistry.catalog.changes import put_shared
from nbregistry.errors import Corrupt, RegistryError
from nbregistry.model import APPROVALS, REPRODUCTIONS, STATUSES
from nbregistry.reference import check_alias, check_model_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.catalog.commit import Commit

_LARGEST_VERSION = 10**9
_LARGEST_COUNT = 2**63
_SCALARS = (str, int, float, bool, type(None))


def check_schema(commit: Commit) -> None:
    """Check a commit's form; what it says about the registry is checked elsewhere.

    Raises
    ------
    Corrupt
    """
    for name in ("transaction", "at", "actor", "key", "verb", "ref", "reason"):
        _expect(commit, name, isinstance(getattr(commit, name), str))
    _expect(commit, "seq", type(commit.seq) is int)
    _expect(commit, "detail", isinstance(commit.detail, dict))
    _expect(commit, "changes", isinstance(commit.changes, list) and all(isinstance(c, dict) for c in commit.changes))
    for change in commit.changes:
        kind = change.get("kind")
        _expect(commit, "kind", isinstance(kind, str))
        check = _CHECKS.get(kind)
        if check is None:
            continue  # of a newer release: the view says so
        try:
            problem = check(change)
        except RegistryError as error:
            problem = error.message
        except (KeyError, TypeError, AttributeError, RecursionError):
            problem = "it lacks a part"
        if problem:
            raise Corrupt(f"commit {commit.seq} holds a {kind} change that is not right: {problem}", hint="%nbr verify")


def _expect(commit: Commit, name: str, right: bool) -> None:  # noqa: FBT001 - the question is the argument
    if not right:
        raise Corrupt(f"commit {commit.seq!a} is malformed: its {name} is not what it should be", hint="%nbr verify")


def _check_version(change: Mapping[str, Any]) -> str:
    record = change["record"]
    check_model_name(record["name"])
    return _first_wrong(record, _VERSION_FIELDS) or _number_problem(record)


def _check_evaluation(change: Mapping[str, Any]) -> str:
    record = change["record"]
    check_model_name(record["name"])
    lacking = [name for name in _EVALUATION_FIELDS if name not in record]
    wrong = _first_wrong(record, _EVALUATION_FIELDS | _LATER_EVALUATION_FIELDS)
    return wrong or _number_problem(record) or ", ".join(lacking)


def _check_alias(change: Mapping[str, Any]) -> str:
    check_model_name(change["name"])
    check_alias(change["alias"])
    return _number_problem(change)


def _check_policy(change: Mapping[str, Any]) -> str:
    if change["name"]:
        check_model_name(change["name"])
    check_alias(change["alias"])
    return "" if is_text(change["name"]) and is_texts(change["require"]) else "it is not text"


def _check_fields(change: Mapping[str, Any]) -> str:
    check_model_name(change["name"])
    if not isinstance(change["fields"], dict):
        return "fields"
    return _first_wrong(change["fields"], _VERSION_FIELDS) or _number_problem(change)


def _check_artifacts(change: Mapping[str, Any]) -> str:
    check_model_name(change["name"])
    return ("" if isinstance(change["kept"], bool) else "kept") or _number_problem(change)


def _check_shared(change: Mapping[str, Any]) -> str:
    digest, _ = put_shared(change["value"])
    return "" if digest == change["digest"] else "it is not what its digest says"


def _number_problem(record: Mapping[str, Any]) -> str:
    version = record["version"]
    return "" if type(version) is int and 0 < version < _LARGEST_VERSION else f"version {version!a}"


def _first_wrong(record: Mapping[str, Any], fields: Mapping[str, Callable[[Any], bool]]) -> str:
    return next((name for name, is_right in fields.items() if name in record and not is_right(record[name])), "")


def is_text(value: Any) -> bool:
    """Tell whether this is text."""
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def is_texts(value: Any) -> bool:
    """Tell whether this is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_scalars(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, _SCALARS) for item in value.values())


def is_numbers(value: Any) -> bool:
    """Tell whether these are metrics."""
    # Whatever shows a metric makes a float of it.
    return isinstance(value, dict) and all(
        type(item) is float or (type(item) is int and abs(item) <= sys.float_info.max) for item in value.values()
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < _LARGEST_COUNT


def _is_seconds(value: Any) -> bool:
    return value is None or (type(value) in (int, float) and 0 <= value <= sys.float_info.max)


def _is_timing(value: Mapping[str, Any]) -> bool:
    return type(value.get("seconds")) is float and _is_seconds(value["seconds"]) and is_text(value.get("machine"))


def _are_columns(value: Any) -> bool:
    return isinstance(value, list) and all(is_texts(column) and len(column) == 2 for column in value)


def is_dataset(value: Any) -> bool:
    """Tell whether this describes a data set."""
    return (
        isinstance(value, dict)
        and all(is_text(value.get(key)) for key in ("role", "name", "kind", "fingerprint"))
        and all(_is_number(value.get(key)) for key in ("rows", "columns"))
        and _are_columns(value.get("inputs", []))
        and _are_profiles(value.get("profile", []))
        and isinstance(value.get("ranges", []), list)
        and all(map(_is_range, value.get("ranges", [])))
        and is_text(value.get("any_order", ""))
        and isinstance(value.get("files", []), list)
        and all(map(_is_read_file, value.get("files", [])))
    )


def _is_read_file(value: Any) -> bool:
    """Tell whether this says what a file held."""
    return (
        isinstance(value, dict)
        and is_text(value.get("path"))
        and is_text(value.get("digest"))
        and _is_number(value.get("size"))
    )


def _is_range(value: Any) -> bool:
    """Tell whether this says from where to where a column goes."""
    if not isinstance(value, list) or len(value) != 4:
        return False
    name, lowest, highest, missing = value
    return is_text(name) and _is_bound(lowest) and _is_bound(highest) and _is_number(missing)


def _is_bound(value: Any) -> bool:
    return value is None or type(value) in (str, float) or (type(value) is int and abs(value) <= sys.float_info.max)


def _are_profiles(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_profile, value))


def _is_profile(value: Any) -> bool:
    """Tell whether this says how a column is spread: rising edges or values, and one more count than there are."""
    if not isinstance(value, list) or len(value) != 5:
        return False
    name, edges, values, counts, missing = value
    return (
        is_text(name)
        and isinstance(edges, list)
        and all(type(edge) in (int, float) and abs(edge) <= sys.float_info.max for edge in edges)
        and all(one < other for one, other in pairwise(edges))
        and is_texts(values)
        and bool(edges) != bool(values)
        and isinstance(counts, list)
        and all(map(_is_number, [*counts, missing]))
        and len(counts) == len(edges) + len(values) + 1
    )


def are_facts(record: Mapping[str, Any], fact_of: Callable[[str], Any]) -> bool:
    """Tell whether the facts that a version shares with others are there, and of the form that displays read.

    Parameters
    ----------
    record : dict
        Of a version.
    fact_of : callable
        Gives a fact by its digest, ``None`` if there is none.
    """
    named = [(key, record[key]) for key in _FACTS if record.get(key)]
    return all(_FACTS[key](fact_of(digest)) for key, digest in named) and all(
        is_dataset(fact_of(digest)) for digest in record.get("datasets", ())
    )


def _is_signature(value: Any) -> bool:
    """Tell whether this describes what a model takes and gives."""
    return (
        isinstance(value, dict)
        and _are_columns(value.get("inputs", []))
        and (value.get("features") is None or _is_number(value["features"]))
        and is_text(value.get("output", ""))
        and is_texts(value.get("classes", []))
    )


def _is_environment(value: Any) -> bool:
    """Tell whether this describes the packages that a model was made with."""
    if not isinstance(value, dict):
        return False
    packages, sources = value.get("packages", {}), value.get("sources", {})
    return (
        isinstance(packages, dict)
        and all(map(is_text, packages.values()))
        and isinstance(sources, dict)
        and all(map(_is_scalars, sources.values()))
    )


def _is_code(value: Any) -> bool:
    """Tell whether this describes where the code stood."""
    if not isinstance(value, dict):
        return False
    git = value.get("git", {})
    remotes = git.get("remotes", {}) if isinstance(git, dict) else {}
    return isinstance(remotes, dict) and all(map(is_text, remotes.values()))


def _is_reproduction(value: Any) -> bool:
    """Tell whether this says how making a version again went."""
    return (
        isinstance(value, dict)
        and all(map(is_text, value.values()))
        and (not value or value.get("outcome") in REPRODUCTIONS)
    )


_VERSION_FIELDS: dict[str, Callable[[Any], bool]] = {
    "description": is_text,
    "tags": _is_scalars,
    "params": _is_scalars,
    "metrics": is_numbers,
    "metrics_given": is_texts,
    "parents": is_texts,
    "depends_on": is_texts,
    "datasets": is_texts,
    "algorithm": is_text,
    "flavor": is_text,
    "format": is_text,
    "digest": is_text,
    "size": _is_number,
    "executes_code": lambda value: isinstance(value, bool),
    "signature": _is_text_or_none,
    "environment": _is_text_or_none,
    "code": _is_text_or_none,
    "default_params": _is_text_or_none,
    "training_rows": _is_text_or_none,
    "example": _is_text_or_none,
    "recorded_code": _is_text_or_none,
    "recorded_sources": _is_text_or_none,
    "reproduction": _is_reproduction,
    "training_seconds": _is_seconds,
    "status": lambda value: value in STATUSES,
    "approval": lambda value: value in APPROVALS,
}
_FACTS: dict[str, Callable[[Any], bool]] = {
    "signature": _is_signature,
    "environment": _is_environment,
    "code": _is_code,
    "default_params": _is_scalars,
}
_EVALUATION_FIELDS: dict[str, Callable[[Any], bool]] = {
    "evaluation": is_text,
    "metrics": is_numbers,
    "n": _is_number,
    "task": is_text,
    "classes": is_texts,
    "dataset": is_dataset,
    "model": is_text,
    "digest": is_text,
    "size": _is_number,
}
# What the first evaluations of a registry may lack.
_LATER_EVALUATION_FIELDS: dict[str, Callable[[Any], bool]] = {
    "warnings": is_texts,
    "scores": lambda value: value is None or _is_profile(value),
    "weights": is_text,
    "timing": lambda value: isinstance(value, dict) and (not value or _is_timing(value)),
}
_CHECKS: dict[Any, Callable[[Mapping[str, Any]], str]] = {
    "version": _check_version,
    "evaluation": _check_evaluation,
    "alias": _check_alias,
    "policy": _check_policy,
    "fields": _check_fields,
    "artifacts": _check_artifacts,
    "shared": _check_shared,
}
KINDS = frozenset(_CHECKS)
