"""Who depends on this: what is in use first, by its alias, then how many in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Span, joined, line
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import ref_of, stray_alias

if TYPE_CHECKING:
    from nbregistry.lineage import Lineage

_NAMED = 4
# What an alias does with this version (one of them, several of them); the first that holds is said.
_USES, _TRAINED, _LEARNED, _DEPENDS = (
    ("uses it", "use it"),
    ("was trained from it", "were trained from it"),
    ("was made with it", "were made with it"),
    ("depends on it", "depend on it"),
)


def impact_words(lineage: Lineage) -> Line:
    """Say in a sentence or two who depends on this version, or on this data set."""
    if not lineage.impact:
        return line("No version depends on it.")
    live = [(ref, alias) for ref in lineage.impact for alias in lineage.aliases.get(ref, ())]
    count = plural(len(lineage.impact), "version")
    verb = "depends" if len(lineage.impact) == 1 else "depend"
    if not live:
        return line(f"{count} {verb} on it; no alias is on {'it' if len(lineage.impact) == 1 else 'any of them'}.")
    children, users = set(lineage.children), set(lineage.dependents)
    groups: dict[tuple[str, str], list[Line]] = {}
    for ref, alias in live:
        if ref in users:
            relation = _LEARNED if lineage.ref in lineage.data else _USES
        else:
            relation = _TRAINED if ref in children else _DEPENDS
        groups.setdefault(relation, []).append(_alias(lineage, ref, alias))
    told = [
        line(joined(", ", names[:_NAMED]), _others(len(names)), f" {relation[len(names) > 1]}")
        for relation in (_USES, _LEARNED, _TRAINED, _DEPENDS)
        if (names := groups.get(relation))
    ]
    return line(joined("; ", told), f". {count} {verb} on it in all.")


def _others(count: int) -> str:
    return f" and {count - _NAMED:,} more aliases" if count > _NAMED else ""


def _alias(lineage: Lineage, ref: str, alias: str) -> Line:
    name = ref.rpartition("@")[0]
    return line(
        ref_of(f"{name}@{alias}"),
        stray_alias(alias, lineage.stray_aliases.get(ref, ())),
        Span(f" ({ref})", "muted"),
    )
