"""What can be done with a version: a button each, a form, its dry run, and only then the change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.browsing.changes import Change, explained, forms_for, is_refused
from nbregistry.errors import NotFound, Refused, RegistryError
from nbregistry.widgets.parts import area, box, button, displays, line_to_copy, problem, said, short, show
from nbregistry.widgets.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbregistry.browsing.changes import Field, Form
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown
    from nbregistry.widgets.work import Work

KEY = "change"


class Changes:
    """The actions and the form of the one that is open.

    Parameters
    ----------
    registry : Registry
    work : Work
        Checks and changes beside the kernel.
    changed : callable
        Called when a change was made.
    """

    def __init__(self, registry: Registry, work: Work, changed: Callable[[], None]) -> None:
        self._registry = registry
        self._work = work
        self._changed = changed
        self._is_settling = False
        self._forms: tuple[Form, ...] = ()
        self._pinned: Change | None = None
        self.form: Form | None = None
        self.ref = ""
        self.error: RegistryError | None = None
        self.shown: Shown | None = None
        self.fields: dict[str, Any] = {}

        self.target = ipywidgets.Dropdown(description="Change", tooltip="Which of the chosen versions to change")
        self._buttons = box(class_="nbr-actions")
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
        self.widget = box(box(self.target, self._buttons, class_="nbr-target"), self._form, class_="nbr-changes")
        self.target.observe(self._another_target, "value")
        self.reason.observe(lambda _: self._explained(), "value")
        self.dry_run.on_click(lambda _: self.try_out())
        self.confirm.on_click(lambda _: self.make())
        self.cancel.on_click(lambda _: self.close())
        self.choose(())

    @property
    def html(self) -> str:
        """How the last answer stands there."""
        return str(self._answer.value)

    def choose(self, refs: Sequence[str]) -> None:
        """Offer what can be done with one of these, at first the one that was chosen last."""
        options = [(short(ref), ref) for ref in refs]
        target = self.ref if self.ref in refs else next(reversed(refs), "")
        if tuple(self.target.options) != tuple(options):
            self._is_settling = True
            try:
                self.target.options = options
                self.target.value = target or None
            finally:
                self._is_settling = False
        show(self.target, len(refs) > 1)
        self._aim(target)

    def refresh(self) -> None:
        """Offer what can be done with the version as it is now; an open form stays."""
        try:
            forms = self._possible()
        except RegistryError:  # the list of versions tells it
            return
        if forms == self._forms:
            return
        verbs, self._forms = self._verbs(), forms
        if self._verbs() != verbs:
            self._buttons.children = [self._button(form) for form in forms]
        show(self.widget, bool(forms))

    def open(self, verb: str) -> None:
        """Open the form of a change.

        Raises
        ------
        Refused
            If it cannot be made to this version as it is now.
        """
        if self._registry.read_only:
            raise Refused("this registry was opened read-only", hint="nbregistry.open(…) without read_only=True")
        form = next((form for form in self._forms if form.verb == verb), None)
        if form is None:
            raise Refused(f"{verb!a} is no change that can be made to {self.ref} as it is", nearest=self._verbs())
        self.form = form
        self.fields = {field.name: _widget(field) for field in form.fields}
        for widget in self.fields.values():
            widget.observe(lambda _: self._edited(), "value")
        self._fields.children = list(self.fields.values())
        # An alias goes back whatever the version is that was chosen.
        subject = self.ref.rpartition("@")[0] if verb == "rollback" else short(self.ref)
        self._title.value = f"<strong>{said(f'{form.title} {subject}', '')}</strong>"
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
        self.form = self._pinned = self.error = self.shown = None
        show(self._form, shown=False)

    def try_out(self) -> None:
        """Make the dry run, and show it."""
        change = self._change()
        self._forget("")

        def done(shown: Shown) -> None:
            self._pinned = None if is_refused(shown) else change.as_shown(shown)
            self._answered(explained(shown, self.reason.value))

        self._do("Checking", change.dry_run, done)

    def make(self) -> None:
        """Make the change that the dry run showed, for the reason that is given now."""
        if self._pinned is None:
            return
        change = replace(self._pinned, reason=self.reason.value)
        self._pinned = None
        self._draw_confirm()

        def done(shown: Shown) -> None:
            self._answered(shown)
            self._changed()

        self._do("Changing", change.make, done, changes=True)

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
        self, doing: str, work: Callable[[Registry], Shown], done: Callable[[Shown], None], *, changes: bool = False
    ) -> None:
        job = Job(KEY, f"{doing} {short(self.ref)}", lambda: work(self._registry), done, self._tell, changes)
        self._work.start(job)

    def _possible(self) -> tuple[Form, ...]:
        if not self.ref or self._registry.read_only:
            return ()
        return forms_for(self._registry, self._registry.get(self.ref))

    def _verbs(self) -> list[str]:
        return [form.verb for form in self._forms]

    def _button(self, form: Form) -> Any:
        made = button(f"{form.title}…", f"{form.title}: opens a form; nothing is changed before it is confirmed")
        made.on_click(lambda _: self.open(form.verb))
        return made

    def _another_target(self, change: dict[str, Any]) -> None:
        if not self._is_settling:
            self._aim(change["new"] or "")

    def _aim(self, ref: str) -> None:
        if ref != self.ref:
            self.close()  # what stands in the form was meant for another version
        self.ref = ref
        self._forms = self._forms if ref else ()
        self.refresh()
        show(self.widget, bool(self._forms))
        if self.form is None:
            show(self._form, shown=False)

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
