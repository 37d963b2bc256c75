"""From a record back to a model: trust first, then verified bytes, then the recorded format's own loader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.errors import Corrupt, NotFound, Refused, RegistryError, Untrusted
from nbregistry.operations.together import together
from nbregistry.progress import Progress, passed
from nbregistry.reference import quoted, recorded_ref
from nbregistry.trust import Keyring, fingerprint

if TYPE_CHECKING:
    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.flavors.base import Flavor

_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+_-]{0,49}")
Trust = bool | str | Iterable[str] | None
"""For one call: True, the keys (or their fingerprints) whose code may run, or types that may be built."""

# What can be pasted into a command; a stranger may have named a type otherwise.
_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,199}")
_NAMED_TYPES = 8


def is_allowed(document: Mapping[str, Any], keyring: Keyring, trust: Trust = None) -> bool:
    """Tell whether a version may be loaded: its key is trusted, or its format cannot execute code.

    What the format can do is asked of the flavor that would load it, never of the record.
    """
    from nbregistry.flavors import by_name

    if is_accepted(document["signed_by"], keyring, trust):
        return True
    return by_name(document["flavor"]).formats.get(document["format"], True) is False


def is_accepted(key: str, keyring: Keyring, trust: Trust = None) -> bool:
    """Tell whether whatever a key signed may be loaded, code and all."""
    return keyring.is_trusted(key) or trust is True or bool(_words(trust) & {key, fingerprint(key)})


def _words(trust: Trust) -> set[str]:
    if isinstance(trust, str):
        return {trust}
    return set() if trust is None or isinstance(trust, bool) else set(trust)


def _installing(module: str, environment: Any) -> str:
    """Give the command that installs a module in the version of the record.

    Both names may be a stranger's words: nothing but a name and a version becomes part of a command.
    """
    if not _MODULE.fullmatch(module):
        return "ask who made the model what it needs"
    packages = environment.get("packages") if isinstance(environment, dict) else None
    version = packages.get(module) if isinstance(packages, dict) else None
    return f"%pip install {module}=={version}" if _VERSION.fullmatch(str(version)) else f"%pip install {module}"


def check_kept(document: Mapping[str, Any]) -> None:
    """Refuse what needs the artifacts of a version that were dropped to free the disk.

    Raises
    ------
    NotFound
    """
    collected = document.get("collected")
    if collected:
        ref = recorded_ref(document)
        raise NotFound(
            f"{ref} has no artifacts any more: they were collected on {collected['at'][:10]} by {collected['actor']}",
            hint=f"%nbr restore {quoted(ref)} brings them back while they lie in the trash",
        )


def _listed(types: Sequence[str]) -> str:
    more = f" and {len(types) - _NAMED_TYPES} more" if len(types) > _NAMED_TYPES else ""
    return ", ".join(f"{name:.200}" for name in types[:_NAMED_TYPES]) + more


def _ways_on(ref: str, key: str, types: Sequence[str] = ()) -> tuple[str, ...]:
    """Say whom or what to trust; only what is nothing but a name becomes part of a command."""
    loading = f"%nbr load {quoted(ref)} --trust"
    ways = [
        f"{loading} {fingerprint(key)} for once, if you know the key (as a method: load(…, trust=…))",
        f"%registry trust {key} for good",
    ]
    if types and len(types) <= _NAMED_TYPES and all(map(_TYPE.fullmatch, types)):
        ways.append(f"{loading} {' '.join(types)} if you know these types")
    return tuple(ways)


@dataclass(frozen=True)
class Loader:
    """Loads models from a store.

    Attributes
    ----------
    store : ArtifactStore
    keyring : Keyring
    loads_models : bool
        Whether models may be deserialised in this process.
    """

    store: ArtifactStore
    keyring: Keyring
    loads_models: bool = True

    def load(
        self, document: Mapping[str, Any], trust: Trust = None, environment: Mapping[str, Any] | None = None
    ) -> Any:
        """Load a version.

        Raises
        ------
        Untrusted
            If loading could run a stranger's code.
        Corrupt
            If bytes changed; nothing was loaded then.
        NotFound
            If its artifacts were collected.
        Refused
            If a module it needs is not installed, or this process loads no models.
        """
        from nbregistry.flavors import by_name

        ref = recorded_ref(document)
        if not self.loads_models:
            raise Refused(f"{ref} is not loaded: this process loads no models", hint=f"%nbr load {quoted(ref)}")
        check_kept(document)
        if not is_allowed(document, self.keyring, trust):
            key = document["signed_by"]
            raise Untrusted(
                f"{ref} was signed by {fingerprint(key)}, which you do not trust, and loading "
                f"{document['format']} can run any code",
                hint=f"%nbr inspect {quoted(ref)} tells what it would run",
                otherwise=_ways_on(ref, key),
            )
        flavor = by_name(document["flavor"])
        try:
            pack = PackReader(self.store, document["digest"])
            if (pack.header.get("flavor"), pack.header.get("format")) != (document["flavor"], document["format"]):
                raise Corrupt("its artifact is not of the kind that its record names", hint="%nbr verify")
            if sum(map(pack.size, pack.paths)) != document["size"]:  # what is shown before is what it takes then
                raise Corrupt("its artifact is not of the size that its record names", hint="%nbr verify")
            with Progress(f"load {ref}", document["size"]):
                return self._built(flavor, pack, document, trust)
        except RegistryError as error:
            raise type(error)(
                f"{ref}: {error.message}", hint=error.hint, otherwise=error.otherwise, nearest=error.nearest
            ) from error
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            raise Refused(
                f"{ref} needs the module {missing!a:.60}, which is not installed",
                hint=_installing(missing, environment),
            ) from error

    def _built(self, flavor: Flavor, pack: PackReader, document: Mapping[str, Any], trust: Trust) -> Any:
        """Let the flavor build the model; of types that could do harm, only those that somebody vouches for."""
        from nbregistry.flavors.base import checks_data, names_types

        form, key = document["format"], document["signed_by"]
        if checks_data(flavor) and not is_accepted(key, self.keyring, trust):
            flavor.check(pack, form)
        if not names_types(flavor, form):
            return flavor.load(pack, form)
        types = flavor.doubtful_types(pack)
        if is_accepted(key, self.keyring, trust):
            return flavor.load_types(pack, form, types)
        refused = [name for name in types if name not in _words(trust)]
        if refused:
            raise Untrusted(
                f"it was signed by {fingerprint(key)}, which you do not trust, and holds {_listed(refused)}, "
                f"which {form} does not know to be harmless",
                hint=f"%nbr inspect {quoted(recorded_ref(document))} tells more",
                otherwise=_ways_on(recorded_ref(document), key, types),
            )
        return flavor.load_types(pack, form, types)

    def problems(self, digest: str) -> list[str]:
        """Check every blob of an artifact without loading it; one sentence for each that is not as written."""
        sizes = PackReader(self.store, digest).blobs  # which verifies the root
        problems = []
        for blob, problem in together(self.store.check, sizes):
            passed(sizes[blob])
            problems += [problem] if problem else []
        return problems
