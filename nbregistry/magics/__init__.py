"""The registry's verbs as magics of a notebook, and their completion.

One file a verb in :mod:`nbregistry.magics.verbs`; the command line uses the same ones. Of this package only
``dispatch``, ``installation`` and ``completion`` import IPython.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(ipython: InteractiveShell) -> None:
    """Add ``%nbr``, the short magics whose names are free, and Tab completion to a notebook."""
    from nbregistry.magics.installation import install

    install(ipython)


def unload(ipython: InteractiveShell) -> None:
    """Remove what :func:`load` added, and nothing else."""
    from nbregistry.magics.installation import uninstall

    uninstall(ipython)
