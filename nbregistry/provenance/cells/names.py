"""The names that a cell gives a value."""

from __future__ import annotations

import ast
from functools import lru_cache

_BEGINS = frozenset({"xgb_model", "init_model", "coef_init", "intercept_init"})
"""What xgboost, LightGBM and scikit-learn's linear models call the state that they begin from."""


@lru_cache(maxsize=4096)
def names_bound_by(source: str) -> frozenset[str]:
    r"""Give the notebook's names that a cell binds, changes in place not counted.

    Parameters
    ----------
    source : str
        With its magics.

    Examples
    --------
    >>> sorted(names_bound_by("import numpy as np\nx, y = 1, 2\nfor i in x: z = i\ndef f():\n    inner = 1"))
    ['f', 'i', 'np', 'x', 'y', 'z']
    """
    from nbregistry.provenance.slicing import analyse

    tree = analyse(source).tree
    return frozenset() if tree is None else frozenset(_bound(tree.body))


@lru_cache(maxsize=4096)
def names_in(source: str) -> frozenset[str]:
    """Give all names that some code mentions.

    Examples
    --------
    >>> sorted(names_in("x = [f(y) for y in data]"))
    ['data', 'f', 'x', 'y']
    """
    from nbregistry.provenance.slicing import analyse

    tree = analyse(source).tree
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) if tree else frozenset()


@lru_cache(maxsize=4096)
def names_trained_further(source: str) -> frozenset[str]:
    """Give the names in what some code hands over as the state that training begins from.

    Examples
    --------
    >>> sorted(names_trained_further("new.fit(X, y, xgb_model=old.get_booster(), verbose=quiet)"))
    ['old']
    """
    from nbregistry.provenance.slicing import analyse

    tree = analyse(source).tree
    begun = (
        [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in _BEGINS] if tree else []
    )
    return frozenset(node.id for value in begun for node in ast.walk(value) if isinstance(node, ast.Name))


def _bound(body: list[ast.stmt]) -> set[str]:
    bound: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
            continue  # what it binds is its own
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        waiting.extend(ast.iter_child_nodes(node))
    return bound
