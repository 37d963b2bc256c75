"""What an alias was on: the sentence, the table, and a stranger's move."""

from __future__ import annotations

from dataclasses import replace

from nbregistry.display import to_html, to_text
from tests.display import samples


def test_it_says_first_what_it_is_on_and_then_what_it_was_on():
    text = to_text(samples.alias_log())
    first, _, rest = text.partition("\n")
    assert "champion" in first
    assert "3 holders" in first
    assert "champion is on tumour@1 since 2026-11-25 09:00, put there by mallory." in text
    lines = [" ".join(line.split()) for line in rest.splitlines()]
    assert any("tumour@1 2026-11-22 08:01 2026-11-25 10:00 3 d 1 h ada register" in line for line in lines)
    assert any("tumour@3" in line and "promote better" in line for line in lines)
    assert any("now 1 min 0 s so far mallory" in line for line in lines)
    assert "! not trusted" in text


def test_html_has_the_same_rows():
    html = to_html(samples.alias_log())
    assert html.count("<tr") == 4


def test_a_long_one_shows_the_last():
    log = samples.alias_log()
    text = to_text(replace(log, items=log.items * 20, total=60))
    assert "showing the last 50 of 60; holders = %nbr log tumour --alias champion, then holders.to_frame()" in text
    limited = to_text(replace(log, items=log.items[-1:], total=3))
    assert "showing the last 1 of 3" in limited
    assert "to_frame" not in limited
