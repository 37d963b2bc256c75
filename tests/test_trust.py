"""Keys, and whose commits are believed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbregistry.errors import Corrupt, InvalidName, NotFound, StorageError
from nbregistry.trust import Keyring, fingerprint, is_signed_by

STRANGER = "ed25519:" + "5c" * 32


def test_a_key_is_made_once_and_kept(user: Path) -> None:
    assert Keyring().own is None
    key = Keyring().key
    assert Keyring().own == Keyring().key == key
    signature = Keyring().sign(b"data")
    assert is_signed_by(key, b"data", signature)
    assert not is_signed_by(key, b"data!", signature)
    assert not is_signed_by(STRANGER, b"data", signature)
    for nothing in (None, 5, [], ""):
        assert not is_signed_by(nothing, b"data", signature)  # type: ignore[arg-type]
        assert not is_signed_by(key, b"data", nothing)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("content", [b"", b"00", b"\xff" * 64, b"00" * 33], ids=["empty", "cut", "bytes", "long"])
def test_a_damaged_key_is_never_replaced(user: Path, content: bytes) -> None:
    (user / "signing-key").write_bytes(content)
    for use in (lambda: Keyring().own, lambda: Keyring().sign(b"data"), lambda: Keyring().is_trusted(STRANGER)):
        with pytest.raises(Corrupt, match="does not hold a key"):
            use()
    assert (user / "signing-key").read_bytes() == content


@pytest.mark.parametrize(
    "labels", ['[{"key":"ed25519:0","label":""}]', '[{"key":7,"label":""}]', "[7]", "7", "{}7", ""]
)
def test_keys_that_are_none_are_not_trusted(user: Path, labels: str) -> None:
    (user / "trusted-keys.json").write_text(labels)
    with pytest.raises(Corrupt, match="cannot be read"):
        Keyring().trusted()


@pytest.mark.parametrize("name", ["signing-key", "trusted-keys.json", ""])
@pytest.mark.parametrize("kind", ["folder", "forbidden"])
def test_files_that_cannot_be_read_are_told(user: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    if kind == "forbidden":
        for verb in ("stat", "read_bytes", "write_bytes", "mkdir"):
            monkeypatch.setattr(Path, verb, forbidden)
    elif name:
        (user / name).mkdir()
    else:
        (user / "file").write_text("")
        monkeypatch.setenv("NBREGISTRY_HOME", str(user / "file" / "home"))
    keyring = Keyring()
    with pytest.raises(StorageError, match=r"cannot be read|no folder") as caught:
        keyring.trusted() if name == "trusted-keys.json" else keyring.sign(b"data")
    assert "NBREGISTRY_HOME" in caught.value.hint


def test_a_home_that_cannot_be_written_is_told(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, flags, *mode: (forbidden if flags & os.O_CREAT else real)(path, flags, *mode)
    )
    with pytest.raises(StorageError, match=r"keys you trust cannot be written: .*Permission denied"):
        Keyring().trust(STRANGER)
    with pytest.raises(StorageError, match="your signing key cannot be written") as caught:
        Keyring().sign(b"data")
    assert "NBREGISTRY_HOME" in caught.value.hint


def forbidden(path: Path, *_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def test_kernels_that_start_at_once_get_one_key(user: Path) -> None:
    program = "from nbregistry.trust import Keyring; print(Keyring().key)"
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1


CHANGING = """
import sys
from nbregistry.trust import Keyring

keyring, first = Keyring(), int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range(first, first + 20):
    keyring.trust(f"ed25519:{number:064x}")
    keyring.untrust(f"ed25519:{number + 500:064x}")
"""


def test_kernels_that_change_whom_they_trust_at_once_lose_nothing(user: Path) -> None:
    for number in range(600, 680):
        Keyring().trust(f"ed25519:{number:064x}")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CHANGING, str(first)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for first in range(100, 180, 20)
    ]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait() for process in started] == [0] * 4
    assert {trusted.key for trusted in Keyring().trusted()} == {f"ed25519:{number:064x}" for number in range(100, 180)}
