"""What is known of the chosen versions: a tab for each section, filled when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from nbregistry.browsing.sections import OF_A_COMPARISON, OF_A_VERSION, SECTIONS
from nbregistry.display.commands import command
from nbregistry.display.visible import short_ref
from nbregistry.widgets.parts import area, box, displays, line_to_copy, problem, said, show, show_in_place
from nbregistry.widgets.work import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.browsing.sections import Section
    from nbregistry.errors import RegistryError
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown
    from nbregistry.widgets.work import Work

KEY = "section"
_COMPARISONS = frozenset(section.id for section in OF_A_COMPARISON)
_LINES: dict[str, tuple[str, dict[str, str]]] = {
    "compare": ("%compare", {}),
    "plots": ("%compare", {"plots": "all"}),
    "slices": ("%compare --slices", {}),
    "record": ("%nbr show", {}),
    "evaluations": ("%nbr evaluations", {}),
    "lineage": ("%lineage", {}),
    "code": ("%nbr show --code", {}),
    "card": ("%nbr card", {}),
}
"""The verbs, and their options, whose display a section is."""


class Details:
    """The tabs.

    Parameters
    ----------
    registry : Registry
    work : Work
        Reads beside the kernel.
    """

    def __init__(self, registry: Registry, work: Work) -> None:
        self._registry = registry
        self._work = work
        self._refs: tuple[str, ...] = ()
        # What is shown is numbered by when it was asked for: any choice and any commit makes it old.
        self._wanted = 0
        self._drawn: dict[str, int] = {}
        self._shown: dict[str, Sequence[Shown]] = {}
        self._errors: dict[str, RegistryError | None] = {}
        self._areas = {section: area("nbr-section-of-panel") for section in SECTIONS}
        self.tabs = ipywidgets.Tab(list(self._areas.values()), titles=[section.title for section in SECTIONS.values()])
        self.line = line_to_copy("Line", "The line that shows this in a notebook, to copy")
        self.widget = box(self.line, self.tabs, class_="nbr-details")
        self.tab = OF_A_VERSION[0].id
        self.tabs.observe(lambda _: self._fill(), "selected_index")
        self.choose(())

    @property
    def tab(self) -> str:
        """The section that is looked at."""
        return list(SECTIONS)[self.tabs.selected_index or 0]

    @tab.setter
    def tab(self, section: str) -> None:
        self.tabs.selected_index = list(SECTIONS).index(section)

    @property
    def shown(self) -> Sequence[Shown]:
        """What stands there."""
        return self._shown.get(self.tab, ())

    @property
    def error(self) -> RegistryError | None:
        """What stands there in place of a display."""
        return self._errors.get(self.tab)

    @property
    def html(self) -> str:
        """How it stands there."""
        return str(self._areas[self.tab].value)

    def choose(self, refs: Sequence[str]) -> None:
        """Show these versions; the second one makes a comparison of it."""
        before, self._refs = self._refs, ()  # nothing is read for a tab that is left
        if len(refs) > 1 >= len(before):
            self.tab = OF_A_COMPARISON[0].id
        elif len(refs) < 2 and self.tab in _COMPARISONS:
            self.tab = OF_A_VERSION[0].id
        self._refs = tuple(refs)
        self._work.drop(KEY)
        show(self.widget, bool(refs))
        self.refresh()

    def refresh(self) -> None:
        """Read again what is looked at, and the others when they are."""
        self._wanted += 1
        self._fill()

    def _fill(self) -> None:
        section, refs = SECTIONS[self.tab], self._refs
        self.line.value = _line(section, refs)
        show_in_place(self.line, bool(self.line.value))
        if not refs or self._drawn.get(section.id) == self._wanted:
            return
        if section.id in _COMPARISONS and len(refs) < 2:
            self._draw(section.id, self._wanted, (), said("Choose a second version to compare it with this one."))
        else:
            self._read(section, refs)

    def _read(self, section: Section, refs: tuple[str, ...]) -> None:
        wanted = self._wanted
        self.tabs.add_class("nbr-reading")

        def work() -> tuple[Sequence[Shown], str]:
            shown = section.show(self._registry, refs)
            return shown, displays(shown)  # here, for a plot takes its time too

        def done(answer: tuple[Sequence[Shown], str]) -> None:
            self._draw(section.id, wanted, *answer)

        def failed(error: RegistryError) -> None:
            self._draw(section.id, wanted, (), problem(error), error)

        doing = f"{section.title} of {', '.join(map(short_ref, refs))}"
        self._work.start(Job(KEY, doing, work, done, failed, asks=(section.id, refs)))

    def _draw(
        self, section: str, wanted: int, shown: Sequence[Shown], html: str, error: RegistryError | None = None
    ) -> None:
        if not self._work.is_doing(KEY):
            self.tabs.remove_class("nbr-reading")
        self._drawn[section] = wanted
        self._shown[section] = shown
        self._areas[section].value = html
        self._errors[section] = error


def _line(section: Section, refs: Sequence[str]) -> str:
    if section.id not in _LINES or not refs or (section.id in _COMPARISONS) != (len(refs) > 1):
        return ""
    verb, options = _LINES[section.id]
    return command(verb, *refs, **options)
