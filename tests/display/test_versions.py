"""Which is live, which is best, what changed: at a glance, at 3 and at 500."""

from dataclasses import replace

from nbregistry.display import to_html, to_text
from nbregistry.listings import Versions
from tests.display import samples
from tests.display.dom import parse


def rows(text: str) -> list[str]:
    return [row for row in text.split("\n") if row.startswith(("tumour@", "▶ tumour@"))]


def test_the_first_lines_say_which_is_live_and_which_is_best():
    text = to_text(samples.three())
    assert "champion: tumour@1 · best roc_auc: tumour@3 with 0.9982" in text
    assert "▶ tumour@1" in text


def test_changes_from_the_version_before():
    text = to_text(samples.three())
    assert "★ best 0.9982" in text
    assert "+0.0084 ▲" in text
    assert "−0.0435 ▲" in text  # a lower loss is better
    assert "LogisticRegression → RandomForestClassifier" in text
    assert "▲ ahead, ▼ behind" in text


def test_what_changed_names_parameters_and_data():
    one = samples.version(1)
    params = {"clf__C": 2.0, "clf__max_iter": 500}
    data = (replace(samples.TRAIN, fingerprint="sha256:ff"), samples.TEST)
    other = replace(one, version=2, params=params, datasets=data)
    text = " ".join(to_text(Versions((one, other), 2, "tumour")).split())
    assert "clf__C 0.5 → 2, other training data" in text


def test_a_default_that_is_set_by_hand_is_no_change():
    one = samples.version(1, params={}, default_params={"C": 1.0})
    other = replace(one, version=2, digest="sha256:00", params={"C": 1.0}, default_params={})
    assert "same parameters" in to_text(Versions((one, other), 2, "tumour"))


def test_other_data_is_told_and_not_subtracted():
    one = samples.version(1)
    other = samples.version(2, metrics={"roc_auc": 0.5}, datasets=(replace(samples.TEST, fingerprint="sha256:ff"),))
    text = to_text(Versions((one, other), 2, "tumour"))
    assert "other data" in text
    assert "measured on different data" in text
    assert "−0.4978" not in text


def test_five_hundred_show_the_newest_and_the_live_one():
    text = to_text(samples.many(500))
    shown = rows(text)
    assert len(shown) == 20
    assert shown[0].startswith("▶ tumour@3 ")
    assert shown[-1].startswith("tumour@500 ")
    assert "showing 20 of 500; %versions tumour --limit 500" in text
    assert "… 478 more" in text


def test_in_another_order_the_first_are_shown():
    given = samples.many(500)
    text = to_text(Versions(tuple(reversed(given.items)), 500, "tumour"))
    assert rows(text)[0].startswith("tumour@500 ")
    assert any(row.startswith("▶ tumour@3 ") for row in rows(text))
    assert len(rows(text)) == 20


def test_a_limit_is_obeyed():
    items = samples.many(500).items[:100]
    text = to_text(Versions(items, 500, "tumour"))
    assert len(rows(text)) == 100
    assert "showing 100 of 500" in text


def test_a_limit_hides_neither_the_best_nor_the_live_one():
    everyone = samples.many(40).items
    text = to_text(Versions(everyone[:2], 40, "tumour", limit=2, beyond=lambda: everyone[2:]))
    assert "champion: tumour@3 (not shown) · best roc_auc: tumour@32 (not shown) with 0.9912" in text
    assert "★" not in text
    assert "0.8973 → 0.9851" in text  # the trend is that of all
    assert len(rows(text)) == 2


def test_what_is_shown_is_not_said_to_be_hidden():
    everyone = samples.many(40).items
    text = to_text(Versions(everyone[31:32], 40, "tumour", limit=1, beyond=lambda: everyone[:31] + everyone[32:]))
    assert "best roc_auc: tumour@32 with 0.9912" in text
    assert "★ best 0.9912" in text


def test_a_metric_that_only_hidden_versions_have_is_still_ranked():
    bare, *others = samples.version(1, metrics={}), samples.version(2), samples.version(3)
    text = to_text(Versions((bare,), 3, "tumour", limit=1, beyond=lambda: tuple(others)))
    assert "best roc_auc: tumour@3 (not shown) with 0.9982" in text


def test_a_stranger_is_marked():
    assert "! key not trusted" in to_text(samples.many(30))


def test_a_champion_that_a_stranger_chose_is_told_in_the_first_line():
    stray = replace(samples.champion(), aliases=("champion",), stray_aliases=("champion",))
    assert f"champion: {stray.ref} ! moved by a key that is not trusted" in to_text(Versions((stray,), 1, "tumour"))
    assert "moved by" not in to_text(Versions((replace(stray, stray_aliases=()),), 1, "tumour"))


def test_versions_of_several_models_have_no_best():
    items = (samples.version(1), samples.version(2, name="churn"))
    text = to_text(Versions(items, 2))
    assert "best" not in text
    assert "→" not in text  # nor is one the successor of the other


def test_many_metrics_are_told():
    metrics = {f"m{place}_auc": place / 100 for place in range(40)}
    items = (samples.version(1, metrics=metrics), samples.version(2, metrics=metrics))
    assert "36 more metrics: m4_auc" in to_text(Versions(items, 2, "tumour"))


def test_missing_and_odd_values():
    odd = samples.version(2, metrics={"roc_auc": float("nan"), "accuracy": float("inf")})
    text = to_text(Versions((samples.version(1, metrics={}), odd), 2, "tumour"))
    assert "NaN" in text
    assert "∞" in text
    assert "–" in text


def test_nothing_found_says_what_to_do():
    text = to_text(Versions((), 0, "tumour", "metrics.roc_auc > 2"))
    assert "No version of tumour matches metrics.roc_auc > 2." in text
    assert "%versions tumour" in text


def test_chips_read_well_without_styles():
    assert "[champion]" in parse(to_html(samples.three())).text


def test_the_version_before_is_told_also_when_it_is_not_listed():
    first, second = samples.version(1, metrics={"roc_auc": 0.5}), samples.version(2, metrics={"roc_auc": 0.75})
    text = to_text(Versions((second,), 1, "tumour", before=lambda _: first))
    assert "+0.2500 ▲" in text
    assert "tumour@1" not in text


def test_only_versions_measured_on_the_same_data_are_ranked():
    elsewhere = (replace(samples.TEST, fingerprint="sha256:ff"),)
    versions = (
        samples.version(1, metrics={"roc_auc": 0.5}),
        samples.version(2, metrics={"roc_auc": 0.75}),
        samples.version(3, metrics={"roc_auc": 0.99}, datasets=elsewhere),
    )
    text = to_text(Versions(versions, 3, "tumour"))
    assert "best roc_auc: tumour@2" in text
    assert "★ best 0.9900" not in text


def test_the_best_one_is_shown_wherever_it_stands():
    versions = tuple(samples.version(n, metrics={"roc_auc": 0.99 if n == 7 else 0.5}) for n in range(1, 101))
    text = to_text(Versions(versions, 100, "tumour"))
    assert "★ best 0.9900" in text
    assert len(rows(text)) == 20


def test_of_what_has_no_parameters_it_is_not_said_that_they_are_the_same():
    one, other = (samples.version(n, params={}, default_params={}, algorithm="ndarray") for n in (1, 2))
    assert "other bytes" in to_text(Versions((one, other), 2, "tumour"))
