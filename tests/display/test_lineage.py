import re

import pytest

from nbregistry.display import to_html, to_text
from nbregistry.lineage import Lineage, lineage_of
from tests.display import samples
from tests.display.dom import parse


def test_the_tree():
    text = to_text(samples.lineage())
    assert (
        """\
tumour@1 [champion]
├── tumour@2
└── tumour@3 [candidate] (rolled back) ◀ this version
    └── tumour@4 also from tumour@2
        └── tumour@5
"""
        in text
    )
    assert "└── tokens@1 ! not in this registry" in text
    assert "└── triage@1 [champion]" in text
    assert "train 398 × 30 sha256:ab12ab12…" in text


def test_the_first_line_says_it_in_words():
    assert (
        to_text(samples.lineage()).split("\n")[1]
        == "trained from tumour@1 · 1 sibling: tumour@2 · 1 child: tumour@4 · uses embed@3 · used by triage@1"
    )


def test_the_html_tree_is_nested_lists_with_this_version_marked():
    root = parse(to_html(samples.lineage()))
    marked = [item for item in root.all("li") if "nbr-here" in item.attributes.get("class", "")]
    assert marked
    assert all("this version" in item.text for item in marked)


def test_a_lonely_version():
    text = to_text(lineage_of("a@1", [{"name": "a", "version": 1}]))
    assert "no parent" in text
    assert "a@1 ◀ this version" in text


def test_five_hundred_siblings():
    documents = [{"name": "a", "version": 1, "aliases": ["champion"]}]
    documents += [{"name": "a", "version": n, "parents": ["a@1"]} for n in range(2, 502)]
    documents[400]["aliases"] = ["challenger"]
    text = to_text(lineage_of("a@250", documents))
    assert "a@250 ◀ this version" in text
    assert "a@401 [challenger]" in text
    assert "499 siblings" in text
    assert "… and 487 more" in text
    assert "showing 14 of 501 versions" in text
    assert len(text.split("\n")) < 30


def test_a_chain_of_a_thousand():
    documents = [{"name": "a", "version": n, "parents": [f"a@{n - 1}"] if n > 1 else []} for n in range(1, 1001)]
    text = to_text(lineage_of("a@500", documents))
    assert "a@500 ◀ this version" in text
    assert "a@1\n" in text
    assert "versions between …" in text
    assert len(text.split("\n")) < 30
    parse(to_html(lineage_of("a@500", documents)))


def layers(arrow: str, deep: int, wide: int) -> list[dict]:
    """Give layers of versions, each named by all of the next layer."""
    return [
        {
            "name": "a",
            "version": depth * wide + place,
            arrow: [f"a@{(depth - 1) * wide + n}" for n in range(1, wide + 1)],
        }
        if depth
        else {"name": "a", "version": place}
        for depth in range(deep)
        for place in range(1, wide + 1)
    ]


@pytest.mark.parametrize("arrow", ["parents", "depends_on"])
@pytest.mark.parametrize(("deep", "wide"), [(5, 5), (12, 12)])
def test_where_everything_hangs_on_everything_each_version_is_drawn_once(arrow, deep, wide):
    lineage = lineage_of(f"a@{deep * wide}", layers(arrow, deep, wide))
    text = to_text(lineage)
    own_lines = [
        row.split("── ")[-1].split()[0] for row in text.split("\n") if re.match(r"[│ ]*[├└]── a@\d+( |$)", row)
    ]
    assert len(own_lines) == len(set(own_lines))
    assert len(text.split("\n")) < 90
    assert len(to_html(lineage)) < 40_000
    if deep > 5:
        assert f"of {len(lineage.nodes)} versions; .nodes" in text


def test_what_is_needed_twice_is_named_and_not_drawn_again():
    text = to_text(lineage_of("a@9", layers("depends_on", 3, 3)))
    assert (
        """\
a@9 ◀ this version
├── a@4
│   ├── a@1
│   ├── a@2
│   └── a@3
├── a@5
│   └── a@1, a@2, a@3, see above
└── a@6
    └── a@1, a@2, a@3, see above
"""
        in text + "\n"
    )


def test_what_stands_further_down_is_said_to():
    documents = [
        {"name": "a", "version": 1},
        {"name": "a", "version": 2, "depends_on": ["a@1"]},
        {"name": "a", "version": 3, "depends_on": ["a@1", "a@2"]},
    ]
    assert """\
a@1 ◀ this version
├── a@2
│   └── a@3, see below
└── a@3""" in to_text(lineage_of("a@1", documents))


def test_who_is_left_out_is_counted_once():
    both = [{"name": "a", "version": n, "parents": ["a@1", "a@2"]} for n in range(3, 53)]
    text = to_text(lineage_of("a@20", [{"name": "a", "version": 1}, {"name": "a", "version": 2}, *both]))
    assert re.findall(r"… and (\d+) more", text) == ["37"]
    assert "showing 15 of 52 versions" in text


def test_further_down_counts_too():
    chain = [{"name": "a", "version": n, "parents": [f"a@{n - 1}"] if n > 1 else []} for n in range(1, 101)]
    text = to_text(lineage_of("a@50", chain))
    assert "… 42 versions between … a@44" in text
    assert "… and 42 more" in text
    assert "showing 16 of 100 versions" in text


def test_ten_thousand_in_a_row():
    chain = [{"name": "a", "version": n, "parents": [f"a@{n - 1}"] if n > 1 else []} for n in range(1, 10_001)]
    lineage = lineage_of("a@5000", chain)
    assert len(lineage.ancestors) == 4999
    assert len(lineage.descendants) == 5000
    assert "showing 16 of 10,000 versions" in to_text(lineage)


def test_many_that_are_missing_are_counted():
    text = to_text(lineage_of("a@1", [{"name": "a", "version": 1, "parents": [f"b@{n}" for n in range(1, 101)]}]))
    assert "and 90 more" in " ".join(text.split("named and not in this registry")[1].split())


def test_a_circle_in_a_damaged_log_is_shown_once():
    edges = [
        ("a@1", "a@2", "parent"),
        ("a@2", "a@1", "parent"),
        ("a@1", "a@2", "dependency"),
        ("a@2", "a@1", "dependency"),
    ]
    circle = Lineage(
        "a@1", ["a@1", "a@2"], edges, ["a@2"], ["a@2"], [], ["a@2"], ["a@2"], ancestors=["a@2"], descendants=["a@2"]
    )
    assert "a@1 ◀ this version" in to_text(circle)
    parse(to_html(circle))


def test_what_each_version_is_and_how_good():
    documents = [
        {"name": "a", "version": 1, "algorithm": "Ridge", "metrics": {"mape": 0.4, "r2": 0.357}},
        {"name": "a", "version": 2, "parents": ["a@1"], "algorithm": "dict", "metrics": {}},
        {"name": "a", "version": 3, "parents": ["a@1", "a@2"], "metrics": {"r2": 0.5}},
    ]
    text = to_text(lineage_of("a@1", documents))
    assert "a@1 ◀ this version · Ridge, r2 0.3570\n" in text
    assert "── a@2 · dict\n" in text
    assert "── a@3 also from a@2 · r2 0.5000" in text
