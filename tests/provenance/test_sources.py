"""Where packages came from, as installers say it (PEP 610)."""

from __future__ import annotations

import json

import pytest

from nbregistry.provenance.sources import source_of

HEX = "0a" * 32


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (
            {
                "url": "https://me:hunter2@example.org/x.git",
                "vcs_info": {"vcs": "git", "commit_id": "0a1b", "requested_revision": "main"},
                "subdirectory": "pkg",
            },
            {
                "vcs": "git",
                "url": "https://example.org/x.git",
                "commit": "0a1b",
                "requested": "main",
                "subdirectory": "pkg",
            },
        ),
        ({"url": "file:///home/me/x", "dir_info": {"editable": True}}, {"directory": "x", "editable": True}),
        ({"url": "file:///home/me/x", "dir_info": {}}, {"directory": "x", "editable": False}),
        (
            {"url": "https://example.org/x-1.whl", "archive_info": {"hashes": {"sha256": HEX}}},
            {"url": "https://example.org/x-1.whl", "sha256": HEX},
        ),
        (
            {"url": "https://example.org/x-1.whl", "archive_info": {"hash": f"sha256={HEX}"}},
            {"url": "https://example.org/x-1.whl", "sha256": HEX},
        ),
        ({"url": "file:///home/me/x-1.whl", "archive_info": {}}, {"url": "x-1.whl", "sha256": ""}),
        ({"url": "https://example.org/x-1.whl"}, {"url": "https://example.org/x-1.whl", "sha256": ""}),
        ({"url": 3}, {}),
        ([], {}),
        (
            {"url": "https://example.org/x", "vcs_info": {"vcs": 3, "commit_id": None}},
            {"vcs": "", "url": "https://example.org/x", "commit": ""},
        ),
    ],
)
def test_what_is_kept(said, source):
    assert source_of(json.dumps(said)) == source


def test_a_file_that_is_damaged():
    assert source_of("{") == {}
