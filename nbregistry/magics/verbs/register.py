"""``%register NAME MODEL``: keep a fitted model, what made it and how good it is."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import (
    HOW_VALUES_ARE_READ,
    alias,
    column,
    expression,
    format_name,
    model_name,
    named_expression,
    pair,
    reference,
    text,
)
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb
from nbregistry.reference import check_alias, check_model_name

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from nbregistry.magics.expressions import Expression
    from nbregistry.model import ModelVersion, Scalar
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", metavar="NAME", type=model_name, help="the model's name; blanks in it want quotes")
    add("model", metavar="MODEL", type=expression, help="the fitted model: a Python expression")
    add("--on", nargs=2, metavar=("X", "y"), type=expression, help="evaluate it on these rows")
    add("--weights", metavar="w", type=expression, help="how much each of these rows counts")
    add("--train", nargs=2, metavar=("X", "y"), type=expression, help="the rows it was trained on")
    add("--keep", nargs="+", metavar="COLUMN", type=column, help="keep these columns of --on, to compare by them")
    add("--data", nargs="+", metavar="NAME=EXPR", type=named_expression, help="other data that it depends on")
    add("--params", nargs="+", metavar="k=v", type=pair, help="parameters besides those the model tells")
    add(
        "--metrics",
        nargs="+",
        metavar="k=v",
        type=pair,
        help="metrics of your own; they win over computed ones",
    )
    add("--tags", nargs="+", metavar="k=v", type=pair, help="free tags")
    add("--parents", nargs="+", metavar="REF", type=reference, help="versions it was trained from")
    add(
        "--depends-on",
        nargs="+",
        metavar="REF",
        type=reference,
        help="versions whose output it takes as input",
    )
    add("--no-lineage", action="store_true", help="add no parents that were not named, but found")
    add("--alias", metavar="A", type=alias, help="put this alias on it")
    add("--format", metavar="FORMAT", type=format_name, help="store it in this format (see below)")
    add("--description", metavar="TEXT", type=text, default="", help="what it is, in a sentence")
    add("--no-example", action="store_true", help="keep none of the rows it takes; else up to 100 of --train or --on")
    parser.set_defaults(training_seconds=None)


def check(registry: Registry, arguments: Namespace) -> None:
    """Refuse what can be refused before a cell is run that may take hours."""
    check_model_name(arguments.name)
    if arguments.alias is not None:
        check_alias(arguments.alias)
        registry.refuse_gated(arguments.name, arguments.alias)
    _numbers(arguments.metrics)
    for ref in (*(arguments.parents or ()), *(arguments.depends_on or ())):
        registry.get(ref)


def run(registry: Registry, arguments: Namespace, namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.register`."""
    _refuse_swapped(arguments, namespace)
    check(registry, arguments)
    return registry.register(
        arguments.name,
        arguments.model.value(namespace),
        on=_values(arguments.on, namespace),
        weights=arguments.weights.value(namespace) if arguments.weights else None,
        train=_values(arguments.train, namespace),
        keep=arguments.keep,
        data=_data(arguments.data, namespace),
        params=_mapping(arguments.params),
        metrics=_numbers(arguments.metrics),
        tags=_mapping(arguments.tags),
        parents=tuple(arguments.parents or ()),
        depends_on=tuple(arguments.depends_on or ()),
        find_lineage=not arguments.no_lineage,
        alias=arguments.alias,
        description=arguments.description,
        input_example=False if arguments.no_example else None,
        format=arguments.format,
        training_seconds=arguments.training_seconds,
        on_name=_name(arguments.on),
        train_name=_name(arguments.train),
        model_text=arguments.model.text,
        namespace=namespace,
    )


def _refuse_swapped(arguments: Namespace, namespace: dict[str, Any]) -> None:
    """Notice ``%register clf churn`` and ``%register churn "clf"``: neither is a model, and it is clear what is."""
    name, model = arguments.name, arguments.model.text
    unknown = model.isidentifier() and model not in namespace and not hasattr(builtins, model)
    named = text(model)
    quoted = named != model and not Path(named).exists()
    if (unknown or quoted) and hasattr(namespace.get(name), "fit"):
        kind = type(namespace[name]).__name__
        raise WrongUsage(
            f"%register takes the name first: {name} is a {kind}, and there is no variable {model}",
            hint=f"%register {model} {name}",
        )
    if quoted and hasattr(namespace.get(named), "fit"):
        raise WrongUsage(f"in quotes {named} is a path, and there is no such file", hint=f"%register {name} {named}")


def _values(pair_of: Sequence[Expression] | None, namespace: dict[str, Any]) -> tuple[Any, Any] | None:
    return (pair_of[0].value(namespace), pair_of[1].value(namespace)) if pair_of else None


def _data(named: Sequence[tuple[str, Expression]] | None, namespace: dict[str, Any]) -> dict[str, Any] | None:
    if named is None:
        return None
    data: dict[str, Any] = {}
    for name, given in named:
        if name in data:
            raise WrongUsage(f"the data set {name!r} is given twice", hint=f"--data {name}=… once")
        data[name] = given.value(namespace)
    return data


def _name(pair_of: Sequence[Expression] | None) -> str:
    return ", ".join(expression.text for expression in pair_of or ())


def _mapping(pairs: Sequence[tuple[str, Scalar]] | None) -> dict[str, Scalar] | None:
    if pairs is None:
        return None
    given: dict[str, Scalar] = {}
    for key, value in pairs:
        if key in given:
            raise WrongUsage(f"{key!r} is given twice", hint=f"give {key}=… once")
        given[key] = value
    return given


def _numbers(pairs: Sequence[tuple[str, Scalar]] | None) -> dict[str, float] | None:
    given = _mapping(pairs)
    return None if given is None else {key: _number(key, value) for key, value in given.items()}


def _number(key: str, value: Scalar) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return float(str(value))  # nan and inf are no Python literals, and are metrics
    except ValueError:
        raise WrongUsage(
            f"the metric {key}={value} is no number",
            hint=f"k=v is read as written; a variable: nbregistry.open().register(…, metrics={{{key!r}: {value}}})",
        ) from None


_HOW_IT_IS_STORED = """\
The formats, the preferred one first; those in parentheses run code when they are loaded:
  xgboost    ubj, (pickle5), (cloudpickle)
  lightgbm   text, (pickle5), (cloudpickle)
  pytorch    tensors for dicts of tensors, (pickle5), (cloudpickle)
  sklearn    (pickle5), (cloudpickle), skops
  numpy      npy
  files      files
  python     (pickle5), (cloudpickle)
skops is for models that people load who do not know your key; it wants %pip install "nbregistry[skops]\""""
_HOW_VALUES = f'{HOW_VALUES_ARE_READ}: nbregistry.open().register("churn", clf, metrics={{"gain": gain}})'


VERB = Verb(
    "register",
    "Keep a fitted model, its metrics, and what made it. %%register runs the cell first and times it.",
    (
        "%register tumour clf --on X_test y_test --train X_train y_train --alias champion",
        '%register "churn model" clf --metrics gain=0.12 --tags team=crm --parents churn@1',
    ),
    arguments,
    run,
    short=True,
    notes=f"{_HOW_IT_IS_STORED}\n\n{_HOW_VALUES}",
)
