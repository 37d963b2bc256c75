"""Models that grow or change from version to version: what the storage benchmark stores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Series:
    """Versions of one model, and what is promised for them.

    Attributes
    ----------
    key, title : str
    make : callable
        ``make(scale, folder)`` gives the models in order; a scale of 1 is the size in the title.
    share : float or None
        The goal: ours takes at most this share of the copies' bytes.
    time : float or None
        The goal: ours takes at most this many times ``joblib.dump`` and fsync, median of a version.
    again : int or None
        The goal in bytes for each version after the first.
    """

    key: str
    title: str
    make: Callable[[float, Path], Iterator[Any]]
    share: float | None = None
    time: float | None = None
    again: int | None = None


@cache
def rows(count: int) -> tuple[Any, Any]:
    """Make rows of two classes, with labels that no model learns by heart in a few trees."""
    from sklearn.datasets import make_classification

    return make_classification(count, 20, n_informative=10, flip_y=0.1, random_state=0)


def weights(scale: float, _folder: Path, versions: int = 20, layers: int = 20) -> Iterator[dict[str, Any]]:
    """100 MB of float32 in 20 layers, of which one is trained for each version."""
    random = np.random.default_rng(0)
    size = int(1_250_000 * scale)
    model = {f"layer{number}": random.standard_normal(size, dtype=np.float32) for number in range(layers)}
    for version in range(versions):
        model = model | {f"layer{version % layers}": random.standard_normal(size, dtype=np.float32)}
        yield model


def one(scale: float, _folder: Path) -> Iterator[dict[str, Any]]:
    """200 MB in one array, all of it new each time."""
    random = np.random.default_rng(1)
    for _ in range(5):
        yield {"weights": random.standard_normal(int(25_000_000 * scale))}


def forest(scale: float, _folder: Path, versions: int = 20) -> Iterator[Any]:
    """A forest that grows 10 trees at a time."""
    from sklearn.ensemble import RandomForestClassifier

    X, y = rows(int(20_000 * scale))
    model = RandomForestClassifier(warm_start=True, n_jobs=2, random_state=0)
    for version in range(1, versions + 1):
        model.n_estimators = 10 * version
        yield model.fit(X, y)


def forests(scale: float, _folder: Path) -> Iterator[Any]:
    """Forests of 116 MB that have nothing in common."""
    from sklearn.ensemble import RandomForestClassifier

    X, y = rows(int(20_000 * scale))
    for seed in range(5):
        yield RandomForestClassifier(390, n_jobs=2, random_state=seed).fit(X, y)


def same(scale: float, folder: Path) -> Iterator[Any]:
    """A forest of 59 MB, ten times."""
    *_, model = forest(scale, folder, versions=20)
    for _ in range(10):
        yield model


def histogram_boosting(scale: float, _folder: Path) -> Iterator[Any]:
    """scikit-learn's histogram boosting, continued ten times by 100 trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    X, y = rows(20_000)
    model = HistGradientBoostingClassifier(warm_start=True, early_stopping=False)
    for version in range(1, 11):
        model.max_iter = int(100 * scale * version)
        yield model.fit(X, y)


def gradient_boosting(scale: float, _folder: Path) -> Iterator[Any]:
    """scikit-learn's gradient boosting, continued ten times by 100 trees."""
    from sklearn.ensemble import GradientBoostingClassifier

    X, y = rows(5_000)
    model = GradientBoostingClassifier(warm_start=True, max_depth=5, random_state=0)
    for version in range(1, 11):
        model.n_estimators = int(100 * scale * version)
        yield model.fit(X, y)


def xgboost(scale: float, _folder: Path) -> Iterator[Any]:
    """XGBoost, continued ten times by 100 rounds."""
    import xgboost

    data, model = xgboost.DMatrix(*rows(20_000)), None
    for _ in range(10):
        options = {"max_depth": 6, "objective": "binary:logistic", "nthread": 2}
        model = xgboost.train(options, data, int(100 * scale), xgb_model=model)
        yield model


def lightgbm(scale: float, _folder: Path) -> Iterator[Any]:
    """LightGBM, continued ten times by 100 rounds."""
    import lightgbm

    X, y = rows(20_000)
    model = None
    for _ in range(10):
        options = {"objective": "binary", "num_leaves": 63, "verbose": -1, "num_threads": 2}
        data = lightgbm.Dataset(X, y, free_raw_data=False)
        model = lightgbm.train(options, data, int(100 * scale), init_model=model)
        yield model


def opaque(scale: float, folder: Path) -> Iterator[Path]:
    """A folder of 20 files of 2 MB and one of 40 MB: one is new each time, and bytes go into the large one."""
    random = np.random.default_rng(2)
    place = folder / "model"
    place.mkdir(parents=True)
    for number in range(20):
        (place / f"{number:02}.bin").write_bytes(random.bytes(int(2_000_000 * scale)))
    large = bytearray(random.bytes(int(40_000_000 * scale)))
    for version in range(10):
        at = (version + 1) * len(large) // 12
        large[at:at] = random.bytes(1234)
        (place / "large.bin").write_bytes(large)
        (place / f"{version:02}.bin").write_bytes(random.bytes(int(2_000_000 * scale)))
        yield place


SERIES = (
    # One model and 19 changed layers of 20: 195 of 2,000 MB.
    Series("weights", "20 versions of 100 MB of weights, one of 20 layers changed each", weights, share=0.0976),
    Series("forest", "20 versions of a forest grown 10 trees at a time", forest, share=0.025, time=1),
    Series("one", "200 MB of weights, all new", one, time=1.5),
    Series("forests", "a forest of 116 MB, all new", forests, share=1 / 4, time=2),
    Series("same", "the same 59 MB again, new metadata", same, again=4096),
    Series("hist", "HistGradientBoosting continued 10 times", histogram_boosting),
    Series("gradient", "GradientBoosting continued 10 times", gradient_boosting),
    Series("xgboost", "XGBoost continued 10 times", xgboost),
    Series("lightgbm", "LightGBM continued 10 times", lightgbm),
    Series("opaque", "a folder of 80 MB of opaque files, 2 MB and an insertion new each", opaque),
)
