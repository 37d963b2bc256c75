"""What changes an object, under whatever name: it is kept, and what changes others is not."""

from __future__ import annotations

import pytest

from tests.provenance.slicing.cutting import cut, kept

START = """
import bisect, heapq, operator
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
df = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
x = np.array([3.0, 1.0, 2.0])
other = [5, 4]
items = [3, 1]
scaler, svc = StandardScaler(), SVC()
pipe = Pipeline([("scale", scaler), ("svc", svc)])
search = GridSearchCV(pipe, {})
class Box: pass
box = Box()
class Counter:
    def __init__(self):
        self.seen = []
    def add(self, what):
        self.seen.append(what)
counter = Counter()
# %%
"""


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ("df.drop(columns='b', inplace=True)", "df"),
        ("df['c'] = 1", "df"),
        ("df.loc[0, 'a'] = 9", "df"),
        ("df['a'].fillna(0, inplace=True)", "df"),
        ("df.columns = ['p', 'q']", "df"),
        ("df.insert(0, 'z', 1)", "df"),
        ("df.pop('a')", "df"),
        ("del df['a']", "df"),
        ("x[0] = 7", "x"),
        ("x += 1", "x"),
        ("x[:2] *= 2", "x"),
        ("x.sort()", "x"),
        ("x.T[0] = 4", "x"),
        ("x.reshape(3, 1)[0] = 4", "x"),
        ("np.asarray(x)[0] = 4", "x"),
        ("x.shape = (3, 1)", "x"),
        ("np.add(x, 1, out=x)", "x"),
        ("np.copyto(x, 0)", "x"),
        ("np.random.RandomState(0).shuffle(x)", "x"),
        ("np.random.shuffle(x)", "x"),
        ("np.fill_diagonal(x, 0)", "x"),
        ("heapq.heappush(items, 2)", "items"),
        ("bisect.insort(items, 2)", "items"),
        ("operator.setitem(items, 0, 2)", "items"),
        ("items.append(4)", "items"),
        ("items[:] = []", "items"),
        ("items += [1]", "items"),
        ("del items[0]", "items"),
        ("[items.append(i) for i in range(3)]", "items"),
        ("(lambda held: held.append(1))(items)", "items"),
        ("list(map(items.append, [1, 2]))", "items"),
        ("setattr(box, 'a', 1)", "box"),
        ("getattr(items, 'append')(1)", "items"),
        ("box.a = 1", "box"),
        ("counter.add(1)", "counter"),
        ("counter.seen.append(1)", "counter"),
        ("Counter.add(counter, 1)", "counter"),
        ("pipe.fit(x, x)", "pipe"),
        ("pipe.fit(x, x)", "svc"),
        ("pipe.set_params(svc__C=2)", "svc"),
        ("svc.C = 2", "pipe"),
        ("svc.set_params(C=2)", "search"),
        ("pipe.named_steps['svc'].C = 2", "svc"),
        ("pipe[-1].C = 2", "svc"),
        ("pipe.steps.append(('more', SVC()))", "pipe"),
        ("search.fit(x, x)", "search"),
        ("fitted = svc.fit(x, x)", "svc"),
    ],
)
def test_a_change_is_kept(change: str, target: str) -> None:
    assert change in kept(START + change + "\n", target)


@pytest.mark.parametrize(
    ("harmless", "target"),
    [
        ("df.head()", "df"),
        ("df.describe().T", "df"),
        ("df['a'].plot()", "df"),
        ("df.groupby('a').b.mean().plot.bar()", "df"),
        ("df.dropna()", "df"),
        ("df.copy()['a'] = 1", "df"),
        ("(df + 1).pop('a')", "df"),
        ("print(df, x)", "df"),
        ("x.mean()", "x"),
        ("sorted(items)", "items"),
        ("x.copy().sort()", "x"),
        ("(x + 1)[0] = 3", "x"),
        ("other.append(items)", "items"),
        ("list(items).append(3)", "items"),
        ("svc.predict(x)", "svc"),
        ("search.fit(x, x)", "pipe"),
        ("search.fit(x, x)", "svc"),
        ("SVC().fit(x, x)", "svc"),
        ("SVC().fit(x, x)", "x"),
        ("heapq.heappush(other, 2)", "items"),
        ("len(items) and max(items)", "items"),
        ("assert len(items) == 2", "items"),
        ("counter.seen", "counter"),
        ("np.sort(x)", "x"),
        ("LinearRegression().fit(df, x)", "df"),
    ],
)
def test_what_changes_nothing_of_it_is_left_out(harmless: str, target: str) -> None:
    assert harmless not in kept(START + harmless + "\n", target)


def test_a_method_under_a_name_of_its_own_changes_its_object() -> None:
    text = START + "add = items.append\nadd(3)\nsee = counter.add\nsee(4)\n"
    assert kept(text, "items")[-2:] == ["add = items.append", "add(3)"]
    assert kept(text, "counter")[-2:] == ["see = counter.add", "see(4)"]


def test_what_a_container_was_given_is_changed_through_it() -> None:
    text = "a, shelf = [1], []\nshelf.append(a)\nshelf[-1].append(2)\n"
    assert kept(text, "a") == text.splitlines()


def test_what_a_model_keeps_and_gives_is_changed_with_it() -> None:
    text = "from sklearn.manifold import TSNE\nmodel = TSNE()\nX = model.fit_transform([[1.0], [2.0]])\nX *= 2\n"
    assert kept(text, "model")[-1] == "X *= 2"
    assert kept(text + "model.fit([[3.0]])\n", "X")[-1] == "X *= 2"


def test_a_rebound_name_takes_nothing_with_it() -> None:
    assert kept("x = [1]\nx.append(2)\ny = x\nx = [3]\nx.append(4)\n", "x") == ["x = [3]", "x.append(4)"]
    assert kept("x = [1]\nx.append(2)\ny = x\nx = [3]\ny.append(4)\n", "y") == [
        "x = [1]",
        "x.append(2)",
        "y = x",
        "y.append(4)",
    ]


def test_a_display_has_its_axes_when_it_was_plotted():
    text = """
        from sklearn.metrics import PrecisionRecallDisplay
        p, r = read()
        display = PrecisionRecallDisplay(precision=p, recall=r)
        display.plot()
        print(display)
        title = display.ax_.get_title()
    """
    script = cut(text, "title").script
    assert "display.plot()" in script
    assert "print" not in script
