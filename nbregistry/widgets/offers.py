"""What can be done with one of the chosen versions, as it is now: a button for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.browsing.changes import forms_for
from nbregistry.display.visible import short_ref
from nbregistry.errors import NotFound, Refused
from nbregistry.widgets.parts import box, button
from nbregistry.widgets.work import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.browsing.changes import Form
    from nbregistry.errors import RegistryError
    from nbregistry.registry import Registry
    from nbregistry.widgets.work import Work

KEY = "offers"


class Offers:
    """The version that would be changed, and the buttons.

    Parameters
    ----------
    registry : Registry
    work : Work
        Reads beside the kernel.
    opened : callable
        Called with the verb whose button was clicked.
    aimed : callable
        Called when another version would be changed.
    offered : callable
        Called with whether anything is offered.
    failed : callable
        Called with the error where it could not be read.
    """

    def __init__(
        self,
        registry: Registry,
        work: Work,
        *,
        opened: Callable[[str], None],
        aimed: Callable[[], None],
        offered: Callable[[bool], None],
        failed: Callable[[RegistryError], None],
    ) -> None:
        self._registry = registry
        self._work = work
        self._opened = opened
        self._aimed = aimed
        self._offered = offered
        self._failed = failed
        self._is_settling = False
        self._forms: tuple[Form, ...] = ()
        self._clicked = ""
        self.ref = ""
        self.error: RegistryError | None = None

        # There with a single version as well: were it to come with the second, the buttons would move under the mouse.
        self.target = ipywidgets.Dropdown(description="Change", tooltip="Which of the chosen versions to change")
        self._buttons = box(class_="nbr-actions")
        self._drawn: list[str] = []
        self.widget = box(self.target, self._buttons, class_="nbr-target")
        self.target.observe(self._another_target, "value")

    def choose(self, refs: Sequence[str]) -> None:
        """Offer what can be done with one of these, at first the one that was chosen last."""
        options = tuple((short_ref(ref), ref) for ref in refs)
        target = self.ref if self.ref in refs else next(reversed(refs), "")
        if self.target.options != options:
            self._is_settling = True
            try:
                self.target.options = options
                self.target.value = target or None
            finally:
                self._is_settling = False
        self._aim(target)

    def refresh(self) -> None:
        """Offer what can be done with the version as it is now."""
        ref = self.ref
        if not ref or self._registry.read_only:
            self._work.drop(KEY)
            self._offer(())
            return

        def work() -> tuple[Form, ...]:
            return forms_for(self._registry, self._registry.get(ref))

        self._work.start(Job(KEY, f"Reading {short_ref(ref)}", work, self._offer, self._fail, asks=ref))

    def form(self, verb: str) -> Form:
        """Give the form of a change.

        Raises
        ------
        Refused
            If it cannot be made to this version as it is now.
        RegistryError
            If what can be made could not be read.
        """
        if self._registry.read_only:
            raise Refused("this registry was opened read-only", hint="nbregistry.open(…) without read_only=True")
        forms = {form.verb: form for form in self._forms}
        if verb in forms:
            return forms[verb]
        if self.error is not None:
            raise self.error
        raise Refused(f"{verb!a} is no change that can be made to {self.ref} as it is", nearest=list(forms))

    def _another_target(self, change: dict[str, Any]) -> None:
        if not self._is_settling:
            self._aim(change["new"] or "")

    def _aim(self, ref: str) -> None:
        if ref == self.ref:
            return
        self.ref = ref
        # What is offered is of another version: out of reach until it is read, and in its place, so that nothing jumps.
        self._forms, self._clicked, self.error = (), "", None
        self._buttons.layout.visibility = "hidden"
        self._aimed()
        self.refresh()

    def _offer(self, forms: tuple[Form, ...]) -> None:
        self._forms, self.error = forms, None
        verbs = [form.verb for form in forms]
        if verbs != self._drawn:
            self._drawn = verbs
            self._buttons.children = [self._button(form) for form in forms]
        self._buttons.layout.visibility = None
        self._offered(bool(forms))
        clicked, self._clicked = self._clicked, ""
        if clicked in verbs:
            self._opened(clicked)

    def _fail(self, error: RegistryError) -> None:
        if isinstance(error, NotFound):  # there is no such version any more, which is told where it would be shown
            self._offer(())
        else:
            self._failed(error)
        self.error = error

    def _button(self, form: Form) -> Any:
        made = button(f"{form.title}…", f"{form.title}: opens a form; nothing is changed before it is confirmed")
        made.on_click(lambda _: self._click(form.verb))
        return made

    def _click(self, verb: str) -> None:
        """Open a form; where its button was clicked before it could be taken away, once it is offered again."""
        if not self._forms and self._work.is_doing(KEY):
            self._clicked = verb
        else:
            self._opened(verb)
