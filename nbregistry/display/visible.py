"""Make visible what text can hide: control, escape and direction characters, and halves of characters.

Whatever a user wrote may be shown, none of it may act: an escape sequence must not colour or clear a terminal,
a line break must not fake another line, and a direction override must not turn ``gpj.exe`` into ``exe.jpg``.
Each such character is replaced by a sign or by its code point, so nothing is silently lost either.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: terminals obey them
    "\u00ad\u180e"  # soft hyphen, Mongolian vowel separator
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # direction marks, invisible operators
    "\u2028\u2029"  # line and paragraph separators
    "\ufeff\ufff9-\ufffb"  # byte-order mark, interlinear annotations
    "\ud800-\udfff"  # lone surrogates: no encoding takes them
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # layout of hieroglyphs, shorthand, music
    "\U000e0000-\U000e007f"  # tags
    "]"
)
_PICTURES = 0x2400  # U+2400 … U+241F picture the characters U+0000 … U+001F
_DELETE = 0x7F


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\u2421"
    return f"\u27e8U+{code:04X}\u27e9"


def visible(text: str) -> str:
    r"""Replace every character that acts instead of showing.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        One line, without control, escape or bidi characters, encodable as UTF-8.

    Examples
    --------
    >>> visible("a\x1b[31mred\nnext")
    'a␛[31mred␊next'
    >>> visible("user\u202egpj.exe")
    'user⟨U+202E⟩gpj.exe'
    """
    return _HIDDEN.sub(_sign, text)


def short_ref(ref: str, length: int = 24) -> str:
    """Write a reference so that its number is in sight, however long the name is; a text without ``@`` is cut.

    Examples
    --------
    >>> short_ref("churn@3"), short_ref(f"{'W' * 255}@12", 8), short_ref("a long sentence", 8)
    ('churn@3', 'WWWWWWW…@12', 'a long …')
    """
    name, at, number = ref.rpartition("@")
    return f"{clip(visible(name), length)}{at}{number}" if at else clip(visible(ref), length)


def clip(text: str, length: int) -> str:
    """Cut long text, with an ellipsis that says so.

    Examples
    --------
    >>> clip("a long sentence", 8)
    'a long …'
    """
    return text if len(text) <= length else text[: length - 1] + "\u2026"
