"""The command line: its own process for what a process shows, in this one for the rest."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest
from sklearn.linear_model import LogisticRegression

import nbregistry
from nbregistry.cli import COMMANDS, main, parser_of, plain
from nbregistry.errors import Refused
from nbregistry.outcomes import Verification
from nbregistry.registry import Registry

X, Y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]


@pytest.fixture
def folder(in_folder):
    """A folder with a registry of one model in two versions, as the current one."""
    registry = nbregistry.open()
    for strength in (1.0, 0.1):
        model = LogisticRegression(C=strength).fit(X, Y)
        registry.register("churn", model, on=(X, Y), alias="champion", metrics={"odd": float("nan")})
    return in_folder


def run(*argv, **options):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "nbregistry", *argv],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


def strict(text):
    """Read JSON as strictly as it is defined."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_it_shows_what_the_notebook_shows(folder):
    done = run("versions", "churn")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == repr(nbregistry.open().versions("churn")) + "\n"


def test_json_is_strict_and_a_list_of_versions_is_a_list(folder, capsys):
    assert main(["versions", "churn", "--json", "--sort", "-version"]) == 0
    versions = strict(capsys.readouterr().out)
    assert [version["ref"] for version in versions] == ["churn@2", "churn@1"]
    assert versions[0]["aliases"] == ["champion"]
    assert versions[0]["metrics"]["odd"] == {"$float": "nan"}


@pytest.mark.parametrize(
    "line",
    [
        "models",
        "versions",
        "show churn@1",
        "log",
        "log churn",
        "lineage churn@1",
        "compare churn@1 churn@2",
        "verify",
        "gc",
        "promote churn@1",
        "tag churn@1 team=a",
    ],
)
def test_every_result_can_be_json_and_text(folder, capsys, line):
    assert main([*line.split(), "--json"]) == 0
    strict(capsys.readouterr().out)
    assert main(line.split()) == 0
    assert capsys.readouterr().out.strip()


def test_a_filter_and_a_limit(folder, capsys):
    assert main(["versions", "churn", "--where", "alias = 'champion'", "--limit", "5", "--json"]) == 0
    assert [version["version"] for version in strict(capsys.readouterr().out)] == [2]


def test_promote_and_rollback_are_the_registrys_own(folder, capsys):
    assert main(["rollback", "churn", "--dry-run", "--json"]) == 0
    assert strict(capsys.readouterr().out)["applied"] is False
    assert main(["rollback", "churn", "--reason", "calibration drift", "--json"]) == 0
    assert strict(capsys.readouterr().out)["to_ref"] == "churn@1"
    assert main(["promote", "churn@1", "live", "--json"]) == 0
    assert nbregistry.open().get("churn@live").version == 1
    assert nbregistry.open().log("churn")[-2].reason == "calibration drift"


def test_the_exit_code_of_a_check_says_how_it_went(folder, capsys):
    """0 for passed, 1 for failed, 2 for a requirement that cannot be read: what a job in CI goes by."""
    assert main(["check", "churn@2", "--require", "accuracy >= 0.1, n >= 1", "--json"]) == 0
    found = strict(capsys.readouterr().out)
    assert (found["ok"], [check["outcome"] for check in found["checks"]]) == (True, ["passed", "passed"])
    assert main(["check", "churn@2", "--require", "accuracy >= 2", "--require", "approved", "--json"]) == 1
    assert strict(capsys.readouterr().out)["ok"] is False
    assert main(["check", "churn@2", "--require", "accuracy >= 2"]) == 1
    assert "✗ fails" in capsys.readouterr().out
    assert main(["check", "churn@2", "--require", "accuracy => 2"]) == 2
    assert "column 10: expected a sign" in capsys.readouterr().err
    assert main(["check", "churn@2"]) == 1
    assert 'next: nbregistry check churn@2 --require "roc_auc >= 0.9' in capsys.readouterr().err
    assert main(["promote", "churn@1", "--require", "accuracy >= 2"]) == 1
    assert "was not moved to churn@1: accuracy >= 2: failed" in capsys.readouterr().err


def test_export_and_import(folder, tmp_path, capsys):
    assert main(["export", "churn@2", "churn.zip"]) == 0
    other = tmp_path / "other"
    assert main(["import", "churn.zip", "--registry", str(other)]) == 0
    capsys.readouterr()
    assert main(["versions", "churn", "--registry", str(other), "--json"]) == 0
    assert strict(capsys.readouterr().out)


def test_a_refusal_is_one_block_on_stderr_and_exit_code_1(folder):
    done = run("show", "chrun@1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("NotFound: ")
    assert "did you mean: churn" in done.stderr
    assert "Traceback" not in done.stderr


def test_each_way_on_is_told_in_the_shells_words(folder, capsys, monkeypatch):
    def refuse(*_, **__):
        raise Refused(
            "no",
            hint="%nbr verify",
            otherwise=("%versions churn", "%register churn MODEL", "%compare a@1 a@2 --on X y"),
        )

    monkeypatch.setattr(Registry, "verify", refuse)
    assert main(["verify"]) == 1
    told = capsys.readouterr().err.split("\n")
    assert told[1:5] == [
        "  next: nbregistry verify",
        "    or: nbregistry versions churn",
        "    or: in a notebook: %register churn MODEL",
        "    or: in a notebook: %compare a@1 a@2 --on X y",
    ]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["versoins"], "did you mean: versions"),
        (["versions", "churn", "--wher", "x"], "did you mean: --where"),
        (["promote"], "nbregistry promote needs REF (the version)"),
        (["registry", "trust", "x"], "--registry PATH"),
        (["--json", "versions"], "--json stands before the verb"),
        (["promote", "a@1", "b", "c"], "'c' is too much"),
        (["register", "churn", "clf"], "needs live objects"),
        (["compare", "churn@1", "churn@2", "--on", "X", "y"], "'X' would be a variable of a notebook"),
        (["versions", "--limit", "x"], "--limit takes a number"),
    ],
)
def test_a_line_that_cannot_be_read_is_exit_code_2(folder, capsys, argv, said):
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("WrongUsage: ")
    assert said in err


def test_verify_exits_with_1_when_something_is_wrong(folder, capsys, monkeypatch):
    bad = Verification(
        ok=False, problems=("a blob is missing",), commits=1, signatures=1, blobs=0, bytes=0, seconds=0.0
    )
    monkeypatch.setattr(nbregistry.Registry, "verify", lambda self: bad)
    assert main(["verify", "--json"]) == 1
    assert strict(capsys.readouterr().out)["problems"] == ["a blob is missing"]


@pytest.mark.parametrize("argv", [[], ["help"], ["--help"]])
def test_help_lists_every_verb(argv, capsys):
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert all(f"  {name}" in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_verb_has_help_with_different_examples(name, capsys):
    assert main([name, "--help"]) == 0
    first = capsys.readouterr().out
    assert main(["help", name]) == 0
    assert capsys.readouterr().out == first
    assert first.startswith(f"usage: nbregistry {name}")
    examples = first.partition("examples:\n")[2].splitlines()
    assert len(set(examples)) == len(examples) == 2
    assert all(example.startswith(f"  nbregistry {name}") for example in examples)
    for example in examples:
        parser_of(COMMANDS[name]).parse(shlex.split(example)[2:])


def test_a_closed_pipe_is_no_error(folder):
    command = [sys.executable, "-m", "nbregistry", "log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_a_console_without_unicode_is_served(folder):
    nbregistry.open().describe("churn@1", "Größe → 中")
    done = run("show", "churn@1", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "\\u4e2d" in done.stdout


def test_the_command_imports_no_ipython_and_no_pandas(folder):
    code = (
        "import sys; from nbregistry.cli import main; main(['log']); "
        "assert not {'IPython', 'pandas', 'sklearn'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_next_steps_are_the_command_lines_own(folder, capsys):
    assert main(["rollback", "churn", "--dry-run", "--reason", "it $drifts"]) == 0
    assert "  nbregistry rollback churn --to churn@1 --reason 'it $drifts'  the same" in capsys.readouterr().out
    assert main(["log", "chrun"]) == 1
    assert capsys.readouterr().err.endswith("next: nbregistry versions lists the models\n")


def test_next_steps_stay_in_the_registry_that_was_named(folder, capsys):
    assert main(["tag", "churn@1", "n='12'", "team=crm", "--registry", ".nbregistry"]) == 0
    assert "nbregistry tag --registry .nbregistry churn@1 n=None team=None" in capsys.readouterr().out
    assert main(["show", "churn@9", "--registry", ".nbregistry"]) == 1
    assert "next: nbregistry versions --registry .nbregistry churn" in capsys.readouterr().err


def test_an_undo_line_is_what_a_shell_needs_to_undo_it(folder, capsys):
    main(["tag", "churn@1", "n='12'", 'note="it\'s $5"', '"two words"=x'])
    main(["tag", "churn@1", "n=12", "note=None", '"two words"=y'])
    undo = capsys.readouterr().out.splitlines()[-1].removeprefix("to undo: nbregistry ")
    assert main(shlex.split(undo)) == 0
    assert nbregistry.open().get("churn@1").tags == {"n": "12", "note": "it's $5", "two words": "x"}


def test_what_needs_a_notebook_says_so(folder, capsys):
    assert main(["show", "churn@1"]) == 0
    out = capsys.readouterr().out
    assert "  %nbr load churn@1 --as model  the model itself, in a notebook\n" in out
    assert "  nbregistry lineage churn@1 " in out


def test_what_a_user_wrote_is_not_translated(folder, capsys):
    nbregistry.open().describe("churn@1", "run %versions churn before %nbr verify")
    assert main(["show", "churn@1"]) == 0
    assert "run %versions churn before %nbr verify" in capsys.readouterr().out


READING = [
    ["versions"], ["versions", "churn"], ["models"], ["log"], ["verify"], ["gc"], ["show", "churn@1"],
    ["lineage", "churn@1"], ["export", "churn@1", "x.zip"], ["backup", "there"], ["tag", "churn@1", "a=b"],
]  # fmt: skip


@pytest.mark.parametrize("argv", READING, ids=" ".join)
def test_a_registry_that_is_not_there_is_an_error(in_folder, capsys, argv):
    assert main([*argv, "--registry", "nope"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"NotFound: there is no registry at {in_folder / 'nope'}\n")
    assert f"nbregistry {argv[0]} --registry PATH" in err
    assert list(in_folder.iterdir()) == []


def test_the_release_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"nbregistry {nbregistry.__version__}\n"


def test_json_has_no_character_that_acts_on_a_terminal(folder, capsys):
    hostile = "\x1b[2J \x9b31m \x7f \u202e \u2066 \u200f \u2028 \ufeff \U000e0041 caf\xe9 \u4e2d"
    nbregistry.open().describe("churn@1", hostile)
    for argv in (["show", "churn@1"], ["log"], ["versions", "churn"]):
        assert main([*argv, "--json"]) == 0
        out = capsys.readouterr().out
        assert out.removesuffix("\n").isprintable()
        assert hostile in _texts(strict(out))
        assert "caf\xe9 \u4e2d" in out


def _texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value]


def test_importing_the_main_module_runs_nothing():
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['x', 'versoins']; import nbregistry.__main__; print('on')"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "on\n", "")


def test_plain_keeps_what_json_has_and_names_versions_by_reference(folder):
    assert plain({"a": (1, None, frozenset({"y", "x"}))}) == {"a": [1, None, ["x", "y"]]}
    assert next(iter(plain(nbregistry.open().get("churn@1")).items())) == ("ref", "churn@1")
