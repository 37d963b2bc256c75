"""What is recorded around a model: who, where, with what, from which data and code."""

from nbregistry.provenance.actor import actor
from nbregistry.provenance.code import capture_code
from nbregistry.provenance.data import describe_data
from nbregistry.provenance.environment import capture_environment
from nbregistry.provenance.params import algorithm_of, is_fitted, read_params, training_seconds
from nbregistry.provenance.signature import infer_signature

__all__ = [
    "actor",
    "algorithm_of",
    "capture_code",
    "capture_environment",
    "describe_data",
    "infer_signature",
    "is_fitted",
    "read_params",
    "training_seconds",
]
