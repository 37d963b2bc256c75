"""The story of the quickstart in a real kernel: magics, displays, errors and completion as a front end gets them."""

from __future__ import annotations

import os

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import warnings; warnings.filterwarnings("error", module="nbregistry")
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
def fitted(C): return make_pipeline(StandardScaler(), LogisticRegression(C=C)).fit(X_train, y_train)
"""


class Kernel:
    """A kernel that runs cells and says what it sent."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def run(self, cell):
        """Run a cell; give the reply's content and the messages a front end would show."""
        shown = []
        reply = self.client.execute_interactive(
            cell,
            timeout=60,
            output_hook=lambda message: shown.append((message["header"]["msg_type"], message["content"])),
        )
        return reply["content"], [
            pair for pair in shown if pair[0] in {"execute_result", "display_data", "error", "stream"}
        ]

    def result(self, cell):
        """Run a cell that shows one thing; give its words."""
        reply, shown = self.run(cell)
        assert reply["status"] == "ok", shown
        assert [kind for kind, _ in shown] == ["execute_result"], shown
        return shown[0][1]["data"]["text/plain"]

    def complete(self, code):
        """Ask for completions at the end of some code."""
        reply = self.client.complete(code, reply=True, timeout=20)["content"]
        return reply["matches"], code[reply["cursor_start"] : reply["cursor_end"]]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernel")
    environment = {key: value for key, value in os.environ.items() if key != "NBREGISTRY_URL"}
    environment |= {"NBREGISTRY_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython")}
    manager, client = start_new_kernel(cwd=str(folder), env=environment)
    kernel = Kernel(manager, client)
    for cell in ("%load_ext nbregistry", SETUP):
        reply, shown = kernel.run(cell)
        assert reply["status"] == "ok", shown
        assert shown == []
    line = "%register tumour fitted({C}) --on X_test y_test --train X_train y_train --tags team=onco {more}"
    assert "tumour@1" in kernel.result(line.format(C=1.0, more="--alias champion"))
    assert "tumour@2" in kernel.result(line.format(C=0.01, more="--parents tumour@1"))
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_the_verbs_show_themselves_once(kernel):
    assert "champion" in kernel.result("%versions tumour --sort -metrics.roc_auc")
    assert "roc_auc" in kernel.result("%compare tumour@1 tumour@2 --on X_test y_test")
    assert "tumour@1" in kernel.result("%lineage tumour@2")
    assert "register" in kernel.result("%nbr log tumour")
    assert "1 model, " in kernel.result("%registry")


def test_an_assignment_is_quiet(kernel):
    assert kernel.run("c = %compare tumour@1 tumour@2")[1] == []
    assert "roc_auc" in kernel.result("c.to_frame()['metric'].unique()")


def test_promote_and_roll_back(kernel):
    assert "tumour@2" in kernel.result("%promote tumour@2")
    assert "tumour@1" in kernel.result('%rollback tumour --reason "calibration drift"')
    reply, shown = kernel.run("%rollback tumour")
    assert (reply["status"], reply["ename"]) == ("error", "Refused")
    ((_, error),) = shown
    assert len(error["traceback"]) == 1


def test_a_model_comes_back(kernel):
    kernel.run("%nbr load tumour@1 --as clf;")
    assert kernel.result("bool((clf.predict(X_test) == fitted(1.0).predict(X_test)).all())") == "True"


def test_a_wrong_line_is_a_real_error_in_one_block(kernel):
    reply, shown = kernel.run("%compare tumour@1 tumour@2 --onn X y")
    assert reply["status"] == "error"
    ((kind, error),) = shown
    assert (kind, error["ename"], len(error["traceback"])) == ("error", "WrongUsage", 1)
    assert "--on" in error["traceback"][0]


def test_a_cell_is_run_timed_and_registered(kernel):
    reply, shown = kernel.run(
        "%%register timed model\nimport time\ntime.sleep(0.05)\nmodel = fitted(2.0)\n'the last expression'"
    )
    assert reply["status"] == "ok", shown
    texts = [content["data"]["text/plain"] for kind, content in shown if kind == "execute_result"]
    assert texts[0] == "'the last expression'"
    assert "timed@1" in texts[1]
    assert kernel.result("v = %nbr show timed@1\nv.training_seconds >= 0.05") == "True"


def test_a_failing_cell_shows_its_traceback_and_registers_nothing(kernel):
    reply, shown = kernel.run("%%register broken model\nmodel = 1 / 0")
    assert (reply["status"], reply["ename"]) == ("error", "Refused")
    assert [content["ename"] for _, content in shown] == ["ZeroDivisionError", "Refused"]
    assert kernel.run("%nbr log broken")[0]["ename"] == "NotFound"


def test_a_cell_that_awaits_is_refused_before_it_runs(kernel):
    reply, shown = kernel.run("%%register awaited model\nimport asyncio\nmodel = await asyncio.sleep(0, fitted(1.0))")
    assert reply["ename"] == "Refused"
    assert len(shown) == 1


def test_completion_as_a_front_end_asks_for_it(kernel):
    assert kernel.complete("c = %compare tum") == (["tumour"], "tum")
    assert kernel.complete("c = %compare tumour@1 tumour@c") == (["champion"], "c")
    assert kernel.complete("%versions tumour --sort -metrics.roc") == (["-metrics.roc_auc"], "-metrics.roc")
    assert kernel.complete("%register new clf --on X_t")[0] == ["X_train", "X_test"]
    assert kernel.complete("%nbr ver")[0] == ["versions", "verify"]


def test_the_question_mark(kernel):
    reply, _ = kernel.run("%promote?")
    (page,) = reply["payload"]
    assert "%promote tumour@3" in page["data"]["text/plain"]
