"""What every verb works on: one registry's catalog, artifacts and keys, and the one way to change it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from nbregistry.catalog.catalog import Catalog
from nbregistry.errors import NotFound, Refused, StorageError
from nbregistry.location import create, is_in_doubt, is_registry, read_format
from nbregistry.operations.records import Records
from nbregistry.operations.values import check_text
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.catalog import Plan
    from nbregistry.catalog.commit import Commit
    from nbregistry.catalog.view import View
    from nbregistry.location import Format
    from nbregistry.operations.loading import Loader


class Workspace:
    """A registry's folder, opened.

    Parameters
    ----------
    root : Path
        There may be nothing yet: the first commit makes it.
    read_only : bool
        Refuse every change.
    loads_models : bool, default True
        Whether models may be deserialised in this process.

    Raises
    ------
    NotFound
        If the place holds something else, or nothing and ``read_only`` is set.
    Refused
        If the registry needs a newer release.
    """

    looks_only: ClassVar[bool] = False
    """Whether this process opens every registry that is there read-only, whatever is asked."""

    def __init__(self, root: Path, *, read_only: bool, loads_models: bool = True) -> None:
        from nbregistry.provenance.actor import actor

        self.root = root
        self.loads_models = loads_models
        self._format = read_format(root)
        self.read_only = read_only or (self.looks_only and self._format is not None)
        if read_only and self._format is None:
            raise NotFound(f"there is no registry at {root}", hint="%registry PATH opens another one")
        self.keyring = Keyring()
        self.catalog = Catalog(root, self.keyring, actor=actor(), read_only=self.read_only)

    @cached_property
    def store(self) -> ArtifactStore:
        """Where the bytes are."""
        from nbregistry.artifacts.local import LocalStore

        return LocalStore(self.root, read_only=self.read_only)

    @property
    def loader(self) -> Loader:
        """What turns records back into models."""
        from nbregistry.operations.loading import Loader

        return Loader(self.store, self.keyring, loads_models=self.loads_models)

    @property
    def records(self) -> Records:
        """What turns documents of the present view into nouns."""
        return Records(self.catalog.view, self.keyring, self.store)

    def view(self) -> View:
        """Give the catalog's view, fresh to every commit on disk."""
        return self.catalog.refresh()

    def writable(self) -> View:
        """Give the fresh view to somebody who is going to change something.

        Raises
        ------
        Refused
            If the registry was opened read-only.
        """
        if self.read_only:
            raise Refused("this registry was opened read-only", hint="nbregistry.open(…) without read_only=True")
        _ = self.keyring.key  # who cannot sign is told before anything is stored
        return self.view()

    def format(self) -> Format:
        """Give the registry's format and id.

        Raises
        ------
        NotFound
            If there is no registry yet.
        """
        self._format = self._format or read_format(self.root)
        if self._format is None:
            raise NotFound(f"there is no registry at {self.root} yet", hint="%register NAME MODEL makes it")
        return self._format

    def commit(
        self,
        verb: str,
        plan: Callable[[View], Plan],
        digests: Iterable[str] = (),
        *,
        reason: str = "",
        request: str | None = None,
    ) -> Commit:
        """Commit, and make sure that the blobs it names are still there: a collection may have run meanwhile.

        Who asks acknowledges when the answer is complete: interrupted before, and asked again, it is not done twice.

        Parameters
        ----------
        verb, plan, reason
            See :meth:`nbregistry.catalog.catalog.Catalog.commit`.
        digests : iterable of str
            Blobs that the commit refers to.
        request : str, optional
            Equal for equal requests of this verb.
        """
        check_text("a reason", reason)
        if self._format is None or is_in_doubt(self.root):
            if not is_registry(self.root):
                self.catalog.witness.begin_anew()
            self._format = create(self.root)
        elif read_format(self.root) != self._format:
            raise StorageError(
                f"the registry at {self.root} is gone, or another one is there now", hint="open it again"
            )
        commit = self.catalog.commit(verb, plan, reason=reason, request=request and f"{verb} {request}")
        self.store.keep(digests)
        return commit

    def finished(self, verb: str, request: str) -> Commit | None:
        """Give the commit of an equal request that was interrupted when it was done already."""
        return self.catalog.arrived(f"{verb} {request}")
