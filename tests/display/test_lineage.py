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
    assert "showing 14 of 501 relatives" in text
    assert len(text.split("\n")) < 30


def test_a_chain_of_a_thousand():
    documents = [{"name": "a", "version": n, "parents": [f"a@{n - 1}"] if n > 1 else []} for n in range(1, 1001)]
    text = to_text(lineage_of("a@500", documents))
    assert "a@500 ◀ this version" in text
    assert "a@1\n" in text
    assert "versions between …" in text
    assert len(text.split("\n")) < 30
    parse(to_html(lineage_of("a@500", documents)))


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
