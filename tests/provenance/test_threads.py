"""Which libraries compute in threads, looked for no more often than needed."""

from __future__ import annotations

import threadpoolctl

from nbregistry.provenance.threads import Threads

BLAS = {
    "user_api": "blas",
    "internal_api": "openblas",
    "num_threads": 2,
    "version": "0.3.30",
    "architecture": "Haswell",
}
OTHER = BLAS | {"version": "0.3.31", "num_threads": 4, "architecture": None}
OPENMP = {"user_api": "openmp", "internal_api": "openmp", "num_threads": 8, "version": None}


def controller(monkeypatch, *pools):
    made = []

    class Controller:
        def __init__(self):
            made.append(self)

        def info(self):
            return list(pools)

    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", Controller)
    return made


def test_what_is_said(monkeypatch):
    controller(monkeypatch, BLAS, OPENMP, OTHER, BLAS)
    assert Threads().describe() == {
        "blas": "openblas 0.3.30 (Haswell), openblas 0.3.31",
        "threads": "BLAS 2/4, OpenMP 8",
    }


def test_of_none_nothing_is_said(monkeypatch):
    controller(monkeypatch)
    assert Threads().describe() == {}


def test_libraries_are_looked_for_once_and_again_when_told(monkeypatch):
    made = controller(monkeypatch, BLAS)
    threads = Threads()
    threads.describe()
    threads.describe()
    assert len(made) == 1
    threads.look_again()
    threads.describe()
    assert len(made) == 2


def test_where_the_system_does_not_tell_nothing_is_said_and_it_is_asked_again(monkeypatch):
    def refuse() -> None:
        raise PermissionError(13, "Permission denied", "/proc/self/maps")

    threads = Threads()
    with monkeypatch.context() as patched:
        patched.setattr(threadpoolctl, "ThreadpoolController", refuse)
        assert threads.describe() == {}
    controller(monkeypatch, BLAS)
    assert threads.describe()["blas"] == "openblas 0.3.30 (Haswell)"
