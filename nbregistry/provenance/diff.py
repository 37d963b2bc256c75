"""What was changed since the last commit, as far as it is kept: text of a bounded length, without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.git import COMMAND, TIMEOUT, run, surroundings
from nbregistry.provenance.redaction import redact
from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST = 256 * 1024
"""Bytes that are kept."""

_COUNTED = 64 * LONGEST
_CHUNK = 64 * 1024
_OPTIONS = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "--src-prefix=a/")


@dataclass(frozen=True)
class Diff:
    """Changes of tracked files that were not committed.

    Attributes
    ----------
    text : str
        As git writes it, up to the end of a line.
    cut_bytes : int
        How much more there was; at least, where that is a great deal.
    files : tuple of str
        All that were changed, also those of which nothing is in the text.
    """

    text: str = ""
    cut_bytes: int = 0
    files: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Diff:
        """Build from what was recorded."""
        return cls(document["text"], document["cut_bytes"], tuple(document["files"]))

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded."""
        return {"text": self.text, "cut_bytes": self.cut_bytes, "files": list(self.files)}


def capture_diff(root: Path) -> Diff:
    """Ask git what was changed since the last commit.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    Diff
        Empty where nothing was, or git does not answer in time.
    """
    # Before the first commit all that was added is new.
    since = "HEAD" if run(root, "rev-parse", "--verify", "--quiet", "HEAD") else "--cached"
    names = run(root, "diff", since, "--name-only", "-z", "--ignore-submodules=dirty")
    if not names:
        return Diff()
    files = tuple(encodable(name.decode("utf-8", "surrogateescape")) for name in names.split(b"\0") if name)
    kept, cut = _begin_of(root, "diff", since, *_OPTIONS, "--dst-prefix=b/")
    text = encodable(kept.decode("utf-8", "backslashreplace"))
    return Diff(redact(text).text, cut, files)


def _begin_of(root: Path, *arguments: str) -> tuple[bytes, int]:
    """Run git and give the first of what it prints, and how many bytes more there were."""
    import subprocess
    import threading

    try:
        process = subprocess.Popen(  # noqa: S603
            [*COMMAND, *arguments],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return b"", 0
    too_slow = threading.Timer(TIMEOUT, process.kill)
    too_slow.start()
    kept, more = bytearray(), 0
    try:
        with process:
            while (chunk := process.stdout.read(_CHUNK) if process.stdout else b"") and more < _COUNTED:
                room = LONGEST - len(kept)
                kept += chunk[:room]
                more += len(chunk[room:])
            process.kill()
    finally:
        too_slow.cancel()
    if not more:
        return bytes(kept), 0
    whole = kept.rfind(b"\n") + 1
    return bytes(kept[:whole]), more + len(kept) - whole
