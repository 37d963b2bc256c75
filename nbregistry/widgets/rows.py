"""One row of a list: a version that can be chosen, drawn again and again into the same two widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from nbregistry.display.blocks import Line, Span, joined, line
from nbregistry.display.quantities import moment, number
from nbregistry.display.views.parts import badges, chips
from nbregistry.display.visible import short_ref
from nbregistry.widgets.parts import area, box, show, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.model import ModelVersion


class VersionRow:
    """A row.

    Parameters
    ----------
    chose : callable
        Called with the version's reference, and whether it was chosen or left.
    """

    def __init__(self, chose: Callable[[str, bool], None]) -> None:
        self._chose = chose
        self._is_drawing = False
        self.ref = ""
        self.check = ipywidgets.Checkbox(indent=False, tooltip="Choose this version").add_class("nbr-check")
        self.facts = area("nbr-facts-of-row")
        self.widget = box(self.check, self.facts, class_="nbr-row")
        self.check.observe(self._checked, "value")

    def draw(self, version: ModelVersion | None, *, metric: str, is_chosen: bool, keeps_its_place: bool) -> None:
        """Show a version, or nothing; an empty row keeps its place where the page before was full."""
        show(self.widget, version is not None or keeps_its_place)
        self.widget.layout.visibility = None if version is not None else "hidden"
        self._is_drawing = True
        try:
            with self.check.hold_sync():
                self.ref = version.ref if version else ""
                self.check.description = short_ref(self.ref)
                self.check.value = is_chosen
        finally:
            self._is_drawing = False
        self.facts.value = _facts(version, metric) if version else ""
        (self.widget.add_class if is_chosen else self.widget.remove_class)("nbr-chosen-row")

    def _checked(self, change: dict[str, bool]) -> None:
        if not self._is_drawing and self.ref:
            self._chose(self.ref, change["new"])


def heading(metric: str) -> str:
    """Name the columns."""
    return _cells(line("aliases, status"), (Span(metric, "user"),) if metric else (), line("created, UTC"))


def _facts(version: ModelVersion, metric: str) -> str:
    stranger: Line = () if version.trusted else (Span(" "), Span("! key not trusted", "alarm", version.signed_by))
    marks = line(chips(version.aliases, version.stray_aliases), badges(version), stranger)[1:]
    value = line(number(version.metrics.get(metric))) if metric else ()
    by = (Span(version.created_by, "user"),) if version.created_by else ()
    made = joined(" · ", [(Span(moment(version.created_at), "time", version.created_at),), by])
    return _cells(marks, value, made)


def _cells(marks: Line, value: Line, made: Line) -> str:
    cells = (("nbr-marks", marks), ("nbr-number", value), ("nbr-made", made))
    return (
        '<div class="nbr-cells">' + "".join(f'<div class="{of}">{words(cell)}</div>' for of, cell in cells) + "</div>"
    )
