"""A change to a version: a form, its dry run, and only then the change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.browsing.changes import Change, explained, is_refused
from nbregistry.display.visible import short_ref
from nbregistry.errors import NotFound, Refused, RegistryError
from nbregistry.widgets.late import LateAnswers
from nbregistry.widgets.offers import Offers
from nbregistry.widgets.parts import area, box, button, displays, line_to_copy, problem, said, show
from nbregistry.widgets.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.browsing.changes import Field, Form
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown
    from nbregistry.widgets.work import Work

KEY = "change"


class Changes:
    """What is offered, and the form that is open.

    Parameters
    ----------
    registry : Registry
    work : Work
        Checks and changes beside the kernel.
    reads : Work
        Reads what is offered beside the kernel, however long a change takes.
    changed : callable
        Called when a change was made.
    failed : callable
        Called with the error where it could not be read what is offered.
    """

    def __init__(
        self,
        registry: Registry,
        work: Work,
        reads: Work,
        *,
        changed: Callable[[], None],
        failed: Callable[[RegistryError], None],
    ) -> None:
        self._registry = registry
        self._work = work
        self._changed = changed
        self._pinned: Change | None = None
        # A form is opened again and again, also while a change that was asked from it is being made.
        self._opening: object = None
        self.form: Form | None = None
        self.error: RegistryError | None = None
        self.shown: Shown | None = None
        self.fields: dict[str, Any] = {}

        self.late = LateAnswers()
        self.offers = Offers(
            registry, reads, opened=self.open, aimed=self.close, offered=self._show_offers, failed=failed
        )
        self._title = area("nbr-form-title")
        self._fields = box(class_="nbr-fields")
        self.reason = ipywidgets.Text(description="Reason", tooltip="Why, for the journal").add_class("nbr-reason")
        self.line = line_to_copy("Line", "The line that makes this change in a notebook, to copy")
        self.dry_run = button("Dry run", "Check, and show what would change; nothing is changed")
        self.confirm = button("Confirm", "Make the change; first look at its dry run")
        self.confirm.button_style = "primary"
        self.cancel = button("Close", "Close the form; nothing is changed by that")
        self._answer = area("nbr-answer")
        self._form = box(
            self._title,
            self._fields,
            self.reason,
            self.line,
            box(self.dry_run, self.confirm, self.cancel, class_="nbr-actions"),
            self._answer,
            class_="nbr-form",
        )
        self.widget = box(self.offers.widget, self._form, class_="nbr-changes")
        self.reason.observe(lambda _: self._explained(), "value")
        self.dry_run.on_click(lambda _: self.try_out())
        self.confirm.on_click(lambda _: self.make())
        self.cancel.on_click(lambda _: self.close())
        self.close()
        self._show_offers(shown=False)

    @property
    def ref(self) -> str:
        """The version that would be changed."""
        return self.offers.ref

    @property
    def html(self) -> str:
        """How the last answer stands there."""
        return str(self._answer.value)

    def open(self, verb: str) -> None:
        """Open the form of a change.

        Raises
        ------
        Refused
            If it cannot be made to this version as it is now.
        RegistryError
            If what can be made could not be read.
        """
        form = self.form = self.offers.form(verb)
        self._opening = object()
        self.fields = {field.name: _widget(field) for field in form.fields}
        for widget in self.fields.values():
            widget.observe(lambda _: self._edited(), "value")
        self._fields.children = list(self.fields.values())
        self._title.value = f"<strong>{said(self._titled, '')}</strong>"
        self.reason.value = ""
        self.reason.placeholder = "needed: why" if form.needs_reason else "why, for the journal"
        self._edited()
        show(self._form, shown=True)

    def fill(self, values: Mapping[str, str], reason: str) -> None:
        """Fill the open form.

        Raises
        ------
        NotFound
            For a field that it has not.
        Refused
            For a value that cannot be chosen.
        """
        fields = {field.name: field for field in self.form.fields} if self.form else {}
        for name, value in values.items():
            if name not in fields:
                raise NotFound(f"there is no {name!a} to fill in", nearest=list(fields))
            if fields[name].kind == "choice" and value not in fields[name].options:
                raise Refused(f"{value!a} cannot be chosen as {name}", nearest=fields[name].options)
            self.fields[name].value = value
        self.reason.value = reason

    def close(self) -> None:
        """Close the form."""
        self._work.drop(KEY)
        self.form = self._opening = self._pinned = self.error = self.shown = None
        show(self._form, shown=False)

    def try_out(self) -> None:
        """Make the dry run, and show it."""
        change = self._change()
        self._forget("")

        def done(shown: Shown) -> None:
            self._pinned = None if is_refused(shown) else change.as_shown(shown)
            self._answered(explained(shown, self.reason.value))

        self._do("Checking", change.dry_run, done, self._tell)

    def make(self) -> None:
        """Make the change that the dry run showed, for the reason that is given now."""
        if self._pinned is None:
            return
        change = replace(self._pinned, reason=self.reason.value)
        opening, title = self._opening, self._titled
        self._pinned = None
        self._draw_confirm()

        def done(shown: Shown) -> None:
            if self._opening is opening:
                self._answered(shown)
            else:
                self.late.tell(title, displays([shown]))
            self._changed()

        def failed(error: RegistryError) -> None:
            if self._opening is opening:
                self._tell(error)
            else:
                self.late.tell(title, problem(error), error)

        self._do("Changing", change.make, done, failed, changes=True)

    def refuse_unready(self) -> None:
        """Refuse to confirm what cannot be.

        Raises
        ------
        Refused
            Saying what is missing.
        """
        if self.form is not None and self._lacks_reason:
            hint = f"panel.change({self.form.verb!a}, {self.ref!a}, reason=…)"
            raise Refused(f"to {self.form.verb} needs a reason", hint=hint)
        if self._pinned is None:
            failed = self.shown is not None and is_refused(self.shown)
            told = "a check failed: it would be refused" if failed else "there is no dry run to confirm"
            raise Refused(told, hint='panel.change("promote", "churn@3", reason="better recall")')

    def _do(
        self,
        doing: str,
        work: Callable[[Registry], Shown],
        done: Callable[[Shown], None],
        failed: Callable[[RegistryError], None],
        *,
        changes: bool = False,
    ) -> None:
        job = Job(KEY, f"{doing} {short_ref(self.ref)}", lambda: work(self._registry), done, failed, changes)
        self._work.start(job)

    def _show_offers(self, shown: bool) -> None:  # noqa: FBT001 - as what is offered tells it
        show(self.widget, shown)

    @property
    def _titled(self) -> str:
        # An alias goes back whatever the version is that was chosen.
        is_of_all = self.form is not None and self.form.verb == "rollback"
        subject = self.ref.rpartition("@")[0] if is_of_all else short_ref(self.ref)
        return f"{self.form.title} {subject}" if self.form else ""

    def _change(self) -> Change:
        form = self.form
        values = {name: widget.value for name, widget in self.fields.items()}
        return Change(form.verb if form else "", self.ref, values, self.reason.value)

    def _edited(self) -> None:
        """Forget the dry run: it was of something else."""
        self._work.drop(KEY)
        self._forget("Dry run first: what is shown there is what is confirmed.")
        self._draw_line()

    def _explained(self) -> None:
        """Show the dry run with its reason: what it is of stays the same."""
        if self._pinned is not None and self.shown is not None:
            self._answered(explained(self.shown, self.reason.value))
        self._draw_confirm()
        self._draw_line()

    def _forget(self, told: str) -> None:
        self._pinned = self.shown = self.error = None
        self._answer.value = said(told)
        self._draw_confirm()

    def _answered(self, shown: Shown) -> None:
        self.shown, self.error = shown, None
        self._answer.value = displays([shown])
        self._draw_confirm()

    def _tell(self, error: RegistryError) -> None:
        self.shown, self.error, self._pinned = None, error, None
        self._answer.value = problem(error)
        self._draw_confirm()

    @property
    def _lacks_reason(self) -> bool:
        return self.form is not None and self.form.needs_reason and not self.reason.value.strip()

    def _draw_confirm(self) -> None:
        self.confirm.disabled = self._pinned is None or self._lacks_reason

    def _draw_line(self) -> None:
        try:
            self.line.value = self._change().line() if self.form and not self._lacks_reason else ""
        except RegistryError:
            self.line.value = ""  # as it stands it is no change; the dry run says why


def _widget(field: Field) -> Any:
    said_of = {"description": field.label, "tooltip": f"{field.label}: {field.help}" if field.help else field.label}
    if field.kind == "choice":
        return ipywidgets.Dropdown(options=field.options, value=field.value, **said_of)
    if field.kind == "paragraph":
        return ipywidgets.Textarea(value=field.value, rows=3, **said_of)
    if field.options:
        return ipywidgets.Combobox(value=field.value, options=field.options, placeholder=field.help, **said_of)
    return ipywidgets.Text(value=field.value, placeholder=field.help, **said_of)
