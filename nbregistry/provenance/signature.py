"""What a model takes and gives."""

from __future__ import annotations

from typing import Any

from nbregistry.model import Column, Signature
from nbregistry.provenance.columns import describe_columns

OUTPUTS = {
    "classifier": "class label",
    "regressor": "number",
    "clusterer": "cluster label",
    "outlier_detector": "outlier label",
    "transformer": "transformed columns",
    "density_estimator": "log density",
}


def infer_signature(model: Any, X: Any = None) -> Signature:
    """Read a model's signature from what its fit left on it, and the dtypes from the data.

    Parameters
    ----------
    model : object
        Fitted or not; pipelines and searches answer for their steps.
    X : array-like, optional
        Rows as the model takes them, e.g. those it was trained on.

    Returns
    -------
    Signature

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> signature = infer_signature(LogisticRegression().fit([[0.0], [1.0]], ["no", "yes"]))
    >>> signature.features, signature.output, signature.classes
    (1, 'class label', ('no', 'yes'))
    """
    columns, count = describe_columns(X) if X is not None else ((), None)
    names = _read(model, "feature_names_in_")
    if names is not None:
        # The model's own names and order count; the data can only add dtypes.
        dtypes = {column.name: column.dtype for column in columns}
        columns = tuple(Column(str(name), dtypes.get(str(name), "")) for name in names)
    features = _read(model, "n_features_in_")
    if features is None:
        features = len(columns) or count
    elif len(columns) != features:  # rows of another shape tell nothing about this model's columns
        columns = ()
    return Signature(
        inputs=columns,
        features=None if features is None else int(features),
        output=_output(model),
        classes=_classes(model),
    )


def _read(model: Any, name: str) -> Any:
    """Read an attribute that may be a property which fails in its own way, as on an unfitted pipeline."""
    if isinstance(model, type):
        return None
    try:
        return getattr(model, name, None)
    except Exception:  # noqa: BLE001 - a third party's property must not stand in the way of a registration
        return None


def _output(model: Any) -> str:
    kind = ""
    if not isinstance(model, type) and hasattr(model, "__sklearn_tags__"):
        from sklearn.utils import get_tags

        try:
            kind = get_tags(model).estimator_type or ""
        except (AttributeError, TypeError):  # a class that mixes scikit-learn's bases in the wrong order
            kind = ""
    kind = kind or str(_read(model, "_estimator_type") or "")
    if not kind and _read(model, "transform") is not None and _read(model, "predict") is None:
        kind = "transformer"
    return OUTPUTS.get(kind, "")


def _classes(model: Any) -> tuple[str, ...]:
    classes = _read(model, "classes_")
    if classes is None or getattr(classes, "ndim", 0) != 1:  # a list of arrays where there are several targets
        return ()
    return tuple(str(label) for label in classes.tolist())
