"""The versions of a model: which is live, which is best, what changed from one to the next."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Line,
    Notes,
    Row,
    Span,
    Table,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import LEGEND, MAIN_COUNT, best_of, change, leading, metrics_of, trend
from nbregistry.display.quantities import moment, number, plural
from nbregistry.display.views.history import history
from nbregistry.display.views.parts import (
    badges,
    chips,
    folded,
    lacking_words,
    measured,
    measured_on,
    on_other_data,
    ref_of,
    stray_alias,
)
from nbregistry.display.views.steps import what_changed
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.listings import Versions
    from nbregistry.model import ModelVersion

SHOWN = 20
_LIVE = 4
_FOLDED_METRICS = 12

Best = Mapping[str, Collection[str]]
"""For each metric the versions that have its best value; none where there is nothing to choose from."""


def card(versions: Versions) -> Card:
    """Show versions as a table, in the order they come."""
    if not versions.items:
        return _nothing(versions)
    metrics = metrics_of(versions.items, asked=versions.where)
    main, rest = metrics[:MAIN_COUNT], metrics[MAIN_COUNT:]
    # What is best or live is so among all that match, whatever a limit shows of them.
    matching = versions.matching
    several = len({version.name for version in matching}) > 1
    # What is best among versions of different models, or of those measured on different data, says nothing.
    rivals = [] if several else _rivals(matching)
    known = metrics_of(matching, asked=versions.where)
    best = {metric: best_of(metric, {rival.ref: rival.metrics.get(metric) for rival in rivals}) for metric in known}
    winners = _winners(matching, known, best)
    shown = _window(versions, winners)
    blocks: list[Block] = [*(history(versions, best) if versions.plot else ()), _table(versions, shown, main, best)]
    if main and len(versions) > 1:
        blocks.append(
            Notes(
                "",
                (
                    line(
                        Span(f"with each value: its change from the version before, {LEGEND} · times are UTC", "muted")
                    ),
                ),
            )
        )
    hidden = sum(version for version in shown if isinstance(version, int))
    if hidden:
        how = command("%versions", *([versions.name] if versions.name else []))
        told = f"showing {len(versions) - hidden} of {len(versions):,}; {how} --limit {len(versions)}"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    elif len(versions) < versions.total:
        told = f"showing {len(versions):,} of {versions.total:,}"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    if len({data for version in matching if (data := measured_on(version))}) > 1:
        told = "measured on different data: a difference between such versions is not the model's alone"
        blocks.append(Notes("", (line(told),)))
    if rest:
        blocks.append(_more_metrics(shown, rest, best))
    return Card(title=_title(versions), lead=_lead(matching, winners, leading(known), shown), blocks=tuple(blocks))


def _nothing(versions: Versions) -> Card:
    name = Span(versions.name, "strong") if versions.name else Span("any model", "strong")
    if versions.where:
        lead = line("No version of ", name, " matches ", Span(versions.where, "code"), ".")
        following = (command("%versions", *([versions.name] if versions.name else [])), "all of them")
    else:
        lead = line("No versions yet.")
        following = (command("%register", versions.name or "NAME", "MODEL"), "the first one")
    notes = (Notes("", lacking_words(versions.lacking)),) if versions.lacking else ()
    return Card(title=_title(versions), lead=lead, blocks=(*notes, Commands("next", (following,))))


def _title(versions: Versions) -> Line:
    name = Span(versions.name, "user") if versions.name else Span("all models")
    where = line("  where ", Span(versions.where, "code")) if versions.where else ()
    return line(name, "  ", Span(plural(versions.total, "version"), "muted"), where)


def _rivals(items: Sequence[ModelVersion]) -> list[ModelVersion]:
    """Give the versions that can be ranked: those measured on the data that most of them were measured on."""
    counts = Counter(measured_on(version) for version in items if version.metrics)
    return [version for version in items if counts and measured_on(version) == counts.most_common(1)[0][0]]


def _winners(items: Sequence[ModelVersion], metrics: Sequence[str], best: Best) -> list[ModelVersion]:
    """Give the best versions by the metric that matters most."""
    metric = leading(metrics)
    return [version for version in items if metric and version.ref in best[metric]]


def _lead(
    matching: Sequence[ModelVersion],
    winners: Sequence[ModelVersion],
    metric: str | None,
    shown: Sequence[ModelVersion | int],
) -> Line:
    """Say which is live and which is best, and if they are not among the rows."""
    rows = {version.ref for version in shown if not isinstance(version, int)}

    def told(version: ModelVersion) -> Line:
        return line(ref_of(version.ref), "" if version.ref in rows else Span(" (not shown)", "muted"))

    def told_live(version: ModelVersion) -> Line:
        return line(told(version), *stray_alias(CHAMPION, version.stray_aliases))

    parts: list[Line] = []
    live = [version for version in matching if CHAMPION in version.aliases]
    if live:
        more = f" and {len(live) - _LIVE} more" if len(live) > _LIVE else ""
        parts.append(line("champion: ", joined(", ", [told_live(version) for version in live[:_LIVE]]), more))
    if metric and winners:
        said = line(told(winners[0]), f" and {len(winners) - 1} more" if len(winners) > 1 else "")
        parts.append(line("best ", Span(metric, "user"), ": ", said, f" with {number(winners[0].metrics[metric])}"))
    return joined(" · ", parts)


def _window(versions: Versions, winners: Sequence[ModelVersion]) -> list[ModelVersion | int]:
    """Choose what to show of a long list; a number stands for so many left out.

    Oldest first, the newest are at the end and are what one wants to see; in any other order, what comes first.
    Whoever asked for so many with a limit gets them. Versions with an alias and the best one are always in.
    """
    items = versions.items
    asked = versions.limit is not None or len(items) < versions.total
    if len(items) <= SHOWN or asked:
        return list(items)
    wanted = [place for place, version in enumerate(items) if version.aliases or version in winners[:1]]
    wanted.sort(key=lambda place: CHAMPION not in items[place].aliases and items[place] not in winners[:1])
    rising = all(one.version < other.version for one, other in itertools.pairwise(items))
    places = set(wanted[: SHOWN // 2])
    for place in reversed(range(len(items))) if rising else range(len(items)):
        if len(places) == SHOWN:
            break
        places.add(place)
    chosen: list[ModelVersion | int] = []
    following = 0
    for place in (*sorted(places), len(items)):
        if place > following:
            chosen.append(place - following)
        if place < len(items):
            chosen.append(items[place])
        following = place + 1
    return chosen


def _table(versions: Versions, shown: Sequence[ModelVersion | int], main: Sequence[str], best: Best) -> Table:
    before = _predecessors(versions, shown)
    columns = [Column(line("version"))]
    columns += [Column((Span(metric, "user"),), numeric=True) for metric in main]
    columns += [Column(line("what changed"), prose=True), Column(line("created"))]
    rows = [
        _gap(version, len(columns))
        if isinstance(version, int)
        else _row(version, before.get(_key(version)), main, best)
        for version in shown
    ]
    names = {version.name for version in versions.matching}
    foot = (_trends(versions.matching, main),) if len(versions.matching) > 2 and main and len(names) == 1 else ()
    return Table(line("Versions"), tuple(columns), tuple(rows), foot, told=True)


def _key(version: ModelVersion) -> tuple[str, int]:
    return version.name, version.version


def _predecessors(
    versions: Versions, shown: Sequence[ModelVersion | int]
) -> dict[tuple[str, int], ModelVersion | None]:
    """Find, for each version that is shown, the one before it."""
    known = {_key(version): version for version in versions}
    rows = [version for version in shown if not isinstance(version, int)]
    return {_key(row): known.get((row.name, row.version - 1)) or versions.before(row) for row in rows}


def _row(version: ModelVersion, before: ModelVersion | None, main: Sequence[str], best: Best) -> Row:
    strangers: Line = () if version.trusted else (Span("! key not trusted", "alarm", version.signed_by),)
    below = line(chips(version.aliases, version.stray_aliases), badges(version))[1:]
    name = Cell(line(ref_of(version.ref)), joined(" ", [below, strangers]))
    day, _, hour = moment(version.created_at).partition(" ")
    who = (Span(version.created_by, "user"),) if version.created_by else ()
    created = Cell((Span(day, "time", version.created_at),), joined(" ", [line(hour), who]))
    cells = [name, *(_metric(version, before, metric, best) for metric in main), what_changed(version, before), created]
    return Row(tuple(cells), "marked" if CHAMPION in version.aliases else "")


def _metric(version: ModelVersion, before: ModelVersion | None, metric: str, best: Best) -> Cell:
    value = version.metrics.get(metric)
    main = measured(value, best=version.ref in best[metric])
    if before is None:
        return Cell(main)
    if value is not None and on_other_data(version, before):
        return Cell(main, (Span("other data", "muted", f"{before.ref} was measured on other data"),))
    return Cell(main, change(metric, value, before.metrics.get(metric), than=before.ref, short=True))


def _gap(left_out: int, width: int) -> Row:
    return Row((Cell((Span(f"… {left_out:,} more", "muted"),)), *(Cell() for _ in range(width - 1))), "gap")


def _trends(items: Sequence[ModelVersion], main: Sequence[str]) -> Row:
    ordered = sorted(items, key=lambda version: version.version)
    cells = [Cell(*trend(metric, ordered)) for metric in main]
    label = Cell(line("trend"))
    return Row((label, *cells, Cell(), Cell()))


def _more_metrics(shown: Sequence[ModelVersion | int], rest: Sequence[str], best: Best) -> Block:
    if len(rest) > _FOLDED_METRICS:
        names = joined(", ", [(Span(metric, "user"),) for metric in rest[:_FOLDED_METRICS]])
        more = len(rest) - _FOLDED_METRICS
        return Notes("", (line(f"{len(rest)} more metrics: ", names, f" and {more} more; .to_frame() has all"),))
    rows = []
    for version in shown:
        if isinstance(version, int):
            rows.append(_gap(version, len(rest) + 1))
            continue
        cells = [
            Cell(measured(value, best=version.ref in best[metric]))
            for metric, value in ((metric, version.metrics.get(metric)) for metric in rest)
        ]
        rows.append(Row((Cell((ref_of(version.ref),)), *cells)))
    columns = (Column(line("version")), *(Column((Span(metric, "user"),), numeric=True) for metric in rest))
    table = Table(line("The other metrics"), columns, tuple(rows))
    return folded(line(plural(len(rest), "more metric")), table)
