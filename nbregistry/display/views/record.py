"""The full record of a version: what it is, how good, what made it, who signed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import (
    Beside,
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
from nbregistry.display.measures import metrics_of
from nbregistry.display.quantities import byte_size, duration, moment, plural, scalar, short_digest
from nbregistry.display.views.data_ranges import ranges_table
from nbregistry.display.views.evaluations import table as evaluations_table
from nbregistry.display.views.parts import dataset_words, folded, given_words, metric_values, named, ref_of, signer
from nbregistry.display.views.reproduction import badge

if TYPE_CHECKING:
    from nbregistry.model import Column as Input
    from nbregistry.model import ModelVersion

_FOLDED_INPUTS = 12
_LISTED = ("packages", "sources")


def card(version: ModelVersion) -> Card:
    """Show everything that is known of a version."""
    blocks: list[Block] = []
    warnings = warnings_of(version)
    if warnings:
        blocks.append(Notes("", warnings, "warning"))
    facts = Facts("The version", _facts(version))
    measured: list[Block] = (
        [metric_values(line("Metrics"), version.metrics, metrics_of([version]))] if version.metrics else []
    )
    if version.metrics_given:
        measured.append(Notes("", (given_words(version),)))
    blocks.append(Beside(((facts,), tuple(measured))) if measured else facts)
    blocks += _sections(version)
    blocks.append(Commands("next", _next(version)))
    first, _, others = version.description.partition("\n")
    if others.strip():
        blocks.insert(0, Words((Span(" ".join(others.split()), "user"),)))
    return Card(
        title=named(version),
        aside=line(f"created {moment(version.created_at)} UTC by ", Span(version.created_by, "user")),
        lead=(Span(first.strip(), "user"),) if first.strip() else (),
        blocks=tuple(blocks),
        tone="warned" if warnings else "plain",
    )


def warnings_of(version: ModelVersion) -> tuple[Line, ...]:
    """Say what a key set that is not trusted."""
    found = []
    if not version.trusted:
        what = (
            "loading it could run the signer's code, so it is refused"
            if version.executes_code
            else "its format runs no code"
        )
        found.append(line("Signed by a key that is not trusted here: ", what, "."))
    found += [
        line("The alias ", Span(alias, "chip"), " was moved here by a key that is not trusted.")
        for alias in version.stray_aliases
    ]
    if version.stray_fields:
        fields = joined(", ", [(Span(field, "user"),) for field in version.stray_fields])
        found.append(line("Set by a key that is not trusted: ", fields, "."))
    return tuple(found)


def _facts(version: ModelVersion) -> tuple[tuple[str, Line], ...]:
    code = "executes code on load" if version.executes_code else "data only, no code"
    facts: list[tuple[str, Line]] = [
        ("algorithm", (Span(version.algorithm, "user"),)),
        (
            "flavor",
            line(Span(version.flavor, "user"), ", ", Span(version.format, "user"), f" ({code})")
            if version.flavor
            else (),
        ),
        ("size", line(f"{byte_size(version.size)}, ", Span(short_digest(version.digest), "code", version.digest))),
        ("artifacts", _collected(version)),
        ("trained in", line(duration(version.training_seconds)) if version.training_seconds is not None else ()),
        ("parents", joined(", ", [(ref_of(ref),) for ref in version.parents])),
        ("depends on", joined(", ", [(ref_of(ref),) for ref in version.depends_on])),
        ("tags", joined(", ", [(Span(f"{key}={scalar(value)}", "user"),) for key, value in version.tags.items()])),
        ("made again", _made_again(version.reproduction)),
        ("status", line(f"{version.status.replace('_', ' ')}, approval: {approval_word(version.approval)}")),
        ("signed by", signer(version.signed_by, trusted=version.trusted, whole=not version.trusted)),
    ]
    return tuple((label, words) for label, words in facts if any(span.text for span in words))


def _collected(version: ModelVersion) -> Line:
    when, who = moment(version.collected_at), Span(version.collected_by, "user")
    return line(f"collected {when} UTC by ", who, "; the record stays") if version.collected_at else ()


def _made_again(found: Mapping[str, str]) -> Line:
    if not found:
        return ()
    at = moment(found.get("at", ""))
    return line(badge(found["outcome"]), f", {at} UTC: ", Span(found.get("detail", ""), "user"))


def approval_word(approval: str) -> str:
    """Give an approval in one word."""
    return "pending" if approval == "PendingManualApproval" else approval.lower()


def _sections(version: ModelVersion) -> list[Block]:
    sections: list[Block] = []
    if version.params:
        title = line(f"{plural(len(version.params), 'parameter')} set by hand")
        sections.append(folded(title, values_table("Set by hand", "parameter", version.params), is_open=True))
    if version.default_params:
        title = line(f"{plural(len(version.default_params), 'parameter')} at the default")
        sections.append(folded(title, values_table("At the default", "parameter", version.default_params)))
    sections += signature_of(version)
    one_of_ours = [evaluation.trusted for evaluation in version.evaluations] == [True]
    said_above = one_of_ours and version.metrics and not version.metrics_given
    if version.evaluations and not said_above:
        title = line(plural(len(version.evaluations), "evaluation"))
        sections.insert(0, folded(title, evaluations_table(version.evaluations), is_open=True))
    if version.datasets:
        items = tuple((dataset.role, dataset_words(dataset)) for dataset in version.datasets)
        ranges = [ranges_table(dataset) for dataset in version.datasets if dataset.ranges]
        sections.append(Section(line(plural(len(items), "data set")), (Facts("Data", items), *ranges), open=True))
    sections += environment_of(version.environment)
    if version.code or version.recorded_code:
        code = code_facts(version.code)
        if version.recorded_code:
            shown = Span(f"{command('%nbr show', version.ref)} --code", "code")
            code += (("cells", line(shown, " shows those that made it")),)
        sections.append(Section(line("Code"), (Facts("Code", code),)))
    if version.extra:
        title = line(f"{plural(len(version.extra), 'field')} of a newer release")
        sections.append(folded(title, values_table("Kept as they are", "field", version.extra)))
    return sections


def values_table(caption: str, head: str, values: Mapping[str, Any]) -> Table:
    """Put names and values in a table."""
    rows = tuple(
        Row((Cell((Span(name, "user"),)), Cell((Span(scalar(value), "user"),)))) for name, value in values.items()
    )
    return Table(line(caption), (Column(line(head)), Column(line("value"))), rows)


def signature_of(version: ModelVersion) -> list[Block]:
    """Show what the model takes and gives."""
    signature = version.signature
    facts: list[tuple[str, Line]] = []
    if signature.inputs:
        facts.append(("takes", joined(", ", [_input(column, place) for place, column in enumerate(signature.inputs)])))
    elif signature.features is not None:
        facts.append(("takes", line(plural(signature.features, "column"))))
    if signature.output:
        classes = joined(", ", [(Span(label, "user"),) for label in signature.classes])
        facts.append(("gives", line(Span(signature.output, "user"), ": " if classes else "", classes)))
    if version.example:
        facts.append(("example", line("rows that it takes are kept, and its predictions of them: a move checks these")))
    if not facts:
        return []
    features = signature.features if signature.features is not None else len(signature.inputs)
    title = line(f"Signature: {plural(features, 'input')}", f", {signature.output}" if signature.output else "")
    return [Section(title, (Facts("Signature", tuple(facts)),), open=features <= _FOLDED_INPUTS)]


def _input(column: Input, place: int) -> Line:
    name = Span(column.name, "user") if column.name else Span(f"column {place}")
    return line(name, " (", Span(column.dtype, "muted"), ")") if column.dtype else (name,)


def environment_of(environment: Mapping[str, Any]) -> list[Block]:
    """Show the system and the packages that it was made with."""
    if not environment:
        return []
    packages = environment.get("packages") or {}
    system = [
        (key, (Span(scalar(value), "user"),)) for key, value in environment.items() if key not in _LISTED and value
    ]
    blocks: list[Block] = [Facts("System", tuple(system))] if system else []
    if packages:
        listed = joined(" · ", [(Span(f"{name} {release}", "user"),) for name, release in packages.items()])
        blocks.append(Words(listed))
    if sources := environment.get("sources"):
        blocks.append(Facts("Not from an index", tuple(map(_source, sources.items()))))
    python = f"Python {environment['python']}, " if environment.get("python") else ""
    return [Section(line("Environment: ", Span(python, "user"), plural(len(packages), "package")), tuple(blocks))]


def _source(named: tuple[str, Mapping[str, Any]]) -> tuple[str, Line]:
    """Say where a package was installed from: a folder, a commit of a repository, a file."""
    name, source = named
    words = joined(", ", [line(Span(scalar(value), "user")) for key, value in source.items() if key != "editable"])
    return "from", line(Span(name, "user"), " ", words, ", editable" if source.get("editable") is True else "")


def code_facts(code: Mapping[str, Any]) -> tuple[tuple[str, Line], ...]:
    """Say what code it came from."""
    facts: list[tuple[str, Line]] = []
    for key, value in code.items():
        if key == "git" and isinstance(value, Mapping):
            state = ", with changes that were not committed" if value.get("dirty") else ""
            branch = line(" on ", Span(str(value["branch"]), "user")) if value.get("branch") else ()
            commit = Span(str(value.get("commit") or "no commit yet")[:12], "code", str(value.get("commit") or ""))
            facts.append(("git", line(commit, branch, state)))
            remotes = value.get("remotes")
            if isinstance(remotes, Mapping):
                named_remotes = [line(Span(name, "user"), " ", Span(str(remotes[name]), "user")) for name in remotes]
                facts.append(("from", joined(", ", named_remotes)))
        else:
            facts.append(("front end" if key == "front_end" else key, (Span(scalar(value), "user"),)))
    return tuple(facts)


def _next(version: ModelVersion) -> tuple[tuple[str, str], ...]:
    lines = [
        (command("%nbr restore", version.ref), "brings its artifacts back while they lie in the trash")
        if version.collected_at
        else (command("%nbr load", version.ref, as_="model"), "the model itself"),
        (command("%lineage", version.ref), "what it came from, what came of it"),
    ]
    lines.append((command("%versions", version.name), "beside its other versions"))
    return tuple(lines)
