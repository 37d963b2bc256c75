"""Reads UBJSON as XGBoost writes it, and checks that its trees are trees.

XGBoost's own parser takes sizes and indices of a file on trust: a number changed at random ends the process once in ten
times. So each file is read here first, where a wrong size is an error and nothing more, and the trees are checked for
what a prediction follows blindly: children, features, categories.
"""

from __future__ import annotations

import itertools
import struct
from typing import Any

_NUMBERS = {"i": ">b", "U": ">B", "I": ">h", "l": ">i", "L": ">q", "d": ">f", "D": ">d"}
_TYPES = {"i": ">i1", "U": ">u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
_WORDS = {"Z": None, "T": True, "F": False}
_DEEPEST = 32
_MOST_CATEGORIES = 1 << 24
_NO_PARENT = (1 << 31) - 1
_PER_NODE = (
    "left_children", "right_children", "parents", "split_indices", "default_left", "split_conditions", "base_weights",
    "loss_changes", "sum_hessian", "split_type",
)  # fmt: skip
_PER_SPLIT = ("categories_nodes", "categories_segments", "categories_sizes")


def check_model(content: bytes | bytearray) -> None:
    """Make sure that XGBoost can read a model, and that asking it stays within it.

    Raises
    ------
    ValueError
        Saying what is wrong; also for what is not known here, such as trees with vectors at their leaves.
    """
    try:
        learner = _Reader(content).whole()["learner"]
        shape = {name: int(value) for name, value in learner["learner_model_param"].items() if name.startswith("num_")}
        kind, booster = learner["gradient_booster"]["name"], learner["gradient_booster"]
        if kind == "dart":
            _need(len(booster["weight_drop"]) == len(booster["gbtree"]["model"]["trees"]), "weights of trees")
            booster = booster["gbtree"]
        features, groups = shape["num_feature"], max(1, shape["num_class"], shape["num_target"])
        if kind == "gblinear":
            _need(len(booster["model"]["weights"]) == (features + 1) * groups, "weights")
        else:
            _need(kind in ("gbtree", "dart"), "kind")
            _check_trees(booster["model"], features, groups)
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise ValueError(f"it lacks a part ({error!s:.80})") from error


def _need(holds: Any, part: str) -> None:
    if not holds:
        raise ValueError(f"its {part} do not fit each other")


def _check_trees(model: dict[str, Any], features: int, groups: int) -> None:
    trees, param = model["trees"], model["gbtree_model_param"]
    _need(int(param["num_trees"]) == len(trees) == len(model["tree_info"]), "trees")
    _need(1 <= int(param["num_parallel_tree"]) <= max(1, len(trees)), "trees")
    _need(all(0 <= group < groups for group in model["tree_info"]), "groups of trees")
    rounds = list(model["iteration_indptr"])
    rising = all(one <= other for one, other in itertools.pairwise(rounds))
    _need(rounds and rounds[0] == 0 and rounds[-1] == len(trees) and rising, "rounds")
    for tree in trees:
        _check_tree(tree, features)
    if cats := model.get("cats"):
        _check_categories(cats, features)


def _check_tree(tree: dict[str, Any], features: int) -> None:
    import numpy as np

    nodes = int(tree["tree_param"]["num_nodes"])
    _need(nodes >= 1 and int(tree["tree_param"]["size_leaf_vector"]) <= 1, "nodes")
    _need(int(tree["tree_param"]["num_feature"]) == features, "features")
    _need(all(isinstance(tree[name], np.ndarray) and len(tree[name]) == nodes for name in _PER_NODE), "nodes")
    left, right = tree["left_children"].astype(np.int64), tree["right_children"].astype(np.int64)
    inner = left != -1
    _need(np.array_equal(inner, right != -1), "children")
    children = np.concatenate([left[inner], right[inner]])
    # Each node but the root is the child of one at most: so there is no way in a circle.
    _need(not children.size or (children.min() >= 1 and children.max() < nodes), "children")
    _need(len(np.unique(children)) == len(children), "children")
    parents, places = tree["parents"].astype(np.int64), np.flatnonzero(inner)
    _need(np.array_equal(parents[left[inner]], places) and np.array_equal(parents[right[inner]], places), "parents")
    orphans = np.delete(parents, children)  # the root, and what was pruned
    _need(((orphans == _NO_PARENT) | ((orphans >= -1) & (orphans < nodes))).all(), "parents")
    split = tree["split_indices"].astype(np.int64)
    _need(split.min() >= 0 and (split[inner] < features).all(), "features")
    _need(set(np.unique(tree["split_type"]).tolist()) <= {0, 1}, "kinds of splits")
    first, starts, sizes = (np.asarray(tree[name], np.int64) for name in _PER_SPLIT)
    categories = np.asarray(tree["categories"], np.int64)
    _need(len(first) == len(starts) == len(sizes), "categories")
    _need(np.array_equal(first, np.flatnonzero((tree["split_type"] == 1) & inner)), "categories")
    if first.size:
        _need(starts.min() >= 0 and sizes.min() >= 0 and sizes.max() <= len(categories), "categories")
        _need(starts.max() <= len(categories) and (starts + sizes).max() <= len(categories), "categories")
    _need(not categories.size or (categories.min() >= 0 and categories.max() < _MOST_CATEGORIES), "categories")


def _check_categories(cats: dict[str, Any], features: int) -> None:
    """Check the names of categories that data frames had, by which later ones are matched."""
    enc, segments, order = cats["enc"], list(cats["feature_segments"]), list(cats["sorted_idx"])
    if not enc:
        _need(not any(segments) and not order, "names of categories")
        return
    _need(len(enc) == features and len(segments) == features + 1 and segments[0] == 0, "names of categories")
    _need(segments[-1] == len(order), "names of categories")
    for index, names in enumerate(enc):
        count = segments[index + 1] - segments[index]
        _need(count >= 0, "names of categories")
        _need(sorted(order[segments[index] : segments[index + 1]]) == list(range(count)), "names of categories")
        if "offsets" in names:
            offsets = list(names["offsets"])
            _need(not count or len(offsets) == count + 1, "names of categories")
            _need(all(one <= other for one, other in itertools.pairwise(offsets)), "names of categories")
            _need(not offsets or (offsets[0] == 0 and offsets[-1] == len(names["values"])), "names of categories")
        else:
            _need(len(names["values"]) == count, "names of categories")


class _Reader:
    """A reader that believes no size.

    Parameters
    ----------
    content : bytes
    """

    def __init__(self, content: bytes | bytearray) -> None:
        self._content = content
        self._at = 0

    def whole(self) -> Any:
        """Read the only value."""
        value = self._value(0)
        if self._at != len(self._content):
            raise ValueError("there is more behind its end")
        return value

    def _take(self, count: int) -> bytes | bytearray:
        if not 0 <= count <= len(self._content) - self._at:
            raise ValueError("a size in it is larger than it is")
        self._at += count
        return self._content[self._at - count : self._at]

    def _marker(self) -> str:
        return self._take(1).decode("latin-1")

    def _number(self, marker: str) -> Any:
        form = _NUMBERS.get(marker)
        if form is None:
            raise ValueError(f"it has {marker!a} where a number belongs")
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _size(self) -> int:
        size = self._number(self._marker())
        if type(size) is not int:
            raise ValueError("a size in it is no whole number")
        return size

    def _text(self) -> str:
        return self._take(self._size()).decode()

    def _value(self, depth: int) -> Any:
        marker = self._marker()
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        if marker == "{":
            return self._object(depth)
        if marker == "[":
            return self._array(depth)
        if marker == "S":
            return self._text()
        return _WORDS[marker] if marker in _WORDS else self._number(marker)

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._content[self._at : self._at + 1] != b"}":
            name = self._text()
            if name in found:
                raise ValueError("it says the same thing twice")
            found[name] = self._value(depth + 1)
        self._at += 1
        return found

    def _array(self, depth: int) -> Any:
        import numpy as np

        marker = self._marker()
        form = ""
        if marker == "$":
            form, marker = self._marker(), self._marker()
        if marker != "#" or (form and form not in _NUMBERS):
            raise ValueError("it has a list of no size, or of no type")
        size = self._size()
        if form:
            kind = np.dtype(_TYPES[form])
            return np.frombuffer(self._take(size * kind.itemsize), kind)
        if not 0 <= size <= len(self._content):
            raise ValueError("a size in it is larger than it is")
        return [self._value(depth + 1) for _ in range(size)]
