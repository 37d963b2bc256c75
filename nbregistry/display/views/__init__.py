"""One module for each noun: what its display must answer at a glance.

A view is a function from the noun to a :class:`~nbregistry.display.blocks.Card`. Which module shows which noun stands
in one table, by name, so that showing one thing imports neither the others nor their nouns.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from nbregistry.display.blocks import Card

_VIEWS = {
    "ModelVersion": "version",
    "Versions": "versions",
    "ModelCard": "model_card",
    "BillOfMaterials": "bom",
    "RegisteredModel": "models",
    "Models": "models",
    "Event": "journal",
    "Journal": "journal",
    "AliasLog": "alias_log",
    "JournalFile": "journal_file",
    "JournalProof": "journal_proof",
    "Check": "move",
    "Move": "move",
    "Assessment": "assessment",
    "Policy": "policy",
    "Policies": "policies",
    "Evaluation": "evaluation",
    "Evaluations": "evaluations",
    "Comparison": "comparison",
    "Plots": "plotted",
    "WeakSlices": "slices",
    "Lineage": "lineage",
    "Verification": "verification",
    "Collection": "collection",
    "Transfer": "transfer",
    "Reproduction": "reproduction",
    "Inspection": "inspection",
    "RecordedCode": "code",
    "RegistrySummary": "registry",
    "Registry": "registry",
    "TrustedKey": "trusted_key",
    "Acceptance": "acceptance",
}


def card_of(shown: Any) -> Card:
    """Build the card of a noun.

    Parameters
    ----------
    shown : Shown
        An instance of a class named in the table above, or of a subclass.

    Returns
    -------
    Card

    Raises
    ------
    TypeError
        For anything else.
    """
    for kind in type(shown).__mro__:
        module = _VIEWS.get(kind.__name__)
        if module and kind.__module__.startswith("nbregistry."):
            return cast("Card", import_module(f"nbregistry.display.views.{module}").card(shown))
    raise TypeError(f"nbregistry has no display for {type(shown).__name__}")
