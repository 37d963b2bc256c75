"""What somebody probably meant who wrote a name that is not there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(wrong: str, right: Iterable[str], most: int = 3, *, cutoff: float = 0.5) -> list[str]:
    """Give the right names that resemble a wrong one, best first; capitals do not count.

    Parameters
    ----------
    wrong : str
    right : iterable of str
    most : int, default 3
        How many at most.
    cutoff : float, default 0.5
        How much they have to resemble it, from 0 to 1.

    Examples
    --------
    >>> nearest("ROC_AUC", ["roc_auc", "recall"]), nearest("mae", ["roc_auc", "recall"])
    (['roc_auc'], [])
    """
    names = list(right)
    folded = {name.casefold(): name for name in names}
    return [folded[name] for name in difflib.get_close_matches(wrong.casefold(), folded, n=most, cutoff=cutoff)]
