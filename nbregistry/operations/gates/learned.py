"""Which rows of an evaluation a version was trained on: there it remembers, and proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.leaks import share_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Learned:
    """What a version knows of rows.

    Attributes
    ----------
    ref : str
        The version.
    rows : ndarray of bool, n
        Whether it was trained on each; on none where that is not known.
    is_known : bool
        Whether anything is.
    is_lost : bool
        Whether it was recorded, and that or the rows cannot be read any more.

    Examples
    --------
    >>> import numpy as np
    >>> Learned("churn@3", np.array([True, False, False, False])).told(left_out=True)
    ('churn@3 was trained on 25.0% (1) of these rows: left out',)
    """

    ref: str
    rows: Array
    is_known: bool = True
    is_lost: bool = False

    @property
    def any(self) -> bool:
        """Whether it was trained on some of them."""
        return bool(self.rows.any())

    def told(self, *, left_out: bool) -> tuple[str, ...]:
        """Say what is doubtful for it: nothing where it was trained on none of them."""
        if self.is_lost:
            return (f"{self.ref} may have been trained on some of these rows: what was kept of that cannot be read",)
        if not self.any:
            return ()
        told = f"{self.ref} was trained on {share_of(int(self.rows.sum()), len(self.rows))} of these rows"
        return (f"{told}: left out" if left_out else told,)
