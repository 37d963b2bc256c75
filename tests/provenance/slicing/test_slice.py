"""The slice as a document, and the facts that stand in it beside the lines."""

from __future__ import annotations

import json

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import Slice, analyse, slice_cells
from tests.provenance.slicing.cutting import cut

SESSION = """
    import pandas as pd
    import matplotlib.pyplot as plt
    from sklearn.linear_model import LogisticRegression
    # %%
    df = pd.read_csv("churn.csv")
    df.plot()
    other = pd.read_csv("other.csv")
    # %%
    # a comment
    X_train = df.drop(columns="left")
    y_train = df["left"]

    model = LogisticRegression()
    model.fit(X_train, y=y_train, sample_weight=None)
    print(model.score(X_train, y_train))
"""


def test_it_keeps_lines_as_they_were_typed_and_says_which() -> None:
    found = cut(SESSION, "model")
    assert [(part.number, part.lines, part.id) for part in found.parts] == [
        (1, (1, 3), "c1"),
        (2, (1,), "c2"),
        (3, (2, 3, 5, 6), "c3"),
    ]
    assert found.script.startswith("import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n\ndf =")
    assert (found.kept_lines, found.all_lines) == (7, 11)


def test_it_says_what_was_read_and_what_it_was_trained_with() -> None:
    found = cut(SESSION, "model")
    assert found.reads == (("df", "churn.csv"),)
    assert found.training == ("X_train", "y_train")
    assert found.targets == ("model",)


def test_it_goes_through_json_unchanged() -> None:
    found = cut(
        SESSION + "    import numpy as np\n    model.extra = np.random.rand()\n", "model", drew=("numpy.random",)
    )
    assert found.unseeded
    assert Slice.from_document(json.loads(json.dumps(found.to_document()))) == found


def test_nothing_makes_an_empty_slice() -> None:
    found = slice_cells([], ["model"])
    assert (found.parts, found.script) == ((), "")
    assert found.doubts == ("the name model is used in the target and no cell binds it",)


def test_the_facts_of_a_text_are_read_once() -> None:
    assert analyse("x = 1  # once") is analyse("x = 1  # once")


def test_two_runs_of_one_text_are_told_apart() -> None:
    cells = [Cell(1, "x = [0]"), Cell(2, "x.append(1)"), Cell(3, "x = [5]"), Cell(4, "x.append(1)")]
    assert [part.number for part in slice_cells(cells, ["x"]).parts] == [3, 4]
