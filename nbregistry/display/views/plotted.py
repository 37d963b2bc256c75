"""The plots of a comparison: the first in full view, the others each under its own heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import Beside, Block, Card, Picture, Section, Span, Words, joined, line
from nbregistry.display.views.calibration import calibration
from nbregistry.display.views.confusion import confusion
from nbregistry.display.views.parts import dataset_words, ref_of
from nbregistry.display.views.precision_recall import precision_recall
from nbregistry.display.views.regression import predicted, residuals
from nbregistry.display.views.roc import roc
from nbregistry.display.views.scores import scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.evaluation.comparison import Comparison, Plots

_TITLES = {
    "roc": "ROC curves",
    "pr": "Precision and recall",
    "calibration": "Calibration",
    "confusion": "Confusion matrices",
    "scores": "Scores by class",
    "predicted": "Predicted against true values",
    "residuals": "Residuals",
}
_LACKING = {
    "calibration": "no probabilities, only distances to a boundary or none",
}


def card(plots: Plots) -> Card:
    """Show all plots of a comparison, each under its own heading."""
    comparison = plots.comparison
    refs = joined(", ", [(ref_of(ref),) for ref in comparison.refs])
    on = line("on ", dataset_words(comparison.dataset)) if comparison.dataset else ()
    lead = () if comparison.plots else line("Nothing to plot: these versions were not evaluated on the same rows.")
    return Card(title=line("Plots of ", refs), aside=on, lead=lead, blocks=tuple(_sections(comparison)))


def first_plot(comparison: Comparison) -> tuple[Block, ...]:
    """Give the blocks of the first plot; none if nothing is plotted."""
    return next((_blocks(name, comparison) for name in comparison.plots), ())


def more_plots(comparison: Comparison) -> list[Block]:
    """Give a section for each of the other plots."""
    return _sections(comparison)[1:]


def _sections(comparison: Comparison) -> list[Block]:
    return [Section(line(_TITLES[name]), _beside(_blocks(name, comparison)), open=True) for name in comparison.plots]


def _beside(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put a plot beside its numbers where there is room; further plots stand below."""
    if not isinstance(blocks[0], Picture):
        return blocks
    more = tuple(block for block in blocks if isinstance(block, Beside))
    numbers = tuple(block for block in blocks[1:] if not isinstance(block, Beside))
    return (Beside((blocks[:1], numbers)), *more)


def _blocks(name: str, comparison: Comparison) -> tuple[Block, ...]:
    found, first = comparison.plots[name], comparison.baseline_ref
    if not found:
        reason = _LACKING.get(name, "no scores, or not every class is among the rows")
        return (Words(line(Span(f"{_TITLES[name]}: nothing to draw; there are {reason}.", "muted"))),)
    makers: Mapping[str, Callable[[Any], tuple[Block, ...]]] = {
        "roc": lambda data: roc(data, first=first),
        "pr": lambda data: precision_recall(data, first=first),
        "calibration": lambda data: calibration(data, first=first, of_prediction=comparison.task == "multiclass"),
        "confusion": lambda data: confusion(data, first=first),
        "scores": scores,
        "predicted": predicted,
        "residuals": residuals,
    }
    return makers[name](found)
