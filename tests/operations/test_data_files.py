"""A data set tells which file it was read from, where the notebook's code shows it."""

from __future__ import annotations

from hashlib import sha256

import pandas as pd
import pytest

from nbregistry.display.quantities import short_digest
from nbregistry.operations import data_files
from tests.operations.notebooks import run

TABLE = "a,b,y\n0,1,0\n1,1,0\n2,5,1\n3,2,1\n"
OTHER = "a,b,y\n0,0,0\n1,1,1\n2,2,1\n"
DIGEST = f"sha256:{sha256(TABLE.encode()).hexdigest()}"
READ = """\
import pandas as pd
from sklearn.tree import DecisionTreeClassifier
df = pd.read_csv('churn.csv')
other = pd.read_csv('other.csv')
X, y = df[['a', 'b']], df['y']
clf = DecisionTreeClassifier().fit(X, y)"""


@pytest.fixture
def shell(shell, in_folder):
    """A notebook's shell in a folder with two files."""
    (in_folder / "churn.csv").write_bytes(TABLE.encode())
    (in_folder / "other.csv").write_bytes(OTHER.encode())
    return shell


def files(datasets):
    return {dataset.role: [(file.path, file.digest, file.size) for file in dataset.files] for dataset in datasets}


def test_each_has_its_own(shell, registry):
    run(
        shell,
        READ,
        "Z = other[['a', 'b']]\n%register churn clf --train X y --on Z other['y'] --data raw=df\nZ = X = df",
    )
    version = registry.get("churn@1")
    assert files(version.datasets) == {
        "train": [("churn.csv", DIGEST, len(TABLE))],
        "evaluation": [("other.csv", f"sha256:{sha256(OTHER.encode()).hexdigest()}", len(OTHER))],
        "data": [("churn.csv", DIGEST, len(TABLE))],
    }
    assert f"from churn.csv {short_digest(DIGEST)}" in " ".join(repr(version).split())


def test_by_a_method_and_from_what_the_rows_are_called_later(shell, registry):
    run(
        shell,
        f"{READ}\nimport nbregistry\nnbregistry.open().register('churn', clf, train=(X.head(3), y.head(3)), on=(X, y))",
    )
    # No name is bound to the first rows: what they were read from is not made up.
    assert files(registry.get("churn@1").datasets) == {"train": [], "evaluation": [("churn.csv", DIGEST, len(TABLE))]}


def test_of_a_later_evaluation(shell, registry):
    run(shell, READ, "%register churn clf", "%evaluate churn@1 X y --name again\nX = other")
    (evaluation,) = registry.get("churn@1").evaluations
    assert [file.path for file in evaluation.dataset.files] == ["churn.csv"]


def test_what_stands_after_the_registration_has_not_run(shell, registry):
    run(shell, READ, "X = df[['a', 'b']]\n%register churn clf --train X y\nX = pd.read_csv('other.csv')")
    assert [file.path for file in registry.get("churn@1").datasets[0].files] == ["churn.csv"]


def test_a_node_of_the_lineage_tells_it(shell, registry):
    run(shell, READ, "%register churn clf --train X y")
    (node,) = registry.lineage("churn@1").data.values()
    assert [file.path for file in node.files] == ["churn.csv"]
    assert f"from churn.csv {short_digest(DIGEST)}" in " ".join(repr(registry.lineage("churn@1")).split())


def test_a_secret_in_an_address_is_left_out(shell, registry, monkeypatch):
    monkeypatch.setattr(pd, "read_csv", lambda _: pd.DataFrame({"a": [0.0, 1.0]}))  # nothing is fetched
    run(
        shell,
        "import pandas as pd\nX = pd.read_csv('https://ada:hunter2pass@host/a.csv')",
        "from sklearn.dummy import DummyClassifier\nclf = DummyClassifier().fit(X, [0, 1])",
        "%register churn clf --data rows=X",
    )
    (file,) = registry.get("churn@1").datasets[0].files
    assert "hunter2pass" not in file.path
    assert file.path.startswith("https://ada:")
    assert file.path.endswith("@host/a.csv")


def test_code_that_can_t_be_followed_keeps_no_one_from_registering(shell, registry, monkeypatch):
    def fail(*_):
        raise RecursionError

    monkeypatch.setattr("nbregistry.provenance.slicing.files_read", fail)
    run(shell, READ, "%register churn clf --train X y")
    assert files(registry.get("churn@1").datasets) == {"train": []}


def test_without_a_notebook_there_are_none(registry):
    version = registry.register("churn", {"w": [1.0]}, data={"rows": [[1.0], [2.0]]})
    assert version.datasets[0].files == ()
    assert data_files.with_files([(version.datasets[0], None)]) == [version.datasets[0]]
