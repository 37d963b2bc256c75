"""Imports point one way: a room may use only the rooms below it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nbregistry"
# From the top down; rooms of one line do not know each other.
LAYERS = [
    {"__main__"},
    {"cli"},
    {"widgets", "server"},
    {"browsing"},
    {"shell_words"},
    {"magics"},
    {"display"},
    {"looking_only"},
    {"registry"},
    {"operations"},
    {"model_card", "bom"},
    {"evaluation", "lineage", "flavors", "provenance"},
    {"catalog"},
    {"trust", "location"},
    {"artifacts"},
    {"listings", "journals"},
    {"outcomes", "inspection"},
    {"model"},
    {"shown", "reference", "progress", "spelling"},
    {"errors"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
# The package's own door opens lazily; what is shown asks for its looks lazily. Nothing else points upwards.
UPWARDS = {
    ("__init__", "registry"),
    ("__init__", "magics"),
    ("__init__", "model"),
    ("__init__", "operations"),
    ("__init__", "errors"),
    ("shown", "display"),
    ("registry", "widgets"),
}
# What a cell's magics mean is IPython's to say: its transformer is used, when a cell is read.
READS_MAGICS = PACKAGE / "provenance" / "slicing" / "source.py"
HEAVY = (
    "numpy",
    "pandas",
    "sklearn",
    "scipy",
    "matplotlib",
    "cryptography",
    "lark",
    "jinja2",
    "IPython",
    "ipywidgets",
    "tinydb",
    "tqdm",
    "jupyter_server",
    "jsonschema",
)


def rooms_of(module: Path) -> tuple[str, set[str]]:
    """Give the room of a module and the rooms it imports from, also inside functions and for types."""
    room = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
    imported: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "nbregistry":
            imported |= {alias.name for alias in node.names if alias.name in LEVEL}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nbregistry."):
            imported.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("nbregistry.")}
    return room, imported - {room}


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda module: str(module.relative_to(PACKAGE)))
def test_imports_point_downwards(module: Path) -> None:
    room, imported = rooms_of(module)
    if room != "__init__":
        assert room in LEVEL, "a new room needs a place in the layers"
    wrong = {other for other in imported if (room, other) not in UPWARDS and LEVEL.get(room, -1) >= LEVEL[other]}
    assert not wrong


def imports(module: Path) -> set[str]:
    tree = ast.parse(module.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_only_magics_know_ipython_only_widgets_know_ipywidgets_and_only_the_server_knows_jupyter_s() -> None:
    for module in PACKAGE.rglob("*.py"):
        room, _ = rooms_of(module)
        roots = {name.partition(".")[0] for name in imports(module)}
        if room not in {"magics", "__init__"} and module != READS_MAGICS:
            assert "IPython" not in roots, module
        if room != "widgets":
            assert "ipywidgets" not in roots, module
        if room != "server":
            assert not roots & {"jupyter_server", "tornado", "jsonschema"}, module


def test_importing_the_package_is_light_and_touches_no_disk(tmp_path: Path) -> None:
    program = f"""
import sys
import nbregistry
loaded = [name for name in {HEAVY!r} if name in sys.modules]
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
    assert not list(tmp_path.iterdir())
