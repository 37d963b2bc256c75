"""The evaluations of a version: how good, on which data, when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Beside,
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Line,
    Picture,
    Row,
    Span,
    Table,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import MAIN_COUNT, by_importance
from nbregistry.display.quantities import moment, number, plural
from nbregistry.display.views.drift import drift
from nbregistry.display.views.following import Followed, answer, follow, picture
from nbregistry.display.views.parts import folded, ref_of
from nbregistry.display.views.roc import roc
from nbregistry.evaluation.curves import curves_of
from nbregistry.evaluation.metrics import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.listings import Evaluations
    from nbregistry.model import Evaluation


def card(evaluations: Evaluations) -> Card:
    """Show evaluations as a table."""
    following = Commands("next", ((command("%evaluate", evaluations.ref, "X", "y"), "measure it on more data"),))
    title = line(ref_of(evaluations.ref), "  ", Span(plural(len(evaluations), "evaluation"), "muted"))
    if not evaluations.items:
        return Card(title=title, lead=line("Not evaluated yet."), blocks=(following,))
    followed = follow(evaluations.items)
    shown = replace(table(evaluations.items, followed), told=True)
    lead = answer(followed) if followed else ()
    curves = _curves(evaluations.items)
    drawn = [picture(followed)] if followed and len(followed.points) > 1 else []
    drawn += [block for block in curves if isinstance(block, Picture)]
    return Card(
        title=title,
        lead=lead,
        blocks=(
            shown,
            *([Beside(tuple((plot,) for plot in drawn))] if drawn else []),
            *(folded(block.caption, block) for block in curves if isinstance(block, Table)),
            *drift(evaluations.items[-1], " (the newest evaluation)" if len(evaluations) > 1 else ""),
            following,
        ),
    )


def _curves(evaluations: Sequence[Evaluation]) -> tuple[Block, ...]:
    """Draw the ROC curve of each evaluation that has one."""
    measured = {
        name: Measured(evaluation.task, evaluation.metrics, evaluation.rows)
        for name, evaluation in zip(_names(evaluations), evaluations, strict=True)
    }
    curves = curves_of(measured)
    # Of one model on several data sets none is the best: the data are what differs.
    return roc(curves, heading="evaluation", name=lambda name: Span(name, "user"), mark_best=False) if curves else ()


def _names(evaluations: Sequence[Evaluation]) -> list[str]:
    """Name each evaluation so that the table, the plot and its legend call it the same."""
    names: list[str] = []
    for place, evaluation in enumerate(evaluations, 1):
        called = evaluation.name or evaluation.dataset.name
        names.append(called if called and called not in names else f"{called} no. {place}".lstrip())
    return names


def table(evaluations: Sequence[Evaluation], followed: Followed | None = None) -> Table:
    """Put one evaluation in a row: what it is called, when, on how much, and the main metrics.

    Parameters
    ----------
    evaluations : sequence of Evaluation
    followed : Followed, optional
        The metric whose intervals are shown below its values.
    """
    metrics = by_importance(metric for evaluation in evaluations for metric in evaluation.metrics)[:MAIN_COUNT]
    columns = [Column(line("evaluated on")), Column(line("rows"), numeric=True)]
    columns += [Column((Span(metric, "user"),), numeric=True) for metric in metrics]
    columns.append(Column(line("at (UTC)")))
    rows = tuple(
        Row(
            (
                Cell(*_data(evaluation, name)),
                Cell(line(f"{evaluation.n:,}")),
                *(
                    Cell(line(number(evaluation.metrics.get(metric))), _interval(followed, metric, place))
                    for metric in metrics
                ),
                Cell((Span(moment(evaluation.at), "time", evaluation.at),)),
            )
        )
        for place, (name, evaluation) in enumerate(zip(_names(evaluations), evaluations, strict=True))
    )
    return Table(line("Evaluations"), tuple(columns), rows)


def _interval(followed: Followed | None, metric: str, place: int) -> Line:
    """Give the 95% interval of the metric that is followed."""
    point = followed.points.get(place) if followed and metric == followed.metric else None
    return (Span(f"{number(point.low)} to {number(point.high)}", "muted"),) if point else ()


def _data(evaluation: Evaluation, name: str) -> tuple[Line, Line]:
    """Name the data: by the evaluation's name, below it what the notebook calls it, and whether the model knows it."""
    called = evaluation.dataset.name if evaluation.name and evaluation.name != evaluation.dataset.name else ""
    learned = line("the rows it was trained on") if evaluation.on_training_rows else ()
    stray = () if evaluation.trusted else (Span(" "), Span("! signer not trusted", "alarm"))
    below = joined(" · ", [(Span(called, "user"),) if called else (), learned])
    return line(Span(name, "user"), stray), below
