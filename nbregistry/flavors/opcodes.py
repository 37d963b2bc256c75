"""What a pickle would import and call, told from its opcodes; nothing of it runs.

A pickle is a program for a small stack machine. Here it is followed with stand-ins in place of objects: texts stay
texts, so that a name put together from two of them is found, and everything else is only remembered as what it would
be made by. Whatever a program looks like, it is followed once from its start, each opcode in constant time.
"""

from __future__ import annotations

import pickletools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_OPCODES = 2_000_000
_MOST_IMPORTS = 2_000
_MOST_CODES = 200
_MOST_NAMES = 60
_LONGEST = 200
_DEEPEST = 3
_MOST_TEXTS = 3
_CHAIN = 50
_STOP = b"."

CALLS = frozenset({"REDUCE", "BUILD", "NEWOBJ", "NEWOBJ_EX", "INST", "OBJ"})
"""Opcodes that run something that was imported."""
COMPUTED = ""
"""Module of an import whose name is no text in the pickle."""

_TEXTS = frozenset(
    {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE", "STRING", "BINSTRING", "SHORT_BINSTRING"}
)
_BYTES = frozenset({"BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_MEMO = _GETS | {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
# Functions that import the module whose name they are given.
_IMPORTERS = frozenset({"subimport", "import_module", "__import__"})


class Text(NamedTuple):
    """A text, or what bytes are taken for."""

    text: str


class Name(NamedTuple):
    """Something that was imported."""

    module: str
    name: str


class Made(NamedTuple):
    """What a call returns."""

    by: Any
    given: Any


class Items(NamedTuple):
    """A tuple."""

    items: tuple[Any, ...]


_MARK = object()
_OTHER = object()


@dataclass
class Use:
    """How one import is used.

    Attributes
    ----------
    times : int
    opcodes : set of str
        Those of :data:`CALLS` that would run it.
    texts : list of str
        Short texts that it would be given, e.g. the name of an attribute.
    """

    times: int = 0
    opcodes: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Code:
    """A code object that a pickle carries: a function or class by value.

    Attributes
    ----------
    name, file : str
    names : tuple of str
        Globals and attributes that it uses.
    """

    name: str
    file: str
    names: tuple[str, ...]


@dataclass
class Program:
    """What a pickle would do.

    Attributes
    ----------
    imports : dict
        Module and name to how they are used.
    opcodes : Counter
        How often each of :data:`CALLS` occurs.
    codes : list of Code
    nested : int
        Pickles inside of it that were followed too.
    problems : list of str
        Why what stands here may not be all.
    """

    imports: dict[tuple[str, str], Use] = field(default_factory=dict)
    opcodes: Counter[str] = field(default_factory=Counter)
    codes: list[Code] = field(default_factory=list)
    nested: int = 0
    problems: list[str] = field(default_factory=list)
    followed: int = 0

    def tell(self, problem: str) -> None:
        """Note a problem, once."""
        if problem not in self.problems:
            self.problems.append(problem)


def follow(stream: bytes) -> Program:
    r"""Follow a pickle and the pickles inside of it.

    Examples
    --------
    >>> program = follow(b"cposix\nsystem\n(S'true'\ntR.")
    >>> list(program.imports), dict(program.opcodes)
    ([('posix', 'system')], {'REDUCE': 1})
    """
    program = Program()
    waiting = [(stream, 0)]
    while waiting:
        content, depth = waiting.pop()
        machine = _Machine(program)
        problem = machine.run(content)
        if depth == 0 or machine.ended:
            program.nested += depth > 0
            if problem:
                program.problems.append(problem)
        if depth < _DEEPEST:
            waiting += [(inner, depth + 1) for inner in machine.inner]
        elif machine.inner:
            program.tell(f"what is nested more than {_DEEPEST} deep is not known")
    return program


class _Machine:
    """A stack machine that makes nothing.

    Parameters
    ----------
    program : Program
        What is found is added to it.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.inner: list[bytes] = []
        self.ended = False
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, stream: bytes) -> str:
        """Follow one pickle; give what keeps this from being all, in one sentence."""
        position = 0
        try:
            for opcode, argument, at in pickletools.genops(stream):
                position = at or 0
                self.program.followed += 1
                if self.program.followed > MOST_OPCODES:
                    return f"only its first {MOST_OPCODES:,} steps were followed"
                self._step(opcode, argument)
        except (ValueError, IndexError, OverflowError, MemoryError, RecursionError) as error:
            told = str(error).partition("\n")[0]
            return f"it cannot be read from byte {position:,} on ({told:.120}): what follows is not known"
        self.ended = True
        more = len(stream) - position - len(_STOP)
        return f"{more:,} bytes follow its end" if more else ""

    def _step(self, opcode: Any, argument: Any) -> None:
        name = opcode.name
        if name in _TEXTS:
            self._stack.append(Text(argument))
        elif name in _BYTES:
            self._bytes(argument)
        elif name == "MARK":
            self._stack.append(_MARK)
        elif name in _MEMO:
            self._remember(name, argument)
        elif name in _TUPLES:
            self._stack.append(Items(tuple(self._pop(_TUPLES[name]))))
        elif name == "TUPLE":
            self._stack.append(Items(tuple(self._pop_to_mark())))
        elif name == "DUP":
            self._stack.append(self._stack[-1])
        elif name in ("GLOBAL", "STACK_GLOBAL") or name.startswith("EXT"):
            self._stack.append(self._import(name, argument))
        elif name in CALLS:
            self._call(name, argument)
        else:
            self._other(opcode)

    def _remember(self, name: str, argument: Any) -> None:
        if name in _GETS:
            self._stack.append(self._memo.get(argument, _OTHER))
        else:
            self._memo[len(self._memo) if name == "MEMOIZE" else argument] = self._stack[-1]

    def _other(self, opcode: Any) -> None:
        """Pop and push as many as an opcode does that imports and calls nothing."""
        before, after = opcode.stack_before, opcode.stack_after
        if "PERSID" in opcode.name:
            self._use(Name(COMPUTED, "persistent id"), opcode.name)
        if pickletools.markobject in before:
            self._pop_to_mark()
            self._pop(before.index(pickletools.markobject))
        else:
            self._pop(len(before))
        self._stack += [_OTHER] * len(after)

    def _bytes(self, content: bytes) -> None:
        self._stack.append(_OTHER)
        if content[:1] == b"\x80" and len(content) > 1 and content[1] <= 5:
            self.inner.append(bytes(content))

    def _import(self, opcode: str, argument: Any) -> Any:
        if opcode == "GLOBAL":
            module, _, name = argument.partition(" ")
            return self._use(Name(module, name))
        if opcode == "STACK_GLOBAL":
            module, name = self._pop(2)
            if isinstance(module, Text) and isinstance(name, Text):
                return self._use(Name(module.text, name.text))
            return self._use(Name(COMPUTED, "computed"))
        return self._use(Name(COMPUTED, f"extension {argument}"))

    def _call(self, opcode: str, argument: Any) -> None:
        self.program.opcodes[opcode] += 1
        if opcode == "BUILD":
            self._pop(1)
            self._run(self._stack[-1], opcode, _OTHER)
            return
        if opcode == "INST":
            module, _, name = argument.partition(" ")
            self._use(Name(module, name))
            called: Any = Name(module, name)
            given: Any = Items(tuple(self._pop_to_mark()))
        elif opcode == "OBJ":
            called, *rest = self._pop_to_mark() or [_OTHER]
            given = Items(tuple(rest))
        else:
            called, given, *_ = self._pop(3 if opcode == "NEWOBJ_EX" else 2)
        self._run(called, opcode, given)
        self._stack.append(Made(called, given))

    def _run(self, called: Any, opcode: str, given: Any) -> None:
        """Note that something is called, and what the known ways to import and to make code are given."""
        directly = isinstance(called, Name)
        for _ in range(_CHAIN):
            if not isinstance(called, Made):
                break
            made = called
            called = made.by
            if isinstance(called, Name) and _makes_code_type(made):
                self._code(given)
        if not isinstance(called, Name):
            return
        use = self.program.imports.get((called.module, called.name))
        if use is not None:
            use.opcodes.add(opcode)
        texts = [item.text for item in given.items if isinstance(item, Text)] if isinstance(given, Items) else []
        if not directly or opcode == "BUILD":
            return
        if called == Name("types", "CodeType"):
            self._code(given)
        if called.name in _IMPORTERS and texts:
            self._use(Name(texts[0], "*"), opcode)
        if use is not None and len(use.texts) < _MOST_TEXTS:
            use.texts += map(_shortened, texts[:2])

    def _code(self, given: Any) -> None:
        """Note a code object; since Python 3.8 its names, file and own name are the 9th, 11th and 12th argument."""
        if not isinstance(given, Items) or len(given.items) < 12:
            return
        if len(self.program.codes) >= _MOST_CODES:
            self.program.tell(f"only its first {_MOST_CODES:,} code objects are listed")
            return
        used, file, name = given.items[8], given.items[10], given.items[11]
        names = [item.text for item in used.items if isinstance(item, Text)] if isinstance(used, Items) else []
        if len(names) > _MOST_NAMES:
            self.program.tell(f"only the first {_MOST_NAMES} names that each code object uses are listed")
        told = [_shortened(part.text) if isinstance(part, Text) else "?" for part in (name, file)]
        self.program.codes.append(Code(told[0], told[1], tuple(map(_shortened, names[:_MOST_NAMES]))))

    def _use(self, name: Name, opcode: str = "") -> Name:
        key = (_shortened(name.module), _shortened(name.name))
        imports = self.program.imports
        if key not in imports and len(imports) >= _MOST_IMPORTS:
            self.program.tell(f"only its first {_MOST_IMPORTS:,} imports are listed")
            return Name(*key)
        use = imports.setdefault(key, Use())
        use.times += 1
        if opcode in CALLS:
            use.opcodes.add(opcode)
        return Name(*key)

    def _pop(self, count: int) -> list[Any]:
        if count > len(self._stack):
            raise IndexError("it takes more from its stack than there is")
        taken = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        return taken

    def _pop_to_mark(self) -> list[Any]:
        at = len(self._stack) - 1
        while at >= 0 and self._stack[at] is not _MARK:
            at -= 1
        taken = self._pop(len(self._stack) - at - 1)
        self._pop(1)
        return taken


def _makes_code_type(made: Made) -> bool:
    """Tell whether a call gives the type of code objects, as cloudpickle names it."""
    items = made.given.items if isinstance(made.given, Items) else ()
    return isinstance(made.by, Name) and made.by.name == "_builtin_type" and items == (Text("CodeType"),)


def _shortened(text: str) -> str:
    """Cut a long text, seen to be cut: a name that ends in ``…`` is never taken for a plain one."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
