"""Panels of ipywidgets, imported only when one is asked for: :meth:`nbregistry.Registry.panel`.

``panel`` puts the parts together: ``listing`` (which versions, in ``rows``), ``details`` (what is known of the chosen
ones), ``changing`` (what is done with one: ``offers`` what can be, ``late`` what came of it when nobody waited any
more). ``work`` does what takes time beside the kernel, such as ``looking`` for what is listed; ``watching`` looks for
what others commit, ``parts`` and ``panel.css`` are how it looks. What is shown comes from :mod:`nbregistry.browsing`.
"""

from __future__ import annotations

from nbregistry.widgets.panel import Panel

__all__ = ["Panel"]
