"""Versions are made again by real kernels, and held against what was kept."""

from __future__ import annotations

import inspect
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import nbregistry
from nbregistry.errors import NotFound, Refused, StorageError, Untrusted
from nbregistry.looking_only import CHANGING
from nbregistry.model import ReadFile
from nbregistry.operations.recorded_code import store_code
from nbregistry.operations.reproduction import reproducing
from nbregistry.provenance.local_modules import LocalModule
from tests.operations.notebooks import run

DATA = "import numpy as np\nX = np.arange(12.0).reshape(-1, 1)\ny = (X[:, 0] > 5).astype(int)"
TREE = "from sklearn.tree import DecisionTreeClassifier\nclf = DecisionTreeClassifier(random_state=0).fit(X, y)"


def writing(path):
    """Give code that makes a model from what writing a file gives."""
    return TREE.replace("random_state=0", f"random_state=0, max_depth=open({str(path)!r}, 'w').write('12')")


def test_the_same_bytes(shell, registry):
    run(shell, DATA, "print(X.sum())", TREE, "%register churn clf --on X y")
    found = registry.reproduce("churn@1")
    assert (found.outcome, found.ok, found.failed_at, found.journaled) == ("identical bytes", True, None, True)
    assert "print" not in found.slice
    version = registry.get("churn@1")
    assert version.reproduction["outcome"] == "identical bytes"
    assert version.reproduction["at"] > version.created_at[:10]
    (event,) = [event for event in registry.log("churn") if event.verb == "reproduce"]
    assert event.detail["outcome"] == "identical bytes"
    assert "(reproduced)" in repr(registry.versions("churn"))
    assert "✓ identical bytes" in repr(version)


def test_other_bytes_and_the_same_predictions(shell, registry):
    run(shell, DATA, f"import time\n{TREE}\nclf.made_at = time.time_ns()", "%register churn clf --on X y")
    found = registry.reproduce("churn@1")
    assert found.outcome == "identical predictions", found
    assert "predict" in found.detail


def test_rows_that_the_code_tells_do_where_none_were_kept(shell, registry):
    run(shell, DATA, f"import time\n{TREE}\nclf.made_at = time.time_ns()", "%register churn clf")
    found = registry.reproduce("churn@1")
    assert found.outcome == "identical predictions", found


def test_what_predicts_nothing_is_known_by_its_labels(shell, registry):
    tree = "from sklearn.cluster import AgglomerativeClustering\nimport time\nclf = AgglomerativeClustering(2).fit(X)"
    run(shell, DATA, f"{tree}\nclf.made_at = time.time_ns()", "%register churn clf")
    found = registry.reproduce("churn@1")
    assert (found.outcome, found.detail) == ("identical predictions", "labels_ of 12 rows: the same")
    run(
        shell,
        "import os",
        f"{tree}\nclf.labels_[:os.getpid() % 1 + 3] += 1 + (os.getpid() % 2**20) * 7",
        "%register churn clf",
    )
    found = registry.reproduce("churn@2")
    assert (found.outcome, found.detail) == ("different", "labels_ of 12 rows: 3 differ")


def test_draws_that_nothing_had_seeded_are_had_again(shell, registry, tmp_path):
    run(
        shell,
        "import random\nimport numpy as np\nfrom sklearn.ensemble import RandomForestClassifier",
        "X = np.random.rand(60, 4)\ny = X[:, 0] + random.random() > 0.9",
        "print(np.random.rand())",
        "clf = RandomForestClassifier(n_estimators=5).fit(X, y)",
        "%register churn clf --on X y",
    )
    code = registry.code("churn@1")
    assert list(code.restores) == [2, 4]
    assert "[2], [4] drew random numbers that no cell had seeded" in repr(code)
    assert registry.reproduce("churn@1").ok
    registry.export_notebook("churn@1", tmp_path / "made.ipynb")
    assert "numpy.random.set_state" in (tmp_path / "made.ipynb").read_text()
    # And without them it is another model.
    bare = replace(code, restores={})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproducing, "read_code", lambda *_: bare)
        assert registry.reproduce("churn@1").outcome == "different"


def test_also_where_the_cell_that_draws_is_the_one_that_loads_numpy(tmp_path):
    """In a kernel that has not loaded it, which this process has."""
    from nbclient import NotebookClient
    from nbformat import from_dict

    from nbregistry.provenance.cells.as_notebook import as_notebook, code_cell

    sources = (
        "%load_ext nbregistry\nimport sys\nassert 'numpy' not in sys.modules",
        (
            "from sklearn.tree import DecisionTreeClassifier\nimport numpy as np\n"
            "X = np.random.rand(40, 2)\ny = X[:, 0] > X[:, 1]\nclf = DecisionTreeClassifier(random_state=0).fit(X, y)"
        ),
        "%register churn clf --on X y",
    )
    NotebookClient(
        from_dict(as_notebook(map(code_cell, sources))), timeout=60, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    registry = nbregistry.open(tmp_path / ".nbregistry")
    assert list(registry.code("churn@1").restores) == [2]
    assert registry.reproduce("churn@1").ok


def test_a_file_that_is_what_it_was_is_there_and_one_that_is_not_is_told(shell, registry, in_folder):
    (in_folder / "data").mkdir()
    table = in_folder / "data" / "churn.csv"
    table.write_text("x,y\n0,0\n1,0\n2,1\n3,1\n")
    run(
        shell,
        "import pandas as pd\ndf = pd.read_csv('data/churn.csv')\nX, y = df[['x']], df['y']",
        TREE,
        "%register churn clf --on X y",
    )
    assert [file.path for file in registry.code("churn@1").files] == ["data/churn.csv"]
    assert registry.reproduce("churn@1").outcome == "identical bytes"
    table.write_text("x,y\n0,1\n1,1\n2,0\n3,0\n")
    found = registry.reproduce("churn@1")
    assert found.notes == ("the file data/churn.csv is not what it was",)
    assert found.outcome == "failed"
    table.unlink()
    assert registry.reproduce("churn@1").notes == ("the file data/churn.csv is not there any more",)


def test_what_changed_outside_of_the_code_makes_another_model(shell, registry, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("5")
    run(
        shell,
        DATA.replace("> 5", f"> float(open({str(outside)!r}).read())"),
        TREE,
        "%register churn clf --on X y",
    )
    assert registry.reproduce("churn@1").outcome == "identical bytes"
    outside.write_text("2")
    found = registry.reproduce("churn@1")
    assert (found.outcome, found.ok) == ("different", False)
    assert "differ" in found.detail
    assert found.notes == (f"the file {outside} is not what it was",)
    assert registry.get("churn@1").reproduction["outcome"] == "different"
    assert "(not reproduced)" in repr(registry.versions("churn"))


def test_a_cell_that_fails_is_named(shell, registry, monkeypatch):
    monkeypatch.setenv("ONLY_HERE", "3")
    run(
        shell,
        DATA,
        "import os\ndepth = int(os.environ['ONLY_HERE'])",
        TREE.replace("random_state=0", "max_depth=depth"),
    )
    run(shell, "%register churn clf")
    monkeypatch.delenv("ONLY_HERE")
    found = registry.reproduce("churn@1")
    assert (found.outcome, found.failed_at) == ("failed", 2)
    assert found.detail == "cell [2] stopped with KeyError: 'ONLY_HERE'"
    assert "cell [2] stopped with KeyError" in repr(found)


def test_a_module_of_the_users_own_comes_along(shell, registry, in_folder, monkeypatch):
    (in_folder / "mine_to_import.py").write_text("DEPTH = 3\n")
    monkeypatch.syspath_prepend(in_folder)
    run(
        shell,
        DATA,
        "from mine_to_import import DEPTH",
        TREE.replace("random_state=0", "random_state=0, max_depth=DEPTH"),
        "%register churn clf --on X y",
    )
    (in_folder / "mine_to_import.py").unlink()
    (module,) = [module for module in registry.code("churn@1").modules if module.name == "mine_to_import"]
    assert module.source == "DEPTH = 3\n"
    assert registry.reproduce("churn@1").outcome == "identical bytes"


def test_it_runs_in_a_folder_of_its_own(shell, registry, in_folder):
    run(shell, DATA, writing("left"), "%register churn clf --on X y")
    (in_folder / "left").unlink()
    registry.reproduce("churn@1")
    assert list(in_folder.iterdir()) == []


def test_a_read_only_registry_tells_and_keeps_nothing(shell, registry):
    run(shell, DATA, TREE, "%register churn clf --on X y")
    found = nbregistry.open(registry.path, read_only=True).reproduce("churn@1")
    assert (found.outcome, found.journaled) == ("identical bytes", False)
    assert registry.get("churn@1").reproduction == {}
    assert "was not kept" in repr(found)


def test_a_strangers_code_does_not_run(shell, registry, tmp_path, monkeypatch):
    run(shell, DATA, writing(tmp_path / "ran"), "%register churn clf --on X y")
    (tmp_path / "ran").unlink()
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "another"))
    stranger = nbregistry.open(registry.path)
    with pytest.raises(Untrusted, match="to reproduce churn@1 is to run the code of"):
        stranger.reproduce("churn@1")
    assert not (tmp_path / "ran").exists()
    assert stranger.code("churn@1").script  # which may be read
    assert stranger.reproduce("churn@1", trust=True).ok
    assert (tmp_path / "ran").exists()


def test_there_must_be_code(registry):
    registry.register("churn", {"w": [1.0]})
    with pytest.raises(NotFound, match="no code was recorded"):
        registry.reproduce("churn@1")


def test_an_object_that_no_code_made_is_refused(shell, registry):
    shell.user_ns["given"] = {"w": [1.0]}
    run(shell, "%register churn given")
    with pytest.raises(Refused, match="was not found in the session"):
        registry.reproduce("churn@1")


def test_paths_stay_in_the_folder(shell, registry, tmp_path):
    run(shell, DATA, TREE, "%register churn clf --on X y")
    code = registry.code("churn@1")
    (tmp_path / "mine.csv").write_text("x")
    outside = tmp_path / "evil.py"
    odd = replace(
        code,
        modules=(
            LocalModule("../evil", "evil.py", "x = 1", ""),
            LocalModule(str(outside).removesuffix(".py"), "evil.py", "x = 1", ""),
            LocalModule("package", "src/package/__init__.py", "x = 1", ""),
            LocalModule("package.good", "src/package/good.py", "x = 1", ""),
        ),
        files=(ReadFile("../../mine.csv", "sha256:00", 1), ReadFile(str(tmp_path / "mine.csv"), "sha256:00", 1)),
    )
    folder = tmp_path / "work" / "a"
    folder.mkdir(parents=True)
    list(reproducing._put_files(odd, folder))
    found = sorted(path.relative_to(folder) for path in folder.rglob("*.*"))
    assert found == [Path("package/__init__.py"), Path("package/good.py")]
    assert not outside.exists()
    assert store_code(odd, registry._workspace.store)


def test_an_interrupt_keeps_nothing_and_leaves_nothing(shell, registry, tmp_path):
    run(shell, DATA, TREE, "%register churn clf --on X y")
    code = registry.code("churn@1")
    parts = (
        *code.slice.parts,
        replace(code.slice.parts[-1], source=f"import time\nopen({str(tmp_path / 'begun')!r}, 'w')\ntime.sleep(600)"),
    )
    slow = replace(code, slice=replace(code.slice, parts=parts))

    def interrupt():
        while not (tmp_path / "begun").exists():
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    before = registry.head()
    threading.Thread(target=interrupt).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproducing, "read_code", lambda *_: slow)
        with pytest.raises(KeyboardInterrupt):
            registry.reproduce("churn@1")
    assert registry.head() == before
    assert registry.reproduce("churn@1").ok


def test_killed_it_leaves_no_kernel_and_nothing_in_the_registry(shell, registry, tmp_path):
    pid = tmp_path / "pid"
    seed = (
        f"import os, time\ndef seed():\n    open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "    time.sleep(float(os.getenv('PAUSE', 0)))\n    return 0"
    )
    run(shell, DATA, seed, TREE.replace("random_state=0", "random_state=seed()"), "%register churn clf")
    pid.unlink()
    words = ["-m", "nbregistry", "reproduce", "churn@1", "--registry", str(tmp_path / ".nbregistry")]
    process = subprocess.Popen([sys.executable, *words], env=os.environ | {"PAUSE": "600"}, start_new_session=True)
    try:
        while not pid.exists() or not pid.read_text():
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    for _ in range(200):  # its kernel looks each second whether it still has a parent
        if not Path(f"/proc/{pid.read_text()}").exists():
            break
        time.sleep(0.1)
    else:
        pytest.fail("the kernel runs on")
    again = nbregistry.open(tmp_path / ".nbregistry")
    assert again.verify().ok
    assert not again.get("churn@1").reproduction
    assert [event.verb for event in again.log()] == ["register"]
    assert again.reproduce("churn@1").ok


def test_code_that_registers_registers_nothing_again(shell, registry):
    keep = (
        "import nbregistry\ndef keep(depth):\n    registry = nbregistry.open()\n"
        "    model = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X, y)\n"
        "    version = registry.register('churn', model, alias='candidate')\n"
        "    registry.tag(version, depth=depth)\n    print(f'{version.ref} {version.size + 1}')\n"
        "    assert registry.get('churn@1').version == 1\n    return model"
    )
    run(shell, DATA, f"{TREE}\n{keep}", "model = keep(1)", "%register churn model")
    before, stored = registry.head(), sorted(path for path in registry.path.glob("blobs/**/*"))
    refs = ("churn@1", "churn@2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproducing, "_journaled", lambda _, __, found: found)
        assert [registry.reproduce(ref).outcome for ref in refs] == ["identical bytes"] * 2
    assert registry.head() == before
    assert sorted(path for path in registry.path.glob("blobs/**/*")) == stored


def test_every_verb_that_changes_something_does_nothing_in_the_fresh_kernel(registry, story, in_folder):
    """Any verb that a read-only registry refuses, and those that write to the user's own folder."""
    given = {"X": [[0.0]], "y": [0], "ref": "tumour@1", "name": "tumour", "model": 1, "alias": "a", "path": "new"}
    refused = set()
    reader = nbregistry.open(registry.path, read_only=True)
    for verb in dir(reader):
        if verb.startswith("_") or not callable(getattr(reader, verb)):
            continue
        needed = [
            parameter.name
            for parameter in inspect.signature(getattr(reader, verb)).parameters.values()
            if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        try:
            getattr(reader, verb)(*(given.get(name, "tumour@1") for name in needed))
        except Refused as error:
            if "read-only" in error.message:
                refused.add(verb)
        except Exception:  # noqa: BLE001 - it was called with what came to hand
            pass
    assert refused >= {"register", "promote", "archive", "evaluate", "import_"}, refused
    assert refused <= set(CHANGING)


def test_without_a_place_for_its_folder_it_says_so(shell, registry, tmp_path, monkeypatch):
    run(shell, DATA, TREE, "%register churn clf")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    with pytest.raises(StorageError, match="temporary folder"):
        registry.reproduce("churn@1")
    assert [event.verb for event in registry.log()] == ["register"]


def test_a_bar_counts_the_cells(shell, registry, monkeypatch):
    told = []
    run(shell, DATA, TREE, "%register churn clf --on X y")
    from nbregistry.progress import observer

    token = observer.set(lambda doing, done, total: told.append((doing, done, total)))
    try:
        registry.reproduce("churn@1")
    finally:
        observer.reset(token)
    assert [entry for entry in told if entry[0] == "reproduce churn@1"][-1] == ("reproduce churn@1", 4, 4)


def test_the_notebook_that_is_exported_runs_and_makes_it(shell, registry, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    run(shell, DATA, "print(X)", TREE, "%register churn clf --on X y")
    moved = registry.export_notebook("churn@1", tmp_path / "made.ipynb")
    assert moved.path == str(tmp_path / "made.ipynb")
    made = nbformat.read(tmp_path / "made.ipynb", 4)
    nbformat.validate(made)
    assert made.cells[0].cell_type == "markdown"
    assert "churn@1" in made.cells[0].source
    lines = [source for _, source in registry.code("churn@1").to_run]
    assert [cell.source for cell in made.cells[1:]] == [*lines, "clf"]  # and it shows the model
    made.cells.append(nbformat.v4.new_code_cell("print(clf.predict(X).tolist())"))
    shutil.rmtree(tmp_path / "work")
    (tmp_path / "elsewhere").mkdir()
    os.chdir(tmp_path / "elsewhere")
    NotebookClient(made, timeout=60).execute()
    assert made.cells[-1].outputs[0].text == f"{[0] * 6 + [1] * 6}\n"
    with pytest.raises(Refused, match="exists"):
        registry.export_notebook("churn@1", tmp_path / "made.ipynb")
