"""Notebook and commit."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from nbregistry.provenance import code
from nbregistry.provenance.code import capture_code

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(*arguments):
    settings = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
    ]
    return subprocess.run(["git", *settings, *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Forget earlier answers, and the notebook these tests may themselves be run from."""
    code._answers.clear()
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository(folder):
    git("init")
    git("remote", "add", "origin", "https://me:secret@example.org/x.git")
    (folder / "a.py").write_text("1")
    git("add", "a.py")
    git("commit", "-m", "one")
    return folder


def test_nothing_known_is_nothing_recorded(folder):
    assert capture_code() == {}


@needs_git
def test_commit_branch_and_changes(repository, monkeypatch):
    commit = git("rev-parse", "HEAD")
    assert capture_code() == {"git": {"commit": commit, "branch": "main", "dirty": False}}
    (repository / "new.py").write_text("untracked files are not looked for")
    monkeypatch.setattr(code, "FRESH", 0)
    assert capture_code()["git"]["dirty"] is False
    (repository / "a.py").write_text("2")
    assert capture_code()["git"]["dirty"] is True
    git("checkout", "--detach", "-f")
    assert capture_code()["git"] == {"commit": commit, "branch": "", "dirty": False}


@needs_git
def test_credentials_are_not_recorded(repository):
    assert "secret" not in str(capture_code())


@needs_git
def test_from_a_folder_below_and_before_the_first_commit(folder, monkeypatch):
    git("init")
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    assert capture_code()["git"] == {"commit": "", "branch": "main", "dirty": False}


@needs_git
def test_an_answer_is_kept_for_a_moment(repository, monkeypatch):
    before = capture_code()
    monkeypatch.setattr(code, "_ask_git", None)
    assert capture_code() == before
    before["git"].clear()
    assert capture_code()["git"]


@needs_git
def test_the_repository_is_not_written_and_its_monitor_not_run(repository):
    marker = repository / "ran"
    git("config", "core.fsmonitor", f"touch {marker} #")
    index = (repository / ".git" / "index").stat().st_mtime_ns
    (repository / "a.py").touch()
    capture_code()
    assert not marker.exists()
    assert (repository / ".git" / "index").stat().st_mtime_ns == index


def test_no_git_and_a_git_that_is_none(folder, monkeypatch):
    (folder / ".git").write_text("gitdir: /nowhere")
    assert "git" not in capture_code()
    code._answers.clear()
    monkeypatch.setenv("PATH", str(folder))
    assert "git" not in capture_code()


def test_a_slow_git_is_not_waited_for(folder, monkeypatch):
    (folder / ".git").mkdir()

    def slow(*_arguments, timeout, **_options):
        raise subprocess.TimeoutExpired("git", timeout)

    monkeypatch.setattr(subprocess, "run", slow)
    assert capture_code() == {}


def test_the_notebook_of_jupyterlab(folder, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "work" / "nb.ipynb"))
    assert capture_code() == {"notebook": "work/nb.ipynb"}
    monkeypatch.setenv("JPY_SESSION_NAME", "work/nb.ipynb")
    assert capture_code() == {"notebook": "work/nb.ipynb"}
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "console-1-abc"))
    assert capture_code() == {}


def test_the_notebook_of_vscode(folder):
    assert capture_code({"__vsc_ipynb_file__": str(folder / "nb.ipynb")}) == {"notebook": "nb.ipynb"}
    session = "nb-jvsc-01234567-89ab-cdef-0123-456789abcdef0123456789abcdef.ipynb"
    assert capture_code({"__vsc_ipynb_file__": str(folder / session)}) == {"notebook": "nb.ipynb"}
    assert capture_code({"__vsc_ipynb_file__": 3}) == {}


def test_a_notebook_from_elsewhere_tells_nothing_of_this_machine(folder):
    assert capture_code({"__vsc_ipynb_file__": str(folder.parent / "far" / "nb.ipynb")}) == {"notebook": "nb.ipynb"}


@needs_git
def test_in_a_repository_the_notebook_is_named_from_its_root(repository, monkeypatch):
    (repository / "notebooks").mkdir()
    monkeypatch.chdir(repository / "notebooks")
    notebook = str(repository / "notebooks" / "nb.ipynb")
    assert capture_code({"__vsc_ipynb_file__": notebook})["notebook"] == "notebooks/nb.ipynb"


def test_a_folder_that_was_deleted(folder, monkeypatch):
    def gone():
        raise FileNotFoundError

    monkeypatch.setattr(code.Path, "cwd", gone)
    assert capture_code({"__vsc_ipynb_file__": "/a/b.ipynb"}) == {"notebook": "b.ipynb"}
