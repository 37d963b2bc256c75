"""How often this user compared versions on the same rows, kept where nobody but the user can write.

Whoever compares again and again on one set of rows chooses what is best on it by chance. A comparison changes nothing
in a registry, which may be read-only; so the user's own folder has an empty file for each set of versions that was
compared on a set of rows::

    compared/<registry>/<rows>/<versions>

All three are digests. The same versions on the same rows are one comparison, however often it is shown. Nothing is
forced to disk, and nothing fails where the folder cannot be read or written: then it is not known.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 1_000
"""So many are kept of a set of rows: beyond, the number says nothing more."""

_NAME = re.compile(r"[0-9a-f]{32}")


class Compared:
    """What this user compared in one registry.

    Parameters
    ----------
    home : Path
        The user's own folder.
    registry : str
        The registry's id.
    """

    def __init__(self, home: Path, registry: str) -> None:
        self._folder = home / "compared" / _digest(registry)

    def note(self, rows: str, versions: Iterable[str]) -> int:
        """Note a comparison, and count those on these rows so far, this one among them.

        Parameters
        ----------
        rows : str
            What the set of rows is known by.
        versions : iterable of str
            References, in whatever order.

        Returns
        -------
        int
            0 where that is not known.
        """
        folder = self._folder / _digest(rows)
        name = _digest(*sorted(versions))
        with suppress(OSError):
            known = _names(folder)
            if name in known or len(known) >= MOST:
                return len(known)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / name).touch(0o600)
            return len(known) + 1
        return 0


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)}
    except FileNotFoundError:
        return set()


def _digest(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]
