"""Which versions: a model, a search, an order, and one page of rows to choose from."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.browsing.pages import NEWEST_FIRST
from nbregistry.display.commands import command
from nbregistry.display.measures import direction
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import lacking_words
from nbregistry.display.visible import visible
from nbregistry.errors import InvalidFilter
from nbregistry.widgets.looking import ROWS, Asked, last_offset, look
from nbregistry.widgets.parts import area, box, button, line_to_copy, problem, said, show, sort_option
from nbregistry.widgets.rows import VersionRow, heading
from nbregistry.widgets.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.browsing.pages import Page
    from nbregistry.errors import RegistryError
    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry
    from nbregistry.widgets.looking import Found
    from nbregistry.widgets.work import Work

KEY = "list"
PAUSE = 0.3
"""Seconds without a key before what was typed is looked for: half a filter is an error that nobody wants to read."""


class VersionList:
    """A page of a model's versions, each of which can be chosen.

    What is asked for is read beside the kernel. Until it is there, and where it cannot be had, what was found before
    stays.

    Parameters
    ----------
    registry : Registry
    work : Work
        Reads beside the kernel.
    chose : callable
        Called with a reference, and whether it was chosen or left.
    moved : callable
        Called when the versions of another model are there.
    """

    def __init__(
        self, registry: Registry, work: Work, *, chose: Callable[[str, bool], None], moved: Callable[[], None]
    ) -> None:
        self._registry = registry
        self._work = work
        self._moved = moved
        self._asked = Asked()
        self._gone = ""
        self._chosen: frozenset[str] = frozenset()
        self._is_settling = False
        self._typed: asyncio.TimerHandle | None = None
        self.found: Found | None = None
        self.error: RegistryError | None = None

        self.model = ipywidgets.Dropdown(description="Model", tooltip="The model whose versions are listed")
        self.search = ipywidgets.Text(
            description="Search",
            placeholder="words, or a filter: metrics.roc_auc > 0.9",
            tooltip="Words, each of which a version has to have somewhere, or a filter",
        )
        self.sort = ipywidgets.Dropdown(description="Sort", tooltip="The order of the versions")
        self._count = area("nbr-count")
        self._problem = area("nbr-problems")
        self._head = area("nbr-row-head")
        self.rows = [VersionRow(chose) for _ in range(ROWS)]
        self.first, self.previous, self.following, self.last = (
            button("First", "First page"),
            button("Previous", "Previous page"),
            button("Next", "Next page"),
            button("Last", "Last page"),
        )
        self.place = area("nbr-place")
        self._table = box(self._head, *(row.widget for row in self.rows), class_="nbr-rows")
        self.line = line_to_copy("Line", "The line that lists these in a notebook, to copy")
        self.widget = box(
            box(
                box(self.model, self._count, class_="nbr-model"),
                self.search.add_class("nbr-search"),
                self.sort.add_class("nbr-sort"),
                class_="nbr-controls",
            ),
            self._problem,
            self._table,
            box(
                box(self.first, self.previous, self.place, self.following, self.last, work.widget, class_="nbr-turns"),
                self.line,
                class_="nbr-paging",
            ),
            class_="nbr-list",
        )
        self._offer_orders(())
        self._draw()
        self.model.observe(self._another_model, "value")
        self.search.observe(self._another_search, "value")
        self.sort.observe(self._another_order, "value")
        for turn, to in (
            (self.first, lambda: 0),
            (self.previous, lambda: self._asked.offset - ROWS),
            (self.following, lambda: self._asked.offset + ROWS),
            (self.last, lambda: last_offset(self._total)),
        ):
            turn.on_click(lambda _, to=to: self.turn_to(to()))

    @property
    def name(self) -> str:
        """The model whose versions are there; ``""`` where there is none."""
        return self.found.asked.name if self.found else ""

    @property
    def page(self) -> Page[ModelVersion] | None:
        """The versions that are there."""
        return self.found.page if self.found else None

    @property
    def is_behind(self) -> bool:
        """Whether it could not be read, so that it may be worth another look."""
        return self.error is not None and not isinstance(self.error, InvalidFilter)

    def choose(self, refs: Sequence[str]) -> None:
        """Mark the rows of these versions."""
        self._chosen = frozenset(refs)
        self._draw_rows()

    def look_at(self, name: str) -> None:
        """Go to another model; ``""`` for the one that was registered last."""
        self._begin_anew()
        self._ask(Asked(name))

    def turn_to(self, offset: int) -> None:
        """Go to the page that begins with this row, or to the last one."""
        self._ask(replace(self._asked, offset=max(0, offset)))

    def read_what_was_typed(self) -> None:
        """Look for what was typed, now."""
        if self._typed is not None:
            self._look_for_what_was_typed()

    def refresh(self) -> None:
        """Read again, where we are: there may be more versions, and more models."""
        asked = self._asked
        self._table.add_class("nbr-reading")
        work = Job(KEY, "Reading the versions", lambda: look(self._registry, asked), self._show, self.fail, asks=asked)
        self._work.start(work)

    def fail(self, error: RegistryError) -> None:
        """Show an error above the rows, which stay."""
        self.error = error
        self._draw_told()

    def _ask(self, asked: Asked) -> None:
        self._asked, self._gone = asked, ""
        self._draw_turns()
        self.refresh()

    def _show(self, found: Found) -> None:
        name, asked = self.name, self._asked.name
        if asked and asked != found.asked.name:
            self._gone = f"There is no model {asked} any more"
            self._begin_anew()
        self._asked, self.found, self.error = found.asked, found, None
        self._draw()
        if name != self.name:
            self._moved()

    def _begin_anew(self) -> None:
        """Empty the controls, as another model has nothing to do with what stands there."""
        self._end_of_typing()
        self._settle(self.search, value="")
        self._settle(self.sort, value=NEWEST_FIRST)

    def _another_model(self, change: dict[str, Any]) -> None:
        if not self._is_settling:
            self.look_at(change["new"] or "")

    def _another_order(self, change: dict[str, Any]) -> None:
        if not self._is_settling:
            self._ask(replace(self._asked, order=change["new"], offset=0))

    def _another_search(self, _: Any) -> None:
        if self._is_settling:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._look_for_what_was_typed()
            return
        self._end_of_typing()
        self._typed = loop.call_later(PAUSE, self.read_what_was_typed)

    def _end_of_typing(self) -> None:
        if self._typed is not None:
            self._typed.cancel()
            self._typed = None

    def _look_for_what_was_typed(self) -> None:
        self._end_of_typing()
        self._ask(replace(self._asked, search=self.search.value, offset=0))

    def _settle(self, widget: Any, **traits: Any) -> None:
        """Set, in this order, what nobody chose or typed."""
        self._is_settling = True
        try:
            for trait, value in traits.items():
                if getattr(widget, trait) != value:
                    setattr(widget, trait, value)
        finally:
            self._is_settling = False

    def _offer_orders(self, metrics: Sequence[str]) -> None:
        options = [("newest first", NEWEST_FIRST), ("oldest first", NEWEST_FIRST.removeprefix("-"))]
        for metric in metrics:
            wanted, field = direction(metric), f"metrics.{metric}"
            high, low = {True: ("best", "worst"), False: ("worst", "best"), None: ("highest", "lowest")}[wanted]
            both = [(f"{visible(metric)}: {high} first", f"-{field}"), (f"{visible(metric)}: {low} first", field)]
            options += both[::-1] if wanted is False else both
        self._settle(self.sort, options=tuple(options), value=self._asked.order)

    def _draw(self) -> None:
        found, page = self.found, self.page
        if found is not None:
            models = tuple((visible(name), name) for name in found.models)
            self._settle(self.model, options=models, value=found.asked.name or None)
        count = plural(found.versions, "version") if found and page else ""
        self._count.value = said(f"{count}, read-only" if count and self._registry.read_only else count)
        if found is not None and page is not None:
            self._offer_orders(page.metrics)
            self._head.value = heading(page.metric)
            line = command("%versions", self.name, **({"where": page.where} if page.where else {}))
            order = sort_option(found.asked.order)
            self.line.value = line + order if line and order else ""
        self._draw_rows()
        self._draw_told()
        for widget in (self.search, self.sort):
            widget.disabled = page is None
        show(self.line, page is not None)
        show(self._head, bool(page and page.rows))

    def _draw_rows(self) -> None:
        page = self.page
        found = page.rows if page else ()
        for place, row in enumerate(self.rows):
            version = found[place] if place < len(found) else None
            row.draw(
                version,
                metric=page.metric if page else "",
                is_chosen=version is not None and version.ref in self._chosen,
                keeps_its_place=page is not None and page.total > ROWS,
            )

    def _draw_told(self) -> None:
        """Say where we are, what is wrong, and what can be turned to."""
        page = self.page
        if page is not None and page.total:
            self.place.value = said(f"{page.offset + 1:,}–{page.offset + len(page.rows):,} of {page.total:,}")
        elif self.error is not None or self.found is None:
            self.place.value = ""  # what was found was of another search
        else:
            self.place.value = said(_nothing(page))
        self._problem.value = problem(self.error) or said(self._gone)
        if not self._work.is_doing(KEY):
            self._table.remove_class("nbr-reading")
        self._draw_turns()

    def _draw_turns(self) -> None:
        offset, total = self._asked.offset, self._total
        for turn, can in (
            (self.first, offset > 0),
            (self.previous, offset > 0),
            (self.following, offset + ROWS < total),
            (self.last, offset + ROWS < total),
        ):
            turn.disabled = not can
            show(turn, total > ROWS)

    @property
    def _total(self) -> int:
        return self.page.total if self.page else 0


def _nothing(page: Page[ModelVersion] | None) -> str:
    """Say why there is no row."""
    if page is None:
        return "No model yet: %register NAME MODEL makes the first one"
    lacking = ["".join(span.text for span in words) for words in lacking_words(page.lacking)]
    return ". ".join(["No version matches" if page.where else "No versions", *lacking])
