"""What of a cell had run when it registered."""

from __future__ import annotations

import pytest

from nbregistry.provenance.cells.call_site import CallSite
from nbregistry.provenance.slicing.registration import before_register, registration_at, until, with_call_replaced


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


def at(source, *, function="<module>"):
    """Find the registration whose call ends where it says ``#``, which is taken out."""
    head, _, tail = source.partition("#")
    site = CallSite(head.count("\n") + 1, len(head.rpartition("\n")[2].encode()), function, 1)
    return head + tail, registration_at(head + tail, site)


@pytest.mark.parametrize(
    ("source", "function", "model", "runs_once", "is_used"),
    [
        ("registry.register('a', m)#", "<module>", "m", True, False),
        ("v = r.register('é', model=ms['é'])#.ref", "<module>", "ms['é']", True, True),
        ("v = f(r.register('a', make(1))#)", "<module>", "make(1)", True, True),
        ("if x:\n    r.register('a', m)#", "<module>", "m", False, False),
        ("v = [r.register('a', m)# for m in ms]", "<listcomp>", "m", False, True),
        ("v = [r.register('a', m)# for m in ms]", "<module>", "m", False, True),
        ("v = {r.register('a', m)# for m in ms}", "<setcomp>", "m", False, True),
        ("v = {1: r.register('a', m)# for m in ms}", "<dictcomp>", "m", False, True),
        ("v = sum(r.register('a', m)# for m in ms)", "<genexpr>", "m", False, True),
        ("f = lambda m: r.register('a', m)#", "<lambda>", "m", False, True),
        ("def f(m):\n    return r.register('a', m)#", "f", "m", False, True),
        ("async def f(m):\n    await x\n    r.register('a', m)#", "f", "m", False, False),
        ("class A:\n    def keep(self):\n        r.register('a', self.m)#", "keep", "self.m", False, False),
        ("r.register('a', *models)#", "<module>", "", True, False),
    ],
)  # fmt: skip
def test_the_registration_at_a_place(source, function, model, runs_once, is_used):
    _, found = at(source, function=function)
    assert (found.model, found.runs_once, found.is_used) == (model, runs_once, is_used)


@pytest.mark.parametrize(
    ("source", "function"),
    [
        ("atexit.register(f)#", "<module>"),
        ("def f(m):\n    r.register('a', m)#", "g"),
        ("%%time\nr.register('a', m)#", "<module>"),
        ("r.register('a', m) #", "<module>"),
        ("this is no python#", "<module>"),
    ],
)
def test_none_where_none_is(source, function):
    assert at(source, function=function)[1] is None


@pytest.mark.parametrize(
    ("source", "replaced"),
    [
        ("for é in x:\n    é; v = r.register('é', m)#.ref", "for é in x:\n    é; v = made(m).ref"),
        ("if x:\n    r.register(\n        'a', m\n    )#; y\nz", "if x:\n    made(m\n\n    ); y\nz"),
    ],
)
def test_a_call_is_replaced_and_no_line_moves(source, replaced):
    clean, found = at(source)
    assert with_call_replaced(clean, found.call, "made(m)") == replaced


def test_a_magic_is_replaced_with_the_lines_that_it_goes_on_for():
    source = "for m in ms:\n    %register churn m \\\n        --tags a=b\n    z = 1"
    call = "    get_ipython().run_line_magic('register', 'churn m          --tags a=b')"
    found = registration_at(source, CallSite(2, len(call), "<module>", 1))
    assert not found.is_used
    assert with_call_replaced(source, found.call, "made(m)") == "for m in ms:\n    made(m\n    )\n    z = 1"


def test_text_that_was_pasted_with_prompts_is_left_as_it_is():
    source = ">>> for m in ms:\n...     r.register('a', m)"
    found = registration_at(source, CallSite(2, 22, "<module>", 1))
    assert found.model == "m"
    assert with_call_replaced(source, found.call, "made(m)") is None


@pytest.mark.parametrize(("line", "kept"), [(1, 1), (3, 3), (4, 4), (9, 4)])
def test_until_a_line(line, kept):
    lines = ["a = 1; b = 2\n", "if a:\n", "    c\n", "d\n"]
    assert until("".join(lines), line) == "".join(lines[:kept])
