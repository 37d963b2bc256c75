"""The header of a model card in the form of the Hugging Face Hub: YAML between two lines of dashes.

Only what the record has: no license, language or data set is made up, and a metric without a finite value is left out.
Each text is a double-quoted scalar, in which whatever somebody wrote is text, to readers of YAML 1.1 and 1.2.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from nbregistry.display.quantities import scalar
from nbregistry.model_card import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbregistry.model_card import Measure, ModelCard

# Frameworks that have their own name there.
_LIBRARIES = frozenset({"sklearn", "pytorch", "xgboost", "lightgbm"})
_TASKS = {
    "binary": "tabular-classification",
    "multiclass": "tabular-classification",
    "multilabel": "tabular-classification",
    "regression": "tabular-regression",
}
# What YAML takes in quotes as it is; lone surrogates and what acts are written out.
_PLAIN = re.compile(
    r'[^"\\\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff'
    r"\ufff9-\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_LARGEST_SHORT = 0xFFFF


def hub_header(card: ModelCard) -> str:
    """Give the header of a card, with its lines of dashes."""
    version = card.version
    header: dict[str, Any] = {}
    if "license" not in card.gaps:
        header["license"] = scalar(version.tags["license"])
    if version.flavor in _LIBRARIES:
        header["library_name"] = version.flavor
    tags = [f"{key}={scalar(value)}" for key, value in version.tags.items() if key not in STATED]
    header["tags"] = ["nbregistry", *([version.algorithm] if version.algorithm else []), *tags]
    results = [found for measure in card.measures if (found := _result(measure))]
    if results:
        header["model-index"] = [{"name": version.ref, "results": results}]
    return "\n".join(["---", *_yaml(header), "---", ""])


def _result(measure: Measure) -> dict[str, Any]:
    """Give one evaluation as the index has it; nothing where it has no place there.

    That is a task without a name, and what would mislead whoever sees the number alone: rows that the version was
    trained on, and what a key measured that is not trusted.
    """
    one = measure.evaluation
    metrics = [{"type": name, "value": float(value)} for name, value in one.metrics.items() if math.isfinite(value)]
    if one.task not in _TASKS or not metrics or one.on_training_rows or measure.leak or not one.trusted:
        return {}
    called = one.name or one.dataset.name or one.dataset.fingerprint
    return {
        "task": {"type": _TASKS[one.task]},
        # The Hub asks for an id there; these data have none but their fingerprint.
        "dataset": {"name": called, "type": one.dataset.fingerprint},
        "metrics": metrics,
    }


def _yaml(value: Mapping[str, Any]) -> Iterator[str]:
    """Write a mapping in block style."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield f"{key}:"
            yield from (f"  {line}" for line in _yaml(item))
        elif isinstance(item, list):
            yield f"{key}:"
            yield from _items(item)
        else:
            yield f"{key}: {_scalar(item)}"


def _items(items: Sequence[Any]) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict):
            first, *others = _yaml(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in others)
        else:
            yield f"- {_scalar(item)}"


def _scalar(value: str | float) -> str:
    r"""Write a text or a number.

    Examples
    --------
    >>> print(_scalar('say "x": \n'), _scalar(1e-05), _scalar(0.5))
    "say \"x\": \n" 1.0e-05 0.5
    """
    if isinstance(value, str):
        return '"' + "".join(map(_character, value)) + '"'
    mantissa, exponent, power = repr(value).partition("e")
    # Without its point, YAML 1.1 takes 1e-05 for text.
    return f"{mantissa if '.' in mantissa or not exponent else mantissa + '.0'}{exponent}{power}"


def _character(character: str) -> str:
    if _PLAIN.fullmatch(character):
        return character
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LARGEST_SHORT else f"\\U{code:08x}"
