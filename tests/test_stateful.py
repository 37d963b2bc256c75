"""Any sequence of verbs, over two handles on one folder, equals a plain dictionary."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import nbregistry
from nbregistry.errors import RegistryError

NAMES = st.sampled_from(["churn", "fraud", "モデル 1"])
ALIASES = st.sampled_from(["champion", "challenger"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
NUMBERS = st.floats(allow_nan=False) | st.integers()
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@dataclass
class Version:
    """What a version must be."""

    params: dict[str, object]
    metrics: dict[str, float]
    tags: dict[str, object]
    parents: tuple[str, ...]
    description: str
    status: str = "active"
    approval: str = "PendingManualApproval"


@dataclass
class Model:
    """What a registered model must be."""

    versions: list[Version] = field(default_factory=list)
    holders: dict[str, list[int]] = field(default_factory=dict)

    def aliases_of(self, version: int) -> tuple[str, ...]:
        return tuple(sorted(alias for alias, holders in self.holders.items() if holders[-1] == version))

    def move(self, alias: str, version: int) -> None:
        holders = self.holders.setdefault(alias, [])
        if not holders or holders[-1] != version:
            holders.append(version)
        if self.versions[version - 1].status == "rolled_back":
            self.versions[version - 1].status = "active"


class Verbs(RuleBasedStateMachine):
    """Two kernels that do anything, and the dictionary that says what must come of it."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        os.environ["NBREGISTRY_HOME"] = str(self.folder / "home")
        self.handles = [nbregistry.open(self.folder / "registry") for _ in range(2)]
        self.expected: dict[str, Model] = {}
        self.events = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def some_version(self, data: st.DataObject) -> tuple[str, int, Version]:
        name = data.draw(st.sampled_from(sorted(self.expected)))
        number = data.draw(st.integers(1, len(self.expected[name].versions)))
        return name, number, self.expected[name].versions[number - 1]

    @rule(
        handle=st.integers(0, 1),
        name=NAMES,
        params=st.dictionaries(KEYS, SCALARS, max_size=3),
        metrics=st.dictionaries(KEYS, NUMBERS, max_size=3),
        tags=st.dictionaries(KEYS, SCALARS.filter(lambda value: value is not None), max_size=3),
        description=st.text(st.characters(exclude_categories=["Cs"])),
        alias=st.none() | ALIASES,
        data=st.data(),
    )
    def register(self, handle, name, params, metrics, tags, description, alias, data) -> None:
        parents = ()
        if self.expected and data.draw(st.booleans()):
            parent, number, _ = self.some_version(data)
            parents = (f"{parent}@{number}",)
        registered = self.handles[handle].register(
            name,
            {"w": np.zeros(1)},
            params=params,
            metrics=metrics,
            tags=tags,
            description=description,
            alias=alias,
            parents=parents,
        )
        model = self.expected.setdefault(name, Model())
        model.versions.append(Version(params, metrics, tags, parents, description))
        assert registered.version == len(model.versions)
        if alias:
            model.move(alias, registered.version)
        self.events += 1

    @precondition(lambda self: self.expected)
    @rule(handle=st.integers(0, 1), alias=ALIASES, data=st.data())
    def promote(self, handle, alias, data) -> None:
        name, number, version = self.some_version(data)
        allowed = version.status != "archived" and version.approval != "Rejected"
        try:
            self.handles[handle].promote(f"{name}@{number}", alias)
        except RegistryError:
            assert not allowed
            return
        assert allowed
        holders = self.expected[name].holders.get(alias, [])
        if holders[-1:] != [number]:  # on the holder itself nothing is changed, and nothing is journaled
            self.expected[name].move(alias, number)
            self.events += 1

    @precondition(lambda self: self.expected)
    @rule(handle=st.integers(0, 1), alias=ALIASES, data=st.data())
    def rollback(self, handle, alias, data) -> None:
        name, _, _ = self.some_version(data)
        model = self.expected[name]
        holders = model.holders.get(alias, [])
        earlier = [
            number
            for number in holders[:-1]
            if number != holders[-1]
            and model.versions[number - 1].status == "active"
            and model.versions[number - 1].approval != "Rejected"
        ]
        try:
            rollback = self.handles[handle].rollback(name, alias=alias)
        except RegistryError:
            assert not earlier
            return
        assert rollback.to_ref == f"{name}@{earlier[-1]}"
        if model.aliases_of(holders[-1]) == (alias,):
            model.versions[holders[-1] - 1].status = "rolled_back"
        model.move(alias, earlier[-1])
        self.events += 1

    @precondition(lambda self: self.expected)
    @rule(handle=st.integers(0, 1), key=KEYS, value=SCALARS, data=st.data())
    def tag(self, handle, key, value, data) -> None:
        name, number, version = self.some_version(data)
        self.handles[handle].tag(f"{name}@{number}", **{key: value})
        version.tags = {k: v for k, v in (version.tags | {key: value}).items() if v is not None}
        self.events += 1

    @precondition(lambda self: self.expected)
    @rule(handle=st.integers(0, 1), approval=st.sampled_from(["Approved", "Rejected"]), data=st.data())
    def approve(self, handle, approval, data) -> None:
        name, number, version = self.some_version(data)
        self.handles[handle].approve(f"{name}@{number}", approval, reason="because")
        version.approval = approval
        self.events += 1

    @precondition(lambda self: self.expected)
    @rule(handle=st.integers(0, 1), data=st.data())
    def archive_or_restore(self, handle, data) -> None:
        name, number, version = self.some_version(data)
        registry, ref = self.handles[handle], f"{name}@{number}"
        if version.status == "active":
            try:
                registry.archive(ref)
            except RegistryError:
                assert self.expected[name].aliases_of(number)
                return
            version.status = "archived"
        else:
            registry.restore(ref)
            version.status = "active"
        self.events += 1

    @rule(handle=st.integers(0, 1))
    def start_again(self, handle) -> None:
        """A kernel restarts; every other time from the log alone."""
        if handle:
            shutil.rmtree(self.folder / "registry" / "cache", ignore_errors=True)
        else:
            self.handles[0]._workspace.catalog.save_checkpoint()
        self.handles[handle] = nbregistry.open(self.folder / "registry")

    @invariant()
    def every_handle_sees_the_same(self) -> None:
        for registry in getattr(self, "handles", ()):
            assert registry.model_names() == sorted(self.expected)
            assert len(registry.log()) == self.events
            for name, model in self.expected.items():
                found = registry.versions(name)
                assert [version.version for version in found] == list(range(1, len(model.versions) + 1))
                for version, expected in zip(found, model.versions, strict=True):
                    assert repr(dict(version.params)) == repr(dict(sorted(expected.params.items())))
                    assert repr(dict(version.metrics)) == repr(dict(sorted(expected.metrics.items())))
                    assert version.tags == expected.tags
                    assert version.parents == expected.parents
                    assert version.description == expected.description
                    assert (version.status, version.approval) == (expected.status, expected.approval)
                    assert version.aliases == model.aliases_of(version.version)


@pytest.fixture(autouse=True)
def _keep_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what the machine sets in the environment put back when it is done."""
    monkeypatch.setenv("NBREGISTRY_HOME", "")


Verbs.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestVerbs = Verbs.TestCase
