"""Replace the secrets of a text by marks."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from nbregistry.provenance.redaction.hints import doubtful_lines, may_hold_secret
from nbregistry.provenance.redaction.redacted import CREDENTIAL, MARK_BEGINS, Finding, Redacted, Span, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

_REMEMBERED = 2048
# A value may begin on the next line, or end on a later one; how far that is looked for, in characters.
_REACH = 1 << 12
_GOES_ON = re.compile(r"(?:[=:(,\[\]\\\w]\s*$)|\"\"\"|'''")


@functools.lru_cache(maxsize=_REMEMBERED)
def redact(text: str, *, code: bool = True) -> Redacted:
    """Replace the secrets of a text by marks; what was done once is remembered.

    Parameters
    ----------
    text : str
        Code, with its magics and shell lines; a diff; a value.
    code : bool, default True
        Whether values have quotes; in an output, ``password: 1234`` has none.

    Returns
    -------
    Redacted

    Examples
    --------
    >>> redact('connect(password="correct horse")')
    Redacted(text='connect(password="[redacted: credential]")', found=(Finding(kind='credential', line=1),))
    >>> redact("password = getpass()").found
    ()
    """
    doubtful = doubtful_lines(text, code=code)
    if not doubtful:
        return Redacted(text)
    from nbregistry.provenance.redaction.formed import formed
    from nbregistry.provenance.redaction.keys import private_keys
    from nbregistry.provenance.redaction.named import given_in_code, named_in_line, named_in_output

    spans = list(private_keys(text))
    for start, line in doubtful:
        part = text[start : start + _REACH] if _GOES_ON.search(line) else line
        found = [*formed(line), *given_in_code(part), *named_in_line(line), *(() if code else named_in_output(line))]
        spans += [Span(start + span.start, start + span.stop, span.kind) for span in found]
    return _without(text, spans)


def redact_value(name: str, value: str) -> Redacted:
    """Replace a value by a mark if its name says that it is a secret; else the secrets in it.

    Examples
    --------
    >>> redact_value("api_key", "q8f-1k2").text, redact_value("C", "0.5").text
    ('[redacted: credential]', '0.5')
    """
    if may_hold_secret(f"{name} = ''"):
        from nbregistry.provenance.redaction.named import is_secret

        if is_secret(name, value):
            return Redacted(mark(CREDENTIAL), (Finding(CREDENTIAL, 1),))
    return redact(value)


def _without(text: str, spans: Iterable[Span]) -> Redacted:
    """Put marks where the spans are; of those that overlap, one where they all are."""
    parts: list[str] = []
    found: list[Finding] = []
    end = 0
    for span in _merged(spans):
        old = text[span.start : span.stop]
        if not old or old.startswith(MARK_BEGINS):
            continue
        ends = "\\\n" if "\\\n" in old else "\n"
        parts += [text[end : span.start], mark(span.kind), ends * old.count("\n")]
        found.append(Finding(span.kind, text.count("\n", 0, span.start) + 1))
        end = span.stop
    return Redacted("".join([*parts, text[end:]]), tuple(found))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.stop, span.kind == CREDENTIAL)):
        if merged and span.start < merged[-1].stop:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.stop, span.stop), last.kind)
        else:
            merged.append(span)
    return merged
