"""A model card: what somebody needs to know who did not make the model, and what nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Facts,
    Line,
    Notes,
    Row,
    Section,
    Span,
    Table,
    Words,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import by_importance
from nbregistry.display.quantities import byte_size, duration, moment, number, plural, scalar
from nbregistry.display.views.journal import events_table
from nbregistry.display.views.parts import dataset_words, given_words, named, refs_of, signer
from nbregistry.display.views.record import (
    approval_word,
    code_facts,
    environment_of,
    signature_of,
    values_table,
    warnings_of,
)
from nbregistry.evaluation.partition import SMALL
from nbregistry.model_card import STATED

if TYPE_CHECKING:
    from nbregistry.evaluation.groups import GroupRow
    from nbregistry.model import Evaluation
    from nbregistry.model_card import Measure, ModelCard

_RELATIVES = 12
_GROUP_ROWS = 60
_UNSTATED = line(Span("Not stated.", "muted"))


def card(shown: ModelCard) -> Card:
    """Show the card, with what to type to fill its gaps."""
    made = document(shown)
    blocks = [*made.blocks, Commands("next", _next(shown))]
    if shown.written_to:
        blocks.insert(0, Notes("", (line("written to ", Span(shown.written_to, "code")),)))
    return Card(made.title, made.aside, made.lead, tuple(blocks), made.tone)


def document(shown: ModelCard) -> Card:
    """Give the card as it is handed on: nothing of it is for whoever has the registry."""
    version = shown.version
    blocks: list[Block] = []
    warnings = warnings_of(version)
    if warnings:
        blocks.append(Notes("", warnings, "warning"))
    if shown.gaps:
        told = line("not known: ", Span(", ".join(shown.gaps), "strong"), ". Nothing was put in their place.")
        blocks.append(Notes("", (told,), "warning"))
    for tag, called in STATED.items():
        blocks.append(Section(line(called.capitalize()), _stated(shown, tag), open=True))
    blocks.append(Section(line("How good it is"), tuple(_quality(shown)), open=True))
    if shown.groups:
        blocks.append(Section(line("In parts of the data"), tuple(_groups(shown)), open=True))
    blocks += [
        Section(line("Data"), _data(shown), open=True),
        Section(line("How it was made"), tuple(_making(shown)), open=True),
        *signature_of(version),
        *environment_of(version.environment),
    ]
    if version.code:
        blocks.append(Section(line("Code"), (Facts("Code", code_facts(version.code)),)))
    blocks.append(Section(line("Where it stands"), tuple(_standing(shown)), open=True))
    if shown.events.items:
        title = line("Decisions and changes: ", plural(len(shown.events), "entry", "entries"), " of the journal")
        blocks.append(Section(title, (events_table(shown.events.items),)))
    described = _paragraphs(version.description)
    blocks[:0] = [Words((Span(words, "user"),)) for words in described[1:]]
    return Card(
        title=line("Model card of ", named(version)),
        aside=line(f"created {moment(version.created_at)} UTC by ", Span(version.created_by, "user")),
        lead=(Span(described[0], "user"),) if described else line(Span("Nobody described it.", "muted")),
        blocks=tuple(blocks),
        tone="warned" if warnings else "plain",
    )


def _stated(shown: ModelCard, tag: str) -> tuple[Block, ...]:
    """Give the user's words, a paragraph a line."""
    value = shown.version.tags.get(tag)
    words = [] if value is None else _paragraphs(scalar(value))
    found: list[Block] = [Words((Span(paragraph, "user"),)) for paragraph in words] or [Words(_UNSTATED)]
    if tag == "limits":
        seen = [
            line(_called(measure.evaluation), ": ", Span(measure.leak, "user"))
            for measure in shown.measures
            if measure.leak
        ]
        seen += [line(Span(words, "user")) for measure in shown.measures for words in measure.evaluation.warnings]
        if seen:
            found.append(Notes("found in the record", tuple(dict.fromkeys(seen)), "warning"))
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    return [words for words in map(str.strip, text.split("\n")) if words]


def _quality(shown: ModelCard) -> list[Block]:
    version = shown.version
    blocks: list[Block] = [
        block for measure in shown.measures if measure.evaluation.metrics for block in _measured(measure)
    ]
    given = {metric: value for metric, value in version.metrics.items() if metric in version.metrics_given}
    if given:
        blocks += [values_table("Given, and not computed", "metric", given), Notes("", (given_words(version),))]
    problems = [line(Span(measure.problem, "user")) for measure in shown.measures if measure.problem]
    if problems:
        blocks.append(Notes("rows that could not be read, so there are no intervals", tuple(problems), "problem"))
    return blocks or [Words(line(Span("Not evaluated.", "muted")))]


def _measured(measure: Measure) -> tuple[Block, ...]:
    """Give a table of one evaluation; what holds for all of its metrics is said once, above it."""
    one = measure.evaluation
    told = joined(
        " · ",
        [
            line("On ", _called(one)),
            line(plural(one.n, "row")),
            line(Span(moment(one.at), "time", one.at), " UTC"),
            line("the rows it was trained on") if one.on_training_rows else (),
            (Span("! some of them it was trained on", "alarm"),) if measure.leak and not one.on_training_rows else (),
            () if one.trusted else (Span("! signer not trusted", "alarm"),),
        ],
    )
    columns = (Column(line("metric")), Column(line("value"), numeric=True), Column(line("95% interval")))
    rows = [
        Row((
            Cell((Span(metric, "user"),)),
            Cell(line(number(one.metrics[metric]))),
            Cell(_interval(measure.intervals.get(metric))),
        ))
        for metric in by_importance(one.metrics)
    ]  # fmt: skip
    return Words(told), Table(told, columns, tuple(rows), told=True)


def _called(one: Evaluation) -> Line:
    called = one.name or one.dataset.name
    return (Span(called, "user"),) if called else (Span(one.dataset.fingerprint[:19], "code"),)


def _interval(found: tuple[float, float] | None) -> Line:
    if found is None or found[0] >= found[1]:  # one without a width tells nothing
        return (Span("not known", "muted"),)
    return line(f"{number(found[0])} to {number(found[1])}")


def _groups(shown: ModelCard) -> list[Block]:
    order = {metric: place for place, metric in enumerate(by_importance(row.metric for row in shown.groups))}
    rows = sorted(shown.groups, key=lambda row: order[row.metric])
    heads = (("metric", False), ("group", False), ("value", True), ("95% interval", False), ("rows", True))
    columns = tuple(Column(line(head), numeric=numeric) for head, numeric in heads)
    blocks: list[Block] = [Table(line("By group"), columns, tuple(map(_group, rows[:_GROUP_ROWS])), told=True)]
    told = [line(f"small: {SMALL}; no interval")] if any(row.small for row in rows) else []
    if len(rows) > _GROUP_ROWS:
        told.append(line(f"the first {_GROUP_ROWS} of {len(rows):,}; .groups has all"))
    return [*blocks, *([Notes("", tuple(told))] if told else [])]


def _group(row: GroupRow) -> Row:
    interval = None if row.value_low is None or row.value_high is None else (row.value_low, row.value_high)
    small = (Span("small", "muted"),) if row.small else _interval(interval)
    name = line(Span(row.column, "user"), " ", Span(row.group, "user"))
    values = Cell(line(number(row.value))), Cell(small), Cell(line(f"{row.n:,}"))
    return Row((Cell((Span(row.metric, "user"),)), Cell(name), *values))


def _data(shown: ModelCard) -> tuple[Block, ...]:
    items = [(dataset.role, dataset_words(dataset)) for dataset in shown.version.datasets]
    known = {dataset.fingerprint for dataset in shown.version.datasets}
    later = {measure.evaluation.dataset.fingerprint: measure.evaluation.dataset for measure in shown.measures}
    items += [("evaluation", dataset_words(dataset)) for digest, dataset in later.items() if digest not in known]
    if not any(role == "train" for role, _ in items):
        items.insert(0, ("train", line(Span("not known: it was registered without --train", "muted"))))
    told = line(Span("Of the data no rows are kept; the fingerprint is of names, types and values, in order.", "muted"))
    return Facts("Data", tuple(items)), Words(told)


def _making(shown: ModelCard) -> list[Block]:
    version = shown.version
    code = "can run code when loaded" if version.executes_code else "data only, no code"
    took = () if version.training_seconds is None else line(duration(version.training_seconds))
    facts: list[tuple[str, Line]] = [
        ("algorithm", (Span(version.algorithm, "user"),)),
        ("kept as", line(Span(f"{version.flavor}, {version.format}", "user"), f" ({code})")),
        ("size", line(f"{byte_size(version.size)}, ", Span(version.digest, "code"))),
        ("trained in", took),
        ("signed by", signer(version.signed_by, trusted=version.trusted, whole=True)),
    ]
    found: list[Block] = [Facts("The model", tuple(fact for fact in facts if any(span.text for span in fact[1])))]
    if version.params:
        found.append(values_table("Set by hand", "parameter", version.params))
    if version.default_params:
        found.append(Words(line(Span(f"{plural(len(version.default_params), 'parameter')} at the default", "muted"))))
    return found


def _standing(shown: ModelCard) -> list[Block]:
    """Say what was decided about it, and who its relatives are."""
    version, lineage = shown.version, shown.lineage
    used_for = {tag: value for tag, value in version.tags.items() if tag not in STATED}
    facts: list[tuple[str, Line]] = [
        ("approval", line(approval_word(version.approval), *_last(shown))),
        ("status", line(version.status.replace("_", " "))),
        ("tags", joined(", ", [(Span(f"{key}={scalar(value)}", "user"),) for key, value in used_for.items()])),
    ]
    relatives = {
        "trained from": lineage.parents, "other ancestors": lineage.ancestors[len(lineage.parents) :],
        "uses the output of": lineage.depends_on, "trained from it": lineage.children,
        "use its output": lineage.dependents, "siblings": lineage.siblings,
    }  # fmt: skip
    facts += [(label, refs_of(refs, _RELATIVES)) for label, refs in relatives.items()]
    return [Facts("Where it stands", tuple(fact for fact in facts if any(span.text for span in fact[1])))]


def _last(shown: ModelCard) -> Line:
    """Say who set the approval last, when and why."""
    found = [event for event in shown.events.items if event.verb == "approve"]
    if not found:
        return ()
    event = found[-1]
    stray = () if event.trusted else (Span(", "), Span("! key not trusted", "alarm"))
    why = line(": ", Span(event.reason, "user")) if event.reason else ()
    return line(f", {moment(event.at)} UTC by ", Span(event.actor, "user"), stray, why)


def _next(shown: ModelCard) -> tuple[tuple[str, str], ...]:
    """Say what fills each gap, and how the card is written to a file."""
    unstated = [tag for tag, called in STATED.items() if called in shown.gaps]
    lines: list[tuple[str, str]] = []
    if unstated:
        words = " ".join(f'{tag}="TEXT"' for tag in unstated)
        lines.append((f"{_on('%nbr tag', shown)} {words}", f"states the {', '.join(STATED[tag] for tag in unstated)}"))
    if "description" in shown.gaps:
        lines.append((f'{_on("%nbr describe", shown)} "TEXT"', "says what it is"))
    if "evaluation" in shown.gaps:
        lines.append((f"{_on('%evaluate', shown)} X y", "measures it"))
    if "approval" in shown.gaps:
        lines.append((f"{_on('%nbr approve', shown)} --reason TEXT", "approves it"))
    written = (f"{_on('%nbr card', shown)} --output README.md", "as the Hugging Face Hub reads it; .html for a page")
    return (*lines, written)


def _on(verb: str, shown: ModelCard) -> str:
    return command(verb, shown.ref) or f"{verb} REF"
