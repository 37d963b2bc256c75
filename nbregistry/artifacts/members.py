"""Names of the files inside an artifact: relative, portable, and never a way out of a folder."""

from __future__ import annotations

import re
import unicodedata

from nbregistry.errors import Refused

# Windows takes these for devices in any folder and with any ending.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
_UNSAFE = re.compile(r"[\\:\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = 4096  # more than any system takes
_DEEPEST = 100  # well within the recursion of what makes and removes folders
_HINT = "use relative names such as 'weights/layer1.bin'"


def check_member(path: str) -> str:
    """Give back a path that is safe on every system, and refuse any other.

    Raises
    ------
    Refused

    Examples
    --------
    >>> check_member("weights/layer1.bin")
    'weights/layer1.bin'
    >>> check_member("../key")
    Traceback (most recent call last):
    nbregistry.errors.Refused: '../key' cannot be a file of an artifact: it has '..' in it
      next: use relative names such as 'weights/layer1.bin'
    """
    if fault := _fault_of_text(path) or next(filter(None, map(_fault_of_part, path.split("/"))), ""):
        raise Refused(f"{path[:200]!r} cannot be a file of an artifact: it {fault}", hint=_HINT)
    return path


def _fault_of_text(path: str) -> str:
    if len(path) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if path.count("/") >= _DEEPEST:
        return f"is more than {_DEEPEST} folders deep"
    if _UNSAFE.search(path):
        return "has a backslash, a colon or a control character in it"
    return ""


def _fault_of_part(part: str) -> str:
    if part in ("", ".", ".."):
        return f"has {part!r} in it" if part else "has an empty part"
    if part[-1] in ". ":  # Windows drops them: ".. " would become ".."
        return f"has {part!r} in it, which ends in a dot or a space"
    if part.partition(".")[0].rstrip().lower() in _DEVICES:
        return f"has {part!r} in it, which is a device on Windows"
    if len(part.encode()) > 255:
        return "has a part of more than 255 bytes"
    return ""


_Tree = dict[str, "_Tree | None"]
"""What is in a folder: folders, and ``None`` for files."""


class Names:
    """Paths that can stand side by side in one folder on every system."""

    def __init__(self) -> None:
        self._tree: _Tree = {}

    def add(self, path: str) -> None:
        """Take in a path; refuse one that is unsafe, or the same as another but for case or Unicode form."""
        folded = unicodedata.normalize("NFC", check_member(path).casefold())
        *folders, name = folded.split("/")
        place: _Tree | None = self._tree
        for folder in folders:
            place = place.setdefault(folder, {}) if place is not None else None
        if place is None or name in place:
            raise Refused(
                f"{path!r} is in this artifact twice, perhaps in another case, or as a file and a folder",
                hint="rename one of the two",
            )
        place[name] = None
