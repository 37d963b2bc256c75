"""One evaluation: how good a version is, on which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Commands,
    Facts,
    Notes,
    Span,
    Tile,
    Tiles,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import MAIN_COUNT, by_importance
from nbregistry.display.quantities import moment, number, plural
from nbregistry.display.views.confusion import MOST_CLASSES, confusion_table, pairs_table, told_right
from nbregistry.display.views.drift import drift
from nbregistry.display.views.parts import dataset_words, folded, metric_values, ref_of
from nbregistry.evaluation.confusion import confusions_of
from nbregistry.evaluation.metrics import Measured

if TYPE_CHECKING:
    from nbregistry.model import Evaluation


def card(evaluation: Evaluation) -> Card:
    """Show an evaluation."""
    metrics = by_importance(evaluation.metrics)
    blocks: list[Block] = []
    trained = ("these are the rows it was trained on: new rows will be harder",) if evaluation.on_training_rows else ()
    remarks = tuple(line(Span(remark, "user")) for remark in (*trained, *evaluation.warnings))
    if remarks:
        blocks.append(Notes("keep in mind", remarks, "warning"))
    if metrics:
        tiles = [Tile((Span(metric, "user"),), line(number(evaluation.metrics[metric]))) for metric in metrics]
        blocks.append(Tiles(tuple(tiles[:MAIN_COUNT])))
    rest = metrics[MAIN_COUNT:]
    if rest:
        table = metric_values(line("The other metrics"), evaluation.metrics, rest)
        blocks.append(folded(line(plural(len(rest), "more metric")), table))
    blocks += _confusion(evaluation)
    blocks += drift(evaluation)
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
    """Count predictions against targets, for classifiers."""
    measured = Measured(evaluation.task, evaluation.metrics, evaluation.rows)  # by value: 1.0 and True are the class 1
    if not measured.n:
        return []
    found = confusions_of({"": measured}).get("")
    if found is None:
        return []
    caption = line(f"Confusion matrix: {told_right(found)}")
    few = len(found.labels) <= MOST_CLASSES
    return [confusion_table(found, caption) if few else pairs_table(found, caption)]
