"""The quiet card after register, and the full record."""

from dataclasses import replace

from nbregistry.display import to_text
from nbregistry.model import Registration
from tests.display import samples


def test_the_first_version():
    text = to_text(samples.first_registered())
    assert text.startswith("tumour@1 [champion]  LogisticRegression · registered in 52 ms · 3.1 kB, 2.4 kB new on disk")
    assert "%promote" not in text


def test_against_the_champion():
    text = to_text(samples.just_registered())
    assert "roc_auc 0.9982 against 0.9978 of tumour@1 [champion]: +0.0004 ▲ ahead." in text
    assert "log_loss  0.0851  +0.0150 ▼ behind" in text
    assert "%compare tumour@champion tumour@3" in text
    assert "%promote tumour@3" in text


def test_a_new_champion_is_measured_against_the_one_before():
    before = samples.version(1, aliases=(), metrics={"roc_auc": 0.5})
    now = samples.version(2, aliases=("champion",), metrics={"roc_auc": 0.4}, registration=Registration(0.1, 5, before))
    text = to_text(now)
    assert "0.4000 against 0.5000 of tumour@1, the champion before: −0.1000 ▼ behind." in text
    assert "%compare tumour@1 tumour@2" in text


def test_what_is_worse_is_not_offered_for_promotion():
    worse = samples.version(3, metrics={"roc_auc": 0.1}, registration=Registration(0.1, 5, samples.champion()))
    assert "%promote" not in to_text(worse)


def test_warnings_and_bytes_that_were_there():
    text = to_text(samples.registered_with_warnings())
    assert "! the model is not fitted, so it was not evaluated" in text
    assert "nothing new on disk" in text
    assert "No metrics yet." in text


def test_a_champion_measured_on_other_rows_is_told():
    champion = replace(samples.champion(), datasets=(replace(samples.TEST, fingerprint="sha256:00"),))
    text = to_text(samples.version(3, registration=Registration(0.1, 5, champion)))
    assert "tumour@1 was measured on other data" in " ".join(text.split())


def test_names_with_blanks_are_quoted():
    text = to_text(replace(samples.just_registered(), name="my tumour"))
    assert '%nbr show "my tumour@3"' in text


def test_the_record_is_complete():
    text = " ".join(to_text(samples.champion()).split())
    for told in (
        "sklearn, pickle5 (executes code on load)",
        "clf__C 0.5",
        "memory None",
        "mean concave points (float64)",
        "class label: malignant, benign",
        "X_train, y_train, 398 rows × 30 columns",
        "scikit-learn 1.9.1",
        "9f1c9f1c9f1c on main, with changes that were not committed",
        "team=onco",
        "trusted here",
    ):
        assert told in text


def test_a_stranger_is_told():
    text = to_text(samples.everything()["record of a stranger"])
    assert "Signed by a key that is not trusted here" in text
    assert "The alias [champion] was moved here by a key that is not trusted." in text
    assert "! not trusted" in text
    assert "Set by a key that is not trusted: approval, tags.stage." in text
    assert "(approved) ! set by a key that is not trusted" in text
    assert "X_test, y_test ! signer not trusted" in text


def test_given_metrics_are_marked():
    assert "given" in to_text(samples.version(1, metrics_given=("roc_auc",)))


def test_an_empty_record_is_shown():
    bare = samples.version(1)
    for name in ("params", "default_params", "metrics", "environment", "code", "tags"):
        bare = replace(bare, **{name: {}})
    assert "tumour@1" in to_text(replace(bare, datasets=(), signed_by="", training_seconds=None))


def test_given_metrics_are_told_once_however_many():
    metrics = {f"kpi_{n:03d}": n / 100 for n in range(100)}
    for shown in (
        samples.version(1, metrics=metrics, metrics_given=tuple(metrics)),
        samples.version(1, metrics=metrics, metrics_given=tuple(metrics), registration=Registration(0.1, 5)),
    ):
        text = to_text(shown)
        assert text.count("given") == 1
        assert "given, not computed: all of them" in text
    some = to_text(samples.version(1, metrics=metrics | {"roc_auc": 0.9}, metrics_given=tuple(metrics)))
    assert some.count("given") == 1
    assert "kpi_007 and 92 more" in " ".join(some.split())


def test_a_better_main_metric_does_not_hide_the_others():
    text = " ".join(to_text(samples.just_registered()).split())
    assert "+0.0004 ▲ ahead. It is ahead in 5 of 10 metrics, behind in 4." in text
