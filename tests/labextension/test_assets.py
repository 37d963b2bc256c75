"""The built assets are those of the sources, and the logic in TypeScript does what its own tests say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "labextension"
BUILT = ROOT / "nbregistry" / "labextension"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", FOLDER / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tool(name: str) -> Path:
    """Give a program of the modules that the extension is built with; the test skips where there are none."""
    path = FOLDER / "node_modules" / ".bin" / name
    if not (path.exists() and shutil.which("node")):
        told = "no node modules: run `jlpm install` in labextension/"
        if os.environ.get("NBREGISTRY_REQUIRE_NODE"):
            pytest.fail(told)
        pytest.skip(told)
    return path


def test_the_assets_were_built_from_these_sources(hook: ModuleType) -> None:
    assert hook.is_current(), "python labextension/hatch_build.py builds them again"


def test_every_source_counts(hook: ModuleType, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "labextension", ignore=shutil.ignore_patterns("node_modules", "lib"))
    for file in ("nbregistry/display/style.css", "nbregistry/server/openapi.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    digests = {hook.digest_of_sources(tmp_path)}
    assert digests == {hook.digest_of_sources(ROOT)}
    for name in ("src/sidebar/view.tsx", "style/page.css", "schema/plugin.json", "package.json", "yarn.lock"):
        with (tmp_path / "labextension" / name).open("a") as file:
            file.write("\n")
        digests.add(hook.digest_of_sources(tmp_path))
    assert len(digests) == 6


def test_the_assets_are_whole_small_and_say_which_script_is_first() -> None:
    package = json.loads((BUILT / "package.json").read_text())
    assert package["name"] == "nbregistry"
    assert (BUILT / package["jupyterlab"]["_build"]["load"]).is_file()
    assert (BUILT / "schemas" / "nbregistry" / "plugin.json").is_file()
    assert sum(file.stat().st_size for file in BUILT.rglob("*")) < 300_000


def test_the_versions_agree() -> None:
    import nbregistry

    assert json.loads((FOLDER / "package.json").read_text())["version"] == nbregistry.__version__


def test_no_file_names_a_host_to_fetch_from() -> None:
    fetched = re.compile(
        r"https?://(?!www\.w3\.org/|opensource\.org/)[\w.-]*(registry|npm|yarn|cdn)[\w.-]*", re.IGNORECASE
    )
    for file in (FOLDER / "yarn.lock", *BUILT.rglob("*.js"), BUILT / "package.json"):
        assert not fetched.search(file.read_text(encoding="utf-8")), file


def test_the_logic_in_typescript() -> None:
    """Its own tests, and the type checker, where there is a node and its modules were installed."""
    for command in ([tool("tsc"), "--noEmit"], [tool("prettier"), "--check", "."], [tool("vitest"), "run"]):
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_are_those_of_the_schema(tmp_path: Path) -> None:
    made = tmp_path / "schema.ts"
    command = [tool("openapi-typescript"), ROOT / "nbregistry" / "server" / "openapi.json", "--output", made]
    subprocess.run(command, check=True, capture_output=True)
    assert made.read_text() == (FOLDER / "src" / "schema.ts").read_text()
