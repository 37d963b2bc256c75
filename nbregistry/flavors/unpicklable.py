"""Finding the part of a model that cannot be stored, so that an error can name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 20


def explain(model: Any, error: Exception) -> Refused:
    """Say which part of a model cannot be stored, and what to do about it."""
    if RecursionError in {type(error), type(error.__cause__)}:
        return Refused(
            "the model cannot be stored: it is nested too deeply",
            hint="sys.setrecursionlimit(10_000), then run it again",
        )
    path, part = _culprit(model)
    kind = type(part).__name__
    hint = f"set {path} to None, register, and put it back after loading; or give its owner a __getstate__"
    if part is model:
        hint = f"give {kind} a __getstate__, or register the files that it is made from"
    return Refused(
        f"the model cannot be stored: {path} is a {kind}, which cannot be pickled ({_first_line(error)})",
        hint=hint,
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__


def _culprit(model: Any) -> tuple[str, Any]:
    """Descend to the innermost part that fails, by the attributes and items that a user can name."""
    path, part = "model", model
    seen = {id(model)}
    for _ in range(_DEEPEST):
        for name, child in _children(part):
            if id(child) not in seen and not _picklable(child):
                seen.add(id(child))
                path, part = path + name, child
                break
        else:
            break
    return path, part


def _children(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        yield from ((f"[{key!r}]", value) for key, value in part.items())
    elif isinstance(part, list | tuple):
        yield from ((f"[{index}]", value) for index, value in enumerate(part))
    elif not isinstance(part, type):
        yield from ((f".{name}", value) for name, value in getattr(part, "__dict__", {}).items())


def _picklable(part: Any) -> bool:
    import cloudpickle

    try:
        # Arrays are passed over, not copied.
        cloudpickle.dumps(part, protocol=5, buffer_callback=lambda _: None)
    except Exception:  # noqa: BLE001  whatever a __reduce__ raises
        return False
    return True
