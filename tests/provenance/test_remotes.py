"""Addresses of remotes, without what is nobody's business."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.provenance.remotes import MOST, remotes_of, without_credentials
from tests.provenance.redaction.secrets import FORMED


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://example.org/me/x.git", "https://example.org/me/x.git"),
        ("https://me@example.org/x.git", "https://example.org/x.git"),
        ("https://me:hunter2@example.org:8443/x.git", "https://example.org:8443/x.git"),
        ("https://me:hun/ter2@example.org/x.git", "https://example.org/x.git"),
        ("https://me:p@ss@example.org/x.git", "https://example.org/x.git"),
        ("HTTPS://me:hunter2@example.org/x", "https://example.org/x"),
        ("https://example.org/x.git?private_token=abc#frag", "https://example.org/x.git"),
        ("ssh://git@example.org:22/x.git", "ssh://example.org:22/x.git"),
        ("git@example.org:me/x.git", "example.org:me/x.git"),
        ("example.org:me/x.git", "example.org:me/x.git"),
        ("git@[::1]:me/x.git", "[::1]:me/x.git"),
        ("/home/me/work/x.git", "x.git"),
        ("/home/me/work/x/", "x"),
        ("../x.git", "x.git"),
        ("file:///home/me/x.git", "x.git"),
        (r"C:\Users\me\x.git", "x.git"),
        ("ext::sh -c secret% %S /x", "ext::"),
        ("codecommit::eu-west-1://profile@x", "codecommit::"),
        ("", ""),
    ],
)
def test_what_is_left_of_an_address(url, plain):
    assert without_credentials(url) == plain


@pytest.mark.parametrize("kind", FORMED)
def test_a_token_in_the_path_goes_too(kind):
    assert FORMED[kind] not in without_credentials(f"https://example.org/{FORMED[kind]}/x.git")


@given(
    st.text(st.characters(exclude_characters="/?#@:\\[]", exclude_categories=("Cs", "Cc", "Z")), min_size=6),
    st.sampled_from(["https", "http", "ssh"]),
)
def test_a_password_never_stays(password, scheme):
    assert without_credentials(f"{scheme}://me:q{password}q@example.org/x.git") == f"{scheme}://example.org/x.git"


@given(st.text())
def test_any_text_is_taken(url):
    assert len(without_credentials(url)) <= 500


def test_several_remotes_and_no_more_than_enough():
    text = "".join(f"remote.r{number}.url\nhttps://example.org/{number}\0" for number in range(100))
    remotes = remotes_of(text.encode())
    assert len(remotes) == MOST
    assert remotes["r1"] == "https://example.org/1"
    assert remotes_of(b"") == {}
    assert remotes_of(b"remote.caf\xff.url\n/x/y\0") == {"caf\\xff": "y"}
