"""Who is at work."""

from __future__ import annotations

import getpass

import pytest

from nbregistry.provenance.actor import actor


def test_the_hub_knows_best(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert actor() == "ada"
    monkeypatch.setenv("JUPYTERHUB_USER", " ")
    assert actor() == "root"
    monkeypatch.delenv("JUPYTERHUB_USER")
    assert actor() == "root"


@pytest.mark.parametrize("error", [KeyError, OSError, ImportError])
def test_nobody_says(monkeypatch, error):
    def unknown():
        raise error

    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", unknown)
    assert actor() == "unknown"
