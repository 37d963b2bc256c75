"""Checks that a text of LightGBM holds trees, before LightGBM's own parser takes its indices on trust."""

from __future__ import annotations

import json
import re
from typing import Any

_LARGEST = 1 << 31
_SPLITS = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
_PER_SPLIT = (*_SPLITS, "split_gain", "internal_value", "internal_weight", "internal_count")
_PER_LEAF = ("leaf_value", "leaf_weight", "leaf_count")
_CATEGORIES = ("cat_boundaries", "cat_threshold")
_TREE = frozenset({*_PER_SPLIT, *_PER_LEAF, *_CATEGORIES, "num_leaves", "num_cat", "is_linear", "shrinkage", "Tree"})
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|inf|nan)"
_NUMBERS = re.compile(rf"(?:{_NUMBER}(?: {_NUMBER})*)?")
# What follows the trees: how much each feature was used, what the training was told, and the categories of pandas.
_TAIL = re.compile(
    r"\s*end of trees\n+(?:feature_importances:\n(?:[^\n=]+=[0-9.e+-]+\n)*\n?)?"
    r"(?:\n*parameters:\n(?:\[[a-z0-9_]+: [^\n\[\]]*\]\n)*\nend of parameters\n)?\n*(?:pandas_categorical:([^\n]*)\n)?"
)


def check_text(text: str) -> None:
    """Make sure that LightGBM can read a model, and that asking it stays within it.

    Raises
    ------
    ValueError
        Saying what is wrong; also for what is not known here, such as linear models at the leaves.
    """
    head, _, rest = text.partition("\n\n")
    try:
        known = _pairs(head)
        features = int(known["max_feature_idx"]) + 1
        groups = int(known["num_tree_per_iteration"])
        _need(1 <= groups < _LARGEST and int(known["num_class"]) >= 1 and 0 < features < _LARGEST, "numbers")
        for name in ("feature_names", "feature_infos"):
            _need(len(known[name].split(" ")) == features, "features")
        sizes = [int(size) for size in known.get("tree_sizes", "").split()]
        _need(len(sizes) % groups == 0, "trees")
        content, at = rest.lstrip("\n").encode(), 0
        for number, size in enumerate(sizes):
            tree = content[at : at + size].decode()
            _need(size >= 0 and tree.startswith(f"Tree={number}\n"), "sizes of trees")
            _check_tree(_pairs(tree), features)
            at += size
        tail = _TAIL.fullmatch(content[at:].decode())
        if tail is None:
            raise ValueError("what follows its trees is not what is written there")
        json.loads(tail[1] or "null")
    except (KeyError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"it lacks a part ({error!s:.80})") from error


def _need(holds: Any, part: str) -> None:
    if not holds:
        raise ValueError(f"its {part} do not fit each other")


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = line.partition("=")
        _need(name not in found or not name, "lines")
        found[name] = value
    return found


def _check_tree(tree: dict[str, str], features: int) -> None:
    leaves, categorical = int(tree["num_leaves"]), int(tree["num_cat"])
    _need(1 <= leaves < _LARGEST and categorical >= 0 and tree["is_linear"] == "0", "leaves")
    _need(_TREE.issuperset(filter(None, tree)) and len(_numbers(tree["shrinkage"])) == 1, "lines")
    _need(_count(tree["leaf_value"]) == leaves, "leaves")
    if leaves == 1:  # then the rest may be left out
        _need(categorical == 0 and not any(_numbers(tree.get(name, "")) for name in _PER_SPLIT), "leaves")
        return
    _need(all(_count(tree[name]) == leaves for name in _PER_LEAF), "leaves")
    _need(all(_count(tree[name]) == leaves - 1 for name in _PER_SPLIT), "splits")
    values = {name: _numbers(tree[name]) for name in _SPLITS}
    _need(all(0 <= feature < features for feature in values["split_feature"]), "features")
    # Each split but the first, and each leaf, is below exactly one other: so there is no way in a circle.
    below = sorted([*values["left_child"], *values["right_child"]])
    _need(below == [*range(-leaves, 0), *range(1, leaves - 1)], "children")
    ends, words = (
        [int(number) for number in _numbers(tree.get(f"cat_{name}", ""))] for name in ("boundaries", "threshold")
    )
    if categorical:
        _need(len(ends) == categorical + 1 and ends[0] == 0 and ends[-1] == len(words), "categories")
        _need(ends == sorted(ends), "categories")
    for kind, threshold in zip(values["decision_type"], values["threshold"], strict=True):
        _need(not int(kind) & 1 or 0 <= threshold < categorical, "categories")


def _count(text: str) -> int:
    """Count numbers whose values nothing is looked up by; most of a file is such."""
    _need(_NUMBERS.fullmatch(text), "numbers")
    return len(text.split())


def _numbers(text: str) -> list[Any]:
    return [float(word) if "." in word or "e" in word or "n" in word else int(word) for word in text.split()]
