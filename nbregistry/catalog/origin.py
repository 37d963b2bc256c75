"""Where an imported version or evaluation came from, and the proof of who signed it there.

Importing must not turn a stranger's model, or what a stranger measured, into one's own. So each of them carries the
commit by which it came into its first registry, signature included, and counts as signed by that commit's key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact
from nbregistry.catalog.changes import MUTABLE_FIELDS
from nbregistry.catalog.commit import Commit, Envelope
from nbregistry.errors import Corrupt
from nbregistry.reference import recorded_ref
from nbregistry.trust import is_signed_by

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


# The signer vouched for all but these: where a version stands in a registry, and what may change there. Which model
# was evaluated is told by its digest.
_LOCAL_FIELDS = {
    "version": frozenset({"version", "parents", "depends_on"}) | MUTABLE_FIELDS,
    "evaluation": frozenset({"version"}),
}


def origin_of(registry: str, ref: str, envelope: Envelope) -> dict[str, str]:
    """Give the origin of a version or its evaluation: registry id, reference there, and the signed commit."""
    return {"registry": registry, "ref": ref, "payload": envelope.payload.decode(), "signature": envelope.signature}


def proven_signer(change: Mapping[str, Any]) -> Commit:
    """Check the origin of an imported version or evaluation and give the commit that brought it into its registry.

    Raises
    ------
    Corrupt
        If the signature is not of the key it names, or it signs something else.
    """
    origin, record, kind = change["origin"], change["record"], change["kind"]
    where = f"the origin of {record['name']!a}"
    try:
        envelope = Envelope.seal(origin["payload"].encode(), origin["signature"])
        commit = envelope.commit(where)
        # Only a registration at first hand vouches: an import by the same key repeats what somebody else said.
        signed = next(
            c["record"]
            for c in commit.changes
            if c["kind"] == kind and "origin" not in c and _matches(c["record"], record, _LOCAL_FIELDS[kind])
        )
        is_named = recorded_ref(signed) == origin["ref"]
    except (KeyError, TypeError, AttributeError, StopIteration):
        raise Corrupt(f"{where} is not what its signature covers", hint="ask for a new export") from None
    if not all(isinstance(text, str) for text in (commit.key, commit.at, commit.actor)):
        raise Corrupt(f"{where} does not say who it is by, and when", hint="ask for a new export")
    if not is_named or not is_signed_by(commit.key, envelope.signed_bytes, envelope.signature):
        raise Corrupt(f"{where} is not signed by the key it names", hint="ask for a new export")
    return commit


def _matches(signed: Mapping[str, Any], record: Mapping[str, Any], local: Container[str]) -> bool:
    # As bytes, so that NaN equals itself.
    return exact.dumps(_vouched(signed, local)) == exact.dumps(_vouched(record, local))


def _vouched(record: Mapping[str, Any], local: Container[str]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in local}
