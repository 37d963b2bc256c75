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
    assert (
        """\
tumour@3 [candidate] (rolled back) ◀ this version
├── triage@1 [champion]
└── tumour@4
    └── tumour@5
"""
        in text
    )


def test_the_first_line_says_who_depends_on_it_and_the_next_what_it_is_related_to():
    first, _, second, *_ = to_text(samples.lineage()).split("\n")[1:]
    assert first == "triage@champion (triage@1) uses it. 3 versions depend on it in all."
    assert second == "trained from tumour@1 · 1 sibling: tumour@2 · 1 child: tumour@4 · uses embed@3 · used by triage@1"


def test_data_sets_are_nodes_with_whoever_used_them():
    assert """\
X_train, y_train · 398 rows × 30 columns, pandas data:sha256:ab12ab12ab12…
└── trained on it: tumour@3 (this version), tumour@1, tumour@2, tumour@4
X_test, y_test · 171 rows × 30 columns, pandas data:sha256:cd34cd34cd34…
└── evaluated on it: tumour@3 (this version), tumour@1, tumour@2
""" in to_text(samples.lineage())
    assert "%lineage data:sha256:ab12ab12ab12  who depends on this data set" in to_text(samples.lineage())


def test_the_lineage_of_a_data_set():
    text = to_text(samples.lineage("data:sha256:ab12"))
    title, lead, *_ = text.split("\n\n")[0].split("\n")
    assert title == "Lineage of X_train, y_train · 398 rows × 30 columns, pandas data:sha256:ab12ab12ab12…"
    assert lead.startswith("tumour@champion (tumour@1), tumour@candidate (tumour@3) were made with it; triage@champion")
    assert "data:sha256:ab12ab12ab12… ◀ this data set\n├── tumour@1 [champion]" in text
    assert "Family" not in text
    assert "No version depends on it." in to_text(samples.lineage("data:sha256:cd34"))


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        ([], "No version depends on it."),
        ([{"version": 2, "parents": ["a@1"]}], "1 version depends on it; no alias is on it."),
        (
            [{"version": 2, "parents": ["a@1"]}, {"version": 3, "depends_on": ["a@2"]}],
            "2 versions depend on it; no alias is on any of them.",
        ),
        (
            [{"version": 2, "parents": ["a@1"]}, {"version": 3, "depends_on": ["a@2"], "aliases": ["live"]}],
            "a@live (a@3) depends on it. 2 versions depend on it in all.",
        ),
        (
            [{"version": 2, "parents": ["a@1"], "aliases": ["x"], "stray_aliases": ["x"]}],
            "a@x ! moved by a key that is not trusted (a@2) was trained from it. 1 version depends on it in all.",
        ),
        (
            [{"version": 2, "depends_on": ["a@1"], "aliases": [f"x{n}" for n in range(6)]}],
            "a@x0 (a@2), a@x1 (a@2), a@x2 (a@2), a@x3 (a@2) and 2 more aliases use it. 1 version depends on it in",
        ),
    ],
)
def test_who_depends_on_it_in_a_sentence(documents, told):
    lineage = lineage_of("a@1", [{"name": "a", "version": 1}, *({"name": "a"} | d for d in documents)], up=False)
    assert to_text(lineage).split("\n")[1] == told


def test_one_way_says_so_and_shows_no_more():
    up = to_text(lineage_of("tumour@3", samples.documents(), down=False))
    assert up.startswith("Lineage of tumour@3 [candidate]  only what made it\ntrained from tumour@1 · uses embed@3\n")
    assert "triage" not in up
    assert "tumour@5" not in up
    down = to_text(lineage_of("tumour@3", samples.documents(), up=False, depth=1))
    assert down.startswith("Lineage of tumour@3 [candidate]  only what depends on it, at most 1 step away\n")
    assert not [word for word in ("embed", "tumour@1", "tumour@5", "Data sets") if word in down]


def test_what_is_left_out_is_named_in_text_and_unfolds_in_html():
    documents = [
        {"name": "a", "version": n, "parents": ["a@1"] if n > 1 else [], "algorithm": "Ridge"} for n in range(1, 40)
    ]
    lineage = lineage_of("a@20", documents)
    assert "── … and 25 more: a@2 to a@13, a@27 to a@39" in to_text(lineage)
    folds = [fold for fold in parse(to_html(lineage)).all("details") if "25 more" in fold.text]
    assert len(folds) == 1
    inner = [item.text for item in folds[0].all("li")]
    assert len(inner) == 25
    assert inner[0].startswith("a@2 · Ridge")
    assert {item.split()[0] for item in inner} == {f"a@{n}" for n in (*range(2, 14), *range(27, 40))}


def test_folds_end_too_and_say_so():
    documents = [{"name": "a", "version": n, "parents": ["a@1"] if n > 1 else []} for n in range(1, 1001)]
    html = to_html(lineage_of("a@500", documents))
    assert "and 926 that the line above and .nodes name" in html
    assert len(html) < 60_000


def test_all_folds_of_a_display_share_one_room():
    documents = [{"name": "a", "version": n, "parents": [f"a@{n // 12}"] if n > 11 else []} for n in range(1, 1500)]
    lineage = lineage_of("a@1", documents)
    folds = parse(to_html(lineage)).all("details")
    assert len([fold for fold in folds if "more:" in fold.text]) > 1
    assert len([item for fold in folds for item in fold.all("li")]) <= 62
    assert to_text(lineage).count("more: ") > len(folds)


def test_data_that_ten_thousand_share_is_told_in_a_line():
    shared = {
        "role": "train",
        "name": "X, y",
        "kind": "numpy",
        "rows": 9,
        "columns": 2,
        "fingerprint": "sha256:" + "ab" * 32,
    }
    documents = [{"name": "a", "version": n, "datasets": [shared]} for n in range(1, 10_001)]
    text = to_text(lineage_of("a@5", documents))
    assert "└── trained on it: a@5 (this version), a@1 to a@4, a@6 to a@10000" in text
    assert len(text.split("\n")) < 15
    of_it = lineage_of("data:sha256:ab", documents)
    assert len(of_it.impact) == 10_000
    assert "10,000 versions depend on it" in to_text(of_it)
    assert len(to_text(of_it).split("\n")) < 45
    assert len(to_html(of_it)) < 60_000


def test_many_data_sets_are_cut_and_counted():
    documents = [
        {"name": "a", "version": n, "parents": [f"a@{n - 1}"] if n > 1 else [], "datasets": [
            {"role": "train", "name": f"X{n}", "kind": "", "rows": n, "columns": 2, "fingerprint": f"sha256:{n:064x}"}
        ]} for n in range(1, 101)
    ]  # fmt: skip
    lineage = lineage_of("a@50", documents)
    text = to_text(lineage)
    assert text.split("Data sets, who used them below:\n")[1].startswith("X50 · 50 rows × 2 columns data:sha256:")
    assert "… and 92 more data sets, in .data" in text
    html = to_html(lineage)
    assert "and 52 more in .data" in html
    assert "X40" in html


@pytest.mark.parametrize("fingerprint", ["<b>", "sha256:" + "AB" * 32, "sha256:ab; rm", "md5:" + "ab" * 32])
def test_a_fingerprint_that_is_no_digest_becomes_no_command(fingerprint):
    data = {"role": "<i>", "name": "<script>", "kind": "\x1b[31m", "rows": 1, "columns": 1, "fingerprint": fingerprint}
    lineage = lineage_of("a@1", [{"name": "a", "version": 1, "datasets": [data]}])
    assert "next:" not in to_text(lineage)
    assert "\x1b" not in to_text(lineage)
    assert not parse(to_html(lineage)).all("script", "i", "b")
    parse(
        to_html(lineage_of(f"data:{fingerprint}", [{"name": "a", "version": 1, "datasets": [data]}]))
    ) if ":" in fingerprint else None


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
