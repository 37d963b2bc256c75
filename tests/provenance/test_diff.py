"""What was changed since the last commit."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from nbregistry.provenance import diff as asking
from nbregistry.provenance.diff import Diff, capture_diff
from tests.provenance.redaction.secrets import FORMED

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


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


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init")
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("x = 1\n")
    git("add", ".")
    git("commit", "-m", "one")
    return tmp_path


def test_nothing_was_changed(repository):
    assert capture_diff(repository) == Diff()


def test_what_was_changed_staged_or_not(repository):
    (repository / "a.py").write_text("x = 2\n")
    (repository / "b.py").write_text("x = 3\n")
    (repository / "new.py").write_text("not tracked")
    git("add", "b.py")
    diff = capture_diff(repository)
    assert diff.files == ("a.py", "b.py")
    assert "-x = 1\n+x = 2\n" in diff.text
    assert "+x = 3\n" in diff.text
    assert "not tracked" not in diff.text
    assert diff.cut_bytes == 0
    assert Diff.from_document(diff.to_document()) == diff


def test_secrets_are_not_kept(repository):
    (repository / "a.py").write_text(f"token = '{FORMED['github_token']}'\npassword = 'hunter2'\n")
    text = capture_diff(repository).text
    assert FORMED["github_token"] not in text
    assert "hunter2" not in text
    assert "+password = '[redacted: credential]'\n" in text


def test_a_long_one_is_cut_at_a_line_and_says_how_much(repository, monkeypatch):
    monkeypatch.setattr(asking, "LONGEST", 1000)
    (repository / "a.py").write_text("y = 12345678\n" * 1000)
    whole = subprocess.run(["git", "diff", "HEAD"], check=True, capture_output=True).stdout
    diff = capture_diff(repository)
    assert diff.text.endswith("\n")
    assert 980 < len(diff.text) <= 1000
    assert len(diff.text) + diff.cut_bytes == len(whole)
    assert whole.decode().startswith(diff.text)


def test_before_the_first_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init")
    (tmp_path / "a.py").write_text("x = 1\n")
    git("add", "a.py")
    assert capture_diff(tmp_path).files == ("a.py",)


def test_names_and_contents_that_are_no_text(repository):
    (repository / "caf\u00e9\n.py").write_bytes(b"x = '\xff'\n")
    (repository / "data.bin").write_bytes(b"\0\1")
    git("add", ".")
    diff = capture_diff(repository)
    assert set(diff.files) == {"caf\u00e9\n.py", "data.bin"}
    assert "\\xff" in diff.text
    diff.text.encode()


def test_no_helper_is_run(repository):
    marker = repository / "ran"
    (repository / ".gitattributes").write_text("*.py diff=evil\n")
    for setting in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor"):
        git("config", setting, f"touch {marker} #")
    (repository / "a.py").write_text("x = 2\n")
    assert "+x = 2" in capture_diff(repository).text
    assert not marker.exists()


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    assert capture_diff(tmp_path) == Diff()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert capture_diff(tmp_path) == Diff()


def test_a_slow_one_is_not_waited_for(repository, monkeypatch):
    (repository / "a.py").write_text("x = 2\n")
    monkeypatch.setattr(asking, "TIMEOUT", 0.0)
    assert isinstance(capture_diff(repository), Diff)
