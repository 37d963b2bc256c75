"""What is said right after words or a decision about a version changed."""

import pytest

from nbregistry.display import to_html, to_text
from nbregistry.model import Edit
from tests.display import samples


@pytest.mark.parametrize(
    ("edit", "now", "change", "undo"),
    [
        (Edit("tag", {"tags": {}}), {"tags": {"team": "onco"}},
         "tags.team: nothing → onco", "%nbr tag tumour@2 team=None"),
        (Edit("tag", {"tags": {"n": "12", "a": 1}}), {"tags": {"n": 12, "a": 1}},
         "tags.n: '12' → 12", "%nbr tag tumour@2 n='12'"),
        (Edit("describe", {"description": "two words"}), {"description": "three of them"},
         "description: two words → three of them", '%nbr describe tumour@2 "two words"'),
        (Edit("approve", {"approval": "PendingManualApproval"}), {"approval": "Approved"},
         "approval: PendingManualApproval → Approved", "%nbr approve tumour@2 PendingManualApproval --reason TEXT"),
        (Edit("archive", {"status": "active"}), {"status": "archived"},
         "status: active → archived", "%nbr restore tumour@2"),
        (Edit("restore", {"status": "archived"}), {"status": "active"},
         "status: archived → active", "%nbr archive tumour@2"),
    ],
)  # fmt: skip
def test_two_lines_say_what_changed_and_how_to_undo_it(edit, now, change, undo):
    shown = to_text(samples.version(2, edit=edit, **now)).splitlines()
    assert shown[0].startswith("tumour@2 ")
    assert shown[0].endswith(f"  {change}")
    assert shown[1:] == [f"to undo: {undo}"]


@pytest.mark.parametrize(
    ("edit", "now"),
    [
        (Edit("restore", {"status": "rolled_back"}), {"status": "active"}),
        (Edit("describe", {"description": "one\ntwo"}), {"description": "three"}),
        (Edit("describe", {"description": "long " * 100}), {"description": "three"}),
    ],
)
def test_what_no_line_can_undo_promises_nothing(edit, now):
    assert "undo" not in to_text(samples.version(2, edit=edit, **now))


def test_what_was_so_already_is_said():
    shown = to_text(samples.version(2, edit=Edit("restore", {"status": "active"})))
    assert shown.splitlines()[1:] == ["Nothing changed: it was so already."]


def test_the_page_says_the_same():
    html = to_html(samples.everything()["edited"])
    assert "tags.team" in html
    assert "%nbr tag tumour@2 team=onco n=" in html
