"""Notebook and commit."""

from __future__ import annotations

import shutil
import subprocess
import threading

import pytest

from nbregistry.provenance import code
from nbregistry.provenance import git as asking
from nbregistry.provenance.code import CodeCapture, capture_code

REMOTES = {"origin": "https://example.org/x.git"}

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
    asking._answers.clear()
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
    assert capture_code() == {"git": {"commit": commit, "branch": "main", "dirty": False, "remotes": REMOTES}}
    (repository / "new.py").write_text("untracked files are not looked for")
    monkeypatch.setattr(asking, "FRESH", 0)
    assert capture_code()["git"]["dirty"] is False
    (repository / "a.py").write_text("2")
    assert capture_code()["git"]["dirty"] is True
    git("checkout", "--detach", "-f")
    assert capture_code()["git"] == {"commit": commit, "branch": "", "dirty": False, "remotes": REMOTES}


@needs_git
def test_credentials_are_not_recorded(repository):
    assert "secret" not in str(capture_code())


@needs_git
def test_what_a_setting_puts_into_an_address_is_not_recorded(repository):
    git("config", "url.https://token@example.org/.insteadOf", "https://example.org/")
    git("remote", "set-url", "origin", "https://example.org/x.git")
    assert capture_code()["git"]["remotes"] == REMOTES


@needs_git
def test_git_is_asked_while_other_work_is_done(repository, monkeypatch):
    began, may_end = threading.Event(), threading.Event()

    def slow(root):
        began.set()
        may_end.wait(5)
        return {"commit": "abc"}

    monkeypatch.setattr(asking, "_ask", slow)
    capture = CodeCapture()
    assert began.wait(5)
    may_end.set()
    assert capture.result() == {"git": {"commit": "abc"}}


@needs_git
def test_an_answer_that_is_late_is_none_and_no_older_one(repository, monkeypatch):
    may_end = threading.Event()
    asking._answers[repository] = (-1e9, {"commit": "old"})

    def late(root):
        may_end.wait(5)
        return {"commit": "late"}

    monkeypatch.setattr(asking, "_ask", late)
    monkeypatch.setattr(asking, "TIMEOUT", 0.01)
    assert capture_code() == {}
    may_end.set()


@needs_git
def test_from_a_folder_below_and_before_the_first_commit(folder, monkeypatch):
    git("init")
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    assert capture_code()["git"] == {"commit": "", "branch": "main", "dirty": False}


@needs_git
def test_an_answer_is_kept_for_a_moment(repository, monkeypatch):
    before = capture_code()
    monkeypatch.setattr(asking, "_ask", None)
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
    asking._answers.clear()
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
    assert capture_code() == {"notebook": "work/nb.ipynb", "front_end": "jupyter"}
    monkeypatch.setenv("JPY_SESSION_NAME", "work/nb.ipynb")
    assert capture_code() == {"notebook": "work/nb.ipynb", "front_end": "jupyter"}
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "console-1-abc"))
    assert capture_code() == {}


def test_the_notebook_of_vscode(folder):
    assert capture_code({"__vsc_ipynb_file__": str(folder / "nb.ipynb")}) == {
        "notebook": "nb.ipynb",
        "front_end": "vscode",
    }
    session = "nb-jvsc-01234567-89ab-cdef-0123-456789abcdef0123456789abcdef.ipynb"
    assert capture_code({"__vsc_ipynb_file__": str(folder / session)}) == {
        "notebook": "nb.ipynb",
        "front_end": "vscode",
    }
    assert capture_code({"__vsc_ipynb_file__": 3}) == {}


def test_a_notebook_from_elsewhere_tells_nothing_of_this_machine(folder):
    assert capture_code({"__vsc_ipynb_file__": str(folder.parent / "far" / "nb.ipynb")}) == {
        "notebook": "nb.ipynb",
        "front_end": "vscode",
    }


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
    assert capture_code({"__vsc_ipynb_file__": "/a/b.ipynb"}) == {"notebook": "b.ipynb", "front_end": "vscode"}
