from __future__ import annotations

import pytest

import nbregistry
from nbregistry.errors import NotFound
from nbregistry.magics.usage import WrongUsage


def test_the_registry_is_opened_once_and_only_when_needed(shell, in_folder, monkeypatch):
    opened = []
    really_open = nbregistry.open
    monkeypatch.setattr(nbregistry, "open", lambda url: opened.append(url) or really_open(url))
    shell.run_line_magic("nbr", "help")
    assert opened == []
    first = shell.run_line_magic("registry", "")
    assert shell.run_line_magic("registry", "") is first
    assert opened == [in_folder / ".nbregistry"]


def test_the_registry_is_the_one_that_open_finds_from_here(shell, in_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shell.run_line_magic("registry", "").path == nbregistry.open().path == tmp_path / ".nbregistry"
    monkeypatch.chdir(in_folder)
    assert shell.run_line_magic("registry", "").path == nbregistry.open().path == in_folder / ".nbregistry"
    chosen = shell.run_line_magic("registry", str(tmp_path / "chosen"))
    monkeypatch.chdir(tmp_path)
    assert shell.run_line_magic("registry", "") is chosen


def test_a_url_switches(shell, recorder):
    assert shell.run_line_magic("registry", '"../a folder"') is recorder
    assert recorder.url == "../a folder"


def test_a_switch_works_where_the_first_registry_cannot_be_opened(shell, monkeypatch):
    def open_(url=None):
        if url != "there":
            raise NotFound("no registry here")
        return url

    monkeypatch.setattr(nbregistry, "open", open_)
    with pytest.raises(NotFound):
        shell.run_line_magic("registry", "")
    assert shell.run_line_magic("registry", "there") == "there"


def test_a_failed_switch_keeps_the_registry(shell, in_folder):
    before = shell.run_line_magic("registry", "")
    (in_folder / "file").write_text("no registry")
    with pytest.raises(NotFound, match="is a file"):
        shell.run_line_magic("registry", "file")
    assert shell.run_line_magic("registry", "") is before


def test_trust_and_untrust(shell, recorder):
    assert shell.run_line_magic("registry", 'trust ed25519:ab --label "Ada L"') == (
        "trust",
        ("ed25519:ab",),
        {"label": "Ada L"},
    )
    assert shell.run_line_magic("registry", "untrust ed25519:ab") == ("untrust", ("ed25519:ab",), {})


@pytest.mark.parametrize("line", ["trust", "untrust"])
def test_trust_needs_a_key(shell, recorder, line):
    with pytest.raises(WrongUsage, match="needs a key"):
        shell.run_line_magic("registry", line)


def test_a_key_behind_a_url_is_a_mistake(shell, recorder):
    with pytest.raises(WrongUsage, match="takes nothing more") as caught:
        shell.run_line_magic("registry", "trsut ed25519:ab")
    assert caught.value.nearest[0] == "%registry trust ed25519:ab"


def test_a_place_without_a_registry_says_so_and_is_no_error(shell, in_folder):
    shown = repr(shell.run_line_magic("registry", "nosuchdir"))
    assert "! There is no registry at this place yet: the first %register makes it." in shown
    assert list(in_folder.iterdir()) == []
    shell.run_line_magic("register", "m dict(w=1)")
    assert "no registry" not in repr(shell.run_line_magic("registry", ""))
