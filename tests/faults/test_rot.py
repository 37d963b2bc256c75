"""Bits that flip on the disk: found by ``verify``, found before anything is unpickled, and the cache heals itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

import nbregistry
from nbregistry import cli
from nbregistry.errors import Corrupt, RegistryError
from nbregistry.trust import Keyring
from tests.faults.conftest import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from nbregistry.registry import Registry

STRANGER = "ed25519:" + "cd" * 32
CANARY = "NBREGISTRY_TEST_CANARY"


class Canary:
    """A model of one's own that leaves a trace when it is unpickled."""

    def __init__(self) -> None:
        self.weights = np.random.default_rng(0).standard_normal(20_000)  # a blob of its own that does not compress
        self.table = np.arange(20_000.0)  # one that does

    def __reduce__(self) -> tuple[Any, ...]:
        return _sing, (self.weights, self.table)


def _sing(weights: np.ndarray, table: np.ndarray) -> dict[str, np.ndarray]:
    Path(os.environ[CANARY]).touch()
    return {"weights": weights, "table": table}


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """A registry with something of everything, and its user's keys, in memory."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as memory:
        folder = Path(memory) / "original"
        folder.mkdir()
        with mock.patch.dict(os.environ, {"NBREGISTRY_HOME": str(folder / "keys"), "JUPYTERHUB_USER": "ada"}):
            registry = nbregistry.open(folder / "registry")
            registry.register("canary", Canary(), alias="champion")
            registry.register("small", {"w": np.arange(10.0)}, tags={"team": "fraud"}, train=(np.eye(9), np.arange(9)))
            registry.register("small", {"w": np.arange(10.0) + 1}, parents="small@1")
            registry.register("line", LinearRegression().fit(np.eye(3), np.arange(3)), input_example=np.eye(3))
            registry.promote("small@2")
            registry._workspace.store.put(np.random.default_rng(1).bytes(2000))
            registry.gc(dry_run=False)
            registry._workspace.catalog.save_checkpoint()
            registry.tag("small@2", team="risk")  # one that the checkpoint has not seen
            registry.trust(STRANGER, "eve")
        yield folder


class Copy:
    """A copy of it to do harm to."""

    def __init__(self, original: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=original.parent))
        shutil.copytree(original, self.folder, dirs_exist_ok=True)
        self.root = self.folder / "registry"
        self.canary = self.folder / "canary"
        os.environ["NBREGISTRY_HOME"] = str(self.folder / "keys")
        os.environ[CANARY] = str(self.canary)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    def harm(self, name: str, how: Callable[[bytearray], object]) -> None:
        path = self.folder / name
        content = bytearray(path.read_bytes())
        before = bytes(content)
        how(content)
        assert content != before
        path.write_bytes(content)

    def verified(self) -> tuple[str, ...]:
        """Give what ``verify`` says; what opening says, if it comes no further."""
        try:
            return nbregistry.open(self.root).verify().problems
        except RegistryError as error:
            return (error.message,)


def facts(registry: Registry) -> dict[str, Any]:
    """Read what can be read without a model."""
    return {
        "events": [(event.seq, event.verb, event.ref, event.trusted) for event in registry.log()],
        "versions": [(v.ref, v.tags, v.aliases, v.parents, v.digest, v.trusted) for v in registry.versions()],
    }


def names(original: Path, *patterns: str) -> list[str]:
    found = [path for pattern in patterns for path in original.glob(pattern) if path.is_file()]
    return sorted(str(path.relative_to(original)) for path in found)


def flips(size: int, count: int) -> list[tuple[int, int]]:
    """Give offsets and bits, spread evenly over a file; a few hundred of each where all are wanted."""
    offsets = spread(list(range(0, size, 1 + size // MOST)), count)
    return [(at, at * 7 % 8) for at in offsets]


def flip(at: int, bit: int) -> Callable[[bytearray], None]:
    def harm(content: bytearray) -> None:
        content[at] ^= 1 << bit

    return harm


def cut(content: bytearray) -> None:
    del content[len(content) * 2 // 3 :]


def empty(content: bytearray) -> None:
    content.clear()


def grow(content: bytearray) -> None:
    content += b"\0"


def grow_by_itself(content: bytearray) -> None:
    content += bytes(content)


def zero_a_block(content: bytearray) -> None:
    middle = len(content) // 2
    content[middle : middle + 512] = bytes(len(content[middle : middle + 512]))


def repeat_a_block(content: bytearray) -> None:
    """A block that was written to the wrong place."""
    half = len(content) // 2
    content[half : 2 * half] = content[:half]


# Of one file, however large it is and however deep the tests go.
MOST = 256
HARMS = [cut, empty, grow, grow_by_itself, zero_a_block, repeat_a_block]
NEEDED = ("registry/log/*", "registry/blobs/sha256/*/*")


def harms(original: Path, name: str, count: int) -> Iterator[tuple[str, Callable[[bytearray], Any]]]:
    size = (original / name).stat().st_size
    yield from ((f"{name} bit {bit} of {at}", flip(at, bit)) for at, bit in flips(size, count))
    yield from ((f"{name} {harm.__name__}", harm) for harm in HARMS)


def test_harm_to_a_file_that_is_needed_is_found_before_it_is_used(original: Path) -> None:
    missed = []
    files_beside_models = rows_files(original)
    for name in names(original, *NEEDED):
        for told, harm in harms(original, name, 24):
            with Copy(original) as copy:
                copy.harm(name, harm)
                if not copy.verified():
                    missed.append(f"not found: {told}")
                harmed = "blobs" in name and name not in files_beside_models
                for ref in ("canary@1", "small@1", "small@2", "line@1"):
                    try:
                        nbregistry.open(copy.root).load(ref)
                    except RegistryError:
                        harmed = False
                if harmed:
                    missed.append(f"loaded: {told}")
                if copy.canary.exists() and name in canary_files(original):
                    missed.append(f"unpickled: {told}")
    assert missed == []


def rows_files(original: Path) -> set[str]:
    """Give those of what is known of rows: that it was trained on, or takes. Loading a model does not read them."""
    with Copy(original) as copy:
        registry = nbregistry.open(copy.root)
        beside = registry.get("small@1").training_rows, registry.get("line@1").example
    return {name for digest in beside for name in files_of(original, digest)}


def canary_files(original: Path) -> set[str]:
    """Give the files of the blobs that the canary is made of."""
    with Copy(original) as copy:
        found = files_of(original, nbregistry.open(copy.root).get("canary@1").digest)
    assert len(found) > 1
    return found


def files_of(original: Path, artifact: str | None) -> set[str]:
    """Give the files of the blobs that an artifact is made of."""
    from nbregistry.artifacts.pack import digests_of

    assert artifact
    with Copy(original) as copy:
        digests = digests_of(nbregistry.open(copy.root)._workspace.store, artifact)
    hexes = {digest.removeprefix("sha256:") for digest in digests}
    return {name for name in names(original, "registry/blobs/sha256/*/*") if Path(name).name.partition(".")[0] in hexes}


def test_the_canary_sings(original: Path) -> None:
    """Else it could not be told from one that is never unpickled."""
    with Copy(original) as copy:
        nbregistry.open(copy.root).load("canary@champion")
        assert copy.canary.exists()
        assert copy.verified() == ()
    stored = canary_files(original)
    assert {Path(name).suffix for name in stored} == {"", ".zst"}


def test_two_files_that_are_swapped_are_found(original: Path) -> None:
    for pattern in NEEDED:
        found = names(original, pattern)
        for one, other in pairwise(found):
            with Copy(original) as copy:
                first, second = copy.folder / one, copy.folder / other
                first.rename(copy.folder / "aside")
                second.rename(first)
                (copy.folder / "aside").rename(second)
                assert copy.verified(), (one, other)


def test_a_file_that_is_gone_is_found(original: Path) -> None:
    last = names(original, "registry/log/*")[-1]  # nobody here has seen it but the user who wrote it
    for name in names(original, *NEEDED):
        if name != last:
            with Copy(original) as copy:
                (copy.folder / name).unlink()
                assert copy.verified(), name


def test_the_cache_heals_itself(original: Path) -> None:
    (name,) = names(original, "registry/cache/*")
    with Copy(original) as copy:
        meant = facts(nbregistry.open(copy.root))
    for told, harm in harms(original, name, 60):
        with Copy(original) as copy:
            copy.harm(name, harm)
            harmed = (copy.folder / name).read_bytes()
            registry = nbregistry.open(copy.root)
            assert facts(registry) == meant, told
            assert registry.verify().ok, told
            registry._workspace.catalog.save_checkpoint()
            assert (copy.folder / name).read_bytes() != harmed, told
            assert facts(nbregistry.open(copy.root)) == meant, told


def test_a_damaged_cache_is_written_anew_in_the_course_of_the_work(original: Path) -> None:
    (name,) = names(original, "registry/cache/*")
    with Copy(original) as copy, mock.patch("nbregistry.catalog.catalog._CHECKPOINT_LEAST", 1):
        copy.harm(name, flip(2000, 3))
        nbregistry.open(copy.root).versions()
        with mock.patch("nbregistry.catalog.log.CommitLog.read_after", return_value=iter(())):
            assert facts(nbregistry.open(copy.root))["events"]  # from the cache alone


def test_harm_to_the_trash_harms_nothing_else(original: Path) -> None:
    (name,) = names(original, "registry/trash/*/*")
    for told, harm in harms(original, name, 20):
        with Copy(original) as copy:
            copy.harm(name, harm)
            registry = nbregistry.open(copy.root)
            assert registry.verify().ok, told
            digest = f"sha256:{Path(name).name.partition('.')[0]}"
            with pytest.raises(Corrupt):
                registry._workspace.store.get(digest, 1 << 20)


def test_harm_to_format_is_noticed_or_harmless(original: Path) -> None:
    with Copy(original) as copy:
        meant = facts(nbregistry.open(copy.root))
    for told, harm in harms(original, "registry/FORMAT", 80):
        with Copy(original) as copy:
            copy.harm("registry/FORMAT", harm)
            try:
                registry = nbregistry.open(copy.root)
            except RegistryError:
                continue
            assert facts(registry) == meant, told
            assert registry.verify().ok, told


def test_harm_to_the_users_keys_never_trusts_another(original: Path) -> None:
    with Copy(original) as copy:
        own = nbregistry.open(copy.root)._workspace.keyring.own
        meant = facts(nbregistry.open(copy.root))
    for name in names(original, "keys/signing-key", "keys/*.json"):  # not the lock: it is empty
        for told, harm in harms(original, name, 80):
            with Copy(original) as copy:
                copy.harm(name, harm)
                keyring = Keyring()
                try:
                    trusted = {keyring.own, *(key.key for key in keyring.trusted())}
                except Corrupt:
                    continue
                assert trusted <= {own, STRANGER}, told
                assert facts(nbregistry.open(copy.root)) == meant, told


def test_the_command_line_tells_by_its_exit_code(original: Path) -> None:
    for name in spread(names(original, *NEEDED), 3):
        with Copy(original) as copy:
            assert cli.main(["verify", "--registry", str(copy.root)]) == 0
            copy.harm(name, flip(100, 4))
            assert cli.main(["verify", "--registry", str(copy.root)]) == 1
    with Copy(original) as copy:
        copy.harm(name, flip(101, 2))
        verify = [sys.executable, "-m", "nbregistry", "verify", "--registry", str(copy.root)]
        assert subprocess.run(verify, check=False, capture_output=True).returncode == 1
