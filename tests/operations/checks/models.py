"""Models that misbehave, at a place where another process finds them."""

from __future__ import annotations

import os
import signal
from typing import Any

import numpy as np


class Fickle:
    """Says something else each time it is loaded."""

    def __init__(self, said: float = 0.0) -> None:
        self.said = said

    def predict(self, rows: Any) -> Any:
        """Say the same of each row."""
        return np.full(len(rows), self.said)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.said = state["said"] + 1


class Nearly(Fickle):
    """Is off in the last digits when it is loaded."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.said = state["said"] * (1 + 1e-9)


class CrashesOnLoad(Fickle):
    """Takes its process with it when it is loaded."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)


class CrashesOnPredict(Fickle):
    """Loads, prints, and takes its process with it when it is asked for anything then."""

    loaded = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        print('["failed", "a model wrote this"]')  # noqa: T201
        self.__dict__.update(state)
        self.loaded = True

    def predict(self, rows: Any) -> Any:
        """End the process, unless it is the one in which the model was made."""
        if self.loaded:
            os._exit(3)
        return super().predict(rows)


class Prints(Fickle):
    """Writes to standard output, as some do, and says what it said."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        os.write(1, b"a library in C wrote this\n")
        self.__dict__.update(state)
