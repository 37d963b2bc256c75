"""Whatever somebody writes comes back exactly or is refused; it is shown, and does nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

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
from nbregistry.errors import Conflict, Corrupt, InvalidName, Refused, RegistryError
from nbregistry.magics.arguments import pair as read_pair
from nbregistry.magics.splitting import split
from nbregistry.magics.splitting import text as read_text
from nbregistry.provenance import capture_code
from nbregistry.reference import look_alike_key
from tests.display.dom import parse
from tests.faults import hostile
from tests.faults.conftest import need_tool, spread
from tests.faults.hostile import HALVES, NUMBERS, TEXTS
from tests.faults.looks import check, look_at_everything, refusal_of, strict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbregistry.registry import Registry

MODEL = {"w": np.zeros(1)}
WRITTEN = spread(TEXTS, 40)
"""Those that are written wherever a version can have one: each takes a dozen commits."""
ROWS = [[0.0], [1.0], [2.0], [3.0]]
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


WRONG: dict[str, Callable[[Registry, str], object]] = {
    "get": lambda r, text: r.get(text),
    "get a version of it": lambda r, text: r.get(f"{text}@1"),
    "get by it": lambda r, text: r.get(f"m@{text}"),
    "get a URI": lambda r, text: r.get(f"models:/{text}/1"),
    "versions": lambda r, text: r.versions(text),
    "where": lambda r, text: r.versions("m", where=text),
    "where a key": lambda r, text: r.versions("m", where=f"tags.{text} = 1"),
    "where a text": lambda r, text: r.versions("m", where=f"tags.a = '{text}'"),
    "where like": lambda r, text: r.models(where=f"name LIKE '{text}'"),
    "order_by": lambda r, text: r.versions("m", order_by=text),
    "order by a metric": lambda r, text: r.versions("m", order_by=f"-metrics.{text}"),
    "log": lambda r, text: r.log(text),
    "lineage": lambda r, text: r.lineage(text),
    "load": lambda r, text: r.load(text),
    "evaluate": lambda r, text: r.evaluate(text, ROWS, [0, 0, 1, 1]),
    "compare": lambda r, text: r.compare("m@1", text),
    "compare, metrics": lambda r, text: r.compare("m@1", "m@2", metrics=text),
    "compare, by": lambda r, text: r.compare("m@1", "m@2", by=text),
    "promote": lambda r, text: r.promote(text),
    "promote, alias": lambda r, text: r.promote("m@1", text),
    "rollback": lambda r, text: r.rollback(text),
    "rollback, to": lambda r, text: r.rollback("m", to=text),
    "rollback, alias": lambda r, text: r.rollback("m", alias=text),
    "tag": lambda r, text: r.tag(text, a=1),
    "tag, key": lambda r, text: r.tag("m@1", **{text: object()}),
    "describe": lambda r, text: r.describe(text, text),
    "approve": lambda r, text: r.approve("m@1", text, reason="x"),  # type: ignore[arg-type]
    "archive": lambda r, text: r.archive(text),
    "restore": lambda r, text: r.restore(text),
    "export": lambda r, text: r.export(text, "x.zip"),
    "export, path": lambda r, text: r.export("m@1", f"no folder/{text}"),
    "import": lambda r, text: r.import_(f"no folder/{text}"),
    "backup": lambda r, text: r.backup(f"FILE/{text}"),
    "open": lambda _, text: nbregistry.open(f"no folder/{text}", read_only=True),
    "trust": lambda r, text: r.trust(text),
    "untrust": lambda r, text: r.untrust(text),
    "register": lambda r, text: r.register(text, object()),
    "register, model": lambda r, text: r.register("n", f"no folder/{text}"),
    "register, metrics": lambda r, text: r.register("n", MODEL, metrics={text: "high"}),
    "register, value": lambda r, text: r.register("n", MODEL, metrics={"a": text}),  # type: ignore[dict-item]
    "register, tags": lambda r, text: r.register("n", MODEL, tags={text: object()}),
    "register, alias": lambda r, text: r.register("n", MODEL, alias=text + "!"),
    "register, parents": lambda r, text: r.register("n", MODEL, parents=text),
    "register, class": lambda r, text: r.register("n", type(text.replace("\0", ""), (), {})),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_error_that_quotes_it_is_one_plain_block(registry: Registry, in_folder: Path, wrong: str) -> None:
    (in_folder / "FILE").write_text("")
    for metric in (0.5, 0.6):
        registry.register("m", {"w": np.array([metric])}, metrics={"accuracy": metric}, alias="champion")
    refused = 0
    for text in [*TEXTS, *HALVES, "x" * 5000]:
        if wrong == "register, class" and text in HALVES:
            continue  # Python itself has no such class
        before = len(registry.log())
        if refusal_of(WRONG[wrong], registry, text):
            refused += 1
            assert len(registry.log()) == before
    assert refused > 3
    assert {path.name for path in in_folder.iterdir()} <= {"FILE", "x.zip"}


@pytest.mark.parametrize("half", HALVES, ids=ascii)
def test_half_a_character_is_refused_by_name_and_what_the_system_says_is_written_out(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    frame, labels = pd.DataFrame(ROWS, columns=[half]), np.array([half, half, "b", "b"])
    for words in (
        {"tags": {half: 1}}, {"tags": {"a": half}}, {"params": {half: 1}}, {"params": {"a": half}},
        {"metrics": {half: 1}}, {"description": half}, {"train": (frame, labels)}, {"train_name": half},
    ):  # fmt: skip
        with pytest.raises(RegistryError, match="lone surrogate"):
            registry.register("m", MODEL, **words)  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="lone surrogate"):
        registry.register("m", LogisticRegression().fit(ROWS, labels))
    assert not (root / "log").exists()
    named = half.encode("utf-8", "backslashreplace").decode()
    if half.isascii() or half[0] in "\udc80\udcff":  # the bytes of a file name that are no text
        monkeypatch.setenv("JUPYTERHUB_USER", half)
        monkeypatch.setenv("JPY_SESSION_NAME", f"{half}.ipynb")
    version = nbregistry.open(root).register("m", MODEL)
    if os.environ["JUPYTERHUB_USER"] == half:
        assert (version.created_by, version.code["notebook"]) == (named, f"{named}.ipynb")
    look_at_everything(registry)


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


# -- names -------------------------------------------------------------------------------------------------------


def test_names_that_are_refused_leave_nothing(registry: Registry, root: Path) -> None:
    for name in hostile.REFUSED_NAMES:
        with pytest.raises(InvalidName):
            registry.register(name, MODEL)
    assert not root.exists()


def test_odd_names_are_names(registry: Registry, tmp_path: Path) -> None:
    for name in hostile.ODD_NAMES:
        registry.register(name, MODEL, tags={name: name})
        assert registry.get(f"{name}@1").tags == registry.get(f"models:/{name}/1").tags == {name: name}
        assert len(registry.versions(name)) == len(registry.log(name)) == 1
        registry.export(f"{name}@latest", tmp_path / "one.zip")
        other = nbregistry.open(tmp_path / "other")
        assert other.import_(tmp_path / "one.zip").refs == (f"{name}@1",)
        (tmp_path / "one.zip").unlink()
    assert other.model_names() == sorted(hostile.ODD_NAMES)
    assert registry.verify().ok
    look_at_everything(registry)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("pair_", hostile.TWINS, ids=ascii)
def test_of_two_look_alikes_one_exists(registry: Registry, tmp_path: Path, pair_: tuple[str, str], first: int) -> None:
    one, other = pair_[first], pair_[1 - first]
    try:
        registry.register(one, MODEL)
    except InvalidName:
        return  # a name in another form than NFC is none at all
    with pytest.raises((Conflict, InvalidName)):
        registry.register(other, MODEL)
    elsewhere = nbregistry.open(tmp_path / "elsewhere")
    try:
        elsewhere.register(other, MODEL)
    except InvalidName:
        return
    elsewhere.export(f"{other}@1", tmp_path / "one.zip")
    with pytest.raises(Conflict):
        registry.import_(tmp_path / "one.zip")
    assert registry.model_names() == [one]


def test_look_alikes_do_not_come_through_the_log(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's program that does not ask."""
    registry.register("churn", MODEL, alias="live")
    careless = "nbregistry.operations.registering.check_look_alikes"
    with monkeypatch.context() as patch:
        patch.setattr(careless, lambda *_: None)
        with pytest.raises(Corrupt, match="looks like"):
            registry.register("Churn", MODEL)
        with pytest.raises(Corrupt, match="looks like"):
            registry.register("churn", MODEL, alias="Live")
    assert nbregistry.open(registry.path).model_names() == ["churn"]


def test_letters_that_are_told_apart_by_their_code_points_are_two_names(registry: Registry) -> None:
    for names in hostile.NOT_TWINS:
        for name in names:
            registry.register(name, MODEL)
    assert {name for names in hostile.NOT_TWINS for name in names} == set(registry.model_names())


@given(any_text)
def test_look_alikes_are_the_same_whatever_is_done_to_their_form(text: str) -> None:
    import unicodedata

    key = look_alike_key(text)
    assert look_alike_key(key) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert look_alike_key(unicodedata.normalize(form, text)) == key  # type: ignore[arg-type]
    if "ı" not in text:  # its capital is that of the dotted i
        assert look_alike_key(text.upper()) == look_alike_key(text.lower()) == key


# -- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_exact(registry: Registry, root: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    value = NUMBERS[number]
    metrics = {"a": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else {}
    if metrics and isinstance(value, int) and abs(value) > NUMBERS["largest"]:
        with pytest.raises(Refused):
            registry.register("m", MODEL, metrics=metrics)
        metrics = {}
    tags = {} if value is None else {"a": value}
    registry.register("m", MODEL, params={"a": value}, tags=tags, metrics=metrics)
    registry._workspace.catalog.save_checkpoint()
    for cached in (True, False):
        if not cached:
            shutil.rmtree(root / "cache")
        version = nbregistry.open(root).get("m@1")
        assert repr([dict(version.params), dict(version.tags), dict(version.metrics)]) == repr(
            [{"a": value}, tags, metrics]
        )
    for path in (root / "log").iterdir():
        strict(path.read_bytes())
    assert main(["show", "m@1", "--json", "--registry", str(root)]) == 0
    strict(capsys.readouterr().out)
    look_at_everything(registry)


@pytest.mark.parametrize(
    "given", [np.float32(0.1), np.float64(-0.0), np.int64(-5), np.uint64(2**64 - 1), np.bool_(True), np.str_("x")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_numpys_scalars_and_keys_are_pythons(registry: Registry, root: Path, given: Any) -> None:
    registry.register("m", MODEL, params={np.str_("a"): given}, tags={np.str_("b"): given}, metrics={np.str_("c"): 1.0})
    version = nbregistry.open(root).get("m@1")
    assert repr(version.params["a"]) == repr(version.tags["b"]) == repr(given.item())
    assert version.metrics == {"c": 1.0}
    if isinstance(given, np.bool_):
        with pytest.raises(Refused, match="not a number"):
            registry.register("m", MODEL, metrics={"c": given})


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1, 10**400])
def test_a_time_that_nothing_takes_is_refused(registry: Registry, root: Path, seconds: float) -> None:
    with pytest.raises(Refused, match="training_seconds is"):
        registry.register("m", MODEL, training_seconds=seconds)
    assert not root.exists()


# -- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", hostile.FILE_NAMES, ids=lambda name: ascii(name)[:20])
def test_a_file_that_not_every_system_can_have_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / name).write_text("x")
    with pytest.raises(Refused, match="cannot be a file of an artifact"):
        registry.register("m", folder)
    assert registry.model_names() == []


# -- beyond the corpus -------------------------------------------------------------------------------------------


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
