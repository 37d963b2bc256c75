"""From a record back to a model: trust first, then verified bytes, then the recorded format's own loader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack import digests_of
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.errors import Corrupt, Refused, RegistryError, Untrusted
from nbregistry.reference import recorded_ref
from nbregistry.trust import Keyring, fingerprint

if TYPE_CHECKING:
    from nbregistry.artifacts.store import ArtifactStore

_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+_-]{0,49}")
Trust = bool | str | Iterable[str] | None
"""For one call: True, or the keys (or their fingerprints) whose code may run."""


def is_allowed(document: Mapping[str, Any], keyring: Keyring, trust: Trust = None) -> bool:
    """Tell whether a version may be loaded: its key is trusted, or its format cannot execute code.

    What the format can do is asked of the flavor that would load it, never of the record.
    """
    from nbregistry.flavors import by_name

    key = document["signed_by"]
    if keyring.is_trusted(key) or trust is True:
        return True
    accepted = {trust} if isinstance(trust, str) else set(trust or ())
    if accepted & {key, fingerprint(key)}:
        return True
    return by_name(document["flavor"]).formats.get(document["format"], True) is False


def _installing(module: str, environment: Any) -> str:
    """Give the command that installs a module in the version of the record.

    Both names may be a stranger's words: nothing but a name and a version becomes part of a command.
    """
    if not _MODULE.fullmatch(module):
        return "ask who made the model what it needs"
    packages = environment.get("packages") if isinstance(environment, dict) else None
    version = packages.get(module) if isinstance(packages, dict) else None
    return f"%pip install {module}=={version}" if _VERSION.fullmatch(str(version)) else f"%pip install {module}"


@dataclass(frozen=True)
class Loader:
    """Loads models from a store.

    Attributes
    ----------
    store : ArtifactStore
    keyring : Keyring
    """

    store: ArtifactStore
    keyring: Keyring

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
        Refused
            If a module it needs is not installed.
        """
        from nbregistry.flavors import by_name

        ref = recorded_ref(document)
        if not is_allowed(document, self.keyring, trust):
            key = document["signed_by"]
            raise Untrusted(
                f"{ref} was signed by {fingerprint(key)}, which you do not trust, and loading "
                f"{document['format']} can run any code",
                hint=f"if you know the key: %nbr load {ref} --trust {fingerprint(key)} for once (as a method, "
                f"load({ref!r}, trust=…)), or %registry trust {key} for good",
            )
        flavor = by_name(document["flavor"])
        try:
            pack = PackReader(self.store, document["digest"])
            if (pack.header.get("flavor"), pack.header.get("format")) != (document["flavor"], document["format"]):
                raise Corrupt("its artifact is not of the kind that its record names", hint="%nbr verify")
            return flavor.load(pack, document["format"])
        except RegistryError as error:
            raise type(error)(f"{ref}: {error.message}", hint=error.hint, nearest=error.nearest) from error
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            raise Refused(
                f"{ref} needs the module {missing!a:.60}, which is not installed",
                hint=_installing(missing, environment),
            ) from error

    def problems(self, digest: str) -> list[str]:
        """Check every blob of an artifact without loading it; one sentence for each that is not as written."""
        return [problem for blob in digests_of(self.store, digest) if (problem := self.store.check(blob))]
