"""One commit: an immutable record of one change, as one JSON file.

The file reads ``{"commit": …, "digest": "sha256:…", "signature": "ed25519:…"}`` on one line. The signature covers
the bytes of ``commit``; the digest covers those bytes and the signature; the next commit names the digest. So a
changed bit anywhere is found, by the file's own digest or by its successor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact
from nbregistry.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GENESIS = "sha256:" + "0" * 64
_HEAD, _DIGEST, _SIGNATURE, _TAIL = b'{"commit":', b',"digest":"', b'","signature":"', b'"}\n'
_DIGEST_LENGTH, _SIGNATURE_LENGTH = len(GENESIS), len("ed25519:") + 128
_TRAILER_LENGTH = len(_DIGEST) + _DIGEST_LENGTH + len(_SIGNATURE) + _SIGNATURE_LENGTH + len(_TAIL)
# Signatures are made over a prefix too, so that bytes signed for another purpose are never a commit.
_PURPOSE = b"nbregistry commit 1\n"


@dataclass(frozen=True)
class Commit:
    """A change, who made it, and the commit it follows.

    Attributes
    ----------
    seq : int
        1 for the first.
    previous : str
        Digest of the commit before, :data:`GENESIS` for the first.
    digest : str
        Of this commit.
    transaction : str
        Unique; a retry of the same request carries the same one.
    at, actor, key : str
        When (UTC, ISO 8601), who, and the public key that signed.
    verb, ref, reason : str
    detail : dict
        What a person wants to read in the journal.
    changes : list of dict
        What the catalog has to apply, in order.
    """

    seq: int
    previous: str
    digest: str
    transaction: str
    at: str
    actor: str
    key: str
    verb: str
    ref: str
    reason: str
    detail: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Envelope:
    """The bytes of a commit file, taken apart and checked against their own digest.

    Attributes
    ----------
    payload : bytes
        Canonical JSON of the commit, without digest and signature.
    signature, digest : str
    """

    payload: bytes
    signature: str
    digest: str

    @classmethod
    def seal(cls, payload: bytes, signature: str) -> Envelope:
        """Put payload and signature together."""
        return cls(payload, signature, _digest(payload, signature))

    @classmethod
    def open(cls, data: bytes, where: str) -> Envelope:
        """Take a file's bytes apart.

        Raises
        ------
        Corrupt
            If the bytes are not those that were written.
        """
        trailer = data[-_TRAILER_LENGTH:]
        digest = trailer[len(_DIGEST) :][:_DIGEST_LENGTH]
        signature = trailer[-len(_TAIL) - _SIGNATURE_LENGTH : -len(_TAIL)]
        payload = data[len(_HEAD) : -_TRAILER_LENGTH]
        expected = b"".join((_HEAD, payload, _DIGEST, digest, _SIGNATURE, signature, _TAIL))
        if (
            data != expected
            or not signature.isascii()
            or digest != _digest(payload, signature.decode("ascii", "replace")).encode()
        ):
            raise Corrupt(
                f"{where} is damaged: its digest does not match", hint="%nbr verify; restore it from a backup"
            )
        return cls(payload, signature.decode(), digest.decode())

    def to_bytes(self) -> bytes:
        """Give the bytes of the file."""
        signature, digest = self.signature.encode(), self.digest.encode()
        return b"".join((_HEAD, self.payload, _DIGEST, digest, _SIGNATURE, signature, _TAIL))

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return signed_bytes(self.payload)

    def commit(self, where: str) -> Commit:
        """Read the commit.

        Raises
        ------
        Corrupt
            If it lacks a field.
        """
        try:
            return Commit(digest=self.digest, **exact.loads(self.payload))
        except (ValueError, TypeError, RecursionError) as error:
            raise Corrupt(f"{where} is not a commit: {error}", hint="%nbr verify") from None


def signed_bytes(payload: bytes) -> bytes:
    """What is signed for a payload."""
    return _PURPOSE + payload


def _digest(payload: bytes, signature: str) -> str:
    return "sha256:" + hashlib.sha256(b"\n".join((payload, signature.encode()))).hexdigest()
