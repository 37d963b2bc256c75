"""What a caller states and a notebook ran, without the secrets in it, and what to say about those.

A value that is a secret is the one thing that does not come back as it was given: a registry is copied, exported and
shown to colleagues. Everything else is kept exactly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbregistry.provenance.redaction import redact, redact_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import ReadFile, Scalar
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.provenance.slicing.result import Slice

Warnings = tuple[str, ...]


def text_without_secrets(what: str, text: str) -> tuple[str, Warnings]:
    """Give a text without its secrets, and a warning if there were any.

    Examples
    --------
    >>> text_without_secrets("the description", "a small tree")
    ('a small tree', ())
    """
    redacted = redact(text)
    kinds = ", ".join(dict.fromkeys(found.kind for found in redacted.found))
    return redacted.text, (f"{what} held a secret, which was not kept: {kinds}",) if kinds else ()


def values_without_secrets(kind: str, values: Mapping[str, Scalar]) -> tuple[dict[str, Scalar], Warnings]:
    """Give values without the secrets among them, and a warning for each of those.

    Parameters
    ----------
    kind : str
        ``"parameter"`` or ``"tag"``.
    values : dict

    Examples
    --------
    >>> values_without_secrets("parameter", {"C": 0.5, "api_key": "q8f-1k2"})
    ({'C': 0.5, 'api_key': '[redacted: credential]'}, ('the parameter api_key looks like a secret: it is kept as \
[redacted: credential]',))
    """
    kept: dict[str, Scalar] = dict(values)
    warnings: list[str] = []
    for name, value in values.items():
        if isinstance(value, str):
            redacted = redact_value(name, value)
            if redacted.found:
                kept[name] = redacted.text
                warnings.append(f"the {kind} {name} looks like a secret: it is kept as {redacted.text}")
    return kept, tuple(warnings)


def file_without_secrets(file: ReadFile) -> ReadFile:
    """Give a file whose address holds no password.

    Examples
    --------
    >>> from nbregistry.model import ReadFile
    >>> file_without_secrets(ReadFile("https://ada:hunter2pass@host/churn.csv")).path
    'https://ada:[redacted: Basic Auth Credentials]@host/churn.csv'
    """
    return replace(file, path=redact(file.path).text)


def code_without_secrets(code: RecordedCode) -> RecordedCode:
    """Put a mark in the place of each secret in what a notebook ran, and say so."""
    told: list[str] = []
    cells = []
    for cell in code.cells:
        clean = redact(cell.source)
        error = redact(cell.error, code=False).text if cell.error else ""
        told += [f"cell [{cell.number}], line {finding.line}: {finding.kind} left out" for finding in clean.found]
        is_clean = not clean.found and error == cell.error
        cells.append(cell if is_clean else replace(cell, source=clean.text, error=error))
    return replace(
        code,
        slice=_slice_without_secrets(code.slice),
        cells=tuple(cells),
        redacted=tuple(told),
        files=tuple(map(file_without_secrets, code.files)),
    )


def _slice_without_secrets(found: Slice) -> Slice:
    return replace(
        found,
        parts=tuple(replace(part, source=redact(part.source).text) for part in found.parts),
        targets=tuple(redact(target).text for target in found.targets),
        reads=tuple((name, redact(text).text) for name, text in found.reads),
        training=tuple(redact(text).text for text in found.training),
        doubts=tuple(redact(sentence, code=False).text for sentence in found.doubts),
    )
