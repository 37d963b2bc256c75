"""A metric over versions and time, and a version on one data set after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nbregistry.display import to_html, to_text
from nbregistry.display.blocks import Beside, Picture
from nbregistry.display.views import card_of
from nbregistry.display.views.history import instant
from nbregistry.evaluation.significance.apart import difference_apart
from nbregistry.listings import Evaluations, Tenure, Versions
from nbregistry.model import Dataset, Evaluation
from tests.display import samples
from tests.display.test_plots import pictures


def drawn(count: int = 5, *, plot: tuple[str, ...] = ("roc_auc",)) -> Versions:
    tenures = (
        Tenure(1, "2026-11-22T08:01:31Z", "2026-11-22T08:03:00Z"),
        Tenure(3, "2026-11-22T08:03:00Z", "2026-11-22T08:05:00Z", trusted=False),
        Tenure(2, "2026-11-22T08:05:00Z"),
    )
    return Versions(tuple(map(samples.version, range(1, count + 1))), count, "tumour", plot=plot, tenures=tenures)


def test_champions_are_listed_with_their_time_and_value():
    lines = to_text(drawn()).split("\n")
    first = next(place for place, line in enumerate(lines) if line.startswith("champion ") and "from (UTC)" in line)
    one, three, two = lines[first + 2], lines[first + 3], lines[first + 5]
    assert one.split() == ["tumour@1", "2026-11-22", "08:01", "2026-11-22", "08:03", "0.9978"]
    assert lines[first + 4] == "! moved by a key that is not trusted"
    assert three.startswith("tumour@3")
    assert "★ best 0.9982" in three
    assert two.startswith("▶ tumour@2")
    assert "now" in two
    assert "Champions" not in to_text(replace(drawn(), tenures=()))
    assert "Over the versions" not in to_text(replace(drawn(), plot=()))


def test_each_metric_is_drawn_by_version_and_over_time():
    found = pictures(card_of(drawn(plot=("roc_auc", "log_loss"))).blocks)
    assert len(found) == 4
    for picture in found:
        png = picture.draw()
        assert png == picture.draw()
        assert len(png) < 120_000
        assert "5 versions" in picture.alt
    assert len({picture.draw() for picture in found}) == 4


def test_times_that_are_none_are_left_out():
    assert instant("soon") is None
    assert instant("9999-12-31T23:59:59-12:00") is None
    assert instant("2026-11-22T08:01:31").tzinfo is not None
    odd = replace(drawn(), items=tuple(replace(version, created_at="soon") for version in drawn().items))
    assert len(pictures(card_of(odd).blocks)) == 1
    for picture in pictures(card_of(replace(drawn(1), tenures=(Tenure(1, "soon"), Tenure(9, "x")))).blocks):
        picture.draw()
    nothing = tuple(replace(version, metrics={"roc_auc": float("nan")}) for version in drawn().items)
    assert not pictures(card_of(replace(drawn(), items=nothing)).blocks)


def evaluated(*errors: float, rows: int = 300, trained: int = -1) -> Evaluations:
    found = []
    for month, error in enumerate(errors, 1):
        rng = np.random.default_rng(month)
        target = rng.random(rows) < 0.4
        prediction = target ^ (rng.random(rows) < error)
        accuracy = float((target == prediction).mean())
        data = Dataset("evaluation", f"month {month}", "numpy", rows, 3, f"sha256:{month:064x}")
        held = {"target": target.astype(int), "prediction": prediction.astype(int)}
        at = f"2026-{month:02d}-01T00:00:00Z"
        found.append(
            Evaluation(
                "m@1", f"month {month}", at, {"accuracy": accuracy}, rows, data, "binary", held,
                on_training_rows=month == trained,
            )
        )  # fmt: skip
    return Evaluations(tuple(found), len(found), "m@1")


def test_a_version_that_got_worse_is_told_so_in_the_first_line():
    text = " ".join(to_text(evaluated(0.05, 0.06, 0.3)).split())
    assert "▼ it got worse" in text
    assert "▲ it got better" in " ".join(to_text(evaluated(0.3, 0.05)).split())
    assert "no more than chance explains" in " ".join(to_text(evaluated(0.05, 0.06)).split())


def test_rows_that_it_learned_are_no_first_value():
    said = " ".join(to_text(evaluated(0.0, 0.3, 0.3, trained=1)).split())
    assert "no more than chance explains" in said
    assert "the rows it was trained on" in said


def test_evaluations_are_drawn_by_date_with_their_intervals():
    text = to_text(evaluated(0.05, 0.3))
    assert text.count(" to 0.") >= 3
    found = pictures(card_of(evaluated(0.05, 0.3)).blocks)
    assert len(found) == 1
    assert "2026-02-01" in found[0].alt
    assert found[0].draw() == found[0].draw()
    assert "accuracy is" in to_text(evaluated(0.05))
    assert "<img" not in to_html(evaluated(0.05))


def test_evaluations_and_their_curves_stand_side_by_side():
    made = evaluated(0.05, 0.3)
    scored = [
        replace(
            each,
            metrics={"roc_auc": 0.8},
            rows={**each.rows, "score": each.rows["prediction"] * 0.5 + 0.1},
        )
        for each in made
    ]
    blocks = card_of(replace(made, items=tuple(scored))).blocks
    (beside,) = [block for block in blocks if isinstance(block, Beside)]
    assert [[type(block) for block in column] for column in beside.columns] == [[Picture], [Picture]]
    assert "ROC curves in numbers" in to_text(replace(made, items=tuple(scored)))


def test_two_independent_intervals_cover_the_true_difference():
    from nbregistry.evaluation.wilson import wilson_interval

    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(2_000):
        one, other = rng.binomial(60, 0.9) / 60, rng.binomial(90, 0.8) / 90
        ends = [tuple(float(end) for end in wilson_interval(share, n)) for share, n in ((one, 60), (other, 90))]
        low, high = difference_apart(one, ends[0], other, ends[1])
        inside += low <= -0.1 <= high
    assert inside / 2_000 == pytest.approx(0.95, abs=0.015)
