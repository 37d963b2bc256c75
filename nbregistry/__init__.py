"""A model registry that lives in the notebook.

``%load_ext nbregistry`` adds the verbs as magics; :func:`open` gives the same verbs as methods. Importing this package
touches no disk, registers no magic, and loads nothing heavy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from nbregistry.errors import RegistryError
    from nbregistry.journals import JournalProof
    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry

__version__ = "0.1.0"
__all__ = ["ModelVersion", "Registry", "RegistryError", "__version__", "errors", "open", "verify_log"]

_HOMES = {"Registry": "nbregistry.registry", "ModelVersion": "nbregistry.model", "RegistryError": "nbregistry.errors"}


def open(url: str | os.PathLike[str] | None = None, *, read_only: bool = False) -> Registry:  # noqa: A001 - the contract names it
    """Open a registry.

    Parameters
    ----------
    url : str or path, optional
        Default: ``NBREGISTRY_URL``; else the nearest ``.nbregistry/`` in this folder or above it; else
        ``.nbregistry/`` here, made at the first ``register``.
    read_only : bool, default False
        Refuse every change.

    Returns
    -------
    Registry

    Examples
    --------
    >>> import tempfile, nbregistry
    >>> registry = nbregistry.open(tempfile.mkdtemp())
    >>> len(registry.models())
    0
    """
    from nbregistry.registry import Registry

    return Registry(url, read_only=read_only)


def verify_log(path: str | os.PathLike[str], *, trust: str | Sequence[str] = ()) -> JournalProof:
    """Check a journal that was written to a file: its chain, digests, signatures and seal. No registry is needed.

    Parameters
    ----------
    path : str or path
        What ``%nbr log --export FILE`` wrote.
    trust : str or sequence of str, default ()
        Public keys to trust here, besides one's own and those that ``%registry trust`` keeps.

    Returns
    -------
    JournalProof
        Whose ``ok`` is true if it is whole, and every commit and the seal are signed by keys that are trusted.

    Raises
    ------
    NotFound, StorageError
        If it cannot be read.
    InvalidName
        If one of ``trust`` is no whole key.
    Refused
        If it is no file, or of a newer release.
    """
    from nbregistry.operations import kinds
    from nbregistry.operations.journal_proof import verify_log

    return verify_log(kinds.path("path", path), kinds.texts("trust", trust) or ())


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Add the magics: ``%load_ext nbregistry``."""
    from nbregistry import magics

    magics.load(ipython)


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """Take the magics away again: ``%unload_ext nbregistry``."""
    from nbregistry import magics

    magics.unload(ipython)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter's server where the routes are that the panel in JupyterLab reads."""
    return [{"module": "nbregistry.server"}]


def __getattr__(name: str) -> Any:
    if name == "errors":
        return importlib.import_module("nbregistry.errors")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'nbregistry' has no attribute {name!r}")
