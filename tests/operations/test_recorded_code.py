"""What a notebook's cells leave with a version: the lines that made it, and how the session went."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event

import pytest

import nbregistry
from nbregistry.artifacts.pack import digests_of
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt, NotFound
from nbregistry.operations import capturing_code
from nbregistry.operations.needed import artifacts_of
from nbregistry.operations.recorded_code import read_code, store_code
from tests.operations.notebooks import notebook, run

FIT = """\
from sklearn.tree import DecisionTreeClassifier
clf = DecisionTreeClassifier(max_depth=depth).fit(X, y)
print(clf)"""


def test_the_lines_that_made_it_and_all_that_ran(shell, registry):
    version = run(
        shell,
        "X = [[0.0], [1.0], [2.0], [3.0]]\nunused = 5",
        "y = [0, 0, 1, 1]",
        "print(len(X))",
        ("depth = 2", "d"),
        FIT,
        "%register churn clf --on X y",
    )
    code = registry.code("churn@1")
    assert [(part.number, part.source) for part in code.slice.parts] == [
        (1, "X = [[0.0], [1.0], [2.0], [3.0]]"),
        (2, "y = [0, 0, 1, 1]"),
        (4, "depth = 2"),
        (5, FIT.removesuffix("\nprint(clf)")),
    ]
    assert [cell.number for cell in code.cells] == [1, 2, 3, 4, 5, 6]
    assert code.cells[3].id == "d"
    assert code.slice.targets == ("clf",)
    assert version.registration.made_by == code.in_short == "4 of 6 cells made it: 5 of 8 lines"
    assert (code.staleness, code.redacted, code.unseen) == ((), (), 0)


def test_staleness_is_said_when_it_is_registered(shell, registry):
    version = run(
        shell,
        "X, y = [[0.0], [1.0]], [0, 1]",
        ("depth = 2", "d"),
        FIT,
        ("depth = 9", "d"),
        "%register churn clf",
    )
    told = "cell [2] was edited and ran again as [4]: the model was made with its old text"
    assert told in version.registration.warnings
    assert registry.code("churn@1").staleness == (told,)


def test_of_two_registrations_in_one_cell_each_has_its_own_lines(shell, registry):
    run(
        shell,
        "X, y = [[0.0], [1.0]], [0, 1]\nfrom sklearn.dummy import DummyClassifier as D",
        "a = D().fit(X, y)\n%register a a\nb = D(strategy='prior').fit(X, y)\n%register b b\nc = 3",
    )
    assert registry.code("a@1").script.rstrip().endswith("a = D().fit(X, y)")
    assert "strategy" not in registry.code("a@1").script
    assert registry.code("b@1").script.rstrip().endswith("b = D(strategy='prior').fit(X, y)")


def test_the_cell_of_a_cell_magic_made_it(shell, registry):
    run(
        shell,
        "X, y = [[0.0], [1.0]], [0, 1]\nfrom sklearn.dummy import DummyClassifier as D",
        "%%register churn clf\nclf = D().fit(X, y)\nprint(1)",
    )
    assert "clf = D().fit(X, y)" in registry.code("churn@1").script
    assert "print" not in registry.code("churn@1").script


def test_a_method_finds_the_expression_by_itself(shell, registry):
    run(
        shell,
        "import nbregistry\nfrom sklearn.dummy import DummyClassifier as D",
        "models = {'a': D().fit([[0.0]], [0]), 'b': D().fit([[1.0]], [1])}",
        "nbregistry.open().register('churn', models['b'])",
    )
    assert registry.code("churn@1").slice.targets == ("models['b']",)


def test_a_git_that_does_not_answer_is_told_and_not_waited_for(shell, registry, monkeypatch):
    answering = Event()
    monkeypatch.setattr(capturing_code, "_PATIENCE", 0.05)
    monkeypatch.setattr(capturing_code, "capture_local_modules", lambda: answering.wait(60) and ())
    try:
        version = run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    finally:
        answering.set()
    told = "git had not answered after 0.05 s: what is not committed yet is not recorded"
    assert told in version.registration.warnings
    assert registry.code("churn@1").staleness == (told,)


def test_a_secret_is_nowhere_on_the_disk(shell, registry, tmp_path):
    secret = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"
    run(
        shell,
        f"token = '{secret}'\nX, y = [[0.0], [float(len(token))]], [0, 1]\ndepth = 1",
        FIT,
        f"raise_later = lambda: 1 / 0  # {secret}",
        f"rows = lambda _: X\nclf.fit(rows('{secret}'), y)",
    )
    shell.run_cell(f"raise ValueError('{secret}')")
    version = run(shell, "%register churn clf")
    assert any("cell [1], line 1: GitHub Token left out" in told for told in version.registration.warnings)
    code = registry.code("churn@1")
    assert secret not in repr(code) + json.dumps(code.to_document())
    assert "[redacted: GitHub Token]" in code.script
    for path in tmp_path.glob(".nbregistry/**/*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()


def test_loaded_late_is_told(tmp_path, in_folder, monkeypatch, registry):
    monkeypatch.setenv("NBREGISTRY_URL", str(tmp_path / ".nbregistry"))
    cells = ("X, y = [[0.0], [1.0]], [0, 1]", "depth = 1", FIT, "%load_ext nbregistry", "%register churn clf")
    with notebook(tmp_path, history=True) as shell:
        run(shell, *cells)
    code = registry.code("churn@1")
    assert code.unseen == 3
    assert code.staleness == ("nbregistry was loaded after 3 cells had run: of those the text alone is known",)
    assert [part.number for part in code.slice.parts] == [1, 2, 3]


def test_without_a_notebook_there_is_none(registry):
    registry.register("churn", {"w": [1.0]})
    assert registry.get("churn@1").recorded_code is None
    with pytest.raises(NotFound, match="no code was recorded with churn@1"):
        registry.code("churn@1")


def test_it_is_kept_verified_exported_and_freed_with_its_version(shell, registry, tmp_path):
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    digest = registry.get("churn@1").recorded_code
    assert ("the recorded code of churn@1", digest) in list(artifacts_of(registry._workspace.view()))
    registry.gc(dry_run=False)
    assert registry.verify().ok
    registry.export("churn@1", tmp_path / "churn.zip")
    other = nbregistry.open(tmp_path / "other")
    other.import_(tmp_path / "churn.zip")
    assert other.code("churn@1").script == registry.code("churn@1").script
    registry.backup(tmp_path / "backup")
    assert nbregistry.open(tmp_path / "backup").code("churn@1") == registry.code("churn@1")
    (blob,) = digests_of(registry._workspace.store, digest)
    place = next(registry.path.glob(f"blobs/sha256/*/{blob.removeprefix('sha256:')}*"))
    place.chmod(0o644)
    content = bytearray(place.read_bytes())
    content[-3] ^= 1
    place.write_bytes(content)
    assert any("the recorded code of churn@1" in problem for problem in registry.verify().problems)
    with pytest.raises(Corrupt):
        nbregistry.open(registry.path).code("churn@1")


def test_a_very_long_session_keeps_what_was_needed_and_the_newest(shell, registry, monkeypatch):
    monkeypatch.setattr(capturing_code, "LARGEST_SESSION", 330)
    run(
        shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", *(f"'{n:090}'" for n in range(5)), FIT, "%register churn clf"
    )
    code = registry.code("churn@1")
    assert [cell.number for cell in code.cells] == [1, 6, 7, 8]
    assert code.in_short.startswith("2 of 8 cells")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("slice"),
        lambda document: document["cells"][0].update(source=3),
        lambda document: document["cells"][0].update(number="1"),
        lambda document: document["cells"][0].update(seconds="soon"),
        lambda document: document["slice"]["parts"][0].update(lines=["1"]),
        lambda document: document.update(staleness=[{"no": "text"}]),
        lambda document: document.update(files=[{"path": "a", "digest": 3, "size": 1}]),
        lambda document: document["slice"].update(reads=[["a"]]),
        lambda document: document.update(restores=[["1", "x"]]),
        lambda document: document.update(restores=[[1, 2]]),
        lambda document: document["cells"][0].update(failed_line="1"),
    ],
)
def test_what_a_stranger_wrote_is_refused_and_not_shown(shell, registry, spoil):
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    document = registry.code("churn@1").to_document()
    spoil(document)
    store = registry._workspace.store
    with PackWriter(store) as pack:
        pack.add("recorded_code.json", json.dumps(document).encode())
        digest = pack.finish({}).digest
    with pytest.raises(Corrupt, match="the code of churn@1"):
        read_code({"name": "churn", "version": 1, "recorded_code": digest}, store)


def test_code_that_cannot_be_followed_is_kept_whole_and_so_is_the_model(shell, registry, monkeypatch):
    def confused(*_, **__):
        raise RecursionError("too deep")

    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", "print(1)", FIT)
    monkeypatch.setattr("nbregistry.provenance.slicing.slice_cells", confused)
    run(shell, "%register churn clf")
    code = registry.code("churn@1")
    assert [part.number for part in code.slice.parts] == [1, 2, 3]
    assert code.slice.doubts == ("the code could not be followed (RecursionError: too deep): all of it is kept",)


@pytest.mark.parametrize(
    "sources",
    [
        {"modules": [{"path": "a"}], "diff": {"text": "", "cut_bytes": 0, "files": []}},
        {"modules": []},
        {"modules": [], "diff": {"text": 3, "cut_bytes": 0, "files": []}},
        {"modules": 3, "diff": {"text": "", "cut_bytes": 0, "files": []}},
    ],
)
def test_nor_are_a_strangers_files(shell, registry, sources):
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    store = registry._workspace.store
    with PackWriter(store) as pack:
        pack.add("recorded_sources.json", json.dumps(sources).encode())
        digest = pack.finish({}).digest
    version = {"name": "churn", "version": 1, "recorded_code": registry.get("churn@1").recorded_code}
    with pytest.raises(Corrupt, match="the code of churn@1"):
        read_code(version | {"recorded_sources": digest}, store)


def test_files_around_are_kept_once_for_all_versions(shell, registry, in_folder, monkeypatch):
    (in_folder / "mine_to_keep.py").write_text("DEPTH = 3\n")
    monkeypatch.syspath_prepend(in_folder)
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\nfrom mine_to_keep import DEPTH as depth", FIT)
    run(shell, "%register churn clf")
    run(shell, "%register churn clf")
    one, two = registry.get("churn@1"), registry.get("churn@2")
    assert one.recorded_sources == two.recorded_sources
    assert one.recorded_code != two.recorded_code
    assert "mine_to_keep" in [module.name for module in registry.code(two).modules]


def test_a_comparison_shows_the_lines_that_differ(shell, registry):
    run(shell, "X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]", "depth = 1", FIT, "%register churn clf --on X y")
    run(shell, "depth = 2", FIT, "%register churn clf --on X y", "%register churn clf --on X y")
    shown = run(shell, "%compare churn@1 churn@2")
    assert [(line.kind, line.text) for line in shown.code[0].lines if line.kind in ("added", "removed")] == [
        ("removed", "depth = 1"),
        ("added", "depth = 2"),
    ]
    assert "The code of churn@2: 1 line added, 1 removed" in repr(shown)
    assert "+ depth = 2" in repr(shown)
    assert json.loads(shown.to_json())["code"][0]["ref"] == "churn@2"
    assert "The same lines made churn@2 and churn@3." in repr(registry.compare("churn@2", "churn@3"))


def test_the_packages_are_written_for_an_installer(shell, registry, tmp_path):
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    assert "Exported the packages of churn@1" in repr(run(shell, "%nbr export churn@1 --requirements needed.txt"))
    first, imported, sklearn, others, *_ = (tmp_path / "work" / "needed.txt").read_text().split("\n")
    assert first.startswith("# Python 3.")
    assert (imported, others) == ("# imported by the notebook", "# loaded besides, or needed by nbregistry")
    assert sklearn.startswith("scikit-learn==")
    run(shell, "%nbr export churn@1 --lock pylock.toml")
    assert 'lock-version = "1.0"' in (tmp_path / "work" / "pylock.toml").read_text()
    registry.register("bare", {"w": [1.0]})
    registry.export_environment("bare@1", tmp_path / "bare.txt")
    assert "# imported by the notebook" not in (tmp_path / "bare.txt").read_text()


def test_halves_of_characters_are_kept_as_their_escapes(shell, registry):
    run(shell, "X, y = [[0.0], [1.0]], [0, 1]\ndepth = 1", FIT, "%register churn clf")
    code = registry.code("churn@1")
    odd = replace(code, cells=(replace(code.cells[0], source="x = '\ud800'"),))
    store = registry._workspace.store
    stored = {kind: artifact.digest for kind, artifact in store_code(odd, store).items()}
    found = read_code({"name": "churn", "version": 1, **stored}, store)
    assert found.cells[0].source == "x = '\\ud800'"


def test_a_version_whose_predictions_feed_the_model_is_a_dependency(shell, registry):
    run(shell, "X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]\ndepth = 1", FIT, "%register scorer clf")
    run(
        shell,
        "%nbr load scorer@1 --as scorer",
        "%nbr load scorer@1 --as idle",
        "extended = [[*row, score] for row, score in zip(X, scorer.predict(X))]",
        "stacked = DecisionTreeClassifier().fit(extended, y)",
    )
    version = run(shell, "%register stacked stacked")
    assert version.depends_on == ("scorer@1",)
    assert version.parents == ()
    assert [(one.kind, one.ref, one.why) for one in version.registration.found] == [
        ("dependency", "scorer@1", "the code that made it uses scorer, which was loaded from it")
    ]
    assert run(shell, "%register plain clf").depends_on == ()
    assert run(shell, "%register stacked stacked --no-lineage").depends_on == ()


def test_what_training_begins_from_is_a_parent(shell, registry):
    run(
        shell,
        "import numpy as np\nimport xgboost\nX, y = np.arange(8.0).reshape(-1, 1), [0, 0, 0, 0, 1, 1, 1, 1]",
        "clf = xgboost.XGBClassifier(n_estimators=2).fit(X, y)\n%register churn clf",
        "%nbr load churn@1 --as old\n%nbr load churn@1 --as idle",
        "new = xgboost.XGBClassifier(n_estimators=2).fit(X, y, xgb_model=old.get_booster())",
    )
    version = run(shell, "%register churn new")
    assert (version.parents, version.depends_on) == (("churn@1",), ())
    assert [(one.kind, one.why) for one in version.registration.found] == [
        ("parent", "the code that made it trains old further, which was loaded from it")
    ]


def test_what_was_loaded_and_trained_further_is_a_parent_and_no_dependency(shell, registry):
    run(
        shell,
        "%load_ext nbregistry",
        "from sklearn.linear_model import SGDClassifier\nX, y = [[0.0], [1.0]], [0, 1]",
        "sgd = SGDClassifier(random_state=0).partial_fit(X, y, classes=[0, 1])\n%register churn sgd",
        "%nbr load churn@1 --as again\nagain.partial_fit(X, y)",
    )
    version = run(shell, "%register churn again")
    assert (version.parents, version.depends_on) == (("churn@1",), ())
    assert registry.reproduce("churn@2").ok
