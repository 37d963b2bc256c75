"""What a stranger may have written into the log: it is told as damage, or every verb and every display works on it."""

from __future__ import annotations

import copy
import json
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nbregistry
from nbregistry.catalog import exact
from nbregistry.catalog.changes import put_shared
from nbregistry.catalog.commit import Envelope, signed_bytes
from nbregistry.errors import RegistryError
from nbregistry.trust import Keyring
from tests.faults.conftest import EVERY_CASE
from tests.faults.hostile import NUMBERS
from tests.faults.looks import check, everything, look_at_everything, refusal_of
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

MOST = 24
X, _, y, _ = tumours()
WEIRD = [None, True, -1, 0, 1.5, "", "x", "²", "a@1", "m@1", "\x1b[2J\u202e\n<b>", [], [[]], [None], ["x"], {},
         {"a": 1}, {"": ""}, {"a": {"b": [1]}}, [["x", "y"]], "2026-11-22T08:01:31Z", "sha256:" + "0" * 64, "9" * 5000,
         *(number for number in NUMBERS.values() if not isinstance(number, bool))]  # fmt: skip


class Told:
    """A registry with a commit of every verb, and what each of them says."""

    def __init__(self, folder: Path, payloads: list[dict[str, Any]]) -> None:
        self.folder, self.payloads = folder, payloads


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


WEIRD += [nested(180), nested(300)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("told")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home"))
        registry = nbregistry.open(folder / "registry")
        model = pipeline().fit(X, y)
        registry.register("m", model, on=(X, y), train=(X, y), tags={"team": "onco"}, alias="champion")
        registry.register("m", {"w": np.zeros(2)}, params={"a": 1}, metrics={"accuracy": 0.5}, parents="m@1")
        registry.register("user", {"w": np.ones(2)}, depends_on="m@2", description="two\nlines")
        registry.evaluate("m@1", X[:50], y[:50], name="later")
        registry.promote("m@2", reason="better")
        registry.rollback("m", reason="drift")
        registry.tag("m@1", cost=3)
        registry.describe("m@1", "words")
        registry.approve("m@1", "Approved", reason="seen")
        registry.archive("user@1")
        registry.restore("user@1")
        registry.export("m@1", folder / "m.zip")
        other = nbregistry.open(folder / "other")
        other.register("x", {"w": np.zeros(3)})
        other.export("x@1", folder / "x.zip")
        registry.import_(folder / "x.zip")
    log = sorted((folder / "registry" / "log").iterdir())
    return Told(folder, [exact.loads(Envelope.open(path.read_bytes(), "").payload) for path in log])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to each part, of long lists only to some: of a hundred packages one is like the other."""
    items = [*value.items()] if isinstance(value, dict) else [*enumerate(value)] if isinstance(value, list) else []
    items = items if len(items) <= MOST else items[:2]
    return ([path] if path else []) + [place for key, item in items for place in places(item, (*path, key))]


def rewrite(payload: dict[str, Any], data: st.DataObject) -> None:
    """Put something else somewhere, and keep the digests right: whoever forges a fact can hash it, too."""
    *above, key = data.draw(st.sampled_from(places(payload)))
    holder: Any = payload
    for step in above:
        holder = holder[step]
    match data.draw(st.sampled_from(["drop", "add", "replace", "replace", "replace"])):
        case "drop":
            del holder[key]
        case "add" if isinstance(holder, dict):
            added = data.draw(st.sampled_from(["trusted", "evaluations", "x\n<b>", "extra", "$x"]))
            holder[added] = copy.deepcopy(data.draw(st.sampled_from(WEIRD)))
        case _:
            holder[key] = copy.deepcopy(data.draw(st.sampled_from(WEIRD)))
    changes = payload.get("changes")
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict) and change.get("kind") == "shared" and "value" in change:
            with suppress(RegistryError):  # too deep for us to write
                before, change["digest"] = change.get("digest"), put_shared(change["value"])[0]
                for other in changes:
                    rename(other, before, change["digest"])


def rename(value: Any, before: Any, after: str) -> None:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(item, str) and item == before:
            value[key] = after
        else:
            rename(item, before, after)


def append(payload: dict[str, Any], number: int, told: Told, root: Path) -> None:
    """Make a copy of the registry, in which a stranger wrote this as commit ``number``, the last one."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(told.folder / "registry", root)
    shutil.rmtree(root / "cache", ignore_errors=True)
    for later in range(number, len(told.payloads) + 1):
        (root / "log" / f"{later:010d}.json").unlink()
    written = json.dumps(exact._marked(payload), separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    signature = Keyring(told.folder / "stranger").sign(signed_bytes(written))
    (root / "log" / f"{number:010d}.json").write_bytes(Envelope.seal(written, signature).to_bytes())


@settings(max_examples=2000 if EVERY_CASE else 150, deadline=None)
@given(data=st.data())
def test_a_strangers_commit(data: st.DataObject, told: Told) -> None:
    folder, payloads = told.folder, told.payloads
    number = data.draw(st.integers(1, len(payloads)))
    payload = copy.deepcopy(payloads[number - 1])
    payload["key"] = Keyring(folder / "stranger").key
    for _ in range(data.draw(st.integers(1, 2))):
        rewrite(payload, data)
    append(payload, number, told, folder / "copy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home2"))
        registry = nbregistry.open(folder / "copy")
        if refusal_of(registry.log) is None:
            look_at_everything(registry)


@pytest.mark.parametrize(
    ("number", "path", "value"),
    [
        (4, ("detail", "n"), "x"),
        (4, ("detail", "metrics"), True),
        (4, ("detail", "metrics", "roc_auc"), ""),
        (4, ("detail", "metrics", "roc_auc"), 10**400),
        (7, ("changes", 0, "fields"), ""),
        (2, ("changes", -1, "record", "training_seconds"), float("nan")),
        (2, ("changes", -1, "record", "training_seconds"), float("inf")),
        (2, ("changes", -1, "record", "size"), 10**400),
        (2, ("changes", -1, "record", "params"), {"a": 10**2000}),
        (2, ("changes", -1, "record", "later"), nested(300)),
        (2, ("reason",), "because\n  next: %nbr gc --apply"),
        (2, ("ref",), "m@2, " * 50 + "\x1b[2J"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_once_broke_a_display(root: Path, told: Told, number: int, path: tuple[Any, ...], value: Any) -> None:
    payload = copy.deepcopy(told.payloads[number - 1])
    payload["key"] = Keyring(told.folder / "stranger").key
    holder: Any = payload
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    append(payload, number, told, root)
    registry = nbregistry.open(root)
    if refusal_of(registry.log) is None:
        for shown in everything(registry):
            check(shown)


@pytest.mark.parametrize("relation", ["parents", "depends_on"])
def test_a_relative_that_is_nowhere_is_shown_as_missing(root: Path, told: Told, relation: str) -> None:
    """No verb names one, and a log may."""
    payload = copy.deepcopy(told.payloads[1])
    payload["key"] = Keyring(told.folder / "stranger").key
    payload["changes"][-1]["record"][relation] = ["gone@7", "m@1"]
    append(payload, 2, told, root)
    lineage = nbregistry.open(root).lineage("m@2")
    assert getattr(lineage, relation) == ["gone@7", "m@1"]
    assert lineage.missing == {"gone@7"}
    assert "gone@7 ! not in this registry" in repr(lineage)
    look_at_everything(nbregistry.open(root))
