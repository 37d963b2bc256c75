"""Secrets that are known by the name that they are given to."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from nbregistry.provenance.redaction.literals import literals
from nbregistry.provenance.redaction.placeholders import is_placeholder
from nbregistry.provenance.redaction.redacted import CREDENTIAL, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME = 80
_MOST_WORDS = 2
_NAME = re.compile(r"[\w. -]+")  # and no path, as /etc/passwd is one
# Besides the library's names. The value of the weaker ones must look like a secret: words have tokens too.
_MORE_NAMES = ("api[-_ ]?key", "pass_?phrase", "secret[-_ ]?key")
_STEMS = ("key", "pass", "pwd", "secret", "contrase")
_WEAK = re.compile(r"(?i)(?:token|auth|authorization|credentials?|access[-_]?key|bearer|cookie)s?$")
# What such a name says about a secret is not the secret: password_field, SECRET_NAME, api_key_env.
_ABOUT = re.compile(
    r"(?i)[_-]?(?:names?|fields?|labels?|env|vars?|variables?|path|file(?:name)?|dir|folder|url|uri|endpoint|column|"
    r"types?|hint|prompt|title|text|message|msg|error|help|id|ids|arn|length|len|size|format|regex|re|pattern|header|"
    r"params?|prefix|suffix|placeholder|policy|provider|manager|store|version|algorithm|algo|hash(?:er)?|method|"
    r"keyword|kind|description|doc|required|enabled|detector)$"
)
_STRONG = re.compile(r"(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[^\s]{12,}")
_CONNECTION = re.compile(
    r"(?i)(?<=[;\"'?&\s])(?:password|pwd|sharedaccesskey|accountkey|api[_-]?key|access_?token|client_secret|sig)="
    r"(?P<value>[^;&\s\"'{}<>%$*()\[\],\\]{4,})(?=[;&\"'\\#\s]|$)"
)
_HEADER = re.compile(r"(?i:bearer|basic|token|apikey)\s+(?P<value>[A-Za-z0-9._~+/=-]{8,})")
_SHELL = re.compile(
    r"(?i)(?:--?[\w-]*(?:passw(?:or)?d|pwd|token|secret|api[-_]?key)[\w-]*[=\s]\s*"
    r"|\b[\w]*(?:passw(?:or)?d|pwd|token|secret|api_?key|access_?key)\w*(?:=|\s)\s*"
    r"|\s-u\s*[^\s:'\"]+:)"
    r"(?P<value>[^\s'\"$;|&]{4,})"
)
_IS_SHELL = re.compile(r"[+ -]?\s*(?:[!%]|export\s|set\s|curl\s)")
_PAIR = re.compile(
    r"(?i)(?:\bauth\s*=\s*\(|\b(?:HTTP\w*Auth|login)\()\s*(?P<user>\"[^\"\n]*\"|'[^'\n]*'|[\w.]+)\s*,\s*[rbfu]?[\"']$"
)
_PRINTED = re.compile(r"(?m)(?P<name>[\w.-]{2,60})[\"']?\s*(?:=|:)\s*(?P<value>[^\s\"',;{}<>\[\]()]{4,})")


@functools.cache
def _strong_names() -> re.Pattern[str]:
    from detect_secrets.plugins.keyword import DENYLIST

    return re.compile("|".join((*DENYLIST, *_MORE_NAMES)), re.IGNORECASE)


def _may_be_strong(name: str) -> bool:
    """Rule a name out without the library, whose import takes a tenth of a second: many parameters have tokens."""
    lowered = name.lower()
    return any(stem in lowered for stem in _STEMS)


def is_secret(name: str, value: str, *, surely: bool = False) -> bool:
    """Tell whether a value is a secret because of the name it is given to.

    Parameters
    ----------
    name, value : str
    surely : bool, default False
        Only if the value looks like one, too.
    """
    name, value = name.strip()[-_LONGEST_NAME:], value.strip()
    words = len(name.split())
    if not _NAME.fullmatch(name) or words > (1 if surely else _MOST_WORDS) or is_placeholder(value):
        return False
    looks = _STRONG.fullmatch(value) is not None and not _is_a_place(value)
    if not _may_be_strong(name) or _strong_names().search(name) is None:
        return looks and _WEAK.search(name) is not None
    if surely or _ABOUT.search(name) or (name.lower().endswith("pwd") and _is_a_place(value)):
        return looks
    return not _names_a_secret(value)


def _is_a_place(value: str) -> bool:
    return value.startswith(("/", "./", "../", "~")) or "://" in value


def _names_a_secret(value: str) -> bool:
    """Tell ``"OPENAI_API_KEY"``, ``"password"`` and sentences about one from a secret."""
    return _strong_names().search(value) is not None and re.fullmatch(r"[A-Za-z_ .:-]+", value) is not None


def given_in_code(text: str) -> Iterator[Span]:
    """Find literals that are given to names of secrets.

    Read from where it may be given and not from the beginning: half of a diff would turn code and strings round.
    """
    for found in literals(text):
        if is_secret(found.name, found.body, surely=found.listed) or (
            found.follows
            and not is_placeholder(found.body)
            and _PAIR.search(text[max(0, found.start - 200) : found.start])
        ):
            yield Span(found.start, found.stop, CREDENTIAL)


def named_in_line(line: str) -> Iterator[Span]:
    """Find what headers, connection strings and shell lines say in one line."""
    for found in _HEADER.finditer(line):
        if any(character.isdigit() for character in found["value"]):
            yield Span(*found.span("value"), CREDENTIAL)
    yield from _values(_CONNECTION, line)
    if _IS_SHELL.match(line):
        yield from _values(_SHELL, line)


def named_in_output(text: str) -> Iterator[Span]:
    """Find what is given to names of secrets in text that is no code, where values have no quotes."""
    for found in _PRINTED.finditer(text):
        if is_secret(found["name"], found["value"]):
            yield Span(*found.span("value"), CREDENTIAL)


def _values(pattern: re.Pattern[str], line: str) -> Iterator[Span]:
    for found in pattern.finditer(line):
        if not is_placeholder(found["value"]):
            yield Span(*found.span("value"), CREDENTIAL)
