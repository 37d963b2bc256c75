"""Where a package was installed from, if not from an index: what installers leave in ``direct_url.json`` (PEP 610).

A folder is told by its last name, and an address without credentials: a record is shown to others.
"""

from __future__ import annotations

import json
from typing import Any

from nbregistry.provenance.remotes import without_credentials

Source = dict[str, str | bool]


def source_of(direct_url: str) -> Source:
    """Read the file's text.

    Returns
    -------
    dict
        ``url`` and, of a repository, ``vcs``, ``commit`` and ``requested`` (a branch or tag); of an archive ``sha256``;
        of a folder ``directory`` and ``editable``. Empty where it says nothing.

    Examples
    --------
    >>> source_of('{"url": "https://me:pw@example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "0a1b"}}')
    {'vcs': 'git', 'url': 'https://example.org/x.git', 'commit': '0a1b'}
    >>> source_of('{"url": "file:///home/me/work", "dir_info": {"editable": true}}')
    {'directory': 'work', 'editable': True}
    """
    try:
        said = json.loads(direct_url)
    except ValueError:
        return {}
    if not isinstance(said, dict) or not isinstance(said.get("url"), str):
        return {}
    url = without_credentials(said["url"])
    found: Source
    if isinstance(vcs := said.get("vcs_info"), dict):
        found = {"vcs": _text(vcs, "vcs"), "url": url, "commit": _text(vcs, "commit_id")}
        found |= {"requested": requested} if (requested := _text(vcs, "requested_revision")) else {}
    elif isinstance(folder := said.get("dir_info"), dict):
        found = {"directory": url, "editable": folder.get("editable") is True}
    else:
        found = {"url": url, "sha256": _sha256(said.get("archive_info"))}
    if subdirectory := _text(said, "subdirectory"):
        found["subdirectory"] = subdirectory
    return found


def _sha256(archive: Any) -> str:
    """Give the digest; the older of its two forms is ``sha256=<hex>``."""
    if not isinstance(archive, dict):
        return ""
    hashes = archive.get("hashes")
    return _text(hashes, "sha256") if isinstance(hashes, dict) else _text(archive, "hash").partition("sha256=")[2]


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""
