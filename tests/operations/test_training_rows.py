"""What is kept of the rows that a version was trained on, and what it tells of the rows it is scored on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import nbregistry
from nbregistry.artifacts.pack import digests_of
from nbregistry.operations.needed import artifacts_of
from nbregistry.operations.training_rows import fingerprints_of_training, read_training_rows
from nbregistry.provenance.rows import row_fingerprints
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()
MIXED = pd.concat([X_test.iloc[:150], X_train.iloc[:50]]), pd.concat([y_test.iloc[:150], y_train.iloc[:50]])


def kept(registry: Registry, ref: str) -> list[int] | None:
    found = read_training_rows({"training_rows": registry.get(ref).training_rows}, registry._workspace.store)
    return None if found is None else found.tolist()


def test_each_row_is_kept_once_whatever_its_order(registry: Registry) -> None:
    registry.register("m", pipeline(), train=(X_train, y_train))
    assert kept(registry, "m@1") == sorted(set(fingerprints_of_training(row_fingerprints(X_train.to_numpy())).tolist()))
    shuffled = pd.concat([X_train, X_train.iloc[:9]]).sample(frac=1, random_state=0)
    registry.register("m", forest(), train=(shuffled, [0] * len(shuffled)))
    assert registry.get("m@2").training_rows == registry.get("m@1").training_rows
    registry.register("m", forest())
    assert registry.get("m@3").training_rows is None
    assert kept(registry, "m@3") is None


def test_a_version_says_that_it_was_scored_on_rows_it_was_trained_on(registry: Registry) -> None:
    version = registry.register("m", pipeline(), train=(X_train, y_train), on=MIXED)
    assert version.registration is not None
    assert "it was trained on 25.0% (50) of the rows it was scored on" in "; ".join(version.registration.warnings)
    assert "it was trained on 25.0% (50)" in repr(version)
    clean = registry.register("m", pipeline(), train=(X_train, y_train), on=(X_test, y_test))
    assert clean.registration is not None
    assert "trained on" not in "; ".join(clean.registration.warnings)
    same = registry.register("m", pipeline(), train=(X_train, y_train), on=(X_train, y_train))
    assert same.registration is not None
    assert "it was scored on the rows it was trained on" in "; ".join(same.registration.warnings)


def test_so_does_an_evaluation_also_of_rows_in_another_order_and_table(registry: Registry) -> None:
    registry.register("m", forest(), train=(X_train, y_train))
    with pytest.warns(UserWarning, match="feature names"):
        found = registry.evaluate("m@1", MIXED[0].to_numpy()[::-1], MIXED[1].to_numpy()[::-1])
    assert any("it was trained on 25.0% (50)" in warning for warning in found.warnings)
    assert repr(found).count("it was trained on 25.0% (50)") == 1
    assert not registry.evaluate("m@1", X_test, y_test).warnings
    whole = registry.evaluate("m@1", X_train, y_train)
    assert whole.on_training_rows
    assert repr(whole).count("rows it was trained on") == 1


def test_they_stay_as_long_as_something_is_said_of_the_version(registry: Registry) -> None:
    registry.register("m", pipeline(), train=(X_train, y_train))
    registry.register("m", forest())
    registry.archive("m@1")
    registry.gc(dry_run=False, archived=True)
    assert registry.get("m@1").collected_at
    assert kept(registry, "m@1")
    assert "the training rows of m@1" in dict(artifacts_of(registry._workspace.view()))
    assert registry.verify().ok


def test_they_travel(registry: Registry, tmp_path: Path) -> None:
    registry.register("m", pipeline(), train=(X_train, y_train), on=(X_test, y_test))
    registry.export("m@1", tmp_path / "m.nbr")
    other = nbregistry.open(tmp_path / "other")
    other.import_(tmp_path / "m.nbr")
    registry.backup(tmp_path / "copy")
    for arrived in (other, nbregistry.open(tmp_path / "copy")):
        assert kept(arrived, "m@1") == kept(registry, "m@1")
        assert arrived.verify().ok
        arrived.gc(dry_run=False)
        assert kept(arrived, "m@1")


def test_a_lost_one_is_found_by_verify_and_stands_in_no_one_s_way(registry: Registry, root: Path) -> None:
    """A release that did not know of them may have collected them."""
    registry.register("m", pipeline(), train=(X_train, y_train), on=(X_test, y_test))
    registry.register("m", forest(), on=(X_test, y_test))
    store = registry._workspace.store
    digest = registry.get("m@1").training_rows
    assert digest
    store.discard(digests_of(store, digest))
    shutil.rmtree(root / "trash")
    assert kept(registry, "m@1") is None
    assert registry.compare("m@1", "m@2").to_frame()["verdict"].notna().any()
    assert any("the training rows of m@1" in problem for problem in registry.verify().problems)


def test_evaluations_keep_which_rows_they_were(registry: Registry) -> None:
    version = registry.register("m", pipeline(), on=(X_test, y_test))
    rows = version.evaluations[0].rows["fingerprint"]
    assert rows.dtype == np.uint64
    assert len(set(rows.tolist())) == len(X_test)
    assert "fingerprint" not in version.evaluations[0].to_frame()
