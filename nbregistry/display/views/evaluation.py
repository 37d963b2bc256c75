"""One evaluation: how good a version is, on which rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Facts,
    Notes,
    Row,
    Span,
    Table,
    Tile,
    Tiles,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import MAIN_COUNT, by_importance
from nbregistry.display.quantities import moment, number, plural
from nbregistry.display.views.parts import dataset_words, folded, ref_of
from nbregistry.evaluation.metrics import Measured

if TYPE_CHECKING:
    from nbregistry.model import Evaluation

_CLASSES = 10


def card(evaluation: Evaluation) -> Card:
    """Show an evaluation."""
    metrics = by_importance(evaluation.metrics)
    blocks: list[Block] = []
    remarks = tuple(line(Span(warning, "user")) for warning in evaluation.warnings)
    if remarks:
        blocks.append(Notes("keep in mind", remarks, "warning"))
    if metrics:
        tiles = [Tile((Span(metric, "user"),), line(number(evaluation.metrics[metric]))) for metric in metrics]
        blocks.append(Tiles(tuple(tiles[:MAIN_COUNT])))
    rest = metrics[MAIN_COUNT:]
    if rest:
        rows = tuple(
            Row((Cell((Span(metric, "user"),)), Cell(line(number(evaluation.metrics[metric]))))) for metric in rest
        )
        table = Table(line("The other metrics"), (Column(line("metric")), Column(line("value"), numeric=True)), rows)
        blocks.append(folded(line(plural(len(rest), "more metric")), table))
    blocks += _confusion(evaluation)
    blocks.append(Facts("Measured on", (("data", dataset_words(evaluation.dataset)),)))
    blocks.append(Commands("next", ((command("%nbr show", evaluation.ref), "the full record"),)))
    on = line(" on ", Span(evaluation.name, "user")) if evaluation.name else ()
    return Card(
        title=line(ref_of(evaluation.ref), on),
        aside=line(f"{evaluation.task}, {plural(evaluation.n, 'row')}, {moment(evaluation.at)} UTC"),
        lead=() if metrics else line("No metric could be computed."),
        blocks=tuple(blocks),
    )


def _confusion(evaluation: Evaluation) -> list[Block]:
    """Count predictions against targets, for classifiers with a few classes."""
    rows = evaluation.rows
    if evaluation.task not in ("binary", "multiclass") or "target" not in rows or "prediction" not in rows:
        return []
    pairs = Counter(zip(rows["target"].tolist(), rows["prediction"].tolist(), strict=True))
    labels = Measured(evaluation.task, evaluation.metrics, rows).labels  # by value: 1.0 and True are the class 1
    if len(labels) > _CLASSES:
        return []
    body = tuple(
        Row((Cell((Span(str(label), "user"),)), *(Cell(line(f"{pairs[label, found]:,}")) for found in labels)))
        for label in labels
    )
    columns = (
        Column(line("true class")),
        *(Column(line("predicted ", Span(str(label), "user")), numeric=True) for label in labels),
    )
    right = sum(pairs[label, label] for label in labels)
    return [Table(line(f"Confusion matrix: {right:,} of {pairs.total():,} right"), columns, body)]
