"""Nothing takes more memory than the model and 64 MB; what only passes by takes 64 MB, whatever its size."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.faults.conftest import EVERY_CASE, spread

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("resource")

MB = 1 << 20
BOUND = 64 * MB
# Far enough above the bound that a copy of the model shows.
SIZE = (200 if EVERY_CASE else 100) * MB
CASES = spread([("array", "noise"), ("file", "noise"), ("array", "text"), ("file", "text")], 2)
KINDS = ("rows cut short", "object", "object of records with gaps", "object of rows cut short")
VERBS = ("register", "load", "verify", "backup", "export", "import")

# The peak is that of the whole process: it is read before and after, with every module there already.
MEASURE = """
import os, resource, sys
from pathlib import Path

import numpy as np

import nbregistry

verb, kind, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def work(root, model):
    registry = nbregistry.open(root)
    yield "register", lambda: registry.register("m", model)
    yield "load", lambda: registry.load("m@1")
    yield "verify", registry.verify
    yield "backup", lambda: registry.backup(f"{root}-backup")
    yield "export", lambda: registry.export("m@1", f"{root}.zip")
    yield "import", lambda: nbregistry.open(f"{root}-import").import_(f"{root}.zip")


small = folder / f"small-{verb}.bin"
small.write_bytes(b"small" * 50_000)
for _, act in work(folder / f"small-{verb}", small if kind == "file" else {"w": np.zeros(50_000)}):
    act()
large = folder / "large.bin"
record = np.dtype({"names": ["a", "b"], "formats": ["<i8", "u1"], "offsets": [0, 8], "itemsize": 16})
model = large
if kind != "file" and verb == "register":
    memory = np.fromfile(large, np.uint8)
    model = {
        "array": lambda: {"w": memory},
        "rows cut short": lambda: {"w": memory.reshape(1024, -1)[:, :-1]},
        "object": lambda: [memory],
        "object of records with gaps": lambda: [memory.view(record)],
        "object of rows cut short": lambda: [memory.reshape(1024, -1)[:, :-1]],
    }[kind]()
before = peak()
dict(work(folder / "large", model))[verb]()
print(peak() - before)
"""


def write_large_file(tmp_path: Path, content: str) -> None:
    random = np.random.default_rng(0)
    with (tmp_path / "large.bin").open("wb") as file:
        for _ in range(SIZE // MB):  # text is what is worth compressing
            file.write(random.integers(0, 256 if content == "noise" else 6, MB, dtype=np.uint8).tobytes())


def taken(tmp_path: Path, verb: str, kind: str) -> int:
    command = [sys.executable, "-c", MEASURE, verb, kind, str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return int(done.stdout.split()[-1]) - (SIZE if (verb, kind) == ("load", "array") else 0)


@pytest.mark.parametrize(("kind", "content"), CASES)
def test_no_verb_takes_more_than_it_may(tmp_path: Path, kind: str, content: str) -> None:
    write_large_file(tmp_path, content)
    took = {verb: taken(tmp_path, verb, kind) for verb in VERBS}
    assert {verb: size // MB for verb, size in took.items() if size > BOUND} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_array_is_copied_as_a_whole_to_be_stored(tmp_path: Path, kind: str) -> None:
    write_large_file(tmp_path, "noise")
    assert taken(tmp_path, "register", kind) < BOUND
