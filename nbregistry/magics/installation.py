"""Adding the magics and the completion to a notebook, and taking away exactly what was added."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.magics.completion import matcher_for
from nbregistry.magics.dispatch import CELL_VERB, SHORT_VERBS, Dispatcher
from nbregistry.magics.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

Kind = Literal["line", "cell"]
KINDS: tuple[Kind, ...] = ("line", "cell")


@dataclass(frozen=True)
class Installed:
    """What was added to one notebook."""

    matcher: Callable[..., Any]
    magics: dict[tuple[Kind, str], Callable[..., Any]]
    recording: Recording


_installed: dict[InteractiveShell, Installed] = {}


def install(shell: InteractiveShell) -> None:
    """Add ``%nbr``, those short magics whose names are free, and the completion; keep the cells from now on.

    Warns
    -----
    UserWarning
        Once, naming the short magics that were left out because another extension holds their names.
    """
    uninstall(shell)
    dispatcher = Dispatcher(shell)
    nbr = dispatcher.nbr()
    magics: dict[tuple[Kind, str], Callable[..., Any]] = {(kind, "nbr"): nbr for kind in KINDS}
    left_out = []
    for verb in SHORT_VERBS:
        if any(_held(shell, kind, verb.name) for kind in KINDS):
            left_out.append(verb.name)
            continue
        function = dispatcher.magic(verb)
        magics |= {(kind, verb.name): function for kind in (KINDS if verb is CELL_VERB else KINDS[:1])}
    register: Any = shell.register_magic_function  # its decorator hides its type
    for (kind, name), function in magics.items():
        register(function, magic_kind=kind, magic_name=name)
    installed = Installed(
        matcher_for(shell, dispatcher.session, {name for _, name in magics}), magics, Recording(shell)
    )
    _installed[shell] = installed
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(installed.matcher)
    if left_out:
        warnings.warn(
            f"another extension holds {', '.join(f'%{name}' for name in left_out)}: "
            f"use {', '.join(f'%nbr {name}' for name in left_out)} here",
            stacklevel=3,
        )


def uninstall(shell: InteractiveShell) -> None:
    """Remove what :func:`install` added, unless somebody else has taken its place since."""
    installed = _installed.pop(shell, None)
    if installed is None:
        return
    installed.recording.stop()
    for (kind, name), function in installed.magics.items():
        if shell.magics_manager.magics[kind].get(name) is function:
            del shell.magics_manager.magics[kind][name]
        if getattr(shell.magics_manager.user_magics, name, None) is function:
            delattr(shell.magics_manager.user_magics, name)
    if shell.Completer is not None and installed.matcher in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(installed.matcher)


def _held(shell: InteractiveShell, kind: Kind, name: str) -> bool:
    # `lazy_magics` names magics that another extension brings when they are first called.
    return name in shell.magics_manager.magics[kind] or name in shell.magics_manager.lazy_magics
