"""The panel: a model's versions, what is known of the chosen ones, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets
from traitlets import Int

from nbregistry.browsing.sections import OF_A_COMPARISON, SECTIONS
from nbregistry.display import to_html, to_text
from nbregistry.display.blocks import Line, Span, joined, line
from nbregistry.display.views.parts import ref_of, refs_of
from nbregistry.display.visible import short_ref
from nbregistry.errors import NotFound, Refused, RegistryError, StorageError
from nbregistry.spelling import nearest
from nbregistry.widgets.changing import Changes
from nbregistry.widgets.details import Details
from nbregistry.widgets.listing import VersionList
from nbregistry.widgets.parts import area, as_text, box, button, problem, said, show, style, words
from nbregistry.widgets.watching import Watch
from nbregistry.widgets.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown

_NAMED = 8
_CAPTION = "A panel, as it was when the cell ran. Run the cell to use it."


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # it has no types
    """A registry to click through, in a notebook; also driven from Python.

    It shows what the magics show and does what they do. What reads from disk is done beside the kernel. Whoever drives
    the panel from Python sees at once what it lists and offers; what is known of the chosen versions may take longer:
    :meth:`wait` waits for it. Errors of the registry are shown in the panel; methods that return something raise them
    too.

    Parameters
    ----------
    registry : Registry
    name : str, optional
        The model to begin with; default: the one that was registered last.

    Raises
    ------
    NotFound
        If there is no such model.

    Notes
    -----
    The picture that a saved notebook keeps is shown where no widget can be: by GitHub, by nbconvert, by JupyterLab in a
    notebook that it does not trust. JupyterLab never shows it in a notebook that it trusts, not even when the kernel is
    gone. A notebook that was executed by machine keeps the state of its widgets as well, which exports draw with
    scripts from the network; ``--ExecutePreprocessor.store_widget_state=False`` leaves that out, and the picture in.

    Examples
    --------
    >>> import tempfile
    >>> import nbregistry
    >>> registry = nbregistry.open(tempfile.mkdtemp())
    >>> for depth in (2, 3, 4):
    ...     version = registry.register("churn", {"depth": depth}, metrics={"roc_auc": 1 - 1 / depth})
    >>> panel = registry.panel("churn")
    >>> panel.search = "metrics.roc_auc > 0.6"
    >>> panel.listed
    ['churn@3', 'churn@2']
    >>> panel.chosen = ["churn@2", "churn@3"]
    >>> panel.tab, panel.line
    ('compare', '%compare churn@2 churn@3')
    >>> panel.change("promote", "churn@3", reason="better").applied
    False
    >>> panel.confirm().applied
    True
    >>> registry.get("churn@champion").ref
    'churn@3'
    """

    _view_count = Int(None, allow_none=True).tag(sync=True)
    _watch: Watch | None = None

    def __init__(self, registry: Registry, name: str | None = None) -> None:
        self._registry = registry
        if name is not None:
            registry.versions(name, limit=1)  # tells that there is none, and which may have been meant
        self._chosen: list[str] = []
        self._work = Work()
        # What is listed and offered has its own: a long comparison must not hold it up.
        self._reads = Work(can_be_stopped=False)
        self._list = VersionList(registry, self._reads, chose=self._choose, moved=self._moved)
        self._details = Details(registry, self._work)
        self._changes = Changes(registry, self._work, self._reads, changed=self._refresh, failed=self._list.fail)
        self._watch = Watch(registry, self._refresh, self._list.fail, self._is_behind)
        self._names = area("nbr-names")
        self._clear = button("Clear", "Choose none of them any more")
        self._clear.on_click(lambda _: self._set_chosen(()))
        self._selection = box(self._names, self._clear, self._work.widget, class_="nbr-selection")
        super().__init__(
            [
                ipywidgets.HTML(style()).add_class("nbr-style"),
                self._list.widget,
                self._selection,
                self._changes.late.widget,
                self._changes.widget,
                self._details.widget,
            ],
            _view_count=0,  # front ends count the views of whoever begins at 0
        )
        self.add_class("nbr-panel").add_class("mathjax_ignore").add_class("tex2jax_ignore")
        self._list.look_at(name or "")
        self._reads.wait()
        self._draw_selection()
        self.observe(self._seen, "_view_count")

    # -- what is looked at -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The model; ``""`` while there is none. Set it to look at another one."""
        return self._list.name

    @name.setter
    def name(self, name: str) -> None:
        self._registry.versions(name, limit=1)
        if name != self.name:
            self._list.look_at(name)
            self._reads.wait()

    @property
    def search(self) -> str:
        """Words or a filter. One that cannot be read leaves the versions as they are; :attr:`error` says why."""
        return str(self._list.search.value)

    @search.setter
    def search(self, asked: str) -> None:
        self._list.search.value = asked
        self._list.read_what_was_typed()
        self._reads.wait()

    @property
    def sort(self) -> str:
        """What the versions are sorted by, as ``--sort`` has it."""
        return str(self._list.sort.value)

    @sort.setter
    def sort(self, key: str) -> None:
        keys = [field for _, field in self._list.sort.options]
        if key not in keys:
            raise NotFound(f"{key!a} is not offered to sort by", nearest=nearest(str(key), keys) or keys[:6])
        self._list.sort.value = key
        self._reads.wait()

    @property
    def offset(self) -> int:
        """How many versions come before the page; set it to turn pages."""
        return self._list.page.offset if self._list.page else 0

    @offset.setter
    def offset(self, offset: int) -> None:
        self._list.turn_to(offset)
        self._reads.wait()

    @property
    def listed(self) -> list[str]:
        """The versions of the page, as references."""
        page = self._list.page
        return [version.ref for version in page.rows] if page else []

    @property
    def total(self) -> int:
        """How many versions match the search."""
        return self._list.page.total if self._list.page else 0

    @property
    def error(self) -> str:
        """What the panel says is wrong, ``""`` for nothing."""
        found = next(filter(None, self._errors()), None)
        return as_text(found) if found else ""

    @property
    def line(self) -> str:
        """The line that does in a notebook what is on view: the open change, the tab, or else the list."""
        if self._changes.form is not None:
            return str(self._changes.line.value)
        return str(self._details.line.value if self._chosen else self._list.line.value)

    # -- what is chosen --------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[str]:
        """The chosen versions, as references such as ``churn@3``; any reference can be set."""
        return list(self._chosen)

    @chosen.setter
    def chosen(self, refs: Iterable[str | ModelVersion]) -> None:
        self._set_chosen([self._registry.get(ref).ref for ref in ([refs] if isinstance(refs, str) else refs)])
        self._reads.wait()

    @property
    def tab(self) -> str:
        """The section that is looked at, e.g. ``"compare"``; :meth:`show` changes it."""
        return self._details.tab

    def show(self, section: str) -> Sequence[Shown]:
        """Look at a section of the chosen versions, and give what it shows.

        Parameters
        ----------
        section : str
            ``"compare"``, ``"plots"``, ``"slices"``, ``"record"``, ``"evaluations"``, ``"lineage"``, ``"code"``,
            ``"journal"``, ``"card"``.

        Raises
        ------
        NotFound
            If there is no such section.
        Refused
            If nothing is chosen, or a single version to compare.
        RegistryError
            What the verb of the same name raises.
        """
        if section not in SECTIONS:
            raise NotFound(f"there is no section {section!a}", nearest=list(SECTIONS))
        least = 2 if section in {one.id for one in OF_A_COMPARISON} else 1
        if len(self._chosen) < least:
            chosen = ["churn@1", "churn@2"][:least]
            raise Refused(f"{section} needs {least} chosen versions or more", hint=f"panel.chosen = {chosen}")
        self._details.tab = section
        self.wait()
        if self._details.error:
            raise self._details.error
        return self._details.shown

    # -- what is done ----------------------------------------------------------------------------------------

    def change(self, verb: str, ref: str | ModelVersion, *, reason: str = "", **values: str) -> Shown:
        """Open the form of a change, fill it in, and give its dry run; :meth:`confirm` makes the change.

        Parameters
        ----------
        verb : str
            ``"promote"``, ``"rollback"``, ``"tag"``, ``"describe"``, ``"approve"``, ``"archive"``, ``"restore"``.
        ref : str or ModelVersion
        reason : str
            For the journal.
        **values : str
            The other fields: ``alias``, ``to``, ``tags``, ``text``, ``status``.

        Returns
        -------
        Shown
            What the verb's dry run gives.

        Raises
        ------
        NotFound, Refused
            If there is no such change or field, or it cannot be made to this version.
        RegistryError
            What the dry run raises.
        """
        target = self._registry.get(ref).ref
        if target not in self._chosen:
            self._set_chosen([target])
        offers = self._changes.offers
        if offers.target.value != target:
            offers.target.value = target
        offers.refresh()
        self._reads.wait()
        self._changes.open(verb)
        self._changes.fill(values, reason)
        self._changes.try_out()
        return self._answer()

    def confirm(self) -> Shown:
        """Make the change whose dry run is shown, and give what it did.

        Raises
        ------
        Refused
            If there is no dry run to confirm, a check of it failed, or a reason is needed.
        RegistryError
            What the verb raises.
        """
        self.wait()
        self._changes.refuse_unready()
        self._changes.make()
        return self._answer()

    def wait(self) -> Panel:
        """Wait until what is done beside the kernel has ended and is shown; give the panel itself."""
        self._list.read_what_was_typed()
        while self._reads.is_busy or self._work.is_busy:  # the end of one may begin the other
            self._reads.wait()
            self._work.wait()
        return self

    def refresh(self) -> None:
        """Read everything again, where we are. A panel that is on view does so whenever anything was committed."""
        self._refresh()
        self._reads.wait()

    def close(self) -> None:
        """Take the panel away."""
        if self._watch is not None:
            self._watch.stop()
        super().close()

    # -- how it shows ----------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return self._picture()[0]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Give the live view, and a picture of it for where no kernel runs."""
        text, html = self._picture()
        return {**super()._repr_mimebundle_(), "text/plain": text, "text/html": html}

    def _picture(self) -> tuple[str, str]:
        try:
            shown = self._pictured()
            text, html = to_text(shown), to_html(shown)
        except RegistryError as error:
            text, html = as_text(error), problem(error)
        told = f"<p>{_CAPTION}{self._told_chosen(html=True)}</p>"
        return f"{text}\n\n{_CAPTION}{self._told_chosen()}", f"<div>{html}{told}</div>"

    def _pictured(self) -> Shown:
        found, page = self._list.found, self._list.page
        if found is None or page is None:
            return self._registry.models()
        return self._registry.versions(
            found.asked.name,
            where=page.where or None,
            order_by=found.asked.order,
            limit=len(self._list.rows),
            offset=page.offset,
        )

    def _told_chosen(self, *, html: bool = False) -> str:
        if not self._chosen:
            return ""
        told = line(" Chosen: ", refs_of(self._chosen), ".")
        return words(told) if html else "".join(span.text for span in told)

    # -- how its parts work together -------------------------------------------------------------------------

    def _answer(self) -> Shown:
        self.wait()
        if self._changes.error:
            raise self._changes.error
        assert self._changes.shown is not None  # noqa: S101 - one or the other
        return self._changes.shown

    def _refresh(self) -> None:
        self._list.refresh()
        self._changes.offers.refresh()
        self._details.refresh()

    def _errors(self) -> tuple[RegistryError | None, ...]:
        changes = self._changes
        of_the_chosen = self._details.error if self._chosen else None
        return self._list.error, changes.error, changes.late.error, of_the_chosen

    def _is_behind(self) -> bool:
        """Tell whether something could not be read that may be readable again; whatever else is wrong stays so."""
        read = (self._changes.offers.error, self._details.error if self._chosen else None)
        return self._list.is_behind or any(isinstance(error, StorageError) for error in read)

    def _choose(self, ref: str, is_chosen: bool) -> None:  # noqa: FBT001 - as a row tells it
        self._set_chosen([*(other for other in self._chosen if other != ref), *([ref] if is_chosen else [])])

    def _moved(self) -> None:
        self._set_chosen(())

    def _set_chosen(self, refs: Iterable[str]) -> None:
        self._chosen = list(dict.fromkeys(refs))
        self._list.choose(self._chosen)
        self._changes.offers.choose(self._chosen)
        self._details.choose(self._chosen)
        self._draw_selection()

    def _draw_selection(self) -> None:
        if self._chosen:
            names = [_name(ref) for ref in self._chosen[:_NAMED]]
            more = len(self._chosen) - len(names)
            self._names.value = words(line("Chosen: ", joined(", ", names), f" and {more} more" if more else ""))
        else:
            self._names.value = said("Choose a version to see what is known of it; two or more to compare them.")
        show(self._selection, self._list.page is not None)
        show(self._clear, bool(self._chosen))

    def _seen(self, change: dict[str, Any]) -> None:
        if self._watch is not None:
            (self._watch.start if change["new"] else self._watch.stop)()


def _name(ref: str) -> Line:
    """Name a version; a reference that was shortened leads nowhere, so it is not shown as one."""
    shown = short_ref(ref)
    return (ref_of(ref) if shown == ref else Span(shown, "strong", ref),)
