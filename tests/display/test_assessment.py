import pytest

from nbregistry.display import to_html, to_text
from nbregistry.display.views.assessment import card
from nbregistry.outcomes import Assessment, Check
from tests.display.dom import parse

PASSED = Check("roc_auc >= 0.9", "passed", "0.95 on 400 rows", is_gate=True)
DOUBTED = Check("gain >= 1", "warned", "3; it was given and not computed", is_gate=True)
FAILED = Check("roc_auc not worse than champion", "failed", "it is worse than churn@1 by 0.02", is_gate=True)
ARCHIVED = Check("status", "failed", "it is archived", is_final=True)
LOOK_ALIKE = Check("alias", "warned", "'champoin' is nearly 'champion', whose gates are not asked")


def shown(*checks, alias="champion"):
    ok = all(check.outcome != "failed" for check in checks)
    return Assessment("churn@3", alias, ok, checks)


def test_the_first_line_answers():
    assert to_text(shown(PASSED)).splitlines()[1] == "churn@3 ✓ passes 1 gate."
    assert to_text(shown(PASSED, DOUBTED)).splitlines()[1] == "churn@3 ✓ passes 2 gates, 1 of them with a doubt."
    failed = to_text(shown(PASSED, FAILED)).splitlines()[1]
    assert failed == "churn@3 ✗ fails 1 of 2 gates: roc_auc not worse than champion."


def test_what_is_no_gate_is_not_counted_as_one():
    assert to_text(shown(PASSED, LOOK_ALIKE)).splitlines()[1] == "churn@3 ✓ passes 1 gate; doubtful: alias."
    assert to_text(shown(PASSED, ARCHIVED)).splitlines()[1] == "churn@3 ✗ fails: status."
    both = to_text(shown(ARCHIVED, PASSED, FAILED)).splitlines()[1]
    assert both == "churn@3 ✗ fails 1 of 2 gates: roc_auc not worse than champion; besides: status."


@pytest.mark.parametrize(
    ("checks", "tone"),
    [((PASSED,), "good"), ((PASSED, DOUBTED), "warned"), ((PASSED, LOOK_ALIKE), "warned"), ((DOUBTED, FAILED), "bad")],
)
def test_the_tone_is_that_of_the_answer(checks, tone):
    assert card(shown(*checks)).tone == tone


def test_each_gate_stands_with_its_figure():
    text = to_text(shown(PASSED, FAILED, DOUBTED))
    assert "Checked: 1 passed, 1 warned, 1 failed" in text
    for check in (PASSED, FAILED, DOUBTED):
        assert check.name in text
        assert check.detail in text


def test_what_to_type_next_only_where_it_passes():
    assert "%promote churn@3  puts champion on it" in to_text(shown(PASSED))
    assert "%promote churn@3 live  puts live on it" in to_text(shown(PASSED, alias="live"))
    assert "%promote" not in to_text(shown(FAILED))


def test_who_is_behind_the_holder_is_compared_with_it():
    assert "%compare churn@champion churn@3  why, and where" in to_text(shown(PASSED, FAILED))
    other = Check("n >= 500", "failed", "it was measured on 400 rows", is_gate=True)
    assert "%compare" not in to_text(shown(PASSED, other))


def test_what_failed_is_listed_first():
    text = to_text(shown(PASSED, DOUBTED, FAILED))
    assert text.index(FAILED.detail) < text.index(DOUBTED.detail) < text.index(PASSED.detail)


def test_what_somebody_wrote_stays_text():
    hostile = "<img src=x onerror=alert(1)>"
    html = to_html(shown(Check(hostile, "failed", hostile, is_gate=True)))
    assert not parse(html).all("img")
    assert hostile in parse(html).text
