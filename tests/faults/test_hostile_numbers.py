"""Numbers are exact, whatever is odd about them, and JSON stays strict."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.cli import main
from nbregistry.errors import Refused
from tests.faults.hostile import NUMBERS
from tests.faults.looks import look_at_everything, strict
from tests.faults.stories import MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_exact(registry: Registry, root: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    value = NUMBERS[number]
    metrics = {"a": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else {}
    if metrics and isinstance(value, int) and abs(value) > NUMBERS["largest"]:
        with pytest.raises(Refused):
            registry.register("m", MODEL, metrics=metrics)
        metrics = {}
    tags = {} if value is None else {"a": value}
    registry.register("m", MODEL, params={"a": value}, tags=tags, metrics=metrics)
    registry._workspace.catalog.save_checkpoint()
    for cached in (True, False):
        if not cached:
            shutil.rmtree(root / "cache")
        version = nbregistry.open(root).get("m@1")
        assert repr([dict(version.params), dict(version.tags), dict(version.metrics)]) == repr(
            [{"a": value}, tags, metrics]
        )
    for path in (root / "log").iterdir():
        strict(path.read_bytes())
    assert main(["show", "m@1", "--json", "--registry", str(root)]) == 0
    strict(capsys.readouterr().out)
    look_at_everything(registry)


@pytest.mark.parametrize(
    "given", [np.float32(0.1), np.float64(-0.0), np.int64(-5), np.uint64(2**64 - 1), np.bool_(True), np.str_("x")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_numpys_scalars_and_keys_are_pythons(registry: Registry, root: Path, given: Any) -> None:
    registry.register("m", MODEL, params={np.str_("a"): given}, tags={np.str_("b"): given}, metrics={np.str_("c"): 1.0})
    version = nbregistry.open(root).get("m@1")
    assert repr(version.params["a"]) == repr(version.tags["b"]) == repr(given.item())
    assert version.metrics == {"c": 1.0}
    if isinstance(given, np.bool_):
        with pytest.raises(Refused, match="not a number"):
            registry.register("m", MODEL, metrics={"c": given})


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1, 10**400])
def test_a_time_that_nothing_takes_is_refused(registry: Registry, root: Path, seconds: float) -> None:
    with pytest.raises(Refused, match="training_seconds is"):
        registry.register("m", MODEL, training_seconds=seconds)
    assert not root.exists()
