"""What may be required of a version, as values that write themselves as the language has them."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Sign = Literal[">=", "<=", ">", "<"]
SIGNS: Mapping[Sign, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_BARE_NAME = re.compile(r"(?!approved\b)[^\W\d][\w.\-/@]*", re.IGNORECASE)
_BARE_REF = re.compile(r"[^\s,'\"]+")
DIGEST = "sha256:"
"""What a digest of data begins with; an evaluation may have any other name."""
ROWS = "n"
"""Stands where a metric would, for the number of rows; a metric of that name is written in quotes."""


@dataclass(frozen=True)
class Margin:
    """How much.

    Attributes
    ----------
    amount : float
        Above 0.
    relative : bool
        Whether it is so many per cent of the other version's value.
    """

    amount: float
    relative: bool = False

    def of(self, value: float) -> float:
        """Give it as a difference to a value.

        Examples
        --------
        >>> Margin(2, relative=True).of(0.5), Margin(0.01).of(0.5)
        (0.01, 0.01)
        """
        return abs(value) * self.amount / 100 if self.relative else self.amount

    def __str__(self) -> str:
        return f"{_number(self.amount)}{'%' if self.relative else ''}"


@dataclass(frozen=True)
class Threshold:
    """A metric is at least, or at most, a number.

    Attributes
    ----------
    metric, sign, number
    surely : bool
        Whether its one-sided 95% bound has to be so, too.
    on : str
        The name of an evaluation, or what the digest of its data begins with; ``""`` for the newest.
    """

    metric: str
    sign: Sign
    number: float
    surely: bool = False
    on: str = ""

    def __str__(self) -> str:
        surely = "surely " if self.surely else ""
        return f"{_metric(self.metric)} {surely}{self.sign} {_number(self.number)}{_on(self.on)}"


@dataclass(frozen=True)
class RowCount:
    """It was measured on at least, or at most, so many rows."""

    sign: Sign
    number: float
    on: str = ""

    def __str__(self) -> str:
        return f"{ROWS} {self.sign} {_number(self.number)}{_on(self.on)}"


@dataclass(frozen=True)
class Better:
    """A metric is better than another version's, with certainty; and by more than a margin, if there is one.

    Attributes
    ----------
    metric : str
    ref : str
        An alias or a number of the same model, or a whole reference.
    by : Margin or None
    on : str
        As :class:`Threshold` has it.
    """

    metric: str
    ref: str
    by: Margin | None = None
    on: str = ""

    def __str__(self) -> str:
        return f"{_relative(self.metric, 'better than', self.ref, self.by)}{_on(self.on)}"


@dataclass(frozen=True)
class NotWorse:
    """A metric is not worse than another version's with certainty; or, with a margin, surely not by that much."""

    metric: str
    ref: str
    by: Margin | None = None
    on: str = ""

    def __str__(self) -> str:
        return f"{_relative(self.metric, 'not worse than', self.ref, self.by)}{_on(self.on)}"


@dataclass(frozen=True)
class Approved:
    """Somebody who is trusted approved it.

    Attributes
    ----------
    by_another : bool
        Whether that has to be another key than the one that signed the version: four eyes.
    """

    by_another: bool = False

    def __str__(self) -> str:
        return "approved by another" if self.by_another else "approved"


Requirement = Threshold | RowCount | Better | NotWorse | Approved


def excludes(one: Threshold | RowCount, other: Requirement) -> bool:
    """Tell whether no number is within the bounds of both.

    Examples
    --------
    >>> low, high = Threshold("f1", "<=", 0.8), Threshold("f1", ">=", 0.8)
    >>> excludes(low, high), excludes(low, Threshold("f1", ">", 0.8)), excludes(low, Threshold("mcc", ">", 0.9))
    (False, True, False)
    >>> excludes(low, Threshold("f1", ">", 0.8, on="holdout"))
    False
    """
    same = isinstance(other, RowCount) if isinstance(one, RowCount) else _is_of(other, one.metric)
    if not same or not isinstance(other, Threshold | RowCount) or one.sign[0] == other.sign[0] or one.on != other.on:
        return False
    # What passes both lies between the two numbers, or on them if both signs take them in.
    middle = (one.number + other.number) / 2
    return not all(SIGNS[each.sign](middle, each.number) for each in (one, other))


def _is_of(requirement: Requirement, metric: str) -> bool:
    return isinstance(requirement, Threshold) and requirement.metric == metric


def _relative(metric: str, words: str, ref: str, by: Margin | None) -> str:
    return f"{_metric(metric)} {words} {_bare(ref)}" + (f" by {by}" if by else "")


def _on(rows: str) -> str:
    return f" on {_bare(rows)}" if rows else ""


def _bare(text: str) -> str:
    return text if _BARE_REF.fullmatch(text) else _in_quotes(text)


def _metric(name: str) -> str:
    return name if _BARE_NAME.fullmatch(name) and name != ROWS else _in_quotes(name)


def _in_quotes(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
