"""What came of a change whose form was closed or left meanwhile: told until somebody has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.widgets.parts import area, box, button, said, show

if TYPE_CHECKING:
    from nbregistry.errors import RegistryError


class LateAnswers:
    """Answers that have no form any more."""

    def __init__(self) -> None:
        self.error: RegistryError | None = None
        self._told = area("nbr-late-answers")
        self._seen = button("Dismiss", "Take these answers away")
        self._seen.on_click(lambda _: self.dismiss())
        self.widget = box(self._told, self._seen, class_="nbr-late")
        self.dismiss()

    @property
    def html(self) -> str:
        """How they stand there."""
        return str(self._told.value)

    def tell(self, asked: str, html: str, error: RegistryError | None = None) -> None:
        """Add what came of what was asked for, below what is still told."""
        self.error = error or self.error
        self._told.value += said(f"{asked}, from a form that is no longer open:") + html
        show(self.widget, shown=True)

    def dismiss(self) -> None:
        """Take them away."""
        self.error = None
        self._told.value = ""
        show(self.widget, shown=False)
