"""Journal, evaluation, models, maintenance, registry."""

from dataclasses import replace

import numpy as np
import pytest

from nbregistry.display import to_html, to_text
from nbregistry.display.views.journal import in_words
from nbregistry.listings import Journal
from nbregistry.outcomes import Transfer, Verification
from tests.display import samples

EVERYTHING = samples.everything()


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"alias": "champion", "from": "a@1", "to": "a@2"}, "champion: a@1 → a@2"),
        ({"alias": "champion", "from": None, "to": "a@2"}, "champion: nothing → a@2"),
        ({"tags": {"team": "onco", "cost": 3}}, "tags: team=onco, cost=3"),
        ({"status": "archived"}, "status: archived"),
        ({"versions": [f"a@{n}" for n in range(9)]}, "versions: a@0, a@1, a@2, a@3, a@4 and 4 more"),
        (
            {"evaluation": "holdout", "n": 1200, "metrics": {"accuracy": 0.9, "roc_auc": 0.95}},
            "holdout, roc_auc 0.9500, n: 1,200",
        ),
        ({"evaluation": "", "n": 12}, "n: 12"),
        ({}, ""),
    ],
)
def test_details_in_words(detail, said):
    assert "".join(span.text for span in in_words(detail)) == said


def test_the_journal_tells_who_when_what_and_why():
    text = to_text(samples.journal())
    assert "[champion]: tumour@3 → tumour@1" in text
    assert "calibration drift" in text
    assert "1 event signed by a key that is not trusted here" in text
    assert "mallory" in text


def test_a_long_journal_shows_its_end():
    events = tuple(replace(samples.journal()[0], seq=n, actor=f"user{n}") for n in range(1, 201))
    text = to_text(Journal(events, 200))
    assert "user200" in text
    assert "user150 " not in text
    assert "showing the last 50 of 200" in text
    asked = to_text(Journal(events[-100:], 200, limit=100))
    assert "user101 " in asked
    assert "showing the last 100 of 200, as --limit asked" in asked


def test_an_evaluation_counts_what_was_confused():
    text = to_text(samples.evaluation())
    assert "Confusion matrix: 149 of 171 right" in text
    assert "roc_auc" in text


def test_a_confusion_is_counted_by_value_and_says_the_classes_as_predicted():
    rows = {"target": np.array([0.0, 1.0, 10.0, 2.0]), "prediction": np.array([0, 1, 10, 10])}
    text = to_text(replace(samples.evaluation(), task="multiclass", rows=rows))
    assert "Confusion matrix: 3 of 4 right" in text
    head = next(line for line in text.split("\n") if line.startswith("true ↓ predicted →"))
    assert head.split()[-4:] == ["0", "1", "2.0", "10"]


def test_what_was_left_out_of_an_evaluation_is_said():
    assert "roc_auc is left out" in to_text(replace(samples.evaluation(), warnings=("roc_auc is left out: no scores",)))


def test_an_evaluation_without_rows():
    assert "Confusion" not in to_text(replace(samples.evaluation(), rows={}))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("models", "tumour@1"),
        ("no models", "%register NAME MODEL"),
        ("no model that matches", "None of the 3 models has a version that matches metrics.roc_auc > 2."),
        ("no registry yet", "! There is no registry at this place yet: the first %register makes it."),
        ("verification", "✓ All is well"),
        ("verification", "10,000 commits, 10,000 signatures, 412 blobs, 1.2 GB in 3.1 s (387 MB/s)"),
        ("problems", "✗ blob sha256:0101… differs from its name"),
        ("collection", "Nothing was removed. Nothing refers to these bytes: no version and no alias loses anything."),
        ("collection", "%nbr gc --apply"),
        ("collection of archived versions", "2 archived versions would keep the record and lose the artifacts."),
        ("collection of archived versions", "%nbr gc --archived --apply"),
        ("collection of archived versions", "tumour@champion~1"),
        ("collection of archived versions", "tumour@5 was made from it"),
        ("collection of archived versions", "2026-11-27"),
        ("collected archived versions", "Moved to the trash, where it stays until 2026-11-29 at least."),
        ("collected archived versions", "%nbr restore tumour@1"),
        ("collected", "Moved to the trash"),
        ("transfer", "Exported tumour@1"),
        ("import", "Imported tumour@2"),
        ("import", "already here: base@1"),
        ("import again", "Already here: base@1, tumour@2"),
        ("backup", "Backed up everything"),
        ("backup of a damaged registry", "Backed up everything that is whole"),
        ("backup of a damaged registry", "✗ tumour@1: sha256:0101… is damaged"),
        ("registry", "2 models, 15 versions"),
        ("read-only registry", "nothing can be changed"),
    ],
)
def test_said(name, said):
    assert said in to_text(EVERYTHING[name])


@pytest.mark.parametrize(
    ("transfer", "command"),
    [
        (Transfer("export", ("a b@1",), "my out.nbr", 5, 1), '%nbr import "my out.nbr"'),
        (Transfer("import", ("a b@1", "a b@2", "c@1"), "out.nbr", 5, 1), '%versions "a b"'),
        (Transfer("backup", (), "copy", 5, 1), "%registry copy"),
    ],
)
def test_a_transfer_says_what_comes_next(transfer, command):
    assert f"  {command} " in to_text(transfer)
    assert to_text(transfer).count("%versions") <= 2


def test_verify_of_nothing_is_no_all_clear():
    text = to_text(Verification(True, (), 0, 0, 0, 0, 0.0))
    assert text.startswith("Nothing to verify\n")
    assert "well" not in text


def test_verify_says_how_much_strangers_signed():
    assert "signed by" not in to_text(samples.VERIFIED)
    text = to_text(replace(samples.VERIFIED, strangers=2))
    assert text.startswith("✓ All is well")
    assert "! 2 commits signed by keys that are not trusted here: %registry tells whose" in text


def test_verify_says_what_brings_damage_back():
    text = to_text(EVERYTHING["problems"])
    assert "exported from a backup and imported here" in text
    assert "%nbr backup PATH" in text


def test_an_import_says_at_once_what_a_stranger_signed():
    for already in ((), ("base@1", "tumour@2")):
        moved = Transfer("import", ("base@1", "tumour@2"), "in.zip", 1, 1, already)
        assert "trusted" not in to_text(moved)
        told = "! not signed by a key that is trusted here: tumour@2; %registry tells whose"
        assert told in to_text(replace(moved, strangers=("tumour@2",)))


def test_a_backup_with_nothing_new_says_so():
    text = to_text(Transfer("backup", (), "../copy", 0, 0))
    assert text.startswith("Backed up already\nNothing is new since the last backup to ../copy.")
    damaged = to_text(Transfer("backup", (), "../copy", 0, 0, problems=("tumour@1: sha256:0101… is damaged",)))
    assert damaged.startswith("Backed up everything that is whole")


def test_a_collection_without_other_names_has_no_column_for_them():
    lost = replace(samples.ARCHIVED, losses=samples.ARCHIVED.losses[1:], applied=True)
    assert "also known as" in to_text(samples.ARCHIVED)
    assert "also known as" not in to_text(lost)
    assert "Lost their artifacts: tumour@4." in to_text(lost)
    assert "their artifacts" not in to_text(replace(lost, losses=()))
    assert to_text(lost).index("In the trash") < to_text(lost).index("%nbr restore tumour@4")


def test_whom_one_would_trust_is_named_beside_the_key():
    assert f"%registry trust {samples.STRANGER}  signs as eve; once" in to_text(samples.signed_by_many())


def test_an_inspection_says_first_what_is_to_be_feared_and_whether_it_loads():
    refused = replace(samples.inspection(), trusted=False, loads=False)
    lead = "Loading is refused. Nothing was run: it would import 4 names (suspicious: posix.system) and make 15"
    assert f"\n{lead}\ncalls." in to_text(refused)
    assert "%registry" in to_text(refused)
    assert "\nLoading goes ahead. Nothing was run:" in to_text(samples.inspection())
    assert "%registry" not in to_text(samples.inspection())


@pytest.mark.parametrize(("loads", "is_open"), [(False, True), (True, False)])
def test_the_types_that_stand_in_the_way_of_a_load_are_in_sight(loads, is_open):
    found = replace(samples.inspection(), executes_code=False, trusted=loads, loads=loads, codes=())
    found = replace(found, imports=found.imports[2:3], format="skops")
    assert ('<details class="nbr-section" open>' in to_html(found)) is is_open


def test_what_was_imported_before_is_not_said_to_be_imported():
    text = to_text(Transfer("import", ("churn@1", "churn@2"), "out.nbr", 0, 0, ("churn@1", "churn@2")))
    assert text.startswith("Already here: churn@1, churn@2\nfrom out.nbr")


def test_a_registry_that_is_there_warns_of_nothing():
    assert "no registry" not in to_text(EVERYTHING["registry"])
    assert "no registry" not in to_text(EVERYTHING["read-only registry"])


def test_a_key_that_somebody_may_be_given_is_whole():
    assert samples.KEY in to_text(EVERYTHING["registry"])
    assert f"{samples.STRANGER}, ! not trusted" in to_text(EVERYTHING["record of a stranger"])
    assert samples.KEY not in to_text(samples.version(1))
