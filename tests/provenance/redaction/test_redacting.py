"""No secret stays, nothing else goes."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nbregistry
from nbregistry.provenance.redaction import Finding, redact, redact_value
from nbregistry.provenance.redaction.formed import LEFT_OUT, PLUGINS
from nbregistry.provenance.redaction.hints import may_hold_secret
from tests.provenance.redaction.secrets import FORMED, GIVEN, HARMLESS, HEX, PRIVATE_KEY, of_length

PLACES = {
    "text": 'x = f("{}")',
    "bytes": "x = b'{}'",
    "argument": 'login(user="me", with_="{}")',
    "comment": "y = 1  # {}",
    "long text": 'x = """\n  {}\n"""',
    "shell": "!tool {}",
    "output": "got {} from it",
    "alone": "{}",
}


def parses(code):
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", FORMED)
def test_a_secret_that_is_known_by_its_form_never_stays(kind, place):
    code = PLACES[place].replace("{}", FORMED[kind])
    redacted = redact(code)
    assert FORMED[kind] not in redacted.text
    assert FORMED[kind][-8:] not in redacted.text
    assert place == "alone" or parses(redacted.text) >= parses(code)
    assert redacted.found
    assert "[redacted: " in redacted.text


@pytest.mark.parametrize("kind", GIVEN)
def test_a_secret_that_is_known_by_its_name_never_stays(kind):
    code, secret = GIVEN[kind]
    whole = code.format(secret)
    redacted = redact(whole)
    assert secret not in redacted.text
    assert whole.replace(secret, "") != whole
    assert parses(redacted.text) >= parses(whole)
    assert redacted.text.count("\n") == whole.count("\n")


@pytest.mark.parametrize("kind", sorted(GIVEN.keys() - {"adjacent"}))
def test_what_stands_around_it_stays(kind):
    code, secret = GIVEN[kind]
    before, _, after = code.format(secret).partition(secret)
    text = redact(code.format(secret)).text
    assert text.startswith(before[: before.rindex(" ") + 1] if " " in before else "")
    assert text.endswith(after)


@pytest.mark.parametrize("code", HARMLESS)
def test_what_is_none_stays(code):
    assert redact(code).text == code


@pytest.mark.parametrize("quotes", ['"""{}"""', "'''{}'''"])
def test_a_private_key_goes_line_by_line(quotes):
    code = f"pem = {quotes.format(PRIVATE_KEY)}\nprint(1)"
    redacted = redact(code)
    assert not any(line in redacted.text for line in PRIVATE_KEY.split("\n")[1:-1])
    assert redacted.text.count("\n") == code.count("\n")
    assert redacted.text.endswith("\nprint(1)")


def test_a_private_key_with_escaped_ends_of_lines():
    code = 'info = {"private_key": "' + PRIVATE_KEY.replace("\n", "\\n") + '"}; x = "-----BEGIN PRIVATE KEY-----"'
    redacted = redact(code)
    assert not any(line in redacted.text for line in PRIVATE_KEY.split("\n")[1:-1])
    assert parses(redacted.text)


def test_findings_tell_kind_and_line_and_nothing_else():
    code = f'x = 1\n\npassword = "hunter2"\ny = "{FORMED["github_token"]}"'
    assert redact(code).found == (Finding("credential", 3), Finding("GitHub Token", 4))


@pytest.mark.parametrize("kind", GIVEN)
def test_twice_is_once(kind):
    code, secret = GIVEN[kind]
    once = redact(code.format(secret)).text
    assert redact(once).text == once
    assert not redact(once).found


@pytest.mark.parametrize("text", ["password: hunter2", "user=me\napi_key=q8f-1k2-77\n", "DB_PASSWORD = hunter2"])
def test_an_output_has_no_quotes(text):
    assert redact(text, code=False).found
    assert not redact(text).found


def test_a_value_by_its_name():
    assert redact_value("password", "hunter2").text == "[redacted: credential]"
    assert redact_value("clf__api_key", "q8f").text == "[redacted: credential]"
    assert (
        redact_value("url", "https://me:hunter2@example.org").text
        == "https://me:[redacted: Basic Auth Credentials]@example.org"
    )
    for name, value in [
        ("C", "0.5"),
        ("token_pattern", r"(?u)\b\w\w+\b"),
        ("password", ""),
        ("api_key", "None"),
        ("tokenizer", "builtins.str"),
        ("solver", "lbfgs"),
        ("author", "me"),
        ("../../../etc/passwd", "x1"),
    ]:
        assert redact_value(name, value).text == value


def test_the_names_of_the_library_are_all_known():
    import detect_secrets.plugins

    there = {module.name for module in pkgutil.iter_modules(detect_secrets.plugins.__path__)}
    assert there == set(PLUGINS) | LEFT_OUT | {"base", "keyword", "npm", "private_key"}


@pytest.mark.parametrize("word", importlib.import_module("detect_secrets.plugins.keyword").DENYLIST)
def test_every_name_of_the_library_gets_past_the_cheap_test(word):
    for name in {word.replace("_?", "_"), word.replace("_?", "")}:
        for written in (name, name.upper(), f"my_{name}_1"):
            assert may_hold_secret(f'{written} = "hunter2"')
            assert redact(f'{written} = "hunter2"').found, written


def test_the_code_of_this_package_is_left_alone():
    for file in Path(nbregistry.__file__).parent.rglob("*.py"):
        if file.name in ("redacting.py", "remotes.py", "sources.py"):  # which have examples of secrets
            continue
        code = file.read_text(encoding="utf-8")
        assert redact(code).text == code, file


def test_ordinary_code_does_not_import_the_library():
    program = (
        "import sys; from nbregistry.provenance.redaction import redact\n"
        "assert redact('import pandas as pd\\nkeys = df.columns\\nfor key in keys: pass\\nclf.fit(X, y)').found == ()\n"
        "from nbregistry.provenance.redaction import redact_value\n"
        "assert redact_value('vect__token_pattern', r'(?u)\\\\b\\\\w\\\\w+\\\\b').found == ()\n"
        "assert redact_value('tokenizer', 'builtins.str').found == ()\n"
        "assert 'detect_secrets' not in sys.modules and 'requests' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_nothing_is_asked_of_the_network(monkeypatch):
    import socket

    def refused(*_arguments, **_options):
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    redact.cache_clear()
    for secret in FORMED.values():
        redact(f'key = "{secret}"')


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "password" * 4_000,
        "key = " * 6_000,
        '"' * 20_000,
        HEX * 600,
        "\\" * 20_000,
        "'a'," * 8_000,
        "token = '" * 4_000,
        "://" * 12_000,
        "auth=(" * 6_000,
    ],
)
def test_no_text_takes_long(text):
    import time

    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 5


@given(st.text())
def test_any_text_is_taken_and_keeps_its_lines(text):
    redacted = redact(text)
    assert redacted.text.count("\n") == text.count("\n")
    assert bool(redacted.found) == (redacted.text != text)


@given(st.text(st.sampled_from("ab \n\"'=#\\{}():,[]")), st.text(st.sampled_from("ab \n\"'=#\\{}():,[]")))
def test_a_token_goes_from_any_text(before, after):
    token = FORMED["github_token"]
    assert token not in redact(f"{before}{token} {after}").text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_a_password_goes_whatever_it_is(password):
    code = f"x = 1\npassword = {password!r}\nclf.fit(X)"
    text = redact(code).text
    assert ast.parse(text)
    left = ast.literal_eval(text.split("\n")[1].partition(" = ")[2])
    assert left.startswith("[redacted: ") or not _is_one(password)


def _is_one(password):
    """Tell what our own idea of an empty value is, widely."""
    plain = password.strip()
    names_one = any(word in plain.lower() for word in ("key", "pass", "pwd", "secret", "contrase"))
    return (
        any(map(str.isalnum, plain))
        and not names_one
        and plain[0] not in "{<$%["
        and plain.lower() not in ("none", "null", "true", "false")
    )


def test_long_passwords_go_too():
    assert of_length(2000) not in redact(f'password = "{of_length(2000)}"').text
