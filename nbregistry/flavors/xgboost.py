"""Models of XGBoost in its own format, UBJSON; loading them executes no code.

``model.ubj`` is what R's and Java's XGBoost read, too. As with ``save_model``, what only training needs (a native
booster's parameters) is not kept; the parameters of an estimator are its attributes.
"""

from __future__ import annotations

from typing import Any

from nbregistry.flavors.boosting import BoostingFlavor
from nbregistry.flavors.ubjson import check_model


class XGBoostFlavor(BoostingFlavor):
    """Stores boosters, and the estimators around them, as UBJSON and plain attributes."""

    name = "xgboost"
    called = "XGBoost"
    own = "ubj"
    member = "model.ubj"
    estimators = ("XGBModel", "XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor")

    def _written(self, booster: Any) -> bytearray:
        content: bytearray = booster.save_raw(self.own)
        return content

    def _check(self, content: bytes | bytearray) -> None:
        check_model(content)

    def _read(self, content: bytearray, attributes: dict[str, Any]) -> Any:
        from xgboost import Booster

        threads = attributes.get("n_jobs")
        booster = Booster({"nthread": threads} if type(threads) is int else None)
        booster.load_model(content)  # XGBoost's errors are ValueErrors
        return booster
