"""Fresh kernels: a process that has the libraries loaded, and one child of it for each session.

Each child begins in an empty folder, with nothing in its namespace and with random states of its own.
Run as ``python -m tests.reproduce.kernel``; requests and answers go through its standard streams.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import struct
import subprocess
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parents[2]
ANSWERS = ("predict", "predict_proba", "decision_function", "transform", "kneighbors")


class Kernels:
    """Start the process, ask it, end it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.reproduce.kernel"],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, sources: list[str], ask: dict[str, Any]) -> dict[str, Any]:
        """Run cells in a fresh kernel, and give how each went and what was asked for."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        send(self.process.stdin, (sources, ask))
        return receive(self.process.stdout)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


def send(stream: BinaryIO, what: object) -> None:
    data = pickle.dumps(what)
    stream.write(struct.pack(">Q", len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError("the kernel ended")
    return pickle.loads(stream.read(struct.unpack(">Q", head)[0]))


def states() -> dict[str, Any]:
    """Give the global random states, for comparison."""
    import numpy as np

    return {"numpy.random": pickle.dumps(np.random.get_state()), "random": random.getstate()}  # noqa: NPY002


def restore(name: str, state: Any) -> None:
    """Set a global random state."""
    import numpy as np

    if name == "random":
        random.setstate(state)
    else:
        np.random.set_state(pickle.loads(state))  # noqa: NPY002


def session(sources: list[str], ask: dict[str, Any]) -> dict[str, Any]:
    """Run cells as IPython does."""
    import numpy as np
    from IPython.core.interactiveshell import InteractiveShell

    np.random.seed(None)  # noqa: NPY002
    random.seed()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.enable_gui = lambda gui=None: None
    ran = []
    for at, source in enumerate(sources):
        for name, state in ask.get("restore", {}).get(at, {}).items():
            restore(name, state)
        before = states()
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        drew = tuple(name for name, state in states().items() if state != before[name])
        ran.append({"error": f"{type(error).__name__}: {error}" if error else "", "drew": drew, "before": before})
    answer: dict[str, Any] = {"ran": ran}
    with contextlib.suppress(Exception):
        rows = eval(ask["rows"], shell.user_ns) if isinstance(ask["rows"], str) else ask["rows"][0]
        answer["rows"] = (rows,)
        answer["answers"] = answers(eval(ask["target"], shell.user_ns), rows)
    if "answers" not in answer:
        answer["failed"] = traceback.format_exc()
    return answer


def answers(model: Any, rows: Any) -> dict[str, Any]:
    """Give all that a model says of some rows."""
    import numpy as np

    if not any(hasattr(model, name) for name in ANSWERS):
        return {"value": np.asarray(getattr(model, "labels_", model))}
    found = {}
    for name in ANSWERS:
        if hasattr(model, name):
            answer = getattr(model, name)(rows)
            answer = answer[0] if isinstance(answer, tuple) else answer
            found[name] = np.asarray(answer.toarray() if hasattr(answer, "toarray") else answer)
    return found


def in_a_child(sources: list[str], ask: dict[str, Any]) -> dict[str, Any]:
    """Run a session in a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with tempfile.TemporaryDirectory() as folder, os.fdopen(writing, "wb") as out:
                os.chdir(folder)
                nowhere = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(nowhere, stream)
                try:
                    answer = session(sources, ask)
                    pickle.dumps(answer)
                except BaseException:  # noqa: BLE001
                    answer = {"ran": [], "failed": traceback.format_exc()}
                send(out, answer)
                os.chdir("/")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as result:
        answer = receive(result)
    os.waitpid(child, 0)
    return answer


def main() -> None:
    """Load what most cases use, then answer until nobody asks."""
    import matplotlib.pyplot  # noqa: F401, ICN001
    import pandas  # noqa: F401, ICN001
    import sklearn.compose
    import sklearn.datasets
    import sklearn.ensemble
    import sklearn.model_selection
    import sklearn.neighbors
    import sklearn.svm  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    warnings.simplefilter("ignore")
    with contextlib.suppress(EOFError):
        while True:
            sources, ask = receive(sys.stdin.buffer)
            send(sys.stdout.buffer, in_a_child(sources, ask))


if __name__ == "__main__":
    main()
