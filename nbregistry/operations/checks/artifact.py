"""Whether a version's artifact is as it was written, and by somebody you trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError
from nbregistry.operations.loading import check_kept
from nbregistry.outcomes import Check
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.operations.loading import Loader


def check_bytes(document: Mapping[str, Any], loader: Loader) -> Check:
    """Read every blob of the model, whatever it is."""
    try:
        check_kept(document)
        problems = loader.problems(document["digest"])
    except RegistryError as error:
        problems = [error.message]
    if problems:
        return Check("bytes", "failed", "; ".join(problems))
    return Check("bytes", "passed", f"{document['size']:,} bytes match {document['digest'][:19]}…")


def check_signature(document: Mapping[str, Any], loader: Loader) -> Check:
    """See whose key signed it."""
    key = document["signed_by"]
    if loader.keyring.is_trusted(key):
        return Check("signature", "passed", f"signed by {fingerprint(key)}, which you trust")
    return Check("signature", "warned", f"signed by {fingerprint(key)}, which you do not trust: %registry trust {key}")
