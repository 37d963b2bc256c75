"""What is in use."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import sklearn

from nbregistry.provenance import environment
from nbregistry.provenance.environment import Environment, capture_environment, packages_of


def install(folder, name, version, files, *, top_level=None, record=True):
    """Lay out an installed distribution."""
    described = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n")
    if record:
        (described / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    if top_level:
        (described / "top_level.txt").write_text(top_level + "\n")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    return described


def packages_in(folder, code):
    """Capture in a new process that finds packages in a folder."""
    script = f"""
import json, sys
sys.path.insert(0, {str(folder)!r})
{code}
from nbregistry.provenance.environment import capture_environment
print(json.dumps(capture_environment()["packages"]))
"""
    return json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


def test_what_is_loaded_is_recorded_under_its_published_name():
    captured = capture_environment()
    assert captured["python"] == ".".join(map(str, sys.version_info[:3]))
    assert captured["packages"]["scikit-learn"] == sklearn.__version__
    assert captured["packages"]["numpy"] == np.__version__
    assert captured["packages"]["pandas"] == pd.__version__
    assert {*captured} - {"sources"} == {
        *("python", "implementation", "os", "machine", "cpu", "cpus", "blas", "threads", "packages")
    }
    assert [*captured["packages"]] == sorted(captured["packages"], key=str.lower)


def test_it_agrees_with_importlib_metadata():
    from importlib.metadata import distribution

    for name, version in capture_environment()["packages"].items():
        assert distribution(name).version == version


def test_only_what_is_loaded_counts(tmp_path):
    install(tmp_path, "Some-Lib", "1.2", ["somelib/__init__.py"])
    install(tmp_path, "other", "3", ["other.py"])
    assert packages_in(tmp_path, "import somelib")["Some-Lib"] == "1.2"
    assert "other" not in packages_in(tmp_path, "import somelib")
    assert packages_in(tmp_path, "import other")["other"] == "3"


def test_what_nbregistry_loads_when_it_is_needed_makes_no_difference(tmp_path):
    install(tmp_path, "theirs", "1", ["theirs.py"])
    lazy = (
        "import cffi, cloudpickle, cryptography, filelock, jinja2, lark, matplotlib, orjson, pandas, sklearn, zstandard"
    )
    late = packages_in(tmp_path, f"import theirs; {lazy}")
    for package, version in packages_in(tmp_path, "import theirs").items():
        assert late[package] == version
    ours = {"cffi", "cloudpickle", "cryptography", "filelock", "Jinja2", "lark", "matplotlib", "MarkupSafe", "orjson"}
    ours |= {"ipython", "numpy", "pandas", "scikit-learn", "tinydb", "zstandard"}
    assert ours <= {*packages_in(tmp_path, "import theirs")}


def test_the_first_two_versions_of_a_process_come_from_one_environment(tmp_path):
    code = f"""
import nbregistry
from sklearn.linear_model import LogisticRegression
registry = nbregistry.open({str(tmp_path / "registry")!r})
for C in (0.1, 1.0):
    registry.register("churn", LogisticRegression(C=C).fit([[0], [1]], [0, 1]), on=([[0], [1]], [0, 1]))
registry.lineage("churn@2")._repr_html_()
registry.register("churn", LogisticRegression(C=2.0).fit([[0], [1]], [0, 1]))
print(len({{str(version.environment) for version in registry.versions("churn")}}))
"""
    env = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert run.stdout == "1\n"


def test_needs_of_extras_do_not_count(tmp_path):
    described = install(tmp_path, "mine", "1", ["mine.py"])
    needs = ["first-need>=1", 'spare ; extra == "all"', 'Old_One (>=2) ; python_version > "3"']
    head = "".join(f"Requires-Dist: {need}\n" for need in needs)
    (described / "METADATA").write_text(f"Name: mine\nVersion: 1\n{head}\nRequires-Dist: not-this\n")
    assert environment.Distribution(str(tmp_path), str(described)).needs == ["first-need", "old-one"]


def test_a_short_list_of_modules_is_enough(tmp_path):
    install(tmp_path, "listed", "1", ["inside/__init__.py"], top_level="inside", record=False)
    assert packages_in(tmp_path, "import inside")["listed"] == "1"


def test_packages_that_share_a_top_level_name(tmp_path):
    install(tmp_path, "big-auth", "1", ["bigcorp/auth/__init__.py"])
    install(tmp_path, "big-cloud", "2", ["bigcorp/cloud/__init__.py"])
    found = packages_in(tmp_path, "import bigcorp.cloud")
    assert found["big-cloud"] == "2"
    assert "big-auth" not in found


def test_a_namesake_from_another_folder_is_not_taken_for_it(tmp_path):
    install(tmp_path / "site", "helpers", "9", ["helpers.py"])
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "helpers.py").write_text("")
    found = packages_in(tmp_path / "work", f"sys.path.append({str(tmp_path / 'site')!r}); import helpers")
    assert "helpers" not in found


def test_an_editable_install_counts_from_wherever_it_is(tmp_path):
    described = install(tmp_path / "site", "mine", "0.1", ["_mine.pth"])
    (described / "direct_url.json").write_text('{"dir_info": {"editable": true}, "url": "file:///somewhere"}')
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "mine.py").write_text("")
    assert packages_in(tmp_path / "src", f"sys.path.append({str(tmp_path / 'site')!r}); import mine")["mine"] == "0.1"


def test_the_first_on_the_path_counts_and_broken_folders_do_not_matter(tmp_path):
    install(tmp_path / "one", "twice", "1", ["twice.py"])
    install(tmp_path / "two", "twice", "2", ["twice.py"])
    (tmp_path / "one" / "broken-1.dist-info").mkdir()
    (tmp_path / "one" / "broken.py").write_text("")
    found = packages_in(tmp_path / "one", f"sys.path.insert(1, {str(tmp_path / 'two')!r}); import twice, broken")
    assert found["twice"] == "1"
    assert "broken" not in found


def test_a_new_module_is_seen_and_a_later_upgrade_is_not(tmp_path, monkeypatch):
    described = install(tmp_path, "latecomer", "1", ["latecomer.py"])
    looking = Environment()
    assert "latecomer" not in looking.capture()["packages"]
    monkeypatch.syspath_prepend(tmp_path)
    import latecomer

    assert looking.capture()["packages"]["latecomer"] == "1"
    described.rename(tmp_path / "latecomer-2.dist-info")
    (tmp_path / "latecomer-2.dist-info" / "METADATA").write_text("Name: latecomer\nVersion: 2\n\n")
    monkeypatch.setitem(sys.modules, "latecomer_too", latecomer)
    assert looking.capture()["packages"]["latecomer"] == "1"


def test_what_a_caller_does_with_it_is_his_own_business():
    capture_environment()["packages"].clear()
    assert capture_environment()["packages"]


def test_later_looks_read_nothing(monkeypatch):
    capture_environment()
    monkeypatch.setattr(environment, "_packages_of", None)
    assert capture_environment()["packages"]


def test_what_came_from_no_index_says_from_where(tmp_path):
    described = install(tmp_path, "from-git", "1.0", ["from_git.py"])
    url = {"url": "https://me:hunter2@example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "0a1b"}}
    (described / "direct_url.json").write_text(json.dumps(url))
    script = f"""
import json, sys
sys.path.insert(0, {str(tmp_path)!r})
import from_git
from nbregistry.provenance.environment import capture_environment
print(json.dumps(capture_environment()["sources"]["from-git"]))
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == {"vcs": "git", "url": "https://example.org/x.git", "commit": "0a1b"}


def test_packages_of_modules():
    assert packages_of(["sklearn.linear_model", "numpy", "json", "not.there"]) == ("numpy", "scikit-learn")


def test_threads_are_those_of_now():
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        assert "BLAS 1" in capture_environment()["threads"]
    assert capture_environment()["blas"]
