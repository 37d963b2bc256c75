"""Which versions: a model, a search, an order, and one page of rows to choose from."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.browsing.pages import NEWEST_FIRST, page_of_versions
from nbregistry.display.commands import command
from nbregistry.display.measures import direction
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import lacking_words
from nbregistry.display.visible import visible
from nbregistry.errors import RegistryError
from nbregistry.widgets.parts import area, box, button, line_to_copy, problem, said, show, sort_option
from nbregistry.widgets.rows import VersionRow, heading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.browsing.pages import Page
    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry

ROWS = 10
PAUSE = 0.3
"""Seconds without a key before what was typed is looked for: half a filter is an error that nobody wants to read."""


class VersionList:
    """A page of a model's versions, each of which can be chosen.

    Parameters
    ----------
    registry : Registry
    name : str
        The model; ``""`` while there is none.
    chose : callable
        Called with a reference, and whether it was chosen or left.
    moved : callable
        Called when another model is looked at.
    """

    def __init__(
        self, registry: Registry, name: str, *, chose: Callable[[str, bool], None], moved: Callable[[], None]
    ) -> None:
        self._registry = registry
        self._moved = moved
        self._chosen: frozenset[str] = frozenset()
        self._is_settling = False
        self._typed: asyncio.TimerHandle | None = None
        self.page: Page[ModelVersion] | None = None
        self.error: RegistryError | None = None
        self.offset = 0

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
        self.line = line_to_copy("Line", "The line that lists these in a notebook, to copy")
        self.widget = box(
            box(
                box(self.model, self._count, class_="nbr-model"),
                self.search.add_class("nbr-search"),
                self.sort.add_class("nbr-sort"),
                class_="nbr-controls",
            ),
            self._problem,
            box(self._head, *(row.widget for row in self.rows), class_="nbr-rows"),
            box(
                box(self.first, self.previous, self.place, self.following, self.last, class_="nbr-turns"),
                self.line,
                class_="nbr-paging",
            ),
            class_="nbr-list",
        )
        self._offer_models(name)
        self._offer_orders(())
        self.model.observe(self._another_model, "value")
        self.search.observe(self._another_search, "value")
        self.sort.observe(lambda _: self._from_the_start(), "value")
        for turn, to in (
            (self.first, lambda: 0),
            (self.previous, lambda: self.offset - ROWS),
            (self.following, lambda: self.offset + ROWS),
            (self.last, lambda: self.last_offset),
        ):
            turn.on_click(lambda _, to=to: self.turn_to(to()))

    @property
    def name(self) -> str:
        """The model that is looked at; ``""`` where there is none."""
        return self.model.value or ""

    @property
    def last_offset(self) -> int:
        """Where the last page begins."""
        total = self.page.total if self.page else 0
        return max(0, (total - 1) // ROWS * ROWS)

    def choose(self, refs: Sequence[str]) -> None:
        """Mark the rows of these versions."""
        self._chosen = frozenset(refs)
        self._draw_rows()

    def turn_to(self, offset: int) -> None:
        """Go to the page that begins with this row."""
        self.offset = min(max(0, offset), self.last_offset)
        self.read()

    def read_what_was_typed(self) -> None:
        """Look for what was typed, now."""
        if self._typed is not None:
            self._typed.cancel()
            self._typed = None
            self._from_the_start()

    def refresh(self) -> None:
        """Read again, where we are: there may be more versions, and more models."""
        self._offer_models(self.name)
        self.read()

    def fail(self, error: RegistryError | None) -> None:
        """Show an error above the rows, which stay; or that there is none any more."""
        self.error = error
        self._problem.value = problem(error)
        if self.page is not None:
            self._draw_place()

    def read(self) -> None:
        """Read the page and draw it."""
        if not self.name:
            self._draw()
            return
        try:
            page = self._read()
            if page.total and self.offset >= page.total:  # there are fewer now
                self.offset = (page.total - 1) // ROWS * ROWS
                page = self._read()
        except RegistryError as error:
            self.fail(error)
            return
        self.fail(None)
        self.page = page
        self._draw()

    def _read(self) -> Page[ModelVersion]:
        order = self.sort.value or NEWEST_FIRST
        kind, _, metric = order.removeprefix("-").partition(".")
        return page_of_versions(
            self._registry,
            self.name,
            asked=self.search.value,
            order_by=order,
            offset=self.offset,
            limit=ROWS,
            metric=metric if kind == "metrics" else "",
        )

    def _another_model(self, _: Any) -> None:
        if self._is_settling:
            return
        self.offset, self.page = 0, None
        self._settle(self.search, "")
        self._settle(self.sort, NEWEST_FIRST)
        self.read()
        self._moved()

    def _another_search(self, _: Any) -> None:
        if self._is_settling:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._from_the_start()
            return
        if self._typed is not None:
            self._typed.cancel()
        self._typed = loop.call_later(PAUSE, self.read_what_was_typed)

    def _from_the_start(self) -> None:
        if not self._is_settling:
            self.offset = 0
            self.read()

    def _settle(self, widget: Any, value: str) -> None:
        """Set a value that nobody typed."""
        self._is_settling = True
        try:
            widget.value = value
        finally:
            self._is_settling = False

    def _offer(self, widget: Any, options: Sequence[tuple[str, str]], value: str | None) -> None:
        if tuple(widget.options) != tuple(options):
            self._is_settling = True
            try:
                widget.options = options
                widget.value = value
            finally:
                self._is_settling = False

    def _offer_models(self, name: str) -> None:
        try:
            models = self._registry.models()
        except RegistryError as error:
            self.fail(error)
            return
        names = [model.name for model in models]
        if not name and names:
            name = max(models, key=lambda model: model.updated_at).name
        self._offer(self.model, [(visible(each), each) for each in names], name or None)

    def _offer_orders(self, metrics: Sequence[str]) -> None:
        options = [("newest first", NEWEST_FIRST), ("oldest first", NEWEST_FIRST.removeprefix("-"))]
        for metric in metrics:
            wanted, field = direction(metric), f"metrics.{metric}"
            high, low = {True: ("best", "worst"), False: ("worst", "best"), None: ("highest", "lowest")}[wanted]
            both = [(f"{visible(metric)}: {high} first", f"-{field}"), (f"{visible(metric)}: {low} first", field)]
            options += both[::-1] if wanted is False else both
        kept = self.sort.value if self.sort.value in {field for _, field in options} else NEWEST_FIRST
        self._offer(self.sort, options, kept)

    def _draw(self) -> None:
        page = self.page
        if page is not None:
            self._offer_orders(page.metrics)
            there = self._registry.latest(self.name)
            count = plural(there, "version")
            self._count.value = said(f"{count}, read-only" if self._registry.read_only else count)
            self._head.value = heading(page.metric)
            line = command("%versions", self.name, **({"where": page.where} if page.where else {}))
            order = sort_option(self.sort.value)
            self.line.value = line + order if line and order else ""
        self._draw_rows()
        self._draw_place()

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

    def _draw_place(self) -> None:
        page = self.page
        if page is None:
            self.place.value = said("No model yet: %register NAME MODEL makes the first one")
        elif not page.total:
            self.place.value = said(_nothing(page)) if self.error is None else ""  # that was of another search
        else:
            self.place.value = said(f"{self.offset + 1:,}–{self.offset + len(page.rows):,} of {page.total:,}")
        total = page.total if page else 0
        for turn, can in (
            (self.first, self.offset > 0),
            (self.previous, self.offset > 0),
            (self.following, self.offset + ROWS < total),
            (self.last, self.offset + ROWS < total),
        ):
            turn.disabled = not can
            show(turn, total > ROWS)
        for widget in (self.search, self.sort):
            widget.disabled = page is None
        show(self.line, page is not None)
        show(self._head, bool(page and page.rows))


def _nothing(page: Page[ModelVersion]) -> str:
    """Say why there is no row."""
    lacking = ["".join(span.text for span in words) for words in lacking_words(page.lacking)]
    return ". ".join(["No version matches" if page.where else "No versions", *lacking])
