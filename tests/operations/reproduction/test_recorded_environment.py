"""Packages are really installed, into an environment of their own."""

from __future__ import annotations

import importlib.metadata
import subprocess

import pytest

import nbregistry
from nbregistry import magics
from nbregistry.errors import Refused
from nbregistry.operations.reproduction.recorded_environment import NotInstalled, install_recorded
from tests.operations.notebooks import notebook, run


def test_a_version_is_made_again_with_the_packages_that_it_was_made_with(tmp_path, in_folder, monkeypatch):
    monkeypatch.setenv("NBREGISTRY_URL", str(tmp_path / ".nbregistry"))
    with notebook(tmp_path) as shell:
        magics.load(shell)
        run(
            shell,
            "from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)",
            "import sys\nassert len(sys.argv) < 99\n"
            "from sklearn.tree import DecisionTreeClassifier\nclf = DecisionTreeClassifier(random_state=0).fit(X, y)\n"
            "clf.made_in = sys.prefix",
            "%register churn clf --on X y",
        )
        shown = run(shell, "%reproduce churn@1 --environment")
    registry = nbregistry.open(tmp_path / ".nbregistry")
    assert shown.outcome == "identical predictions", shown  # the folder of its Python is another
    assert shown.environment == "recorded"
    assert registry.get("churn@1").reproduction["environment"] == "recorded"
    assert "with the packages that it was made with" in repr(shown)


def test_it_holds_what_was_recorded_and_nothing_else_of_ours(tmp_path):
    release = importlib.metadata.version("tabulate")
    python = install_recorded({"packages": {"tabulate": release, "nbregistry": "0"}}, tmp_path / "environment")
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    found = dict(line.split("==") for line in listed.stdout.split())
    assert found.pop("tabulate") == release
    assert set(found) <= {"nbregistry", "pip", "setuptools", "wheel"}
    assert "nbregistry" in found


def test_a_package_that_is_nowhere_is_the_installers_to_tell(tmp_path):
    with pytest.raises(NotInstalled, match=r"no-such-package-of-anyone==1\.0"):
        install_recorded({"packages": {"no-such-package-of-anyone": "1.0"}}, tmp_path / "environment")


def test_a_python_that_is_not_here_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"made with Python 3\.99"):
        install_recorded({"python": "3.99.1", "packages": {"tabulate": "0.9"}}, tmp_path / "environment")
    with pytest.raises(Refused, match="no packages were recorded"):
        install_recorded({"python": ""}, tmp_path / "environment")
