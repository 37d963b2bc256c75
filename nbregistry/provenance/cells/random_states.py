"""The random states that all code of a process shares: who draws from one changes what all others get.

A cell that moved one has drawn from it, or seeded it. That is looked up before and after each cell, as no reading of
the code tells it: whether ``fit`` draws is for the estimator and its parameters to say.
"""

from __future__ import annotations

import re
import struct
import sys
from contextlib import suppress
from importlib import import_module
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


def _imports(*packages: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*(?:import|from)\s+(?:{'|'.join(packages)})\b", re.MULTILINE)


# Modules with a state, and what a cell that loads them in any case says.
_LOADED_BY = {
    "numpy.random": _imports(
        *(
            "numpy",
            "scipy",
            "pandas",
            "sklearn",
            "matplotlib",
            "seaborn",
            "statsmodels",
            "xgboost",
            "lightgbm",
            "skimage",
        )
    ),
    "torch": _imports("torch", "torchvision", "lightning"),
}


def load_what_is_about_to_be(source: str) -> None:
    """Load what a cell that is about to run will: what it draws from has a state that can be had only before."""
    for module, loads in _LOADED_BY.items():
        if module not in sys.modules and loads.search(source):
            with suppress(ImportError):  # the cell will meet it, too
                import_module(module)


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


def code_that_restores(states: Mapping[str, Any]) -> str:
    """Write a cell that sets random states to what they were.

    Parameters
    ----------
    states : mapping
        As `random_states` gives them.

    Returns
    -------
    str
        Numbers and nothing else stand in it; of a state that can't be written so there is no line.

    Examples
    --------
    >>> import random
    >>> states = random_states()
    >>> drawn = random.random()
    >>> exec(code_that_restores({"random": states["random"]}))
    >>> random.random() == drawn
    True
    """
    lines = [_WRITERS[name](state) for name, state in sorted(states.items()) if name in _WRITERS]
    return "\n".join(line for line in lines if line)


def _write_python(state: Any) -> str:
    version, words, gauss = state
    packed = struct.pack(f"<{len(words)}I", *words).hex()
    words = f"struct.unpack('<{len(words)}I', bytes.fromhex('{packed}'))"
    return f"import random, struct\nrandom.setstate(({version!r}, {words}, {gauss!r}))"


def _write_numpy(state: Any) -> str:
    generator, key, position, has_gauss, gauss = state
    if generator != "MT19937":  # somebody put another generator there
        return ""
    words = f"numpy.frombuffer(bytes.fromhex('{key.hex()}'), dtype='{'<' if sys.byteorder == 'little' else '>'}u4')"
    rest = f"{int(position)}, {int(has_gauss)}, {float(gauss)!r}"
    return f"import numpy\nnumpy.random.set_state(('MT19937', {words}, {rest}))"


def _write_torch(state: Any) -> str:
    numbers = f"list(bytes.fromhex('{state.hex()}'))"
    return f"import torch\ntorch.random.set_rng_state(torch.tensor({numbers}, dtype=torch.uint8))"


_WRITERS: dict[str, Callable[[Any], str]] = {
    "random": _write_python,
    "numpy.random": _write_numpy,
    "torch": _write_torch,
}
