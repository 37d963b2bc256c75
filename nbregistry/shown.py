"""Results that show themselves.

What a verb returns is data; how it looks is the business of :mod:`nbregistry.display`, a room further up.
This mixin is the one arrow that points upwards, and it is followed only when something is really shown, so
that data stay importable without templates, plots or styles.
"""

from __future__ import annotations


class Shown:
    """Give an object its words (``repr``) and its HTML from :mod:`nbregistry.display`."""

    __slots__ = ()

    def __repr__(self) -> str:
        from nbregistry.display import to_text

        return to_text(self)

    def _repr_html_(self) -> str:
        from nbregistry.display import to_html

        return to_html(self)
