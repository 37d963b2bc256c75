"""The power fails: whatever the disk kept, the registry opens, and what was acknowledged is there, whole.

Each story is recorded once, call by call; then every disk that a power cut at any moment could leave is laid out and
looked at. Taking any one fsync out of the recording must lead to a disk that is not right: else it was needless.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.durable import PART
from nbregistry.catalog import catalog
from nbregistry.location import is_registry
from nbregistry.trust import Keyring
from tests.faults.conftest import missing, spread
from tests.faults.power_cuts import Image, images, lay_out, whole
from tests.faults.recorder import Killed, Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.registry import Registry
    from tests.faults.recorder import Recording

STRANGER = "ed25519:" + "ab" * 32


class World:
    """A folder with all that a user keeps: keys, a registry, a backup, an exported file."""

    def __init__(self, base: Path) -> None:
        self.base = base
        os.environ["NBREGISTRY_HOME"] = str(base / "home" / "keys")

    @cached_property
    def registry(self) -> Registry:
        """The registry, opened once."""
        return self.again()

    def again(self) -> Registry:
        """Open it as another process does."""
        return nbregistry.open(self.base / "team" / ".nbregistry")

    @property
    def backup(self) -> Path:
        return self.base / "backup"


Step = Callable[[World], object]


@dataclass(frozen=True)
class Story:
    """What a user does, step by step; each is acknowledged.

    Attributes
    ----------
    steps : tuple of callables
    before : tuple of callables
        What was done long ago, and is on disk for good.
    others : frozenset of int
        The steps that somebody else begins, and of which nobody was told that they are done.
    """

    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    others: frozenset[int] = frozenset()


def weights(number: int, count: int = 10) -> dict[str, np.ndarray]:
    """A small model."""
    return {"w": np.arange(count, dtype=float) + number}


def noise(number: int, count: int) -> dict[str, np.ndarray]:
    """A model that does not compress, in two arrays."""
    generator = np.random.default_rng(number)
    return {"first": generator.standard_normal(count), "second": generator.standard_normal(count)}


def register(model: Any, **given: Any) -> Step:
    return lambda world: world.registry.register("churn", model, **given)


def gc(world: World) -> None:
    world.registry.gc(dry_run=False)


def orphan(content: bytes) -> Step:
    """What a register leaves that was killed before its commit."""
    return lambda world: world.registry._workspace.store.put(content)


def register_while_collected(world: World) -> None:
    """Another process collects when the bytes are stored and the commit is not there yet."""
    workspace = world.registry._workspace
    commit = workspace.catalog.commit

    def late(*args: Any, **kwargs: Any) -> Any:
        world.again().gc(dry_run=False)
        return commit(*args, **kwargs)

    with mock.patch.object(workspace.catalog, "commit", late):
        world.registry.register("churn", weights(7), alias="candidate")


def export(world: World) -> None:
    """Another team's export lies in the folder."""
    there = nbregistry.open(world.base / "other" / ".nbregistry")
    there.register("base", weights(20))
    there.register("fine", weights(21), parents="base@1")
    there.export("fine@1", world.base / "fine.zip")
    shutil.rmtree(world.base / "other")


def import_(world: World) -> None:
    world.registry.import_(world.base / "fine.zip")


def back_up(world: World) -> None:
    world.registry.backup(world.backup)


def checkpointed(step: Step) -> Step:
    """Write a checkpoint after each commit."""
    return mock.patch.multiple(catalog, _CHECKPOINT_LEAST=1, _CHECKPOINT_SHARE=1 << 20)(step)


def see_what_is_not_forced_yet(world: World) -> None:
    """Another process is about to commit: its file has its name, and the folder is not forced to disk."""
    other = world.again()
    other.versions()
    with mock.patch.object(os, "fsync", _unless_the_log(os.fsync)), suppress(Killed):
        other.tag("churn@1", team="risk")
    world.registry.versions("churn")


def _unless_the_log(fsync: Callable[[int], None]) -> Callable[[int], None]:
    def forced(fd: int) -> None:
        if os.readlink(f"/proc/self/fd/{fd}").endswith("/log"):
            raise Killed
        fsync(fd)

    return forced


FIRST = (register(weights(1), alias="champion", tags={"team": "fraud"}), register(weights(2)))
STORIES = {
    "create": Story((register(weights(1), alias="champion"),)),
    "register": Story(
        (register(weights(3)), register(weights(3), tags={"again": 1}), register(weights(4), parents="churn@3")), FIRST
    ),
    "large": Story(
        (
            register({**noise(1, 140_000), "zeros": np.zeros(50_000)}),
            register({**noise(1, 140_000), "w": np.arange(10.0)}),
            register(noise(2, 60_000)),
        ),
        FIRST,
    ),
    "words": Story(
        (
            lambda world: world.registry.tag("churn@1", team="risk"),
            lambda world: world.registry.promote("churn@2", reason="better"),
            lambda world: world.registry.promote("churn@2"),
            lambda world: world.registry.rollback("churn", reason="worse"),
            lambda world: world.registry.archive("churn@2"),
        ),
        FIRST,
    ),
    "evaluate": Story(
        (lambda world: world.registry.evaluate("rule@1", np.arange(8.0).reshape(-1, 1), np.arange(8) % 2),),
        (*FIRST, lambda world: world.registry.register("rule", Rule())),
    ),
    "collect": Story((gc, register(weights(5)), gc), (*FIRST, orphan(b"one" * 100), orphan(b"two" * 50_000))),
    "collect meanwhile": Story((register_while_collected,), FIRST),
    "import": Story((import_,), (*FIRST, export)),
    "import first": Story((import_,), (export,)),
    "backup": Story((back_up, register(weights(6)), back_up), FIRST),
    "trust": Story(
        (
            lambda world: world.registry.trust(STRANGER, "eve"),
            register(weights(8)),
            lambda world: world.registry.untrust("eve"),
        ),
    ),
    "checkpoint": Story(
        (
            checkpointed(register(weights(9))),
            checkpointed(see_what_is_not_forced_yet),
            checkpointed(register(weights(10))),
        ),
        FIRST,
        frozenset({1}),
    ),
}

# Those of them that somebody else begins and is killed, before somebody does them.
BEGUN = ("create", "register", "words", "import first", "backup", "trust")


class Rule:
    """A model that can be evaluated."""

    classes_ = np.array([0, 1])

    def predict(self, X: Any) -> np.ndarray:
        return (np.asarray(X)[:, 0] > 3).astype(int)


def facts(base: Path) -> dict[str, Any]:
    """Read all that a user can see there, models included."""
    world = World(base)
    found: dict[str, Any] = {"registry": _registry_facts(world.registry)}
    if is_registry(world.backup):
        found["backup"] = _registry_facts(nbregistry.open(world.backup))
    keyring = Keyring()
    found["key"], found["trusted"] = keyring.own, sorted(key.label for key in keyring.trusted())
    return found


def _registry_facts(registry: Registry) -> dict[str, Any]:
    if not is_registry(registry.path):
        return {"events": [], "versions": {}}
    verified = registry.verify()
    assert verified.ok, verified.problems
    return {
        "events": [(event.verb, event.ref, event.reason) for event in registry.log()],
        "versions": {
            version.ref: (
                version.status, sorted(version.aliases), version.tags, version.parents, version.trusted,
                len(version.evaluations), _content(registry.load(version.ref)),
            )
            for version in registry.versions()
        },
    }  # fmt: skip


def _content(model: Any) -> Any:
    if isinstance(model, Rule):
        return "rule"
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in model.items()}


@dataclass
class Recorded:
    """A story as it went, and what was true after each of its steps.

    Attributes
    ----------
    story, recording
    folder : Path
        For what is laid out.
    facts : list of dict
        Before the first step and after each.
    cuts : range, optional
        When the power may fail, as numbers of events; else at any time.
    looked_at : dict
        What is wrong with the images so far.
    """

    story: Story
    recording: Recording
    folder: Path
    facts: list[dict[str, Any]] = field(default_factory=list)
    cuts: range | None = None
    looked_at: dict[Image, str | None] = field(default_factory=dict)

    def problem(self, image: Image) -> str | None:
        """Look at one image; tell what is wrong with it."""
        if image not in self.looked_at:
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                lay_out(self.recording, image.tree, self.pool, Path(folder))
                self.looked_at[image] = self._problem(Path(folder), image.acknowledged)
        return self.looked_at[image]

    @cached_property
    def pool(self) -> Path:
        """Where the contents of images are kept."""
        pool = self.folder / "pool"
        pool.mkdir(exist_ok=True)
        return pool

    def _problem(self, base: Path, done: int) -> str | None:
        steps = self.story.steps
        allowed = self.facts[done : done + 2]
        if done and done - 1 in self.story.others:
            allowed.append(self.facts[done - 1])
        try:
            found = facts(base)
            if not any(_agrees(found, one, self.facts[done]) for one in allowed):
                return f"found {found}\nacknowledged {self.facts[done]}"
            if done < len(steps) and _agrees(found, self.facts[done], self.facts[done]):
                steps[done](World(base))
                again = facts(base)
                meant = done - 1 in self.story.others or _agrees(again, self.facts[done + 1], found)
                return None if meant else f"tried again: {again}"
            World(base).registry.register("another", weights(99))
            facts(base)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            return f"{type(error).__name__}: {error}"
        return None


def _agrees(found: dict[str, Any], one: dict[str, Any], acknowledged: dict[str, Any]) -> bool:
    """Tell whether it says the same; a key and a backup that nobody was told of may be there, or be others."""
    return (
        found["registry"] == one["registry"]
        and found["trusted"] == one["trusted"]
        and acknowledged["key"] in (None, found["key"])
        and ("backup" not in acknowledged or found.get("backup") in (acknowledged["backup"], one["backup"]))
    )


@pytest.fixture(scope="module")
def told() -> Iterator[Callable[[str], Recorded]]:
    """Record stories, each once."""
    if not os.path.isdir("/proc/self/fd"):
        missing("there is no /proc/self/fd", "run it on Linux")
    known: dict[str, Recorded] = {}

    def tell(name: str) -> Recorded:
        if name not in known:
            (place / name).mkdir()
            known[name] = record(STORIES[name], place / name)
        return known[name]

    with (
        # In memory: an fsync costs nothing there, and what is lost is the model's business.
        tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as memory,
    ):
        place = Path(memory)
        yield tell


@pytest.fixture(scope="module")
def killed(told: Callable[[str], Recorded]) -> Iterator[Callable[[str], list[Recorded]]]:
    """Record stories that somebody else has begun, for each event after which that one may be killed."""
    known: dict[str, list[Recorded]] = {}

    def tell(name: str) -> list[Recorded]:
        if name not in known:
            folder = told(name).folder / "killed"
            known[name] = []
            while one := killed_at(STORIES[name], len(known[name]), folder / str(len(known[name]))):
                known[name].append(one)
        return known[name]

    return tell


def record(story: Story, folder: Path) -> Recorded:
    """Let a story happen."""
    base = folder / "base"
    base.mkdir()
    world = World(base)
    for step in story.before:
        step(world)
    world = World(base)
    with Recorder(base) as recorder:
        for step in story.steps:
            step(world)
            recorder.acknowledge()
    recorded = Recorded(story, recorder.recording, folder)
    assert whole(recorded.recording, len(recorded.recording.events)) == on_disk(recorded.recording, base)
    recorded.facts = [facts_after(recorded, done) for done in range(len(story.steps) + 1)]
    return recorded


def on_disk(recording: Recording, base: Path) -> frozenset[tuple[str, str | None]]:
    """Give what is really there, as an image would say it."""
    return frozenset(
        (str(path.relative_to(base)), None if path.is_dir() else recording.kept(path.read_bytes()))
        for path in base.rglob("*")
    )


def facts_after(recorded: Recorded, steps: int) -> dict[str, Any]:
    """Read what was true after so many steps."""
    cuts = [0, *recorded.recording.acknowledged]
    with tempfile.TemporaryDirectory(dir=recorded.folder) as folder:
        lay_out(recorded.recording, whole(recorded.recording, cuts[steps]), recorded.pool, Path(folder))
        return facts(Path(folder))


def killed_at(story: Story, event: int, folder: Path) -> Recorded | None:
    """Let somebody begin a story and be killed after so many events, and somebody else do all of it.

    Returns
    -------
    Recorded or None
        None if the first one was done before.
    """
    base = folder / "base"
    for outer in ("home", "team"):  # a user's and a project's folders are older
        (base / outer).mkdir(parents=True)
    for step in story.before:
        step(World(base))
    with Recorder(base) as recorder:
        recorder.killed_after = event
        try:
            story.steps[0](World(base))
        except Killed:
            recorder.killed_after = None
        else:
            return None
        story.steps[0](World(base))
        recorder.acknowledge()
    end = len(recorder.recording.events)
    recorded = Recorded(Story(story.steps[:1]), recorder.recording, folder, cuts=range(end, end + 1))
    recorded.facts = [{}, facts_after(recorded, 1)]
    return recorded


@pytest.mark.parametrize("name", STORIES)
def test_whatever_the_disk_kept_is_right(name: str, told: Callable[[str], Recorded]) -> None:
    recorded = told(name)
    found = spread(list(images(recorded.recording)), 25)
    assert not {image.told: problem for image in found if (problem := recorded.problem(image))}


@pytest.mark.parametrize("name", BEGUN)
def test_nothing_rests_on_what_somebody_left_who_was_killed(name: str, killed: Callable[[str], list[Recorded]]) -> None:
    bad = {
        f"killed after event {event}, {image.told}": problem
        for event, recorded in enumerate(killed(name))
        for image in spread(list(images(recorded.recording, points=recorded.cuts)), 3)
        if (problem := recorded.problem(image))
    }
    assert not bad


def test_each_fsync_is_missed_where_it_is_left_out(
    told: Callable[[str], Recorded], killed: Callable[[str], list[Recorded]]
) -> None:
    """One that nothing needs is found too: it costs time.

    Folders are told apart by what they are, since of two processes, or of two steps, each has to force the same one.
    """
    all_told = [told(name) for name in STORIES] + [one for name in BEGUN for one in killed(name)]
    sites = {site for recorded in all_told for site in recorded.recording.sites}
    alike: dict[str, set[str]] = {}
    for site in sites:
        alike.setdefault(site if site.endswith(PART) else site.partition(": ")[2], set()).add(site)
    needless = [
        what for what, group in alike.items() if not any(_is_missed(frozenset(group), told) for told in all_told)
    ]
    assert len(alike) > 10
    assert needless == []


def _is_missed(sites: frozenset[str], recorded: Recorded) -> bool:
    """Tell whether a disk is possible, without these fsyncs, that is not right."""
    if sites.isdisjoint(recorded.recording.sites):
        return False
    return any(map(recorded.problem, images(recorded.recording, sites, recorded.cuts)))
