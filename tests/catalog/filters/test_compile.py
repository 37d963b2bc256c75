"""A filter as a TinyDB query: fields, logic, the query cache, speed."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from tinydb import Query, TinyDB
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage

from nbregistry.catalog.filters import parse

CHURN: dict[str, Any] = {
    "name": "churn",
    "version": 3,
    "created_at": "2026-11-22T10:30:05.123456+00:00",
    "created_by": "ada",
    "description": "the third",
    "tags": {"team": "fraud", "top 5": True},
    "params": {"C": 1.0, "solver": "lbfgs", "max_depth": None},
    "metrics": {"roc_auc": 0.93, "loss": float("nan")},
    "aliases": ["champion", "eu"],
    "status": "active",
    "approval": "Approved",
    "flavor": "sklearn",
    "algorithm": "LogisticRegression",
}


@pytest.mark.parametrize(
    "text",
    [
        "metrics.roc_auc > 0.9 AND (tags.team LIKE 'fr%' OR alias = 'champion') AND NOT params.C IN ('5')",
        "name = 'churn' AND version = 3 AND status = 'active' AND approval = 'Approved'",
        "created_by = 'ada' AND flavor = 'sklearn' AND algorithm ILIKE 'logistic%'",
        "description LIKE '%third' AND description != ''",
        "version >= '3' AND version BETWEEN 1 AND 3 AND version IN (3)",
        "attribute.version = 3 AND attributes.name LIKE 'c%'",
        "tags.`top 5` = true",
        "params.C = '1'",
        "params.max_depth IS NULL AND params.none IS NULL AND params.C IS NOT NULL",
        "metrics.loss != 0 AND metrics.loss = nan AND NOT metrics.loss > 0",
        "alias = 'eu' AND alias = 'champion' AND aliases LIKE 'champ%' AND alias IN ('x', 'eu')",
        "alias != 'challenger' AND alias IS NOT NULL",
        "text LIKE '%third' AND text ILIKE 'FRAUD' AND text = 'eu' AND text = 'lbfgs' OR text IN ('ada')",
        "text != 'lbfgs' AND NOT text LIKE '%lbfgs%' AND NOT text IS NULL AND attribute.text LIKE 'Logistic%'",
        "tags.none NOT IN ('a') AND tags.none NOT LIKE '%' AND NOT tags.none = 1",
    ],
)
def test_matches(text: str) -> None:
    assert parse(text).query()(CHURN)
    assert not parse(f"NOT ({text})").query()(CHURN)


@pytest.mark.parametrize(
    "text",
    [
        "metrics.roc_auc > 0.95",
        "metrics.none < 1",
        "tags.none != 'a'",
        "alias != 'champion'",
        "alias = 'challenger'",
        "name = 'chur'",
        "params.C IN ('2', '3')",
        "status = 'active' AND version = 4",
        "status = 'archived' OR version = 4",
    ],
)
def test_does_not_match(text: str) -> None:
    assert not parse(text).query()(CHURN)
    assert parse(f"NOT ({text})").query()(CHURN)


@pytest.mark.parametrize("document", [{}, {"aliases": []}, {"aliases": None}])
def test_a_version_without_aliases(document: Mapping[str, Any]) -> None:
    assert parse("alias IS NULL").query()(document)
    assert not parse("alias = 'champion'").query()(document)
    assert not parse("alias != 'champion'").query()(document)
    assert parse("NOT alias = 'champion'").query()(document)
    assert not parse("alias LIKE '%'").query()(document)


def test_the_answer_is_a_bool() -> None:
    for text in (
        "alias != 'x'",
        "alias IS NULL",
        "metrics.loss = nan",
        "tags.team LIKE 'f%'",
        "params.C > 0",
    ):
        assert type(parse(text).query()(CHURN)) is bool


def test_equal_filters_share_a_place_in_the_query_cache() -> None:
    one, other = parse("metrics.auc>0.9").query(), parse("metric.`auc`  > 0.9").query()
    assert isinstance(one, QueryInstance)
    assert one.is_cacheable()
    assert one == other
    assert hash(one) == hash(other)


def test_the_query_cache_keeps_apart_what_python_calls_equal() -> None:
    texts = [
        "= 1",
        "= true",
        "= '1'",
        "= 0",
        "= false",
        "= '0'",
        "= nan",
        "= 'nan'",
        "LIKE '1'",
        "ILIKE '1'",
        "IN (1)",
    ]
    queries = [parse(f"tags.x {text}").query() for text in texts]
    assert len(set(queries)) == len(queries)

    table = TinyDB(storage=MemoryStorage).table("versions", cache_size=100)
    values = [1, True, "1", 0, False, "0", float("nan"), "nan", "True"]
    table.insert_multiple({"tags": {"x": value}} for value in values)
    for _ in range(2):  # the second round is answered by the cache
        for query in queries:
            assert [found.doc_id for found in table.search(query)] == [found.doc_id for found in table if query(found)]
    assert [found["tags"]["x"] for found in table.search(parse("tags.x = 1").query())] == [1, "1"]
    assert [found["tags"]["x"] for found in table.search(parse("tags.x = true").query())] == [True, "True"]


def test_a_write_is_seen_by_the_next_search() -> None:
    table = TinyDB(storage=MemoryStorage).table("versions")
    table.insert({"metrics": {"auc": 0.95}})
    query = parse("metrics.auc > 0.9").query()
    assert len(table.search(query)) == 1
    table.insert({"metrics": {"auc": 0.99}})
    assert len(table.search(query)) == 2


def test_combines_with_other_queries() -> None:
    query = parse("version = 3").query()
    assert (query & (Query().name == "churn"))(CHURN)
    assert (query & (Query().name == "churn")).is_cacheable()
    assert not (~query)(CHURN)
    assert (~query | query)(CHURN)


def test_ten_thousand_documents_are_scanned() -> None:
    chance = random.Random(0)
    documents = [{**CHURN, "metrics": {"auc": chance.random()}} for _ in range(10_000)]
    query = parse("metrics.auc > 0.9").query()
    found = sum(query(document) for document in documents)
    assert found == sum(document["metrics"]["auc"] > 0.9 for document in documents)
