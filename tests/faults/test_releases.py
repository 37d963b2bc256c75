"""What a newer release wrote is refused politely; what an older one wrote opens."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.catalog import storage, view
from nbregistry.errors import Refused, Untrusted

if TYPE_CHECKING:
    from nbregistry.registry import Registry

FIXTURES = Path(__file__).parent / "fixtures"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def test_a_registry_of_a_newer_format_is_refused_politely(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    about = json.loads((root / "FORMAT").read_text())
    (root / "FORMAT").write_text(json.dumps(about | {"format": 7, "minimum_reader": 7, "and": "more"}))
    before = sorted(path.name for path in root.rglob("*"))
    with pytest.raises(Refused, match="newer release") as caught:
        nbregistry.open(root)
    assert "pip install --upgrade nbregistry" in caught.value.hint
    assert sorted(path.name for path in root.rglob("*")) == before
    (root / "FORMAT").write_text(json.dumps(about | {"format": 7, "and": "more"}))  # newer, and readable by older ones
    assert nbregistry.open(root).latest("m") == 1


@pytest.mark.parametrize("cache", ["with its cache", "without one"])
@pytest.mark.parametrize("made_by", sorted(path.name for path in FIXTURES.glob("format-*")))
def test_a_registry_of_an_older_release_opens(tmp_path: Path, made_by: str, cache: str) -> None:
    """Made once by that release, with a key that is nobody's any more, and never since."""
    root = tmp_path / "registry"
    shutil.copytree(FIXTURES / made_by, root)
    if cache == "without one":
        shutil.rmtree(root / "cache")
    registry = nbregistry.open(root)
    key = registry.get("net@1").signed_by
    assert [signer.key for signer in registry.summary().signers] == [key]
    assert registry.load("net@1")["bias"] == 0.5  # a format that executes nothing
    with pytest.raises(Untrusted):
        registry.load("notes@1")
    registry.trust(key, "ada")
    registry = nbregistry.open(root)  # now its cache is believed, too
    assert registry.verify().problems == ()
    assert [version.ref for version in registry.versions("net", where="metrics.auc > 0.85")] == ["net@2"]
    champion = registry.get("net@champion")
    assert (champion.version, champion.parents, champion.created_by) == (2, ("net@1",), "ada")
    assert registry.get("net@1").description == "the first one"
    assert registry.get("notes@1").tags == {"team": "onco"}
    assert registry.load("notes@1") == ["a list", {"of": "plain things"}]
    np.testing.assert_array_equal(registry.load("net@2")["layer"], [[0, 1, 2], [3, 4, 5]])
    assert [event.verb for event in registry.log()] == ["register", "register", "register", "promote", "describe"]
    assert registry.register("net", {"bias": np.zeros(1)}, alias="champion").ref == "net@3"
    assert registry.rollback("net").to_ref == "net@2"
    assert registry.verify().ok


@pytest.mark.parametrize("cache", ["with its cache", "without one"])
def test_a_release_that_knows_no_policies_stops_where_one_was_set(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    """It would promote past the gates: so it must not begin behind them either, with a newer one's checkpoint."""
    registry.register("m", {"w": np.zeros(1)})
    registry._workspace.catalog.save_checkpoint()
    with monkeypatch.context() as older:
        older.setattr(view, "KINDS", view.KINDS - {"policy"})
        older.setattr(storage, "_PURPOSE_WITH_POLICIES", storage._PURPOSE)
        assert nbregistry.open(root).latest("m") == 1  # as long as nobody set one, nothing changed for it
    registry.policy("m@champion", "approved")
    if cache == "with its cache":
        registry._workspace.catalog.save_checkpoint()
    with monkeypatch.context() as older:
        older.setattr(view, "KINDS", view.KINDS - {"policy"})
        older.setattr(storage, "_PURPOSE_WITH_POLICIES", storage._PURPOSE)
        with pytest.raises(Refused, match="a change of kind 'policy', which this release does not know") as caught:
            nbregistry.open(root).latest("m")
        assert "pip install --upgrade nbregistry" in caught.value.hint
    assert nbregistry.open(root).policy("m@champion").require == ("approved",)
