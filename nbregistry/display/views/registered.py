"""What was just registered: which version, how long, how big, how good against the champion, what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Line, Notes, Section, Span, line
from nbregistry.display.commands import command
from nbregistry.display.measures import MAIN_COUNT, best_of, change, leading, metrics_of, tally
from nbregistry.display.quantities import byte_size, duration, number, plural
from nbregistry.display.views.parts import (
    chips,
    folded,
    given_words,
    metric_matrix,
    named,
    on_other_data,
    other_data,
    ref_of,
    tiles,
)
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from nbregistry.model import Finding, ModelVersion, Registration


def card(version: ModelVersion, registration: Registration) -> Card:
    """Show a version that was just registered."""
    champion = registration.champion
    metrics = metrics_of([version])
    blocks: list[Block] = []
    if metrics:
        blocks.append(tiles(version, champion, metrics[:MAIN_COUNT]))
    if version.metrics_given:
        blocks.append(Notes("", (given_words(version),)))
    if registration.found:
        blocks.append(Notes("", tuple(map(_found, registration.found))))
    warnings = [line(Span(warning, "user")) for warning in registration.warnings]
    if champion and on_other_data(version, champion):
        warnings.append(other_data(champion))
    if warnings:
        blocks.append(Notes("", tuple(warnings), "warning"))
    if len(metrics) > MAIN_COUNT:
        blocks.append(_all_metrics(version, champion, metrics))
    blocks.append(Commands("next", _next(version, champion, registration.made_by)))
    return Card(
        title=named(version),
        aside=_cost(version, registration),
        lead=_verdict(version, champion, metrics),
        blocks=tuple(blocks),
        tone="warned" if warnings else "good",
    )


def _found(finding: Finding) -> Line:
    """Say of a relative that nobody named how it was found; what it is, the lineage tells."""
    return line(f"{finding.kind} found: ", ref_of(finding.ref), " (", Span(finding.why, "user"), ")")


def _cost(version: ModelVersion, registration: Registration) -> Line:
    size = byte_size(version.size)
    stored = registration.stored_bytes
    new = f"{byte_size(stored)} new on disk" if stored else "nothing new on disk"
    kind = line(Span(version.algorithm, "user"), " · ") if version.algorithm else ()
    example = registration.example_rows
    kept = f" · kept {plural(example, 'row')} as an example (--no-example keeps none)" if example else ""
    return line(kind, f"registered in {duration(registration.seconds)} · {size}, {new}{kept}")


def _verdict(version: ModelVersion, champion: ModelVersion | None, metrics: list[str]) -> Line:
    """Say in one sentence how good it is."""
    if not metrics:
        return line("No metrics yet.")
    if champion is None:
        return line("This is the champion.") if CHAMPION in version.aliases else ()
    metric = leading(name for name in metrics if name in champion.metrics)
    succeeds = CHAMPION in version.aliases
    rival = line(
        ref_of(champion.ref), ", the champion before" if succeeds else chips([CHAMPION], champion.stray_aliases)
    )
    if metric is None:
        return line("No metric in common with ", rival, ".")
    ours, theirs = version.metrics[metric], champion.metrics[metric]
    said = change(metric, ours, theirs)
    in_sum = tally(version.metrics, champion.metrics)
    return line(
        Span(metric, "user"),
        f" {number(ours)} against {number(theirs)} of ",
        rival,
        ": ",
        said or "no verdict",
        ".",
        f" It is {in_sum}." if in_sum else "",
    )


def _all_metrics(version: ModelVersion, champion: ModelVersion | None, metrics: list[str]) -> Section:
    sides = [version, champion] if champion else [version]
    values = {(metric, side.ref): side.metrics.get(metric) for metric in metrics for side in sides}
    refs = [side.ref for side in reversed(sides)]
    rest = metrics[MAIN_COUNT:]
    baseline = champion.ref if champion else ""
    table = metric_matrix(line("The other metrics"), rest, refs, values, baseline=baseline, mark_best=False)
    return folded(line(plural(len(rest), "more metric")), table)


def _is_worse(version: ModelVersion, champion: ModelVersion | None) -> bool:
    """Tell whether it is known to be worse than the champion, by the metric that the card names."""
    metric = leading(name for name in metrics_of([version]) if champion and name in champion.metrics)
    if champion is None or metric is None:
        return False
    return best_of(metric, {side.ref: side.metrics[metric] for side in (version, champion)}) == [champion.ref]


def _next(version: ModelVersion, champion: ModelVersion | None, made_by: str) -> tuple[tuple[str, str], ...]:
    name, ref = version.name, version.ref
    lines = [(command("%versions", name), "all versions")]
    if champion:
        lines.append(
            (
                command("%compare", champion.ref if CHAMPION in version.aliases else f"{name}@{CHAMPION}", ref),
                "better, or just luckier?",
            )
        )
    if CHAMPION not in version.aliases and not _is_worse(version, champion):
        lines.append((command("%promote", ref), "make it the champion"))
    lines.append((command("%nbr show", ref), "the full record"))
    if made_by:
        lines.append((f"{command('%nbr show', ref)} --code", made_by))
    return tuple(lines)
