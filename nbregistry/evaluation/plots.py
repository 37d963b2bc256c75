"""Which plots there are, of which task, and the arrays that each shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.calibration import calibrations_of
from nbregistry.evaluation.confusion import confusions_of
from nbregistry.evaluation.curves import curves_of, mean_curves_of
from nbregistry.evaluation.precision_recall import precision_recall_curves_of
from nbregistry.evaluation.residuals import predicted_of, residuals_of
from nbregistry.evaluation.score_histograms import score_histograms_of
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbregistry.evaluation.metrics import Measured

_OF_CLASSES = ("binary", "multiclass")
_MAKERS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, Measured]], dict[str, Any]]]] = {
    "roc": (_OF_CLASSES, lambda evaluated: {**curves_of(evaluated), **mean_curves_of(evaluated)}),
    "pr": (_OF_CLASSES, precision_recall_curves_of),
    "calibration": (_OF_CLASSES, calibrations_of),
    "confusion": (_OF_CLASSES, confusions_of),
    "scores": (_OF_CLASSES, score_histograms_of),
    "predicted": (("regression",), predicted_of),
    "residuals": (("regression",), residuals_of),
}
_FIRST = {"binary": "roc", "multiclass": "confusion", "regression": "predicted"}

PLOTS = tuple(_MAKERS)
"""Names of the plots."""
CHOICES = (*PLOTS, "all", "none")
"""What ``plots`` may hold."""


def choose_plots(wanted: Sequence[str] | None, tasks: Sequence[str]) -> tuple[str, ...]:
    """Say which plots are made.

    Parameters
    ----------
    wanted : sequence of str or None
        As asked for; ``None`` is the first one of the task.
    tasks : sequence of str
        Of the models that were evaluated, each once.

    Returns
    -------
    tuple of str
        In the order that was asked for.

    Raises
    ------
    Refused
        For an unknown name, or a plot that these models don't have.

    Examples
    --------
    >>> choose_plots(None, ["regression"]), choose_plots(["all"], ["regression"])
    (('predicted',), ('predicted', 'residuals'))
    """
    possible = tuple(name for name, (of, _) in _MAKERS.items() if set(of) & set(tasks))
    usual = tuple(_FIRST[task] for task in tasks if task in _FIRST)
    if wanted is None:
        return usual
    for name in wanted:
        if name not in CHOICES:
            near, hint = nearest(name, CHOICES), f"the plots: {', '.join(CHOICES)}"
            raise Refused(f"there is no plot {name!r}", nearest=near, hint=hint)
    if "none" in wanted:
        if len(wanted) > 1:
            raise Refused("plots are asked for beside none", hint="--plots none, or only the plots you want")
        return ()
    if "all" in wanted:
        return tuple(dict.fromkeys((*usual, *possible)))
    if not tasks:
        raise Refused(
            "nothing to plot: these versions were not evaluated on the same rows", hint="%compare REF REF --on X y"
        )
    for name in wanted:
        if name not in possible:
            needed, found = " or ".join(_MAKERS[name][0]), " and ".join(dict.fromkeys(tasks))
            hint = f"--plots {' '.join(possible)}" if possible else f"leave out --plots: {found} models have none"
            raise Refused(f"a {name} plot needs {needed} models, and these are {found}", hint=hint)
    return tuple(dict.fromkeys(wanted))


def plot(names: Sequence[str], evaluated: Mapping[str, Measured]) -> dict[str, dict[str, Any]]:
    """Give what each plot shows: by plot, and by the name of each evaluation that has it."""
    return {name: _MAKERS[name][1](evaluated) for name in names}
