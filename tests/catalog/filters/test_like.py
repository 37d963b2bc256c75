"""LIKE patterns: wildcards, escapes, and time that no pattern blows up."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.catalog.filters.like import LONGEST_WITH_ANY, like


def slow_like(pattern: str, text: str) -> bool:
    """Match by the definition, one pair of positions at a time."""

    @cache
    def at(p: int, t: int) -> bool:
        if p == len(pattern):
            return t == len(text)
        if pattern[p] == "%":
            return at(p + 1, t) or (t < len(text) and at(p, t + 1))
        width = 2 if pattern[p] == "\\" and pattern[p + 1 : p + 2] in {"%", "_", "\\"} else 1
        wanted = pattern[p + width - 1]
        any_one = pattern[p] == "_"
        return t < len(text) and (any_one or text[t] == wanted) and at(p + width, t + 1)

    return at(0, 0)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("", [""], ["a"]),
        ("%", ["", "a", "a\nb"], []),
        ("%%", ["", "ab"], []),
        ("_", ["a", "\n", "é", "😀"], ["", "ab"]),
        ("__%", ["ab", "abc"], ["a"]),
        ("fr%", ["fr", "fraud", "fr\nx"], ["Fr", "xfr", "f"]),
        ("%fr", ["fr", "xfr", "frfr"], ["frx", "fr\n"]),
        ("%fr%", ["fr", "afrb"], ["f r"]),
        ("a%a", ["aa", "aba"], ["a"]),
        ("ab%ba", ["abba", "abxba"], ["aba"]),
        ("%ab%ab%", ["abab", "abxab"], ["ab", "aab"]),
        ("%a_%_b%", ["axxb"], ["axb"]),
        ("a_c", ["abc", "a_c"], ["ac", "abbc"]),
        ("%a_c%", ["xxabcx", "aac"], ["a c\n"[:2]]),
        ("100\\%", ["100%"], ["100", "1000", "100\\%"]),
        ("a\\_b", ["a_b"], ["axb", "a\\_b"]),
        ("a\\\\%", ["a\\", "a\\x"], ["a", "ax"]),
        ("C:\\data\\%", ["C:\\data%"], ["C:\\data\\x", "C:data%"]),
        ("C:\\\\%", ["C:\\", "C:\\data"], ["C:data"]),
        ("a\\", ["a\\"], ["a"]),
        ("\\\\\\%", ["\\%"], ["\\x", "%"]),
        # What would mean something in a regular expression means nothing here.
        (".*", [".*"], ["ab", ""]),
        ("^(a|b)+$", ["^(a|b)+$"], ["a"]),
        ("[a-z]{2}\\d", ["[a-z]{2}\\d"], ["ab1"]),
        ("(?i)x", ["(?i)x"], ["X"]),
        ("a b#c", ["a b#c"], ["ab"]),
    ],
)
def test_pattern(pattern: str, matching: list[str], other: list[str]) -> None:
    test = like(pattern)
    assert [text for text in matching if not test(text)] == []
    assert [text for text in other if test(text)] == []


def test_case_counts_unless_ignored() -> None:
    assert not like("FR%")("fraud")
    assert like("FR%", ignore_case=True)("fraud")
    assert like("%É_", ignore_case=True)("xéa")
    assert like("%ß%", ignore_case=True)("Straße")


letters = st.text(alphabet="ab%_\\.*\nA", max_size=9)


@given(pattern=letters, text=letters)
def test_agrees_with_the_definition(pattern: str, text: str) -> None:
    assert like(pattern)(text) == slow_like(pattern, text)


@given(text=st.text(max_size=20))
def test_an_escaped_text_matches_itself_only(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    assert like(escaped)(text)
    assert like(escaped, ignore_case=True)(text)
    assert not like(escaped)(text + "x")
    assert like(f"%{escaped}%")(f"<{text}>")


@pytest.mark.parametrize("pattern", ["%a" * 2000 + "%b", "%" * 4000 + "b", "%a_" * 1500 + "b", "%" + "a" * 4000 + "b"])
def test_no_pattern_blows_up(pattern: str) -> None:
    assert not like(pattern)("a" * 20_000)  # one that goes back and tries again would never come to an end


def test_a_long_piece_with_any_character_in_it_is_refused() -> None:
    assert like("%" + "a_" * (LONGEST_WITH_ANY // 2))("ab" * LONGEST_WITH_ANY)
    with pytest.raises(ValueError, match="at most 100 characters"):
        like("%" + "a_" * LONGEST_WITH_ANY)


@pytest.mark.parametrize("ignore_case", [False, True])
def test_a_long_text_without_any_character_in_it_is_searched_at_once(ignore_case: bool) -> None:
    assert not like("%" + "a" * 7000 + "b%", ignore_case=ignore_case)("a" * 5_000_000)


@given(text=st.text(max_size=20))
def test_the_case_of_any_text_can_be_ignored(text: str) -> None:
    swapped = "".join(
        other if len(other := sign.swapcase()) == 1 and other.swapcase() == sign else sign for sign in text
    )
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    assert like(escaped, ignore_case=True)(swapped)
