"""The reflog of an alias: what was live when, and references to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry import cli
from nbregistry.catalog import catalog
from nbregistry.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: Callable[[], datetime]) -> None:
    """Have commits made at other times."""
    monkeypatch.setattr(catalog, "datetime", type("Clock", (), {"now": staticmethod(lambda _zone: now())}))


@pytest.fixture
def moved(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A champion that went from 1 to 2, to 3, and back to 2, a day each, at noon."""
    hours = [0]
    set_clock(monkeypatch, lambda: START + timedelta(hours=hours[0]))
    registry.register("m", {"w": np.zeros(1)}, alias="champion")
    for number in (2, 3):
        registry.register("m", {"w": np.full(1, number)})
    for step, ref in enumerate(("m@2", "m@2", "m@3"), 1):
        hours[0] = 24 * step
        registry.promote(ref, reason=f"step {step}")
    hours[0] = 96
    registry.rollback("m", reason="drift")
    return registry


def test_what_was_live_when_by_whom_and_why(moved: Registry) -> None:
    log = moved.log("m", alias="champion")
    assert [(one.ref, one.since[:10], one.until[:10], one.verb, one.reason) for one in log] == [
        ("m@1", "2026-01-01", "2026-01-02", "register", ""),
        ("m@2", "2026-01-02", "2026-01-04", "promote", "step 1"),
        ("m@3", "2026-01-04", "2026-01-05", "promote", "step 3"),
        ("m@2", "2026-01-05", "", "rollback", "drift"),
    ]
    assert [one.seconds for one in log][:3] == [86_400, 2 * 86_400, 86_400]
    assert log[0].actor
    assert list(log.to_frame().columns[:4]) == ["ref", "since", "until", "seconds"]
    assert [one.ref for one in moved.log("m", alias="champion", limit=1)] == ["m@2"]
    assert moved.log("m", alias="champion", limit=1).total == 4


@pytest.mark.parametrize(
    ("at", "version"),
    [
        ("2026-01-01T12:00", 1),
        ("2026-01-02", 1),
        ("2026-01-02T11:59:59.999999Z", 1),
        ("2026-01-02T12:00:00Z", 2),
        ("2026-01-02T13:00+02:00", 1),
        ("2026-01-04", 2),
        ("2026-01-05", 3),
        ("2026-01-06", 2),
        ("2999-01-01", 2),
    ],
)
def test_a_moment_means_the_holder_then(moved: Registry, at: str, version: int) -> None:
    ref = f"m@champion{{{at}}}"
    assert moved.get(ref).version == version
    assert moved.load(ref)["w"][0] == (0 if version == 1 else version)


def test_before_the_first_there_was_none_and_it_says_since_when(moved: Registry) -> None:
    with pytest.raises(NotFound, match="had no holder then: it was first put on one at 2026-01-01T12:00:00Z") as caught:
        moved.get("m@champion{2026-01-01}")
    assert "%nbr log m --alias champion" in str(caught.value.hint)


def test_any_number_of_steps_back(moved: Registry) -> None:
    assert [moved.get(f"m@champion~{steps}").version for steps in range(4)] == [2, 3, 2, 1]
    with pytest.raises(NotFound, match="had 4 holders so far"):
        moved.get("m@champion~4")


def test_it_stands_wherever_a_reference_does(moved: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert moved.promote("m@champion{2026-01-05}", "challenger").to_ref == "m@3"
    assert moved.rollback("m", to="m@champion{2026-01-02}", dry_run=True).to_ref == "m@1"
    assert moved.lineage("m@champion{2026-01-05}").ref == "m@3"
    assert cli.main(["show", "m@champion{2026-01-05}", "--registry", str(moved.path)]) == 0
    assert "m@3" in capsys.readouterr().out


def test_the_command_line_has_it(moved: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["log", "m", "--alias", "champion", "--registry", str(moved.path)]) == 0
    assert "champion is on m@2 since 2026-01-05 12:00" in capsys.readouterr().out
    assert cli.main(["log", "m", "--alias", "champion", "--json", "--registry", str(moved.path)]) == 0
    assert '"reason":"drift"' in capsys.readouterr().out


def test_it_needs_a_model_and_an_alias_that_are_there(moved: Registry) -> None:
    with pytest.raises(Refused, match="none is named") as caught:
        moved.log(alias="champion")
    assert "%nbr log NAME --alias champion" in str(caught.value.hint)
    with pytest.raises(NotFound, match="no alias 'champoin'"):
        moved.log("m", alias="champoin")
    with pytest.raises(NotFound):
        moved.log("n", alias="champion")
    with pytest.raises(Refused):
        moved.log("m", alias="champion", limit=0)


def test_a_clock_that_was_set_back_makes_no_negative_time(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([START + timedelta(days=1), START])
    set_clock(monkeypatch, lambda: next(times))
    registry.register("m", {"w": np.zeros(1)}, alias="champion")
    registry.register("m", {"w": np.ones(1)}, alias="champion")
    log = nbregistry.open(root).log("m", alias="champion")
    assert log[0].seconds is None
    assert registry.get("m@champion{2026-01-03}").version == 2, "the order is that of the commits"
