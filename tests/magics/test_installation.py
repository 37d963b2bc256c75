from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from nbregistry import magics
from nbregistry.magics.dispatch import SHORT_VERBS


def state(shell):
    table = shell.magics_manager.magics
    return (
        dict(table["line"]),
        dict(table["cell"]),
        list(shell.Completer.custom_matchers),
        set(vars(shell.magics_manager.user_magics)),
    )


def test_unload_leaves_everything_as_it_was(bare):
    before = state(bare)
    magics.load(bare)
    assert state(bare) != before
    magics.unload(bare)
    assert state(bare) == before


def test_all_of_it_is_added_without_a_word_where_names_are_free(bare):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        magics.load(bare)
    assert {"nbr", *(verb.name for verb in SHORT_VERBS)} <= set(bare.magics_manager.magics["line"])
    assert {"nbr", "register"} <= set(bare.magics_manager.magics["cell"])


@pytest.mark.parametrize("kind", ["line", "cell"])
def test_a_name_that_is_held_is_left_alone_with_one_warning(bare, kind):
    def theirs(line, cell=None):
        return "theirs"

    bare.register_magic_function(theirs, kind, "register")
    bare.register_magic_function(theirs, "line", "compare")
    with pytest.warns(UserWarning, match="holds %register, %compare: use %nbr register, %nbr compare") as caught:
        magics.load(bare)
    assert len(caught) == 1
    assert bare.magics_manager.magics[kind]["register"] is theirs
    assert bare.run_line_magic("compare", "") == "theirs"
    magics.unload(bare)
    assert bare.magics_manager.magics[kind]["register"] is theirs
    assert bare.run_line_magic("compare", "") == "theirs"


def test_a_name_that_another_extension_brings_later_is_held_too(bare):
    bare.magics_manager.lazy_magics["lineage"] = "their.extension"
    with pytest.warns(UserWarning, match="%lineage"):
        magics.load(bare)
    assert "lineage" not in bare.magics_manager.magics["line"]
    del bare.magics_manager.lazy_magics["lineage"]


def test_unload_leaves_what_came_after(bare):
    magics.load(bare)
    bare.register_magic_function(lambda line: "theirs", "line", "compare")
    magics.unload(bare)
    assert bare.run_line_magic("compare", "") == "theirs"
    assert "promote" not in bare.magics_manager.magics["line"]


def test_loading_twice_is_loading_once(bare):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        magics.load(bare)
        magics.load(bare)
    assert len(bare.Completer.custom_matchers) == 1


def test_unloading_what_was_never_loaded_is_nothing(bare):
    magics.unload(bare)


def test_the_extension_loads_by_name_and_touches_no_disk(bare, tmp_path):
    before = sorted(tmp_path.rglob("work/*"))
    bare.run_line_magic("load_ext", "nbregistry")
    assert "nbr" in bare.magics_manager.magics["line"]
    assert sorted(tmp_path.rglob("work/*")) == before
    bare.run_line_magic("unload_ext", "nbregistry")
    assert "nbr" not in bare.magics_manager.magics["line"]


def test_only_the_notebook_side_imports_ipython():
    parts = "nbregistry.cli, nbregistry.magics.verbs, nbregistry.magics.session"
    code = f"import sys, {parts}; assert 'IPython' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
