from dataclasses import replace

from nbregistry.display import to_html, to_text
from tests.display import samples
from tests.display.dom import parse


def test_a_rollback_says_what_was_done_and_how_to_undo_it():
    text = to_text(samples.rollback())
    assert text.startswith("Rolled back [champion] tumour@3 → tumour@1\nchampion of tumour is back on tumour@1.")
    assert "✓ passed" in text
    assert "all 3 passed" in text
    assert "status of tumour@3: now (rolled back)" in text
    assert "calibration drift" in text
    assert "to undo:\n  %promote tumour@3 " in text


def test_a_dry_run_says_so_plainly():
    text = to_text(samples.rollback(applied=False))
    assert "Nothing was changed. This would put champion back on tumour@1." in text
    assert "would change:" in text
    assert 'to do it:\n  %rollback tumour --to tumour@1 --reason "calibration drift"  the same' in text
    other = to_text(samples.rollback(applied=False, alias="live", reason=""))
    assert "%rollback tumour --to tumour@1 --alias live  the same" in other


def test_what_failed_is_told():
    text = to_text(samples.everything()["dry run"])
    assert "✗ failed" in text
    assert "! warned" in text
    assert "it would be refused" in text
    assert '%rollback tumour --to tumour@1 --reason "calibration drift" --force  although' in text
    unsaid = replace(samples.everything()["dry run"], reason="")
    assert "%rollback tumour --to tumour@1 --reason TEXT --force  although" in to_text(unsaid)


def test_what_would_be_refused_is_not_praised_and_changes_nothing():
    refused = to_text(samples.promotion(applied=False, checks=samples.DOUBTS))
    assert "A check failed: it would be refused to put champion on" in refused
    assert "would change" not in refused
    assert "ahead in" not in refused
    assert "would change, if it is forced" in to_text(samples.everything()["dry run"])


def test_a_promotion():
    assert "to undo:\n  %rollback tumour " in to_text(samples.promotion())
    assert "--alias challenger" in to_text(samples.promotion(alias="challenger"))


def test_the_first_holder_can_not_be_rolled_back():
    text = to_text(samples.promotion(from_ref=None))
    assert "%rollback" not in text
    assert "champion had no holder before" in text


def test_how_good_it_is_against_the_one_before():
    text = to_text(samples.promotion())
    assert "champion of tumour is now on tumour@3. It is ahead in 5 of 10 metrics, behind in 4." in text
    assert "log_loss  0.0851  +0.0150 ▼ behind" in text


def test_without_metrics_there_is_nothing_to_say_about_them():
    bare = samples.promotion(before=samples.version(1, metrics={}), after=samples.version(3, metrics={}))
    text = to_text(bare)
    assert "metric" not in text
    assert text.startswith("Promoted [champion] tumour@1 → tumour@3\nchampion of tumour is now on tumour@3.\n\nChecked")


def test_measured_on_other_data_is_told():
    before = samples.version(1, datasets=(replace(samples.TEST, fingerprint="sha256:00"),))
    assert "tumour@1 was measured on other data" in " ".join(to_text(samples.promotion(before=before)).split())


def test_what_another_alias_holds_is_not_said_to_be_rolled_back():
    kept = samples.version(3, aliases=("challenger",))
    text = to_text(samples.rollback(before=kept))
    assert "status of tumour@3: stays active, for it is [challenger] too" in text
    assert "(rolled back)" not in text
    planned = samples.version(3, aliases=("champion", "challenger"))
    assert "stays active, for it is [challenger] too" in to_text(samples.rollback(applied=False, before=planned))


def test_checks_that_all_passed_are_folded_and_others_are_not():
    def sections(move):
        return [item.attributes for item in parse(to_html(move)).all("details")]

    assert sections(samples.promotion()) == [{"class": "nbr-section"}]
    assert "open" in sections(samples.promotion(checks=samples.DOUBTS))[0]


def test_the_title_is_not_said_again():
    assert to_text(samples.promotion()).count("tumour@1 → tumour@3") == 1
    assert "alias [champion]: tumour@3 → tumour@1" in to_text(samples.rollback(applied=False))
