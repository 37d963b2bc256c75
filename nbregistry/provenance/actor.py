"""Who is at work."""

from __future__ import annotations

import getpass
import os

from nbregistry.provenance.wording import encodable


def actor() -> str:
    """Give the user's name: JupyterHub's where there is one, else the system's.

    Returns
    -------
    str
        ``"unknown"`` where nobody says.
    """
    hub = os.environ.get("JUPYTERHUB_USER", "").strip()
    if hub:
        return encodable(hub)
    try:
        return encodable(getpass.getuser().strip()) or "unknown"
    except (ImportError, KeyError, OSError):  # no variable says it, and the system has no entry for this user
        return "unknown"
