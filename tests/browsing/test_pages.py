"""Pages of a long list."""

from __future__ import annotations

import pytest

from nbregistry.browsing import pages
from nbregistry.browsing.pages import page_of_models, page_of_versions
from nbregistry.errors import Refused


@pytest.fixture
def seven(registry):
    for number in range(7):
        registry.register("m", {"w": number}, metrics={"roc_auc": number / 10, "speed": 3}, params={"C": -number})
    registry.promote("m@2")
    return registry


def test_pages_follow_each_other_newest_first(seven):
    found = [page_of_versions(seven, "m", offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [[row.version for row in page.rows] for page in found] == [[7, 6, 5], [4, 3, 2], [1], []]
    assert {page.total for page in found} == {7}


@pytest.mark.parametrize(
    ("order", "versions"),
    [("params.C", [7, 6]), ("-params.C", [1, 2]), ("metrics.roc_auc", [1, 2]), ("-metrics.roc_auc", [7, 6])],
)
def test_the_order_can_be_chosen(seven, order, versions):
    page = page_of_versions(seven, "m", order_by=order, limit=2)
    assert [row.version for row in page.rows] == versions


def test_a_model_that_has_not_the_metric_is_in_its_usual_order(seven):
    page = page_of_versions(seven, "m", order_by="-metrics.none_such", limit=2)
    assert [row.version for row in page.rows] == [7, 6]


def test_the_main_metric_is_the_usual_one_or_the_one_that_is_preferred(seven):
    assert page_of_versions(seven, "m").metric == "roc_auc"
    assert page_of_versions(seven, "m", metric="speed").metric == "speed"
    assert page_of_versions(seven, "m", metric="none such").metric == "roc_auc"
    assert page_of_versions(seven, "m").metrics == ("roc_auc", "speed")


def test_where_no_metric_tells_which_way_is_better_one_is_shown_all_the_same(registry):
    registry.register("m", {"w": 1}, metrics={"trees": 3})
    assert page_of_versions(registry, "m").metric == "trees"
    registry.register("bare", {"w": 1})
    assert page_of_versions(registry, "bare").metric == ""


def test_a_model_s_row_names_its_champion(seven):
    (row,) = page_of_models(seven).rows
    assert (row.champion.ref, row.metric, row.champion.metrics[row.metric]) == ("m@2", "roc_auc", 0.1)


def test_a_filter_s_key_that_no_version_has_is_told_with_those_that_may_be_meant(seven):
    for page in (page_of_models(seven, asked="metrics.roc > 0"), page_of_versions(seven, "m", asked="metrics.roc > 0")):
        assert (page.total, page.lacking) == (0, {"metrics.roc": ("metrics.roc_auc",)})
    assert page_of_models(seven, asked="metrics.roc_auc > 1").lacking == {}


def test_what_comes_before_and_after_a_page_still_counts_for_what_is_best(seven):
    listed = seven.versions("m", limit=2, offset=2)
    assert [version.version for version in listed] == [3, 4]
    assert sorted(version.version for version in listed.matching) == [1, 2, 3, 4, 5, 6, 7]


def test_a_page_has_an_end_and_a_beginning(seven, monkeypatch):
    seven.register("other", {"w": 1})
    monkeypatch.setattr(pages, "MOST", 1)
    for page in (page_of_versions(seven, "m", limit=10**9), page_of_models(seven, limit=10**9)):
        assert len(page.rows) == 1 < page.total
    with pytest.raises(Refused):
        page_of_versions(seven, "m", offset=-1)
