"""How results look: every noun becomes a :class:`~nbregistry.display.blocks.Card`, a card becomes text or HTML.

The way of a display: ``views/`` has one small module for each noun and knows what must be answered at a glance;
``blocks`` is the vocabulary; ``render_text`` and ``render_html`` know how it looks. Nothing here imports IPython.
"""

from __future__ import annotations

from typing import Any

from nbregistry.display.views import card_of

__all__ = ["to_html", "to_markdown", "to_page", "to_text"]


def to_text(shown: Any) -> str:
    """Give an object of nbregistry in words, complete without the HTML.

    Parameters
    ----------
    shown : Shown
        Anything that a verb returns, or a registry.

    Returns
    -------
    str

    Examples
    --------
    >>> from nbregistry.outcomes import Collection
    >>> print(to_text(Collection(freed_bytes=3104, blobs=2, applied=True)))
    Collected  3.1 kB in 2 blobs
    Moved to the trash, where it stays.
    """
    from nbregistry.display.render_text import render_text

    return render_text(card_of(shown))


def to_html(shown: Any) -> str:
    """Give an object of nbregistry as static HTML: no script, nothing fetched, the same every time.

    Parameters
    ----------
    shown : Shown
        Anything that a verb returns, or a registry.

    Returns
    -------
    str
        One ``div`` with its own stylesheet.
    """
    from nbregistry.display.render_html import render_html

    return render_html(card_of(shown))


def to_markdown(shown: Any) -> str:
    """Give a model card as Markdown, with the header in YAML that the Hugging Face Hub reads.

    Parameters
    ----------
    shown : ModelCard

    Returns
    -------
    str
    """
    from nbregistry.display.hub_header import hub_header
    from nbregistry.display.render_markdown import render_markdown
    from nbregistry.display.views.model_card import document

    return f"{hub_header(shown)}\n{render_markdown(document(shown))}"


def to_page(shown: Any) -> str:
    """Give a model card as a web page: its HTML, and a head that names it.

    Parameters
    ----------
    shown : ModelCard

    Returns
    -------
    str
    """
    from nbregistry.display.render_html import render_page
    from nbregistry.display.views.model_card import document

    return render_page(document(shown))
