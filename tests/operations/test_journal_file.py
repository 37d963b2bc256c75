"""A journal's file proves itself: what was changed, cut, put elsewhere or signed anew is found without the registry."""

from __future__ import annotations

import hashlib
import os
import shutil
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pytest

import nbregistry
from nbregistry.catalog import exact
from nbregistry.catalog.commit import Envelope, signed_bytes
from nbregistry.catalog.journal_lines import Heading, Seal
from nbregistry.cli import main
from nbregistry.display import to_text
from nbregistry.errors import InvalidName, NotFound, Refused, RegistryError, StorageError
from nbregistry.trust import Keyring
from tests.faults.looks import check, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.journals import JournalProof
    from nbregistry.registry import Registry

Lines = list[bytes]


@pytest.fixture
def told(registry: Registry) -> Registry:
    """Give a registry with two models, whose commits take turns."""
    registry.register("churn", {"w": np.zeros(2)}, alias="champion")
    registry.register("other", {"w": np.ones(2)})
    registry.register("churn", {"w": np.ones(3)}, tags={"team": "crm"})
    registry.approve("other@1", "Approved", reason="seen")
    registry.promote("churn@2", reason="better")
    registry.describe("other@1", "words")
    return registry


@pytest.fixture
def whole(told: Registry, tmp_path: Path) -> Path:
    """Give the file of the whole journal."""
    told.export_log(tmp_path / "journal.jsonl")
    return tmp_path / "journal.jsonl"


@pytest.fixture
def eve(tmp_path: Path) -> Keyring:
    """Somebody whose key nobody trusts."""
    return Keyring(tmp_path / "eve")


def lines_of(path: Path) -> Lines:
    return path.read_bytes().splitlines(keepends=True)


def rewritten(path: Path, lines: Lines) -> JournalProof:
    """Check other lines in the place of a file's."""
    path.write_bytes(b"".join(lines))
    return nbregistry.verify_log(path)


def sealed_by(keyring: Keyring, lines: Lines) -> Lines:
    """Put a new seal behind lines, as whoever has another key can."""
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    seal = Seal(len(lines) - 1, f"sha256:{digest}", "2026-11-30T00:00:00Z", "ada", keyring.key)
    return [*lines, seal.to_line(keyring.sign(seal.signed_bytes))]


def signed_anew(keyring: Keyring, lines: Lines, change: Callable[[dict[str, Any]], None], first: int = 1) -> Lines:
    """Sign commits anew from one on, changed and chained, with heading and seal to match."""
    heading, commits = Heading.read(lines[0]), lines[1:-1]
    assert heading is not None
    kept, previous = commits[: first - 1], Envelope.open(commits[first - 2], "").digest if first > 1 else None
    for line in commits[first - 1 :]:
        payload = exact.loads(Envelope.open(line, "").payload)
        change(payload)
        payload |= {"key": keyring.key, "previous": previous or payload["previous"]}
        data = exact.dumps(payload)
        envelope = Envelope.seal(data, keyring.sign(signed_bytes(data)))
        kept.append(envelope.to_bytes())
        previous = envelope.digest
    ends = {"first": Envelope.open(kept[0], "").digest, "head": Envelope.open(kept[-1], "").digest}
    new = Heading(**{**vars(heading), **ends})
    return sealed_by(keyring, [new.to_line(), *kept])


def test_each_line_is_a_commit_as_it_lies_in_the_log(told: Registry, root: Path, whole: Path) -> None:
    heading, *commits, seal = lines_of(whole)
    assert commits == [path.read_bytes() for path in sorted((root / "log").iterdir())]
    assert [orjson.loads(line)["commit"]["verb"] for line in commits] == [event.verb for event in told.log()]
    assert orjson.loads(heading)["journal"]["head"] == told.head()[1]
    assert orjson.loads(seal)["seal"]["commits"] == 6


def test_a_whole_journal_is_whole_wherever_it_is_checked(told: Registry, root: Path, whole: Path) -> None:
    shutil.rmtree(root)
    proof = nbregistry.verify_log(whole)
    assert (proof.ok, proof.problems, proof.commits, proof.absent, proof.name) == (True, (), 6, 0, "")
    assert [(signer.own, signer.trusted, signer.commits) for signer in proof.signers] == [(True, True, 6)]
    assert (proof.head_seq, proof.seal_trusted, proof.sealed_by) == (6, True, "ada")
    assert proof.seen == (f"it goes up to the commit that you saw last at {root}",)
    assert to_text(proof).startswith("✓ The journal is whole  6 commits in ")


def test_of_one_model_only_what_concerns_it_is_written(told: Registry, tmp_path: Path) -> None:
    written = told.export_log(tmp_path / "churn.jsonl", "churn")
    assert (written.name, written.commits, written.head_seq) == ("churn", 3, 6)
    assert written.bytes == (tmp_path / "churn.jsonl").stat().st_size
    assert b"other" not in (tmp_path / "churn.jsonl").read_bytes()
    proof = nbregistry.verify_log(tmp_path / "churn.jsonl")
    assert (proof.ok, proof.commits, proof.absent, proof.name) == (True, 3, 3, "churn")
    assert "of the registry's 6 commits, the 3 that are not in it do not concern churn" in " ".join(
        to_text(proof).split()
    )


def test_a_flipped_bit_anywhere_is_found(whole: Path) -> None:
    data = whole.read_bytes()
    for place in range(0, len(data), 7):
        whole.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        if refused := refusal_of(nbregistry.verify_log, whole):  # the number of the format
            assert "newer release" in str(refused)
        else:
            assert not nbregistry.verify_log(whole).ok, place
    whole.write_bytes(data)
    assert nbregistry.verify_log(whole).ok


@pytest.mark.parametrize(
    ("change", "told_of"),
    [
        (lambda lines: lines[:-1], "it has no seal"),
        (lambda lines: lines[:4], "it has no seal"),
        (lambda lines: lines[:1], "it has no seal"),
        (lambda lines: [], "the file is empty"),
        (lambda lines: [*lines[:-2], lines[-1]], "6 commits were sealed, and 5 are here"),
        (lambda lines: [*lines[:3], *lines[4:]], "commit 4 follows commit 2: others are missing"),
        (lambda lines: lines[1:], "its first line is no heading"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "commit 2 stands behind commit 3"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], "commit 2 stands behind commit 2"),
        (lambda lines: [lines[0], *reversed(lines[1:-1]), lines[-1]], "stands behind commit 6"),
        (lambda lines: [*lines, lines[1]], "line 9 stands behind the seal"),
        (lambda lines: [*lines, b"\n"], "line 9 stands behind the seal"),
        (lambda lines: [lines[0].replace(b'"name":""', b'"name":"churn"'), *lines[1:]], "not those that were sealed"),
        (lambda lines: [line.replace(b"better", b"worse ") for line in lines], "line 6 is damaged"),
        (lambda lines: [line.replace(b'"ada"', b'"eve"') for line in lines], "line 2 is damaged"),
        (lambda lines: [*lines[:-1], lines[-1].replace(b'"ada"', b'"eve"')], "the seal is not signed by the key"),
        (lambda lines: [*lines[:-1], b'{"seal":{"commits":6}}\n'], "line 8 is no seal, though it begins as one"),
    ],
)  # fmt: skip
def test_what_was_cut_changed_or_put_elsewhere_is_found(
    whole: Path, change: Callable[[Lines], Lines], told_of: str
) -> None:
    proof = rewritten(whole, change(lines_of(whole)))
    assert not proof.ok
    assert any(told_of in problem for problem in proof.problems), proof.problems
    assert to_text(proof).startswith("✗ ")
    check(proof)


def test_a_commit_of_another_registry_is_found(told: Registry, whole: Path, tmp_path: Path) -> None:
    """Signed by the same user, with the right number: only the chain tells."""
    other = nbregistry.open(tmp_path / "another")
    for number in range(6):
        other.register("churn", {"w": np.full(2, number)})
    other.export_log(tmp_path / "another.jsonl")
    lines, foreign = lines_of(whole), lines_of(tmp_path / "another.jsonl")
    problems = rewritten(whole, [*lines[:3], foreign[3], *lines[4:]]).problems
    assert any("commit 3 does not follow the commit before it" in problem for problem in problems)
    assert any("not those that were sealed" in problem for problem in problems)


def test_who_signs_all_of_it_anew_is_not_believed(whole: Path, eve: Keyring, user: Path) -> None:
    """Without a trusted key nothing else can tell: all of it is right."""
    proof = rewritten(whole, signed_anew(eve, lines_of(whole), lambda commit: commit.update(reason="forged")))
    assert (proof.ok, proof.problems, proof.seal_trusted) == (False, (), False)
    assert [(signer.key, signer.trusted, signer.commits) for signer in proof.signers] == [(eve.key, False, 6)]
    text = to_text(proof)
    assert text.startswith("! Whole, but not all by keys that you trust")
    assert f"%registry trust {eve.key}" in text
    check(proof)
    assert nbregistry.verify_log(whole, trust=eve.key).ok
    assert nbregistry.verify_log(whole, trust=[eve.key]).ok
    assert not nbregistry.verify_log(whole).ok, "it was for that call alone"


def test_who_signs_in_another_s_name_is_found(whole: Path, eve: Keyring, user: Path) -> None:
    """Chain, digests, the key that it names and the seal by that key are right: only the signature is not."""
    ada, key = Keyring(user), Keyring(user).key

    class Forger:
        """Who names ada's key, and has another."""

        def __init__(self) -> None:
            self.key, self.sign = key, eve.sign

    forged = signed_anew(Forger(), lines_of(whole), lambda commit: commit.update(reason="forged"), first=6)  # type: ignore[arg-type]
    proof = rewritten(whole, sealed_by(ada, forged[:-1]))
    assert any("commit 6 is not signed by the key it names" in problem for problem in proof.problems), proof.problems


def test_a_stranger_s_commit_in_a_journal_that_a_friend_sealed_is_told(
    told: Registry, root: Path, tmp_path: Path, eve: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setenv("NBREGISTRY_HOME", str(eve.folder))
        nbregistry.open(root).promote("churn@1", reason="mine now")
    told.export_log(tmp_path / "journal.jsonl")
    proof = nbregistry.verify_log(tmp_path / "journal.jsonl")
    assert (proof.ok, proof.problems, proof.seal_trusted) == (False, (), True)
    assert [(signer.commits, signer.trusted) for signer in proof.signers] == [(6, True), (1, False)]


def test_what_was_signed_for_something_else_is_no_seal(whole: Path, user: Path) -> None:
    *lines, _ = lines_of(whole)
    seal = Seal(6, f"sha256:{hashlib.sha256(b''.join(lines)).hexdigest()}", "", "ada", Keyring(user).key)
    bare = Keyring(user).sign(exact.dumps(vars(seal)))
    assert rewritten(whole, [*lines, seal.to_line(bare)]).problems[0].startswith("the seal is not signed by the key")


def test_who_signs_the_end_anew_is_found_by_who_saw_it(whole: Path, eve: Keyring, root: Path) -> None:
    """Also if that key is trusted for other things."""
    whole.write_bytes(b"".join(signed_anew(eve, lines_of(whole), lambda commit: None, first=3)))
    proof = nbregistry.verify_log(whole, trust=eve.key)
    assert proof.problems == (f"commit 6 is not the one that you saw at {root}",)


def test_who_cuts_the_end_and_seals_it_anew_is_not_believed(whole: Path, eve: Keyring) -> None:
    lines = lines_of(whole)
    heading = Heading.read(lines[0])
    assert heading is not None
    shorter = Heading(**{**vars(heading), "head_seq": 4, "head": Envelope.open(lines[4], "").digest})
    proof = rewritten(whole, sealed_by(eve, [shorter.to_line(), *lines[1:5]]))
    assert (proof.ok, proof.problems, proof.seal_trusted) == (False, (), False)
    assert all(signer.trusted for signer in proof.signers)
    assert "you saw commit 6 of this registry at" in proof.seen[0]
    kept = rewritten(whole, sealed_by(eve, lines[:5]))
    assert any("it ends at commit 4, which is not the commit 6" in problem for problem in kept.problems)


def test_who_leaves_out_a_commit_of_one_model_has_to_seal_it(told: Registry, tmp_path: Path, eve: Keyring) -> None:
    """Nothing in the commits themselves tells: that is what the seal is for."""
    path = tmp_path / "churn.jsonl"
    told.export_log(path, "churn")
    heading, first, _, third, seal = lines_of(path)
    cut = rewritten(path, [heading, first, third, seal])
    assert [problem.partition(":")[0] for problem in cut.problems] == [
        "the lines are not those that were sealed", "3 commits were sealed, and 2 are here",
    ]  # fmt: skip
    anew = rewritten(path, sealed_by(eve, [heading, first, third]))
    assert (anew.ok, anew.problems, anew.seal_trusted) == (False, (), False)


def test_a_journal_of_one_model_is_not_passed_off_as_all(told: Registry, tmp_path: Path, eve: Keyring) -> None:
    path = tmp_path / "churn.jsonl"
    told.export_log(path, "churn")
    heading, *commits, _ = lines_of(path)
    proof = rewritten(path, sealed_by(eve, [heading.replace(b'"name":"churn"', b'"name":""'), *commits]))
    assert any("others are missing between them" in problem for problem in proof.problems)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"\x00\xff\n", b"{}\n", b"[]\n", b"null\n", b"NaN\n", b'{"commit":{},"digest":"","signature":""}\n',
        b"[" * 100_000 + b"\n", b'{"seal":' + b"[" * 100_000 + b"\n", b'{"seal":null,"signature":null}\n',
        b'{"journal":{"format":1}}\n', b'{"journal":[]}\n',
        b'{"seal":{"commits":true,"lines":1,"at":[],"actor":{},"key":null},"signature":"x"}\n',
        "{\u202e\x1b[31m}\n".encode(), b"x" * 500_000,
    ],
)  # fmt: skip
def test_a_line_that_somebody_made_up_is_told_and_does_nothing(whole: Path, line: bytes) -> None:
    lines = lines_of(whole)
    for place in range(len(lines)):
        proof = rewritten(whole, [*lines[:place], line, *lines[place + 1 :]])
        assert not proof.ok
        assert proof.problems
    check(proof)


def test_a_made_up_commit_with_a_right_digest_and_signature_is_read_with_care(whole: Path, eve: Keyring) -> None:
    for wrong in ({"seq": "6"}, {"detail": []}, {"changes": [{"kind": []}]}, {"at": {"x": 1}}, {"more": 1}):
        proof = rewritten(whole, signed_anew(eve, lines_of(whole), lambda commit, w=wrong: commit.update(w), 6))  # type: ignore[misc]
        assert len(proof.problems) >= 1
        assert proof.commits == 5
        check(proof)


def test_a_file_in_which_all_is_wrong_is_not_read_to_its_end(whole: Path) -> None:
    proof = rewritten(whole, [lines_of(whole)[0], *([b"{}\n"] * 100_000)])
    assert len(proof.problems) < 300
    assert any("the rest was not read" in problem for problem in proof.problems)


def test_a_line_without_end_is_not_read(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbregistry.operations.journal_proof.LARGEST_COMMIT", 10_000)
    proof = rewritten(whole, [lines_of(whole)[0], b"x" * 1_000_000])
    assert proof.problems[0] == "line 2 is longer than any commit: the rest was not read"


def test_what_is_no_file_is_refused(tmp_path: Path, whole: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        nbregistry.verify_log(tmp_path / "nothing.jsonl")
    with pytest.raises(Refused, match="is no file"):
        nbregistry.verify_log(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(Refused, match="is no file"):
        nbregistry.verify_log(tmp_path / "fifo")
    with pytest.raises(InvalidName, match="is not a public key"):
        nbregistry.verify_log(whole, trust="ed25519:abc")
    newer = [lines_of(whole)[0].replace(b'"format":1', b'"format":2,"more":[]'), *lines_of(whole)[1:]]
    with pytest.raises(Refused, match="newer release"):
        rewritten(whole, newer)


def test_what_is_there_is_not_overwritten_and_what_breaks_off_leaves_nothing(
    told: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("mine")
    with pytest.raises(Refused, match="exists"):
        told.export_log(path)
    assert path.read_text() == "mine"
    with pytest.raises(StorageError, match="could not be written"):
        told.export_log(tmp_path / "no folder" / "journal.jsonl")
    with pytest.raises(NotFound, match="chrun"):
        told.export_log(tmp_path / "new.jsonl", "chrun")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nbregistry.operations.new_file.sync_file", full)
    with pytest.raises(StorageError, match="No space left"):
        told.export_log(tmp_path / "new.jsonl")
    assert {found.name for found in tmp_path.iterdir()} == {".nbregistry", "journal.jsonl"}


def test_an_empty_journal_is_not_exported(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no registry"):
        registry.export_log(tmp_path / "journal.jsonl")


def test_a_damaged_log_is_not_exported(told: Registry, root: Path, tmp_path: Path) -> None:
    (root / "log" / "0000000003.json").unlink()
    with pytest.raises(RegistryError, match="commit 3 is gone"):
        told.export_log(tmp_path / "journal.jsonl")
    assert not (tmp_path / "journal.jsonl").exists()


def test_a_long_journal_is_never_in_memory_at_once(registry: Registry, tmp_path: Path) -> None:
    registry.register("churn", {"w": np.zeros(2)})
    for number in range(60):
        registry.describe("churn@1", f"{number} " + "x" * 250_000)
    tracemalloc.start()
    try:
        registry.export_log(tmp_path / "journal.jsonl")
        assert nbregistry.verify_log(tmp_path / "journal.jsonl").ok
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "journal.jsonl").stat().st_size > 30_000_000
    assert peak < 12_000_000


def test_the_command_line_checks_a_file_where_there_is_no_registry(
    told: Registry, root: Path, in_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["log", "--export", "journal.jsonl", "--registry", str(root)]) == 0
    assert "next:\n  nbregistry verify" in capsys.readouterr().out
    (in_folder / ".nbregistry").mkdir()
    (in_folder / ".nbregistry" / "FORMAT").write_text("damaged")  # is not even looked at
    assert main(["verify", "--log", "journal.jsonl"]) == 0
    assert main(["verify", "--log", "journal.jsonl", "--json"]) == 0
    key = orjson.loads(capsys.readouterr().out.splitlines()[-1])["seal_key"]
    monkeypatch.setenv("NBREGISTRY_HOME", str(in_folder / "somebody"))
    assert main(["verify", "--log", "journal.jsonl"]) == 1
    assert f"nbregistry verify --log journal.jsonl --trust {key}" in capsys.readouterr().out
    assert main(["verify", "--log", "journal.jsonl", "--trust", key]) == 0
    assert not (in_folder / "somebody").exists(), "to check makes no key"
    lines = lines_of(in_folder / "journal.jsonl")
    (in_folder / "journal.jsonl").write_bytes(b"".join(lines[:-2]))
    assert main(["verify", "--log", "journal.jsonl", "--trust", key]) == 1
    assert main(["verify", "--log", "nothing.jsonl"]) == 1
    assert main(["verify", "--trust", key]) == 2
    assert main(["log", "--export", "other.jsonl", "--limit", "3", "--registry", str(root)]) == 2
