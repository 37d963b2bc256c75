"""The contract: ``openapi.json``, and what it says about a request.

The document is the one source. Routes are made from it, requests are checked against it here, answers in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What Jupyter itself reads from a query; the last is the time that JupyterLab adds where nothing may be cached.
_JUPYTER_S_OWN = re.compile(r"token|_xsrf|no_track_activity|[0-9]{1,20}")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_LONGEST_COMPLAINT = 300


class WrongRequest(Refused):
    """A request that the contract does not know."""


@dataclass(frozen=True)
class Operation:
    """One path and method of the contract.

    Attributes
    ----------
    id : str
        Its ``operationId``.
    path : str
        Below ``/nbregistry/api``.
    method : str
        ``"get"`` or ``"post"``.
    spec : mapping
        What the document says about it.
    """

    id: str
    path: str
    method: str
    spec: Mapping[str, Any]

    def query(self, given: Mapping[str, Sequence[bytes]]) -> dict[str, Any]:
        """Read a query; what is left out has its default.

        Raises
        ------
        WrongRequest
        """
        asked = {name: _text(name, values) for name, values in given.items() if not _JUPYTER_S_OWN.fullmatch(name)}
        found: dict[str, Any] = {name: schema["default"] for name, schema in self._types.items() if "default" in schema}
        found |= {name: _value(name, texts, self._types.get(name, {})) for name, texts in asked.items()}
        _check(self._query_validator, found)
        return found

    def body(self, given: Any) -> dict[str, Any]:
        """Check a body.

        Raises
        ------
        WrongRequest
        """
        _check(self._body_validator, given)
        return dict(given)

    @cached_property
    def _types(self) -> dict[str, dict[str, Any]]:
        return {parameter["name"]: parameter["schema"] for parameter in self.spec.get("parameters", ())}

    @cached_property
    def _query_validator(self) -> Draft202012Validator:
        required = [parameter["name"] for parameter in self.spec.get("parameters", ()) if parameter["required"]]
        return _validator({"properties": self._types, "required": required, "additionalProperties": False})

    @cached_property
    def _body_validator(self) -> Draft202012Validator:
        return _validator(self.spec["requestBody"]["content"]["application/json"]["schema"])


@cache
def document() -> dict[str, Any]:
    """Give the contract."""
    text = files("nbregistry.server").joinpath("openapi.json").read_bytes()
    return dict(orjson.loads(text))


@cache
def operations() -> tuple[Operation, ...]:
    """Give all that can be asked."""
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    for path, item in document()["paths"].items():
        for method, spec in item.items():
            yield Operation(spec["operationId"], path, method, spec)


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document()["components"]})


def _check(validator: Draft202012Validator, given: Any) -> None:
    error = best_match(validator.iter_errors(given))
    if error is not None:
        raise WrongRequest(f"{error.json_path[:100]}: {error.message}"[:_LONGEST_COMPLAINT])


def _text(name: str, values: Sequence[bytes]) -> list[str]:
    try:
        return [value.decode("utf-8") for value in values]
    except UnicodeDecodeError:
        raise WrongRequest(f"{name!a:.100} is no text in UTF-8") from None


def _value(name: str, texts: Sequence[str], schema: Mapping[str, Any]) -> Any:
    """Read what a query has for one name; what is wrong with it is left to the check."""
    if schema.get("type") == "array":
        return list(texts)
    if len(texts) != 1:
        raise WrongRequest(f"{name!a:.100} is given {len(texts)} times")
    number = schema.get("type") == "integer" and _WHOLE_NUMBER.fullmatch(texts[0])
    return int(texts[0]) if number else texts[0]
