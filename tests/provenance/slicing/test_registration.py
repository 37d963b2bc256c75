"""What of a cell had run when it registered."""

from __future__ import annotations

import pytest

from nbregistry.provenance.slicing import before_register


@pytest.mark.parametrize(
    ("source", "earlier", "before"),
    [
        ("m.fit(X)\n%register churn m --on X y\nm.fit(Z)", 0, "m.fit(X)\n"),
        ("m.fit(X)\nv = %nbr register churn m\nm.fit(Z)", 0, "m.fit(X)\n"),
        ("m.fit(X)\nv = registry.register('churn', m)\nm.fit(Z)", 0, "m.fit(X)\n"),
        ("m.fit(X)\nregistry.register(\n    'churn',\n    model=m,\n)\nm.fit(Z)", 0, "m.fit(X)\n"),
        ("%register a m\nm.fit(Z)\n%register b m\nz = 1", 1, "%register a m\nm.fit(Z)\n"),
        ("%register a m\nm.fit(Z)\n%register b m\nz = 1", 7, "%register a m\nm.fit(Z)\n"),
        ("%%register churn m\nm = f()\nm.fit(X)", 0, "%%register churn m\nm = f()\nm.fit(X)"),
        ("for m in ms:\n    registry.register('a', m)\nz = 1", 0, "for m in ms:\n    registry.register('a', m)\n"),
        ("x = 1\ny = 2", 0, "x = 1\ny = 2"),
        ("this is no python", 0, "this is no python"),
        ("atexit.register(f)\nm.fit(X)\n%register churn m", 0, "atexit.register(f)\nm.fit(X)\n"),
        ("%nbr versions\n%register churn m", 0, "%nbr versions\n"),
    ],
)  # fmt: skip
def test_what_ran_before(source: str, earlier: int, before: str) -> None:
    assert before_register(source, earlier) == before
