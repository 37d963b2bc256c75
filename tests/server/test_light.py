"""What the server loads: nothing heavy for lists, and nothing of Jupyter's for who has none."""

from __future__ import annotations

from tests.faults.programs import run

PROGRAM = """
import json, sys
from pathlib import Path
from tests.server.running import RunningServer
from tests.server.test_gates import BODIES, QUERIES

heavy = ("pandas", "matplotlib", "sklearn", "scipy", "IPython", "ipywidgets")
def loaded():
    return [name for name in heavy if name in sys.modules]

found = {"before": loaded()}
with RunningServer(Path(sys.argv[1])) as server:
    for path, query in QUERIES.items():
        if path != "/section":
            assert server.get(path, **query).status == 200
    found["lists"] = loaded()
    for section in ("record", "journal"):
        assert server.get("/section", registry=".nbregistry", id=section, ref="tumour@1").status == 200
    assert server.post("/change", BODIES["/change"]).status == 200
    found["cards"] = loaded()
    assert server.get("/section", registry=".nbregistry", id="compare", ref=["tumour@1", "tumour@2"]).status == 200
    found["plots"] = loaded()
print(json.dumps(found))
"""


def test_pandas_and_matplotlib_are_loaded_when_something_is_plotted_and_not_before(folder, kept):
    found = run(PROGRAM, folder)
    assert found["lists"] == found["cards"] == found["before"] == []
    assert "matplotlib" in found["plots"]


def test_the_extension_is_found_by_jupyter_and_loads_nothing_until_it_is_asked():
    program = """
import sys, nbregistry
assert nbregistry._jupyter_server_extension_points() == [{"module": "nbregistry.server"}]
assert not {"jupyter_server", "tornado", "traitlets", "jsonschema"} & set(sys.modules)
from jupyter_server.extension.manager import ExtensionPackage
package = ExtensionPackage(name="nbregistry", enabled=True)
print(str(package.validate()).lower())
"""
    assert run(program) is True
