"""From documents of the catalog to the nouns that users get."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.model import DOCUMENT_FIELDS, Dataset, Event, ModelVersion, RegisteredModel, Registration, Signature
from nbregistry.operations.evaluating import to_evaluation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.model import Evaluation
    from nbregistry.trust import Keyring

# Facts that many versions share stand in the table ``shared``; the document names them by digest.
SHARED_FIELDS = ("signature", "environment", "code", "default_params")
# Fields of a document that serve the catalog itself.
_INTERNAL_FIELDS = frozenset({"seq", "origin", "changed_by"})
_SHARED_MAPPINGS = frozenset(SHARED_FIELDS) - {"signature"}
_TUPLE_FIELDS = frozenset({"aliases", "metrics_given", "parents", "depends_on"})
_BUILT_FIELDS = _INTERNAL_FIELDS | {"signature", "datasets"}
_PLAIN_FIELDS = DOCUMENT_FIELDS - _SHARED_MAPPINGS - _TUPLE_FIELDS - _BUILT_FIELDS


class Records:
    """Build nouns from documents.

    Parameters
    ----------
    view : View
    keyring : Keyring
        Tells whose commits are trusted.
    store : ArtifactStore
        Where the rows of evaluations are.
    """

    def __init__(self, view: View, keyring: Keyring, store: ArtifactStore) -> None:
        self._view = view
        self._keyring = keyring
        self._store = store
        # A listing asks the same few things of each version.
        self._signature = cache(lambda digest: Signature.from_document(view.shared_value(digest) or {}))
        self._dataset = cache(lambda digest: Dataset.from_document(view.shared_value(digest)))
        self._is_trusted = cache(keyring.is_trusted)

    def version(self, document: Mapping[str, Any], registration: Registration | None = None) -> ModelVersion:
        """Build a version."""
        known: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for key, value in document.items():
            if key in _PLAIN_FIELDS:
                known[key] = dict(value) if isinstance(value, dict) else value  # what a user changes is a copy
            elif key in _TUPLE_FIELDS:
                known[key] = tuple(value)
            elif key in _SHARED_MAPPINGS:
                known[key] = self._view.shared_value(value) or {}
            elif key not in _BUILT_FIELDS:
                extra[key] = value
        return ModelVersion.built(
            **known,
            signature=self._signature(document.get("signature")),
            datasets=tuple(self._dataset(d) for d in document.get("datasets", ()) if self._view.has_shared(d)),
            trusted=self._is_trusted(document["signed_by"]),
            stray_aliases=self._stray_aliases(document) if document["aliases"] else (),
            stray_fields=tuple(f for f, key in document.get("changed_by", {}).items() if not self._is_trusted(key)),
            evaluations=self.evaluations(document["name"], document["version"]),
            registration=registration,
            extra=extra,
        )

    def evaluations(self, name: str, version: int) -> tuple[Evaluation, ...]:
        """Build the evaluations of a version, oldest first."""
        return tuple(
            to_evaluation(document, self._store, trusted=self._is_trusted(document["signed_by"]))
            for document in self._view.evaluations_of(name, version)
        )

    def _stray_aliases(self, document: Mapping[str, Any]) -> tuple[str, ...]:
        aliases = [self._view.alias(document["name"], alias) for alias in document["aliases"]]
        return tuple(a["alias"] for a in aliases if a and not self._is_trusted(a["history"][-1]["key"]))

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
