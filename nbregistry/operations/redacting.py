"""What a caller states, without the secrets in it, and what to say about those.

A value that is a secret is the one thing that does not come back as it was given: a registry is copied, exported and
shown to colleagues. Everything else is kept exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.provenance.redaction import redact, redact_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import Scalar

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
