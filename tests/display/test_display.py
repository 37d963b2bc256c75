"""What holds for every display."""

import itertools
import re
import subprocess
import sys
import unicodedata

import pytest

from nbregistry.display import to_html, to_text
from tests.display import samples
from tests.display.dom import parse

EVERYTHING = samples.everything()
nouns = pytest.mark.parametrize("noun", EVERYTHING.values(), ids=EVERYTHING)


@nouns
def test_two_renders_are_equal(noun):
    assert to_html(noun) == to_html(noun)
    assert to_text(noun) == to_text(noun)


def test_a_new_process_renders_the_same_bytes():
    code = (
        "import hashlib; from tests.display import samples; from nbregistry.display import to_html;"
        "print(hashlib.sha256(''.join(map(to_html, samples.everything().values())).encode()).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        for _ in range(2)  # each with a hash seed of its own
    }
    assert len(runs) == 1


@nouns
def test_the_noun_shows_itself(noun):
    assert repr(noun) == to_text(noun)
    assert noun._repr_html_() == to_html(noun)


@nouns
def test_html_is_static_and_asks_for_nothing(noun):
    html = to_html(noun)
    root = parse(html)
    assert not root.all("script", "svg", "link", "iframe", "object", "form", "a")
    for element in root.all():
        assert not any(name.startswith("on") or name in ("id", "href") for name in element.attributes)
        assert element.attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r'src="data:[^"]*"', "", html))


@nouns
def test_one_root_with_a_scoped_style(noun):
    (root,) = parse(to_html(noun)).children
    assert root.attributes["class"].split()[0] == "nbr"
    classes = {name for element in root.all() for name in element.attributes.get("class", "").split()}
    assert all(name.startswith("nbr-") for name in classes)
    (style,) = re.findall(r"<style>(.*?)</style>", to_html(noun), re.DOTALL)
    style = re.sub(r"@(?:container|media)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", style)
    selectors = re.sub(r"\{[^}]*\}", "\n", style).split("\n")
    assert all(part.strip().startswith(".nbr") for rule in selectors if rule for part in rule.split(","))


@nouns
def test_tables_tell_a_screen_reader_what_they_are(noun):
    for table in parse(to_html(noun)).all("table"):
        (caption,) = table.all("caption")
        assert caption.text.strip()
        assert all(head.attributes["scope"] in ("row", "col") for head in table.all("th"))
        assert all(len(row.all("th")) == 1 for body in table.all("tbody") for row in body.all("tr"))
        widths = {len(row.children) for row in table.all("tr")}
        assert len(widths) == 1


@nouns
def test_pictures_have_words(noun):
    for image in parse(to_html(noun)).all("img"):
        assert "AUC" in image.attributes["alt"]


@nouns
def test_text_and_html_say_the_same(noun):
    """With all styles gone, every word of the text is in the HTML."""
    shown = "".join(parse(to_html(noun)).text.split())
    words = re.sub(r"[─│├└▶:·!✗]|-{2,}", " ", to_text(noun)).split()
    assert [word for word in words if word not in shown] == []


@nouns
def test_text_has_no_control_characters(noun):
    for text_line in to_text(noun).split("\n"):
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text_line)
        assert text_line == text_line.rstrip()


@nouns
def test_no_option_of_a_command_is_taken_for_a_text(noun):
    assert '"--' not in to_text(noun)


def test_what_is_no_noun_is_refused():
    with pytest.raises(TypeError, match="no display for int"):
        to_text(3)


def test_a_class_of_the_same_name_elsewhere_is_not_ours():
    class Versions:
        pass

    with pytest.raises(TypeError):
        to_html(Versions())


def test_a_registry_shows_its_summary():
    class Registry(type("Registry", (), {"__module__": "nbregistry.registry"})):
        def summary(self):
            return EVERYTHING["registry"]

    assert to_text(Registry()) == to_text(EVERYTHING["registry"])


def test_showing_words_imports_nothing_heavy():
    code = (
        "import sys; from nbregistry.display import to_text; from nbregistry.outcomes import Collection;"
        "to_text(Collection(1, 1, True));"
        "print({'IPython', 'jinja2', 'matplotlib', 'numpy', 'pandas', 'sklearn'} & sys.modules.keys())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "set()\n"


def test_nothing_of_display_imports_ipython_or_pyplot():
    code = (
        "import sys; from tests.display import samples; from nbregistry.display import to_html;"
        "[to_html(noun) for noun in samples.everything().values()];"
        "print([name for name in ('IPython', 'matplotlib.pyplot', 'pandas') if name in sys.modules])"
    )
    # scikit-learn, which makes the sample curves, may import pandas on its own account.
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "IPython" not in shown
    assert "pyplot" not in shown


@nouns
def test_no_heading_is_said_twice_in_a_row(noun):
    """A title and the caption right below it, or a section's heading and its table's."""
    lines = [re.sub(r"\W", "", text_line).lower() for text_line in to_text(noun).split("\n") if text_line.strip()]
    for above, below in itertools.pairwise(lines):
        assert above != below
    assert not re.search(r"more metrics?:\n +The other metrics", to_text(noun))
    assert not re.search(r"(^|\n)(Versions|Models|Events, newest last|Evaluations)\n", to_text(noun))


@nouns
def test_a_wide_table_scrolls_inside_the_card(noun):
    for table in parse(to_html(noun)).all("div"):
        if any(child.tag == "table" for child in table.children):
            assert table.attributes["class"] == "nbr-scroll"
