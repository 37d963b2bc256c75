"""What an import binds, and what it needs besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import files
from nbregistry.provenance.slicing.known.libraries import KNOWN
from nbregistry.provenance.slicing.walk import ENVIRON

if TYPE_CHECKING:
    import ast

    from nbregistry.provenance.slicing.things import Scope
    from nbregistry.provenance.slicing.walk import Walk


def run_import(walk: Walk, scope: Scope, node: ast.Import) -> None:
    """Run ``import a.b as c``."""
    for alias in node.names:
        root = alias.name.partition(".")[0]
        _needs(walk, alias.name)
        thing = frozenset((walk.member(alias.name if alias.asname else root),))
        name = alias.asname or root
        old = scope.find(name)
        walk.bind(scope, name, thing)
        if old is not None and old.things == thing and "." in alias.name:
            # Another module of the same package: what was imported of it before stays.
            home = scope.home_of(name)
            home.names[name] = home.names[name]._replace(nodes=home.names[name].nodes | old.nodes)


def run_import_from(walk: Walk, scope: Scope, node: ast.ImportFrom) -> None:
    """Run ``from a import b``."""
    module = "." * node.level + (node.module or "")
    _needs(walk, module)
    if module == "sklearn.experimental":
        walk.change((walk.member("sklearn"),))
    for alias in node.names:
        if alias.name == "*":
            walk.run_wild()
        else:
            walk.bind(scope, alias.asname or alias.name, frozenset((walk.member(f"{module}.{alias.name}"),)))


def _needs(walk: Walk, module: str) -> None:
    """Note what an import needs: settings made before it, and of an unknown module where it is looked for."""
    walk.read_hidden(ENVIRON)
    root = module.partition(".")[0]
    walk.imported[root] = min(walk.imported.get(root, walk.cell_at), walk.cell_at)
    walk.look(frozenset((walk.member(root),)))
    if root not in KNOWN:
        walk.look(frozenset((walk.member("sys"),)))
        files.read_module(walk, module)
