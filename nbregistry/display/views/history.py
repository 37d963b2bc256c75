"""A metric over the versions of a model and over time: who was champion when, and how good."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Beside, Block, Cell, Column, Line, Picture, Row, Span, Table, line
from nbregistry.display.plots import canvas
from nbregistry.display.plots.over_time import Held, draw_by_version, draw_champions
from nbregistry.display.quantities import moment, number
from nbregistry.display.views.parts import measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nbregistry.listings import Tenure, Versions
    from nbregistry.model import ModelVersion

_LISTED = 12


def history(versions: Versions, best: Mapping[str, Collection[str]]) -> list[Block]:
    """Draw each metric that was asked for, and list the champions with their values.

    Parameters
    ----------
    versions : Versions
    best : dict
        For each metric the versions that have its best value, of those that can be ranked.
    """
    ordered = sorted(versions.matching, key=lambda version: version.version)
    drawn = [block for metric in versions.plot for block in _pictures(metric, ordered, versions.tenures, best[metric])]
    return [*drawn, _extremes(versions.plot, ordered, best), *_champions(versions, ordered, best)]


def instant(iso: str) -> datetime | None:
    """Read a time as it is recorded; ``None`` for what is none, or has no axis."""
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return None
    known = found if found.tzinfo else found.replace(tzinfo=UTC)
    return known.astimezone(UTC) if 1971 <= known.year <= 9000 else None


def _known(metric: str, ordered: Sequence[ModelVersion]) -> list[tuple[ModelVersion, float]]:
    return [
        (version, version.metrics[metric])
        for version in ordered
        if metric in version.metrics and math.isfinite(version.metrics[metric])
    ]


def _pictures(
    metric: str, ordered: Sequence[ModelVersion], tenures: Sequence[Tenure], best: Collection[str]
) -> list[Block]:
    known = _known(metric, ordered)
    if not known:
        return []
    top = next((version.version for version, _ in known if version.ref in best), None)
    values = [(version.version, float(value)) for version, value in known]
    champions = [tenure.version for tenure in tenures]
    alt = f"{metric} of {len(known)} versions, from {number(known[0][1])} to {number(known[-1][1])}"
    by_version = Picture(partial(draw_by_version, metric, values, champions, top), f"{alt}, by version", canvas.WIDTH)
    made = [(at, float(value)) for version, value in known if (at := instant(version.created_at))]
    held = _held(dict(values), tenures, [at for at, _ in made])
    if not made:
        return [by_version]
    over_time = Picture(
        partial(draw_champions, metric, made, held), f"{alt}, and of the champion over time", canvas.WIDTH
    )
    return [Beside(((by_version,), (over_time,)))]


def _held(values: dict[int, float], tenures: Sequence[Tenure], made: Sequence[datetime]) -> list[Held]:
    """Give the champions that have a value; the present one holds until the newest thing that is known."""
    times = [at for tenure in tenures for iso in (tenure.since, tenure.until) if (at := instant(iso))]
    newest = max([*times, *made], default=None)
    found = []
    for tenure in tenures:
        since, until = instant(tenure.since), instant(tenure.until) or newest
        if tenure.version in values and since and until:
            found.append(Held(tenure.version, values[tenure.version], since, until))
    return found


def _extremes(metrics: Sequence[str], ordered: Sequence[ModelVersion], best: Mapping[str, Collection[str]]) -> Table:
    """Say where each metric begins, ends and is best."""
    rows = []
    for metric in metrics:
        known = _known(metric, ordered)
        top = next((found for found in known if found[0].ref in best[metric]), None)
        cells = [_valued(*found) for found in (known[0], known[-1])] if known else [Cell(), Cell()]
        cells.append(_valued(*top) if top else Cell())
        rows.append(Row((Cell((Span(metric, "user"),)), Cell(line(f"{len(known):,}")), *cells)))
    heads = ("metric", "versions", "first", "last", "★ best")
    columns = tuple(Column(line(head), numeric=place > 0) for place, head in enumerate(heads))
    return Table(line("Over the versions"), columns, tuple(rows))


def _valued(version: ModelVersion, value: float) -> Cell:
    return Cell(line(number(value)), (Span(version.ref, "muted"),))


def _champions(versions: Versions, ordered: Sequence[ModelVersion], best: Mapping[str, Collection[str]]) -> list[Block]:
    """List who was champion from when to when."""
    if not versions.tenures:
        return []
    by_number = {version.version: version for version in ordered}
    shown = versions.tenures[-_LISTED:]
    metrics = {
        metric: {number_: by_number[number_].metrics.get(metric) for number_ in by_number} for metric in versions.plot
    }
    refs = [f"{versions.name}@{tenure.version}" for tenure in shown]
    rows = tuple(
        Row(
            (
                Cell((ref_of(ref),), _stray(tenure)),
                Cell((Span(moment(tenure.since), "time", tenure.since),)),
                Cell((Span(moment(tenure.until), "time", tenure.until),) if tenure.until else line("now")),
                *(
                    Cell(
                        measured(
                            metrics[metric].get(tenure.version),
                            best=ref in best[metric],
                        )
                    )
                    for metric in versions.plot
                ),
            ),
            "" if tenure.until else "marked",
        )
        for ref, tenure in zip(refs, shown, strict=True)
    )
    left_out = f", the last {len(shown)} of {len(versions.tenures)}" if len(shown) < len(versions.tenures) else ""
    heads = [line("champion"), line("from (UTC)"), line("until (UTC)"), *((Span(m, "user"),) for m in versions.plot)]
    columns = tuple(Column(head, numeric=place > 2) for place, head in enumerate(heads))
    return [Table(line(f"Champions{left_out}"), columns, rows)]


def _stray(tenure: Tenure) -> Line:
    return () if tenure.trusted else (Span("! moved by a key that is not trusted", "alarm"),)
