"""The DOM of a piece of HTML, as far as displays care."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"img", "br", "wbr"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        found = [child for child in self.children if child.tag in tags or not tags]
        return found + [inner for child in self.children for inner in child.all(*tags)]

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def skeleton(self) -> object:
        """Give what must not depend on any text: tags, names of attributes, classes, inline styles."""
        kept = {
            name: value if name in ("class", "style", "scope", "open") else ""
            for name, value in self.attributes.items()
            if name != "title"  # whether there is one may depend on a text being there, what it does may not
        }
        # Where a long name may be broken depends on the name; of such a place there is nothing but the place.
        bones = [child for child in self.children if (child.tag, child.attributes) != ("wbr", {})]
        return self.tag, kept, [child.skeleton() for child in bones]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        if self.open[-1].tag != "style":
            for element in self.open:
                element.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = unknown_decl = handle_pi = handle_comment


def parse(html: str) -> Element:
    """Parse HTML in which every element is closed where it should be."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], "an element is not closed"
    return builder.root
