"""Whose commits are believed: this user's Ed25519 key, and the keys this user trusts.

Both live in a folder of the user, never in a registry: whoever can write to a registry must not be able to
say whom to trust, nor what was there before (:mod:`nbregistry.catalog.seen`). The folder is ``NBREGISTRY_HOME``, or
the platform's place for data of applications.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from nbregistry.artifacts.durable import Staged, in_doubt, locked, make_folder, sync_folder, write_new
from nbregistry.errors import Corrupt, InvalidName, NotFound, StorageError
from nbregistry.outcomes import TrustedKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SCHEME = "ed25519:"
_KEY = re.compile(r"ed25519:[0-9a-f]{64}")
# Twelve bytes of a key are enough to tell it on a screen and too many to forge by trying.
_FINGERPRINT_LENGTH = len(_SCHEME) + 24


def fingerprint(key: str) -> str:
    """Give the short form of a public key, as it is shown and as ``trust`` takes it.

    Examples
    --------
    >>> fingerprint("ed25519:" + "ab" * 32)
    'ed25519:abababababababababababab'
    """
    return key[:_FINGERPRINT_LENGTH]


def check_key(key: str) -> str:
    """Give a public key back if it is a whole one.

    Raises
    ------
    InvalidName
        A fingerprint is not enough to trust somebody by.
    """
    if not _KEY.fullmatch(key):
        raise InvalidName(f"{key!a:.120} is not a public key", hint="a key is 'ed25519:' and 64 hex digits")
    return key


def home() -> Path:
    """Give the user's own folder for keys and trust."""
    chosen = os.environ.get("NBREGISTRY_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_data_path("nbregistry", appauthor=False)


class Keyring:
    """The user's signing key and the keys the user trusts.

    Parameters
    ----------
    folder : Path, optional
        Default: :func:`home`. Made when the first key is written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = home() if folder is None else folder
        self._trusted: dict[str, str] = {}
        self._trusted_stamp: tuple[int, int] | None = None
        self._is_settled = False

    @property
    def folder(self) -> Path:
        """The user's own folder."""
        return self._folder

    @property
    def own(self) -> str | None:
        """The user's public key, ``None`` as long as nothing was ever signed here."""
        return self.__dict__.get("key") or (None if self._written_key() is None else self.key)

    @cached_property
    def key(self) -> str:
        """The user's public key, ``ed25519:<hex>``; made at first use."""
        return _SCHEME + self._private.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        """Sign bytes; gives ``ed25519:<hex>``."""
        private = self._private
        if not self._is_settled:
            # Another process may have made the key this moment: what it signs must not outlive it in a power cut.
            with _explained("your signing key cannot be kept"):
                sync_folder(self._folder)
            self._is_settled = True
        return _SCHEME + private.sign(data).hex()

    def is_trusted(self, key: str) -> bool:
        """Tell whether a key is the user's own or one the user trusts."""
        return key == self.own or key in self._labels()

    def trusted(self) -> tuple[TrustedKey, ...]:
        """List the keys that were trusted by hand."""
        return tuple(TrustedKey(key, label) for key, label in self._labels().items())

    def trust_stamp(self) -> tuple[int, int] | None:
        """Tell one state of what the user trusts from another; unlike the keys, it never comes back.

        Returns
        -------
        tuple of int or None
            The time in ns and the inode of the file that has them; ``None`` as long as there is no such file.
        """
        with _explained("the keys you trust cannot be read"):
            try:
                status = self._trust_file.stat()
            except FileNotFoundError:
                return None
        return status.st_mtime_ns, status.st_ino

    def trust(self, key: str, label: str = "") -> TrustedKey:
        """Trust a public key for good.

        Raises
        ------
        InvalidName
            If it is not a whole key: a fingerprint is not enough to trust somebody by.
        """
        check_key(key)
        with self._changing() as labels:
            labels[key] = label
        return TrustedKey(key, label)

    def untrust(self, key: str) -> TrustedKey:
        """No longer trust a key; its fingerprint or label is enough.

        Raises
        ------
        NotFound
        """
        with self._changing() as labels:
            found = [known for known, label in labels.items() if key in (known, fingerprint(known), label)]
            if len(found) != 1:
                raise NotFound(f"{key!a} is not one trusted key", hint="%registry lists the keys that are trusted")
            return TrustedKey(found[0], labels.pop(found[0]), trusted=False)

    @property
    def _key_file(self) -> Path:
        return self._folder / "signing-key"

    @property
    def _trust_file(self) -> Path:
        return self._folder / "trusted-keys.json"

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        written = self._written_key()
        if written is None or self._key_file.name in in_doubt(self._folder):
            fresh = written or _key_text(Ed25519PrivateKey.generate())
            self._make_folder()
            # Two kernels may start at once: the first key to be written is everyone's.
            with _explained("your signing key cannot be written"):
                write_new(self._folder, self._key_file.name, fresh, self._folder, mode=0o600)
            self._is_settled = True
            written = self._written_key()
        found = None
        with suppress(ValueError):
            found = Ed25519PrivateKey.from_private_bytes(bytes.fromhex((written or b"")[:64].decode("ascii")))
        if found is None or written != _key_text(found):
            raise Corrupt(
                f"{self._key_file} does not hold a key",
                hint="bring it back from a backup, or move it away: a new key is made",
            )
        return found

    def _written_key(self) -> bytes | None:
        with _explained("your signing key cannot be read"):
            try:
                return self._key_file.read_bytes()
            except FileNotFoundError:
                return None

    def _make_folder(self) -> None:
        with _explained("no folder for your signing key"):
            make_folder(self._folder, mode=0o700)

    def _labels(self) -> dict[str, str]:
        stamp = self.trust_stamp()
        if stamp is None:
            return {}
        if stamp != self._trusted_stamp:
            with _explained("the keys you trust cannot be read"):
                self._trusted = self._read_labels(self._trust_file.read_bytes())
            self._trusted_stamp = stamp
        return self._trusted

    def _read_labels(self, data: bytes) -> dict[str, str]:
        try:
            labels = {str(entry["key"]): str(entry["label"]) for entry in orjson.loads(data)["keys"]}
        except (ValueError, TypeError, KeyError):
            labels = {"": ""}
        if not all(map(_KEY.fullmatch, labels)) or data != _labels_text(labels):
            raise Corrupt(f"{self._trust_file} cannot be read", hint="move it away and trust again")
        return labels

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        """Give the keys that are trusted, to be changed; no other kernel changes them meanwhile.

        A key whose trust was taken back must not come back with what another kernel had read before.
        """
        self._make_folder()
        lock = self._folder / "trusted-keys.lock"
        with _explained("the keys you trust cannot be written"), locked(lock, mode=0o600):
            labels = dict(self._labels())
            yield labels
            with Staged(self._folder, mode=0o600) as staged:
                staged.write(_labels_text(labels))
                staged.replace(self._folder, self._trust_file.name)


# One flipped bit makes a key another key: so each file says twice what is in it.


def _key_text(private: Ed25519PrivateKey) -> bytes:
    """Give the content of the file with the signing key: the private half, and the public half as its check."""
    return f"{private.private_bytes_raw().hex()} {private.public_key().public_bytes_raw().hex()}\n".encode()


def _labels_text(labels: Mapping[str, str]) -> bytes:
    """Give the content of the file with the keys that are trusted, and its digest."""
    keys = [{"key": key, "label": label} for key, label in labels.items()]
    return orjson.dumps({"digest": f"sha256:{hashlib.sha256(orjson.dumps(keys)).hexdigest()}", "keys": keys}) + b"\n"


@contextmanager
def _explained(failing: str) -> Iterator[None]:
    """Tell what the disk answered, and where else the user's own files could be."""
    try:
        yield
    except (OSError, StorageError) as error:
        told = error.message if isinstance(error, StorageError) else f"{error.strerror or error} ({error.filename})"
        raise StorageError(
            f"{failing}: {told}", hint="give yourself the right to it, or set NBREGISTRY_HOME to a folder you can write"
        ) from None


@lru_cache(maxsize=64)
def _public_key(key: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key[len(_SCHEME) :]))


def is_signed_by(key: str, data: bytes, signature: str) -> bool:
    """Tell whether ``signature`` over ``data`` was made with the private half of ``key``, whatever stands there."""
    from cryptography.exceptions import InvalidSignature

    if not isinstance(key, str) or not isinstance(signature, str):
        return False
    if not _KEY.fullmatch(key) or not signature.startswith(_SCHEME):
        return False
    try:
        _public_key(key).verify(bytes.fromhex(signature[len(_SCHEME) :]), data)
    except (InvalidSignature, ValueError):
        return False
    return True
