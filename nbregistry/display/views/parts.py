"""Pieces that several displays share: a version's name with its chips, metric tables, sentences about signers."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Cell, Column, Line, Row, Section, Span, Table, Tile, Tiles, joined, line
from nbregistry.display.measures import UNTESTED, best_of, change
from nbregistry.display.quantities import number, plural, short_digest
from nbregistry.display.visible import clip
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nbregistry.model import Dataset, ModelVersion, ReadFile

_GIVEN = 8
_PATH = 60
_MADE_AGAIN = {
    "identical bytes": "reproduced",
    "identical predictions": "reproduced",
    "within tolerance": "reproduced within tolerance",
}
_PROBLEMS = 50
_PAIR = 2


def ref_of(ref: str) -> Span:
    """Name a version."""
    return Span(ref, "ref")


def refs_of(refs: Sequence[str], most: int = 4) -> Line:
    """Name a few versions and count the others."""
    more = len(refs) - most
    told = joined(", ", [(ref_of(ref),) for ref in refs[:most]])
    return line(told, f" and {more:,} more") if more > 0 else told


def chips(aliases: Iterable[str], stray: Iterable[str] = ()) -> Line:
    """Show aliases, each with a blank before it; one that a stranger moved says so."""
    strays = frozenset(stray)
    spans: list[Span] = []
    for alias in sorted(aliases, key=lambda alias: (alias != CHAMPION, alias)):
        spans += [Span(" "), Span(alias, "chip", "alias")]
        spans += stray_alias(alias, strays)
    return tuple(spans)


def stray_alias(alias: str, stray: Iterable[str]) -> Line:
    """Say of an alias that a stranger moved it, with a blank before it."""
    return (Span(" "), Span("! moved by a key that is not trusted", "alarm")) if alias in stray else ()


def badges(version: ModelVersion) -> Line:
    """Show what is out of the ordinary: status and approval, each with a blank before it."""
    spans: list[Span] = []
    if version.status != "active":
        spans += [Span(" "), Span(version.status.replace("_", " "), "badge", "status")]
        spans += _stray("status" in version.stray_fields)
    if version.collected_at:
        spans += [Span(" "), Span("no artifacts", "badge", "collected")]
    if version.approval != "PendingManualApproval":
        spans += [Span(" "), Span(version.approval.lower(), "badge", "approval")]
        spans += _stray("approval" in version.stray_fields)
    if version.reproduction:
        outcome = version.reproduction.get("outcome", "")
        spans += [Span(" "), Span(_MADE_AGAIN.get(outcome, "not reproduced"), "badge", outcome)]
        spans += _stray("reproduction" in version.stray_fields)
    return tuple(spans)


def _stray(is_stray: bool) -> Line:  # noqa: FBT001 - the question is the argument
    return (Span(" "), Span("! set by a key that is not trusted", "alarm")) if is_stray else ()


def named(version: ModelVersion) -> Line:
    """Name a version with its aliases, status and approval."""
    return line(ref_of(version.ref), chips(version.aliases, version.stray_aliases), badges(version))


def signer(key: str, *, trusted: bool, whole: bool = False) -> Line:
    """Say whose key signed something; whole, where it may be copied to trust it."""
    if not key:
        return (Span("not signed", "muted"),)
    shown = Span(key, "code") if whole else Span(short_digest(key), "code", key)
    return line(shown, ", ", "trusted here" if trusted else Span("! not trusted", "alarm"))


def lacking_words(lacking: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
    """Say which keys a filter asks for that no version has, and which may have been meant."""
    return tuple(
        line(
            "No version has ",
            Span(key, "user"),
            "; did you mean: " if near else "",
            joined(", ", [(Span(name, "user"),) for name in near]),
        )
        for key, near in lacking.items()
    )


def dataset_words(dataset: Dataset) -> Line:
    """Say which data: name, shape, fingerprint, and the file it was read from."""
    return line(
        *((Span(dataset.name, "user"), ", ") if dataset.name else ()),
        f"{plural(dataset.rows, 'row')} × {plural(dataset.columns, 'column')}, {dataset.kind}, ",
        Span(short_digest(dataset.fingerprint), "code", dataset.fingerprint),
        files_words(dataset.files, ", from "),
    )


def files_words(files: Sequence[ReadFile], before: str) -> Line:
    """Name the first of the files that data were read from, with what it held, and count the others."""
    if not files:
        return ()
    first, *others = files
    held = (" ", Span(short_digest(first.digest), "code", first.digest)) if first.digest else ()
    more = f" and {plural(len(others), 'other file')}" if others else ""
    return line(before, Span(clip(first.path, _PATH), "user"), *held, more)


def measured_on(version: ModelVersion) -> frozenset[str]:
    """Give what the rows that a version's metrics come from are known by; empty where unknown."""
    return frozenset(dataset.rows_known_by for dataset in version.datasets if dataset.role == "evaluation")


def on_other_data(one: ModelVersion, other: ModelVersion) -> bool:
    """Tell whether two versions were measured on different data, as far as is known."""
    ours, theirs = measured_on(one), measured_on(other)
    return bool(ours and theirs and ours != theirs)


def other_data(rival: ModelVersion) -> Line:
    """Warn that what a version is compared with was measured on other data."""
    return line(ref_of(rival.ref), " was measured on other data: the differences are not the model's alone.")


def given_words(version: ModelVersion) -> Line:
    """Say once which metrics the caller stated: the others were computed."""
    names = [metric for metric in version.metrics if metric in version.metrics_given]
    if len(names) == len(version.metrics):
        return (Span("given, not computed: all of them", "muted"),)
    more = f" and {len(names) - _GIVEN} more" if len(names) > _GIVEN else ""
    told = joined(", ", [(Span(name, "user"),) for name in names[:_GIVEN]])
    return line(Span("given, not computed: ", "muted"), told, more)


def measured(value: float | None, *, best: bool = False) -> Line:
    """Show a measured value; the mark stands before it, so that the digits stay below each other."""
    return line(Span("★ best", "best"), " ", number(value)) if best else line(number(value))


def tiles(version: ModelVersion, rival: ModelVersion | None, metrics: Sequence[str]) -> Tiles:
    """Show a version's metrics, each with its difference to another version's below."""
    return Tiles(
        tuple(
            Tile(
                (Span(metric, "user"),),
                (Span(number(version.metrics[metric])),),
                change(metric, version.metrics[metric], rival.metrics.get(metric), than=rival.ref) if rival else (),
            )
            for metric in metrics
        )
    )


def metric_values(caption: Line, metrics: Mapping[str, float], names: Sequence[str]) -> Table:
    """Put some of the metrics of one version in a table."""
    rows = tuple(Row((Cell((Span(name, "user"),)), Cell(line(number(metrics[name]))))) for name in names)
    return Table(caption, (Column(line("metric")), Column(line("value"), numeric=True)), rows)


def folded(title: Line, table: Table, *, is_open: bool = False) -> Section:
    """Put a table under a heading that says what it is."""
    return Section(title, (replace(table, told=True),), open=is_open)


def metric_matrix(
    caption: Line,
    metrics: Sequence[str],
    refs: Sequence[str],
    values: Mapping[tuple[str, str], float | None],
    *,
    baseline: str = "",
    mark_best: bool = True,
    upright: bool = False,
    verdicts: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Table:
    """Put metrics and versions in a table: values, the best marked, and differences to the baseline.

    Of two versions the differences are a column, of more they stand below the values. They carry signs only: whoever
    shows them says what the signs mean.

    Parameters
    ----------
    caption : Line
    metrics, refs : sequence of str
    values : dict
        ``(metric, ref)`` to value.
    baseline : str
        The version to measure against; ``""`` for none.
    mark_best : bool, default True
        With two columns the difference says it already.
    upright : bool, default False
        One row a version in place of one row a metric.
    verdicts : dict
        ``(metric, ref)`` to what a test said of the difference; if any was tested, the others say that they were not.
    """
    cells: dict[tuple[str, str], Cell] = {}
    for metric in metrics:
        found = {ref: values.get((metric, ref)) for ref in refs}
        best = best_of(metric, found) if mark_best else []
        for ref in refs:
            verdict = verdicts.get((metric, ref), UNTESTED if verdicts else None)
            against = (
                change(metric, found[ref], found.get(baseline), than=baseline, short=True, verdict=verdict)
                if ref != baseline
                else ()
            )
            cells[metric, ref] = Cell(measured(found[ref], best=ref in best), against)
    metric_heads = [(Span(metric, "user"),) for metric in metrics]
    ref_heads = [line(ref_of(ref), *((" ", Span("baseline", "muted")) if ref == baseline else ())) for ref in refs]
    if upright:
        rows = [
            Row((Cell(head), *(cells[metric, ref] for metric in metrics)))
            for ref, head in zip(refs, ref_heads, strict=True)
        ]
        columns = [Column(line("version")), *(Column(head, numeric=True) for head in metric_heads)]
    else:
        rows = [
            Row((Cell(head), *(cells[metric, ref] for ref in refs)))
            for metric, head in zip(metrics, metric_heads, strict=True)
        ]
        columns = [Column(line("metric")), *(Column(head, numeric=True) for head in ref_heads)]
        if len(refs) == len({baseline, *refs}) == _PAIR:
            return with_differences(Table(caption, tuple(columns), tuple(rows)))
    return Table(caption, tuple(columns), tuple(rows))


def with_differences(table: Table) -> Table:
    """Give the differences that stand below a table's values a column of their own; nothing changes without any.

    Of two versions each row has one at most, and a column is read faster than every other line.
    """
    moved = [next((cell.below for cell in reversed(row.cells) if cell.below), ()) for row in table.rows]
    if not any(moved):
        return table
    rows = tuple(
        replace(row, cells=(*(replace(cell, below=()) for cell in row.cells), Cell(difference)))
        for row, difference in zip(table.rows, moved, strict=True)
    )
    return replace(table, columns=(*table.columns, Column(line("difference"), numeric=True)), rows=rows)


def listed(problems: Sequence[str], rest: str = ".problems") -> tuple[Line, ...]:
    """List what is wrong, one sentence each; the object has the rest."""
    told = [line(Span(problem, "user")) for problem in problems[:_PROBLEMS]]
    if len(problems) > _PROBLEMS:
        told.append(line(f"and {len(problems) - _PROBLEMS} more in {rest}"))
    return tuple(told)
