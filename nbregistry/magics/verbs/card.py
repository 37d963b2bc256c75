"""``%nbr card REF``: the model card of a version, for somebody who did not make it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path, reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model_card import ModelCard
    from nbregistry.registry import Registry

_PAGES = (".html", ".htm")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    told = "write it to FILE too: as a web page if that ends in .html, else as Markdown"
    parser.add_argument("--output", metavar="FILE", type=path, help=told)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelCard:
    """Call :meth:`Registry.card`, and write the card to a file if one is named."""
    card = registry.card(arguments.ref)
    if arguments.output is None:
        return card
    from nbregistry.operations.kinds import path as checked
    from nbregistry.operations.new_file import new_file

    place = checked("--output", arguments.output)
    text = card.to_page() if place.suffix.lower() in _PAGES else card.to_markdown()
    with new_file(place) as file:
        file.write(text.encode())
    return replace(card, written_to=str(place))


VERB = Verb(
    "card",
    "Show the model card of a version: use, limits, quality, data, origin, and what is not known.",
    ("%nbr card tumour@champion", "%nbr card tumour@3 --output README.md"),
    arguments,
    run,
    notes="""\
Three things only a person can say, and says with tags:
  %nbr tag tumour@3 intended_use="triage by a radiologist" limits="adults only" license=mit""",
    command=True,
)
