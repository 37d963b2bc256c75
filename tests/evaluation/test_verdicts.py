"""Better, worse, equivalent or undecided."""

from __future__ import annotations

import numpy as np
import pytest

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import METRICS
from nbregistry.evaluation.significance.inference import NormalInference
from nbregistry.evaluation.significance.paired import infer_all
from nbregistry.evaluation.verdicts import judge
from nbregistry.model import ModelVersion
from tests.evaluation.significance.samples import binary, equally_good, multiclass, regression


def normal(difference, error):
    from scipy.stats import norm

    p_value = 2 * float(norm.sf(abs(difference) / error)) if error else 1.0
    return NormalInference(difference, p_value, "normal", 100, difference, error)


@pytest.mark.parametrize(("rows", "most"), [(30, 0.0), (100, 0.0), (400, 0.1)])  # of f1: its jackknife is skewed here
def test_models_that_differ_by_the_margin_are_rarely_called_equivalent(rows, most):
    """One gets right all that the other does but for 2% of the rows, and 2% is what matters."""
    rng, keys = np.random.default_rng(rows), [("accuracy", "m@2"), ("f1", "m@2"), ("mcc", "m@2")]
    equivalent = []
    for _ in range(300):
        target = (rng.random(rows) < 0.5).astype(int)
        right = rng.random(rows) < 0.9
        models = [
            binary(target, np.where(hit, target, 1 - target) * 0.8 + 0.1)
            for hit in (right, right & (rng.random(rows) > 0.02 / 0.9))
        ]
        judged = judge(infer_all(models[0], {"m@2": models[1]}, keys), alpha=0.05, margin=0.02)
        equivalent.append([judged[key].verdict == "equivalent" for key in keys])
    assert (np.mean(equivalent, axis=0) <= most).all()


@pytest.mark.parametrize(
    ("metric", "difference", "error", "margin", "verdict"),
    [
        ("roc_auc", 0.03, 0.01, None, "better"),
        ("roc_auc", -0.03, 0.01, None, "worse"),
        ("log_loss", 0.03, 0.01, None, "worse"),
        ("log_loss", -0.03, 0.01, None, "better"),
        ("roc_auc", 0.015, 0.01, None, "undecided"),
        ("roc_auc", 0.0, 0.0, None, "equivalent"),  # no row makes a difference
        ("roc_auc", 0.0, 0.0, 0.02, "undecided"),  # of 100 rows none does, and of all up to 3% may
        ("roc_auc", 0.0, 0.0, 0.03, "equivalent"),
        ("log_loss", 0.0, 0.0, 0.001, "equivalent"),  # the same probabilities
        ("roc_auc", 0.001, 0.001, 0.01, "equivalent"),
        ("roc_auc", 0.006, 0.001, 0.01, "equivalent"),  # surely not zero, and surely too small to matter
        ("roc_auc", 0.009, 0.001, 0.01, "better"),
        ("roc_auc", 0.005, 0.01, 0.01, "undecided"),
    ],
)
def test_a_verdict(metric, difference, error, margin, verdict):
    (judged,) = judge({(metric, "m@2"): normal(difference, error)}, alpha=0.05, margin=margin).values()
    assert judged.verdict == verdict


@pytest.mark.parametrize(("p_value", "verdict"), [(0.05, "undecided"), (np.nextafter(0.05, 0), "better")])
def test_a_p_value_at_the_level_is_not_below_it(p_value, verdict):
    inference = NormalInference(0.02, float(p_value), "normal", 100, 0.02, 0.01)
    (judged,) = judge({("roc_auc", "m@2"): inference}, alpha=0.05).values()
    assert judged.verdict == verdict


def test_two_one_sided_tests_bound_the_equivalence():
    """The margin is reached where the 90% interval ends, not the 95% one."""
    inference = normal(0.0, 0.01)
    _, high = inference.interval(0.1)
    for margin, verdict in ((high * 1.001, "equivalent"), (high * 0.999, "undecided")):
        assert judge({("f1", "m@2"): inference}, alpha=0.05, margin=margin)["f1", "m@2"].verdict == verdict


def test_many_tests_need_more_each():
    alone = {("roc_auc", "m@2"): normal(0.022, 0.01)}
    among = alone | {(f"metric {number} score", "m@2"): normal(0.0, 0.01) for number in range(9)}
    assert judge(alone, alpha=0.05)["roc_auc", "m@2"].verdict == "better"
    judged = judge(among, alpha=0.05)["roc_auc", "m@2"]
    assert judged.verdict == "undecided"
    assert judged.p_adjusted == pytest.approx(10 * judged.p_value)


def test_so_many_rows_would_have_shown_it():
    """In 4 of 5 draws of a difference as large as is told, the test finds it."""
    rng = np.random.default_rng(0)
    judged = judge({("f1", "m@2"): normal(0.0, 0.01)}, alpha=0.05)["f1", "m@2"]
    drawn = [normal(rng.normal(judged.detectable, 0.01), 0.01).p_value < 0.05 for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(0.8, abs=0.02)


def test_so_many_rows_would_have_shown_it_as_one_of_all_tests():
    """The verdict, which is of all tests, finds it in 4 of 5 draws; a difference that shows by itself it does not."""
    rng = np.random.default_rng(0)
    others = {(f"metric {number} score", "m@2"): normal(0.0, 0.01) for number in range(9)}
    told = judge({("f1", "m@2"): normal(0.0, 0.01), **others}, alpha=0.05)["f1", "m@2"].detectable
    drawn = [
        judge({("f1", "m@2"): normal(rng.normal(told, 0.01), 0.01), **others}, alpha=0.05)["f1", "m@2"].verdict
        for _ in range(2000)
    ]
    assert drawn.count("better") / len(drawn) == pytest.approx(0.8, abs=0.03)


ONE, TWO, THREE = (ModelVersion("m", number) for number in (1, 2, 3))


def versions(*measured, **options):
    found = (ONE, TWO, THREE)[: len(measured)]
    return compare_versions(found, measured, baseline="m@1", **options)


def row(comparison, metric, ref="m@2"):
    return next(row for row in comparison.rows if (row.metric, row.ref) == (metric, ref))


@pytest.fixture(scope="module")
def pair():
    target, one, _ = equally_good(np.random.default_rng(2), 400)
    surer = np.clip(one + 0.25 * (target - 0.5), 0.001, 0.999)
    return target, one, surer


def test_each_metric_of_each_task_is_tested(pair):
    target, one, other = pair
    rng = np.random.default_rng(3)
    classes = rng.integers(0, 3, 300)
    guesses = [rng.dirichlet(np.ones(3), 300) * 0.7 + weight * np.eye(3)[classes] for weight in (0.3, 0.6)]
    shares = [guess / guess.sum(axis=1, keepdims=True) for guess in guesses]
    amounts = rng.normal(10, 2, 300)
    for task, measured in {
        "binary": [binary(target, one), binary(target, other)],
        "multiclass": [multiclass(classes, share) for share in shares],
        "regression": [regression(amounts, amounts + rng.normal(0, scale, 300)) for scale in (2.0, 1.0)],
    }.items():
        comparison = versions(*measured)
        for metric in METRICS[task]:
            found = row(comparison, metric)
            assert found.verdict == "better", (task, metric)
            assert found.ci_low <= found.difference <= found.ci_high
            assert found.p_value <= found.p_adjusted < 0.05
            assert found.method
        assert row(comparison, METRICS[task][0], "m@1").verdict is None


def test_the_same_predictions_are_equivalent(pair):
    target, one, _ = pair
    comparison = versions(binary(target, one), binary(target, one.copy()))
    assert {found.verdict for found in comparison.rows if found.ref == "m@2"} == {"equivalent"}


def test_what_was_measured_on_other_rows_is_not_tested(pair):
    target, one, other = pair
    comparison = versions(binary(target, one), binary(1 - target, other), binary(target, other))
    assert {found.verdict for found in comparison.rows if found.ref == "m@2"} == {None}
    assert row(comparison, "roc_auc", "m@3").verdict == "better"
    assert "m@2 was evaluated on other rows than m@1" in comparison.notes


def test_fewer_metrics_are_fewer_tests(pair):
    target, one, other = pair
    measured = binary(target, one), binary(target, np.where(np.arange(400) < 12, other, one))
    every, only = versions(*measured), versions(*measured, metrics=["accuracy"])
    assert row(only, "accuracy").p_adjusted == row(only, "accuracy").p_value == row(every, "accuracy").p_value
    assert row(every, "accuracy").p_adjusted >= row(only, "accuracy").p_adjusted


def test_a_comparison_is_the_same_each_time(pair):
    target, one, other = pair
    first, again = (versions(binary(target, one), binary(target, other)) for _ in range(2))
    assert first.rows == again.rows


def test_who_watches_is_told_of_each_block(pair):
    target, one, other = pair
    asked, told = [], []

    def over(total, blocks):
        asked.append(total)
        for number, block in enumerate(blocks, 1):
            told.append((number, total))
            yield block

    versions(binary(target, one), binary(target, other), over=over)
    assert len(asked) == 2  # parts that are left out, and permutations
    assert told == [(number, total) for total in asked for number in range(1, total + 1)]


@pytest.mark.parametrize(("positives", "verdict"), [(10, "undecided"), (400, "equivalent")])
def test_what_a_few_positives_agree_in_is_no_equivalence(positives, verdict):
    """Both rank all positives first: of ten that is no proof that the next ones will be."""
    rng = np.random.default_rng(0)
    target = np.arange(1000) < positives
    models = [binary(target, np.where(target, 0.6, 0.1) + 0.3 * rng.random(1000)) for _ in range(2)]
    keys = [(metric, "m@2") for metric in ("roc_auc", "average_precision", "balanced_accuracy", "accuracy")]
    judged = judge(infer_all(models[0], {"m@2": models[1]}, keys), alpha=0.05, margin=0.02)
    said = {metric: one.verdict for (metric, _), one in judged.items()}
    assert said == dict.fromkeys(("roc_auc", "average_precision", "balanced_accuracy"), verdict) | {
        "accuracy": "equivalent"
    }


@pytest.mark.parametrize(("rows", "verdict"), [(8, "undecided"), (58, "undecided"), (59, "equivalent")])
def test_without_a_margin_models_are_equivalent_that_agree_on_enough_rows(rows, verdict):
    target = np.arange(rows) % 2
    one, other = (binary(target, np.where(target, 0.7, 0.2) + noise) for noise in (0, 0.1))
    keys = [(metric, "m@2") for metric in ("accuracy", "log_loss")]
    judged = judge(infer_all(one, {"m@2": other}, keys), alpha=0.05)
    assert judged["accuracy", "m@2"].verdict == verdict
    same = judge(infer_all(one, {"m@2": one}, keys), alpha=0.05)
    assert same["log_loss", "m@2"].verdict == "equivalent"  # they agree on every number
