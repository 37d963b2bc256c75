"""Whatever somebody writes comes back exactly or is refused; it is shown, and does nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from sklearn.linear_model import LogisticRegression
from traitlets.config import Config

import nbregistry
from nbregistry import magics
from nbregistry.cli import main
from nbregistry.display import to_html, to_text
from nbregistry.display.commands import command, pair, word
from nbregistry.magics.arguments import pair as read_pair
from nbregistry.magics.splitting import split
from nbregistry.magics.splitting import text as read_text
from nbregistry.provenance import capture_code
from tests.display.dom import parse
from tests.faults import hostile
from tests.faults.conftest import need_tool, spread
from tests.faults.hostile import HALVES, NUMBERS, TEXTS
from tests.faults.looks import check, look_at_everything, strict
from tests.faults.stories import MODEL, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbregistry.registry import Registry

WRITTEN = spread(TEXTS, 40)
"""Those that are written wherever a version can have one: each takes a dozen commits."""
SAYABLE = [text for text in TEXTS if word(text)]
any_text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


class Kept(NamedTuple):
    """What was registered and what it should be, for each text; and a registry with harmless texts in their places."""

    registry: Registry
    harmless: Registry


def write(registry: Registry, text: str) -> None:
    """Put a text wherever a version of ``m`` can have one."""
    frame = pd.DataFrame(ROWS, columns=[text])
    labels = np.array([text, text, "other", "other"], dtype=object)  # numpy's own texts lose a NUL at their end
    model = LogisticRegression().fit(frame, labels)
    ref = registry.register(
        "m", model, train=(frame, labels), train_name=text, params={text: text}, metrics={text: 0.5},
        tags={text: text}, description=text, alias="candidate",
    ).ref  # fmt: skip
    registry.evaluate(ref, frame, labels, name=text, on_name=text)
    registry.tag(ref, **{text + "2": text})
    registry.approve(ref, "Approved", reason=text + "!")
    doubled = text.replace("'", "''")
    registry.policy("m@live", f"'{doubled}' >= 0.9, '{doubled}' not worse than '{doubled}'", reason=text)
    registry.promote(ref, "live", force=True, reason=text + "!")
    registry.policy("m@live", clear=True)
    registry.promote(ref, reason=text)


def opened_by(root: Path, text: str) -> Registry:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERHUB_USER", text.replace("\0", ""))
        return nbregistry.open(root)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home"))
        for text in WRITTEN:
            patch.setenv("JPY_SESSION_NAME", text.replace("\0", "") + ".ipynb")
            write(opened_by(folder / "hostile", text), text)
            patch.setenv("JPY_SESSION_NAME", hostile.twin(text) + ".ipynb")
            write(opened_by(folder / "harmless", hostile.twin(text)), hostile.twin(text))
        yield Kept(nbregistry.open(folder / "hostile"), nbregistry.open(folder / "harmless"))


@pytest.mark.parametrize("cached", [True, False], ids=["from the cache", "from the log"])
def test_every_text_comes_back_exactly(kept: Kept, cached: bool) -> None:
    kept.registry._workspace.catalog.save_checkpoint()
    if not cached:
        shutil.rmtree(kept.registry.path / "cache")
    registry = nbregistry.open(kept.registry.path)
    events = {(event.verb, event.ref): event for event in registry.log()}
    for number, text in enumerate(WRITTEN, 1):
        version = registry.get(f"m@{number}")
        assert version.tags == {text: text, text + "2": text}
        assert version.params[text] == text
        assert version.metrics == {text: 0.5}
        assert version.description == text
        assert version.signature.classes == tuple(sorted([text, "other"]))
        assert version.signature.feature_names == (text,)
        assert version.datasets[0].name == text
        (evaluation,) = version.evaluations
        assert (evaluation.name, evaluation.dataset.inputs[0].name) == (text, text)
        assert set(evaluation.rows["target"]) == {text.rstrip("\0"), "other"}
        assert version.created_by == (text.replace("\0", "").strip() or version.created_by)
        assert events["promote", version.ref].reason == text
        assert events["approve", version.ref].reason == text + "!"


def test_what_is_on_disk_is_strict_json_and_no_path_has_a_users_text(kept: Kept) -> None:
    kept.registry._workspace.catalog.save_checkpoint()
    files = [path for path in kept.registry.path.rglob("*") if path.is_file()]
    for path in files:
        inside = path.relative_to(kept.registry.path).as_posix()
        assert re.fullmatch(
            r"FORMAT|lock|cache/[a-z.-]+|log/[0-9]{10}\.json|blobs/sha256/[0-9a-f]{2}/[0-9a-f]+(\.[a-z]+)?", inside
        )
        if not inside.startswith("blobs/"):
            assert strict(path.read_bytes() or b"0") is not None
    assert len(files) > len(WRITTEN)


def test_each_display_is_that_of_harmless_text(kept: Kept) -> None:
    for number, text in enumerate(WRITTEN, 1):
        ours, harmless = (registry.get(f"m@{number}") for registry in kept)
        for shown, expected in zip(
            (ours, *ours.evaluations, kept.registry.evaluations(ours.ref)),
            (harmless, *harmless.evaluations, kept.harmless.evaluations(harmless.ref)),
            strict=True,
        ):
            check(shown)
            assert parse(to_html(shown)).skeleton() == parse(to_html(expected)).skeleton(), ascii(text)
            assert to_text(shown).count("\n") == to_text(expected).count("\n"), ascii(text)


def test_all_of_it_at_once_is_shown_and_does_nothing(kept: Kept, in_folder: Path) -> None:
    registry = kept.registry
    for shown in (registry, registry.versions("m"), registry.versions("m", limit=3), registry.models(), registry.log()):
        check(shown)
    check(registry.lineage("m@1"))
    check(registry.compare("m@1", "m@2", "m@3"))
    assert list(in_folder.iterdir()) == []  # "touch acted"
    names = registry.versions("m").to_frame().columns
    assert {f"tags.{text}" for text in WRITTEN} <= set(names)


def test_the_command_line_shows_it_and_does_nothing(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--registry", str(kept.registry.path)]
    for argv in (
        ["versions", "m"],
        ["log"],
        ["models"],
        ["lineage", "m@2"],
        *(["show", f"m@{n}"] for n in range(1, len(WRITTEN), 2)),
    ):
        assert main([*argv, *where]) == 0
        out, err = capsys.readouterr()
        assert hostile.is_plain(out.replace("\n", ""))
        assert err == ""
        assert main([*argv, *where, "--json"]) == 0
        out, _ = capsys.readouterr()
        assert out.removesuffix("\n").isprintable()
        strict(out)
    assert main(["show", "m@20", *where, "--json"]) == 0
    assert strict(capsys.readouterr().out)["description"] == WRITTEN[19]


def test_the_command_line_keeps_it_or_refuses(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.register("m", MODEL)
    where = ["--registry", str(registry.path)]
    refused = []
    for text in [*TEXTS, *HALVES]:
        kept = registry.describe("m@1", "as it was").description
        done = main(["describe", "m@1", text, *where])
        out, err = capsys.readouterr()
        assert hostile.is_plain((out + err).replace("\n", ""))
        if done or out.startswith("usage:"):
            refused.append(text)
            assert registry.get("m@1").description == kept
        else:
            assert registry.get("m@1").description == text
            assert main(["promote", "m@1", "a", "--reason", text, *where]) == 0
            assert main(["promote", "m@1", "b", "--reason", text, *where]) == 0
            capsys.readouterr()
            assert registry.log()[-1].reason in (text, "")
    assert set(refused) == {"--json", "--help", "-h", "--", *HALVES}


@pytest.fixture
def shell(tmp_path: Path, in_folder: Path) -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))
    magics.load(shell)
    yield shell
    magics.unload(shell)


def test_a_notebooks_line_keeps_what_it_can_say(shell: InteractiveShell) -> None:
    registry = nbregistry.open()
    registry.register("m", MODEL)
    for text in SAYABLE:
        for line in (command("%nbr describe", "m@1", text), f"%nbr tag m@1 {pair('k', text)}"):
            assert shell.run_cell(f"_ = {line}").success
        assert (registry.get("m@1").description, registry.get("m@1").tags["k"]) == (text, text)
        if pair(text, 1):
            shell.run_cell(f"%nbr tag m@1 {pair(text, text)};")
            assert registry.get("m@1").tags[text] == text
    assert len(SAYABLE) > len(TEXTS) / 2
    assert sum(bool(pair(text, 1)) for text in TEXTS) > len(TEXTS) / 2


def test_an_undo_undoes_exactly(shell: InteractiveShell) -> None:
    """Also where no magic's line can say it."""
    registry = nbregistry.open()
    shell.run_cell("import nbregistry")
    registry.register("m", MODEL)
    for text in [*TEXTS, *NUMBERS.values()]:
        key = text if isinstance(text, str) else "number"
        registry.tag("m@1", **{key: text})
        before = registry.get("m@1").tags
        edited = registry.tag("m@1", **{key: "changed"})
        undo = to_text(edited).partition("to undo:")[2].strip()
        assert hostile.is_plain(undo)
        shell.run_cell(f"_ = {undo}")
        assert repr(registry.get("m@1").tags) == repr(before), undo


def test_completion_offers_only_what_is_read_as_a_name(shell: InteractiveShell) -> None:
    registry = nbregistry.open()
    for _ in range(2):
        registry.register("m", MODEL, metrics=dict.fromkeys(TEXTS, 0.5))

    def offered(line: str, rest: str = "") -> list[str]:
        with provisionalcompleter():
            found = shell.Completer.completions(line + rest, len(line))
            return [line[: item.start] + item.text + rest for item in found]

    for line, of in (
        ("%compare m@1 m@2 --metrics ", read_text),
        ('%compare m@1 m@2 --metrics "', read_text),
        ("%versions m --sort ", lambda token: read_text(token).removeprefix("metrics.")),
        ("%versions m --sort -", lambda token: read_text(token).removeprefix("-metrics.")),
        ("%register m clf --metrics ", lambda token: read_pair(token + "1")[0]),
        ('%register m clf --metrics "', lambda token: read_pair(token + "1")[0]),
    ):
        lines = offered(line)
        assert all(map(hostile.is_plain, lines))
        found = [of(split(each).tokens[-1]) for each in lines]
        known = [name for name in found if name in TEXTS]
        assert len(known) > len(TEXTS) / 3
        assert not [name for name in found if name not in TEXTS and not re.fullmatch(r"-{0,2}[a-z_]+", name)]
    for line in offered('%versions m --where "metrics.'):
        assert shell.run_cell(f'{line} > 0"').success


def test_class_names_and_labels_of_keys_are_shown(registry: Registry) -> None:
    for number, text in enumerate(TEXTS):
        kind = type(text.replace("\0", "") or "x", (), {})
        if number % 4 == 0:
            check(registry.register("m", kind()))
        check(registry.trust("ed25519:" + f"{number:064x}", text))
    assert [label for _, label in registry.summary().trusted_keys] == TEXTS
    look_at_everything(registry)


def test_a_branch_is_one_line(in_folder: Path) -> None:
    git = need_tool("git")
    branch = "main\u2028x<b>$(touch\u00a0acted)\x85\"'"
    for argv in (["init", "-q"], ["symbolic-ref", "HEAD", f"refs/heads/{branch}"]):
        subprocess.run([git, *argv], check=True, cwd=in_folder)
    assert capture_code()["git"] == {"commit": "", "branch": branch, "dirty": False}


@pytest.fixture(scope="module")
def any_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("any")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home"))
        registry = nbregistry.open(folder / "registry")
        registry.register("m", MODEL)
        yield registry


@settings(max_examples=60, deadline=None)
@given(key=keys, value=any_text, reason=any_text, description=any_text)
def test_any_text_comes_back_and_is_shown(
    any_registry: Registry, key: str, value: str, reason: str, description: str
) -> None:
    registry = any_registry
    version = registry.register(
        "m", MODEL, tags={key: value}, params={key: value}, metrics={key: 1}, description=description
    )
    registry.approve(version.ref, "Approved", reason=f"{reason}.")
    again = nbregistry.open(registry.path)
    found = again.get(version.ref)
    assert (found.tags, found.params, found.description) == ({key: value}, {key: value}, description)
    assert again.log()[-1].reason == f"{reason}."
    for shown in (found, version, again.log()[-1], again.versions("m", limit=1)):
        check(shown)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1))
def test_a_token_is_read_as_what_it_was_written_from(text: str) -> None:
    written, paired, valued = word(text), pair(text, 1), pair("k", text)
    if written:
        assert [read_text(token) for token in split(f"%v {written}").tokens] == ["%v", text]
    if paired:
        assert read_pair(split(paired).tokens[0]) == (text, 1)
    assert read_pair(split(valued).tokens[0]) == ("k", text)
