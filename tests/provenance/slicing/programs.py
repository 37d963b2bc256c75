"""Random programs of numbers, lists, dicts, functions and objects that share what they hold."""

from __future__ import annotations

from hypothesis import strategies as st

NUMBERS = ("n0", "n1", "n2")
LISTS = ("l0", "l1", "l2")
DICTS = ("d0", "d1")
OBJECTS = ("o0", "o1")
SHELVES = ("s0", "s1")
FUNCTIONS = ("f0", "f1", "f2")
TARGETS = (*NUMBERS, *LISTS, *DICTS, *SHELVES, "d0['a']", *(f"{name}.held" for name in OBJECTS))

START = """\
import random
random.seed(11)
rng = random.Random(12)
class Box:
    count = 0

    def __init__(self, held):
        self.held = held

    def add(self, number):
        self.held.append(number)
        return self

    def swap(self, held):
        old, self.held = self.held, held
        return old
def f0(x, n):
    return len(x) + n
def f1(x, n):
    x.append(n)
    return n
def f2(x, n):
    return len(x) - n
n0, n1, n2 = 1, 2, 3
l0 = [1, 2]
l1 = [3]
l2 = [4, 5, 6]
d0 = {"a": l0, "b": [7]}
d1 = {"a": [8], "b": l1}
o0 = Box([9])
o1 = Box(l2)
s0 = [l0, [10]]
s1 = [l1, l2]
log = []"""

number = st.sampled_from(NUMBERS)
items = st.sampled_from(LISTS)
table = st.sampled_from(DICTS)
box = st.sampled_from(OBJECTS)
shelf = st.sampled_from(SHELVES)
function = st.sampled_from(FUNCTIONS)
key = st.sampled_from(("'a'", "'b'"))
digit = st.integers(0, 9)

calculation = st.one_of(
    st.builds("{} + {}".format, number, digit),
    st.builds("len({}) * {}".format, items, digit),
    st.builds("sum({}) % 97 - {}".format, items, number),
    st.builds("({0} if {1} > {2} else {1})".format, number, number, digit),
    st.builds("len({}[{}])".format, table, key),
    st.builds("{}({}, {})".format, function, items, number),
    st.builds("({} := {})".format, number, digit),
    st.builds("random.randint(0, {})".format, digit),
    st.builds("rng.randint(0, {})".format, digit),
    st.builds("max([v for v in {} if v > {}], default={})".format, items, digit, number),
)
sequence = st.one_of(
    items,
    st.builds("[{}, {}]".format, number, digit),
    st.builds("{} + [{}]".format, items, number),
    st.builds("list({})".format, items),
    st.builds("{}[:2]".format, items),
    st.builds("{}[{}]".format, table, key),
    st.builds("[v + {} for v in {}]".format, number, items),
    st.builds("{}.held".format, box),
    st.builds("{}[{}]".format, shelf, st.sampled_from((0, 1, -1))),
    st.builds("{}[len({}) % 2]".format, shelf, items),
    st.builds("[*{}, *{}][0]".format, shelf, shelf),
    st.builds("min({}, key=len)".format, shelf),
    st.builds("(a := {})[:1] + a".format, items),
    st.builds("[v for held in {} for v in held][:4]".format, shelf),
    st.builds("{}.add({}).held".format, box, number),
    st.builds("{}.swap({})".format, box, items),
    st.builds("{}.get({}, {})".format, table, key, items),
    st.builds("(lambda x: x)({})".format, items),
    st.builds("sorted({}, key=lambda v: v * {})".format, items, number),
    st.builds("random.sample({0}, len({0}))".format, items),
    st.builds("sorted({}, key=lambda v: rng.random())".format, items),
    st.builds("next(iter([{}, {}]))".format, items, items),
)
simple = st.one_of(
    st.builds("{} = {}".format, number, calculation),
    st.builds("{} = {}".format, items, sequence),
    st.builds("{} += {}".format, number, digit),
    st.builds("{} += {}[:2]".format, items, sequence),
    st.builds("{}.append({})".format, items, number),
    st.builds("{}.extend({})".format, items, st.builds("list({}[:2])".format, items)),
    st.builds("{}[:1] = [{}]".format, items, number),
    st.builds("del {}[:1]".format, items),
    st.builds("{}.sort()".format, items),
    st.builds("{}[{}] = {}".format, table, key, sequence),
    st.builds("{}[{}].append({})".format, table, key, number),
    st.builds("{} = dict({})".format, table, table),
    st.builds("{}.update({})".format, table, table),
    st.builds("{} = {{'a': {}, 'b': {}}}".format, table, sequence, sequence),
    st.builds("{}.append({})".format, shelf, sequence),
    st.builds("{}.insert(0, {})".format, shelf, items),
    st.builds("{} += [{}]".format, shelf, sequence),
    st.builds("{}[{}].append({})".format, shelf, st.sampled_from((0, 1, -1)), number),
    st.builds("{}[1] = {}".format, shelf, sequence),
    st.builds("{} = [{}, {}]".format, shelf, sequence, items),
    st.builds("{} = [list(held) for held in {}]".format, shelf, shelf),
    st.builds("{}.reverse()".format, shelf),
    st.builds("[held.append({}) for held in {}]".format, number, shelf),
    st.builds("{}.extend(list({}.values()))".format, shelf, table),
    st.builds("{} = dict(zip('ab', {}))".format, table, shelf),
    st.builds("{}.add({})".format, box, number),
    st.builds("{}.held = {}".format, box, sequence),
    st.builds("{} = Box({})".format, box, sequence),
    st.builds("{} = {}".format, box, box),
    st.builds("{}({}, {})".format, function, items, number),
    st.builds("{}, {} = {}, {}".format, items, items, items, sequence),
    st.builds("{}, *_ = {}, {}".format, items, sequence, items),
    st.builds("log.append({})".format, number),
    st.builds("print({}, {})".format, number, items),
    st.builds("print({}, random.random())".format, number),
    st.builds("random.seed({})".format, digit),
    st.builds("random.shuffle({})".format, items),
    st.builds("rng.shuffle({})".format, items),
    st.builds("rng = random.Random({})".format, number),
    st.builds("{} = {}".format, function, function),
    st.builds("_add = {}.append; _add({})".format, items, number),
    st.builds("list(map({}.append, list({})[:2]))".format, items, items),
    st.builds("setattr({}, 'held', {})".format, box, sequence),
    st.builds("list(map(lambda v: {}.append(v), list({})[:2]))".format, items, items),
)


def indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def loop_over_numbers(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"for {draw(number)} in range({draw(st.integers(0, 3))}):", *body]


def loop_over_items(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"for _name, {draw(items)} in list({draw(table)}.items()):", *body]


def loop_in_step(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"for {draw(items)}, {draw(number)} in zip(list({draw(shelf)}), range(3)):", *body]


def loop_with_numbers(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"for {draw(number)}, {draw(items)} in enumerate({draw(shelf)}[:3]):", *body]


def countdown(draw: st.DrawFn, body: list[str]) -> list[str]:
    left = f"_left_{draw(st.integers(0, 99999))}"  # of its own: an outer loop would not end
    return [f"{left} = 3", f"while {left} > 0:", f"    {left} -= 1", *body]


def condition(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"if {draw(number)} > {draw(digit)}:", *body]


def either(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [f"if {draw(calculation)} > {draw(digit)}:", *body, "else:", f"    {draw(simple)}"]


def attempt(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [
        "try:",
        f"    {draw(items)}[{draw(digit)}] = {draw(number)}",
        *body,
        "except IndexError:",
        f"    {draw(simple)}",
    ]


def context(draw: st.DrawFn, body: list[str]) -> list[str]:
    return ["with __import__('contextlib').nullcontext():", *body]


def closure(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [
        *[line[4:] for line in body],
        "def _make(kept):",
        "    def inner(x, n):",
        "        kept.append(n)",
        f"        {draw(st.sampled_from(('x.append(n)', 'pass')))}",
        "        return len(kept)",
        "    return inner",
        f"{draw(function)} = _make({draw(items)})",
    ]


def counter(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [
        "def _count(start):",
        "    seen = [start]",
        "    def step(x, n):",
        "        nonlocal start",
        "        start += n",
        "        seen.append(x)",
        "        return start + len(seen[0] if isinstance(seen[0], list) else [])",
        "    return step",
        f"{draw(function)} = _count({draw(number)})",
        *[line[4:] for line in body],
    ]


def stream(draw: st.DrawFn, body: list[str]) -> list[str]:
    return [
        "def _stream(x):",
        "    for v in list(x)[:2]:",
        f"        {draw(items)}.append(v)",
        "        yield x",
        f"for {draw(items)} in _stream({draw(sequence)}):",
        *body,
    ]


def definition(draw: st.DrawFn, body: list[str]) -> list[str]:
    which = draw(st.one_of(number, items))
    value = "n + 1" if which in NUMBERS else "x"
    return [
        f"def {draw(function)}(x, n):",
        f"    global {which}",
        *indent(draw(plain_block())),
        f"    {which} = {value}",
        "    return n",
    ]


LOOPS = (loop_over_numbers, loop_over_items, loop_in_step, loop_with_numbers, countdown)
SHAPES = (*LOOPS, condition, either, attempt, context, closure, counter, stream, definition)


@st.composite
def statement(draw: st.DrawFn, depth: int = 2, *, loop: bool = False) -> list[str]:
    kind = draw(st.integers(0, 9))
    if kind == 9 and loop:
        return [f"if {draw(number)} > {draw(digit)}:", f"    {draw(st.sampled_from(('break', 'continue')))}"]
    if kind < 4 or not depth:
        return [draw(simple)]
    shape = draw(st.sampled_from(SHAPES))
    return shape(draw, indent(draw(block(depth - 1, loop=loop or shape in LOOPS))))


@st.composite
def plain_block(draw: st.DrawFn) -> list[str]:
    """What a function does, to its parameters and to the names around it; it binds none of these by accident."""
    changes = st.one_of(
        st.builds("x.append({})".format, number),
        st.builds("{}.append(n)".format, items),
        st.builds("{}[{}] = x".format, table, key),
        st.builds("{}.held = x".format, box),
        st.builds("x = {}".format, items),
        st.just("n = n * 2"),
        st.just("n = random.randint(0, n + 9) if n >= 0 else n"),
        st.just("rng.shuffle(x)"),
        st.just("print(x)"),
    )
    return draw(st.lists(changes, min_size=1, max_size=3))


@st.composite
def block(draw: st.DrawFn, depth: int, *, loop: bool = False) -> list[str]:
    parts = draw(st.lists(statement(depth, loop=loop), min_size=1, max_size=3))
    return [line for part in parts for line in part]


@st.composite
def program(draw: st.DrawFn) -> list[str]:
    """Cells of a program; the first binds all names."""
    parts = draw(st.lists(statement(), min_size=2, max_size=14))
    cells = [START]
    for part in parts:
        if draw(st.booleans()):
            cells.append("\n".join(part))
        else:
            cells[-1] += "\n" + "\n".join(part)
    return cells
