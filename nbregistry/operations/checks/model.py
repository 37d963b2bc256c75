"""Whether a model loads, and still says what it said when it was registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError, Untrusted
from nbregistry.operations.example import read_example
from nbregistry.operations.loading import is_allowed
from nbregistry.outcomes import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbregistry.operations.loading import Loader


def check_model(document: Mapping[str, Any], loader: Loader) -> Iterator[Check]:
    """Load a model in this process and ask it about its example again; give each check when it is made."""
    refused = not_loaded(document, loader)
    if refused:
        yield refused
        yield predictions_skipped()
        return
    try:
        model = loader.load(document)
    except Untrusted as error:
        yield Check("loads", "warned", f"not tried: {error.message}")
        yield predictions_skipped()
        return
    except RegistryError as error:
        yield Check("loads", "failed", error.message)
        yield predictions_skipped()
        return
    except Exception as error:  # noqa: BLE001 - whatever a stored model's own code raises is the finding
        yield Check("loads", "failed", f"{type(error).__name__}: {error}")
        yield predictions_skipped()
        return
    yield Check("loads", "passed", document["algorithm"])
    yield _check_predictions(model, document, loader)


def not_loaded(document: Mapping[str, Any], loader: Loader) -> Check | None:
    """Say why loading a model is not even tried, in this process or in another; ``None`` if it is."""
    if not loader.loads_models:
        return Check("loads", "skipped", "not tried: no model is loaded in this process")
    if not is_allowed(document, loader.keyring):
        return Check("loads", "warned", "not tried: loading it would run code of a key that you do not trust")
    return None


def predictions_skipped() -> Check:
    """Say that a model which is not loaded predicts nothing."""
    return Check("predictions", "skipped", "not tried: the model was not loaded")


def _check_predictions(model: Any, document: Mapping[str, Any], loader: Loader) -> Check:
    try:
        example = read_example(document, loader.store)
    except ImportError as error:
        return Check("predictions", "skipped", f"not tried: its example needs {error.name or 'a package'}")
    except RegistryError as error:
        return Check("predictions", "failed", error.message)
    if example is None:
        return Check("predictions", "skipped", "no rows were kept as an example to ask it about")
    from nbregistry.evaluation.replay import compare_predictions

    compared = compare_predictions(model, example)
    is_same = compared.outcome in ("identical", "within tolerance")
    return Check("predictions", "passed" if is_same else "failed", compared.detail)
