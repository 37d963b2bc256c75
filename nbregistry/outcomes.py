"""What a verb did or would do: an alias moved, a folder checked, cleaned or copied, a key trusted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from nbregistry.model import ModelVersion, ReproductionOutcome

Outcome = Literal["passed", "warned", "failed", "skipped"]


@dataclass(frozen=True, repr=False)
class Check(Shown):
    """One thing that was looked at before an alias moved.

    Attributes
    ----------
    name : str
        ``"bytes"``, ``"signature"``, ``"environment"``, ``"dependencies"``, ``"loads"``, ``"predictions"`` or
        ``"dependents"``; of a gate the requirement, e.g. ``"roc_auc >= 0.9"``.
    outcome : str
        ``"passed"``, ``"warned"``, ``"failed"``, or ``"skipped"`` where this process does not look at it; a move with a
        failed check is refused unless it is forced.
    detail : str
        What was found, in one sentence.
    is_gate : bool
        Whether it was required for this alias.
    figures : dict
        Of a gate the numbers that decided: ``value``, ``n``; of a bound ``bound``; of a comparison ``baseline``,
        ``difference``, ``ci_low``, ``ci_high``, ``p_adjusted``, and the ``margin``. Empty where there were none.
    is_final : bool
        Whether no force goes past it where it failed: it is somebody's word, and is taken back by name.
    """

    name: str
    outcome: Outcome
    detail: str = ""
    is_gate: bool = False
    figures: Mapping[str, float] = field(default_factory=dict, compare=False)
    is_final: bool = False


@dataclass(frozen=True, repr=False)
class Move(Shown):
    """An alias that moves from one version to another.

    Attributes
    ----------
    name, alias : str
    from_ref : str or None
        The holder before, ``None`` if there was none.
    to_ref : str
    checks : tuple of Check
    applied : bool
        False for a dry run.
    reason : str
    before, after : ModelVersion or None
        The records of both, as they are once it is done; of a dry run, as they are now.
    """

    name: str
    alias: str
    from_ref: str | None
    to_ref: str
    checks: tuple[Check, ...] = ()
    applied: bool = False
    reason: str = ""
    before: ModelVersion | None = None
    after: ModelVersion | None = None

    def to_frame(self) -> pd.DataFrame:
        """Give one row a check: ``name``, ``outcome``, ``detail``."""
        return _checks_frame(self.checks)


def _checks_frame(checks: tuple[Check, ...]) -> pd.DataFrame:
    import pandas as pd

    rows = [(check.name, check.outcome, check.detail) for check in checks]
    return pd.DataFrame(rows, columns=["name", "outcome", "detail"], dtype="str")


@dataclass(frozen=True, repr=False)
class Assessment(Shown):
    """Whether a version passes the gates before an alias.

    Attributes
    ----------
    ref, alias : str
    ok : bool
        Whether no check failed.
    checks : tuple of Check
    """

    ref: str
    alias: str
    ok: bool
    checks: tuple[Check, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give one row a gate: ``name``, ``outcome``, ``detail``."""
        return _checks_frame(self.checks)


@dataclass(frozen=True, repr=False)
class Promotion(Move):
    """An alias put on a chosen version.

    Attributes
    ----------
    require : tuple of str
        What was required for this move alone.
    """

    require: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Rollback(Move):
    """An alias put back on an earlier holder; the version it left is ``rolled_back``."""


@dataclass(frozen=True, repr=False)
class Reproduction(Shown):
    """What came of making a version again.

    Attributes
    ----------
    ref : str
    outcome : str
        ``"identical bytes"``, ``"identical predictions"``, ``"within tolerance"``, ``"different"`` or ``"failed"``.
    slice : str
        The code that ran.
    detail : str
        What the outcome rests on, or what stopped the code.
    failed_at : int or None
        Number of the cell that stopped.
    notes : tuple of str
        What may explain it: a file that is not what it was, a secret that was left out.
    seconds : float
    environment : str
        ``"present"``: with the packages that are installed here; ``"recorded"``: with those that it was made with.
    journaled : bool
        Whether the outcome was kept with the version; not where the registry is read-only.
    """

    ref: str
    outcome: ReproductionOutcome
    slice: str
    detail: str = ""
    failed_at: int | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    environment: Literal["present", "recorded"] = "present"
    journaled: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether nothing tells what was made from what was kept."""
        return self.outcome in ("identical bytes", "identical predictions")

    @property
    def ok(self) -> bool:
        """Whether it predicts what it predicted."""
        return self.outcome not in ("different", "failed")

    def to_frame(self) -> pd.DataFrame:
        """Give one row: ``ref``, ``outcome``, ``detail``, ``seconds``."""
        import pandas as pd

        return pd.DataFrame(
            [(self.ref, self.outcome, self.detail, self.seconds)], columns=["ref", "outcome", "detail", "seconds"]
        )


@dataclass(frozen=True, repr=False)
class Verification(Shown):
    """What ``verify`` read and what it found.

    Attributes
    ----------
    ok : bool
    problems : tuple of str
        One sentence each.
    commits, signatures, blobs, bytes : int
        How much was read, on disk; signatures are those of commits that are right.
    seconds : float
    foreign : tuple of str
        What lies in the folder and is not the registry's; no problem, and left alone.
    strangers : int
        How many commits have a right signature by a key that is not trusted here: no damage, but not yours either.
    """

    ok: bool
    problems: tuple[str, ...]
    commits: int
    signatures: int
    blobs: int
    bytes: int
    seconds: float
    foreign: tuple[str, ...] = ()
    strangers: int = 0

    def to_frame(self) -> pd.DataFrame:
        """Give one row a problem: ``problem``, the sentence; no row where all is well."""
        import pandas as pd

        return pd.DataFrame({"problem": self.problems}, dtype="str")


@dataclass(frozen=True)
class Loss:
    """A version whose artifacts are collected.

    Attributes
    ----------
    ref : str
    known_as : tuple of str
        References by aliases that lead to it too, e.g. ``churn@champion~1``.
    """

    ref: str
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Protection:
    """An archived version whose artifacts stay, and why."""

    ref: str
    reason: str


@dataclass(frozen=True)
class Discarded:
    """What lies in the trash since one day.

    Attributes
    ----------
    day, until : str
        When it was discarded, and until when it stays at least: ISO 8601 dates, UTC.
    blobs, bytes : int
        Bytes on disk.
    """

    day: str
    until: str
    blobs: int
    bytes: int


@dataclass(frozen=True, repr=False)
class Collection(Shown):
    """What ``gc`` freed, or would free.

    Attributes
    ----------
    freed_bytes : int
        On disk.
    blobs : int
    applied : bool
        False for a dry run.
    losses : tuple of Loss
        Archived versions that keep their record and lose their artifacts; none unless it was asked for.
    protected : tuple of Protection
        Archived versions that were asked for too, and keep them.
    trash : tuple of Discarded
        What lies in the trash, oldest first.
    """

    freed_bytes: int
    blobs: int
    applied: bool
    losses: tuple[Loss, ...] = ()
    protected: tuple[Protection, ...] = ()
    trash: tuple[Discarded, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Give one row an archived version: ``ref``, ``known_as``, and why it is ``protected``, if it is."""
        import pandas as pd

        rows = [(loss.ref, ", ".join(loss.known_as), "") for loss in self.losses]
        rows += [(kept.ref, "", kept.reason) for kept in self.protected]
        return pd.DataFrame(rows, columns=["ref", "known_as", "protected"], dtype="str")


@dataclass(frozen=True, repr=False)
class Transfer(Shown):
    """What ``backup``, ``export`` or ``import`` moved.

    Attributes
    ----------
    verb : str
    refs : tuple of str
        Versions it holds; empty for a backup of everything.
    path : str
    bytes : int
        Written.
    files : int
        Written.
    already : tuple of str
        Of an import: those of ``refs`` that were here before.
    problems : tuple of str
        Of a backup: one sentence for each thing that is damaged here, and so was not copied.
    strangers : tuple of str
        Of an import: those of ``refs`` that are signed by a key which is not trusted here.
    """

    verb: str
    refs: tuple[str, ...]
    path: str
    bytes: int
    files: int
    already: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything was whole."""
        return not self.problems

    def to_frame(self) -> pd.DataFrame:
        """Give one row a version that was carried: ``ref``, ``name``, ``version``."""
        import pandas as pd

        parts = [ref.rpartition("@") for ref in self.refs]
        columns = {"ref": self.refs, "name": [part[0] for part in parts], "version": [part[2] for part in parts]}
        return pd.DataFrame(columns, dtype="str").astype({"version": int})


@dataclass(frozen=True)
class Signer:
    """What one key signed in a registry.

    Attributes
    ----------
    key : str
    label : str
        What its owner is called here; ``""`` if nobody said.
    own, trusted : bool
        Whether it is the user's own, and whether what it signed is believed.
    actor : str
        What the key called itself, last.
    commits, versions : int
        How many it signed; versions may have come by import, without a commit here.
    last_at : str
        When it signed last, as it says.
    """

    key: str
    label: str
    own: bool
    trusted: bool
    actor: str
    commits: int
    versions: int
    last_at: str


@dataclass(frozen=True, repr=False)
class RegistrySummary(Shown):
    """Where a registry is, what it holds, who signed it, and whose keys are trusted.

    Attributes
    ----------
    url : str
    models, versions : int
    read_only : bool
    format : int
        0 where there is nothing yet.
    key : str
        The user's own public key; ``""`` before the first signature.
    trusted_keys : tuple of (key, label)
    signers : tuple of Signer
        Each key that signed something here.
    problem : str
        Why the history here is refused; ``""`` if it is not. Then the numbers are those of what can be read.
    remedy : str
        What to do about that.
    later_elsewhere : tuple of str
        Other places where this user saw later commits of this registry, or others in their place.
    """

    url: str
    models: int
    versions: int
    read_only: bool = False
    format: int = 1
    key: str = ""
    trusted_keys: tuple[tuple[str, str], ...] = ()
    signers: tuple[Signer, ...] = ()
    problem: str = ""
    remedy: str = ""
    later_elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class TrustedKey(Shown):
    """A public key, and whether it is trusted on this machine by this user.

    Attributes
    ----------
    key : str
        ``ed25519:<hex>``.
    label : str
        What its owner is called here.
    trusted : bool
        False once it was untrusted.
    """

    key: str
    label: str = ""
    trusted: bool = True


@dataclass(frozen=True, repr=False)
class Acceptance(Shown):
    """A history that is meant as it is, as this user says.

    Attributes
    ----------
    url : str
    seq : int
        The commit at which it ends; 0 if it is empty.
    seen : int
        The last commit that this user had seen at this place, 0 for none.
    refused : str
        Why it was refused until now; ``""`` if it was not.
    """

    url: str
    seq: int
    seen: int
    refused: str = ""
