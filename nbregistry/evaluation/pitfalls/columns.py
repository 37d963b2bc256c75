"""Columns that a model was fitted on, held against those that it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.reference import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 3
_KEPT_ASIDE = 4
"""More columns that no model was fitted on are another preparation, not groups to compare by."""
_SAME_COLUMNS = "give the columns it was fitted on, prepared in the same way"


@dataclass(frozen=True)
class Amiss:
    """What is amiss with the columns of X; nothing where the model has not kept their names.

    Attributes
    ----------
    missing : tuple of str
        Those that the model was fitted on, and X lacks.
    strange : tuple of str
        Those that X has, and the model was not fitted on.
    is_reordered : bool
        Whether X has the same columns in another order.

    Examples
    --------
    >>> Amiss(missing=("age",), strange=("aeg",)).told
    "X lacks 'age', and has 'aeg' that it was not fitted on"
    >>> Amiss(strange=("town",)).hint.partition(";")[0]
    '--keep town leaves that out of what it is asked, and keeps it'
    """

    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    is_reordered: bool = False

    @property
    def told(self) -> str:
        """Which columns these are; ``""`` for none."""
        if self.is_reordered:
            return "X has the same columns in another order"
        lacks = f"lacks {_listed(self.missing)}" if self.missing else ""
        has = f"has {_listed(self.strange)} that it was not fitted on" if self.strange else ""
        found = ", and ".join(filter(None, (lacks, has)))
        return f"X {found}" if found else ""

    @property
    def hint(self) -> str:
        """What to do: columns that are only too many can stand beside the rows."""
        if self.is_reordered:
            return "X[model.feature_names_in_] has them in the order it was fitted on"
        if self.missing or not 0 < len(self.strange) <= _KEPT_ASIDE:
            return _SAME_COLUMNS
        names = " ".join(map(quoted, self.strange))
        aside = f"--keep {names} leaves that out of what it is asked, and keeps it; of %compare, --by {names} does"
        return f"{aside}; or {_SAME_COLUMNS}"


def columns_amiss(model: Any, X: Any) -> Amiss:
    """Hold the columns of X against those that a model was fitted on."""
    features = [str(name) for name in getattr(model, "feature_names_in_", ())]
    given = [str(name) for name in getattr(X, "columns", ())]
    if not features or not given:
        return Amiss()
    known, there = set(features), set(given)
    return Amiss(
        tuple(name for name in features if name not in there),
        tuple(name for name in given if name not in known),
        is_reordered=given != features and sorted(given) == sorted(features),
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(map(repr, names[:_NAMED]))}{more}"
