"""Nothing is sent anywhere, and all of it works offline."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import missing, need_tool
from tests.faults.programs import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

STORY = """
import json, os, sys
from pathlib import Path
import nbregistry
from tests.models import forest, pipeline, tumours
folder = Path(sys.argv[1])
X_train, X_test, y_train, y_test = tumours()
registry = nbregistry.open(folder / "registry")
shown = [
    registry.register("tumour", pipeline(), on=(X_test, y_test), train=(X_train, y_train), alias="champion"),
    registry.register("tumour", forest(), on=(X_test, y_test), train=(X_train, y_train), parents="tumour@1"),
    registry.versions("tumour", where="metrics.roc_auc > 0.5"), registry.models(),
    registry.compare("tumour@1", "tumour@2"), registry.compare("tumour@1", "tumour@2", on=(X_test, y_test)),
    registry.evaluate("tumour@1", X_test, y_test, name="again"), registry.lineage("tumour@2"),
    registry.promote("tumour@2"), registry.rollback("tumour", reason="drift"), registry.log(), registry.get("tumour@1"),
    registry.export("tumour@2", folder / "t.zip"), nbregistry.open(folder / "other").import_(folder / "t.zip"),
    registry.card("tumour@1"), registry.export_log(folder / "log.jsonl"), nbregistry.verify_log(folder / "log.jsonl"),
    registry.verify(), registry.gc(dry_run=False), registry.backup(folder / "backup"), registry,
]
for noun in shown:
    assert repr(noun) and noun._repr_html_()
assert len(registry.load("tumour@champion").predict(X_test)) == len(y_test)
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "nbregistry")
with capture_output():
    assert shell.run_line_magic("registry", str(folder / "registry")) is not None
    assert len(shell.run_line_magic("versions", "tumour")) == 2
print(json.dumps(registry.verify().ok))
"""


def test_the_whole_story_works_without_a_network_and_calls_nobody(tmp_path: Path) -> None:
    strace, unshare = need_tool("strace"), need_tool("unshare")
    if subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        missing("there is no namespace without a network", "run as root, or allow user namespaces")
    calls = tmp_path / "calls"
    traced = (unshare, "-rn", strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network", "-o", str(calls))
    started = time.monotonic()
    assert run(STORY, tmp_path, before=traced, env=os.environ | {"IPYTHONDIR": str(tmp_path / "ipython")}) is True
    reaching = [
        call
        for call in calls.read_text().splitlines()
        if any(f" {name}(" in call for name in ("connect", "sendto", "sendmsg", "sendmmsg", "bind", "listen"))
        and "AF_UNIX" not in call
    ]
    assert reaching == [], f"after {time.monotonic() - started:.0f} s"


def test_the_trace_would_show_a_call(tmp_path: Path) -> None:
    strace = need_tool("strace")
    calls = tmp_path / "calls"
    program = "import socket; s = socket.socket(); s.connect_ex(('127.0.0.1', 9)); print('true')"
    run(program, before=(strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network", "-o", str(calls)))
    assert " connect(" in calls.read_text()
    assert "AF_INET" in calls.read_text()
