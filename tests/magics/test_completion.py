from __future__ import annotations

import pandas as pd
import polars as pl
import pytest
from IPython.core.completer import provisionalcompleter
from sklearn.linear_model import LogisticRegression

from nbregistry import magics
from nbregistry.errors import NotFound
from nbregistry.listings import Holding


def complete(shell, line, rest=""):
    """What the front end is told: the texts, and what of the line they replace."""
    with provisionalcompleter():
        found = list(shell.Completer.completions(line + rest, len(line)))
    return [item.text for item in found], {line[item.start : item.end] for item in found}


def texts(shell, line, rest=""):
    return complete(shell, line, rest)[0]


@pytest.fixture(autouse=True)
def _variables(shell, names):
    class Model:
        def fit(self): ...
        def predict(self): ...

    class Table:
        shape = (2, 2)

    shell.user_ns |= {"clf": Model(), "X_test": Table(), "X_train": Table(), "number": 3, "classes": [1]}


def test_verbs_after_nbr(shell):
    assert {"versions", "load", "gc", "registry", "help"} <= set(texts(shell, "%nbr "))
    assert complete(shell, "%nbr ver") == (["versions", "verify"], {"ver"})
    assert texts(shell, "%nbr help rol") == ["rollback"]


@pytest.mark.parametrize(
    "line", ["%versions chu", "c = %versions chu", "%nbr versions chu", "  %versions chu", "%nbr log chu"]
)
def test_names(shell, line):
    assert complete(shell, line) == (["churn", '"churn model"'], {"chu"})


def test_names_with_blanks_keep_the_quote_that_was_typed(shell):
    assert complete(shell, '%versions "churn m') == (['"churn model"'], {'"churn m'})
    assert texts(shell, "%versions 'churn m") == ["'churn model'"]
    assert texts(shell, '%versions "churn m', '"') == ['"churn model']


@pytest.mark.parametrize(
    "line", ["%compare ", "c = %compare ", "%compare churn@1 ", "%lineage ", "%nbr load ", "df, c = %compare "]
)
def test_references_start_with_names(shell, line):
    assert {"churn", "tumour"} <= set(texts(shell, line))


def test_after_an_alias_its_holders_before_and_the_times_of_its_moves(shell, names):
    since = ("2026-01-01T10:00:00Z", "2026-02-02T10:00:00Z", "2026-02-03T10:00:00Z", "no time")
    known = [Holding(f"churn@{number}", at) for number, at in enumerate(since, 1)]

    def log(name, *, alias):
        if alias != "champion":
            raise NotFound(f"{name} has no alias {alias}")
        return known

    names.log = log
    assert texts(shell, "%nbr show churn@champion~") == ["champion~1", "champion~2", "champion~3"]
    assert texts(shell, "%nbr show churn@champion~2") == ["champion~2"]
    assert texts(shell, "%nbr show churn@champion{2026-02") == ["2026-02-03T10:00:00Z}", "2026-02-02T10:00:00Z}"]
    assert texts(shell, "%nbr show churn@champion{2026-01", "}") == ["2026-01-01T10:00:00Z"]
    assert texts(shell, "%nbr show churn@nobody{2026") == []


def test_after_the_at_sign_only_the_suffix(shell):
    assert complete(shell, "%compare churn@cha") == (["challenger", "champion"], {"cha"})
    offered, replaced = complete(shell, "c = %compare tumour@1 tumour@")
    assert offered == ["live", "latest", "3", "2", "1"]
    assert replaced == {""}
    assert texts(shell, '%lineage "churn model@') == ['latest"', '1"']


def test_versions_are_offered_newest_first_by_their_digits(shell):
    assert texts(shell, "%lineage churn@")[3] == "10000"
    offered = texts(shell, "%lineage churn@12")
    assert offered[0] == "1299"
    assert len(offered) == 50
    assert texts(shell, "%lineage churn@999")[:3] == ["9999", "9998", "9997"]
    assert texts(shell, "%lineage churn@10001") == []


def test_parents_are_references(shell):
    assert texts(shell, "%register new clf --parents churn@1 tumour@l") == ["live", "latest"]


def test_formats_are_those_of_the_model(shell):
    shell.user_ns["pipe"] = LogisticRegression()
    assert texts(shell, "%register new pipe --format ") == ["pickle5", "cloudpickle", "skops"]
    assert complete(shell, "%register new pipe --format sk") == (["skops"], {"sk"})
    assert {"ubj", "npy", "tensors", "skops"} <= set(texts(shell, "%register new f(x) --format "))


def test_aliases(shell):
    assert texts(shell, "%promote tumour@1 ")[:2] == ["live", "champion"]
    assert texts(shell, "%rollback tumour --alias l") == ["live"]


def test_metrics(shell):
    assert texts(shell, "%compare churn@1 churn@2 --metrics ro") == ["roc_auc"]
    assert complete(shell, "%versions churn --sort -metrics.r") == (["-metrics.roc_auc"], {"-metrics.r"})
    assert "created_at" in texts(shell, "%versions churn --sort ")
    assert texts(shell, "%register new clf --metrics acc") == ["accuracy="]


def test_filters(shell):
    assert complete(shell, '%versions churn --where "metrics.ro') == (["metrics.roc_auc"], {"metrics.ro"})
    assert complete(shell, '%versions churn --where "metrics.roc_auc > 0.9 AND al') == (["alias", "algorithm"], {"al"})
    assert texts(shell, '%versions churn --where "name LIKE 1 an') == ["AND"]
    assert "metrics.roc_auc" not in texts(shell, "%versions churn --where \"tags.team = 'metrics.r")
    assert "metrics.`log loss`" in texts(shell, '%versions churn --where "')


def test_requirements(shell):
    assert complete(shell, '%nbr check churn@1 --require "ro') == (["roc_auc"], {"ro"})
    assert texts(shell, '%promote churn@1 --require "roc_auc >= 0.9, ap') == ["approved"]
    assert texts(shell, '%promote churn@1 --require "roc_auc no') == ["not worse than"]
    assert texts(shell, '%promote churn@1 --require "roc_auc not worse than ch') == ["challenger", "champion"]
    assert texts(shell, '%promote churn@1 --require "roc_auc not worse than champion b') == ["by"]
    assert texts(shell, '%promote churn@1 --require "roc_auc ') == [
        *(">=", "<=", "better than", "not worse than", "surely")
    ]
    assert texts(shell, '%promote churn@1 --require "roc_auc >= 0.9 and log_loss s') == ["surely"]
    assert texts(shell, '%promote churn@1 --require "approved ') == ["by", "and"]
    assert texts(shell, '%promote churn@1 --require "roc_auc >= 0.9 ') == ["on", "and"]
    assert texts(shell, '%promote churn@1 --require "roc_auc not worse than champion by 1% ') == ["on", "and"]
    assert texts(shell, '%nbr policy churn@champion "roc_auc not worse than ch') == ["challenger", "champion"]
    assert complete(shell, "%nbr policy churn@ch") == (["challenger", "champion"], {"ch"})
    assert texts(shell, "%nbr policy ch") == ["churn", '"churn model"', "champion", "challenger"]
    assert "log loss" not in texts(shell, "%promote churn@1 --require \"'log l")


def test_a_requirement_begins_with_its_quote_and_may_be_about_costs(shell):
    assert texts(shell, "%promote churn@1 --require ro") == ['"roc_auc']
    assert texts(shell, "%nbr policy churn@champion ap") == ['"approved']
    assert {'"roc_auc', '"size', '"approved'} <= set(texts(shell, "%nbr check churn@1 --require "))
    assert texts(shell, '%nbr check churn@1 --require "n >= 5, pred') == ["prediction_seconds"]
    assert texts(shell, "%compare churn@1 churn@2 --metrics si") == ["size"]
    assert texts(shell, '%promote churn@1 --require "roc_auc surely ') == [">=", "<="]


def test_another_version_may_be_one_of_another_model(shell):
    line = '%promote churn@1 --require "roc_auc better than tumour@'
    assert texts(shell, line) == ["live", "latest", "3", "2", "1"]
    assert complete(shell, f"{line}l") == (["live", "latest"], {"l"})


def test_columns_that_were_kept_need_no_rows(shell):
    assert texts(shell, "%compare churn@1 churn@2 --by re") == ["region"]


def test_a_requirement_knows_what_evaluations_are_called(shell):
    assert texts(shell, '%promote churn@1 --require "roc_auc >= 0.9 on ') == ["holdout", "spring-2026"]
    assert texts(shell, '%nbr policy churn@champion "roc_auc >= 0.9 on ho') == ["holdout"]
    assert texts(shell, '%promote unknown@1 --require "roc_auc >= 0.9 on ho') == []


@pytest.mark.parametrize("table", [pd.DataFrame, pl.DataFrame])
def test_columns_are_those_of_the_rows(shell, table):
    shell.user_ns["frame"] = table({"age": [31.0], "age group": ["30s"], "region": ["north"]})
    for line in (
        "%compare churn@1 churn@2 --on frame y --by region a",
        "%evaluate churn@1 frame y --keep a",
        "c = %compare churn@1 churn@2 --on frame y --slices --by a",
    ):
        assert complete(shell, line) == (["age", '"age group"'], {"a"})
    assert texts(shell, '%evaluate churn@1 frame y --keep "age g') == ['"age group"']
    shell.user_ns["frame"] = shell.user_ns["X_test"]
    assert "age" not in texts(shell, "%evaluate churn@1 frame y --keep ag")


def test_options(shell):
    assert complete(shell, "%versions churn --so") == (["--sort"], {"--so"})
    assert set(texts(shell, "%versions churn -")) == {"--help", "--where", "--sort", "--limit", "--plot"}
    assert "--where" not in texts(shell, "%versions churn --where x --")
    assert set(texts(shell, "%compare churn@1 churn@2 --")) == {
        *("--help", "--on", "--by", "--slices", "--metrics", "--alpha", "--margin", "--plots", "--weights", "--rows")
    }
    assert "--reason" in texts(shell, "%promote churn@1 champion ")


def test_choices(shell):
    assert texts(shell, "%nbr approve churn@1 R") == ["Rejected"]
    assert texts(shell, "%versions churn --plot metrics.ro") == ["metrics.roc_auc"]
    assert texts(shell, "%compare churn@1 churn@2 --plots c") == ["calibration", "confusion"]
    assert texts(shell, "%compare churn@1 churn@2 --plots roc p") == ["pr", "predicted"]


def test_variables_where_an_expression_is_expected(shell):
    offered = texts(shell, "%register churn ")
    assert offered[0] == "clf"
    assert set(texts(shell, "%compare churn@1 churn@2 --on ")[:3]) == {"X_test", "X_train", "classes"}
    assert complete(shell, "%register churn clf --on X_te") == (["X_test"], {"X_te"})
    assert complete(shell, "%evaluate churn@1 f(X_te") == (["X_test"], {"X_te"})
    assert texts(shell, "%nbr load churn@1 --as cl") == ["clf", "classes"]


def test_attributes_are_left_to_the_notebook(shell):
    assert "predict" in " ".join(texts(shell, "%register churn clf.pre"))


def test_variables_behind_the_name_of_a_data_set(shell):
    assert "X_test" in texts(shell, "%register churn clf --data prices=X_")
    assert texts(shell, "%register churn clf --data X_") == []


def test_no_options_where_values_are_still_owed(shell):
    assert "--by" not in texts(shell, "%compare churn@1 churn@2 --on X_test --")


def test_subcommands(shell, tmp_path):
    (tmp_path / "work" / "trusted").mkdir()
    assert {"trust", "trusted/"} <= set(texts(shell, "%registry tru"))


def test_the_first_line_of_a_cell(shell):
    assert texts(shell, "%%register chu") == ["churn", '"churn model"']


@pytest.mark.parametrize(
    "line", ["chu", "x = chu", "print('%versions chu", "%timeit chu", "x % versions chu", "%versions", "%%versionschu"]
)
def test_other_lines_are_none_of_our_business(shell, line):
    assert "churn" not in texts(shell, line)


def test_a_magic_that_another_extension_holds_is_theirs(shell):
    magics.unload(shell)
    shell.register_magic_function(lambda line: None, "line", "versions")
    with pytest.warns(UserWarning, match="%versions"):
        magics.load(shell)
    assert "churn" not in texts(shell, "%versions chu")
    assert "churn" in texts(shell, "%nbr versions chu")


def test_a_registry_that_cannot_be_read_offers_nothing_and_interrupts_nobody(shell, names, monkeypatch, capsys):
    def fail():
        raise NotFound("no registry")

    monkeypatch.setattr(names, "model_names", fail)
    assert "churn" not in texts(shell, "%versions chu")
    assert capsys.readouterr().err == ""
