"""Which expression of the notebook is the model that is being registered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST = 200
_DEEPEST = 1_000
_VERB = "register"
_PLACE = 1
"""Of the model among the arguments of ``register(name, model)``."""


def target_of(model: Any, source: str, namespace: Mapping[str, Any]) -> str:
    """Find an expression that gives a model, in the cell that registers it or among the notebook's variables.

    Parameters
    ----------
    model : object
    source : str
        Of the cell.
    namespace : dict
        The notebook's variables.

    Returns
    -------
    str
        ``""`` where there is none.

    Examples
    --------
    >>> models = {"forest": object(), "line": object()}
    >>> target_of(models["line"], "registry.register('churn', models['line'])", {"models": models})
    "models['line']"
    >>> best = models["forest"]
    >>> target_of(best, "keep()", {"models": models, "best": best})
    'best'
    """
    told = next((text for text in _arguments(source) if _is(model, text, namespace)), "")
    return told or next(_names_of(model, namespace), "")


def is_place(text: str) -> bool:
    """Tell whether an expression only says where something is: to evaluate it makes nothing.

    Examples
    --------
    >>> is_place("search.best_estimator_"), is_place("models['a'][0]"), is_place("make()"), is_place("models[i]")
    (True, True, False, False)
    """
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant | ast.UnaryOp):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def _arguments(source: str) -> Iterator[str]:
    """Give what stands as the model in each call of ``register``, the last first."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a magic among the lines
        return
    for node in reversed(list(ast.walk(tree))):
        if not isinstance(node, ast.Call) or _name_of(node.func) != _VERB:
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "model"]
        given += node.args[_PLACE : _PLACE + 1]
        yield from (ast.unparse(argument) for argument in given)


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is(model: Any, text: str, namespace: Mapping[str, Any]) -> bool:
    """Tell whether an expression of names, attributes and plain keys is that model; no call is made for it."""
    try:
        return _follow(ast.parse(text, mode="eval").body, namespace) is model
    except Exception:  # noqa: BLE001 - a property or an index of the user's may do anything
        return False


def _follow(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return namespace[node.id]
    if isinstance(node, ast.Attribute):
        return getattr(_follow(node.value, namespace), node.attr)
    if isinstance(node, ast.Subscript):
        return _follow(node.value, namespace)[ast.literal_eval(node.slice)]
    raise ValueError(ast.dump(node))


def _names_of(model: Any, namespace: Mapping[str, Any]) -> Iterator[str]:
    """Give the variables that hold it, then places in lists and dicts of variables."""
    plain = {name: value for name, value in namespace.items() if name.isidentifier() and not name.startswith("_")}
    yield from (name for name, value in plain.items() if value is model)
    for name, value in plain.items():
        if name in ("In", "Out") or len(value := value if type(value) in (dict, list, tuple) else ()) > _DEEPEST:
            continue
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            written = repr(key)
            if item is model and type(key) in (str, int) and len(written) <= _LONGEST:
                yield f"{name}[{written}]"
