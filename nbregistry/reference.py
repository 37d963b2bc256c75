"""Names, and references to versions: ``churn@3``, ``churn@champion~1``, ``churn@champion{2026-01-01}``.

A reference is read without looking at a registry; what it points at is the registry's business.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nbregistry.errors import InvalidName

if TYPE_CHECKING:
    from collections.abc import Mapping

LATEST = "latest"
CHAMPION = "champion"
MODEL_NAME_RULE = (
    "a model name is 1 to 255 letters, digits, '_', '-', '.' or spaces of any script, in Unicode form NFC, "
    "not starting with '.' or '-'"
)
ALIAS_RULE = (
    "an alias is 1 to 255 letters, digits, '_' or '-' in Unicode form NFC; not all digits, not 'v' and digits, "
    "not 'latest', not starting with '-'"
)
REFERENCE_RULE = (
    "a version is written NAME@3, NAME@champion, NAME@latest, NAME@champion~1 or NAME@champion{2026-01-01}, in UTC"
)

# Most names are plain: one match instead of a look at each character.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,254}")
_PLAIN_ALIAS = re.compile(r"(?!v\d*$|latest$)[a-z][a-z0-9_-]{0,254}")
_RESERVED_ALIAS = re.compile(r"v?\d+|latest", re.IGNORECASE)
# The letters and marks among Unicode's default-ignorable code points: nothing shows where they stand.
_INVISIBLE = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_STEPS = re.compile(r"(.*?)~(\d{0,6})")
_MOMENT = re.compile(r"(.*?)\{([^{}]{1,40})\}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MODELS_URI = re.compile(r"models:/([^/@]+)(?:/([^/@]+)|@([^/@]+))")
# Version numbers in the log are JSON integers; nine digits keep a mistyped number from becoming a huge one.
_NUMBER = re.compile(r"[vV]?(\d{1,9})")
_RECORDED = re.compile(r"[1-9][0-9]{0,8}")


def check_model_name(name: str) -> str:
    """Return ``name`` if it may name a model.

    Raises
    ------
    InvalidName
        Saying which character is not allowed, and what is.

    Examples
    --------
    >>> check_model_name("churn v2.1")
    'churn v2.1'
    """
    if not isinstance(name, str):
        raise InvalidName(f"a model name is text, not {type(name).__name__}", hint=MODEL_NAME_RULE)
    if _PLAIN_NAME.fullmatch(name):
        return name
    if not 1 <= len(name) <= 255:
        raise InvalidName(f"a model name of {len(name)} characters", hint=MODEL_NAME_RULE)
    if not unicodedata.is_normalized("NFC", name):
        raise InvalidName(f"the model name {name!a} is not in Unicode form NFC", hint=MODEL_NAME_RULE)
    stranger = next((c for c in name if c not in "_-. " and not _is_letter_or_digit(c)), None)
    if stranger == "@":
        model, _, rest = name.partition("@")
        raise InvalidName(
            f"{name!a} names a version; here a model is named",
            nearest=[model] if model else [],
            hint=f"leave out '@{ascii(rest)[1:-1]}'",
        )
    if stranger:
        raise InvalidName(f"{stranger!a} in the model name {name!a}", hint=MODEL_NAME_RULE)
    if name[0] in ".-":
        raise InvalidName(f"the model name {name!r} starts with {name[0]!r}", hint=MODEL_NAME_RULE)
    return name


def check_alias(alias: str) -> str:
    """Return ``alias`` if it may be one.

    Raises
    ------
    InvalidName

    Examples
    --------
    >>> check_alias("champion")
    'champion'
    """
    if isinstance(alias, str) and _PLAIN_ALIAS.fullmatch(alias):
        return alias
    if (
        not isinstance(alias, str)
        or not 1 <= len(alias) <= 255
        or alias[0] == "-"
        or not unicodedata.is_normalized("NFC", alias)
        or not all(c in "_-" or _is_letter_or_digit(c) for c in alias)
        or _RESERVED_ALIAS.fullmatch(look_alike_key(alias))
    ):
        bare = alias.rpartition("@")[2] if isinstance(alias, str) else ""
        near = [bare] if _PLAIN_ALIAS.fullmatch(bare) else []
        raise InvalidName(f"{alias!a} cannot be an alias", nearest=near, hint=ALIAS_RULE)
    return alias


def _is_letter_or_digit(character: str) -> bool:
    # Marks belong to letters: many scripts write their vowels with them.
    return unicodedata.category(character)[0] in "LMN"


def recorded_ref(document: Mapping[str, Any]) -> str:
    """Write the reference of a version, or of the version that an evaluation is of, as it is recorded: ``name@3``.

    Examples
    --------
    >>> recorded_ref({"name": "churn", "version": 3})
    'churn@3'
    """
    return f"{document['name']}@{document['version']}"


@lru_cache(maxsize=1 << 15)  # a lineage of thousands is put in order many times
def name_and_number(ref: str) -> tuple[str, int] | None:
    """Take apart a reference as it is recorded, ``name@3``; ``None`` if it is not of that form.

    Examples
    --------
    >>> name_and_number("churn@3"), name_and_number("churn@²")
    (('churn', 3), None)
    """
    name, _, number = ref.rpartition("@")
    return (name, int(number)) if name and _RECORDED.fullmatch(number) else None


def quoted(text: str) -> str:
    """Write a name or a reference as a magic's line has it.

    Examples
    --------
    >>> quoted("churn@3"), quoted("my model@3")
    ('churn@3', '"my model@3"')
    """
    return f'"{text}"' if " " in text else text


def look_alike_key(name: str) -> str:
    """Fold a name so that look-alikes (case, compatibility forms, what is invisible, blanks) collide.

    Letters of different scripts that resemble each other stay apart: no list of them is complete, and refusing them
    would refuse names in most of the world's scripts.

    Examples
    --------
    >>> look_alike_key("Churn") == look_alike_key("churn") == look_alike_key("churn ")
    True
    """
    # What is invisible may stand between a letter and its mark; a mark that folds to a letter has to be in its place.
    letters = unicodedata.normalize("NFKD", _INVISIBLE.sub("", name))
    return " ".join(unicodedata.normalize("NFKC", letters.casefold()).split())


def instant(text: str) -> datetime | None:
    """Read a time in ISO 8601, in UTC unless it says otherwise; a day is its first moment; ``None`` for anything else.

    Examples
    --------
    >>> instant("2026-01-01T12:00+01:00")
    datetime.datetime(2026, 1, 1, 11, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Reference:
    """What a reference says: a name, and a number or an alias with steps back.

    Attributes
    ----------
    name : str
    version : int or None
        The number, if one was given.
    alias : str or None
        The alias or ``"latest"``, if one was given.
    steps : int
        How many holders back, from ``~n``.
    at : str
        The moment at which the alias's holder is meant, from ``{…}``: a day, or a time in UTC; ``""`` for now.

    Examples
    --------
    >>> Reference.parse("churn@champion~1")
    Reference(name='churn', version=None, alias='champion', steps=1, at='')
    >>> Reference.parse("churn@champion{2026-01-01 12:00}").at
    '2026-01-01T12:00:00Z'
    >>> [str(Reference.parse(text)) for text in ("models:/churn/3", "churn:v3", "models:/churn@champion")]
    ['churn@3', 'churn@3', 'churn@champion']
    """

    name: str
    version: int | None = None
    alias: str | None = None
    steps: int = 0
    at: str = ""

    def __str__(self) -> str:
        back = f"~{self.steps}" if self.steps else f"{{{self.at}}}" if self.at else ""
        return f"{self.name}@{self.alias if self.version is None else self.version}{back}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read a reference in any of the forms that are understood.

        Raises
        ------
        InvalidName
            If it is none of them, or the name or alias in it breaks the rules.
        """
        if not isinstance(text, str):
            raise InvalidName(f"a reference is text, not {type(text).__name__}", hint=REFERENCE_RULE)
        uri = _MODELS_URI.fullmatch(text)
        if uri:
            name, target = uri[1], uri[2] or uri[3]
        else:
            # Neither a name nor an alias may contain "@" or ":", so the first one separates them.
            name, separator, target = text.partition("@" if "@" in text else ":")
            if not separator:
                check_model_name(text)
                raise InvalidName(
                    f"{text!r} names a model, not a version",
                    nearest=[f"{text}@{LATEST}", f"{text}@{CHAMPION}"],
                    hint=REFERENCE_RULE,
                )
        check_model_name(name)
        dated = _MOMENT.fullmatch(target)
        if dated:
            return cls(name, alias=_alias_in(text, dated[1]), at=_moment_in(text, dated[2]))
        stepped = _STEPS.fullmatch(target)
        steps = 0
        if stepped:
            target, steps = stepped[1], int(stepped[2] or "1")
        number = _NUMBER.fullmatch(target)
        if number and not stepped:
            return cls(name, version=int(number[1]))
        if target == LATEST and not stepped:
            return cls(name, alias=LATEST)
        return cls(name, alias=_alias_in(text, target), steps=steps)


def _alias_in(text: str, target: str) -> str:
    """Check the alias in a reference."""
    try:
        return check_alias(target)
    except InvalidName as error:
        raise InvalidName(f"{text!a} is not a reference: {error.message}", hint=REFERENCE_RULE) from None


def _moment_in(text: str, written: str) -> str:
    """Read the moment in a reference; give it in one form, whatever form it was written in."""
    found = instant(written)
    if found is None:
        raise InvalidName(
            f"{text!a} is not a reference: {written!a} is no date", hint="2026-01-31, or 2026-01-31T12:00, in UTC"
        )
    return written if _DAY.fullmatch(written) else found.isoformat().replace("+00:00", "Z")
