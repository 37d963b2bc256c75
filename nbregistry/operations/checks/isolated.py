"""Load a model and let it predict in a process of its own: one that crashes takes no notebook with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.local import LocalStore
from nbregistry.catalog import exact
from nbregistry.operations.checks.model import check_model, not_loaded, predictions_skipped
from nbregistry.operations.loading import Loader
from nbregistry.outcomes import Check
from nbregistry.trust import Keyring

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUESTIONS = ("loads", "predictions")
_OUTCOMES = ("passed", "warned", "failed", "skipped")
_LAST_WORDS = 200
# What is found here is found there: the path may have been changed since this process began.
_PROGRAM = f"""\
import json, sys
asked = json.load(sys.stdin)
sys.path[:] = asked["path"]
from {__name__} import answer
answer(asked)
"""


def check_isolated(root: Path, document: Mapping[str, Any], loader: Loader) -> tuple[Check, ...]:
    """Ask a new process what :func:`~nbregistry.operations.checks.model.check_model` asks.

    The trust rule holds there as here: it is a process of the same user with the same keys, and what is refused here is
    not asked there.
    """
    refused = not_loaded(document, loader)
    if refused:
        return (refused, predictions_skipped())
    # The record as it was verified here: to read the whole history there would only take longer.
    asked = {"root": str(root), "document": exact.dumps(document).decode(), "path": sys.path}
    # Its standard output is for its answer alone: whatever a model prints goes to the other stream.
    done = subprocess.run(  # noqa: S603 - Python itself, and a program of ours
        [sys.executable, "-c", _PROGRAM], input=json.dumps(asked).encode(), capture_output=True, check=False
    )
    checks = _answers(done.stdout)
    if len(checks) == len(_QUESTIONS):
        return checks
    failed = Check(_QUESTIONS[len(checks)], "failed", _ended(done))
    return (failed, predictions_skipped()) if not checks else (*checks, failed)


def _answers(output: bytes) -> tuple[Check, ...]:
    """Read what the process found out before it ended, one line a check."""
    checks = []
    for line, name in zip(output.splitlines(), _QUESTIONS, strict=False):
        try:
            outcome, detail = json.loads(line)
        except (ValueError, TypeError):
            break
        if outcome not in _OUTCOMES or not isinstance(detail, str):
            break
        checks.append(Check(name, outcome, detail))
    return tuple(checks)


def _ended(done: subprocess.CompletedProcess[bytes]) -> str:
    code = done.returncode
    if code < 0:
        try:
            return f"the process that tried it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"the process that tried it was ended by signal {-code}"
    words = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"the process that tried it ended with exit code {code}{f': {words[-1][:_LAST_WORDS]}' if words else ''}"


def answer(asked: Mapping[str, Any]) -> None:
    """Answer on standard output, one line a check, each as soon as it is known: the next may end the process."""
    import os

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    loader = Loader(LocalStore(Path(asked["root"]), read_only=True), Keyring())
    for check in check_model(exact.loads(asked["document"].encode()), loader):
        answers.write(json.dumps([check.outcome, check.detail]) + "\n")
        answers.flush()
