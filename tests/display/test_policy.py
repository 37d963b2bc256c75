from dataclasses import replace

from nbregistry.display import to_html, to_text
from nbregistry.model import Edit, Gate, Policy
from tests.display import samples
from tests.display.dom import parse


def test_the_first_line_answers():
    text = to_text(samples.policy())
    assert text.startswith("Policy [champion] of tumour\nA version has to pass 3 gates before champion is put on it.")
    assert "%nbr check tumour@latest" in text
    nothing = to_text(Policy("champion"))
    assert nothing.startswith("Policy [champion] of every model\nNothing is required before champion is put")


def test_who_set_each_gate_and_what_a_stranger_added():
    text = to_text(samples.policy())
    assert "1 gate set by a key that is not trusted: in force too, until you set the policy anew" in text
    row = next(line for line in text.splitlines() if line.startswith("n >= 500"))
    assert "champion" in row
    assert "eve" in row
    assert "! not trusted" in text


def test_a_change_says_what_was_required_before_and_why():
    edit = Edit("policy", {"require": ("approved", "n >= 9")}, reason="agreed")
    text = to_text(Policy("m@live", (Gate("approved", "m@live"),), edit))
    assert "required before: approved, n >= 9" in text
    assert "reason in the journal: agreed" in text
    assert "%nbr policy m@live --clear" in text


def test_a_dry_run_says_so_and_how_to_do_it():
    edit = Edit("policy", {"require": ()}, applied=False, reason="so it is")
    text = to_text(Policy("m@live", (Gate("approved", "m@live"), Gate("n >= 9", "m@live")), edit))
    assert "Nothing was changed. A version would have to pass 2 gates before live is put on it." in text
    assert '%nbr policy m@live "approved, n >= 9" --reason "so it is"  the same' in text
    cleared = to_text(Policy("m@live", (), edit))
    assert '%nbr policy m@live --reason "so it is" --clear  the same' in cleared


def test_all_of_them():
    text = to_text(samples.everything()["policies"])
    assert text.startswith("Policies  3 gates")
    assert "Nothing is required" in to_text(samples.everything()["no policies"])


def test_what_somebody_wrote_stays_text():
    hostile = "<img src=x onerror=alert(1)>"
    html = to_html(Policy("m@live", (Gate(hostile, hostile, "", hostile),), Edit("policy", {"require": (hostile,)})))
    assert not parse(html).all("img")
    assert parse(html).text.count(hostile) == 4


def test_the_journal_says_that_a_policy_was_cleared():
    event = samples.everything()["forced journal"]
    cleared = replace(event, verb="policy", detail={"policy": "m@live", "require": [], "before": ["approved"]})
    assert "nothing is required any more, policy:" in " ".join(to_text(cleared).split())


def test_the_journal_says_what_a_promotion_was_forced_past():
    journal = samples.everything()["forced journal"]
    assert "! forced past roc_auc >= 0.9: 0.88 on 171 rows" in " ".join(to_text(journal).split())
