"""Checks that a text of LightGBM holds trees, before LightGBM's own parser takes its indices on trust."""

from __future__ import annotations

from typing import Any

_END = "end of trees"
_LARGEST = 1 << 31
_PER_SPLIT = ("split_feature", "threshold", "decision_type", "left_child", "right_child")


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
        content = rest.lstrip("\n").encode()
        for number, size in enumerate(sizes):
            tree, content = content[:size].decode(), content[size:]
            _need(size >= 0 and tree.startswith(f"Tree={number}\n"), "sizes of trees")
            _check_tree(_pairs(tree), features)
        _need(content.lstrip(b"\n").startswith(_END.encode()), "end of trees")
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
    _need(1 <= leaves < _LARGEST and categorical >= 0 and tree.get("is_linear", "0") == "0", "leaves")
    _need(len(_numbers(tree["leaf_value"])) == leaves, "leaves")
    if leaves == 1:
        _need(categorical == 0, "categories")
        return
    values = {name: _numbers(tree[name]) for name in _PER_SPLIT}
    _need(all(len(found) == leaves - 1 for found in values.values()), "splits")
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


def _numbers(text: str) -> list[Any]:
    return [float(word) if "." in word or "e" in word or "n" in word else int(word) for word in text.split()]
