"""What a shell is told: the notebook's magics, wherever they are named as the next step, in the command line's words.

Hints and displays are written for notebooks, once. Here, at the edge, ``%versions churn`` becomes
``nbregistry versions churn``, on the registry that was asked about; what somebody else wrote is not touched.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import Card, Commands, Span
from nbregistry.magics.splitting import split, text

if TYPE_CHECKING:
    from collections.abc import Collection

# "events = %nbr log" is Python around it, and data to evaluate on are variables: those stay a notebook's.
_MAGIC = re.compile(r"(?<![\w%])(?<!= )%(?:nbr )?(?P<verb>[a-z]+)(?=(?P<of_variables>[^;%]* --(?:on|weights)\b)?)")
_SAFE = re.compile(r"[\w@%+=:,./~…-]+")
_ACTIVE = re.compile(r'["$`\\!]')


@dataclasses.dataclass(frozen=True)
class ShellWords:
    """How a shell says it.

    Attributes
    ----------
    verbs : collection of str
        Those that the command line has.
    registry : str
        What ``--registry`` was given; ``""`` for nothing.

    Examples
    --------
    >>> words = ShellWords({"versions", "promote"}, "../shared")
    >>> words.in_text("%versions lists the models")
    'nbregistry versions --registry ../shared lists the models'
    >>> words.in_command('%promote "my model@2"')
    'nbregistry promote --registry ../shared "my model@2"'
    """

    verbs: Collection[str]
    registry: str = ""

    def in_text(self, words: str) -> str:
        """Translate the magics in a sentence of ours; those that need a notebook stay as they are."""
        return _MAGIC.sub(self._called, words)

    def in_hint(self, hint: str) -> str:
        """Translate a hint, and say so where it still needs a notebook."""
        spoken = self.in_text(hint)
        return f"in a notebook: {spoken}" if spoken.startswith("%") else spoken

    def in_command(self, command: str) -> str:
        """Translate a whole command, its arguments quoted as a shell reads them."""
        magic = _MAGIC.match(command)
        if magic is None or self._called(magic) == magic[0]:
            return command
        arguments = split(command[magic.end() :]).tokens
        if any(token.startswith(('"-', "'-")) for token in arguments):  # a shell takes the quotes off an option, too
            return command
        return " ".join([self._called(magic), *map(_quoted, arguments)])

    def in_card(self, card: Card) -> Card:
        """Translate a display: what to type next, and magics in our own words."""
        translated: Card = self._part(card)
        return translated

    def _called(self, magic: re.Match[str]) -> str:
        if magic["verb"] == "help":
            return "nbregistry help"
        if magic["verb"] == "pip":
            return "pip"
        if magic["verb"] not in self.verbs or magic["of_variables"]:
            return magic[0]
        return f"nbregistry {magic['verb']}" + (f" --registry {_quoted(self.registry)}" if self.registry else "")

    def _part(self, part: Any) -> Any:
        if isinstance(part, Commands):
            items = [(self.in_command(command), told) for command, told in part.items]
            return Commands(
                part.title,
                tuple((said, f"{told}, in a notebook" if said.startswith("%") else told) for said, told in items),
            )
        if isinstance(part, Span):
            if part.kind == "user" or "%" not in part.text:
                return part
            translate = self.in_command if part.kind == "code" else self.in_text
            return dataclasses.replace(part, text=translate(part.text))
        if isinstance(part, tuple):
            return tuple(map(self._part, part))
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            fields = {field.name: self._part(getattr(part, field.name)) for field in dataclasses.fields(part)}
            return dataclasses.replace(part, **fields)
        return part


def _quoted(token: str) -> str:
    """Quote a token of a magic's line for a shell, so that the verb is given the same."""
    if _SAFE.fullmatch(token):
        return token
    # The quotes in n='12' are the verb's to read; those around a whole text are a shell's as well.
    given = text(token)
    return shlex.quote(given) if _ACTIVE.search(given) else f'"{given}"'
