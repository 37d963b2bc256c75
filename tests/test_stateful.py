"""Any sequence of verbs, over two handles on one folder and one on another, equals a plain dictionary."""

from __future__ import annotations

import copy
import math
import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sklearn.linear_model import LogisticRegression

import nbregistry
from nbregistry.errors import NotFound, Refused, RegistryError
from tests.faults.conftest import EVERY_CASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.registry import Registry

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
NAMES = st.sampled_from(["churn", "fraud", "モデル 1"])
ALIASES = st.sampled_from(["champion", "challenger"])
SET_SCALARS = st.booleans() | st.integers() | st.floats() | TEXT
SCALARS = st.none() | SET_SCALARS
NUMBERS = st.floats() | st.integers()
HANDLES = st.integers(0, 2)
X, Y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
FITTED = LogisticRegression().fit(X, Y)
APPROVALS = ["Approved", "Rejected", "PendingManualApproval"]


@dataclass
class Version:
    """What a version must be; relatives are named by what they are, for a number means something in one place only."""

    uid: int
    params: dict[str, Any]
    metrics: dict[str, float]
    tags: dict[str, Any]
    description: str
    parents: tuple[int, ...]
    depends_on: tuple[int, ...]
    fitted: bool
    status: str = "active"
    approval: str = "PendingManualApproval"
    evaluations: list[str] = field(default_factory=list)


@dataclass
class Model:
    """What a registered model must be.

    Attributes
    ----------
    holders : dict
        For each alias, the versions that held it, oldest first.
    trails : dict
        For each alias, the versions that it can go back to, its holder last.
    """

    versions: list[Version] = field(default_factory=list)
    holders: dict[str, list[int]] = field(default_factory=dict)
    trails: dict[str, list[int]] = field(default_factory=dict)

    def holder(self, alias: str) -> int | None:
        return self.holders[alias][-1] if alias in self.holders else None

    def aliases_of(self, version: int) -> tuple[str, ...]:
        return tuple(sorted(alias for alias in self.holders if self.holder(alias) == version))

    def move(self, alias: str, version: int) -> None:
        self.trails.setdefault(alias, []).append(version)
        self._hold(alias, version)

    def back(self, alias: str, version: int) -> None:
        """What it leaves is no longer on its way, and is rolled back unless it has another alias."""
        left = self.holders[alias][-1]
        if self.aliases_of(left) == (alias,):
            self.versions[left - 1].status = "rolled_back"
        trail = self.trails[alias]
        trail.pop()
        while version in trail and trail[-1] != version:
            trail.pop()
        if version not in trail:
            trail.append(version)
        self._hold(alias, version)

    def _hold(self, alias: str, version: int) -> None:
        self.holders.setdefault(alias, []).append(version)
        if self.versions[version - 1].status == "rolled_back":
            self.versions[version - 1].status = "active"


@dataclass
class Place:
    """What a registry must hold."""

    models: dict[str, Model] = field(default_factory=dict)
    events: int = 0

    def versions(self) -> Iterator[Found]:
        for name, model in self.models.items():
            for number, version in enumerate(model.versions, 1):
                yield Found(name, number, version)

    def ref(self, uid: int) -> str:
        return next(found.ref for found in self.versions() if found.version.uid == uid)

    def refs(self, uids: Any) -> set[str]:
        wanted = set(uids)
        return {found.ref for found in self.versions() if found.version.uid in wanted}

    def reach(self, uid: int, step: Any) -> set[int]:
        seen: set[int] = set()
        waiting = [uid]
        while waiting:
            new = set(step(waiting.pop())) - seen
            seen |= new
            waiting += new
        return seen

    def by_uid(self, uid: int) -> Version:
        return next(found.version for found in self.versions() if found.version.uid == uid)


class Found(NamedTuple):
    """A version and where it is."""

    name: str
    number: int
    version: Version

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.number}"


class Verbs(RuleBasedStateMachine):
    """Three kernels that do anything, and the dictionaries that say what must come of it."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        os.environ["NBREGISTRY_HOME"] = str(self.folder / "home")
        self.roots = [self.folder / place for place in ("here", "here", "there")]
        self.handles = [nbregistry.open(root) for root in self.roots]
        here, there = Place(), Place()
        self.places = [here, here, there]
        self.count = 0
        for handle in (0, 2):
            registry, place = self.at(handle)
            for model, fitted in ((FITTED, True), ({"w": np.zeros(1)}, False)):
                registry.register("churn", model, alias="champion", metrics={"score": handle})
                known = place.models.setdefault("churn", Model())
                known.versions.append(Version(self.fresh(), {}, {"score": handle}, {}, "", (), (), fitted))
                known.move("champion", len(known.versions))
                place.events += 1

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def at(self, handle: int) -> tuple[Registry, Place]:
        return self.handles[handle], self.places[handle]

    def some(self, handle: int, data: st.DataObject) -> tuple[Registry, Place, Found]:
        """Give a handle, and a version that is there."""
        return (*self.at(handle), data.draw(st.sampled_from(list(self.places[handle].versions()))))

    @rule(
        handle=HANDLES,
        name=NAMES,
        params=st.dictionaries(KEYS, SCALARS, max_size=3),
        metrics=st.dictionaries(KEYS | st.just("score"), NUMBERS, max_size=3),
        tags=st.dictionaries(KEYS, SET_SCALARS, max_size=3),
        description=TEXT,
        alias=st.none() | ALIASES,
        fitted=st.booleans(),
        data=st.data(),
    )
    def register(self, handle, name, params, metrics, tags, description, alias, fitted, data) -> None:
        registry, place = self.at(handle)
        known = list(place.versions())
        some = st.lists(st.sampled_from(known), max_size=2, unique_by=lambda found: found.ref)
        parents, depends_on = data.draw(some), data.draw(some)
        registered = registry.register(
            name,
            FITTED if fitted else {"w": np.zeros(1)},
            params=params,
            metrics=metrics,
            tags=tags,
            description=description,
            alias=alias,
            parents=[found.ref for found in parents],
            depends_on=[found.ref for found in depends_on],
        )
        model = place.models.setdefault(name, Model())
        uids = [tuple(found.version.uid for found in relatives) for relatives in (parents, depends_on)]
        model.versions.append(Version(self.fresh(), params, metrics, tags, description, *uids, fitted))
        assert registered.version == len(model.versions)
        if alias:
            model.move(alias, registered.version)
        place.events += 1

    @rule(handle=HANDLES, name=NAMES, relation=st.sampled_from(["parents", "depends_on"]), gap=st.integers(1, 2))
    def register_what_came_from_what_is_not_there(self, handle, name, relation, gap) -> None:
        """Not even from itself; and the number is not lost."""
        registry, place = self.at(handle)
        following = len(place.models[name].versions) + gap if name in place.models else gap
        with pytest.raises(NotFound):
            registry.register(name, {"w": np.zeros(1)}, **{relation: f"{name}@{following}"})

    @rule(handle=HANDLES, name=TEXT.map(lambda text: f"/{text}"))
    def register_under_no_name(self, handle, name) -> None:
        with pytest.raises(RegistryError):
            self.handles[handle].register(name, {"w": np.zeros(1)})

    @rule(handle=HANDLES, alias=ALIASES, data=st.data())
    def promote(self, handle, alias, data) -> None:
        registry, place, found = self.some(handle, data)
        allowed = found.version.status != "archived" and found.version.approval != "Rejected"
        try:
            registry.promote(found.ref, alias)
        except RegistryError:
            assert not allowed
            return
        assert allowed
        if place.models[found.name].holder(alias) != found.number:  # on the holder itself nothing is changed
            place.models[found.name].move(alias, found.number)
            place.events += 1

    @rule(handle=HANDLES, alias=ALIASES, dry_run=st.booleans(), data=st.data())
    def rollback(self, handle, alias, dry_run, data) -> None:
        registry, place, found = self.some(handle, data)
        model = place.models[found.name]
        holder = model.holder(alias)
        earlier = [
            number
            for number in model.trails.get(alias, [])[:-1]
            if number != holder
            and model.versions[number - 1].status == "active"
            and model.versions[number - 1].approval != "Rejected"
        ]
        try:
            rollback = registry.rollback(found.name, alias=alias, dry_run=dry_run)
        except RegistryError:
            assert not earlier
            return
        assert rollback.to_ref == f"{found.name}@{earlier[-1]}"
        assert rollback.applied is not dry_run
        if not dry_run:
            model.back(alias, earlier[-1])
            place.events += 1

    @rule(handle=HANDLES, alias=ALIASES, force=st.booleans(), data=st.data())
    def rollback_to(self, handle, alias, force, data) -> None:
        registry, place, found = self.some(handle, data)
        model, version = place.models[found.name], found.version
        in_order = version.status != "archived" and version.approval != "Rejected"
        allowed = model.holder(alias) not in (None, found.number) and (force or in_order)
        try:
            registry.rollback(found.name, to=found.ref, alias=alias, force=force, reason="drift")
        except RegistryError:
            assert not allowed
            return
        assert allowed
        model.back(alias, found.number)
        place.events += 1

    @rule(handle=HANDLES, key=KEYS, value=SCALARS, remove=st.booleans(), data=st.data())
    def tag(self, handle, key, value, remove, data) -> None:
        registry, place, found = self.some(handle, data)
        if remove:
            key, value = data.draw(st.sampled_from(sorted(found.version.tags) or [key])), None
        registry.tag(found.ref, **{key: value})
        tags = found.version.tags | {key: value}
        found.version.tags = {key: value for key, value in tags.items() if value is not None}
        place.events += 1

    @rule(handle=HANDLES, text=TEXT, data=st.data())
    def describe(self, handle, text, data) -> None:
        registry, place, found = self.some(handle, data)
        registry.describe(found.ref, text)
        found.version.description = text
        place.events += 1

    @rule(handle=HANDLES, approval=st.sampled_from(APPROVALS), data=st.data())
    def approve(self, handle, approval, data) -> None:
        registry, place, found = self.some(handle, data)
        registry.approve(found.ref, approval, reason="because")
        found.version.approval = approval
        place.events += 1

    @rule(handle=HANDLES, data=st.data())
    def archive_or_restore(self, handle, data) -> None:
        registry, place, found = self.some(handle, data)
        if found.version.status == "active":
            try:
                registry.archive(found.ref)
            except RegistryError:
                assert place.models[found.name].aliases_of(found.number)
                return
            found.version.status = "archived"
        else:
            registry.restore(found.ref)
            found.version.status = "active"
        place.events += 1

    @rule(handle=HANDLES, name=TEXT, data=st.data())
    def evaluate(self, handle, name, data) -> None:
        registry, place, found = self.some(handle, data)
        if not found.version.fitted:
            with pytest.raises(Refused):
                registry.evaluate(found.ref, X, Y, name=name)
            return
        evaluation = registry.evaluate(found.ref, X, Y, name=name)
        found.version.evaluations.append(name)
        found.version.metrics = found.version.metrics or dict(evaluation.metrics)
        place.events += 1

    @rule(source=HANDLES, into=HANDLES, data=st.data())
    def carry(self, source, into, data) -> None:
        """Export from one registry, import into another, or into the same: what came once does not come twice."""
        registry, place, found = self.some(source, data)
        path = self.folder / f"{self.fresh()}.zip"
        registry.export(found.ref, path)
        made = place.reach(found.version.uid, lambda uid: (v := place.by_uid(uid)).parents + v.depends_on)
        travelling = sorted((v for v in place.versions() if v.version.uid in {*made, found.version.uid}), key=by_age)
        there = self.places[into]
        missing = [v for v in travelling if v.version.uid not in {known.version.uid for known in there.versions()}]
        for name, _, version in missing:
            arrived = replace(copy.deepcopy(version), status="active", approval="PendingManualApproval")
            there.models.setdefault(name, Model()).versions.append(arrived)
        there.events += bool(missing)
        transfer = self.handles[into].import_(path)
        assert set(transfer.refs) == there.refs(v.version.uid for v in travelling)
        assert len(transfer.refs) - len(transfer.already) == len(missing)

    @rule(handle=HANDLES, apply=st.booleans())
    def collect(self, handle, apply) -> None:
        registry, _ = self.at(handle)
        registry.gc(dry_run=not apply)
        assert registry.verify().ok

    @rule(handle=HANDLES)
    def verify(self, handle) -> None:
        registry, place = self.at(handle)
        found = registry.verify()
        assert (found.ok, found.problems, found.commits) == (True, (), place.events)

    @rule(handle=HANDLES)
    def backup(self, handle) -> None:
        registry, place = self.at(handle)
        copied = self.folder / f"copy {self.fresh()}"
        assert registry.backup(copied).ok
        same(nbregistry.open(copied, read_only=True), place)

    @rule(handle=HANDLES, threshold=st.integers(-1, 1), alias=ALIASES)
    def choose(self, handle, threshold, alias) -> None:
        registry, place = self.at(handle)
        chosen = registry.versions(
            where=f"metrics.score > {threshold} AND NOT (status = 'archived' OR alias = '{alias}')"
        )
        assert {version.ref for version in chosen} == {
            found.ref
            for found in place.versions()
            if found.version.metrics.get("score", math.nan) > threshold
            and found.version.status != "archived"
            and alias not in place.models[found.name].aliases_of(found.number)
        }

    @rule(handle=HANDLES, data=st.data())
    def lineage(self, handle, data) -> None:
        registry, place, found = self.some(handle, data)
        uid, versions = found.version.uid, [known.version for known in place.versions()]

        def children(of: int) -> list[int]:
            return [version.uid for version in versions if of in version.parents]

        lineage = registry.lineage(found.ref)
        assert set(lineage.parents) == place.refs(found.version.parents)
        assert set(lineage.depends_on) == place.refs(found.version.depends_on)
        assert set(lineage.children) == place.refs(children(uid))
        assert set(lineage.dependents) == place.refs(v.uid for v in versions if uid in v.depends_on)
        siblings = {child for parent in found.version.parents for child in children(parent)} - {uid}
        assert set(lineage.siblings) == place.refs(siblings)
        assert set(lineage.ancestors) == place.refs(place.reach(uid, lambda one: place.by_uid(one).parents))
        assert set(lineage.descendants) == place.refs(place.reach(uid, children))
        assert not lineage.missing

    @rule(handle=HANDLES, alias=ALIASES, steps=st.integers(0, 2), data=st.data())
    def resolve(self, handle, alias, steps, data) -> None:
        registry, place, found = self.some(handle, data)
        holders = place.models[found.name].holders.get(alias, [])
        ref = f"{found.name}@{alias}" + (f"~{steps}" if steps else "")
        if steps < len(holders):
            assert registry.get(ref).version == holders[-1 - steps]
        else:
            with pytest.raises(NotFound):
                registry.get(ref)
        assert registry.get(f"models:/{found.name}/latest").version == len(place.models[found.name].versions)

    @rule(handle=HANDLES, cached=st.booleans())
    def start_again(self, handle, cached) -> None:
        """A kernel restarts; from what it saved, or from the log alone."""
        if cached:
            self.handles[handle]._workspace.catalog.save_checkpoint()
        else:
            shutil.rmtree(self.roots[handle] / "cache", ignore_errors=True)
        self.handles[handle] = nbregistry.open(self.roots[handle])

    @precondition(lambda self: hasattr(self, "handles"))
    @invariant()
    def every_handle_sees_the_same(self) -> None:
        for registry, place in zip(self.handles, self.places, strict=True):
            same(registry, place)


def by_age(found: Found) -> int:
    """Makers come before what they made, wherever they are."""
    return found.version.uid


def same(registry: Registry, place: Place) -> None:
    """See that a registry holds what it must, and nothing else."""
    assert registry.model_names() == sorted(place.models)
    assert [event.seq for event in registry.log()] == list(range(1, place.events + 1))
    for name, model in place.models.items():
        found = registry.versions(name)
        assert [version.version for version in found] == list(range(1, len(model.versions) + 1))
        for version, expected in zip(found, model.versions, strict=True):
            assert exactly(version.params) == exactly(expected.params)
            assert exactly(version.metrics) == exactly(expected.metrics)
            assert exactly(version.tags) == exactly(expected.tags)
            assert set(version.parents) == place.refs(expected.parents)
            assert set(version.depends_on) == place.refs(expected.depends_on)
            assert version.description == expected.description
            assert (version.status, version.approval) == (expected.status, expected.approval)
            assert version.aliases == model.aliases_of(version.version)
            assert [evaluation.name for evaluation in version.evaluations] == expected.evaluations


def exactly(values: Any) -> str:
    """Tell -0.0 from 0.0, 1 from True, and NaN from nothing, whatever the order."""
    return repr(sorted(values.items()))


@pytest.fixture(autouse=True)
def _keep_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what the machine sets in the environment put back when it is done."""
    monkeypatch.setenv("NBREGISTRY_HOME", "")


Verbs.TestCase.settings = settings(
    max_examples=120 if EVERY_CASE else 40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestVerbs = Verbs.TestCase
