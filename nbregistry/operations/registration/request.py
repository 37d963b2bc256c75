"""What a caller asks to be registered, checked before any work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused, WrongType
from nbregistry.flavors import choose
from nbregistry.model import ModelVersion
from nbregistry.operations import kinds
from nbregistry.operations.kinds import labelled, seconds
from nbregistry.operations.redacting import text_without_secrets
from nbregistry.operations.values import check_key, check_text, metrics_of, params_of, tags_of
from nbregistry.reference import check_alias, check_model_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.operations.resolving import Ref

Labelled = tuple[Any, Any]
"""X and y of a data set."""


@dataclass(frozen=True)
class Request:
    """What a caller asks to be registered, checked for form before any work is done.

    Attributes
    ----------
    name, model
    on, train : tuple or None
        ``(X, y)``.
    weights : object
        How much each row of ``on`` counts.
    on_name, train_name : str
        What the caller calls them.
    keep : tuple of str
        Columns of the evaluation's X to keep with it.
    data : dict
        Other data sets by name.
    params, metrics, tags : dict
    parents, depends_on : tuple of str or ModelVersion
        References as they were given.
    find_lineage : bool
        Whether to add parents that nobody named.
    alias : str or None
    description : str
    format : str or None
        To store it in; its flavor chooses if left out.
    input_example : object
        Rows to read the signature from and to keep as an example, in place of the data sets; ``False`` keeps none.
    training_seconds : float or None
    model_text : str
        The expression that the model was given by; ``""`` where there was none.
    warnings : tuple of str
    """

    name: str
    model: Any
    on: Labelled | None = None
    train: Labelled | None = None
    weights: Any = None
    on_name: str = ""
    train_name: str = ""
    keep: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)
    parents: Sequence[Ref] = ()
    depends_on: Sequence[Ref] = ()
    find_lineage: bool = True
    alias: str | None = None
    description: str = ""
    input_example: Any = None
    format: str | None = None
    training_seconds: float | None = None
    model_text: str = ""
    warnings: tuple[str, ...] = ()

    @classmethod
    def checked(cls, name: str, model: Any, **given: Any) -> Request:
        """Check names and values.

        Raises
        ------
        InvalidName, Refused
        """
        _refuse_no_model(model)
        metrics, warnings = metrics_of(given.pop("metrics"))
        if given["alias"] is not None:
            check_alias(given["alias"])
        if given["weights"] is not None and given["on"] is None:
            raise Refused("weights are of the rows to evaluate on, and there are none", hint="--on X y --weights w")
        if kinds.text("format", given["format"]) is not None:
            choose(model, given["format"])
        return cls(
            check_model_name(name),
            model,
            params=params_of(given.pop("params")),
            metrics=metrics,
            tags=tags_of(given.pop("tags")),
            parents=_refs(given.pop("parents"), "parents"),
            depends_on=_refs(given.pop("depends_on"), "depends_on"),
            description=check_text("a description", given.pop("description")),
            on=labelled("on", given["on"]),
            data=_data(given.pop("data")),
            keep=_kept(given.pop("keep"), given.pop("on")),
            train=labelled("train", given.pop("train")),
            training_seconds=seconds("training_seconds", given.pop("training_seconds")),
            on_name=_data_name("on_name", given.pop("on_name")),
            train_name=_data_name("train_name", given.pop("train_name")),
            warnings=tuple(warnings),
            **given,
        )


def _data_name(option: str, name: object) -> str:
    """Give the expression of a data set, which may be a call that takes a secret."""
    return text_without_secrets("the name of a data set", check_text(option, name))[0]


def _kept(columns: str | Sequence[str] | None, on: Labelled | None) -> tuple[str, ...]:
    names = kinds.texts("keep", columns) or ()
    if names and on is None:
        raise Refused("keeping columns needs the rows they are of", hint="%register NAME MODEL --on X y --keep COLUMN")
    return tuple(names)


def _data(given: Mapping[str, Any] | None) -> dict[str, Any]:
    data = kinds.mapping("data", given, "prices=frame")
    return {_data_name("the name of a data set", check_key("data set", name)): X for name, X in data.items()}


def _refuse_no_model(model: Any) -> None:
    if model is None:
        raise Refused("the model is None", hint="register what fit() returned, or the estimator it was called on")
    if isinstance(model, str) and not os.path.exists(model):  # noqa: PTH110 - a Path chokes on long text
        raise Refused(f"there is no file or folder {model!a}", hint="a text as a model is the path of a file or folder")
    if isinstance(model, type):
        raise Refused(
            f"{model.__name__} is a class, not a model", hint=f"register a fitted {model.__name__}(…), not the class"
        )


def _refs(given: Ref | Sequence[Ref], option: str) -> tuple[Ref, ...]:
    refs = (given,) if isinstance(given, (str, ModelVersion)) or not isinstance(given, Iterable) else tuple(given)
    if not all(isinstance(ref, (str, ModelVersion)) for ref in refs):
        raise WrongType(f"{option} takes references such as 'churn@3', not {given!a:.60}", hint=f"{option}=['churn@3']")
    return refs
