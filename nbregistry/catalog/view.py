"""The view: what all commits so far amount to, as TinyDB tables with the indexes that the verbs need.

Applying a commit costs what the commit changes, whatever the size of the registry. Documents keep their place:
a version's document number never changes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

from tinydb import TinyDB

from nbregistry.catalog import exact
from nbregistry.catalog.changes import MUTABLE_FIELDS
from nbregistry.catalog.origin import proven_signer
from nbregistry.catalog.schema import KINDS, are_facts, check_schema
from nbregistry.catalog.storage import POLICIES, CheckpointStorage, ViewTable
from nbregistry.errors import Corrupt, Refused
from nbregistry.reference import look_alike_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbregistry.catalog.commit import Commit
    from nbregistry.catalog.documents import Document

# What the catalog itself says of a version; a record that brings one of these is not listened to.
_OWN_FIELDS = frozenset({
    "aliases", "created_at", "created_by", "signed_by", "seq", "origin", "changed_by", "collected",
})  # fmt: skip
# The same of an evaluation.
ADDED_TO_EVALUATIONS = frozenset({"at", "signed_by", "seq", "origin"})
_EMPTY_RECORD: dict[str, Any] = {
    "description": "", "tags": {}, "params": {}, "metrics": {}, "metrics_given": [], "algorithm": "", "flavor": "",
    "format": "", "executes_code": True, "size": 0, "digest": "", "datasets": [], "parents": [], "depends_on": [],
    "status": "active", "approval": "PendingManualApproval",
}  # fmt: skip


class ViewDatabase(TinyDB):
    """TinyDB with tables that change in place."""

    table_class = ViewTable

    def table(self, name: str, **kwargs: Any) -> ViewTable:
        """Give a table by its name."""
        return cast("ViewTable", super().table(name, **kwargs))


class View:
    """Tables of versions, aliases, policies, evaluations, events and shared facts, kept up by :meth:`apply`.

    Parameters
    ----------
    storage : CheckpointStorage

    Attributes
    ----------
    lock : RLock
        Held while a commit is applied. Who reads several things that have to agree holds it too.
    """

    def __init__(self, storage: CheckpointStorage) -> None:
        self.lock = threading.RLock()
        self._storage = storage
        self.database = ViewDatabase(storage=lambda: storage)
        self.versions = self.database.table("versions")
        self.aliases = self.database.table("aliases")
        self._policies = self.database.table(POLICIES)
        self.evaluations = self.database.table("evaluations")
        self.events = self.database.table("events")
        self.shared = self.database.table("shared")
        self._index()

    def _index(self) -> None:
        """Take the indexes from the checkpoint, or build them from the documents where there is none."""
        self._numbers: dict[str, list[int]] = {}
        self._spelling: dict[str, str] = {}
        self._alias_numbers: dict[str, dict[str, int]] = {}
        self._policy_numbers: dict[tuple[str, str], int] = {}
        self._evaluation_numbers: dict[tuple[str, int], list[int]] = {}
        self._event_numbers: dict[str, list[int]] = {}
        self._shared_values: dict[str, Any] = {}
        self._transactions: dict[str, int] = {}
        for number, document in self._rows("aliases"):
            self._alias_numbers.setdefault(document["name"], {})[document["alias"]] = number
        for number, document in self._rows(POLICIES):
            self._policy_numbers[document["name"], document["alias"]] = number
        for _, document in self._rows("shared"):
            self._shared_values[document["digest"]] = document["value"]
        if self._storage.index is not None:
            self._restore(self._storage.index)
            return
        for number, document in self._rows("versions"):
            self._numbers.setdefault(document["name"], []).append(number)
            self._spelling.setdefault(look_alike_key(document["name"]), document["name"])
        for number, document in self._rows("evaluations"):
            self._evaluation_numbers.setdefault((document["name"], document["version"]), []).append(number)
        for number, document in self._rows("events"):
            self._index_event(number, document)

    def _restore(self, index: Mapping[str, Any]) -> None:
        self._numbers = index["numbers"]
        self._spelling = {look_alike_key(name): name for name in self._numbers}
        self._evaluation_numbers = {(name, version): numbers for name, version, numbers in index["evaluations"]}
        self._event_numbers, self._transactions = index["events"], index["transactions"]

    def index(self) -> dict[str, Any]:
        """Give what a checkpoint has to keep so that no document is read before it is asked for."""
        return {
            "numbers": self._numbers,
            "evaluations": [[*key, numbers] for key, numbers in self._evaluation_numbers.items()],
            "events": self._event_numbers,
            "transactions": self._transactions,
        }

    def _rows(self, table: str) -> Iterator[tuple[int, Document]]:
        documents = self._storage.read().get(table)
        for number, document in documents.items() if documents is not None else ():
            yield int(number), document

    def _index_event(self, number: int, event: Mapping[str, Any]) -> None:
        for name in {ref.rpartition("@")[0] or ref for ref in event["ref"].split(", ") if ref}:
            self._event_numbers.setdefault(name, []).append(number)
        self._transactions[event["transaction"]] = event["seq"]

    # -- reading ---------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Names of the models, in the order they came."""
        return list(self._numbers)

    def spelling_of(self, name: str) -> str | None:
        """The existing name that this one equals or looks like, if any."""
        return self._spelling.get(look_alike_key(name))

    def count(self, name: str) -> int:
        """How many versions a model has, which is also the number of its latest."""
        return len(self._numbers.get(name, ()))

    def version(self, name: str, version: int) -> Document | None:
        """The document of one version."""
        numbers = self._numbers.get(name, ())
        return self._document("versions", numbers[version - 1]) if 0 < version <= len(numbers) else None

    def versions_of(self, name: str) -> list[Document]:
        """All versions of a model, oldest first."""
        with self.lock:
            documents = self._storage.read().get("versions")
            return documents.some(list(map(str, self._numbers.get(name, ())))) if documents is not None else []

    def all_versions(self) -> list[Document]:
        """All versions of all models, in the order of their commits."""
        with self.lock:
            documents = self._storage.read().get("versions")
            return documents.all() if documents is not None else []

    def aliases_of(self, name: str) -> dict[str, Document]:
        """The aliases of a model, each with its history, oldest first."""
        with self.lock:
            numbers = self._alias_numbers.get(name, {})
            return {alias: self._document("aliases", number) for alias, number in numbers.items()}

    def alias(self, name: str, alias: str) -> Document | None:
        """One alias of a model."""
        number = self._alias_numbers.get(name, {}).get(alias)
        return None if number is None else self._document("aliases", number)

    def policy(self, name: str, alias: str) -> list[Mapping[str, Any]]:
        """What was ever required for an alias of a model, or of any where the name is ``""``; oldest first."""
        number = self._policy_numbers.get((name, alias))
        return [] if number is None else self._document(POLICIES, number)["history"]

    def policies(self) -> list[tuple[str, str]]:
        """Names and aliases for which something was ever required."""
        return list(self._policy_numbers)

    def evaluations_of(self, name: str, version: int) -> list[Document]:
        """Evaluations of a version, oldest first."""
        return [self._document("evaluations", n) for n in self._evaluation_numbers.get((name, version), ())]

    def events_of(self, name: str | None) -> list[Document]:
        """The journal, or what of it concerns one model; newest last."""
        with self.lock:
            if name is None:
                return [document for _, document in self._rows("events")]
            return [self._document("events", number) for number in self._event_numbers.get(name, ())]

    def key_of(self, seq: int) -> str:
        """The key that signed a commit."""
        return str(self._document("events", seq)["key"])  # there is one event a commit

    def shared_value(self, digest: str | None) -> Any:
        """A fact kept under its digest; ``None`` for none."""
        return None if digest is None else self._shared_values.get(digest)

    def has_shared(self, digest: str) -> bool:
        """Whether a fact is kept already."""
        return digest in self._shared_values

    def equals(self, other: View) -> bool:
        """Tell whether both views say the same, document by document."""
        ours, theirs = self._storage.read(), other._storage.read()
        return ours.keys() == theirs.keys() and all(
            list(table) == list(theirs[name])
            and all(exact.dumps(table[number]) == exact.dumps(theirs[name][number]) for number in table)
            for name, table in ours.items()
        )

    def seq_of(self, transaction: str) -> int | None:
        """The commit that carries a transaction, if it arrived."""
        return self._transactions.get(transaction)

    def _document(self, table: str, number: int) -> Document:
        return self._storage.read()[table][str(number)]

    # -- applying --------------------------------------------------------------------------------------------

    def apply(self, commit: Commit) -> None:
        """Bring the tables up to a commit, all of it or nothing.

        Raises
        ------
        Corrupt
            If the commit contradicts what came before.
        Refused
            If it holds a kind of change that this release does not know.
        """
        self.check(commit)
        with self.lock:
            for change in commit.changes:
                getattr(self, f"_apply_{change['kind']}")(commit, change)
            event = {key: getattr(commit, key) for key in _EVENT_FIELDS}
            self._index_event(self.events.insert(event), event)

    def check(self, commit: Commit) -> None:
        """Find what is wrong with a commit, or contradicts the tables, before any of them is touched.

        Raises
        ------
        Corrupt, Refused
        """
        check_schema(commit)
        facts = {change["digest"]: change["value"] for change in commit.changes if change["kind"] == "shared"}
        arriving = _Arriving()
        for change in commit.changes:
            kind = change["kind"]
            if kind not in KINDS:
                raise Refused(
                    f"commit {commit.seq} holds a change of kind {kind!a}, which this release does not know",
                    hint="pip install --upgrade nbregistry",
                )
            if "origin" in change:
                proven_signer(change)
            if kind == "version":
                self._check_next(commit, change["record"], facts, arriving)
            elif kind == "policy":
                if change["name"] and not self.count(change["name"]):
                    raise Corrupt(f"commit {commit.seq} sets a policy for {change['name']!a}, which does not exist")
            elif kind != "shared":
                self._check_known(commit, change, arriving)

    def _check_next(
        self,
        commit: Commit,
        record: Mapping[str, Any],
        facts: Mapping[str, Any],
        arriving: _Arriving,
    ) -> None:
        name, version = record["name"], record["version"]
        count = self.count(name) + arriving.counts.get(name, 0)
        if version != count + 1:
            raise Corrupt(f"commit {commit.seq} skips from version {count} of {name!a} to {version}")
        if not {self.spelling_of(name), arriving.spelling_of(name)} <= {None, name}:
            raise Corrupt(f"commit {commit.seq} brings {name!a}, which looks like another model")
        if not are_facts(record, lambda digest: facts.get(digest, self._shared_values.get(digest))):
            raise Corrupt(f"commit {commit.seq} lacks facts of {name!a}@{version}, or they are malformed")
        arriving.add(record)

    def _check_known(self, commit: Commit, change: Mapping[str, Any], arriving: _Arriving) -> None:
        about = change["record"] if change["kind"] == "evaluation" else change
        name, version = about["name"], about["version"]
        changed = arriving.records.get((name, version)) or self.version(name, version)
        if changed is None:
            raise Corrupt(f"commit {commit.seq} changes {name!a}@{version}, which does not exist")
        if change["kind"] == "evaluation" and about["model"] != changed.get("digest"):
            raise Corrupt(f"commit {commit.seq} evaluates another model than {name!a}@{version}")
        if change["kind"] == "alias" and self.alias(name, alias := change["alias"]) is None:
            twin = next((a for a in self.aliases_of(name) if look_alike_key(a) == look_alike_key(alias)), None)
            if twin:
                raise Corrupt(f"commit {commit.seq} brings the alias {alias!a} of {name!a}, which looks like {twin!a}")
        if change["kind"] == "fields" and change["fields"].keys() - MUTABLE_FIELDS:
            raise Corrupt(f"commit {commit.seq} changes fields of {name!a}@{version} that are fixed")
        if change["kind"] == "artifacts" and not change["kept"] and not is_out_of_use(changed):
            raise Corrupt(f"commit {commit.seq} drops the artifacts of {name!a}@{version}, which is in use")

    def _apply_version(self, commit: Commit, change: Mapping[str, Any]) -> None:
        record = _EMPTY_RECORD | {key: value for key, value in change["record"].items() if key not in _OWN_FIELDS}
        name = record["name"]
        # Who signed is told by a signature that was checked, never by the record itself.
        signer = proven_signer(change) if "origin" in change else commit
        record |= {
            "aliases": [],
            "created_at": signer.at,
            "created_by": signer.actor,
            "signed_by": signer.key,
            "seq": commit.seq,
        }
        if "origin" in change:
            record["origin"] = change["origin"]
        self._numbers.setdefault(name, []).append(self.versions.insert(record))
        self._spelling.setdefault(look_alike_key(name), name)

    def _apply_evaluation(self, commit: Commit, change: Mapping[str, Any]) -> None:
        signer = proven_signer(change) if "origin" in change else commit
        record = {key: value for key, value in change["record"].items() if key not in ADDED_TO_EVALUATIONS}
        record |= {"at": signer.at, "signed_by": signer.key, "seq": commit.seq}
        if "origin" in change:
            record["origin"] = change["origin"]
        number = self.evaluations.insert(record)
        self._evaluation_numbers.setdefault((record["name"], record["version"]), []).append(number)
        document = self.version(record["name"], record["version"])
        if document and not document["metrics"] and signer.key == document["signed_by"]:
            # A version that came without an evaluation shows the first one by whoever signed it.
            self._update_version(record["name"], record["version"], metrics=record["metrics"])

    def _apply_shared(self, _commit: Commit, change: Mapping[str, Any]) -> None:
        if change["digest"] not in self._shared_values:
            self.shared.insert({"digest": change["digest"], "value": change["value"]})
            self._shared_values[change["digest"]] = change["value"]

    def _apply_alias(self, commit: Commit, change: Mapping[str, Any]) -> None:
        name, alias, version = change["name"], change["alias"], change["version"]
        holding = {"version": version, "seq": commit.seq, "at": commit.at, "key": commit.key}
        before = self.alias(name, alias)
        if before is None:
            number = self.aliases.insert(
                {"name": name, "alias": alias, "version": version, "history": [holding], "trail": [version]}
            )
            self._alias_numbers.setdefault(name, {})[alias] = number
        else:
            left = self.version(name, before["version"])
            if left:
                self._update_version(
                    name, before["version"], aliases=[other for other in left["aliases"] if other != alias]
                )
            number = self._alias_numbers[name][alias]
            trail = _trail(before["trail"], version, back=commit.verb == "rollback")
            moved = {"version": version, "history": [*before["history"], holding], "trail": trail}
            self.aliases.change(number, moved)
        entered = self.version(name, version)
        if entered:
            self._update_version(name, version, aliases=sorted({*entered["aliases"], alias}))

    def _apply_policy(self, commit: Commit, change: Mapping[str, Any]) -> None:
        name, alias = change["name"], change["alias"]
        setting = {"require": change["require"], "seq": commit.seq, "at": commit.at, "actor": commit.actor}
        history = [*self.policy(name, alias), setting | {"key": commit.key}]
        if (name, alias) in self._policy_numbers:
            self._policies.change(self._policy_numbers[name, alias], {"history": history})
        else:
            number = self._policies.insert({"name": name, "alias": alias, "history": history})
            self._policy_numbers[name, alias] = number

    def _apply_fields(self, commit: Commit, change: Mapping[str, Any]) -> None:
        name, version, fields = change["name"], change["version"], change["fields"]
        document = self.version(name, version)
        if document:
            self._update_version(name, version, **fields, changed_by=_changed_by(document, commit.key, fields))

    def _apply_artifacts(self, commit: Commit, change: Mapping[str, Any]) -> None:
        collected = None if change["kept"] else {"at": commit.at, "actor": commit.actor, "key": commit.key}
        self._update_version(change["name"], change["version"], collected=collected)

    def _update_version(self, name: str, version: int, **fields: Any) -> None:
        self.versions.change(self._numbers[name][version - 1], fields)


class _Arriving:
    """The versions that a commit brings, as far as it was looked through: an import can bring thousands."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, int], Mapping[str, Any]] = {}
        self.counts: dict[str, int] = {}
        self._spelling: dict[str, str] = {}

    def spelling_of(self, name: str) -> str | None:
        """The arriving name that this one equals or looks like, if any."""
        return self._spelling.get(look_alike_key(name))

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in a version."""
        name = record["name"]
        self.records[name, record["version"]] = record
        self.counts[name] = self.counts.get(name, 0) + 1
        self._spelling.setdefault(look_alike_key(name), name)


def is_out_of_use(document: Mapping[str, Any]) -> bool:
    """Tell whether a version was put aside, so that its artifacts may be dropped."""
    return document.get("status") == "archived" and not document.get("aliases")


def _changed_by(document: Document, key: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Give the keys that last set a version's fields and tags, where it was not the key that signed the version."""
    keys: dict[str, str] = dict(document.get("changed_by", {}))
    keys |= {field: key for field in fields if field != "tags"}
    if "tags" in fields:
        before, after = document["tags"], fields["tags"]
        changed = {tag for tag in after if tag not in before or before[tag] != after[tag]}
        keys = {field: by for field, by in keys.items() if not field.startswith("tags.") or field[5:] in after}
        keys |= {f"tags.{tag}": key for tag in changed}
    return {field: by for field, by in keys.items() if by != document["signed_by"]}


def _trail(trail: list[int], version: int, *, back: bool) -> list[int]:
    """Give the versions that an alias can go back to, its holder last.

    A move forward adds to them. A move back takes off what it leaves, down to the version it goes to; one that never
    held the alias takes the place of the holder.
    """
    if not back:
        return trail if trail[-1] == version else [*trail, version]
    earlier = trail[:-1]
    while version in earlier and earlier[-1] != version:
        earlier.pop()
    return earlier if earlier[-1:] == [version] else [*earlier, version]


_EVENT_FIELDS = ("seq", "at", "actor", "verb", "ref", "reason", "detail", "key", "transaction")
