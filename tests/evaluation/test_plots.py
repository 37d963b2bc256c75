"""What is plotted: which plots there are for whom, and the arrays behind each, against references."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from sklearn import calibration as sklearn_calibration
from sklearn import metrics as reference

from nbregistry.errors import Refused
from nbregistry.evaluation.calibration import calibrate, calibrations_of
from nbregistry.evaluation.confusion import confusions_of
from nbregistry.evaluation.curves import RocCurve, curves_of, mean_curves_of, roc_curve
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.plots import CHOICES, PLOTS, choose_plots, plot
from nbregistry.evaluation.precision_recall import precision_recall_curves_of
from nbregistry.evaluation.residuals import POINTS, gather, predicted_of, residuals_of
from nbregistry.evaluation.score_histograms import score_histograms_of
from nbregistry.evaluation.weights import WEIGHT
from nbregistry.evaluation.wilson import wilson_interval

PROBABILITIES = {"roc_auc": 0.0, "log_loss": 0.0}


def binary(rows: int = 400, *, metrics: dict[str, float] = PROBABILITIES) -> Measured:
    rng = np.random.default_rng(3)
    target = rng.random(rows) < 0.3
    score = 1 / (1 + np.exp(-(2 * target - 1 + rng.normal(0, 1, rows))))
    labels = np.array(["stays", "leaves"])
    rows_ = {"target": labels[target.astype(int)], "prediction": labels[(score > 0.5).astype(int)], "score": score}
    return Measured("binary", metrics, rows_, (), ("stays", "leaves"))


def multiclass(rows: int = 400, classes: int = 4) -> Measured:
    rng = np.random.default_rng(4)
    target = rng.integers(0, classes, rows)
    raw = rng.random((rows, classes)) + 0.4 * np.eye(classes)[target]
    score = raw / raw.sum(axis=1, keepdims=True)
    return Measured("multiclass", PROBABILITIES, {"target": target, "prediction": score.argmax(1), "score": score})


def regression(rows: int = 400) -> Measured:
    rng = np.random.default_rng(5)
    target = rng.gamma(2, 10, rows)
    return Measured("regression", {"r2": 0.5}, {"target": target, "prediction": target * 0.8 + rng.normal(2, 5, rows)})


@pytest.mark.parametrize(("share", "n"), [(0.0, 9), (1.0, 40), (0.3, 10), (0.5, 170)])
def test_wilson_s_interval_is_scipy_s(share, n):
    expected = stats.binomtest(round(share * n), n).proportion_ci(0.95, "wilson")
    assert [float(end) for end in wilson_interval(share, n)] == pytest.approx([expected.low, expected.high])


def test_a_band_covers_the_true_curve_in_19_of_20_cases():
    """Two normal distributions 1.2 apart: the true rate at a false-positive rate is known."""
    rng = np.random.default_rng(11)
    rates = np.array([0.05, 0.1, 0.3, 0.6])
    truth = stats.norm.cdf(1.2 + stats.norm.ppf(rates))
    target = np.repeat([0, 1], [150, 90])
    inside = []
    for _ in range(600):
        low, high = roc_curve(target, rng.normal(target * 1.2, 1), 1).band(rates)
        inside.append((low <= truth) & (truth <= high))
    assert (np.mean(inside, axis=0) > 0.925).all()
    assert (np.mean(inside, axis=0) < 0.99).all()


def test_a_band_stays_within_0_and_1_and_around_the_curve():
    curve = curves_of({"m": binary(30)})["m"]
    grid = np.linspace(0, 1, 101)
    low, high = curve.band(grid)
    assert (low <= curve.at(grid)).all()
    assert (curve.at(grid) <= high).all()
    assert low.min() >= 0
    assert high.max() <= 1
    assert RocCurve(curve.fpr, curve.tpr, curve.thresholds, curve.auc).band(grid) is None


def test_the_models_own_decision_lies_on_its_curve():
    measured = binary()
    curve = curves_of({"m": measured})["m"]
    (tn, fp), (fn, tp) = reference.confusion_matrix(
        measured.rows["target"], measured.rows["prediction"], labels=["stays", "leaves"]
    )
    assert curve.own == pytest.approx((fp / (fp + tn), tp / (tp + fn)))
    assert curve.at(curve.own[0]) == pytest.approx(curve.own[1])
    assert precision_recall_curves_of({"m": measured})["m"].own == pytest.approx((tp / (tp + fn), tp / (tp + fp)))


def test_the_mean_curve_of_many_classes_has_the_area_that_the_metric_says():
    measured = multiclass()
    curve = mean_curves_of({"m": measured})["m"]
    expected = reference.roc_auc_score(measured.rows["target"], measured.rows["score"], multi_class="ovr")
    assert curve.auc == pytest.approx(expected)
    assert reference.auc(curve.fpr, curve.tpr) == pytest.approx(expected, abs=2e-3)
    assert mean_curves_of({"m": binary()}) == {}


def test_average_precision_is_sklearn_s_and_the_curve_ends_at_the_base_rate():
    measured = binary()
    curve = precision_recall_curves_of({"m": measured})["m"]
    positives = measured.codes == 1
    assert curve.average_precision == pytest.approx(
        reference.average_precision_score(positives, measured.rows["score"])
    )
    assert curve.base_rate == pytest.approx(positives.mean())
    assert curve.recall[0] == 0
    assert curve.recall[-1] == 1
    every = measured.rows["score"] >= measured.rows["score"][positives].min()
    assert curve.precision[-1] == pytest.approx(positives[every].mean())
    assert len(curve.recall) == len(precision_recall_curves_of({"m": binary(5_000)})["m"].recall)


def test_many_classes_have_the_mean_precision_of_each_against_the_rest():
    measured = multiclass()
    expected = reference.average_precision_score(np.eye(4)[measured.rows["target"]], measured.rows["score"])
    assert precision_recall_curves_of({"m": measured})["m"].average_precision == pytest.approx(expected)


def test_calibration_in_bins_is_sklearn_s():
    measured = binary(1_000)
    happened, score = measured.codes == 1, measured.rows["score"]
    found = calibrate(happened, score)
    observed, predicted = sklearn_calibration.calibration_curve(happened, score, n_bins=10, strategy="quantile")
    assert found.predicted == pytest.approx(predicted, abs=0.003)
    assert found.observed == pytest.approx(observed, abs=0.02)
    assert found.counts.tolist() == [100] * 10
    assert found.brier == pytest.approx(reference.brier_score_loss(happened, score))
    assert found.error == pytest.approx(np.mean(np.abs(found.predicted - found.observed)))
    assert found.outside == sum(
        not low <= mean <= high for mean, low, high in zip(found.predicted, found.low, found.high, strict=True)
    )


def test_weighted_rows_count_as_their_metrics_do():
    plain = binary(300)
    weights = np.random.default_rng(8).integers(1, 4, 300).astype(float)
    found = replace(plain, rows=plain.rows | {WEIGHT: weights})
    positives, score = plain.codes == 1, plain.rows["score"]
    curve = precision_recall_curves_of({"m": found})["m"]
    assert curve.average_precision == pytest.approx(
        reference.average_precision_score(positives, score, sample_weight=weights)
    )
    decided = plain.predicted_codes == 1
    assert curve.own[1] == pytest.approx(reference.precision_score(positives, decided, sample_weight=weights))
    assert curve.base_rate == pytest.approx(np.average(positives, weights=weights))
    calibration = calibrations_of({"m": found})["m"]
    assert calibration.brier == pytest.approx(reference.brier_score_loss(positives, score, sample_weight=weights))
    alike = calibrate(positives, score, weights=np.full(300, 7.0))
    bare = calibrate(positives, score)
    assert alike.low == pytest.approx(bare.low)
    assert alike.error == pytest.approx(bare.error)


def test_rows_of_one_probability_share_a_bin():
    found = calibrate([True, False, True, False, True], [0.5] * 5)
    assert found.counts.tolist() == [5]
    assert found.observed.tolist() == [0.6]
    assert calibrate([True, False, False], [0.2, 0.2, 0.9]).counts.tolist() == [2, 1]


def test_distances_to_a_boundary_are_not_calibrated():
    assert calibrations_of({"m": binary(metrics={"roc_auc": 0.0})}) == {}
    chosen = calibrations_of({"m": multiclass()})["m"]
    measured = multiclass()
    assert chosen.observed @ chosen.counts / 400 == pytest.approx((measured.codes == measured.predicted_codes).mean())


def test_a_confusion_matrix_is_sklearn_s():
    measured = multiclass()
    found = confusions_of({"m": measured})["m"]
    expected = reference.confusion_matrix(measured.rows["target"], measured.rows["prediction"])
    assert (found.counts == expected).all()
    assert found.shares == pytest.approx(expected / expected.sum(axis=1, keepdims=True))
    assert (found.right, found.total) == (expected.trace(), 400)
    pairs = found.most_confused(3)
    off = sorted((expected * (1 - np.eye(4, dtype=int))).ravel().tolist(), reverse=True)
    assert [count for _, _, count, _ in pairs] == off[:3]
    true, predicted, count, share = pairs[0]
    assert true != predicted
    assert expected[true, predicted] == count
    assert share == pytest.approx(count / expected[true].sum())


def weighing(plain: Measured, seed: int = 8) -> tuple[Measured, np.ndarray]:
    """Give the same rows with whole weights, some of them 0, and the number of each row as often as it weighs."""
    weights = np.random.default_rng(seed).integers(0, 4, plain.n)
    return replace(plain, rows=plain.rows | {WEIGHT: weights.astype(float)}), np.repeat(np.arange(plain.n), weights)


def test_a_weighted_confusion_matrix_counts_rows_and_shares_by_weight():
    measured, _ = weighing(multiclass())
    found, weights = confusions_of({"m": measured})["m"], measured.weights
    target, prediction = measured.rows["target"], measured.rows["prediction"]
    expected = reference.confusion_matrix(target, prediction, sample_weight=weights)
    assert (found.counts == reference.confusion_matrix(target, prediction)).all()
    assert found.shares == pytest.approx(expected / expected.sum(axis=1, keepdims=True))
    assert found.accuracy == pytest.approx(reference.accuracy_score(target, prediction, sample_weight=weights))
    true, predicted, count, share = found.most_confused(1)[0]
    np.fill_diagonal(expected, 0)
    assert expected[true, predicted] == expected.max()
    assert (count, share) == (found.counts[true, predicted], found.shares[true, predicted])


@pytest.mark.parametrize("plain", [binary(), multiclass()])
def test_weighted_scores_are_those_of_rows_that_come_as_often_as_they_weigh(plain):
    measured, rows = weighing(plain)
    found, repeated = (score_histograms_of({"m": each})["m"] for each in (measured, plain.take(rows)))
    assert found.edges == pytest.approx(repeated.edges)
    assert found.counts.sum() == plain.n
    assert found.shares == pytest.approx(repeated.shares)
    assert (found.is_weighted, repeated.is_weighted) == (True, False)
    for place, level in enumerate(found.quantiles.T):
        assert level == pytest.approx(repeated.quantiles.T[place], abs=0.01)


def test_weighted_regressions_are_those_of_rows_that_come_as_often_as_they_weigh():
    plain = regression()
    measured, rows = weighing(plain)
    one, other = (residuals_of({"m": each})["m"] for each in (measured, plain.take(rows)))
    assert (one.mean, one.deviation, one.largest) == pytest.approx((other.mean, other.deviation, other.largest))
    assert one.quantiles == pytest.approx(other.quantiles, abs=0.5)
    assert one.counts.sum() == one.cloud.counts.sum() == pytest.approx(plain.n)
    assert one.counts == pytest.approx(np.histogram(other.cloud.y, one.edges)[0] * plain.n / len(rows))
    found = predicted_of({"m": measured})["m"]
    total = np.array([measured.weights[part].sum() for part in np.array_split(plain.rows["target"].argsort(), 5)])
    assert found.prediction @ total == pytest.approx(plain.rows["prediction"][rows].sum())
    assert found.target @ total == pytest.approx(plain.rows["target"][rows].sum())


def test_a_cell_of_many_weighted_points_holds_what_its_rows_weigh():
    rng = np.random.default_rng(0)
    x, y, weights = rng.normal(size=10_000), rng.normal(size=10_000), rng.exponential(7, 10_000)
    cloud = gather(x, y, weights)
    assert cloud.counts.sum() == pytest.approx(10_000)
    assert np.average(cloud.x, weights=cloud.counts) == pytest.approx(np.average(x, weights=weights), abs=0.01)


def test_rows_of_no_weight_leave_nothing_to_tell():
    plain = regression(10)
    weights = np.repeat([0.0, 1.0], [2, 8])[plain.rows["target"].argsort().argsort()]
    found = predicted_of({"m": replace(plain, rows=plain.rows | {WEIGHT: weights})})["m"]
    assert np.isnan(found.target).tolist() == [True, False, False, False, False]
    positives = binary(60)
    only = (positives.codes == 0).astype(float)
    scores = score_histograms_of({"m": replace(positives, rows=positives.rows | {WEIGHT: only})})["m"]
    assert np.isnan(scores.quantiles[1]).all()
    assert scores.shares[1].tolist() == [0] * 20
    shares = confusions_of({"m": replace(positives, rows=positives.rows | {WEIGHT: only})})["m"].shares
    assert shares[1].tolist() == [0, 0]


def test_a_label_that_the_model_does_not_know_is_no_cell():
    rows = {"target": np.array(["a", "b", "c"]), "prediction": np.array(["a", "a", "a"])}
    assert confusions_of({"m": Measured("binary", {}, rows, (), ("a", "b"))})["m"].counts.tolist() == [[1, 0], [1, 0]]


def test_score_histograms_count_each_class():
    measured = binary()
    found = score_histograms_of({"m": measured})["m"]
    positives = measured.codes == 1
    assert found.groups == ("stays", "leaves")
    assert found.counts.sum(axis=1).tolist() == [int((~positives).sum()), int(positives.sum())]
    assert found.quantiles[1][2] == pytest.approx(np.median(measured.rows["score"][positives]))
    assert (found.edges[0], found.edges[-1]) == (0, 1)
    right = score_histograms_of({"m": multiclass()})["m"]
    assert right.groups == ("wrong", "right")
    assert right.counts[1].sum() == multiclass().hits.sum()


def test_a_class_without_rows_has_no_quantiles():
    rows = {"target": np.zeros(3, int), "prediction": np.zeros(3, int), "score": np.array([0.1, 0.2, 0.3])}
    found = score_histograms_of({"m": Measured("binary", PROBABILITIES, rows, (), (0, 1))})["m"]
    assert np.isnan(found.quantiles[1]).all()
    assert found.counts[1].sum() == 0


def test_many_points_become_cells_that_hold_every_row():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=100_000), rng.normal(size=100_000)
    cloud = gather(x, y)
    assert cloud.counts.sum() == 100_000
    assert len(cloud.x) <= 3_600
    assert cloud.cell[0] > 0
    assert (np.average(cloud.x, weights=cloud.counts), np.average(cloud.y, weights=cloud.counts)) == pytest.approx(
        (x.mean(), y.mean()), abs=0.01
    )
    few = gather(x[:POINTS], y[:POINTS])
    assert few.cell == (0, 0)
    assert len(few.x) == POINTS


def test_fifths_by_the_true_value_tell_where_predictions_are_off():
    measured = regression(403)
    found = predicted_of({"m": measured})["m"]
    assert found.counts.sum() == 403
    assert (np.diff(found.target) > 0).all()
    assert found.target @ found.counts == pytest.approx(measured.rows["target"].sum())
    assert found.prediction @ found.counts == pytest.approx(measured.rows["prediction"].sum())
    assert len(predicted_of({"m": regression(3)})["m"].counts) == 3


def test_residuals_share_their_bins_and_are_true_minus_predicted():
    one, other = regression(), regression(3_000)
    found = residuals_of({"a": one, "b": other})
    left = one.rows["target"] - one.rows["prediction"]
    assert found["a"].edges is found["b"].edges
    assert found["a"].counts.sum() == 400
    assert found["a"].mean == pytest.approx(left.mean())
    assert found["a"].deviation == pytest.approx(left.std())
    assert found["a"].quantiles == pytest.approx(tuple(np.quantile(left, (0.05, 0.5, 0.95))))
    assert abs(found["a"].largest) == pytest.approx(np.abs(left).max())
    assert residuals_of({"a": binary()}) == {}


def test_each_task_has_its_first_plot_and_only_its_own():
    assert choose_plots(None, ["binary"]) == ("roc",)
    assert choose_plots(None, ["multiclass"]) == ("confusion",)
    assert choose_plots(None, ["regression"]) == ("predicted",)
    assert choose_plots(None, []) == ()
    assert choose_plots(["none"], []) == ()
    assert choose_plots(["all"], ["multiclass"])[0] == "confusion"
    assert set(choose_plots(["all"], ["binary", "regression"])) == set(PLOTS)
    assert choose_plots(["pr", "roc", "pr"], ["binary"]) == ("pr", "roc")


@pytest.mark.parametrize(
    ("wanted", "tasks", "said"),
    [
        (["rox"], ["binary"], "roc"),
        (["roc"], ["regression"], "predicted residuals"),
        (["roc", "none"], ["binary"], "none"),
        (["roc"], [], "--on X y"),
        (["roc"], ["multilabel"], "leave out --plots"),
    ],
)
def test_a_plot_that_there_is_not_is_refused_with_the_right_ones(wanted, tasks, said):
    with pytest.raises(Refused) as refused:
        choose_plots(wanted, tasks)
    assert said in str(refused.value)


def test_every_plot_is_made_of_its_task_and_nothing_of_others():
    each = {"b": binary(), "m": multiclass(), "r": regression()}
    made = plot(PLOTS, each)
    assert {name: set(found) for name, found in made.items()} == {
        **{name: {"b", "m"} for name in ("roc", "pr", "calibration", "confusion", "scores")},
        **{name: {"r"} for name in ("predicted", "residuals")},
    }
    assert set(CHOICES) == {*PLOTS, "all", "none"}
    assert not math.isnan(made["calibration"]["m"].error)
