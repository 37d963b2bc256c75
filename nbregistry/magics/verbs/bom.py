"""``%nbr bom REF``: the bill of materials of a version, as a CycloneDX document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path, reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.bom import BillOfMaterials
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("--output", metavar="FILE", type=path, help="write the document to FILE, as JSON")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> BillOfMaterials:
    """Call :meth:`Registry.bom`, and write the document to a file if one is named."""
    bom = registry.bom(arguments.ref)
    if arguments.output is None:
        return bom
    from nbregistry.operations.kinds import path as checked
    from nbregistry.operations.new_file import new_file

    place = checked("--output", arguments.output)
    with new_file(place) as file:
        file.write(bom.document.encode())
    return replace(bom, written_to=str(place))


VERB = Verb(
    "bom",
    "Show or write the bill of materials of a version: the model, its data and packages, as CycloneDX.",
    ("%nbr bom tumour@champion", "%nbr bom tumour@3 --output tumour.cdx.json"),
    arguments,
    run,
    command=True,
)
