"""Where a repository came from: addresses of its remotes, without credentials and folders of this machine."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from nbregistry.provenance.redaction import redact
from nbregistry.provenance.wording import encodable

MOST = 20
_LONGEST = 500
_NETWORK = ("https", "http", "ssh", "git", "git+ssh", "ftp", "ftps")
_HELPER = re.compile(r"[A-Za-z0-9+.-]+::")
# host:path, which is not a drive of Windows.
_SCP = re.compile(r"(?:[^@/\\]*@)?(?P<host>\[[^\]]+\]|[^:/\\@]{2,}):(?P<path>(?!:)[^\s]*)")


def remotes_of(configured: bytes) -> dict[str, str]:
    r"""Read what ``git config --null --get-regexp '^remote\..*\.url$'`` prints.

    Examples
    --------
    >>> remotes_of(b"remote.origin.url\nhttps://me:hunter2@example.org/me/x.git\0")
    {'origin': 'https://example.org/me/x.git'}
    """
    remotes: dict[str, str] = {}
    for entry in configured.decode("utf-8", "backslashreplace").split("\0"):
        key, _, url = entry.partition("\n")
        name = key.removeprefix("remote.").removesuffix(".url")
        if name and name not in remotes and len(remotes) < MOST and (address := without_credentials(url)):
            remotes[encodable(name)[:_LONGEST]] = address
    return remotes


def without_credentials(url: str) -> str:
    """Give the address of a repository without user, password, query and fragment; of a path only the last name.

    Examples
    --------
    >>> without_credentials("https://token@example.org:8443/me/x.git?private_token=abc")
    'https://example.org:8443/me/x.git'
    >>> without_credentials("git@example.org:me/x.git"), without_credentials("/home/me/x.git")
    ('example.org:me/x.git', 'x.git')
    """
    url = encodable(url.strip())
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if found := _HELPER.match(url):  # its address may be a command
        plain = found[0]
    elif scheme in _NETWORK:
        rest = url.partition("://")[2]
        host, slash, path = re.split(r"[?#]", rest)[0].partition("/")
        plain = f"{scheme}://{host}{slash}{path}"
        # A password may hold a slash: what is left of an @ belongs to it then.
        plain = f"{scheme}://{plain.rpartition('@')[2]}" if "@" in plain else plain
    elif scheme:
        plain = _last_name(urlsplit(url).path)
    elif found := _SCP.fullmatch(url):
        plain = f"{found['host']}:{re.split(r'[?#]', found['path'])[0]}"
    else:
        plain = _last_name(url)
    return redact(plain).text[:_LONGEST]


def _last_name(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]
