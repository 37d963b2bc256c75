"""Sequences of nouns that show themselves as a table and give it to pandas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from nbregistry.model import Evaluation, Event, ModelVersion, Policy, RegisteredModel
from nbregistry.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

Item = TypeVar("Item")


@dataclass(frozen=True, repr=False)
class Listing(Shown, Sequence[Item], Generic[Item]):
    """A sequence that shows itself as a table.

    Attributes
    ----------
    items : tuple
    total : int
        How many there are before ``limit``.
    """

    items: tuple[Item, ...] = ()
    total: int = 0

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)


@dataclass(frozen=True)
class Tenure:
    """How long a version held an alias.

    Attributes
    ----------
    version : int
    since, until : str
        ``until`` is ``""`` for the present holder.
    trusted : bool
        Whether the key that put it there is trusted here.
    """

    version: int
    since: str
    until: str = ""
    trusted: bool = True


@dataclass(frozen=True)
class Holding:
    """One version in an alias's history: from when to when it was the holder, by whom and why.

    Attributes
    ----------
    ref : str
    since, until : str
        ``until`` is ``""`` for the present holder.
    seconds : float or None
        How long that was, or is by now; ``None`` where the times do not tell.
    verb, actor, reason, key : str
        Of the commit that put it there.
    trusted : bool
        Whether that key is trusted here.
    """

    ref: str
    since: str
    until: str = ""
    seconds: float | None = None
    verb: str = ""
    actor: str = ""
    reason: str = ""
    key: str = ""
    trusted: bool = True


@dataclass(frozen=True, repr=False)
class AliasLog(Listing[Holding]):
    """What an alias was on, oldest first.

    Attributes
    ----------
    name, alias : str
    """

    name: str = ""
    alias: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Give one row a holder, with the fields of :class:`Holding`."""
        import pandas as pd

        columns = [field.name for field in fields(Holding)]
        return pd.DataFrame([[getattr(one, name) for name in columns] for one in self.items], columns=columns)


@dataclass(frozen=True, repr=False)
class Versions(Listing[ModelVersion]):
    """Versions of one model, oldest first unless ordered otherwise.

    Attributes
    ----------
    name : str
    where : str
        The filter that chose them, ``""`` for none.
    lacking : mapping
        Where the filter found nothing: the keys it asks for that no version has, each with the nearest that there are.
    limit : int or None
        The limit that was asked for: so many are shown.
    before : callable
        Gives the version before one of these, whether it is listed or not; read when it is asked for.
    beyond : callable
        Gives those that match and that limit and offset left out, in their order; read when they are asked for.
    plot : tuple of str
        Metrics that are drawn over versions and time.
    tenures : tuple of Tenure
        Which version was champion from when to when, oldest first; read where something is drawn.
    """

    name: str = ""
    where: str = ""
    limit: int | None = None
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    before: Callable[[ModelVersion], ModelVersion | None] = field(default=lambda _: None, compare=False)
    beyond: Callable[[], tuple[ModelVersion, ...]] = field(default=tuple, compare=False)
    plot: tuple[str, ...] = ()
    tenures: tuple[Tenure, ...] = ()

    @cached_property
    def matching(self) -> tuple[ModelVersion, ...]:
        """All that match, those that are listed first: what is best or live is so among these, whatever is shown."""
        return self.items + self.beyond()

    def to_frame(self) -> pd.DataFrame:
        """Give one row a version: the record's head, then ``metrics.*``, ``params.*``, ``tags.*``."""
        import pandas as pd

        head = ("name", "version", "aliases", "status", "created_at", "created_by")
        # By columns: pandas takes a dict of lists three times as fast as a list of dicts.
        columns: dict[str, list[Any]] = {key: list(map(attrgetter(key), self.items)) for key in head}
        for kind in ("metrics", "params", "tags"):
            mappings = list(map(attrgetter(kind), self.items))
            for key in dict.fromkeys(chain.from_iterable(mappings)):
                columns[f"{kind}.{key}"] = _column(mappings, key)
        return pd.DataFrame(columns)


def _column(mappings: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    """Give what mappings have under a key, NaN where one lacks it."""
    try:
        return list(map(itemgetter(key), mappings))
    except KeyError:
        return [mapping.get(key, math.nan) for mapping in mappings]


@dataclass(frozen=True, repr=False)
class Models(Listing[RegisteredModel]):
    """The registered models, by name.

    Attributes
    ----------
    where : str
        The filter that chose them, ``""`` for none.
    lacking : mapping
        Where the filter found nothing: the keys it asks for that no version has, each with the nearest that there are.
    registered : int
        How many models there are, chosen or not.
    """

    where: str = ""
    registered: int = 0
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Give one row a model: name, versions, latest, aliases, updated_at, stray_aliases."""
        import pandas as pd

        columns = [f.name for f in fields(RegisteredModel)]
        return pd.DataFrame([[getattr(model, key) for key in columns] for model in self.items], columns=columns)


@dataclass(frozen=True, repr=False)
class Evaluations(Listing[Evaluation]):
    """Evaluations of one version, oldest first.

    Attributes
    ----------
    ref : str
    """

    ref: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Give one row an evaluation: ref, name, at, n, task, dataset, then ``metrics.*``."""
        import pandas as pd

        head = ["ref", "name", "at", "n", "task"]
        rows = [
            {key: getattr(evaluation, key) for key in head}
            | {"dataset": evaluation.dataset.fingerprint}
            | {f"metrics.{key}": value for key, value in evaluation.metrics.items()}
            for evaluation in self.items
        ]
        return pd.DataFrame(rows, columns=None if rows else [*head, "dataset"])


@dataclass(frozen=True, repr=False)
class Policies(Listing[Policy]):
    """The policies of a registry, those of every model first."""

    def to_frame(self) -> pd.DataFrame:
        """Give one row a gate: requirement, of, at, actor, key, trusted."""
        import pandas as pd

        return pd.concat([Policy("").to_frame(), *(policy.to_frame() for policy in self.items)], ignore_index=True)


@dataclass(frozen=True, repr=False)
class Journal(Listing[Event]):
    """Events, newest last.

    Attributes
    ----------
    name : str
        The model that they concern, ``""`` for all.
    limit : int or None
        The limit that was asked for: so many of the last are here.
    """

    name: str = ""
    limit: int | None = None

    def about(self, ref: str) -> Journal:
        """Give the events that name one version."""
        events = tuple(event for event in self.items if _names(event, ref))
        return Journal(events, len(events), ref)

    def to_frame(self) -> pd.DataFrame:
        """Give one row an event: seq, at, actor, verb, ref, reason, detail, key, trusted."""
        import pandas as pd

        columns = [f.name for f in fields(Event)]
        return pd.DataFrame([[getattr(event, key) for key in columns] for event in self.items], columns=columns)


def _names(event: Event, ref: str) -> bool:
    return ref in event.ref.split(", ") or ref in (event.detail.get("from"), event.detail.get("to"))
