"""The changes a commit can hold: what a plan writes and what the view applies.

Each is a JSON object with a ``kind``. A reader that meets a kind it does not know stops politely rather than
show a registry with a hole in it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Change = dict[str, Any]
MUTABLE_FIELDS = frozenset({"tags", "description", "status", "approval", "reproduction"})


def put_version(record: Mapping[str, Any]) -> Change:
    """A new version; ``record`` holds its name and number."""
    return {"kind": "version", "record": dict(record)}


def put_evaluation(record: Mapping[str, Any]) -> Change:
    """A new evaluation of a version."""
    return {"kind": "evaluation", "record": dict(record)}


def put_shared(value: Any) -> tuple[str, Change]:
    """A fact that many versions share (an environment, a schema), kept once under its digest."""
    digest = "sha256:" + hashlib.sha256(exact.dumps(value)).hexdigest()
    return digest, {"kind": "shared", "digest": digest, "value": value}


def move_alias(name: str, alias: str, version: int) -> Change:
    """An alias that points at another version from now on."""
    return {"kind": "alias", "name": name, "alias": alias, "version": version}


def set_policy(name: str, alias: str, require: Sequence[str]) -> Change:
    """What is required before an alias is put on a version of a model, or of any where the name is ``""``."""
    return {"kind": "policy", "name": name, "alias": alias, "require": list(require)}


def set_fields(name: str, version: int, **fields: Any) -> Change:
    """New values for the fields of a version that may change: tags, description, status, approval, reproduction."""
    return {"kind": "fields", "name": name, "version": version, "fields": fields}


def keep_artifacts(name: str, version: int, *, kept: bool) -> Change:
    """A version's artifacts are no longer kept, by decision and not by damage; or are kept again."""
    return {"kind": "artifacts", "name": name, "version": version, "kept": kept}
