"""Errors as the contract writes them down, and the status that each has."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from nbregistry import errors
from nbregistry.errors import RegistryError
from nbregistry.magics.usage import WrongUsage
from nbregistry.server.contract import WrongRequest
from nbregistry.trust import home

if TYPE_CHECKING:
    from nbregistry.server.jail import Jail

STATUS: dict[type[RegistryError], HTTPStatus] = {
    WrongRequest: HTTPStatus.BAD_REQUEST,
    WrongUsage: HTTPStatus.BAD_REQUEST,
    errors.InvalidName: HTTPStatus.BAD_REQUEST,
    errors.InvalidFilter: HTTPStatus.BAD_REQUEST,
    errors.Untrusted: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Corrupt: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
    RegistryError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Of each kind of error, the special ones first."""

_OTHER = "Error"


def status_of(error: RegistryError) -> int:
    """Give the status of an error."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def failure(error: RegistryError, jail: Jail) -> dict[str, Any]:
    """Write an error down, without the places on the machine that it names."""

    def told(text: str) -> str:
        return jail.without_root(text).replace(str(home()), "the folder with your keys")

    return {
        "kind": _kind(error),
        "message": told(error.message),
        "excerpt": list(map(told, error.excerpt)),
        "nearest": list(map(told, error.nearest)),
        "hint": told(error.hint),
        "otherwise": list(map(told, error.otherwise)),
    }


def plain_failure(message: str) -> dict[str, Any]:
    """Write down what is no error of a registry: a refusal of the server's, or a fault in the program."""
    return {"kind": _OTHER, "message": message, "excerpt": [], "nearest": [], "hint": "", "otherwise": []}


def _kind(error: RegistryError) -> str:
    """Give the kind that the package's users know: others are special cases of one."""
    return next(str(kind.__name__) for kind in type(error).__mro__ if getattr(errors, kind.__name__, None) is kind)
