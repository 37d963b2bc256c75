"""What is done while faults strike, and how to tell afterwards what is there.

A workload is a few verbs in a row on a registry that was prepared before. What must hold after each of them is not
written down but measured, in one run without faults.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import time
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np

import nbregistry
from nbregistry import cli
from nbregistry.artifacts.local import LocalStore
from nbregistry.catalog import catalog
from nbregistry.errors import RegistryError
from nbregistry.location import is_registry
from nbregistry.provenance.cells import listening
from nbregistry.provenance.cells.recorder import Recorder
from nbregistry.registry import Registry
from tests.faults.conftest import EVERY_CASE
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

LARGE_MB = 200 if EVERY_CASE else 40
"""At least 32: from there on content is hashed, compressed and written at the same time."""
REPORTS = ("card.md", "bom.json", "made.ipynb", "requirements.txt", "pylock.toml")
STRANGER = "ed25519:" + "ab" * 32


@dataclass(frozen=True)
class Place:
    """A folder of one case: the registry, its user's own folder, and what is beside them."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "registry"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def backup(self) -> Path:
        return self.folder / "backup"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def exported(self) -> Path:
        return self.folder / "exported.nbr"

    @property
    def arriving(self) -> Path:
        return self.folder / "arriving.nbr"

    def open(self) -> Registry:
        """Open the registry as its user."""
        os.environ["NBREGISTRY_HOME"] = str(self.home)
        return nbregistry.open(self.root)


Step = Callable[[Registry, Place], Any]
"""One verb. What it returns must be the same when it succeeds in spite of a fault."""


@dataclass(frozen=True)
class Workload:
    """Verbs in a row.

    Attributes
    ----------
    steps : tuple of Step
    prepare : callable
        Makes the place before.
    around : callable
        A context manager in which the steps run.
    cases : int
        How many faults of a kind are tried when not all are: a place in which much happens needs more.
    most : int or None
        How many are tried at most even then, where a case takes long or most of the calls only look.
    """

    steps: tuple[Step, ...]
    prepare: Callable[[Place], object] = lambda place: None
    around: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    cases: int = 12
    most: int | None = None


def arrays(number: int) -> dict[str, Any]:
    """Give a model of two arrays: one that lies with others, one that lies on its own."""
    return {"w": np.arange(6.0) + number, "layer": np.random.default_rng(number).random(12 << 10)}


@cache
def large() -> dict[str, Any]:
    """Give a model that is written while it is hashed."""
    return {"w": np.random.default_rng(0).integers(0, 256, LARGE_MB << 20, dtype=np.uint8)}


def rows() -> tuple[Any, Any]:
    """Give rows to evaluate a pipeline on."""
    _, X, _, y = tumours()
    return X, y


def content_of(model: Any) -> Any:
    """Give what two loads of one model have in common, in few characters."""
    found = model if isinstance(model, dict) else {"predictions": model.predict(rows()[0])}
    return {name: (array.shape, zlib.crc32(array)) for name, array in found.items()}


def state_of(registry: Registry) -> dict[str, Any]:
    """Give all that a registry says and holds, but for times and keys."""
    return {
        "versions": [
            (
                *(version.ref, version.aliases, version.status, version.approval, version.tags, version.description),
                *(version.params, version.metrics, version.parents, len(version.evaluations)),
                content_of(registry.load(version)),
            )
            for version in registry.versions()
        ],
        "policies": [(policy.of, policy.require) for policy in registry.policies()],
        "journal": [(event.verb, event.ref, event.reason) for event in registry.log()],
        "trusted": [trusted[0] for trusted in registry.summary().trusted_keys],
    }


def state_beside(place: Place) -> dict[str, Any]:
    """Give what is in the backup, which grows commit by commit, and in files, which are whole or not there."""
    found: dict[str, Any] = {"backup": [], "exported": (), "journal": ()}
    found |= {
        path.name: ("whole",) * (path.exists() and is_whole(path)) for path in map(place.reports.joinpath, REPORTS)
    }
    if is_registry(place.backup):
        copy = nbregistry.open(place.backup)
        assert not copy.verify().problems, "the backup is damaged"
        found["backup"] = state_of(copy)["journal"]
    if place.exported.exists():
        scratch = place.folder / f"scratch-{time.monotonic_ns()}"
        found["exported"] = nbregistry.open(scratch).import_(place.exported).refs
    if place.journal.exists():
        found["journal"] = nbregistry.verify_log(place.journal).problems, "whole"
    return found


def is_whole(report: Path) -> bool:
    """Tell whether a report is there to its end."""
    text = report.read_text("utf-8")
    if report.suffix in (".json", ".ipynb"):
        return bool(json.loads(text))
    return bool(tomllib.loads(text)) if report.suffix == ".toml" else text.endswith("\n")


# -- what is there before ------------------------------------------------------------------------------------------


def one_version(place: Place) -> Registry:
    """Make a registry with a version of `m`."""
    registry = place.open()
    registry.register("m", arrays(0), metrics={"auc": 0.5}, alias="champion")
    return registry


def three_versions(place: Place) -> Registry:
    """Make one with three, of which the third was trained from the first."""
    registry = one_version(place)
    registry.register("m", arrays(1), parents="m@1", train=rows())
    registry.register("m", pipeline(), on=rows(), alias="candidate")
    return registry


def with_recorded_code(place: Place) -> Registry:
    """Have four, the last registered by a notebook, and a folder for what is written of it."""
    place.reports.mkdir()
    registry = three_versions(place)
    namespace: dict[str, Any] = {"registry": registry}
    recorder = Recorder(namespace=namespace)
    listening.listen(recorder)
    try:
        for source in ("import numpy as np\nw = np.arange(3.0)", "model = {'w': w}", "registry.register('m', model)"):
            recorder.begin(source)
            exec(source, namespace)
            recorder.end()
    finally:
        listening.stop(recorder)
    return registry


def with_leftovers(place: Place) -> None:
    """Leave what a collection has to deal with: the idle, the needed that lies in the trash, the old."""
    registry = three_versions(place)
    store = LocalStore(place.root)
    for number in range(2):
        store.put(np.random.default_rng(number).bytes(3000))
    long_ago = time.time() - 30 * 24 * 3600
    past = LocalStore(place.root, now=lambda: long_ago)
    past.discard([past.put(b"discarded long ago").digest])
    part = place.root / "tmp" / "1-0.part"
    part.write_bytes(b"never finished")
    os.utime(part, (long_ago, long_ago))
    # As after a collection that was killed before it had brought back what was registered beside it.
    LocalStore(place.root).discard([registry.get("m@1").digest])


def with_arrival(place: Place) -> None:
    """Have a file to import, from a registry of the same user with another model in it."""
    three_versions(place)
    other = nbregistry.open(place.folder / "other")
    other.register("n", arrays(7), train=rows())
    other.register("n", arrays(8), parents="n@1")
    other.export("n@2", place.arriving)


# -- what is done --------------------------------------------------------------------------------------------------


def registered(registry: Registry, name: str, model: Any, **options: Any) -> str:
    return registry.register(name, model, **options).ref


def collected(registry: Registry, _: Place) -> None:
    # How much was freed is known to whoever took it: a collection that was repeated took only the rest.
    registry.gc(dry_run=False)


def rolled_back(registry: Registry, _: Place) -> tuple[str, str]:
    done = registry.rollback("m", reason="worse")
    return done.from_ref, done.to_ref


def handed_over(write: Step) -> Step:
    """Give the step that writes a new file: what is there is not overwritten, also not by the step's own retry."""

    def step(registry: Registry, place: Place) -> None:
        try:
            write(registry, place)
        except RegistryError as refused:
            if not refused.message.endswith("exists"):
                raise

    return step


def backed_up(registry: Registry, place: Place) -> None:
    problems = registry.backup(place.backup).problems
    if problems:  # told in the answer, with what could be copied
        raise RegistryError("; ".join(problems), hint="run it again")


def trusting(registry: Registry, _: Place) -> str:
    return registry.trust(STRANGER, "eve").key


def distrusting(registry: Registry, _: Place) -> None:
    if STRANGER in state_of(registry)["trusted"]:
        registry.untrust("eve")


def command(*words: str) -> Step:
    """Give the step that runs a command line: done, or refused in one clear line."""

    def run(_: Registry, place: Place) -> None:
        said, told = io.StringIO(), io.StringIO()
        argv = [word.format(place=place) for word in words]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
            code = cli.main([*argv, "--registry", str(place.root)])
        if code:  # what was found damaged is part of the answer, all else an error
            message, _, hint = (told.getvalue() or said.getvalue() + "\n  next: run it again").partition("\n  next: ")
            raise RegistryError(message, hint=hint)

    return run


@contextlib.contextmanager
def checkpoints_at_each_commit() -> Iterator[None]:
    with mock.patch.object(catalog, "_CHECKPOINT_LEAST", 1):
        yield


@contextlib.contextmanager
def without_links() -> Iterator[None]:
    """Be on a file system that has no hard links."""

    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    with mock.patch.object(os, "link", link):
        yield


WORKLOADS = {
    "create": Workload((lambda r, _: registered(r, "m", arrays(0)),), cases=60),
    "register": Workload(
        (
            lambda r, _: registered(r, "m", arrays(1), parents="m@1", alias="champion", tags={"team": "onco"}),
            lambda r, _: registered(r, "tumour", pipeline(), on=rows(), train=rows()),
        ),
        one_version,
        cases=24,
    ),
    "same content": Workload(
        (
            lambda r, _: registered(r, "m", arrays(0), params={"turn": 1}),
            lambda r, _: registered(r, "other", arrays(0)),
        ),
        one_version,
    ),
    "large": Workload(
        (lambda r, _: registered(r, "big", large()), lambda r, _: registered(r, "big", large(), params={"turn": 1})),
        one_version,
        cases=8,
        most=40,
    ),
    "words": Workload(
        (
            lambda r, _: r.tag("m@2", stage="dev").tags,
            lambda r, _: r.describe("m@2", "the second").description,
            lambda r, _: r.approve("m@2", "Rejected", reason="drifts").approval,
            lambda r, _: r.archive("m@2").status,
            lambda r, _: r.restore("m@2").status,
        ),
        three_versions,
        cases=16,
    ),
    "evaluate": Workload(
        (lambda r, _: r.evaluate("m@3", *(part[:50] for part in rows()), name="holdout").metrics,), three_versions
    ),
    "moves": Workload(
        (
            lambda r, _: r.promote("m@2", reason="better").to_ref,
            lambda r, _: r.promote("m@3", "challenger").to_ref,
            rolled_back,
        ),
        three_versions,
        cases=16,
    ),
    "gates": Workload(
        (
            lambda r, _: r.policy("m@champion", "auc >= 0.1", reason="agreed").require,
            lambda r, _: r.policy("candidate", "approved").require,
            lambda r, _: r.promote("m@3", require="roc_auc surely >= 0.5", force=True, reason="no auc").to_ref,
            lambda r, _: r.policy("m@champion", clear=True).require,
        ),
        three_versions,
        cases=16,
    ),
    "gc": Workload(
        (collected, lambda r, _: registered(r, "m", arrays(5)), collected),
        with_leftovers,
        cases=24,
    ),
    "import": Workload((lambda r, p: r.import_(p.arriving).refs,) * 2, with_arrival, cases=16),
    "export": Workload((handed_over(lambda r, p: r.export("m@2", p.exported)),), three_versions),
    "journal": Workload(
        (handed_over(lambda r, p: r.export_log(p.journal)), lambda _, p: nbregistry.verify_log(p.journal).problems),
        three_versions,
    ),
    "reports": Workload(
        (
            handed_over(command("card", "m@4", "--output", "{place.reports}/card.md")),
            handed_over(command("bom", "m@4", "--output", "{place.reports}/bom.json")),
            handed_over(lambda r, p: r.export_notebook("m@4", p.reports / "made.ipynb")),
            handed_over(lambda r, p: r.export_environment("m@4", p.reports / "requirements.txt")),
            handed_over(lambda r, p: r.export_environment("m@4", p.reports / "pylock.toml", lock=True)),
        ),
        with_recorded_code,
        cases=24,
        most=80,
    ),
    "backup": Workload(
        (backed_up, lambda r, _: registered(r, "m", arrays(4)), backed_up),
        three_versions,
        cases=16,
        most=300,
    ),
    "checkpoint": Workload(
        tuple(lambda r, _, n=n: r.tag("m@1", turn=n).tags for n in range(3)),
        three_versions,
        checkpoints_at_each_commit,
    ),
    "trust": Workload((trusting, distrusting, trusting), three_versions),
    "no hard links": Workload(
        (
            lambda r, _: registered(r, "m", arrays(1)),
            lambda r, _: r.tag("m@2", stage="dev").tags,
        ),
        one_version,
        without_links,
    ),
    "command line": Workload(
        (
            command("tag", "m@1", "stage=dev"),
            command("promote", "m@2"),
            command("policy", "m@champion", "n >= 1"),
            command("gc", "--apply"),
            command("import", "{place.arriving}"),
            command("backup", "{place.backup}"),
        ),
        with_arrival,
        cases=16,
        most=300,
    ),
    "reading": Workload(
        (
            lambda r, _: sorted(model.name for model in r.models()),
            lambda r, _: [version.ref for version in r.versions("m")],
            lambda r, _: r.get("m@champion").ref,
            lambda r, _: [content_of(r.load(f"m@{number}")) for number in (1, 2, 3)],
            lambda r, _: [event.verb for event in r.log()],
            lambda r, _: sorted(r.lineage("m@2").parents),
            lambda r, _: r.gc().blobs,
            command("versions", "m"),
        ),
        with_leftovers,
        cases=24,
    ),
}
