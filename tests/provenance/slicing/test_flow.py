"""Blocks are cut inside, and what decides how far they run is kept with what runs in them."""

from __future__ import annotations

from tests.provenance.slicing.cutting import cut, kept


def test_a_loop_keeps_the_lines_of_its_body_that_are_needed() -> None:
    assert kept(
        """
        total, shown = 0, []
        for i in range(9):
            print(i)
            total += i
            shown.append(i)
        """,
        "total",
    ) == ["total, shown = 0, []", "for i in range(9):", "    total += i"]


def test_what_leaves_a_loop_is_kept_with_its_condition() -> None:
    assert kept(
        """
        total, patience = 0, 3
        while True:
            total += 1
            print(total)
            if total > 10:
                print("enough")
                patience -= 1
                if patience < 0:
                    break
        """,
        "total",
    ) == [
        "total, patience = 0, 3",
        "while True:",
        "    total += 1",
        "    if total > 10:",
        "        patience -= 1",
        "        if patience < 0:",
        "            break",
    ]


def test_a_branch_of_which_nothing_is_needed_is_pass() -> None:
    assert kept(
        """
        x = 1
        if x > 2:
            print("more")
        elif x > 1:
            x = 5
        else:
            print("less")
        """,
        "x",
    ) == ["x = 1", "if x > 2:", "    pass", "elif x > 1:", "    x = 5"]


def test_else_is_kept_where_its_branch_is() -> None:
    assert kept("x = 1\nif x:\n    print(1)\nelse:  # otherwise\n    x = 2\n    print(x)\n", "x") == [
        "x = 1",
        "if x:",
        "    pass",
        "else:  # otherwise",
        "    x = 2",
    ]


def test_an_attempt_is_kept_whole() -> None:
    text = "import a\ntry:\n    from fast import f\n    print(1)\nexcept ImportError:\n    f = None\nx = f\n"
    assert kept(text, "x") == text.splitlines()[1:]


def test_statements_on_one_line_are_kept_together_with_what_they_need() -> None:
    assert kept("a = 1\nb = 2\nc = 3\nx = a; y = b\n", "x") == ["a = 1", "b = 2", "x = a; y = b"]


def test_a_head_on_several_lines_is_kept_whole() -> None:
    text = "x = []\nfor (\n    a,\n    b,\n) in [\n    (1, 2),\n]:\n    x.append(a)\n    print(b)\n"
    assert kept(text, "x") == text.splitlines()[:-1]


def test_the_parts_of_a_block_remember_their_lines() -> None:
    found = cut("x = 0\nfor i in range(2):\n    print(i)\n", "i")
    assert [(part.source, part.lines) for part in found.parts] == [("for i in range(2):\n    pass", (2,))]


def test_functions_bring_what_they_name_when_they_are_called() -> None:
    text = """
        scale = 2
        unused = 3
        def double(x):
            return helper(x) * scale
        def plot(x):
            return unused
        def helper(x):
            return x + shift
        shift = 1
        y = double(4)
        shift = 5
        plot(y)
        """
    assert kept(text, "y") == [
        "scale = 2",
        "def double(x):",
        "    return helper(x) * scale",
        "def helper(x):",
        "    return x + shift",
        "shift = 1",
        "y = double(4)",
    ]


def test_a_function_given_to_a_model_brings_what_it_names_at_the_end() -> None:
    text = """
        from sklearn.preprocessing import FunctionTransformer
        k = 1
        model = FunctionTransformer(lambda x: x * k)
        k = 3
        """
    assert kept(text, "model")[-1] == "k = 3"


def test_a_class_brings_what_its_methods_name() -> None:
    text = """
        from sklearn.base import BaseEstimator
        eps = 1e-3
        unused = 4
        class Model(BaseEstimator):
            def fit(self, X):
                self.mean_ = X + eps
                return self
        model = Model().fit(2)
        """
    assert "eps = 1e-3" in kept(text, "model")
    assert "unused = 4" not in kept(text, "model")


def test_a_deleted_name_is_gone() -> None:
    assert kept("x = [1]\ny = x\ndel x\nprint(y)\n", "y") == ["x = [1]", "y = x"]


def test_dict_entries_bring_only_the_statements_of_what_they_hold() -> None:
    text = "a, b = [1], [2]\nboth = {'a': a}\nboth['a'].append(3)\nb.append(4)\n"
    assert kept(text, "both['a']") == ["a, b = [1], [2]", "both = {'a': a}", "both['a'].append(3)"]
