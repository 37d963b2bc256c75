"""Cards as static HTML: templates, one stylesheet, no script, nothing fetched.

The stylesheet travels with every display, because a saved notebook has no other place for it. It is scoped by
the class ``nbr``. JupyterLab drops it from notebooks it does not trust, so the templates use elements that
read well bare: tables with captions and headed rows, nested lists, ``details``.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import FENCES, NOTE_SIGNS, SIGNED, SOURCE_SIGNS, Card, Line
from nbregistry.display.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup

_LONG_NAME = re.compile(r"(\S{22,})")
"""Longer than the names of all usual metrics."""
_NAME_PARTS = re.compile(r"(?<=_)(?=[^\W_])|(?<=/)(?=[^\s/])|(?<=[a-z])(?=[A-Z])")

_P_VALUE = re.compile(r"\b(p [=<] \d\.\d+)")


def render_html(card: Card) -> str:
    """Give a card as one ``div``.

    Parameters
    ----------
    card : Card

    Returns
    -------
    str
        The same for the same card, always: nothing in it is random or timed.
    """
    return _environment().get_template("card.html").render(card=card)


def render_page(card: Card) -> str:
    """Give a card as a whole document, for a file of its own: no script, nothing fetched."""
    return _environment().get_template("page.html").render(card=card)


def render_line(words: Line) -> str:
    """Give one line of a card by itself, for whoever brings a style of its own.

    Examples
    --------
    >>> from nbregistry.display.blocks import Span, line
    >>> render_line(line("is ", Span("<b>", "user")))
    'is <bdi class="nbr-user">&lt;b&gt;</bdi>'
    """
    return str(_environment().get_template("inline.html").module.inline(words))  # type: ignore[attr-defined]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: Any) -> Any:
        """Make text visible wherever a template prints it: no template can forget to."""
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("nbregistry.display"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=shown,
    )
    environment.globals |= {
        "fences": FENCES,
        "names": frozenset({"user", "ref", "strong"}),
        "signed": SIGNED,
        "note_signs": NOTE_SIGNS,
        "source_signs": SOURCE_SIGNS,
    }
    environment.globals["style"] = Markup(_style())  # noqa: S704 - our own file, as it stands in the package
    environment.filters["breakable"] = _breakable
    environment.filters["unbroken"] = _unbroken
    environment.filters["json"] = json.dumps  # escaped afterwards, as all text is
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    environment.tests["block"] = lambda value, kind: type(value).__name__ == kind
    return environment


def _breakable(text: str) -> Markup:
    """Let a name that is too long for any column break between its words, not inside of one.

    Examples
    --------
    >>> str(_breakable("randomforestclassifier__max_depth <b>"))
    'randomforestclassifier__<wbr>max_<wbr>depth &lt;b&gt;'
    """
    from markupsafe import Markup

    return _marked(_LONG_NAME, text, lambda name: Markup("<wbr>").join(_NAME_PARTS.split(name)))


def _unbroken(text: str) -> Markup:
    """Keep a p-value on one line, in words of our own.

    Examples
    --------
    >>> str(_unbroken("adjusted p < 0.001, <b>"))
    'adjusted <span class="nbr-whole">p &lt; 0.001</span>, &lt;b&gt;'
    """
    from markupsafe import Markup

    return _marked(_P_VALUE, text, Markup('<span class="nbr-whole">{}</span>').format)


def _marked(pattern: re.Pattern[str], text: str, mark: Callable[[str], Markup]) -> Markup:
    """Mark up what the one group of a pattern finds, and escape the rest."""
    from markupsafe import Markup, escape

    parts = pattern.split(visible(text))  # every other one is the group's
    return Markup("").join(mark(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))


def _style() -> str:
    """Give the stylesheet without comments and line breaks: it is repeated in every output."""
    from importlib.resources import files

    text = files("nbregistry.display").joinpath("style.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()
