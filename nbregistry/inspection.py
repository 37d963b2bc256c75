"""What an inspection of a version found: what loading it would import and call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

ImportGroup = Literal["suspicious", "unknown", "recorded", "standard library"]
"""How an import is rated: feared for what it can do; of no recorded package; of one; of Python itself."""


@dataclass(frozen=True)
class Import:
    """One thing that loading a version would import.

    Attributes
    ----------
    module, name : str
        ``""`` as the module where the name is computed while it loads.
    group : str
        ``"suspicious"``, ``"unknown"``, ``"recorded"`` or ``"standard library"``.
    reason : str
        Why it is in that group, where that needs a word.
    called : tuple of str
        The opcodes that would run it: ``REDUCE``, ``BUILD``, ``NEWOBJ`` …; empty if it is only referred to.
    times : int
    given : tuple of str
        Some texts that it would be called with.
    file : str
        Where that stands.
    """

    module: str
    name: str
    group: ImportGroup
    reason: str = ""
    called: tuple[str, ...] = ()
    times: int = 1
    given: tuple[str, ...] = ()
    file: str = ""

    @property
    def path(self) -> str:
        """Module and name in one."""
        return f"{self.module or '?'}.{self.name}"


@dataclass(frozen=True)
class EmbeddedCode:
    """Code that a version carries by value.

    Attributes
    ----------
    name, file : str
        As they were where it was written.
    names : tuple of str
        Globals and attributes that it uses.
    alarming : tuple of str
        Those of them that it is feared for.
    """

    name: str
    file: str
    names: tuple[str, ...]
    alarming: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Inspection(Shown):
    """What loading a version would import and call, told without loading it: advice, and no gate.

    Attributes
    ----------
    ref, flavor, format : str
    executes_code : bool
        Whether the format can execute code; asked of the flavor, not of the record.
    signed_by : str
    trusted : bool
        Whether that key is trusted here.
    loads : bool
        Whether ``load`` would go ahead, with no ``trust=``.
    files : tuple of (path, bytes)
    imports : tuple of Import
        The suspicious first.
    codes : tuple of EmbeddedCode
    opcodes : dict
        How often each opcode occurs that calls something.
    problems : tuple of str
        Why this may not be all.
    """

    ref: str
    flavor: str
    format: str
    executes_code: bool
    signed_by: str
    trusted: bool
    loads: bool
    files: tuple[tuple[str, int], ...] = ()
    imports: tuple[Import, ...] = ()
    codes: tuple[EmbeddedCode, ...] = ()
    opcodes: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def suspicious(self) -> tuple[Import, ...]:
        """The imports that are feared for what they can do."""
        return tuple(found for found in self.imports if found.group == "suspicious")

    def to_frame(self) -> pd.DataFrame:
        """Give one row an import: ``group, module, name, called, times, reason, file``."""
        import pandas as pd

        rows = [
            (found.group, found.module, found.name, ", ".join(found.called), found.times, found.reason, found.file)
            for found in self.imports
        ]
        columns = ["group", "module", "name", "called", "times", "reason", "file"]
        return pd.DataFrame(rows, columns=columns, dtype="object").astype(
            {name: "int64" if name == "times" else "str" for name in columns}
        )
