"""What an estimator says of itself: its parameters, its algorithm, whether and how long it was fitted."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbregistry.model import LARGEST_INTEGER_BITS
from nbregistry.provenance.wording import short_text

if TYPE_CHECKING:
    from nbregistry.model import Scalar

NO_DEFAULT = object()


def read_params(model: Any) -> tuple[dict[str, Scalar], dict[str, Scalar]]:
    """Read the parameters of an estimator, those set by hand apart from the defaults.

    Parameters
    ----------
    model : object
        Parameters are read by ``get_params``; a model without it has none.

    Returns
    -------
    tuple of two dicts
        Set by hand (different from the default in the signature of the class that owns the parameter), and
        defaults. Names are flat (``clf__C``); nested estimators themselves are left out, as their own parameters
        are there. What a search found is among the first, as ``best__<name>``. Values that are no JSON scalars are
        short text that is the same in every process.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> by_hand, defaults = read_params(LogisticRegression(C=0.5))
    >>> by_hand, defaults["max_iter"]
    ({'C': 0.5}, 100)
    """
    params = _get_params(model)
    by_hand: dict[str, Scalar] = {}
    defaults: dict[str, Scalar] = {}
    for name in sorted(params):
        value = params[name]
        if _is_estimator(value) or _holds_only_estimators(value):
            continue
        prefix, _, own_name = name.rpartition("__")
        owner = params.get(prefix) if prefix else model
        kind: Any = type(owner)
        default = _defaults(kind).get(own_name, NO_DEFAULT)
        (defaults if _is_same(value, default) else by_hand)[name] = _scalar(value)
    best = getattr(model, "best_params_", None)
    if isinstance(best, Mapping):
        by_hand |= {f"best__{name}": _scalar(best[name]) for name in sorted(best)}
    return by_hand, defaults


def algorithm_of(model: Any) -> str:
    """Name what does the learning: the last step of a pipeline, and what a search or wrapper is built on.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.pipeline import make_pipeline
    >>> algorithm_of(make_pipeline("passthrough", LogisticRegression()))
    'LogisticRegression'
    >>> algorithm_of(GridSearchCV(LogisticRegression(), {}))
    'GridSearchCV(LogisticRegression)'
    >>> from sklearn.ensemble import RandomForestClassifier
    >>> algorithm_of(RandomForestClassifier())
    'RandomForestClassifier'
    """
    last = _last_step(model)
    if last is not model:
        return algorithm_of(last)
    inner = _inner(model)
    return type(model).__name__ if inner is None else f"{type(model).__name__}({algorithm_of(inner)})"


def training_seconds(model: Any) -> float | None:
    """Give how long the fit took, in seconds, where the model knows it (searches know their last one)."""
    seconds = getattr(_last_step(model), "refit_time_", None)
    return float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < math.inf else None


def is_fitted(model: Any) -> bool | None:
    """Tell whether a scikit-learn estimator is fitted; ``None`` for anything else."""
    if isinstance(model, type) or not hasattr(model, "__sklearn_tags__") or not hasattr(model, "fit"):
        return None
    import warnings

    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check_is_fitted(model)
    except NotFittedError:
        return False
    except (AttributeError, TypeError):  # an estimator with unusual tags
        return None
    return True


def _get_params(model: Any) -> dict[str, Any]:
    read = getattr(model, "get_params", None)
    if read is None or isinstance(model, type):
        return {}
    try:
        params = read(deep=True)
    except Exception:  # noqa: BLE001 - a third party's get_params must not stand in the way of a registration
        return {}
    return params if isinstance(params, dict) else {}


def _is_estimator(value: Any) -> bool:
    return hasattr(value, "get_params") and not isinstance(value, type)


def _holds_only_estimators(value: Any) -> bool:
    """Tell whether this is a list of named steps, each of which is there under its own name."""
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(step, tuple) and len(step) == 2 for step in value)
        and all(isinstance(name, str) and (_is_estimator(step) or step in _NO_STEP) for name, step in value)
    )


_NO_STEP = ("passthrough", "drop", None)


@functools.lru_cache(maxsize=512)
def _defaults(owner: Any) -> Mapping[str, Any]:
    """Give the defaults in a class's signature, found in the same way as scikit-learn does."""
    import inspect

    init = getattr(owner.__init__, "deprecated_original", owner.__init__)
    try:
        parameters = inspect.signature(init).parameters
    except (TypeError, ValueError):
        return {}
    return {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}


def _is_same(value: Any, default: Any) -> bool:
    if value is default:
        return True
    if default is NO_DEFAULT or isinstance(value, bool) != isinstance(default, bool):
        return False
    try:
        return bool(value == default) or (math.isnan(value) and math.isnan(default))
    except Exception:  # noqa: BLE001 - arrays give no single answer, and other things none: they are no default
        return False


def _scalar(value: Any) -> Scalar:
    if type(value) is int and value.bit_length() > LARGEST_INTEGER_BITS:
        return f"an integer of {value.bit_length()} bits"
    if value is None or type(value) in (bool, int, float):
        return value  # type: ignore[no-any-return]
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        item = value.item()
        return item if isinstance(item, bool | int | float) else short_text(item)
    return short_text(value)


def _last_step(model: Any) -> Any:
    """Follow pipelines to the step that learns, past steps that were switched off."""
    steps = getattr(model, "steps", None)
    if not isinstance(steps, list) or not steps:
        return model
    for step in reversed(steps):
        if isinstance(step, tuple) and len(step) > 1 and step[1] not in _NO_STEP:
            return _last_step(step[1])
    return model


def _inner(model: Any) -> Any:
    """Give the estimator that a search or wrapper was given to train, the fitted one first.

    A forest has an ``estimator`` too, but of its own making: it is no parameter of it.
    """
    params = _get_params(model)
    for name in ("best_estimator_", "estimator", "regressor", "classifier"):
        found = getattr(model, name, None)
        if found is not None and _is_estimator(found) and (name in params or name.endswith("_")):
            return found
    return None
