"""Every verb is documented, has help with two examples that can be read, and calls its method."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
from sklearn.linear_model import LogisticRegression

from nbregistry.errors import InvalidName, NotFound
from nbregistry.flavors import formats_known, runs_no_code
from nbregistry.magics import verbs
from nbregistry.magics.dispatch import ALL_VERBS, SHORT_VERBS
from nbregistry.magics.splitting import split
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verbs import VERBS
from nbregistry.registry import Registry

EVERY = pytest.mark.parametrize("verb", ALL_VERBS.values(), ids=lambda verb: verb.name)


def test_one_file_a_verb():
    files = {name for _, name, _ in pkgutil.iter_modules(verbs.__path__)}
    assert files == {"import_" if name == "import" else name for name in VERBS}


def test_the_contracts_verbs_are_there():
    assert set(ALL_VERBS) == {
        "register", "versions", "compare", "rollback", "promote", "check", "policy", "lineage", "evaluate",
        "evaluations", "reproduce", "load", "show", "inspect", "log", "models", "panel", "tag", "describe", "approve",
        "archive", "restore", "verify", "gc", "backup", "export", "import", "registry", "card", "bom",
    }  # fmt: skip
    assert {verb.name for verb in SHORT_VERBS} == {
        "register", "versions", "compare", "rollback", "promote", "lineage", "evaluate", "reproduce", "registry",
    }  # fmt: skip


@EVERY
def test_it_is_documented(verb):
    module = importlib.import_module(verb.run.__module__)
    assert module.__doc__
    assert module.__doc__.strip().startswith(("``%", "Which registry"))
    assert verb.summary.endswith((".", ")"))
    for action in verb.parser().options.values():
        assert action.help
    for action in verb.parser().positionals:
        assert action.help


@EVERY
def test_its_help_has_two_examples_that_its_parser_reads(verb):
    assert len(verb.examples) == 2
    assert len(set(verb.examples)) == 2
    help_text = verb.parser().format_help()
    for example in verb.examples:
        assert example in help_text
        _, found, line = example.partition(verb.magic)
        assert found
        verb.parser().parse(split(line).tokens)


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_its_method_exists(verb):
    assert callable(getattr(Registry, verb.method or verb.name))


def test_the_method_takes_every_keyword_that_register_passes(shell, recorder):
    shell.run_line_magic("register", "churn 1")
    (call,) = recorder.calls
    inspect.signature(Registry.register).bind(None, *call.args, **call.kwargs)


@pytest.mark.parametrize(
    ("line", "method", "args", "options"),
    [
        ('versions churn --where "metrics.auc > 0.9" --sort -metrics.auc --sort name --limit 5', "versions", ("churn",),
         {"where": "metrics.auc > 0.9", "order_by": ("-metrics.auc", "name"), "limit": 5, "plot": ()}),
        ("versions", "models", (), {"where": None}),
        ("versions --sort -metrics.auc", "versions", (None,),
         {"where": None, "order_by": ("-metrics.auc",), "limit": None, "plot": ()}),
        ("versions churn --plot metrics.auc f1", "versions", ("churn",),
         {"where": None, "order_by": (), "limit": None, "plot": ("metrics.auc", "f1")}),
        ("evaluations churn@1", "evaluations", ("churn@1",), {}),
        ("models --where \"alias = 'champion'\"", "models", (), {"where": "alias = 'champion'"}),
        ('compare a@1 a@2 --on X y --by sex "age group" --slices --metrics f1 --alpha .01 --margin .02 --rows shared',
         "compare", ("a@1", "a@2"),
         {"on": ([1, 2], [0, 1]), "weights": None, "by": ["sex", "age group"], "slices": True, "metrics": ["f1"],
          "alpha": 0.01, "margin": 0.02, "rows": "shared", "plots": None}),
        ("compare a@1 a@2 --plots pr roc", "compare", ("a@1", "a@2"),
         {"on": None, "weights": None, "by": None, "slices": False, "metrics": None, "alpha": 0.05, "margin": None,
          "rows": None, "plots": ["pr", "roc"]}),
        ("compare a@1 a@2", "compare", ("a@1", "a@2"),
         {"on": None, "weights": None, "by": None, "slices": False, "metrics": None, "alpha": 0.05, "margin": None,
          "rows": None,
          "plots": None}),
        ("rollback \"churn model\" --to churn@1 --alias live --reason 'a b' --dry-run", "rollback", ("churn model",),
         {"to": "churn@1", "alias": "live", "reason": "a b", "dry_run": True, "force": False,
          "isolated": False}),
        ("promote a@1", "promote", ("a@1", "champion"),
         {"reason": "", "require": [], "force": False, "dry_run": False, "isolated": False}),
        ("promote a@1 live --reason x --dry-run", "promote", ("a@1", "live"),
         {"reason": "x", "require": [], "force": False, "dry_run": True, "isolated": False}),
        ("promote a@1 --isolated", "promote", ("a@1", "champion"),
         {"reason": "", "require": [], "force": False, "dry_run": False, "isolated": True}),
        ('promote a@1 --require "f1 > 0.5" --force --require approved --reason x', "promote", ("a@1", "champion"),
         {"reason": "x", "require": ["f1 > 0.5", "approved"], "force": True, "dry_run": False, "isolated": False}),
        ('check a@1 live --require "f1 > 0.5, n >= 9" --require \'"my f1" > 0.5\'', "check",
         ("a@1", ["f1 > 0.5, n >= 9", '"my f1" > 0.5'], "live"), {}),
        ("policy", "policies", (), {}),
        ("policy a@live", "policy", ("a@live",), {}),
        ('policy live "f1 > 0.5, n >= 9" approved --reason x', "policy", ("live", ["f1 > 0.5, n >= 9", "approved"]),
         {"clear": False, "reason": "x", "dry_run": False}),
        ("policy a@live --clear --dry-run", "policy", ("a@live", None), {"clear": True, "reason": "", "dry_run": True}),
        ("check a@1", "check", ("a@1", [], "champion"), {}),
        ("lineage a@1", "lineage", ("a@1",), {"depth": None, "up": True, "down": True}),
        ("lineage a@1 --up --depth 2", "lineage", ("a@1",), {"depth": 2, "up": True, "down": False}),
        ("lineage data:sha256:ab --down", "lineage", ("data:sha256:ab",), {"depth": None, "up": False, "down": True}),
        ("lineage a@1 --up --down", "lineage", ("a@1",), {"depth": None, "up": True, "down": True}),
        ('evaluate a@1 X[:1] y --weights X --name "second clinic" --keep age', "evaluate", ("a@1", [1], [0, 1]),
         {"weights": [1, 2], "name": "second clinic", "on_name": "X[:1], y", "keep": ["age"]}),
        ("show a@1", "get", ("a@1",), {}),
        ("inspect a@1", "inspect", ("a@1",), {}),
        ("card a@1", "card", ("a@1",), {}),
        ("bom a@1", "bom", ("a@1",), {}),
        ("panel", "panel", (None,), {}),
        ("panel 'churn model'", "panel", ("churn model",), {}),
        ("log", "log", (None,), {"limit": None, "alias": None}),
        ("log a --limit 5", "log", ("a",), {"limit": 5, "alias": None}),
        ("log a --alias champion", "log", ("a",), {"limit": None, "alias": "champion"}),
        ("log a --export 'a b.jsonl'", "export_log", ("a b.jsonl", "a"), {}),
        ("log --export a.jsonl", "export_log", ("a.jsonl", None), {}),
        ('tag a@1 n=1 t="x y" gone=None', "set_tags",
         ("a@1", {"n": 1, "t": "x y", "gone": None}), {"reason": "", "dry_run": False}),
        ("tag a@1 reason=why --reason 'so it is' --dry-run", "set_tags", ("a@1", {"reason": "why"}),
         {"reason": "so it is", "dry_run": True}),
        ('describe a@1 "in a word"', "describe", ("a@1", "in a word"), {"reason": "", "dry_run": False}),
        ("approve a@1 --reason reviewed", "approve", ("a@1", "Approved"),
         {"reason": "reviewed", "dry_run": False}),
        ("approve a@1 rejected --reason no", "approve", ("a@1", "Rejected"),
         {"reason": "no", "dry_run": False}),
        ("archive a@1", "archive", ("a@1",), {"reason": "", "dry_run": False}),
        ("restore a@1 --reason back --dry-run", "restore", ("a@1",), {"reason": "back", "dry_run": True}),
        ("verify", "verify", (), {}),
        ("gc", "gc", (), {"dry_run": True, "archived": False}),
        ("gc --apply", "gc", (), {"dry_run": False, "archived": False}),
        ("gc --archived", "gc", (), {"dry_run": True, "archived": True}),
        ("backup 'a b'", "backup", ("a b",), {}),
        ("export a@1 x.zip", "export", ("a@1", "x.zip"), {}),
        ("import x.zip", "import_", ("x.zip",), {}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("recorder")
def test_it_calls_its_method(shell, line, method, args, options):
    shell.user_ns |= {"X": [1, 2], "y": [0, 1]}
    assert shell.run_line_magic("nbr", line) == (method, args, options)


def test_the_help_lists_every_format_of_every_flavor():
    text = VERBS["register"].parser().format_help()
    for flavor, formats in formats_known().items():
        told = [form if runs_no_code(flavor, form) else f"({form})" for form in formats]
        (line,) = [line for line in text.splitlines() if line.split()[:1] == [flavor]]
        assert line.replace(" for dicts of tensors", "").split(maxsplit=1)[1] == ", ".join(told)


def test_register_passes_values_and_what_they_are_called(shell, recorder):
    shell.user_ns |= {"clf": "the model", "df": {"a b": [1], "y": [0]}, "y": [2]}
    line = (
        'churn clf --on df["a b"] df["y"] --weights y --keep age "b" --data more=df["y"] z=[y, 1] --params C=0.5 '
        "kind=l2 --metrics gain=1 loss=nan "
        "--tags team=onco --parents a@1 a@2 --depends-on b@1 --no-lineage --alias champion --format skops "
        "--description 'in a word'"
    )
    call = shell.run_line_magic("register", line)
    loss = call.kwargs["metrics"].pop("loss")
    assert loss != loss
    assert call == (
        "register",
        ("churn", "the model"),
        {
            "on": ([1], [0]),
            "weights": [2],
            "train": None,
            "keep": ["age", "b"],
            "data": {"more": [0], "z": [[2], 1]},
            "params": {"C": 0.5, "kind": "l2"},
            "metrics": {"gain": 1},
            "tags": {"team": "onco"},
            "parents": ("a@1", "a@2"),
            "depends_on": ("b@1",),
            "find_lineage": False,
            "alias": "champion",
            "description": "in a word",
            "input_example": None,
            "format": "skops",
            "training_seconds": None,
            "on_name": 'df["a b"], df["y"]',
            "train_name": "",
            "model_text": "clf",
            "namespace": shell.user_ns,
        },
    )


@pytest.mark.usefixtures("recorder")
def test_register_can_be_told_to_keep_no_rows(shell):
    assert shell.run_line_magic("register", "churn 1 --no-example").kwargs["input_example"] is False


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        ("churn 1 --metrics auc=score", WrongUsage, "auc=score is no number"),
        ("churn 1 --metrics auc=True", WrongUsage, "is no number"),
        ("churn 1 --tags a=1 a=2", WrongUsage, "'a' is given twice"),
        ("churn 1 --data prices", WrongUsage, "'prices' is not of the form NAME=EXPRESSION"),
        ("churn 1 --data a=1 a=2", WrongUsage, "the data set 'a' is given twice"),
        ("--tags a=1 churn 1", WrongUsage, "'churn' is not of the form key=value"),
        ("a/b 1", InvalidName, "'/' in the model name"),
        ("churn 1 --alias v3", InvalidName, "cannot be an alias"),
    ],
)
def test_register_refuses(shell, recorder, line, error, message):
    with pytest.raises(error, match=message):
        shell.run_line_magic("register", line)
    assert not recorder.calls


@pytest.mark.parametrize(("line", "right"), [("clf churn", "churn clf"), ('clf "my churn"', '"my churn" clf')])
def test_the_model_before_the_name_is_noticed(shell, recorder, line, right):
    shell.user_ns["clf"] = LogisticRegression()
    with pytest.raises(WrongUsage, match="takes the name first: clf is a LogisticRegression") as caught:
        shell.run_line_magic("register", line)
    assert caught.value.hint == f"%register {right}"
    assert not recorder.calls


def test_a_model_of_the_same_name_as_its_variable_is_fine(shell, recorder, in_folder):
    shell.user_ns |= {"churn": LogisticRegression(), "clf": 1}
    assert shell.run_line_magic("register", "churn churn").args[0] == "churn"
    assert shell.run_line_magic("register", "churn clf").args == ("churn", 1)
    (in_folder / "model.onnx").touch()
    assert shell.run_line_magic("register", 'churn "model.onnx"').args == ("churn", "model.onnx")
    with pytest.raises(NotFound, match="no variable 'clff'"):
        shell.run_line_magic("register", "tumour clff")


def test_a_variable_in_quotes_is_noticed(shell, recorder):
    shell.user_ns["clf"] = LogisticRegression()
    with pytest.raises(WrongUsage, match="in quotes clf is a path") as caught:
        shell.run_line_magic("register", 'churn "clf"')
    assert caught.value.hint == "%register churn clf"
    assert not recorder.calls


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("compare churn 1 2", "%compare churn@1 churn@2"),
        ('compare "my churn" 1 v2', '%compare "my churn@1" "my churn@v2"'),
        ("promote churn 2", "%promote churn@2"),
    ],
)
def test_numbers_beside_a_name_are_versions(shell, recorder, line, right):
    with pytest.raises(WrongUsage, match="NAME@NUMBER") as caught:
        shell.run_line_magic("nbr", line)
    assert caught.value.hint == right
    assert not recorder.calls


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("export churn.zip churn@1", "%nbr export churn@1 churn.zip"),
        ("export C:\\churn.zip churn:1", "%nbr export churn:1 C:\\churn.zip"),
        ('promote champion "my churn@2"', '%promote "my churn@2" champion'),
    ],
)
def test_a_reference_that_comes_second_is_put_first(shell, recorder, line, right):
    with pytest.raises(WrongUsage, match="is one: it comes first") as caught:
        shell.run_line_magic("nbr", line)
    assert caught.value.hint == right
    assert not recorder.calls
    shell.run_line_magic("nbr", "export churn@1 me@home:/churn.zip")
    assert [call.method for call in recorder.calls] == ["export"]


def test_an_approval_on_a_line_needs_a_reason(shell, recorder):
    with pytest.raises(WrongUsage, match=r"%nbr approve needs --reason TEXT \(why, for the journal\)"):
        shell.run_line_magic("nbr", "approve a@1")


@pytest.mark.parametrize("name", ["register", "tag"])
def test_help_says_how_values_are_read(name):
    text = VERBS[name].parser().format_help()
    for said in ("nothing in it is evaluated", "0.5 and 12 are numbers", 'note="two words"', "batch='12'"):
        assert said in text


def test_load_binds_and_returns(shell, recorder):
    model = shell.run_line_magic("nbr", "load churn@1 --as clf")
    assert model == ("load", ("churn@1",), {"trust": None})
    assert shell.user_ns["clf"] is model


def test_limit_wants_a_number(shell, recorder):
    for verb in ("versions", "log"):
        with pytest.raises(WrongUsage, match="--limit takes a number"):
            shell.run_line_magic("nbr", f"{verb} churn --limit ten")


@pytest.mark.parametrize(
    ("line", "near", "hint"),
    [
        ("compare a@1 a@2 --alpha 5%", ("0.05",), "--alpha 0.05"),
        ("compare a@1 a@2 --margin 0,02", ("0.02",), "--margin 0.05"),
        ("compare a@1 a@2 --alpha five", (), "--alpha 0.05"),
        ('check a@2 "f1 >= 0.9"', (), '%nbr check a@2 --require "f1 >= 0.9"'),
        ('promote "my a@2" f1>=0.9', (), '%promote "my a@2" --require "f1>=0.9"'),
        ("evaluate X y a@2", (), "%evaluate a@2 X y"),
        ('policy "f1 >= 0.9"', (), '%nbr policy champion "f1 >= 0.9"'),
        ("policy a@live f1 >= 0.9", ('"f1 >= 0.9"',), '%nbr policy a@live "f1 >= 0.9"'),
        ("policy a@live --dry-run", (), '%nbr policy a@live "roc_auc >= 0.9" --reason TEXT'),
        ("check a@2 --require f1 > 0.9", ('--require "f1 > 0.9"',), "%nbr check --help"),
        ("versions a --where metrics.f1 > 0.9", ('--where "metrics.f1 > 0.9"',), "%nbr versions --help"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_the_line_that_was_meant(shell, recorder, line, near, hint):
    with pytest.raises(WrongUsage) as caught:
        shell.run_line_magic("nbr", line)
    assert (caught.value.nearest, caught.value.hint) == (near, hint)
    assert not recorder.calls


@pytest.mark.usefixtures("recorder")
def test_commas_between_metrics_and_quotes_around_numbers_do_no_harm(shell):
    call = shell.run_line_magic("compare", "a@1 a@2 --metrics f1, mcc --alpha '0.1'")
    assert (call.kwargs["metrics"], call.kwargs["alpha"]) == (["f1", "mcc"], 0.1)
