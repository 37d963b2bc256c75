"""The data sets of a lineage as nodes: which rows, and below each who was trained on it and who was judged by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Node, Span, Tree, joined, line
from nbregistry.display.quantities import plural, short_digest
from nbregistry.display.views.left_out import runs_of
from nbregistry.display.views.parts import files_words

if TYPE_CHECKING:
    from nbregistry.lineage import DataNode, Lineage

_DRAWN = 8
_FOLDED = 40
_NAMES = 3
_ROLES = {"train": "trained on it: ", "evaluation": "evaluated on it: "}
# What may become part of a command; a stranger may have written any text as a fingerprint.
_DIGEST = re.compile(r"data:sha256:[0-9a-f]{12,64}")
_DIGITS = 12


def data_tree(lineage: Lineage) -> Tree:
    """Draw each data set once; those of this version first."""
    own = dict.fromkeys(lineage.datasets.get(lineage.ref, ()))
    ordered = [lineage.data[node_id] for node_id in (*own, *(other for other in lineage.data if other not in own))]
    roots = [_node(node, lineage.ref) for node in ordered[:_DRAWN]]
    hidden = ordered[_DRAWN:]
    if hidden:
        folded = [_node(node, lineage.ref) for node in hidden[:_FOLDED]]
        if len(hidden) > _FOLDED:
            folded.append(Node(line(Span(f"and {len(hidden) - _FOLDED:,} more in .data", "muted"))))
        told = f"… and {plural(len(hidden), 'more data set')}, in .data"
        roots.append(Node(line(Span(told, "muted")), tuple(folded), folded=True))
    return Tree("Data sets, who used them below", tuple(roots))


def data_words(node: DataNode) -> Line:
    """Name a data set: what it was called, its shape, the id by which it is asked for, its file."""
    names = joined(" or ", [(Span(name, "user"),) for name in node.names[:_NAMES]])
    kind = line(", ", Span(node.kind, "user")) if node.kind else ()
    shape = line(f"{plural(node.rows, 'row')} × {plural(node.columns, 'column')}", kind)
    told = line(joined(" · ", [names, shape]), " ", Span(short_id(node.id), "code", node.id))
    return line(told, files_words(node.files, " · from "))


def short_id(node_id: str) -> str:
    """Shorten the id of a data set for the eye; what is left of it can be asked for."""
    scheme, colon, digest = node_id.partition(":")
    return f"{scheme}{colon}{short_digest(digest, _DIGITS)}"


def askable(node_id: str) -> str:
    """Give an id as it can be typed; ``""`` for one that is no digest.

    Examples
    --------
    >>> askable("data:sha256:" + "ab" * 32), askable("data:<b>")
    ('data:sha256:abababababab', '')
    """
    return node_id[: len("data:sha256:") + _DIGITS] if _DIGEST.fullmatch(node_id) else ""


def _node(node: DataNode, ref: str) -> Node:
    below = tuple(
        Node(
            line(Span(_ROLES[role], "muted") if role in _ROLES else line(Span(role, "user"), ": "), runs_of(refs, ref))
        )
        for role, refs in node.users.items()
    )
    return Node(data_words(node), below, marked=node.id == ref)
