"""What is typed into the box: words or a filter."""

from __future__ import annotations

import numpy as np
import pytest

from nbregistry.browsing.pages import page_of_models, page_of_versions
from nbregistry.browsing.searching import as_filter
from nbregistry.errors import InvalidFilter


@pytest.mark.parametrize(
    "text",
    ["metrics.auc > 0.9", "tags.team LIKE 'fr%'", "alias='champion'", "params.C IN ('1')", "tags.a IS NOT NULL",
     "version between 1 and 3"],
)  # fmt: skip
def test_a_filter_is_a_filter(text):
    assert as_filter(f"  {text} ") == text


@pytest.mark.parametrize("text", ["best in class", "as it is", "looks like fraud", "between us", "null"])
def test_words_are_words(text):
    assert as_filter(text).count("text ILIKE") == len(text.split())


@pytest.fixture
def texts(registry):
    for tags, description in [
        ({"team": "Fraud"}, "grown at 100% of the rows"),
        ({"two words": "it's"}, "snake_case"),
        ({"n": 12}, "back\\slash"),
    ]:
        registry.register("m", {"w": np.zeros(2)}, tags=tags, description=description)
    registry.register("other", {"w": np.zeros(2)}, description="of another kind")
    return registry


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("fraud", [1]), ("100%", [1]), ("GROWN rows", [1]), ("grown snake", []), ("it's", [2]), ("e_c", [2]),
        ("0%f", []), ("\\s", [3]), ("", [3, 2, 1]), ("m", [3, 2, 1]),
        ("v2", [2]), ("m@3", [3]), ("@1", [1]), ("other@1", []),
    ],
)  # fmt: skip
def test_each_word_is_somewhere_in_the_version_and_every_sign_is_itself(texts, asked, found):
    assert [version.version for version in page_of_versions(texts, "m", asked=asked).rows] == found


def test_words_are_found_among_any_number_of_tags(registry):
    registry.register("m", {"w": np.zeros(2)}, tags={f"key {number}": f"value {number}" for number in range(400)})
    asked = " ".join(f"{number}" for number in range(384, 400))
    assert page_of_versions(registry, "m", asked=asked).total == 1
    assert page_of_versions(registry, "m", asked=asked.replace("399", "400")).total == 0


def test_models_are_found_by_what_their_versions_say(texts):
    assert [row.model.name for row in page_of_models(texts, asked="another").rows] == ["other"]
    assert [row.model.name for row in page_of_models(texts).rows] == ["m", "other"]


def test_a_wrong_filter_is_refused_with_its_place(texts):
    with pytest.raises(InvalidFilter):
        page_of_versions(texts, "m", asked="metrics.auc >")
