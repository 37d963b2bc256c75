"""What a model is made of: the objects in it that take part when it predicts.

An estimator that holds others shows by its fitted attributes (``estimators_``) what it uses: there, what it was given
(``estimators``) is but the pattern that was cloned. Where it has none, as a pipeline, it uses what it was given.
Attributes are read as they lie in the object: nothing of it is called.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEPTH = 8
_OBJECTS = 2_000
_ITEMS = 200
_METHODS = ("fit", "predict", "predict_proba", "transform")
_NO_PARTS = (str, bytes, int, float, complex, type, ModuleType, FunctionType, type(None))


def parts_in_use(model: Any) -> Iterator[Any]:
    """Give the model, then the objects in it, nearest first; ends after some thousand.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.pipeline import make_pipeline
    >>> ridge = Ridge()
    >>> any(part is ridge for part in parts_in_use(make_pipeline(ridge)))
    True
    """
    waiting: deque[tuple[Any, int]] = deque([(model, 0)])
    seen: set[int] = set()
    while waiting and len(seen) < _OBJECTS:
        part, depth = waiting.popleft()
        if isinstance(part, _NO_PARTS) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if depth < _DEPTH:
            waiting.extend((inner, depth + 1) for inner in islice(_inside(part), _ITEMS))


def _inside(part: Any) -> Iterable[Any]:
    items = _items(part)
    if items is not None:
        return items
    attributes = getattr(part, "__dict__", None)
    if not isinstance(attributes, dict) or hasattr(type(part), "__array__"):
        return ()
    if not hasattr(type(part), "fit"):
        return list(attributes.values())
    given = [value for name, value in attributes.items() if not _is_fitted(name)]
    fitted = [value for name, value in attributes.items() if _is_fitted(name)]
    # An ensemble keeps the pattern a second time, as ``estimator_``.
    used = [value for value in fitted if _holds_estimators(value) and not any(value is pattern for pattern in given)]
    return used or [*given, *fitted]


def _is_fitted(name: str) -> bool:
    return name.endswith("_") and not name.startswith("_")


def _holds_estimators(value: Any, depth: int = 3) -> bool:
    items = _items(value)
    if items is not None:
        return depth > 0 and any(_holds_estimators(item, depth - 1) for item in islice(items, _ITEMS))
    return any(hasattr(type(value), method) for method in _METHODS)


def _items(value: Any) -> Iterable[Any] | None:
    """Give what a container holds; ``None`` for what is none."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, (list, tuple)):
        return value
    if type(value).__name__ == "ndarray" and value.dtype.hasobject:  # boosting keeps its trees in one
        return list(islice(value.flat, _ITEMS))
    return None
