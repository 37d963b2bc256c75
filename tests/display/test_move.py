from dataclasses import replace

from nbregistry.display import to_text
from tests.display import samples


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
    assert "%rollback tumour --to tumour@1 --force --reason TEXT  although" in to_text(unsaid)


def test_a_promotion():
    assert "to undo:\n  %rollback tumour " in to_text(samples.promotion())
    assert "--alias challenger" in to_text(samples.promotion(alias="challenger"))


def test_the_first_holder_can_not_be_rolled_back():
    text = to_text(samples.promotion(from_ref=None))
    assert "%rollback" not in text
    assert "champion had no holder before" in text
