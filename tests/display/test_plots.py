"""Plots: the same bytes every time, and in words what each shows."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.figure import Figure

from nbregistry.display import to_html, to_text
from nbregistry.display.blocks import Beside, Picture, Section
from nbregistry.display.plots import canvas
from nbregistry.display.plots.confusion import draw_confusion
from nbregistry.display.plots.over_time import Dated, draw_evaluations
from nbregistry.display.plots.predicted import draw_predicted
from nbregistry.display.views import card_of
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.confusion import Confusion
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.plots import PLOTS
from nbregistry.evaluation.weights import WEIGHT
from nbregistry.model import ModelVersion
from tests.evaluation.test_plots import binary, multiclass, regression

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison


@cache
def comparison(task: str, count: int = 2, plots: tuple[str, ...] | None = ("all",), rows: int = 200) -> Comparison:
    make = {"binary": binary, "multiclass": multiclass, "regression": regression}[task]
    versions = [ModelVersion("churn", number + 1) for number in range(count)]
    found: list[Measured | None] = [make(rows + number) for number in range(count)]  # other rows: nothing to test
    return compare_versions(versions, found, baseline="churn@1", plots=plots)


def pictures(blocks) -> list[Picture]:
    found = []
    for block in blocks:
        if isinstance(block, Picture):
            found.append(block)
        elif isinstance(block, Section):
            found += pictures(block.blocks)
        elif isinstance(block, Beside):
            found += [picture for column in block.columns for picture in pictures(column)]
    return found


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_every_plot_draws_the_same_bytes_twice_and_says_what_it_is(task):
    found = pictures(card_of(comparison(task)).blocks)
    assert len(found) >= 5
    for picture in found:
        png = picture.draw()
        assert png == picture.draw()
        assert png.startswith(b"\x89PNG")
        assert len(png) < 40_000
        assert "churn@1" in picture.alt or "churn@2" in picture.alt
        assert int.from_bytes(png[16:20]) == 2 * picture.width


def painted(monkeypatch, draw) -> Figure:
    """Give the figure that is drawn."""
    figure = Figure()
    monkeypatch.setattr(canvas, "png", lambda _width, _height, paint: paint(figure) or b"")
    draw()
    figure.canvas.draw()
    return figure


@pytest.mark.parametrize("seconds", [1, 8, 40])
def test_times_of_a_minute_are_written_as_times(monkeypatch, seconds):
    start = datetime(2026, 11, 30, 16, 49, 3, tzinfo=UTC)
    points = [Dated(start + timedelta(seconds=seconds) * part, 0.8, 0.7, 0.9) for part in (0, 0.5, 1)]
    (axes,) = painted(monkeypatch, lambda: draw_evaluations("roc_auc", points)).axes
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels
    assert all(re.fullmatch(r"16:4\d:\d\d(\.\d+)?", label) for label in labels), labels
    assert axes.xaxis.get_major_formatter().get_offset() == "2026-11-30"


def test_labels_that_begin_alike_are_told_apart(monkeypatch):
    names = tuple(f"class number {number} with words" for number in range(12))
    (axes,) = painted(monkeypatch, lambda: draw_confusion("m@1", Confusion(names, np.eye(12, dtype=int)))).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[3] == "…3 with words"[:11] + "…"
    assert len(set(labels)) == 12
    assert {len(label) for label in labels} == {12}


@pytest.mark.parametrize(
    ("name", "columns"),
    [("tumour@1", 2), ("holdout of spring no. 3", 1), ("GradientBoostingOfCustomers" * 2 + "@12", 1)],
)
def test_a_legend_of_many_lines_is_never_cut(name, columns):
    drawn: list[Figure] = []

    def paint(axes):
        drawn.append(axes.get_figure(root=True))
        for index in range(canvas.MOST):
            label = f"{canvas.legible(name)}   Brier 0.1234"
            canvas.curve(axes, index, ([0, 1], [0, 1]), label, None)

    canvas.square_png("recall", "precision", paint, "lower left")
    (figure,) = drawn
    (legend,) = figure.legends
    (axes,) = figure.axes
    box = legend.get_window_extent()
    assert len({round(text.get_window_extent().x0) for text in legend.get_texts()}) == columns
    assert (box.x0 >= 0, box.x1 <= figure.bbox.width, box.y0 >= 0) == (True, True, True)
    assert axes.get_window_extent().height > 0.8 * 2 * 400  # the curves have as much room as without


def test_many_rows_make_no_larger_plot():
    for picture in pictures(card_of(comparison("regression", rows=100_000)).blocks):
        assert len(picture.draw()) < 40_000


def test_a_palette_leaves_the_ground_transparent_and_each_version_its_colour():
    from PIL import Image

    roc = pictures(card_of(comparison("binary")).blocks)[0]
    with Image.open(BytesIO(roc.draw())) as picture:
        assert picture.mode == "P"
        drawn = np.asarray(picture.convert("RGBA")).reshape(-1, 4).astype(int)
    assert (drawn[:, 3] == 0).mean() > 0.5
    opaque = drawn[drawn[:, 3] > 250, :3]
    for colour in canvas.COLOURS[:2]:
        wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        assert np.abs(opaque - wanted).max(axis=1).min() <= 2


def test_by_default_one_plot_is_drawn_and_the_text_draws_none(monkeypatch):
    drawn = []
    monkeypatch.setattr(canvas, "png", lambda *_: drawn.append(1) or b"")
    for task, count in (("binary", 1), ("multiclass", 2), ("regression", 2)):
        shown = comparison(task, plots=None)
        to_text(shown)
        assert not drawn
        to_html(shown)
        assert len(drawn) == count
        drawn.clear()
    assert "<img" not in to_html(comparison("binary", plots=("none",)))


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("binary", ["TPR at 5% FPR", "decides at", "guessing has precision", "calibration error", "Bin by bin",
                    "true ↓ predicted →", "Scores by class: quantiles"]),
        ("multiclass", ["the mean over the classes", "the probability is that of the predicted class", "wrong"]),
        ("regression", ["fifth 5", "true mean", "Residuals, true minus predicted", "farthest"]),
    ],
)  # fmt: skip
def test_every_plot_has_its_numbers_in_words(task, said):
    text = " ".join(to_text(comparison(task)).split())
    for words in said:
        assert words in text


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (binary(), ["% by weight, as are the shares", "Scores by class: quantiles by weight"]),
        (regression(), ["how far it is off, means by weight", "the prediction is too low; by weight"]),
    ],
)
def test_of_rows_with_weights_each_plot_says_what_goes_by_them(monkeypatch, plain, said):
    versions, weights = [ModelVersion("churn", number) for number in (1, 2)], np.linspace(0.1, 4, plain.n)
    weighted = replace(plain, rows=plain.rows | {WEIGHT: weights})
    for found, is_weighted in ((plain, False), (weighted, True)):
        shown = compare_versions(versions, [found, found], baseline="churn@1", plots=["all"])
        text = " ".join(to_text(shown).split())
        assert [words in text for words in said] == [is_weighted] * 2
    if plain.task == "regression":
        cloud = shown.plots["predicted"]["churn@1"].cloud
        axes = painted(monkeypatch, lambda: draw_predicted("churn@1", shown.plots["predicted"]["churn@1"], 0, (0, 90)))
        sizes = axes.axes[0].collections[0].get_sizes()
        assert sizes / sizes.mean() == pytest.approx(cloud.counts)
        assert cloud.counts == pytest.approx(weights / weights.mean())


def test_of_many_versions_each_plot_says_what_it_leaves_out():
    text = " ".join(to_text(comparison("binary", 9)).split())
    assert "ROC curves, 8 of 9 drawn" in text
    assert "Precision and recall in numbers, 8 of 9 drawn" in text
    assert "Calibration in numbers, 8 of 9 drawn" in text
    assert "5 more versions: name fewer to see their matrices" in text
    assert "quantiles, 4 of 9 versions drawn" in text
    assert text.count("churn@9") > 4
    for picture in pictures(card_of(comparison("binary", 9)).blocks):
        picture.draw()


def test_of_too_many_classes_the_pairs_that_are_confused_most_are_told():
    versions = [ModelVersion("digits", number) for number in (1, 2)]
    found = [multiclass(3_000, 15), multiclass(3_001, 15)]
    shown = compare_versions(versions, found, baseline="digits@1")
    text = to_text(shown)
    assert "confused most often" in text
    assert "taken for" in text
    assert not pictures(card_of(shown).blocks)


def test_what_is_plotted_is_in_the_json():
    document = json.loads(comparison("binary").to_json())
    assert set(document["plots"]) == set(PLOTS) - {"roc", "predicted", "residuals"}
    assert document["plots"]["confusion"]["churn@1"]["labels"] == ["stays", "leaves"]
    assert len(document["plots"]["calibration"]["churn@1"]["predicted"]) == 10
    assert document["curves"]["churn@1"]["fpr"][0] == 0
    many = json.loads(comparison("multiclass").to_json())
    assert many["plots"]["roc"]["churn@2"]["tpr"][-1] == 1
    cloud = json.loads(comparison("regression").to_json())["plots"]["predicted"]["churn@1"]["cloud"]
    assert len(cloud["x"]) == 200


@pytest.mark.parametrize("text", ["<script>x</script>", "$\\frac{$", "\x1b[31m", "_", "\u202egpj", "模型" * 40, "a@b"])
def test_a_label_is_drawn_and_told_as_it_is_written_and_nothing_else(text):
    labels = np.array([text, "quiet"])
    rows = {
        name: labels[(values == "leaves").astype(int)] for name, values in binary(60).rows.items() if name != "score"
    }
    rows["score"] = binary(60).rows["score"]
    found = Measured("binary", {"roc_auc": 0.5, "log_loss": 0.5}, rows, (), (text, "quiet"))
    versions = [ModelVersion("churn", number) for number in (1, 2)]
    shown = compare_versions(versions, [found, found], baseline="churn@1", plots=["confusion", "scores"])
    for picture in pictures(card_of(shown).blocks):
        assert picture.draw() == picture.draw()
    html, words = to_html(shown), to_text(shown)
    assert "<script" not in html
    assert "\x1b" not in html + words
    assert "\u202e" not in html + words
