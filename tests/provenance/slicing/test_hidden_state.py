"""Random states, settings, files and folders: what no name stands for is needed all the same."""

from __future__ import annotations

import pytest

from tests.provenance.slicing.cutting import cut, kept

NUMPY = "import numpy as np\n"


def test_a_draw_needs_those_before_it_back_to_the_seed() -> None:
    text = (
        NUMPY
        + "np.random.seed(0)\na = np.random.rand()\nnp.random.seed(1)\nb = np.random.rand()\nx = np.random.rand()\n"
    )
    assert kept(text, "x") == [
        "import numpy as np",
        "np.random.seed(1)",
        "b = np.random.rand()",
        "x = np.random.rand()",
    ]


def test_what_was_seen_to_draw_nothing_is_left_out() -> None:
    text = """
        import numpy as np
        from sklearn.linear_model import LogisticRegression
        np.random.seed(0)
        # %%
        other = LogisticRegression().fit(X, y)
        # %%
        x = np.random.rand()
        """
    assert not any("other" in line for line in kept(text, "x", drew=()))
    assert any("other" in line for line in kept(text, "x", drew=("numpy.random",)))


def test_a_cell_that_drew_nobody_knows_where_keeps_all_that_calls() -> None:
    text = "import numpy as np\nnp.random.seed(0)\n# %%\na = 1\nb = strange(a)\n# %%\nx = np.random.rand()\n"
    assert "b = strange(a)" in kept(text, "x", drew=("numpy.random",))
    assert "b = strange(a)" not in kept(text, "x", drew=())


def test_where_the_library_was_only_just_loaded_what_surely_draws_counts() -> None:
    text = "import numpy as np\nnp.random.seed(0)\na = np.random.rand()\nx = np.random.rand()\n"
    assert "a = np.random.rand()" in kept(text, "x", drew=())


def test_the_cell_that_loads_numpy_has_not_drawn_for_that() -> None:
    text = "import numpy as np\nx = np.asarray(strange())\n# %%\ny = strange()\n"
    assert not cut(text, "x", drew=("numpy.random",)).unseeded
    assert cut(text, "y", drew=("numpy.random",)).unseeded


def test_a_cell_that_seeds_anew_and_draws_as_much_leaves_the_state_as_it_was() -> None:
    text = """
        import numpy as np
        # %%
        np.random.seed(0)
        a = np.random.rand()
        # %%
        np.random.seed(0)
        x = np.random.rand()
        """
    assert kept(text, "x", drew=()) == ["import numpy as np", "np.random.seed(0)", "x = np.random.rand()"]


def test_an_unseeded_draw_is_said_and_keeps_no_draw_before_it() -> None:
    found = cut(NUMPY + "a = np.random.rand()\nx = np.random.rand()\n", "x")
    assert "a = " not in found.script
    assert found.unseeded == ("cell 1 draws from the random numbers of numpy, which no cell had seeded",)
    assert set(found.unseeded) <= set(found.doubts)


@pytest.mark.parametrize(
    "draws", ["rng.rand()", "make_blobs(random_state=rng)", "SVC(random_state=rng).fit(X, y)", "f()"]
)
def test_a_state_of_ones_own_is_changed_by_each_draw(draws: str) -> None:
    text = f"""
        import numpy as np
        from sklearn.datasets import make_blobs
        from sklearn.svm import SVC
        X, y = [[1], [2]], [0, 1]
        rng = np.random.RandomState(0)
        def f():
            return rng.rand()
        first = {draws}
        x = rng.rand()
        """
    assert f"first = {draws}" in kept(text, "x")


@pytest.mark.parametrize(
    ("setting", "is_kept"),
    [
        ("sklearn.set_config(transform_output='pandas')", True),
        ("sklearn.set_config(display='text')", False),
        ("pd.set_option('mode.copy_on_write', True)", True),
        ("pd.set_option('display.max_rows', 5)", False),
        ("pd.options.display.max_rows = 5", False),
        ("np.set_printoptions(precision=2)", False),
        ("plt.rcParams['figure.dpi'] = 50", False),
        ("plt.style.use('ggplot')", False),
        ("warnings.filterwarnings('ignore')", False),
        ("logging.basicConfig()", False),
        ("time.sleep(0)", False),
    ],
)
def test_settings_are_kept_where_they_matter(setting: str, is_kept: bool) -> None:
    text = f"""
        import logging, time, warnings
        import matplotlib.pyplot as plt
        import numpy as np
        import pandas as pd
        import sklearn
        {setting}
        # %%
        x = sklearn.preprocessing.StandardScaler().fit_transform(pd.DataFrame(np.ones(3)))
        """
    assert (setting in kept(text, "x")) is is_kept


def test_a_file_that_is_read_back_brings_who_wrote_it() -> None:
    text = """
        import pandas as pd
        from pathlib import Path
        a, b = pd.DataFrame([1]), pd.DataFrame([2])
        a.to_csv("a.csv")
        b.to_csv("b.csv")
        name = "a.csv"
        x = pd.read_csv(Path("./") / name)
        """
    assert 'a.to_csv("a.csv")' in kept(text.replace('Path("./") / name', "name"), "x")
    assert 'b.to_csv("b.csv")' not in kept(text.replace('Path("./") / name', "name"), "x")


def test_a_file_of_no_known_name_may_be_any() -> None:
    text = "import pandas as pd\na = pd.DataFrame([1])\na.to_csv(input())\nx = pd.read_csv('a.csv')\n"
    assert "a.to_csv(input())" in kept(text, "x")


def test_a_file_that_nobody_reads_is_not_written() -> None:
    assert kept("import joblib\nx = [1]\njoblib.dump(x, 'x.joblib')\n", "x") == ["x = [1]"]


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("!wget http://example.org/a.csv", True),
        ("!cut -f1 all.csv > a.csv", True),
        ("!ls -l", False),
        ("!pip install pandas", False),
        ("%cd data", True),
        ("%matplotlib inline", False),
        ("%load_ext autoreload", False),
        ("%env DATA=1", False),
        ("%who", False),
    ],
)
def test_shell_lines_and_magics_are_kept_where_they_matter_to_a_file(line: str, is_kept: bool) -> None:
    assert (line in kept(f"import pandas as pd\n# %%\n{line}\n# %%\nx = pd.read_csv('a.csv')\n", "x")) is is_kept


def test_the_environment_is_kept_for_who_reads_it() -> None:
    text = "import os\nos.environ['A'] = '1'\n%env B=2\nx = os.environ['A']\n"
    assert "os.environ['A'] = '1'" in kept(text, "x")
