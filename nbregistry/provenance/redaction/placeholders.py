"""What stands where a secret will be: templates, stars, nothing."""

from __future__ import annotations

import re

from nbregistry.provenance.redaction.redacted import MARK_BEGINS

_ESCAPES = re.compile(r"(?:\\[nrt])+")
_VARIABLE = re.compile(r"\$\w+")
_NOTHING = ("none", "null", "true", "false", "%s", "...")


def is_placeholder(value: str) -> bool:
    """Tell what is not a value: ``"{password}"``, ``"<token>"``, ``"$TOKEN"``, ``"***"``, a mark of ours."""
    return (
        not any(character.isalnum() for character in value)
        or value.startswith((MARK_BEGINS, "%(", "${", "{{"))
        or (value[0], value[-1]) in (("{", "}"), ("<", ">"))
        or value.lower() in _NOTHING
        or _ESCAPES.fullmatch(value) is not None
        or _VARIABLE.fullmatch(value) is not None
    )
