"""Journal, evaluation, models, maintenance, registry."""

from dataclasses import replace

import numpy as np
import pytest

from nbregistry.display import to_text
from nbregistry.display.views.journal import in_words
from nbregistry.listings import Journal
from nbregistry.outcomes import Transfer
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
    assert "predicted 10" in text
    assert "1.0" not in text
    assert text.index("predicted 2") < text.index("predicted 10")


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
