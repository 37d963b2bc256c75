"""Small parts of a panel: words as HTML, an error as one block, a line to copy, the stylesheet.

Whatever a user wrote reaches a widget's HTML through here, and nowhere else.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.display.commands import word
from nbregistry.display.render_html import render_line
from nbregistry.display.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbregistry.display.blocks import Line
    from nbregistry.errors import RegistryError
    from nbregistry.shown import Shown


def words(line: Line) -> str:
    """Give a line of a display."""
    return f"<span>{render_line(line)}</span>" if line else ""


def sort_option(key: str) -> str:
    """Write what to sort by as a line has it: a minus needs no quotes there. Nothing if a line cannot say it."""
    bare = key.removeprefix("-")
    return f" --sort {key if word(bare) == bare else word(key)}" if word(key) else ""


def said(text: str, class_: str = "nbr-muted") -> str:
    """Give a sentence that a screen reader tells when it changes."""
    return f'<span class="{class_}" role="status">{html.escape(visible(text))}</span>' if text else ""


def as_text(error: RegistryError) -> str:
    """Give an error as the magics print it; it makes visible itself what it quotes."""
    return f"{type(error).__name__}: {error}"


def problem(error: RegistryError | None) -> str:
    """Give an error as one block that is told at once; nothing for none."""
    return f'<pre class="nbr-problem" role="alert">{html.escape(as_text(error))}</pre>' if error else ""


def displays(shown: Iterable[Shown]) -> str:
    """Give what verbs returned, one display below the other."""
    return "".join(one._repr_html_() for one in shown)


def box(*children: Any, class_: str) -> Any:
    """Put widgets in a box that the stylesheet knows."""
    return ipywidgets.Box(list(children)).add_class(class_)


def area(class_: str) -> Any:
    """Make a place for HTML."""
    return ipywidgets.HTML().add_class(class_)


def button(text: str, tooltip: str) -> Any:
    """Make a button; its text is its name, so it is no sign."""
    return ipywidgets.Button(description=text, tooltip=tooltip).add_class("nbr-button")


def line_to_copy(description: str, tooltip: str) -> Any:
    """Make a field that shows a line; a field, for there the keyboard can select and copy."""
    return ipywidgets.Text(description=description, tooltip=tooltip).add_class("nbr-line")


def show(widget: Any, shown: bool) -> None:  # noqa: FBT001 - the question is the argument
    """Show a widget, or take it out of sight and out of the way."""
    widget.layout.display = None if shown else "none"


def show_in_place(widget: Any, shown: bool) -> None:  # noqa: FBT001 - the question is the argument
    """Show a widget, or take it out of sight and keep its place: what stands below stays under the mouse."""
    widget.layout.visibility = None if shown else "hidden"


@cache
def style() -> str:
    """Give the panel's stylesheet, without comments and line breaks."""
    from importlib.resources import files

    text = files("nbregistry.widgets").joinpath("panel.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|\s+", " ", text, flags=re.DOTALL)
    return f"<style>{text.strip()}</style>"
