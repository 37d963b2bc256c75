"""Each cell is taken down as it ran: in a real shell, and in a real kernel."""

from __future__ import annotations

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import start_new_kernel
from traitlets.config import Config

from nbregistry import magics
from nbregistry.provenance.cells.listening import listening


def cells():
    return listening().session().cells


def test_source_order_duration_error_and_id_of_each_run(shell):
    shell.run_cell("x = 1", cell_id="first")
    shell.run_cell("import time; time.sleep(0.01)\n1 / 0", cell_id="second")
    shell.run_cell("x = 1", cell_id="first")
    found = cells()
    assert [(cell.number, cell.id, cell.source.partition("\n")[0]) for cell in found] == [
        (1, "first", "x = 1"),
        (2, "second", "import time; time.sleep(0.01)"),
        (3, "first", "x = 1"),
    ]
    assert [cell.error for cell in found] == ["", "ZeroDivisionError: division by zero", ""]
    assert found[1].seconds >= 0.01 > found[0].seconds
    assert found[0].started_at < found[1].started_at < found[2].started_at


def test_a_cell_that_is_no_python_is_taken_down_with_its_error(shell):
    shell.run_cell("x = = 1")
    assert cells()[0].error.startswith("SyntaxError")


def test_magics_and_shell_lines_stay_as_they_were_typed(shell):
    shell.run_cell("%time x = 2\n!true")
    assert cells()[0].source == "%time x = 2\n!true"


def test_the_cell_that_runs_is_the_last_one(shell):
    shell.run_cell("from nbregistry.provenance.cells.listening import listening")
    shell.run_cell("import random; y = random.random(); seen = listening().session().cells[-1]")
    seen = shell.user_ns["seen"]
    assert (seen.number, seen.seconds) == (2, None)
    assert seen.drew == ("random",)
    assert cells()[1].seconds is not None


def test_a_cell_within_a_cell_is_none_of_its_own(shell):
    shell.run_cell("%%time\nx = 1\nget_ipython().run_cell('y = 2')\nget_ipython().run_cell(' ')\nz = 3")
    shell.run_cell("x")
    assert [cell.source.partition("\n")[0] for cell in cells()] == ["%%time", "x"]


def test_a_blank_cell_within_a_cell_ends_nothing(shell):
    shell.run_cell("get_ipython().run_cell('')\n1 / 0")
    shell.run_cell("")
    (cell,) = cells()
    assert cell.error == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("source", "drew"),
    [
        ("x = 1", ()),
        ("import numpy as np; np.random.rand()", ("numpy.random",)),
        ("import numpy as np; np.random.default_rng(0).random(); np.random.RandomState(0).rand()", ()),
        ("import random; random.shuffle([1, 2, 3])", ("random",)),
        ("import random; random.Random(0).random()", ()),
        ("import numpy as np; np.random.seed(3)", ("numpy.random",)),
    ],
)
def test_who_moved_a_global_random_state(shell, source, drew):
    shell.run_cell(source)
    assert cells()[0].drew == drew


def test_a_silent_cell_is_nobodys(shell):
    shell.run_cell("x = 1", silent=True)
    assert cells() == ()


@pytest.fixture
def remembering(tmp_path, in_folder):
    """A shell with a history, as a kernel has one."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))
    yield shell
    magics.unload(shell)
    shell.history_manager.end_session()


def test_loaded_late_the_history_says_what_ran_before(remembering):
    remembering.run_cell("x = 1", store_history=True)
    remembering.run_cell("%time y = 2", store_history=True)
    remembering.run_cell("%load_ext nbregistry\nz = 3", store_history=True, cell_id="third")
    remembering.run_cell("w = 4", store_history=True)
    session = listening().session()
    assert [cell.source for cell in session.cells] == ["x = 1", "%time y = 2", "%load_ext nbregistry\nz = 3", "w = 4"]
    assert session.unseen == 2
    assert [cell.seconds is None for cell in session.cells] == [True, True, True, False]
    assert [cell.drew for cell in session.cells] == [None, None, None, ()]
    assert session.cells[2].id == "third"


def test_unloaded_nobody_listens(shell):
    events = len(shell.events.callbacks["pre_run_cell"])
    magics.unload(shell)
    assert listening() is None
    assert len(shell.events.callbacks["pre_run_cell"]) == events - 1


def test_loaded_again_each_cell_is_one(shell):
    magics.load(shell)
    shell.run_cell("x = 1")
    assert [cell.source for cell in cells()] == ["x = 1"]


def test_in_a_kernel_awaiting_cells_and_the_ids_of_the_front_end(tmp_path):
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:

        def run(code, **metadata):
            request = _request(client, code, metadata)
            client.session.send(client.shell_channel.socket, request)
            while (answer := client.get_shell_msg(timeout=60))["parent_header"]["msg_id"] != request["msg_id"]:
                pass  # to a question of the client's own
            return answer["content"]

        for code in ("early = 1", "%load_ext nbregistry", "import asyncio\nawait asyncio.sleep(0.01)\nlate = 2"):
            assert run(code, cellId=f"id of {code[:5]}")["status"] == "ok"
        told = run(
            "import json\nfrom nbregistry.provenance.cells.listening import listening\n"
            "json.dump([(c.source, c.id, c.seconds) for c in listening().session().cells], open('told.json', 'w'))",
            cellId="id of last",
        )
        assert told["status"] == "ok"
        found = json.loads((tmp_path / "told.json").read_text())
        assert [source.partition("\n")[0] for source, _, _ in found[:3]] == [
            "early = 1",
            "%load_ext nbregistry",
            "import asyncio",
        ]
        assert [cell_id for _, cell_id, _ in found] == ["", "id of %load", "id of impor", "id of last"]
        assert found[2][2] >= 0.01
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _request(client, code, metadata):
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
    return client.session.msg("execute_request", content, metadata=metadata)
