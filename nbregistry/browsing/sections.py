"""What a version's page, and a comparison's, are made of: displays that the verbs have, under a title each.

A panel draws whatever stands in these two tuples; a display that comes later needs a line here and nothing elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.errors import Refused
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.provenance.slicing.result import Slice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.listings import Evaluations
    from nbregistry.model import Evaluation
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown

Refs = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One part of a page.

    Attributes
    ----------
    id, title : str
    show : callable
        ``show(registry, refs)`` gives what the verb of the same name returns.
    """

    id: str
    title: str
    show: Callable[[Registry, Refs], Sequence[Shown]]


def _records(registry: Registry, refs: Refs) -> list[Shown]:
    return [registry.get(ref) for ref in refs]


def _evaluations(registry: Registry, refs: Refs) -> list[Shown]:
    shown: list[Shown] = []
    for ref in refs:
        evaluations = registry.evaluations(ref)
        shown += [evaluations, _telling(evaluations)] if evaluations else [evaluations]
    return shown


def _telling(evaluations: Evaluations) -> Evaluation:
    """Choose the evaluation that tells how well a version predicts: the newest that is not of the rows it learned."""
    return next((found for found in reversed(evaluations) if not found.on_training_rows), evaluations[-1])


def _lineages(registry: Registry, refs: Refs) -> list[Shown]:
    return [registry.lineage(ref) for ref in refs]


def _journals(registry: Registry, refs: Refs) -> list[Shown]:
    versions = map(registry.get, refs)
    return [registry.log(version.name).about(version.ref) for version in versions]


def _cards(registry: Registry, refs: Refs) -> list[Shown]:
    return [registry.card(ref) for ref in refs]


def _codes(registry: Registry, refs: Refs) -> list[Shown]:
    return [_code_of(registry, ref) for ref in refs]


def _code_of(registry: Registry, ref: str) -> RecordedCode:
    """Give the code that made a version; where none was recorded, that is what the section has to say."""
    version = registry.get(ref)
    return registry.code(version) if version.recorded_code else RecordedCode(version.ref, Slice((), ()))


def _comparison(registry: Registry, refs: Refs) -> list[Shown]:
    return [registry.compare(*refs)]


def _plots(registry: Registry, refs: Refs) -> list[Shown]:
    from nbregistry.evaluation.comparison import Plots

    return [Plots(registry.compare(*refs, plots="all"))]


def _slices(registry: Registry, refs: Refs) -> list[Shown]:
    from nbregistry.evaluation.comparison import WeakSlices

    try:
        return [WeakSlices(refs, registry.compare(*refs, slices=True))]
    except Refused as refused:  # what there is to do about it is what the section has to say
        return [WeakSlices(refs, refused=refused)]


OF_A_VERSION = (
    Section("record", "Record", _records),
    Section("evaluations", "Evaluations", _evaluations),
    Section("lineage", "Lineage", _lineages),
    Section("code", "Code", _codes),
    Section("journal", "Journal", _journals),
    Section("card", "Card", _cards),
)
OF_A_COMPARISON = (
    Section("compare", "Compare", _comparison),
    Section("plots", "Plots", _plots),
    Section("slices", "Slices", _slices),
)
"""For two versions or more."""

SECTIONS = {section.id: section for section in (*OF_A_COMPARISON, *OF_A_VERSION)}
