"""What an answer depends on, as an ETag: as long as it is the same, there is nothing to say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import nbregistry
from nbregistry.server import strict_json
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from nbregistry.server.service import Asked, Opened


def etag_of(opened: Opened, operation: str, asked: Asked) -> str:
    """Give the ETag of an answer, without making it.

    It has the registry's last commit and its place, whether it can be written, the last change of whom the user trusts
    (a stranger's change is marked), this release and the question itself.

    It does not come back with a key that is trusted and then not any more: an answer from between, which somebody still
    shows or a browser keeps, would pass for the answer of now.
    """
    keyring = Keyring()
    depends_on = {
        "head": opened.registry.head(),
        "place": str(opened.folder),
        "read_only": opened.read_only,
        "own": keyring.own,
        "trust": keyring.trust_stamp(),
        "release": nbregistry.__version__,
        "operation": operation,
        "asked": asked,
    }
    return f'"{hashlib.sha256(strict_json.dumps(depends_on)).hexdigest()[:32]}"'
