"""Which kinds of things a verb takes: names, references, expressions, pairs of key and value, paths, columns.

What kind an argument is, is told by its ``type``, a function of this module: that is what completion goes by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.errors import InvalidName, InvalidRequirement
from nbregistry.magics.expressions import expression
from nbregistry.magics.splitting import text, value
from nbregistry.magics.usage import Unexpanded, WrongUsage
from nbregistry.operations.kinds import number_meant
from nbregistry.reference import CHAMPION, Reference, quoted

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Sequence

    from nbregistry.magics.expressions import Expression
    from nbregistry.model import Scalar

# `expression` and `text` are argument types as well: verbs find all of them in one place.
__all__ = [
    "HOW_REQUIREMENTS_ARE_READ", "HOW_VALUES_ARE_READ", "NUMBER", "USUAL_ALIASES", "alias", "change_options",
    "column", "count", "expression", "filter_text", "format_name", "gated", "isolated_option", "key", "metric",
    "model_name", "named_expression", "number_of", "pair", "path", "plot", "plotted_metric", "reference",
    "refuse_requirement", "refuse_swapped", "refuse_without_at", "registry_url", "require_option", "requirement",
    "sort_key", "steps", "text", "variable",
]  # fmt: skip


USUAL_ALIASES = (CHAMPION, "challenger", "candidate")
# As a shell, IPython or an f-string would have it; no name of a model contains either sign.
_VARIABLE = re.compile(r"[${]+(?P<name>[^\W\d]\w*)\}*")
NUMBER = re.compile(r"v?\d+")
_OF_REQUIREMENTS = re.compile(r"[<>\s]")
HOW_REQUIREMENTS_ARE_READ = """\
What can be required, separated by commas:
  roc_auc >= 0.9                         by the value on the newest evaluation; also <=, > and <
  roc_auc surely >= 0.9                  and by its one-sided 95% bound
  roc_auc better than champion           by verdict, on rows that both were evaluated on; by 0.01, by 2%: surely by more
  roc_auc not worse than champion        the same; by 0.01, by 2%: surely not worse by that much
  roc_auc >= 0.9 on holdout              any but approvals: on the evaluation of that name, and not on the newest
  n >= 500, approved                     rows it was measured on; approved by a key that is trusted
  approved by another                    and that is not the key that registered it
Another version is an alias or a number of the same model, or a whole reference; 'a name' with blanks is quoted."""
HOW_VALUES_ARE_READ = """\
In k=v the value is read as it is written, and nothing in it is evaluated:
  0.5 and 12 are numbers; True, False and None are Python's; anything else is text
  quotes are for text with blanks, note="two words", and for text that looks like a number, batch='12'
  a variable's name is text, too: its value goes in through Python"""


def model_name(token: str) -> str:
    """Read the name of a model."""
    return _words(token)


def reference(token: str) -> str:
    """Read a reference, e.g. ``churn@3``."""
    return _words(token)


def change_options(parser: ArgumentParser, *, reason_required: bool = False) -> None:
    """Add what every verb takes that changes something: a reason, and a look at what it would do."""
    why = "why, for the journal"
    parser.add_argument("--reason", metavar="TEXT", type=text, default="", required=reason_required, help=why)
    parser.add_argument("--dry-run", action="store_true", help="check and show, change nothing")


def isolated_option(parser: ArgumentParser) -> None:
    """Add what the verbs take that load a model only to see that it works."""
    told = "load it and let it predict in a process of its own, which may crash"
    parser.add_argument("--isolated", action="store_true", help=told)


def refuse_without_at(called: str, words: Sequence[str]) -> None:
    """Notice ``churn 1 2``, a name and numbers, where references stand: ``churn@1 churn@2``.

    Raises
    ------
    WrongUsage
    """
    name, *numbers = words
    if "@" not in name and ":" not in name and numbers and all(map(NUMBER.fullmatch, numbers)):
        refs = [quoted(f"{name}@{number}") for number in numbers]
        raise WrongUsage("a version is written NAME@NUMBER", hint=" ".join((called, *refs)))


def refuse_swapped(called: str, ref: str, *others: str) -> None:
    """Notice ``churn.zip churn@1`` where it should be ``churn@1 churn.zip``: the reference comes first.

    Raises
    ------
    WrongUsage
    """
    meant = next(filter(_is_reference, others), None)
    if meant is not None and not _is_reference(ref):
        words = map(quoted, (meant, ref, *(other for other in others if other is not meant)))
        raise WrongUsage(f"{ref!r} is not a version, {meant!r} is one: it comes first", hint=" ".join((called, *words)))


def _is_reference(text: str) -> bool:
    try:
        Reference.parse(text)
    except InvalidName:
        return False
    return True


def alias(token: str) -> str:
    """Read an alias."""
    return text(token)


def metric(token: str) -> str:
    """Read the name of a metric."""
    return text(_without_comma(token))


def plot(token: str) -> str:
    """Read the name of a plot."""
    return text(token.removesuffix(","))


def plotted_metric(token: str) -> str:
    """Read the name of a metric to draw, e.g. ``metrics.roc_auc``."""
    return text(token.removesuffix(","))


def sort_key(token: str) -> str:
    """Read what to sort by, e.g. ``-metrics.roc_auc``."""
    return text(token)


def filter_text(token: str) -> str:
    """Read a filter."""
    return text(token)


def requirement(token: str) -> str:
    """Read what is required of a version."""
    return text(token)


def refuse_requirement(words: str, instead: str) -> None:
    """Notice a requirement where an alias stands.

    Parameters
    ----------
    words : str
        What stands there.
    instead : str
        The line in which it would be one, with ``{}`` in its place.

    Raises
    ------
    WrongUsage
    """
    if not _OF_REQUIREMENTS.search(words):
        return
    from nbregistry.operations.gates.parsing import read

    try:
        read(words)
    except InvalidRequirement:
        return
    raise WrongUsage(f"{words!r} is a requirement, and here stands an alias", hint=instead.format(f'"{words}"'))


def gated(token: str) -> str:
    """Read what a policy is for: ``churn@champion``, or an alias."""
    return _words(token)


def require_option(parser: ArgumentParser) -> None:
    """Add what a version has to show; it may be given several times."""
    parser.add_argument(
        "--require",
        metavar="TEXT",
        type=requirement,
        action="append",
        default=[],
        help='what it has to show, e.g. "roc_auc >= 0.9, roc_auc not worse than champion"',
    )


def count(token: str) -> int:
    """Read how many are shown at most."""
    if not token.isascii() or not token.isdigit():
        raise WrongUsage(f"--limit takes a number, not {token!r}", hint="--limit 20")
    return int(token)


def steps(token: str) -> int:
    """Read how many steps away something may be."""
    if not token.isascii() or not token.isdigit() or len(token) > len("999999"):
        raise WrongUsage(f"--depth takes a number, not {token!r}", hint="--depth 2")
    return int(token)


def number_of(option: str) -> Callable[[str], float]:
    """Give what reads the number of an option, such as 0.05, and names the option where it is none."""

    def number(token: str) -> float:
        written = text(token)
        try:
            return float(written)
        except ValueError:
            told = f"{option} takes a number, not {written!a:.60}"
            raise WrongUsage(told, nearest=number_meant(written), hint=f"--{option} 0.05") from None

    return number


def column(token: str) -> str:
    """Read the name of a column."""
    return text(token)


def path(token: str) -> str:
    """Read a file, a folder or a URL."""
    return text(token)


def registry_url(token: str) -> str:
    """Read the folder or URL of a registry."""
    return text(token)


def key(token: str) -> str:
    """Read a public key."""
    return text(token)


def format_name(token: str) -> str:
    """Read the name of a format."""
    return text(token)


def variable(token: str) -> str:
    """Read the name of a variable to bind."""
    name = text(token)
    if not name.isidentifier():
        raise WrongUsage(f"{name!r} cannot be the name of a variable", hint="--as clf")
    return name


def pair(token: str) -> tuple[str, Scalar]:
    """Read ``key=value``: the value is a Python literal, else text.

    Examples
    --------
    >>> pair("team=onco"), pair("C=0.5"), pair('note="two words"'), pair('"two words"=1')
    (('team', 'onco'), ('C', 0.5), ('note', 'two words'), ('two words', 1))
    >>> pair("team=onco,"), pair('team="onco,"')
    (('team', 'onco'), ('team', 'onco,'))
    """
    name, separator, written = _cut_at_equals(_without_comma(token))
    if not separator or not name:
        raise WrongUsage(
            f"{token!r} is not of the form key=value",
            hint='team=onco without blanks around the =, note="two words", and names before options of several values',
        )
    return name, value(written)


def named_expression(token: str) -> tuple[str, Expression]:
    """Read ``name=expression``: what is right of the sign is Python.

    Examples
    --------
    >>> name, prices = named_expression("prices=frame[['day', 'price']]")
    >>> name, prices.text
    ('prices', "frame[['day', 'price']]")
    """
    name, separator, written = _cut_at_equals(_without_comma(token))
    if not separator or not name or not written:
        raise WrongUsage(f"{token!r} is not of the form NAME=EXPRESSION", hint="--data prices=prices_frame")
    return name, expression(written)


def _words(token: str) -> str:
    words = text(_without_comma(token))
    if _VARIABLE.search(words):
        whole = _VARIABLE.fullmatch(words)
        formatted = _VARIABLE.sub(lambda found: f"{{{found['name']}}}", words)
        raise Unexpanded(words, whole["name"] if whole else f'f"{formatted}"')
    return words


def _without_comma(token: str) -> str:
    # "churn@1, churn@2" is what one writes in Python; in a line of ours a comma separates nothing.
    return token.removesuffix(",")


def _cut_at_equals(token: str) -> tuple[str, str, str]:
    if token[:1] in ("'", '"'):
        end = token.find(token[0], 1)
        if end != -1 and token[end + 1 : end + 2] == "=":
            return token[1:end], "=", token[end + 2 :]
        # The whole pair in quotes, as a shell user writes it.
        token = text(token)
    return token.partition("=")
