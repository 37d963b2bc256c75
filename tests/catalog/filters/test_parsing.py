"""Text to tree: what is understood, how it is grouped, and how it prints."""

import pytest

from nbregistry.catalog.filters import parse
from nbregistry.catalog.filters.fields import Field
from nbregistry.catalog.filters.literals import Number, Text, Truth
from nbregistry.catalog.filters.parsing import MAX_LENGTH, MAX_NESTING
from nbregistry.catalog.filters.tree import And, Between, Comparison, In, IsNull, Like, Node, Not, Or
from nbregistry.errors import InvalidFilter

AUC = Field("metrics", "auc")
TEAM = Field("tags", "team")
C = Field("params", "C")


def equals(key: str, number: int) -> Comparison:
    return Comparison(Field("tags", key), "=", Number(number))


A, B, D = equals("a", 1), equals("b", 2), equals("d", 3)

TREES: list[tuple[str, Node]] = [
    ("metrics.auc > 0.9", Comparison(AUC, ">", Number(0.9))),
    ("metric.auc>0.9", Comparison(AUC, ">", Number(0.9))),
    ("metrics.`auc`  >\n\t0.9 ", Comparison(AUC, ">", Number(0.9))),
    ('metrics."auc" > 0.9', Comparison(AUC, ">", Number(0.9))),
    ("param.C = '1'", Comparison(C, "=", Text("1"))),
    ('params.C == "1"', Comparison(C, "=", Text("1"))),
    ("params.C <> 1", Comparison(C, "!=", Number(1))),
    ("params.C != -1e-3", Comparison(C, "!=", Number(-0.001))),
    ("params.C <= +.5", Comparison(C, "<=", Number(0.5))),
    ("params.C < 5.", Comparison(C, "<", Number(5.0))),
    ("params.C >= -inf", Comparison(C, ">=", Number(float("-inf")))),
    ("params.C = Infinity", Comparison(C, "=", Number(float("inf")))),
    ("params.C = NaN", Comparison(C, "=", Number(float("nan")))),
    ("params.C = 9007199254740993", Comparison(C, "=", Number(9007199254740993))),
    ("tag.team = True", Comparison(TEAM, "=", Truth(value=True))),
    ("tags.team = false", Comparison(TEAM, "=", Truth(value=False))),
    ("tags.team = 'it''s'", Comparison(TEAM, "=", Text("it's"))),
    ('tags.team = "a ""b"" c"', Comparison(TEAM, "=", Text('a "b" c'))),
    ("tags.team = ''", Comparison(TEAM, "=", Text(""))),
    ("tags.team = 'a AND b\n-- %'", Comparison(TEAM, "=", Text("a AND b\n-- %"))),
    ("tags.`mlflow.source name` = 'x'", Comparison(Field("tags", "mlflow.source name"), "=", Text("x"))),
    ("tags.`a``b` = 1", Comparison(Field("tags", "a`b"), "=", Number(1))),
    ('tags."a""b" = 1', Comparison(Field("tags", 'a"b'), "=", Number(1))),
    ("metrics.val/f1-score.5@k = 1", Comparison(Field("metrics", "val/f1-score.5@k"), "=", Number(1))),
    ("metrics.précision > 1", Comparison(Field("metrics", "précision"), ">", Number(1))),
    ("metrics.and > 1", Comparison(Field("metrics", "and"), ">", Number(1))),
    ("params.clf__C > 1", Comparison(Field("params", "clf__C"), ">", Number(1))),
    ("name = 'churn'", Comparison(Field("", "name"), "=", Text("churn"))),
    ("attribute.name = 'churn'", Comparison(Field("", "name"), "=", Text("churn"))),
    ("attributes.`status` = 'active'", Comparison(Field("", "status"), "=", Text("active"))),
    ("aliases = 'champion'", Comparison(Field("", "alias"), "=", Text("champion"))),
    ("created_at < '2026-11'", Comparison(Field("", "created_at"), "<", Text("2026-11"))),
    ("tags.team like 'fr%'", Like(TEAM, "fr%")),
    ("tags.team ILike 'fr%'", Like(TEAM, "fr%", ignore_case=True)),
    ("tags.team Not Like 'fr%'", Not(Like(TEAM, "fr%"))),
    ("tags.team NOT ILIKE 'fr%'", Not(Like(TEAM, "fr%", ignore_case=True))),
    ("params.C in (1,'2' , true)", In(C, (Number(1), Text("2"), Truth(value=True)))),
    ("params.C NOT IN(1)", Not(In(C, (Number(1),)))),
    ("NOT params.C IN ('1','2')", Not(In(C, (Text("1"), Text("2"))))),
    ("params.C between 1 AND 2", Between(C, Number(1), Number(2))),
    ("params.C NOT BETWEEN 1 and 2", Not(Between(C, Number(1), Number(2)))),
    ("params.C IS NULL", IsNull(C)),
    ("params.C is not null", Not(IsNull(C))),
    ("tags.a=1 AND tags.b=2 AND tags.d=3", And((A, B, D))),
    ("tags.a=1 OR tags.b=2 OR tags.d=3", Or((A, B, D))),
    ("tags.a=1 OR tags.b=2 AND tags.d=3", Or((A, And((B, D))))),
    ("tags.a=1 AND tags.b=2 OR tags.d=3", Or((And((A, B)), D))),
    ("(tags.a=1 OR tags.b=2) AND tags.d=3", And((Or((A, B)), D))),
    ("tags.a=1 AND (tags.b=2 AND tags.d=3)", And((A, And((B, D))))),
    ("NOT tags.a=1 AND tags.b=2", And((Not(A), B))),
    ("NOT (tags.a=1 AND tags.b=2)", Not(And((A, B)))),
    ("NOT tags.a=1 OR NOT tags.b=2", Or((Not(A), Not(B)))),
    ("NOT NOT tags.a=1", A),
    ("NOT NOT NOT tags.a=1", Not(A)),
    ("NOT (NOT tags.a=1)", A),
    ("NOT tags.team NOT LIKE 'x'", Like(TEAM, "x")),
    ("params.C BETWEEN 1 AND 2 AND tags.a=1", And((Between(C, Number(1), Number(2)), A))),
    ("((tags.a=1))", A),
    ("(tags.a=1)and(tags.b=2)", And((A, B))),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_text_is_read_as_its_tree(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_printed_text_is_read_as_the_same_tree(text: str, tree: Node) -> None:
    printed = str(parse(text))
    assert parse(printed).tree == tree
    assert str(parse(printed)) == printed


PRODUCT = (  # the example of the documentation
    "metrics.roc_auc > 0.9 AND (tags.team LIKE 'fr%' OR alias = 'champion') AND NOT params.C IN ('1','2')"
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (PRODUCT, PRODUCT.replace("NOT params.C IN ('1','2')", "params.C NOT IN ('1', '2')")),
        (
            'metric."top 5"==1e-5 and not status<>"active"',
            "metrics.`top 5` = 1e-05 AND NOT status != 'active'",
        ),
        ("NOT (params.C IS NULL or tags.a ilike 'X')", "NOT (params.C IS NULL OR tags.a ILIKE 'X')"),
        ("params.C is not null", "params.C IS NOT NULL"),
        ("params.C not between TRUE and nan", "params.C NOT BETWEEN true AND nan"),
    ],
)
def test_canonical_text(text: str, printed: str) -> None:
    assert str(parse(text)) == printed


def test_a_number_and_a_truth_value_are_different_trees() -> None:
    assert parse("tags.a = 1") != parse("tags.a = true")
    assert parse("tags.a = 1") != parse("tags.a = 1.0")
    assert parse("tags.a = nan") == parse("tags.a = NaN")


def test_too_long_is_refused() -> None:
    text = "tags.a = '" + "x" * (MAX_LENGTH - 11) + "'"
    assert parse(text)
    with pytest.raises(InvalidFilter, match=r"too long: 8,193 characters, at most 8,192"):
        parse(text + " ")
    with pytest.raises(InvalidFilter, match="too long"):
        parse("(" * 100_000)


def test_too_deep_is_refused_at_the_parenthesis() -> None:
    deepest = "(" * MAX_NESTING + "tags.a = 1" + ")" * MAX_NESTING
    assert parse(deepest).tree == A
    with pytest.raises(InvalidFilter, match="column 33: at most 32 parentheses may be open at once"):
        parse(f"({deepest})")
    with pytest.raises(InvalidFilter, match="column 33"):
        parse("(" * 1000 + "tags.a = 1" + ")" * 1000)
    with pytest.raises(InvalidFilter, match="column 132"):
        parse("NOT(" * 1000 + "tags.a = 1" + ")" * 1000)


def test_the_deepest_tree_prints_compiles_and_matches() -> None:
    text = "tags.a = 1"
    for _ in range(MAX_NESTING):
        text = f"tags.b = 2 OR tags.a = 1 AND NOT ({text})"
    chosen = parse(text)
    assert parse(str(chosen)) == chosen
    assert hash(chosen) == hash(parse(text))
    assert repr(chosen)
    assert chosen.query()({"tags": {"b": 2}})
    assert not chosen.query()({"tags": {"a": 2}})


def test_long_chains_do_not_nest() -> None:
    assert parse("NOT " * 2001 + "tags.a = 1").tree == Not(A)
    many = parse(" AND ".join(["tags.a=1"] * 600))
    assert many.query()({"tags": {"a": 1}})
    assert parse(str(many).replace(" = ", "=")) == many


def test_a_program_error_stays_pythons_own() -> None:
    with pytest.raises(TypeError):
        parse(None)  # type: ignore[arg-type]
