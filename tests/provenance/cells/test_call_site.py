"""Which place of the notebook's code led here."""

from __future__ import annotations

import sys
from threading import Thread

from nbregistry.provenance.cells.call_site import CallSite, call_site


def found_by(code, **names):
    """Run code that calls `find`, as a cell's, and give what that found."""
    found = []
    namespace = {"find": lambda: found.append(call_site(namespace)), **names}
    exec(compile(code, "<cell>", "exec"), namespace)
    return [(site.line, site.column, site.function, site.running_line) if site else None for site in found]


def test_the_end_of_the_call_in_bytes():
    assert found_by("1\n'é'; find()") == [(2, 12, "<module>", 2)]


def test_a_function_of_the_notebook_and_the_line_that_leads_to_it():
    assert found_by("def f():\n    find()\nx = 1\nf()") == [(2, 10, "f", 4)]
    assert found_by("class A:\n    def f(self):\n        find()\nA().f()") == [(3, 14, "f", 4)]


def test_code_that_a_cell_executes_is_where_the_cell_is():
    assert found_by("1\n2\nexec('find()')", exec=lambda code: exec(code, sys._getframe(1).f_globals)) == [
        (1, 6, "<module>", 3)
    ]


def test_each_pass_is_at_the_same_place():
    found = []
    namespace = {"find": lambda: found.append(call_site(namespace))}
    exec("def f():\n    find()\nf()\nf()\nfind()", namespace)
    first, second, elsewhere = found
    assert first == second != elsewhere
    assert (first.running_line, second.running_line) == (3, 4)


def test_code_of_another_module_is_no_place_and_what_called_it_is():
    assert found_by("helper(find)", helper=lambda find: find()) == [(1, 12, "<module>", 1)]


def test_what_no_cell_led_to_has_none():
    assert call_site({}) is None
    found = []
    namespace = {"find": lambda: found.append(call_site(namespace))}
    exec("def f():\n    find()", namespace)
    thread = Thread(target=namespace["f"])
    thread.start()
    thread.join()
    assert found == [None]


def test_a_place_is_the_same_whatever_line_led_to_it():
    assert CallSite(1, 2, "f", 3) == CallSite(1, 2, "f", 4) != CallSite(1, 3, "f", 3)
