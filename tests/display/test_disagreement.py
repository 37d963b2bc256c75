"""Where versions disagree, shown."""

from dataclasses import replace

import numpy as np

from nbregistry.display import to_html, to_text
from nbregistry.display.quantities import difference, number
from nbregistry.evaluation.disagreement import Disagreements
from nbregistry.evaluation.metrics import Measured
from tests.display import samples
from tests.display.dom import parse
from tests.evaluation.significance.samples import binary, equally_good, regression

TARGET, *SCORES = equally_good(np.random.default_rng(1), 200)


def shown(baseline, *others, **changes):
    plain = samples.comparison(tuple(range(1, len(others) + 2)), groups=False)
    rowwise = Disagreements(baseline, dict(zip(plain.refs[1:], others, strict=True)))
    return replace(plain, rowwise=rowwise, **changes)


def section(comparison):
    (found,) = [
        s for s in parse(to_html(comparison)).all("details") if "Where they disagree" in s.all("summary")[0].text
    ]
    return found


def test_the_counts_stand_in_the_title_of_a_fold():
    comparison = shown(*(binary(TARGET, score) for score in SCORES))
    (found,) = comparison.disagreements
    folded = section(comparison)
    assert "open" not in folded.attributes
    title = f"Where they disagree: {found.fixed} fixed and {found.broken} broken of 200 rows"
    assert folded.all("summary")[0].text == title
    assert title in to_text(comparison)


def test_the_ten_largest_flips_are_listed_and_the_rest_is_counted():
    comparison = shown(*(binary(TARGET, score) for score in SCORES))
    (found,) = comparison.disagreements
    text = to_text(comparison)
    assert "10 rows about which they disagree, with the largest change first" in text
    assert f"{found.fixed + found.broken} rows in all: .flips()" in text
    counts, flips = section(comparison).all("table")
    assert [row.all("th")[0].text for row in flips.all("tr")[1:]] == [
        str(row) for row in comparison.flips()["row"].head(10)
    ]
    assert [cell.text for cell in counts.all("td")] == [
        str(count) for count in (found.fixed, found.broken, found.both_right, found.both_wrong)
    ]


def test_of_several_versions_each_is_counted_and_named():
    comparison = shown(*(binary(TARGET, score) for score in (*SCORES, SCORES[0] * 0.8)))
    counts, flips = section(comparison).all("table")
    assert [row.all("th")[0].text for row in counts.all("tr")[1:]] == ["tumour@2", "tumour@3"]
    assert "tumour@2" in flips.text
    assert "Where they disagree: most in tumour@2, " in to_text(comparison)


def test_numbers_are_further_off_or_nearer():
    comparison = shown(*(regression(TARGET + 1.0, score) for score in SCORES), task="regression")
    (found,) = comparison.disagreements
    title = f"the error is smaller in {found.fixed} of 200 rows, larger in {found.broken}"
    assert title in " ".join(to_text(comparison).split())
    text = " ".join(to_text(comparison).split())
    assert "row true said error change outcome" in text
    first = comparison.flips().iloc[0]
    assert f"{number(first.baseline_score)} → {number(first.score)} {difference(first.change)}" in text


def test_that_they_never_disagree_is_said():
    same = binary(TARGET, SCORES[0])
    assert section(shown(same, same)).all("summary")[0].text == "Where they disagree: in none of 200 rows"
    assert "Where they disagree" not in to_text(samples.comparison())


def test_labels_are_somebody_elses_words():
    def drawn(label):
        target, before, after = (np.array(rows) for rows in (["no", label], ["no", "no"], ["no", label]))
        one, other = (Measured("binary", {}, {"target": target, "prediction": p}) for p in (before, after))
        return section(shown(one, other))

    hostile, harmless = drawn("<img src=x onerror=alert(1)>"), drawn("yes")
    assert not hostile.all("img")
    assert len(hostile.all("td")) == len(harmless.all("td"))
    assert "<img src=x onerror=alert(1)>" in hostile.text
    assert "score" not in harmless.all("table")[1].text
