"""A journal outside of its registry: as it was written to a file, and what a check of such a file found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from nbregistry.outcomes import Signer


@dataclass(frozen=True, repr=False)
class JournalFile(Shown):
    """A journal that was written to a file, one commit a line, each with what proves it.

    Attributes
    ----------
    path : str
    name : str
        The model that its commits concern, ``""`` for all of the journal.
    commits, bytes : int
        How many are in it, and how large it is.
    head_seq, head : int, str
        The last commit of the registry then, and its digest: whoever keeps that can tell later that nothing was cut.
    key : str
        The key that sealed it.
    """

    path: str
    name: str
    commits: int
    bytes: int
    head_seq: int
    head: str
    key: str

    def to_frame(self) -> pd.DataFrame:
        """Give one row: ``path, name, commits, bytes, head_seq, head, key``."""
        import pandas as pd

        return pd.DataFrame([vars(self)])


@dataclass(frozen=True, repr=False)
class JournalProof(Shown):
    """What the check of a journal's file found; nothing of the registry was asked.

    Attributes
    ----------
    path : str
    ok : bool
        Whether it is whole, and all of it signed by keys that are trusted.
    problems : tuple of str
        What is not as it was written; one sentence each.
    commits : int
        How many of its lines are commits.
    absent : int
        How many of the registry's commits then are not in it; only a journal of one model lacks any.
    registry, name : str
        Id of the registry, and the model; ``""`` for all of the journal.
    head_seq, head : int, str
        The registry's last commit when it was sealed, and that commit's digest.
    sealed_at, sealed_by, seal_key : str
        When, by whom and with which key it was sealed; ``""`` where there is no right seal.
    signers : tuple of Signer
        Each key that signed one of its commits, with how many; those that are trusted first.
    seal_trusted : bool
        Whether the seal's key is trusted.
    seen : tuple of str
        What this user saw of this history elsewhere, set beside it; one sentence each.
    """

    path: str
    ok: bool
    problems: tuple[str, ...]
    commits: int
    absent: int = 0
    registry: str = ""
    name: str = ""
    head_seq: int = 0
    head: str = ""
    sealed_at: str = ""
    sealed_by: str = ""
    seal_key: str = ""
    seal_trusted: bool = False
    signers: tuple[Signer, ...] = ()
    seen: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Give one row a problem: ``problem``, the sentence; no row where all is well."""
        import pandas as pd

        return pd.DataFrame({"problem": self.problems}, dtype="str")
