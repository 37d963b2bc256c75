"""In what versions differ: parameters, data, features, environment, code, size, model.

What is equal is counted and not listed, so that what stands there is worth reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from nbregistry.evaluation.training_differences import training_differences
from nbregistry.model import ModelVersion, Scalar

_FINGERPRINT = re.compile(r"(sha256:[0-9a-f]{8})[0-9a-f]{56}")


@dataclass(frozen=True)
class Difference:
    """One thing in which versions differ.

    Attributes
    ----------
    name : str
        The parameter, package, column …
    values : dict
        Reference to its value; ``None`` where a version has no such thing (a parameter that is Python's
        ``None`` reads ``"None"``, one at its default ``"1.0 (default)"``).
    """

    name: str
    values: Mapping[str, Scalar]


Facts = Mapping[str, Scalar]
"""What is known of one version under one heading; an absent name means it has no such thing."""

ABSENT = object()
ONLY_HERE = "(loaded in some only)"


def find_differences(
    versions: Sequence[ModelVersion], *, baseline: str = "", training: Mapping[str, Any] | None = None
) -> tuple[dict[str, tuple[Difference, ...]], dict[str, int]]:
    """Tell in what versions differ, heading by heading.

    Parameters
    ----------
    versions : sequence of ModelVersion
    baseline : str
        Reference of the version that training data are held against; left out, they are not counted.
    training : dict, optional
        Reference to the sorted fingerprints of the rows that a version was trained on, where they are known.

    Returns
    -------
    tuple of two dicts
        Heading to its differences (only those with any), and heading to how many things are equal.

    Examples
    --------
    >>> one = ModelVersion("churn", 1, params={"C": 0.5}, default_params={"tol": 0.1})
    >>> two = ModelVersion("churn", 2, default_params={"C": 1.0, "tol": 0.1})
    >>> differences, equal = find_differences([one, two])
    >>> differences["params"][0].values, equal["params"]
    ({'churn@1': 0.5, 'churn@2': '1.0 (default)'}, 1)
    """
    evaluated_on: dict[str, str] = {}
    headings: dict[str, list[Facts]] = {
        "params": [{**version.default_params, **version.params} for version in versions],
        "data": [
            {**_data(version, evaluated_on), **counted}
            for version, counted in zip(versions, training_differences(versions, baseline, training or {}), strict=True)
        ],
        "features": _features(versions),
        "environment": _environments(versions),
        "code": [_code(version) for version in versions],
        "size": [{"bytes": version.size} for version in versions],
        "model": [_model(version) for version in versions],
    }
    differences: dict[str, tuple[Difference, ...]] = {}
    equal: dict[str, int] = {}
    for heading, facts in headings.items():
        names = list(dict.fromkeys(name for known in facts for name in known))
        differing = [name for name in names if not _all_equal(known.get(name, ABSENT) for known in facts)]
        if heading == "environment":
            differing.sort(key=lambda name: _part_that_differs(known.get(name, "") for known in facts))
        equal[heading] = len(names) - len(differing)
        if heading == "params":
            found = [_param(name, versions) for name in differing if _is_telling(name, versions)]
        else:
            found = [
                Difference(
                    name,
                    {version.ref: _shown(known.get(name)) for version, known in zip(versions, facts, strict=True)},
                )
                for name in differing
            ]
        if found:
            differences[heading] = tuple(found)
    return differences, equal


def _part_that_differs(releases: Iterable[Scalar]) -> int:
    """Give which part of a release's number is the first that differs, so that majors come first.

    Examples
    --------
    >>> _part_that_differs(["1.9.1", "2.0.0"]), _part_that_differs(["1.9.1", "1.9.3", "1.9.1"])
    (0, 2)
    """
    parts = [re.split(r"[.+-]", str(release)) for release in releases]
    return next((place for place, values in enumerate(zip_longest(*parts)) if len(set(values)) > 1), len(parts))


def same(one: Any, other: Any) -> bool:
    """Tell whether two scalars are equal: NaN is itself, and ``True`` is not 1."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other) or (one != one and other != other)  # noqa: PLR0124


def _all_equal(values: Iterable[Any]) -> bool:
    first, *others = [*values] or [ABSENT]
    return all(same(first, other) for other in others)


def _param(name: str, versions: Iterable[ModelVersion]) -> Difference:
    def shown(version: ModelVersion) -> Scalar:
        if name in version.params:
            value = version.params[name]
            return "None" if value is None else value
        return f"{version.default_params[name]} (default)" if name in version.default_params else None

    return Difference(name, {version.ref: shown(version) for version in versions})


def _is_telling(name: str, versions: Sequence[ModelVersion]) -> bool:
    """Tell whether a parameter says more than that the algorithms differ.

    One that nobody set by hand comes with the algorithm, unless the same algorithm has another default elsewhere.
    """
    if any(name in version.params for version in versions):
        return True
    defaults: dict[str, list[Scalar]] = {}
    for version in versions:
        if name in version.default_params:
            defaults.setdefault(version.algorithm, []).append(version.default_params[name])
    return not all(map(_all_equal, defaults.values()))


def _data(version: ModelVersion, evaluated_on: dict[str, str]) -> Facts:
    """Give each data set by shape and fingerprint.

    Rows that a version is measured on are the same in another order or table: they go by the fingerprint that came
    first. A model that learns from them may become another one.
    """
    facts: dict[str, list[str]] = {}
    for dataset in version.datasets:
        fingerprint = dataset.fingerprint
        if dataset.role == "evaluation":
            fingerprint = evaluated_on.setdefault(dataset.rows_known_by, fingerprint)
        facts.setdefault(dataset.role, []).append(f"{dataset.rows} × {dataset.columns} {fingerprint}")
    return {role: ", ".join(lines) for role, lines in facts.items()}


def _shown(value: Scalar) -> Scalar:
    """Shorten fingerprints: compared whole, shown by their beginning."""
    return _FINGERPRINT.sub(r"\1…", value) if isinstance(value, str) else value


def _features(versions: Iterable[ModelVersion]) -> list[Facts]:
    signatures = [version.signature for version in versions]
    facts: list[dict[str, Scalar]] = []
    for signature in signatures:
        known: dict[str, Scalar] = {column.name: column.dtype for column in signature.inputs if column.name}
        if signature.features is not None:
            known["(number)"] = signature.features
        if signature.classes:
            known["(classes)"] = ", ".join(signature.classes)
        facts.append(known)
    if len({frozenset(signature.feature_names) for signature in signatures}) == 1:
        # The same columns in another order: the names alone would look equal, so number the orders.
        orders = list(dict.fromkeys(signature.feature_names for signature in signatures))
        for known, signature in zip(facts, signatures, strict=True):
            if signature.feature_names:
                known["(order)"] = f"order {orders.index(signature.feature_names) + 1}"
    return list(facts)


def _environments(versions: Sequence[ModelVersion]) -> list[Facts]:
    """Give the system and each package that all have loaded; the rest in one line.

    What is loaded depends on what else went on in the kernel, so a package that is missing elsewhere is a weak hint.
    """
    packages = [version.environment.get("packages", {}) for version in versions]
    common = set(packages[0]).intersection(*packages) if packages else set()
    facts: list[Facts] = []
    for version, loaded in zip(versions, packages, strict=True):
        known = {k: v for k, v in version.environment.items() if k not in ("packages", "sources")}
        known |= dict(_flat("from", version.environment.get("sources", {})))
        known |= {name: loaded[name] for name in loaded if name in common}
        others = ", ".join(name for name in loaded if name not in common)
        facts.append(known | ({ONLY_HERE: others} if others else {}))
    return facts


def _code(version: ModelVersion) -> Facts:
    return dict(_flat("", version.code))


def _flat(prefix: str, value: Any) -> Iterable[tuple[str, Scalar]]:
    """Give the leaves of nested records, named by their path; lists as text."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
    elif value is None or isinstance(value, str | int | float):
        yield prefix, value
    else:
        yield prefix, str(value)


def _model(version: ModelVersion) -> Facts:
    facts: dict[str, Scalar] = {
        "algorithm": version.algorithm,
        "flavor": version.flavor,
        "format": version.format,
    }
    if version.training_seconds is not None:
        facts["training_seconds"] = version.training_seconds
    return facts
