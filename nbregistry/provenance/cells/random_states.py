"""The random states that all code of a process shares: who draws from one changes what all others get.

A cell that moved one has drawn from it, or seeded it. That is looked up before and after each cell, as no reading of
the code tells it: whether ``fit`` draws is for the estimator and its parameters to say.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _of_python(random: Any) -> Any:
    return random.getstate()


def _of_numpy(random: Any) -> Any:
    # Inside is an array, of which a copy is wanted that can be compared.
    said = random.get_state(legacy=False)
    return said["bit_generator"], said["state"]["key"].tobytes(), said["state"]["pos"], said["has_gauss"], said["gauss"]


def _of_torch(torch: Any) -> Any:
    return torch.random.get_rng_state().numpy().tobytes()


_STATES: dict[str, Callable[[Any], Any]] = {"random": _of_python, "numpy.random": _of_numpy, "torch": _of_torch}


def random_states() -> dict[str, Any]:
    """Give the present states of those libraries that are loaded; nothing is loaded for it.

    Returns
    -------
    dict
        Name of the state to something that is equal as long as nobody draws.
    """
    states: dict[str, Any] = {}
    for name, read in _STATES.items():
        module = sys.modules.get(name)
        if module is None:
            continue
        try:
            states[name] = read(module)
        except (AttributeError, KeyError, TypeError, ValueError):  # loaded by half, or another generator was put there
            states[name] = object()  # equal to nothing: it counts as moved
    return states


def moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the states that are not what they were; of a library that was loaded meanwhile nobody can tell.

    Examples
    --------
    >>> import random
    >>> before = random_states()
    >>> _ = random.random()
    >>> "random" in moved(before, random_states())
    True
    """
    return tuple(name for name, state in after.items() if name not in before or before[name] != state)
