"""A model may be registered in a loop, in a function, or as it is made: what made this one is found all the same."""

from __future__ import annotations

import pytest

from nbregistry.errors import Refused
from tests.operations.notebooks import run

BEGIN = """\
import nbregistry
registry = nbregistry.open()
from sklearn.linear_model import SGDClassifier
from sklearn.svm import SVC
X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
def fit(c):
    return SVC(C=c).fit(X, y)"""
NEEDED = "from sklearn.svm import SVC\nX, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]\n\n"
COLLECTING = "from copy import deepcopy\nregistered = []  # a copy of each model, from where it was registered\n"


@pytest.fixture
def shell(shell):
    """A notebook's shell that has some data."""
    run(shell, BEGIN)
    return shell


def made(registry, *refs):
    """Run the slice of each version, and give the parameter C of what the target is then."""
    found = []
    for ref in refs:
        code = registry.code(ref)
        with_names: dict[str, object] = {}
        exec(code.script, with_names)
        found.append(eval(code.slice.targets[0], with_names).C)
        assert found[-1] == registry.get(ref).params.get("C", 1.0)
    return found


def test_in_a_loop(shell, registry):
    run(
        shell,
        "for c in (1, 2, 3):\n    clf = SVC(C=c).fit(X, y)\n    print(c)\n    registry.register('churn', clf)\nz = 1",
    )
    code = registry.code("churn@2")
    assert code.slice.targets == ("registered[1]",)
    assert code.script == (
        f"{NEEDED}{COLLECTING}for c in (1, 2, 3):\n    clf = SVC(C=c).fit(X, y)\n    registered.append(deepcopy(clf))\n"
    )
    assert code.slice.parts[-1].lines == (1, 2, 4)
    assert code.slice.training == ("X", "y")
    assert made(registry, "churn@1", "churn@2", "churn@3") == [1, 2, 3]


def test_by_a_magic_in_a_loop(shell, registry):
    run(
        shell,
        "for c in (1, 2):\n    clf = SVC(C=c).fit(X, y)\n    %register churn clf \\\n       --tags team=a\n    c = 3",
    )
    assert registry.code("churn@1").script.endswith("    registered.append(deepcopy(clf)\n    )\n")
    assert made(registry, "churn@1", "churn@2") == [1, 2]


def test_one_object_that_goes_on_being_trained(shell, registry):
    run(
        shell,
        "clf = SGDClassifier(random_state=0)",
        "for _ in range(3):\n    clf.partial_fit(X, y, [0, 1])\n    registry.register('churn', clf)",
    )
    for version in (1, 2, 3):
        code, again = registry.code(f"churn@{version}"), {}
        exec(code.script, again)
        assert eval(code.slice.targets[0], again).t_ == registry.load(f"churn@{version}").t_ == 4.0 * version + 1


def test_in_a_function_of_an_earlier_cell(shell, registry):
    run(
        shell,
        "def train(c):\n    m = SVC(C=c).fit(X, y)\n    registry.register('churn', m)\n    return 'done'",
        "for c in (1, 2):\n    train(c)",
        "print(train(3))",
    )
    code = registry.code("churn@3")
    assert code.slice.targets == ("registered[0]",)
    assert [part.source for part in code.slice.parts[1:]] == [
        "def train(c):\n    m = SVC(C=c).fit(X, y)\n    registered.append(deepcopy(m))\n    return 'done'",
        f"{COLLECTING}print(train(3))",
    ]
    assert code.slice.training == ()  # what the function calls X may be anything outside of it
    assert made(registry, "churn@1", "churn@2", "churn@3") == [1, 2, 3]


@pytest.mark.parametrize(
    "cell",
    [
        "[registry.register('churn', fit(c)) for c in (1, 2)]",
        "{c: registry.register('churn', fit(c)) for c in (1, 2)}",
        "list(map(lambda c: registry.register('churn', fit(c)), (1, 2)))",
        "def both():\n    return [registry.register('churn', fit(c)) for c in (1, 2)]\nboth()",
        "for c in (1, 2):\n    if c:\n        'é'; v = registry.register('churn',\n            fit(c),\n        )",
        "for c in (1, 2):\n    v = registry.register(name='churn', model=fit(c)).ref; print('é', v)",
        "registered = (1, 2)\nfor c in registered:\n    m = fit(c)\n    registry.register('churn', m)",
        "for c in (1, 2):\n    registry.register('churn', fit(c))\n    registry.register('other', fit(9))",
    ],
)  # fmt: skip
def test_wherever_it_stands(shell, registry, cell):
    run(shell, cell)
    assert made(registry, "churn@1", "churn@2") == [1, 2]


def test_a_registration_that_was_refused_counts_too(shell, registry):
    run(
        shell,
        "for c, parent in ((1, []), (2, 'churn@9'), (3, [])):\n    m = fit(c)\n    try:\n"
        "        registry.register('churn', m, parents=parent)\n    except Exception as e:\n        print(e)",
    )
    assert registry.code("churn@2").slice.targets == ("registered[2]",)
    assert made(registry, "churn@1", "churn@2") == [1, 3]


def test_as_it_is_made(shell, registry):
    run(shell, "registry.register('churn', SVC(C=2).fit(X, y))\nprint(1)", "a = SVC(C=3).fit(X, y)")
    assert registry.code("churn@1").script == f"{NEEDED}registered = SVC(C=2).fit(X, y)\n"
    assert made(registry, "churn@1") == [2]


def test_on_the_line_that_made_it(shell, registry):
    run(shell, "a = SVC(C=2).fit(X, y); registry.register('churn', a); a.set_params(C=5)")
    assert registry.code("churn@1").script == f"{NEEDED}a = SVC(C=2).fit(X, y)\n"


def test_by_a_helper_that_is_no_notebook_s(shell, registry, in_folder):
    (in_folder / "publishing.py").write_text(
        "import nbregistry\ndef publish(model):\n    nbregistry.open().register('churn', model)\n"
    )
    run(
        shell, "import sys\nsys.path.insert(0, '.')\nimport publishing", "b = SVC(C=2).fit(X, y)\npublishing.publish(b)"
    )
    code = registry.code("churn@1")
    assert code.slice.targets == ("b",)
    assert "b = SVC(C=2).fit(X, y)" in code.script


def test_made_again_in_a_fresh_kernel(shell, registry):
    run(
        shell,
        "def train(c):\n    registry.register('churn', SVC(C=c).fit(X, y))",
        "for c in (1, 2):\n    train(c)",
    )
    assert registry.reproduce("churn@1").outcome == "identical bytes"
    assert registry.reproduce("churn@2").outcome == "identical bytes"


def test_what_nobody_can_point_at_is_not_made_up(shell, registry):
    run(
        shell,
        "from threading import Thread",
        "thread = Thread(target=lambda: registry.register('churn', fit(1)))\nthread.start()\nthread.join()",
    )
    with pytest.raises(Refused, match="was not found"):
        registry.reproduce("churn@1")
