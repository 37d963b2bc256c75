from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.magics.splitting import scan, split, text, value
from nbregistry.magics.usage import WrongUsage


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("", ()),
        ("churn clf", ("churn", "clf")),
        ('"churn model" clf', ('"churn model"', "clf")),
        ('--on X[:, 1] df["y"]', ("--on", "X[:, 1]", 'df["y"]')),
        ("--on df[['a', 'b c']] f(x, y=(1, 2))", ("--on", "df[['a', 'b c']]", "f(x, y=(1, 2))")),
        ("a  \t b", ("a", "b")),
        (r"m df['it\'s']", ("m", r"df['it\'s']")),
        ('m df["""a "b" c"""]', ("m", 'df["""a "b" c"""]')),
        ('f"{a} {b}" r"\\d x"', ('f"{a} {b}"', 'r"\\d x"')),
        ("churn@1 # which one", ("churn@1",)),
        ("note=a#b", ("note=a#b",)),
        ("smile :) here", ("smile", ":)", "here")),
        (r"C:\models\x.zip", (r"C:\models\x.zip",)),
        ("d={'a': [1, 2]} n", ("d={'a': [1, 2]}", "n")),
    ],
)
def test_tokens(line, tokens):
    assert split(line) == (tokens, False)


@pytest.mark.parametrize("line", ["churn@1;", "churn@1 ;", "churn@1; # quiet"])
def test_a_semicolon_asks_for_silence(line):
    assert split(line) == (("churn@1",), True)


def test_a_semicolon_in_quotes_is_text():
    assert split('--reason "a;"') == (("--reason", '"a;"'), False)


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ('churn --reason "drift', 15, "quote"),
        ("churn X[:, 1", 7, "bracket"),
        ("x it's", 4, "quote"),
        ("f('(')(", 6, "bracket"),
    ],
)
def test_what_is_not_closed_is_pointed_at(line, column, what):
    with pytest.raises(WrongUsage, match=f"the {what} .* is not closed") as caught:
        split(line)
    assert str(caught.value).splitlines()[2] == "    " + " " * column + "^"


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("churn", "churn"),
        ("'churn model'", "churn model"),
        (r'"say \"hi\""', 'say "hi"'),
        (r'"tags.x LIKE \'50\%\'"', r"tags.x LIKE \'50\%\'"),
        (r'"\\server\share"', r"\\server\share"),
        ("'a' = 'b'", "'a' = 'b'"),
        ('"', '"'),
        ('""', ""),
        ("it's", "it's"),
    ],
)
def test_quotes_come_off_text(token, expected):
    assert text(token) == expected


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("1", 1),
        ("-1e-3", -0.001),
        ("True", True),
        ("None", None),
        ("'1'", "1"),
        ("l2", "l2"),
        ("true", "true"),
        ("(64, 32)", "(64, 32)"),
        ("1+2j", "1+2j"),
        ("a b", "a b"),
        ("{", "{"),
        ("", ""),
    ],
)
def test_values_are_literals_or_text(token, expected):
    found = value(token)
    assert found == expected
    assert type(found) is type(expected)


@given(st.text(max_size=60))
def test_scanning_loses_nothing_but_blanks(line):
    tokens = scan(line)
    assert "".join("".join(t.text.split()) for t in tokens) == "".join(line.split())
    assert all(line[t.start :].startswith(t.text) for t in tokens)


@given(
    st.lists(st.sampled_from(["x", "f(a, b)", "X[:, 1]", "'a b'", '"it\'s"', "{'k': (1, 2)}", "-x", "a.b"]), max_size=6)
)
def test_joined_tokens_split_again(tokens):
    assert split("  ".join(tokens)).tokens == tuple(tokens)


@given(st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs"]), max_size=40))
def test_any_text_can_be_quoted(written):
    escaped = written.replace('"', '\\"')
    (token,) = split(f'"{escaped}"').tokens
    assert text(token) == written


@given(
    st.one_of(
        st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none(), st.text(max_size=20)
    )
)
def test_literals_are_read_as_python_reads_them(given_value):
    assert value(repr(given_value)) == ast.literal_eval(repr(given_value))
