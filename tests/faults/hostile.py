"""What people write, and what nobody should: texts, names, numbers and file names that act, hide, collide or overflow.

What a look-alike is, is decided here by pairs: names that differ only in case, in Unicode form (NFC, NFKC), in
invisible characters or in blanks. Confusables of different scripts (a Latin and a Cyrillic ``a``) are two names:
whoever refuses them refuses half of the world's words, and a list of them is never complete.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from nbregistry.display.visible import visible

if TYPE_CHECKING:
    from typing import Any

PATHS = [
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\boot.ini",
    "\\\\host\\share\\x",
    "%2e%2e%2f%2e%2e%2fkey",
    "..%252f..%252fkey",
    "file:///etc/passwd",
    "http://example.invalid/x?y=1&z=<b>#f",
    "javascript:alert(document.domain)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "models:/m/1",
    "m@champion~1",
    "~/.ssh/id_rsa",
    "CON",
    "nul.txt",
    "name. ",
    ".hidden",
    "a//b",
]
MARKUP = [
    "<script>document.title = 'acted'</script>",
    '"><img src=x onerror="document.title=\'acted\'">',
    "' onmouseover='alert(1)' x='",
    "</style></div></table><b>",
    "</title><svg/onload=document.title='acted'>",
    "</textarea></script><iframe src=//example.invalid></iframe>",
    "<style>@import '//example.invalid/x.css'; * {display: none}</style>",
    "<base href=//example.invalid><link rel=stylesheet href=//example.invalid/y.css>",
    "<meta http-equiv=refresh content='0;url=//example.invalid'>",
    "<form action=//example.invalid><input autofocus onfocus=alert(1)><button>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<!-- <![CDATA[ ]]> <?php",
    "&lt;b&gt;&amp;&#0;&#x202e;&NewLine;",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "\x00<\x00script\x00>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1)) ![x](//example.invalid/z.png) **b** `c` | d |",
    "$$\\def\\x{\\x}\\x$$ \\(\\href{javascript:alert(1)}{x}\\) \\begin{equation}",
]
TEMPLATES = [
    "{{ 7 * 7 }}{% raw %}{# #}",
    "{{ self.__init__.__globals__ }}",
    "${7*7} #{7*7} <%= 7*7 %> {0.__class__} %(x)s %s %n",
    "$\\frac{1}{0}$ \\input{x}",
    "$(touch acted) `touch acted` ; touch acted | touch acted && touch acted #",
    "'; DROP TABLE versions; --",
    "__proto__",
    "constructor.prototype",
    "$float",
    "$$int",
    "__class__.__init__",
    "--json",
    "-h",
    "--help",
    "-",
    "--",
    "@file",
    "%versions",
    "!touch acted",
    "what?",
    "x;",
    "#",
    "=1+1",
    "a=b",
    'say "it\'s" \\',
    '"x"',
    "'12'",
    "12",
    "None",
    "nan",
    "(a+)+$",
    ".*[",
    "a, b",
    " ",
    "  leading and trailing  ",
]
ACTING = [
    "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "\x1b]8;;http://example.invalid\x1b\\link\x1b]8;;\x1b\\",
    '\x1bP$q"p\x1b\\ \x1b[6n \x90 \x9d',
    "\u202egpj.exe\u2066\u200f\u061c",
    "\u2067rtl\u2069\u202a\u202b\u202c\u202d",
    "one\ntwo\r\nthree\u2028four\x0b\x0c\x00\x85five\u2029",
    "churn@1\n  next: %nbr gc --apply",
    "tab\tbackspace\x08delete\x7f",
    "soft\u00adhyphen \u200bzero\u2060width\ufeff",
    "tags \U000e0041\U000e007f \ufff9note\ufffb",
    "\u180e\U0001d173\U0001bca0",
    "\x00",
    "\x01",
]
SCRIPTS = [
    "模型 נסיון ❤️‍🔥 مدل",
    "e\u0301 \u1e69 s\u0323\u0307 ﬁ Å \u212b",
    "\u3164 \u115f \u034f",
    "Z" + "\u0300" * 60,
    "\ufdd0\uffff\U0010ffff",
    "\ue000",
    "İıſßẞ",
]
TEXTS = [*PATHS, *MARKUP, *TEMPLATES, *ACTING, *SCRIPTS]
"""Each can be kept: in every place that takes any text it comes back as it is."""

HALVES = ["\ud800", "x\udfffx", "\udc80", "lone \ud83d half", "\udcff\n<b>"]
"""No file in UTF-8 holds these: refused by whatever would keep them."""

REFUSED_NAMES = [text for text in TEXTS if any(c in "/\\:<>\"'`$;|&%?*#!~@=,()[]{}+^\n\r\t\x00\x1b" for c in text)] + [
    "",
    ".",
    "..",
    ".x",
    "-x",
    "a\u200bb",
    "e\u0301",
    "x" * 256,
    "a\u00a0b",
    "❤️‍🔥",
    *HALVES,
    *ACTING,
]
"""None of them names a model."""

ODD_NAMES = ["CON", "nul.txt", "aux", "name.", "name ", "__proto__", "constructor", "latest", "champion", "3", "v3",
             "None", "log", "모델", "مدل", "x" * 255, "a..b", "_", " ", "1e5", "null", "__init__"]  # fmt: skip
"""Any of them may name a model: no file is called by it, and it is never taken for anything else."""

TWINS = [
    ("churn", "Churn"),
    ("churn", "CHURN"),
    ("churn", "churn "),
    ("two words", "two  words"),
    ("straße", "STRASSE"),
    ("ﬁt", "fit"),
    ("K", "\u212a"),  # NFC makes the Kelvin sign a K: the second is refused as such
    ("caf\u00e9", "cafe\u0301"),  # and this one, in form NFD, too
    ("ｃhurn", "churn"),
    ("x²", "x2"),
    ("Ⅳ", "iv"),
    ("ς", "σ"),
    ("tum\ufe0four", "tumour"),
    ("a\u3164b", "ab"),
    ("ǅ", "dž"),
]
"""Of each pair at most one can exist, whichever came first."""

NOT_TWINS = [("paypal", "pаypal"), ("churn1", "churnl"), ("churn", "churn2"), ("ı", "i")]
"""These may both exist: letters that are told apart by their code points alone."""

NUMBERS: dict[str, Any] = {
    "nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "-0.0": -0.0, "0": 0, "tiny": 5e-324,
    "largest": 1.7976931348623157e308, "third": 1 / 3, "2**53+1": 2**53 + 1, "2**63": 2**63, "2**64+1": 2**64 + 1,
    "-2**63-1": -(2**63) - 1, "true": True, "600 digits": 10**600 + 7, "none": None,
}  # fmt: skip

FILE_NAMES = ["CON", "nul.txt", "LPT1", "com¹", "a.", "a ", "a:b", "a\\b", "a\nb", "a\x1b[31m"]
"""A file of this name cannot be carried to every system."""


def twin(text: str) -> str:
    """Give a harmless text that takes as much room as a hostile one, with its blanks and lines where they were."""
    return "".join(c if c in " \n" else "x" * len(visible(c)) for c in text)


def is_plain(text: str) -> bool:
    """Tell whether no character of a text acts instead of showing."""
    # Joiners hold scripts and emoji together; signs like U+0600 stand before a number and are seen.
    shown = "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in shown for c in text)
