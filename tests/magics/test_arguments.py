from __future__ import annotations

import pytest

from nbregistry.magics.arguments import model_name, named_expression, pair, reference, variable
from nbregistry.magics.usage import WrongUsage


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("a=1", ("a", 1)),
        ("a=b=c", ("a", "b=c")),
        ("a=", ("a", "")),
        ("a=b,", ("a", "b")),
        ("a=0.5,", ("a", 0.5)),
        ("a='b,'", ("a", "b,")),
        ("a=(1,)", ("a", "(1,)")),
        ('"a b"=1', ("a b", 1)),
        ('"a=1"', ("a", 1)),
        ("clf__C=0.5", ("clf__C", 0.5)),
    ],
)
def test_pairs(token, expected):
    assert pair(token) == expected


@pytest.mark.parametrize("token", ["a", "=1", "'a b'"])
def test_what_is_no_pair_is_told(token):
    with pytest.raises(WrongUsage, match="not of the form key=value"):
        pair(token)


def test_a_named_expression():
    name, prices = named_expression("prices=load(1, b='=')[['a', 'b']],")
    assert (name, prices.text) == ("prices", "load(1, b='=')[['a', 'b']]")
    for wrong in ("prices", "=x", "prices=", "prices=1 +"):
        with pytest.raises(WrongUsage):
            named_expression(wrong)


def test_only_identifiers_can_be_bound():
    with pytest.raises(WrongUsage):
        variable("not one")


def test_a_comma_after_a_name_or_a_reference_separates():
    assert (reference("churn@1,"), reference('"my model@1",'), model_name("churn,")) == (
        "churn@1",
        "my model@1",
        "churn",
    )
