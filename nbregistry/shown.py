"""Results that show themselves.

What a verb returns is data; how it looks is the business of :mod:`nbregistry.display`, a room further up.
This mixin is the one arrow that points upwards, and it is followed only when something is really shown, so
that data stay importable without templates, plots or styles.
"""

from __future__ import annotations

from typing import Any


class Shown:
    """Give an object its words (``repr``) and its HTML from :mod:`nbregistry.display`."""

    __slots__ = ()

    def __repr__(self) -> str:
        from nbregistry.display import to_text

        return to_text(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001 - IPython's signature
        """Show all of it, or one line where it stands inside something else, e.g. in a list of versions."""
        ref = getattr(self, "ref", None) or getattr(self, "name", "")
        short = f"<{type(self).__name__} {ascii(ref)[1:-1]}>" if ref else f"<{type(self).__name__}>"
        printer.text(short if len(printer.stack) > 1 else repr(self))

    def _repr_html_(self) -> str:
        from nbregistry.display import to_html

        return to_html(self)


class Written(Shown):
    """A result that is also a document to hand on."""

    __slots__ = ()

    def to_markdown(self) -> str:
        """Give it as Markdown, in the form that the Hugging Face Hub reads: a header in YAML, then the text."""
        from nbregistry.display import to_markdown

        return to_markdown(self)

    def to_page(self) -> str:
        """Give it as a web page of its own."""
        from nbregistry.display import to_page

        return to_page(self)
