"""Errors are product: they point at the column, say what was expected, and guess what was meant."""

import pytest

from nbregistry.catalog.filters import parse
from nbregistry.errors import InvalidFilter


def error(text: str) -> InvalidFilter:
    with pytest.raises(InvalidFilter) as caught:
        parse(text)
    return caught.value


def test_the_whole_message() -> None:
    assert str(error("metrics.auc >> 0.9")) == (
        "this filter cannot be read\n"
        "  metrics.auc >> 0.9\n"
        "               ^ column 14: expected a number or a quoted text\n"
        "  did you mean: >"
    )


@pytest.mark.parametrize(
    ("text", "column", "sentence", "nearest"),
    [
        # What is missing.
        ("metrics.auc", 12, "expected an operator such as > or LIKE", ()),
        ("metrics.auc >  ", 14, "expected a number or a quoted text", ()),
        ("metrics.auc > 1 or", 19, "expected a field such as metrics.auc", ()),
        ("NOT", 4, "expected a field such as metrics.auc", ()),
        ("(metrics.auc > 1", 17, "expected )", ()),
        ("metrics.auc > 1)", 16, "expected the end", ()),
        ("tags.a IN 'b'", 11, "expected (", ()),
        ("tags.a IN ()", 12, "expected a number or a quoted text", ()),
        ("tags.a IN (1,)", 14, "expected a number or a quoted text", ()),
        ("tags.a IN (1 2)", 14, "expected ) or a comma", ()),
        ("tags.a NOT = 1", 12, "expected BETWEEN, ILIKE, IN or LIKE", ()),
        ("tags.a BETWEEN 1 OR 2", 18, "expected AND", ()),
        ("tags.a IS 5", 11, "expected NOT or NULL", ()),
        ("tags.a LIKE 5", 13, "expected a quoted text", ("'5'",)),
        ("tags.a = 1 tags.b = 2", 12, "expected AND, OR or the end", ()),
        ("tags.a = 'it's'", 14, "expected AND, OR or the end", ()),
        ("0.9 < metrics.auc", 1, "expected a field such as metrics.auc", ()),
        ("AND tags.a = 1", 1, "expected a field such as metrics.auc", ()),
        ("tags.a = 1 and and tags.a = 2", 16, "expected a field such as metrics.auc", ()),
        # What was probably meant.
        ("metrics.auc =< 1", 14, "expected a number or a quoted text", ("<=",)),
        ("tags.a = 1 ADN tags.b = 2", 12, "expected AND, OR or the end", ("AND",)),
        ("tags.a = 1 && tags.b = 2", 12, "expected AND, OR or the end", ("AND",)),
        ("tags.a = 1 || tags.b = 2", 12, "expected AND, OR or the end", ("OR",)),
        ("!tags.a = 1", 1, "expected a field such as metrics.auc", ("NOT",)),
        ("tags.a LKIE 'x'", 8, "expected an operator such as > or LIKE", ("LIKE",)),
        ("tags.a =~ 'x'", 9, "expected a number or a quoted text", ("LIKE",)),
        ("tags.team = fraud", 13, "expected a number or a quoted text", ("'fraud'",)),
        ("tags.release = 1.2.3", 16, "expected a number or a quoted text", ("'1.2.3'",)),
        ("tags.a = None", 10, "expected a number or a quoted text", ("IS NULL",)),
        ("tags.a = NULL", 10, "expected a number or a quoted text", ("IS NULL",)),
        # Fields.
        ("metrik.auc > 1", 1, "there is no such field", ("metrics.auc",)),
        ("tags.a = 1 AND parms.C > 1", 16, "there is no such field", ("params.C",)),
        ("Metrics.auc > 1", 1, "there is no such field", ("metrics.auc",)),
        ("zzz.auc > 1", 1, "there is no such field", ("metrics.auc", "params.auc", "tags.auc")),
        ("roc_auc > 1", 1, "there is no such field", ("metrics.roc_auc", "params.roc_auc", "tags.roc_auc")),
        ("create_at > '2026'", 1, "there is no such field", ("created_at", "created_by")),
        ("attributes.nmae = 'x'", 1, "there is no such attribute", ("name",)),
        ("metrics > 1", 1, "metrics needs a key", ("metrics.KEY",)),
        ("tag. = 1", 1, "tag needs a key", ("tags.KEY",)),
        ("tags.`` = 1", 1, "tags needs a key", ("tags.KEY",)),
        # Values.
        ("tags.a = 'fr", 10, "this quote is never closed", ()),
        ('tags.a = "fr', 10, "this quote is never closed", ()),
        ("tags.`a = 1", 6, "this quote is never closed", ()),
        ('tags."a = 1', 6, "this quote is never closed", ()),
        ("status = 'rolled back'", 10, "the status is active, rolled_back or archived", ("'rolled_back'",)),
        ("status IN ('active', 'live')", 22, "the status is active, rolled_back or archived", ("'active'",)),
        ("version > 1 AND status != 7", 27, "the status is active, rolled_back or archived", ()),
        (
            "NOT approval = 'rejected'",
            16,
            "the approval is PendingManualApproval, Approved or Rejected",
            ("'Rejected'",),
        ),
        (
            "approval <> 'pending'",
            13,
            "the approval is PendingManualApproval, Approved or Rejected",
            ("'PendingManualApproval'",),
        ),
        ("tags.a = " + "9" * 401, 10, "a number has at most 400 characters", ()),
        (
            "created_at > 2026",
            14,
            "expected a time in UTC that exists, such as '2026-11-22' or '2026-11-22T10:30'",
            (),
        ),
    ],
)
def test_column_sentence_and_nearest(text: str, column: int, sentence: str, nearest: tuple[str, ...]) -> None:
    problem = error(text)
    line, caret = str(problem).split("\n")[1:3]
    assert caret == " " * (caret.index("^")) + f"^ column {column}: {sentence}"
    if len(text) < 60:
        assert line == f"  {text}"
        assert caret.index("^") == column + 1
    assert problem.nearest == nearest


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("tags.a = ‘fr’", "write quotes as ' or \""),
        ("tags.a = `x`", "backticks are for keys: metrics.`top 5`"),
        ("metrics['auc'] > 1", "write a key after a dot: metrics.auc, metrics.`top 5`"),
        ("alias = @champion", "write an alias as text: alias = 'champion'"),
        ("tags.a = 'x", "a quote inside is written twice: 'it''s'"),
        ("   ", "e.g. metrics.auc > 0.9 AND alias = 'champion'"),
        ("", "e.g. metrics.auc > 0.9 AND alias = 'champion'"),
    ],
)
def test_hint(text: str, hint: str) -> None:
    assert error(text).hint == hint


@pytest.mark.parametrize("day", ["2026-02-31", "2026-02-29", "2026-13-01", "2026-13", "2026-00", "2026-11-00", "0000"])
def test_a_day_that_no_calendar_has_is_refused_where_it_stands(day: str) -> None:
    told = str(error(f"name = 'a' AND created_at > '{day}'"))
    assert "column 29: expected a time in UTC that exists, such as '2026-11-22' or '2026-11-22T10:30'" in told


@pytest.mark.parametrize("time", ["24:00", "10:60", "10:30:60", "24"])
def test_an_hour_that_no_clock_has_is_refused(time: str) -> None:
    assert "expected a time in UTC" in str(error(f"created_at > '2026-11-22T{time}'"))


def test_a_time_of_another_zone_is_told_in_utc() -> None:
    assert error("created_at > '2026-11-22T01:30+02:00'").nearest == ("'2026-11-21T23:30'",)
    assert error("created_at > '2026-11-22 10:30:05.5-01:30'").nearest == ("'2026-11-22T12:00:05.500000'",)
    assert error("created_at > '0001-01-01T00:00+02:00'").nearest == ()


@pytest.mark.parametrize(
    "text", ["'yesterday'", "'22.11.2026'", "'2026-1'", "'2026-11-22T10:30+02:00'", "''", "true", "1.5"]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    for predicate in (f"= {text}", f"IN ('2026', {text})", f"NOT BETWEEN '2026' AND {text}"):
        assert "expected a time in UTC" in str(error(f"created_at {predicate}"))


def test_an_unknown_attribute_with_nothing_near_lists_them_all() -> None:
    assert "created_at" in error("attribute.zzz = 1").nearest


def test_nothing_that_moves_the_cursor_or_the_reading_direction_is_echoed() -> None:
    hostile = "tags.a = 'x' \x1b[31m\u202e\x00\x07\r\n\u200f\ud800 tags.b = 1"
    problem = error(hostile)
    for line in str(problem).split("\n"):
        assert line.isprintable()
    nearest = error("tags.a = x\x1b[2J\u202e")
    assert str(nearest).replace("\n", "").isprintable()


def test_the_caret_stands_under_the_column_also_after_wide_and_combining_letters() -> None:
    lines = str(error("tags.日本 >> 1")).split("\n")
    assert lines[2].index("^") == len("  tags.") + 4 + len(" >")
    assert "column 10:" in lines[2]
    lines = str(error("tags.`e\u0301` >> 1")).split("\n")
    assert lines[2].index("^") == len("  tags.`e` >")


def test_of_a_long_filter_the_part_around_the_column_is_shown() -> None:
    long = " OR ".join(["tags.a = 1"] * 100)
    problem = error(f"{long} XOR {long}")
    line, caret = str(problem).split("\n")[1:3]
    assert len(line) < 90
    assert line.startswith("  …")
    assert line.endswith("…")
    assert line[caret.index("^") :].startswith("XOR tags.a")
    assert f"column {len(long) + 2}:" in caret
    assert problem.nearest == ("OR",)
