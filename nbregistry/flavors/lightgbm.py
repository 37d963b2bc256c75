"""Models of LightGBM in its own text format; loading them executes no code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.flavors.boosting import BoostingFlavor
from nbregistry.flavors.lightgbm_text import check_text
from nbregistry.flavors.state import StateReader, StateWriter

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter


class LightGBMFlavor(BoostingFlavor):
    """Stores boosters, and the estimators around them, as text and plain attributes."""

    name = "lightgbm"
    called = "LightGBM"
    own = "text"
    member = "model.txt"
    estimators = ("LGBMModel", "LGBMClassifier", "LGBMRegressor", "LGBMRanker")
    known = ("best_iteration", "best_score", "params")

    def _written(self, booster: Any) -> bytes:
        text: str = booster.model_to_string(num_iteration=-1)
        return text.encode()

    def _check(self, content: bytes | bytearray) -> None:
        check_text(content.decode())

    def _read(self, content: bytearray, attributes: dict[str, Any]) -> Any:  # noqa: ARG002  the text says it all
        from lightgbm import Booster
        from lightgbm.basic import LightGBMError

        try:
            return Booster(model_str=content.decode())
        except LightGBMError as error:
            raise ValueError(str(error)) from error

    def _writer(self, pack: PackWriter) -> StateWriter:
        return StateWriter(pack, _encoder)

    def _reader(self, pack: PackReader) -> StateReader:
        reader = StateReader(pack, {"labels": lambda classes: _labels(reader.decode(classes))})
        return reader


def _encoder(writer: StateWriter, value: Any) -> Any:
    """Give the JSON of the one object that LightGBM's classifiers hold: what numbers their classes."""
    if type(value).__name__ == "LabelEncoder" and type(value).__module__.startswith("sklearn."):
        attributes = vars(value)
        if set(attributes) == {"classes_"}:
            return {"labels": writer.encode(attributes["classes_"])}
    return None


def _labels(classes: Any) -> Any:
    from sklearn.preprocessing import LabelEncoder

    encoder = LabelEncoder()
    encoder.classes_ = classes
    return encoder
