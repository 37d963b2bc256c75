"""Names and references."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nbregistry.errors import InvalidName, RegistryError
from nbregistry.reference import Reference, check_alias, check_model_name, instant, look_alike_key

word = st.characters(categories=["L", "M", "N"])
names = st.text(word | st.sampled_from("_-. "), min_size=1, max_size=60).filter(
    lambda name: name[0] not in ".-" and unicodedata.is_normalized("NFC", name)
)
aliases = st.text(word | st.sampled_from("_-"), min_size=1, max_size=30)


@given(names, st.integers(1, 10**9 - 1))
def test_a_number_round_trips(name: str, version: int) -> None:
    reference = Reference(name, version=version)
    assert Reference.parse(str(reference)) == reference
    for form in (f"models:/{name}/{version}", f"{name}:{version}", f"{name}:v{version}"):
        assert Reference.parse(form) == reference


@given(names, aliases, st.integers(0, 999))
def test_an_alias_round_trips(name: str, alias: str, steps: int) -> None:
    try:
        check_alias(alias)
    except InvalidName:
        assume(False)
    reference = Reference(name, alias=alias, steps=steps)
    assert Reference.parse(str(reference)) == reference
    if not steps:
        assert Reference.parse(f"models:/{name}@{alias}") == reference


@given(names, aliases, st.dates(), st.datetimes(timezones=st.none() | st.just(UTC)))
def test_a_moment_round_trips(name: str, alias: str, day: date, moment: datetime) -> None:
    try:
        check_alias(alias)
    except InvalidName:
        assume(False)
    for written in (day.isoformat(), moment.isoformat()):
        reference = Reference.parse(f"{name}@{alias}{{{written}}}")
        assert Reference.parse(str(reference)) == reference
        assert instant(reference.at) == instant(written)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01 12:00", "2026-01-01T12:00:00Z"),
        ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2026-01-01T12:00:00.5+01:00", "2026-01-01T11:00:00.500000Z"),
    ],
)
def test_a_moment_has_one_form(written: str, canonical: str) -> None:
    for before in ("churn@champion", "churn:champion", "models:/churn@champion"):
        assert str(Reference.parse(f"{before}{{{written}}}")) == f"churn@champion{{{canonical}}}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("churn@champion{yesterday}", "is no date"),
        ("churn@champion{2026-02-30}", "is no date"),
        ("churn@champion{0001-01-01T00:00+05:00}", "is no date"),
        ("churn@champion{}", "cannot be an alias"),
        ("churn@champion~1{2026-01-01}", "cannot be an alias"),
        ("churn@champion{2026-01-01}~1", "cannot be an alias"),
        ("churn@latest{2026-01-01}", "cannot be an alias"),
        ("churn@3{2026-01-01}", "cannot be an alias"),
    ],
)
def test_what_is_no_moment_is_refused_by_name(text: str, told: str) -> None:
    with pytest.raises(InvalidName, match=told):
        Reference.parse(text)


@given(st.text())
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        reference = Reference.parse(text)
    except RegistryError:
        return
    assert Reference.parse(str(reference)) == reference


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("churn@3", "churn@3"),
        ("churn@latest", "churn@latest"),
        ("churn@champion", "churn@champion"),
        ("churn@champion~1", "churn@champion~1"),
        ("churn@champion~", "churn@champion~1"),
        ("churn:3", "churn@3"),
        ("churn:v3", "churn@3"),
        ("models:/churn/3", "churn@3"),
        ("models:/churn@champion", "churn@champion"),
        ("models:/churn/latest", "churn@latest"),
        ("churn v2.1@7", "churn v2.1@7"),
        ("モデル@1", "モデル@1"),
    ],
)
def test_forms(text: str, canonical: str) -> None:
    assert str(Reference.parse(text)) == canonical


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".hidden",
        "-rf",
        "a/b",
        "a\\b",
        "a:b",
        "a~1",
        "a%2f",
        "<b>",
        "a\nb",
        "a\x00b",
        "a\x1b[31m",
        "a\u200bb",
        "a\u202eb",
        "a\ud800",
        "cafe\u0301",
        "a" * 256,
    ],
)
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(InvalidName) as caught:
        check_model_name(name)
    assert "a model name is" in str(caught.value)
    assert str(caught.value).isprintable() or "\n" in str(caught.value)


@pytest.mark.parametrize("alias", ["", "3", "v3", "V12", "LATEST", "ｌatest", "a b", "a@b", "a~1", "-x", "a.b"])
def test_aliases_that_are_refused(alias: str) -> None:
    with pytest.raises(InvalidName, match="cannot be an alias"):
        check_alias(alias)


def test_a_bare_name_says_what_to_write() -> None:
    with pytest.raises(InvalidName) as caught:
        Reference.parse("churn")
    assert caught.value.nearest == ("churn@latest", "churn@champion")


@pytest.mark.parametrize("value", [3, None, b"churn@3"])
def test_a_reference_is_text(value: object) -> None:
    with pytest.raises(InvalidName, match="is text"):
        Reference.parse(value)  # type: ignore[arg-type]


LOOK_ALIKES = [
    ("churn", "CHURN"),
    ("Straße", "STRASSE"),
    ("ﬁne", "fine"),
    ("Å", "å"),
    ("churn", "churn "),
    ("churn v2", "churn  v2"),
    ("churn", "chu\u3164rn"),
    ("churn", "churn\ufe0f"),
]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_look_alikes_collide(one: str, other: str) -> None:
    assert look_alike_key(one) == look_alike_key(other)
