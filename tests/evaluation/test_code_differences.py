"""The lines in which the code of versions differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nbregistry.evaluation.code_differences import code_differences


def kinds(one, other):
    (found,) = code_differences({"m@1": one, "m@2": other}, "m@1")
    return [(line.kind, line.text) for line in found.lines]


def test_equal_code_has_no_lines():
    assert kinds("a\nb", "a\nb") == []


def test_lines_that_are_far_from_a_difference_are_counted():
    before = [f"line {number}" for number in range(30)]
    after = [*before[:10], "new", *before[10:20], *before[21:]]
    assert kinds("\n".join(before), "\n".join(after)) == [
        ("gap", "8 equal lines"),
        ("", "line 8"),
        ("", "line 9"),
        ("added", "new"),
        ("", "line 10"),
        ("", "line 11"),
        ("gap", "6 equal lines"),
        ("", "line 18"),
        ("", "line 19"),
        ("removed", "line 20"),
        ("", "line 21"),
        ("", "line 22"),
        ("gap", "7 equal lines"),
    ]


def test_each_version_is_held_against_the_baseline_and_one_without_code_is_left_out():
    found = code_differences({"m@3": "a", "m@2": "b", "m@1": "a"}, "m@2")
    assert [(one.ref, one.baseline_ref, one.added, one.removed) for one in found] == [
        ("m@3", "m@2", 1, 1),
        ("m@1", "m@2", 1, 1),
    ]
    assert code_differences({"m@3": "a"}, "m@2") == ()


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_both_sides_can_be_put_together_again(before, after):
    left, right, gaps = [], [], 0
    for kind, text in kinds("\n".join(before), "\n".join(after)):
        if kind == "gap":
            gaps += int(text.split()[0])
            continue
        left += [text] if kind != "added" else []
        right += [text] if kind != "removed" else []
    if left or right or gaps:
        assert len(left) + gaps == len(before)
        assert len(right) + gaps == len(after)
    else:
        assert before == after
