"""From documents of the catalog to the nouns that users get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.model import DOCUMENT_FIELDS, Dataset, Event, ModelVersion, RegisteredModel, Registration, Signature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.catalog.view import View
    from nbregistry.trust import Keyring

# Facts that many versions share stand in the table ``shared``; the document names them by digest.
SHARED_FIELDS = ("signature", "environment", "code", "default_params")
# Fields of a document that serve the catalog itself.
_INTERNAL_FIELDS = frozenset({"seq", "origin"})


class Records:
    """Build nouns from documents.

    Parameters
    ----------
    view : View
    keyring : Keyring
        Tells whose commits are trusted.
    """

    def __init__(self, view: View, keyring: Keyring) -> None:
        self._view = view
        self._keyring = keyring

    def version(self, document: Mapping[str, Any], registration: Registration | None = None) -> ModelVersion:
        """Build a version."""
        known: dict[str, Any] = {key: document[key] for key in DOCUMENT_FIELDS & document.keys()}
        shared: dict[str, Any] = {key: self._view.shared_value(known.pop(key, None)) or {} for key in SHARED_FIELDS}
        datasets = [self._view.shared_value(digest) for digest in known.pop("datasets", ())]
        for key in ("aliases", "metrics_given", "parents", "depends_on"):
            known[key] = tuple(known.get(key, ()))
        return ModelVersion(
            **known,
            signature=Signature.from_document(shared.pop("signature")),
            datasets=tuple(Dataset.from_document(dataset) for dataset in datasets if dataset),
            trusted=self._keyring.is_trusted(document["signed_by"]),
            stray_aliases=self._stray_aliases(document),
            registration=registration,
            extra={key: document[key] for key in document.keys() - DOCUMENT_FIELDS - _INTERNAL_FIELDS},
            **shared,
        )

    def _stray_aliases(self, document: Mapping[str, Any]) -> tuple[str, ...]:
        aliases = [self._view.alias(document["name"], alias) for alias in document["aliases"]]
        return tuple(a["alias"] for a in aliases if a and not self._keyring.is_trusted(a["history"][-1]["key"]))

    def event(self, document: Mapping[str, Any]) -> Event:
        """Build an event of the journal."""
        known = {key: document[key] for key in ("seq", "at", "actor", "verb", "ref", "reason", "detail", "key")}
        return Event(**known, trusted=self._keyring.is_trusted(document["key"]))

    def model(self, name: str) -> RegisteredModel:
        """Build a registered model."""
        count = self._view.count(name)
        latest = self._view.version(name, count)
        aliases = {alias: document["version"] for alias, document in self._view.aliases_of(name).items()}
        return RegisteredModel(name, count, count, aliases, latest["created_at"] if latest else "")
