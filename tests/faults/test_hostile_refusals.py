"""An error that quotes what somebody wrote is one plain block, and nothing was done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import nbregistry
from nbregistry.errors import RegistryError
from tests.faults.hostile import HALVES, TEXTS
from tests.faults.looks import look_at_everything, refusal_of
from tests.faults.stories import MODEL, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry


def _in_quotes(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


WRONG: dict[str, Callable[[Registry, str], object]] = {
    "get": lambda r, text: r.get(text),
    "get a version of it": lambda r, text: r.get(f"{text}@1"),
    "get by it": lambda r, text: r.get(f"m@{text}"),
    "get a URI": lambda r, text: r.get(f"models:/{text}/1"),
    "versions": lambda r, text: r.versions(text),
    "where": lambda r, text: r.versions("m", where=text),
    "where a key": lambda r, text: r.versions("m", where=f"tags.{text} = 1"),
    "where a text": lambda r, text: r.versions("m", where=f"tags.a = '{text}'"),
    "where like": lambda r, text: r.models(where=f"name LIKE '{text}'"),
    "order_by": lambda r, text: r.versions("m", order_by=text),
    "order by a metric": lambda r, text: r.versions("m", order_by=f"-metrics.{text}"),
    "log": lambda r, text: r.log(text),
    "alias log": lambda r, text: r.log("m", alias=text),
    "moment": lambda r, text: r.get(f"m@champion{{{text}}}"),
    "lineage": lambda r, text: r.lineage(text),
    "evaluations": lambda r, text: r.evaluations(text),
    "load": lambda r, text: r.load(text),
    "evaluate": lambda r, text: r.evaluate(text, ROWS, [0, 0, 1, 1]),
    "compare": lambda r, text: r.compare("m@1", text),
    "compare, metrics": lambda r, text: r.compare("m@1", "m@2", metrics=text),
    "compare, plots": lambda r, text: r.compare("m@1", "m@2", plots=text),
    "compare, rows": lambda r, text: r.compare("m@1", "m@2", rows=text),
    "evaluate, keep": lambda r, text: r.evaluate("m@1", ROWS, [0, 0, 1, 1], keep=text),
    "compare, by": lambda r, text: r.compare("m@1", "m@2", by=text),
    "promote": lambda r, text: r.promote(text),
    "promote, alias": lambda r, text: r.promote("m@1", text),
    "promote, require": lambda r, text: r.promote("m@1", "live", require=text),
    "promote, require a metric": lambda r, text: r.promote("m@1", "live", require=f"{_in_quotes(text)} > 2"),
    "promote, require a version": lambda r, text: r.promote(
        "m@1", "live", require=f"f1 better than {_in_quotes(text)}"
    ),
    "check": lambda r, text: r.check(text, "approved"),
    "policy": lambda r, text: r.policy(f"m@{text}!", "approved"),
    "policy, requirement": lambda r, text: r.policy("m@live", text),
    "rollback": lambda r, text: r.rollback(text),
    "rollback, to": lambda r, text: r.rollback("m", to=text),
    "rollback, alias": lambda r, text: r.rollback("m", alias=text),
    "tag": lambda r, text: r.tag(text, a=1),
    "tag, key": lambda r, text: r.tag("m@1", **{text: object()}),
    "describe": lambda r, text: r.describe(text, text),
    "approve": lambda r, text: r.approve("m@1", text, reason="x"),  # type: ignore[arg-type]
    "archive": lambda r, text: r.archive(text),
    "restore": lambda r, text: r.restore(text),
    "export": lambda r, text: r.export(text, "x.zip"),
    "export, path": lambda r, text: r.export("m@1", f"no folder/{text}"),
    "card": lambda r, text: r.card(text),
    "bom": lambda r, text: r.bom(text),
    "export_log": lambda r, text: r.export_log("log.jsonl", text),
    "export_log, path": lambda r, text: r.export_log(f"no folder/{text}"),
    "verify_log": lambda _, text: nbregistry.verify_log(f"no folder/{text}"),
    "verify_log, trust": lambda _, text: nbregistry.verify_log("FILE", trust=text),
    "import": lambda r, text: r.import_(f"no folder/{text}"),
    "backup": lambda r, text: r.backup(f"FILE/{text}"),
    "open": lambda _, text: nbregistry.open(f"no folder/{text}", read_only=True),
    "trust": lambda r, text: r.trust(text),
    "untrust": lambda r, text: r.untrust(text),
    "register": lambda r, text: r.register(text, object()),
    "register, model": lambda r, text: r.register("n", f"no folder/{text}"),
    "register, metrics": lambda r, text: r.register("n", MODEL, metrics={text: "high"}),
    "register, value": lambda r, text: r.register("n", MODEL, metrics={"a": text}),  # type: ignore[dict-item]
    "register, tags": lambda r, text: r.register("n", MODEL, tags={text: object()}),
    "register, alias": lambda r, text: r.register("n", MODEL, alias=text + "!"),
    "register, parents": lambda r, text: r.register("n", MODEL, parents=text),
    "register, class": lambda r, text: r.register("n", type(text.replace("\0", ""), (), {})),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_error_that_quotes_it_is_one_plain_block(registry: Registry, in_folder: Path, wrong: str) -> None:
    (in_folder / "FILE").write_text("")
    for metric in (0.5, 0.6):
        registry.register("m", {"w": np.array([metric])}, metrics={"accuracy": metric}, alias="champion")
    refused = 0
    for text in [*TEXTS, *HALVES, "x" * 5000]:
        if wrong == "register, class" and text in HALVES:
            continue  # Python itself has no such class
        before = len(registry.log())
        if refusal_of(WRONG[wrong], registry, text):
            refused += 1
            assert len(registry.log()) == before
    assert refused > 3
    assert {path.name for path in in_folder.iterdir()} <= {"FILE", "x.zip"}


@pytest.mark.parametrize("half", HALVES, ids=ascii)
def test_half_a_character_is_refused_by_name_and_what_the_system_says_is_written_out(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    frame, labels = pd.DataFrame(ROWS, columns=[half]), np.array([half, half, "b", "b"])
    for words in (
        {"tags": {half: 1}}, {"tags": {"a": half}}, {"params": {half: 1}}, {"params": {"a": half}},
        {"metrics": {half: 1}}, {"description": half}, {"train": (frame, labels)}, {"train_name": half},
    ):  # fmt: skip
        with pytest.raises(RegistryError, match="lone surrogate"):
            registry.register("m", MODEL, **words)  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="lone surrogate"):
        registry.register("m", LogisticRegression().fit(ROWS, labels))
    assert not (root / "log").exists()
    named = half.encode("utf-8", "backslashreplace").decode()
    if half.isascii() or half[0] in "\udc80\udcff":  # the bytes of a file name that are no text
        monkeypatch.setenv("JUPYTERHUB_USER", half)
        monkeypatch.setenv("JPY_SESSION_NAME", f"{half}.ipynb")
    version = nbregistry.open(root).register("m", MODEL)
    if os.environ["JUPYTERHUB_USER"] == half:
        assert (version.created_by, version.code["notebook"]) == (named, f"{named}.ipynb")
    look_at_everything(registry)
