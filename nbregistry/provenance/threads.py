"""The libraries that compute in threads, and in how many: the same code gives other last digits with another BLAS."""

from __future__ import annotations

from typing import Any

_API = {"blas": "BLAS", "openmp": "OpenMP"}


class Threads:
    """The thread pools of this process; libraries are looked for again only when told that some may have come."""

    def __init__(self) -> None:
        self._pools: Any = None

    def look_again(self) -> None:
        """Look for libraries at the next question."""
        self._pools = None

    def describe(self) -> dict[str, str]:
        """Say which there are, and their threads as they are now.

        Returns
        -------
        dict
            ``blas``: e.g. ``"openblas 0.3.30 (Haswell)"``, several where packages bring their own; ``threads``: e.g.
            ``"BLAS 2, OpenMP 4"``. Each only where there is one, and where the system tells.
        """
        if self._pools is None:
            from threadpoolctl import ThreadpoolController

            try:
                self._pools = ThreadpoolController()
            except OSError:  # the system does not tell which libraries a process has loaded
                return {}
        pools = self._pools.info()
        libraries = dict.fromkeys(_named(pool) for pool in pools if pool.get("user_api") == "blas")
        threads: dict[str, set[int]] = {}
        for pool in pools:
            threads.setdefault(_API.get(pool["user_api"], str(pool["user_api"])), set()).add(pool["num_threads"])
        said = {
            "blas": ", ".join(sorted(libraries)),
            "threads": ", ".join(f"{api} {'/'.join(map(str, sorted(threads[api])))}" for api in sorted(threads)),
        }
        return {key: text for key, text in said.items() if text}


def _named(pool: dict[str, Any]) -> str:
    version, architecture = pool.get("version"), pool.get("architecture")
    name = f"{pool['internal_api']} {version}" if version else str(pool["internal_api"])
    return f"{name} ({architecture})" if architecture else name
