"""Real kernels: what runs in one, what stops it, and that none is left."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from nbregistry.operations.reproduction.fresh_kernel import Failure, run_in_fresh_kernel


def test_cells_run_one_after_the_other_in_the_folder(tmp_path):
    told = []
    failure = run_in_fresh_kernel(
        ["x = 6", "%time x *= 7", "open('answer', 'w').write(str(x))"],
        tmp_path,
        os.environ,
        done=lambda: told.append(1),
    )
    assert failure is None
    assert (tmp_path / "answer").read_text() == "42"
    assert len(told) == 3


def test_the_cell_that_failed_is_named(tmp_path):
    failure = run_in_fresh_kernel(["x = 1", "1 / 0", "open('late', 'w')"], tmp_path, os.environ)
    assert failure == Failure(1, "ZeroDivisionError: division by zero")
    assert not (tmp_path / "late").exists()


def test_a_kernel_that_dies_is_a_failure_of_the_cell_that_ran(tmp_path):
    failure = run_in_fresh_kernel(["x = 1", "import os; os._exit(3)"], tmp_path, os.environ)
    assert failure is not None
    assert failure.place == 1
    assert failure.error.startswith("the kernel died")


def test_a_python_without_a_kernel_says_so(tmp_path):
    broken = tmp_path / "python"
    broken.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'import no_such_module'\n")
    broken.chmod(0o755)
    failure = run_in_fresh_kernel(["x = 1"], tmp_path, os.environ, python=str(broken))
    assert failure == Failure(0, "the kernel died: ModuleNotFoundError: No module named 'no_such_module'")


def test_only_what_is_given_is_in_its_environment(tmp_path):
    given = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "PYTHONPATH")}
    source = "import os; open('seen', 'w').write(os.environ.get('TOKEN', '-') + os.environ['GIVEN'])"
    assert run_in_fresh_kernel([source], tmp_path, given | {"GIVEN": "yes"}) is None
    assert (tmp_path / "seen").read_text() == "-yes"


def test_an_interrupt_ends_the_kernel(tmp_path):
    pid = tmp_path / "pid"

    def interrupt() -> None:
        while not pid.exists() or not pid.read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        run_in_fresh_kernel(
            ["import os, time; open('pid', 'w').write(str(os.getpid()))", "time.sleep(600)"], tmp_path, os.environ
        )
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("nbregistry")]
