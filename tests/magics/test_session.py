from __future__ import annotations

import pytest

import nbregistry
from nbregistry.errors import NotFound
from nbregistry.magics.usage import WrongUsage


def test_the_registry_is_opened_once_and_only_when_needed(shell, monkeypatch):
    opened = []
    monkeypatch.setattr(nbregistry, "open", lambda url=None: opened.append(url) or object())
    shell.run_line_magic("nbr", "help")
    assert opened == []
    first = shell.run_line_magic("registry", "")
    assert shell.run_line_magic("registry", "") is first
    assert opened == [None]


def test_a_url_switches(shell, recorder):
    assert shell.run_line_magic("registry", '"../a folder"') is recorder
    assert recorder.url == "../a folder"


def test_a_switch_works_where_the_first_registry_cannot_be_opened(shell, monkeypatch):
    def open_(url=None):
        if url is None:
            raise NotFound("no registry here")
        return url

    monkeypatch.setattr(nbregistry, "open", open_)
    with pytest.raises(NotFound):
        shell.run_line_magic("registry", "")
    assert shell.run_line_magic("registry", "there") == "there"


def test_a_failed_switch_keeps_the_registry(shell, recorder, monkeypatch):
    before = shell.run_line_magic("registry", "")

    def fail(url=None):
        raise NotFound("nothing there")

    monkeypatch.setattr(nbregistry, "open", fail)
    with pytest.raises(NotFound):
        shell.run_line_magic("registry", "elsewhere")
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
