"""From documents of the catalog to the nouns that users get."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.flavors import runs_no_code
from nbregistry.model import DOCUMENT_FIELDS, Dataset, Event, ModelVersion, RegisteredModel, Registration, Signature
from nbregistry.operations.drifting import first_scores, profile_of_training
from nbregistry.operations.evaluating import fingerprints, to_evaluation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.model import Evaluation
    from nbregistry.trust import Keyring

# Facts that many versions share stand in the table ``shared``; the document names them by digest.
SHARED_FIELDS = ("signature", "environment", "code", "default_params")
# Fields of a document that serve the catalog itself.
_INTERNAL_FIELDS = ("seq", "origin", "changed_by", "collected")
_SHARED_MAPPINGS = tuple(name for name in SHARED_FIELDS if name != "signature")
_COPIED_FIELDS = ("tags", "params", "metrics")
_TUPLE_FIELDS = ("aliases", "metrics_given", "parents", "depends_on")


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
        view = self._view
        # A long listing spends its time here: the fields that stay as they are go over in one step.
        known = dict(document)
        for key in _INTERNAL_FIELDS:
            known.pop(key, None)
        extra = {} if DOCUMENT_FIELDS.issuperset(known) else {k: known.pop(k) for k in known.keys() - DOCUMENT_FIELDS}
        for key in _COPIED_FIELDS:
            known[key] = known[key].copy()  # what a user changes is theirs
        if "reproduction" in known:
            known["reproduction"] = known["reproduction"].copy()
        for key in _TUPLE_FIELDS:
            known[key] = tuple(known[key])
        for key in _SHARED_MAPPINGS:
            digest = known.get(key)
            known[key] = (view.shared_value(digest) or {}) if digest else {}
        datasets = known["datasets"]
        known["signature"] = self._signature(known.get("signature"))
        known["datasets"] = tuple([self._dataset(d) for d in datasets if view.has_shared(d)]) if datasets else ()
        known["trusted"] = self._is_trusted(known["signed_by"])
        if not known["trusted"]:  # what a stranger's format can do is not for the stranger to say
            known["executes_code"] = not runs_no_code(known["flavor"], known["format"])
        known["stray_aliases"] = self.stray_aliases(document) if known["aliases"] else ()
        changed_by = document.get("changed_by")
        strays = [field for field, key in changed_by.items() if not self._is_trusted(key)] if changed_by else ()
        known["stray_fields"] = tuple(strays)
        known["evaluations"] = self._evaluations(known["name"], known["version"], known["datasets"])
        collected = document.get("collected")
        known["collected_at"], known["collected_by"] = (collected["at"], collected["actor"]) if collected else ("", "")
        known["registration"] = registration
        known["extra"] = extra
        return ModelVersion.built(known)

    def _evaluations(self, name: str, version: int, datasets: Sequence[Dataset]) -> tuple[Evaluation, ...]:
        """Build the evaluations of a version, oldest first."""
        documents = self._view.evaluations_of(name, version)
        if not documents:  # most, in a long listing
            return ()
        store, is_trusted, training = self._store, self._is_trusted, fingerprints(datasets, "train")
        trained_on, first = profile_of_training(datasets), first_scores(documents)
        scored = next((place for place, found in enumerate(documents) if found.get("scores")), len(documents))
        return tuple(
            to_evaluation(
                found,
                store,
                training=training,
                trusted=is_trusted(found["signed_by"]),
                trained_on=trained_on,
                first=first if place > scored else None,
            )
            for place, found in enumerate(documents)
        )

    def stray_aliases(self, document: Mapping[str, Any]) -> tuple[str, ...]:
        """Give those of a version's aliases that a key moved there which is not trusted."""
        aliases = [self._view.alias(document["name"], alias) for alias in document["aliases"]]
        return tuple(alias["alias"] for alias in aliases if alias and self.is_stray(alias))

    def is_stray(self, alias: Mapping[str, Any]) -> bool:
        """Tell whether a key that is not trusted moved an alias to where it is."""
        return not self._is_trusted(alias["history"][-1]["key"])

    def event(self, document: Mapping[str, Any]) -> Event:
        """Build an event of the journal."""
        known = {key: document[key] for key in ("seq", "at", "actor", "verb", "ref", "reason", "detail", "key")}
        return Event(**known, trusted=self._keyring.is_trusted(document["key"]))

    def model(self, name: str) -> RegisteredModel:
        """Build a registered model."""
        count = self._view.count(name)
        latest = self._view.version(name, count)
        documents = self._view.aliases_of(name)
        aliases = {alias: document["version"] for alias, document in documents.items()}
        strays = tuple(alias for alias, document in documents.items() if self.is_stray(document))
        return RegisteredModel(name, count, count, aliases, latest["created_at"] if latest else "", strays)
