"""Keys, and whose commits are believed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from nbregistry.errors import Corrupt, InvalidName, NotFound
from nbregistry.trust import Keyring, fingerprint, is_signed_by

if TYPE_CHECKING:
    from pathlib import Path

STRANGER = "ed25519:" + "5c" * 32


def test_a_key_is_made_once_and_kept(user: Path) -> None:
    assert Keyring().own is None
    key = Keyring().key
    assert Keyring().own == Keyring().key == key
    signature = Keyring().sign(b"data")
    assert is_signed_by(key, b"data", signature)
    assert not is_signed_by(key, b"data!", signature)
    assert not is_signed_by(STRANGER, b"data", signature)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_the_key_is_for_its_owner_only(user: Path) -> None:
    Keyring().sign(b"data")
    assert (user / "signing-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("key", "signature"),
    [("", ""), ("ed25519:zz", "ed25519:00"), (STRANGER, ""), (STRANGER, "ed25519:xyz"), (STRANGER, "rsa:00")],
)
def test_what_is_no_signature_is_none(key: str, signature: str) -> None:
    assert not is_signed_by(key, b"data", signature)


def test_trust_is_seen_by_other_keyrings_and_taken_back() -> None:
    here, there = Keyring(), Keyring()
    assert not there.is_trusted(STRANGER)
    here.trust(STRANGER, "Grace")
    assert there.is_trusted(STRANGER)
    assert [(trusted.key, trusted.label) for trusted in there.trusted()] == [(STRANGER, "Grace")]
    there.untrust("Grace")
    assert not here.is_trusted(STRANGER)


@pytest.mark.parametrize("name", [STRANGER, fingerprint(STRANGER), "Grace"])
def test_untrust_by_key_fingerprint_or_label(name: str) -> None:
    Keyring().trust(STRANGER, "Grace")
    assert Keyring().untrust(name).key == STRANGER


def test_a_fingerprint_is_not_enough_to_trust() -> None:
    with pytest.raises(InvalidName, match="is not a public key"):
        Keyring().trust(fingerprint(STRANGER))
    with pytest.raises(NotFound):
        Keyring().untrust(STRANGER)


def test_damaged_files_are_told(user: Path) -> None:
    (user / "signing-key").write_text("not hex")
    with pytest.raises(Corrupt, match="does not hold a key"):
        Keyring().sign(b"data")
    (user / "trusted-keys.json").write_text("{")
    with pytest.raises(Corrupt, match="cannot be read"):
        Keyring().trusted()


def test_kernels_that_start_at_once_get_one_key(user: Path) -> None:
    program = "from nbregistry.trust import Keyring; print(Keyring().key)"
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1
