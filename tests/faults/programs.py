"""Programs in a process of their own, which tell what they saw as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


def run(program: str, *arguments: object, before: tuple[str, ...] = (), **options: Any) -> Any:
    """Run a program in a process of its own, and give what it says, which is JSON on its last line."""
    command = [*before, sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=REPOSITORY, check=False, **options)
    assert done.returncode == 0, done.stderr[-3000:] or done.stdout[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


TRY = """
import json, os, sys
import numpy as np
import nbregistry
from nbregistry.errors import RegistryError

def tried(action):
    try:
        result = action()
        return result if isinstance(result, (str, int, bool, list)) else "done"
    except RegistryError as error:
        return f"{type(error).__name__}: {error.message} | {error.hint}"
"""
"""What a program begins with that tells of its errors instead of raising them."""
