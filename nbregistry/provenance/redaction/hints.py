"""A cheap test that rules nearly every line out before anything is imported or looked at closely.

It must let through whatever the detectors could find; a test holds each of them against it. Words are looked for first
and patterns only where there are such words: a pattern of many words costs a hundred times as much.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = (
    *("key", "passw", "_pass", "dbpass", "basepass", "keypass", "phrase", "pwd", "token", "secret", "contrase"),
    *("credential", "auth", "bearer", "cookie"),
)
_WORDS = (
    *_NAMES,
    "pass",
    "pw",
    "login",
    "aws",
    "sig=",
    "basic ",
    " -u ",
    "hooks.slack.com",
    "api.softlayer.com",
    "xox",
)
_N = f"(?:{'|'.join(_NAMES)})"
_NAMED = re.compile(
    # A name and what gives it a value: a literal in this line, or one that begins on the next.
    rf"{_N}[\wñ-]{{0,40}}['\"]?\s*(?:\[\d*\]|\])?\s*(?::?=|[:!(,]).*['\"]"
    rf"|{_N}[\wñ-]{{0,40}}(?:['\"]\s*:|['\"]?\s*\]?\s*[=,]|\s*:.*=)[\s(\\]*$"
    rf"|['\"]\s*[!=]=\s*[\w.]{{0,40}}{_N}"
    # Without quotes: in a shell line, a header, a connection string, and what the library takes so.
    rf"|^[+ -]?\s*(?:[!%].*(?:{_N}|\s-u\s)|(?:export|set|curl)\s)"
    r"|(?:bearer|basic|token|apikey)\s+[\w.~+/=-]{8}|(?:login|auth)\s*(?:=\s*)?\("
    rf"|(?:{_N}|sig)=[^\s=(]{{4}}|aws.{{0,30}}(?:key|pw|pass|token).*['\"]"
    r"|(?:key|pwd|pw|password|pass|token)['\"]?\]?\s*(?:=|:|\s)[=:>\s]*['\"]?[\w-]{24}"
    r"|hooks\.slack\.com|api\.softlayer\.com|xox[abposr]-"
)
_LONGEST, _STEP = 4096, 1024
_PRINTED = re.compile(rf"{_N}[\wñ-]{{0,40}}['\"]?\s*[:=]")
_FORMED = (
    *("AKC", "npm_", "A3T", "ABIA", "ACCA", "AKIA", "ASIA", "AccountKey", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *("github_pat_", "glpat", "gldt", "glft", "glsoat", "glrt", "GR1348941", "glcbt", "glimt", "glptt", "glagent"),
    *("gloas", "eyJ", "-us", "_authToken", "sk-", "pypi-Ag", "SG.", "sq0csp-", "k_live_", "hf_", "AIza", "dapi"),
    *("dop_v1_", "PRIVATE KEY", "PuTTY-User-Key"),
)
_PATTERNS = re.compile(
    r"[AMNOS\d:](?:(?<=[MNO])[a-zA-Z\d_-]{23,25}\.[a-zA-Z\d_-]{6}\.|(?<=A)P[\dA-F][a-zA-Z0-9]{8}|(?<=A)C[a-z0-9]{32}"
    r"|(?<=S)K[a-z0-9]{32}|(?<=\d)\d{7,9}:[\w-]{35}|(?<=:)//(?:[^\s/]*|[^\s/:@]*:[^\s]*)@)"
)


def may_hold_secret(text: str, *, code: bool = True) -> bool:
    """Tell whether a text could hold a secret."""
    return bool(doubtful_lines(text, code=code))


def doubtful_lines(text: str, *, code: bool = True) -> list[tuple[int, str]]:
    """Give the lines of a text that could hold a secret, each with the place where it begins."""
    places = {place for form in _FORMED if form in text for place in _places(text, form)}
    places.update(found.start() for found in _PATTERNS.finditer(text))
    sure = dict(_line_at(text, place) for place in places)
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two: places would be wrong
        lowered = text.translate(_LOWER)
    words = {place for word in _WORDS if word in lowered for place in _places(lowered, word)}
    patterns = (_NAMED,) if code else (_NAMED, _PRINTED)
    maybe = dict(_line_at(text, place) for place in words)
    named = {
        start: line
        for start, line in maybe.items()
        if start not in sure and any(pattern.search(line.lower()) for pattern in patterns)
    }
    return sorted((sure | named).items())


_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZÑ"}


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + len(part))


def _line_at(text: str, place: int) -> tuple[int, str]:
    """Give the line around a place; of one that is longer than lines of code are, a part, which overlaps the next."""
    start = text.rfind("\n", 0, place) + 1
    stop = text.find("\n", place)
    stop = len(text) if stop < 0 else stop
    if stop - start > _LONGEST:
        start += max(0, (place - start) // _STEP * _STEP - _STEP)
        stop = min(stop, start + _LONGEST)
    return start, text[start:stop]
