"""The user's own modules: which they are, and what is kept of them."""

from __future__ import annotations

import hashlib
import importlib
import shutil
import subprocess
import sys

import pytest

from nbregistry.provenance import git as asking
from nbregistry.provenance import local_modules
from nbregistry.provenance.local_modules import LocalModule, capture_local_modules
from tests.provenance.redaction.secrets import FORMED

SOURCE = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder to import from; what was imported is forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    asking._tracked.clear()
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def load(folder, name, source=SOURCE):
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    importlib.invalidate_caches()
    return importlib.import_module(name)


def captured(name):
    return next((module for module in capture_local_modules() if module.name == name), None)


def test_a_module_of_the_user(folder):
    load(folder, "helpers_a")
    assert captured("helpers_a") == LocalModule(
        "helpers_a", "helpers_a.py", SOURCE, f"sha256:{hashlib.sha256(SOURCE.encode()).hexdigest()}", None, 0
    )


def test_of_a_package_and_as_a_document(folder):
    load(folder, "pkg_b.inner")
    found = captured("pkg_b.inner")
    assert found.path == "pkg_b/inner.py"
    assert LocalModule.from_document(found.to_document()) == found


def test_nothing_of_the_library_of_packages_and_of_ours(folder):
    for name in ("json", "numpy", "sklearn.linear_model", "nbregistry.registry"):
        importlib.import_module(name)
    names = {module.name.partition(".")[0] for module in capture_local_modules()}
    assert not names & {"json", "numpy", "sklearn", "nbregistry", "_pytest", "__main__", "sitecustomize", "IPython"}
    assert not names & set(sys.stdlib_module_names)


def test_from_elsewhere_its_path_tells_nothing_of_this_machine(folder, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.syspath_prepend(str(elsewhere))
    load(elsewhere, "far_c.inner")
    assert captured("far_c.inner").path == "far_c/inner.py"
    assert str(elsewhere) not in str(captured("far_c.inner"))


def test_without_secrets(folder):
    source = f"TOKEN = '{FORMED['github_token']}'\npassword = 'hunter2'\n"
    load(folder, "secrets_d", source)
    found = captured("secrets_d")
    assert FORMED["github_token"] not in found.source
    assert "hunter2" not in found.source
    assert found.digest == f"sha256:{hashlib.sha256(source.encode()).hexdigest()}"


def test_a_file_is_read_again_only_if_it_changed(folder, monkeypatch):
    load(folder, "edited_e")
    capture_local_modules()
    monkeypatch.setattr(local_modules, "redact", None)
    assert captured("edited_e").source == SOURCE
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    (folder / "edited_e.py").write_text("changed = True\n")
    assert captured("edited_e").source == "changed = True\n"


def test_one_that_is_gone_is_left_out(folder):
    load(folder, "gone_f")
    (folder / "gone_f.py").unlink()
    assert captured("gone_f") is None


def test_a_long_one_is_cut_at_a_line(folder, monkeypatch):
    monkeypatch.setattr(local_modules, "LONGEST", 100)
    source = "x = 12345\n" * 50
    load(folder, "long_g", source)
    found = captured("long_g")
    assert len(found.source) == 100
    assert found.cut_bytes == len(source) - 100


def test_many_are_bounded(folder, monkeypatch):
    monkeypatch.setattr(local_modules, "MOST", 2)
    for name in ("many_h", "many_i", "many_j"):
        load(folder, name)
    assert len(capture_local_modules()) == 2


def test_another_encoding(folder):
    (folder / "latin_k.py").write_bytes(b"# -*- coding: latin-1 -*-\nname = '\xe9'\n")
    importlib.invalidate_caches()
    importlib.import_module("latin_k")
    assert "name = '\u00e9'" in captured("latin_k").source


def test_what_stands_in_the_place_of_a_module(folder, monkeypatch):
    class Strange:
        def __getattr__(self, name):
            raise RuntimeError(name)

    monkeypatch.setitem(sys.modules, "strange_l", Strange())
    monkeypatch.setitem(sys.modules, "strange_m", None)
    capture_local_modules()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_whether_git_has_it(folder, monkeypatch):
    subprocess.run(["git", "init", "-q"], check=True, cwd=folder)
    load(folder, "src.known_n")
    load(folder, "src.new_o")
    subprocess.run(["git", "add", "src/known_n.py"], check=True, cwd=folder)
    below = folder / "notebooks"
    below.mkdir()
    monkeypatch.chdir(below)
    assert captured("src.known_n").tracked is True
    assert captured("src.new_o").tracked is False
    assert captured("src.new_o").path == "src/new_o.py"
    monkeypatch.setattr(asking, "run", None)
    assert captured("src.known_n").tracked is True
