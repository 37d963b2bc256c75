"""pins on a local folder."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import joblib
import pandas as pd
import pins
import yaml

from tests.benchmarks import sample
from tests.benchmarks.worker import race

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Side:
    """A board with two pins."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.board = pins.board_folder(str(folder), allow_pickle_read=True)
        self.count = itertools.count(1)

    def populate(self, versions: int) -> Callable[[], None]:
        """Lay out the folders that ``pin_write`` leaves; the last version goes through the API."""

        def work() -> None:
            self.folder.mkdir(exist_ok=True)
            joblib.dump(sample.pipeline(), self.folder / "model")
            begin = datetime(2025, 1, 1, tzinfo=UTC)
            for name, amount in sample.sizes(versions).items():
                for index in range(amount - (name == sample.BENCH)):
                    created = (begin + timedelta(seconds=index)).strftime("%Y%m%dT%H%M%SZ")
                    place = self.folder / name / f"{created}-{index % 16**5:05x}"
                    place.mkdir(parents=True)
                    shutil.copyfile(self.folder / "model", place / f"{name}.joblib")
                    text = {
                        "api_version": 1,
                        "created": created,
                        "description": None,
                        "file": f"{name}.joblib",
                        "file_size": 1000,
                        "pin_hash": f"{index:016x}",
                        "title": name,
                        "type": "joblib",
                        "user": sample.record(index),
                    }
                    (place / "data.txt").write_text(yaml.safe_dump(text))
            (self.folder / "model").unlink()
            self._write(0)

        return work

    def _write(self, index: int, model: object = None) -> None:
        """Pin one version."""
        record = sample.record(index)
        self.board.pin_write(model or sample.pipeline(), sample.BENCH, type="joblib", metadata=record)

    def register(self) -> Callable[[], object]:
        """Pin another pipeline."""
        index = next(self.count)
        model = sample.pipeline(index)
        return lambda: self._write(index, model)

    def table(self) -> Callable[[], object]:
        """List one pin's versions with their metadata."""

        def work() -> pd.DataFrame:
            numbers = self.board.pin_versions(sample.TABLE)["version"]
            return pd.DataFrame(
                [
                    sample.flat(sample.TABLE, number, self.board.pin_meta(sample.TABLE, number).user)
                    for number in numbers
                ]
            )

        return work

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of `race`; each version's bytes differ, or pins would take two for one."""
        return lambda index: self.board.pin_write({"index": index}, "raced", type="joblib")

    def race(self, processes: int, each: int) -> float:
        """Let processes pin one name."""
        folder = self.folder.parent / f"race-pins-{next(self.count)}"
        seconds, succeeded = race("pins", folder, processes, each)
        return 1000 * seconds / succeeded if succeeded else float("inf")
