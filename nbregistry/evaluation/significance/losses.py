"""What each row costs: metrics that are the mean of one number a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def log_losses(target: Array, probabilities: Array) -> Array:
    """Give minus the logarithm of the probability of the true class, kept off zero as scikit-learn keeps it.

    Parameters
    ----------
    target : ndarray of int, n
        Numbers of classes.
    probabilities : ndarray of float, n or n × classes
        Of the second class, or of each.
    """
    import numpy as np

    smallest = np.finfo(probabilities.dtype).eps
    if probabilities.ndim == 1:
        of_true = np.where(target == 1, probabilities, 1 - probabilities)
    else:
        of_true = probabilities[np.arange(len(target)), target]
    losses: Array = -np.log(np.clip(of_true, smallest, 1 - smallest))
    return losses


def brier_losses(target: Array, probabilities: Array) -> Array:
    """Give the squared distance of the probabilities from what came, over all classes if there are more.

    Parameters
    ----------
    target, probabilities : ndarray
        As :func:`log_losses` has them.
    """
    import numpy as np

    if probabilities.ndim == 1:
        binary: Array = (probabilities - (target == 1)) ** 2
        return binary
    came = np.eye(probabilities.shape[1])[target]
    losses: Array = ((probabilities - came) ** 2).sum(axis=1)
    return losses


def absolute_errors(target: Array, prediction: Array) -> Array:
    """Give how far each prediction is off."""
    import numpy as np

    errors: Array = np.abs(target - prediction)
    return errors


def relative_errors(target: Array, prediction: Array) -> Array:
    """Give how far each prediction is off, as a share of the truth, which is never zero."""
    import numpy as np

    errors: Array = np.abs(target - prediction) / np.abs(target)
    return errors
