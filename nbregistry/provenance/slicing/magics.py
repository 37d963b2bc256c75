"""What magics and shell lines do, as far as the notebook's names and files go."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import files
from nbregistry.provenance.slicing.known.files import HARMLESS_COMMANDS
from nbregistry.provenance.slicing.known.magics import BIND_NOTHING, NO_EFFECT, OWN, RUNS_CODE
from nbregistry.provenance.slicing.source import parse
from nbregistry.provenance.slicing.things import NOTHING, Scope, Things
from nbregistry.provenance.slicing.walk import ENVIRON, Walk

if TYPE_CHECKING:
    from collections.abc import Callable

EXTENSIONS = "<extensions>"
REGISTRY = "<registry>"
_VARIABLE = re.compile(r"\{([^{}]+)\}|\$(\w+)")
_AS = re.compile(r"\s--as[ =](\w+)")


def run(walk: Walk, scope: Scope, node: ast.Call) -> Things | None:
    """Do what a call of ``get_ipython()`` does; ``None`` where it is none."""
    name = _ipython_method(node)
    if name is None:
        return None
    texts = [
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if name in {"system", "getoutput", "getoutput_raw"} and texts:
        shell(walk, scope, texts[0])
        return frozenset((walk.make("data", node),)) if name != "system" else NOTHING
    if name in {"run_line_magic", "magic"} and texts:
        magic, line = (texts[0], texts[1] if len(texts) > 1 else "") if name == "run_line_magic" else _split(texts[0])
        return line_magic(walk, scope, magic, line, node)
    if name == "run_cell_magic" and len(texts) == 3:
        cell_magic(walk, scope, texts[0], texts[1], texts[2])
        return NOTHING
    if name in {"run_cell", "ex", "ev", "push", "reset", "run_code"}:
        walk.run_wild(f"{walk.where} runs get_ipython().{name}: the statement is kept")
    return NOTHING


def _ipython_method(node: ast.Call) -> str | None:
    function = node.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call)):
        return None
    maker = function.value.func
    return function.attr if isinstance(maker, ast.Name) and maker.id == "get_ipython" else None


def _split(line: str) -> tuple[str, str]:
    name, _, rest = line.strip().lstrip("%").partition(" ")
    return name, rest


def line_magic(walk: Walk, scope: Scope, name: str, line: str, node: ast.AST) -> Things:
    """Do what a line magic does."""
    if name in RUNS_CODE:
        return _timed(walk, scope, name, line)
    if name in OWN:
        return _own(walk, scope, name, line, node)
    if name in NO_EFFECT:
        return NOTHING
    effect = _EFFECTS.get(name)
    if effect is not None:
        effect(walk, scope, line)
    else:
        walk.read_hidden(EXTENSIONS)
        _read_words(walk, scope, line)
        walk.run_wild(f"{walk.where} runs %{name}, of which nothing is known here: the line is kept")
    return frozenset((walk.make("unknown", node, name),))


def _load_extension(walk: Walk, scope: Scope, line: str) -> None:  # noqa: ARG001
    extension = line.strip()
    if extension == "nbregistry":
        walk.write_hidden(REGISTRY)
    elif extension not in BIND_NOTHING:
        walk.write_hidden(EXTENSIONS)


def _set_variable(walk: Walk, scope: Scope, line: str) -> None:
    if "=" in line or " " in line.strip():
        walk.write_hidden(ENVIRON)
        _read_variables(walk, scope, line)


def _go_into(walk: Walk, scope: Scope, line: str) -> None:
    files.enter_folder(walk)
    _read_variables(walk, scope, line)


def _run_file(walk: Walk, scope: Scope, line: str) -> None:  # noqa: ARG001
    path = next((word for word in line.split() if not word.startswith("-")), "")
    files.read(walk, path if path.endswith((".py", ".ipy", ".ipynb")) else path + ".py")
    walk.run_wild(f"{walk.where} runs {path or 'a file'}, whose text is not in the notebook: the line is kept")


def _restore(walk: Walk, scope: Scope, line: str) -> None:  # noqa: ARG001
    if "-r" in line.split():
        walk.run_wild(f"{walk.where} restores variables that another session stored")


def _forget(walk: Walk, scope: Scope, line: str) -> None:  # noqa: ARG001
    for name in [name for name in walk.globals.names if not name.startswith("<")]:
        del walk.globals.names[name]


def _bind_pylab(walk: Walk, scope: Scope, line: str) -> None:  # noqa: ARG001
    walk.run_wild()


def shell(walk: Walk, scope: Scope, command: str) -> None:
    """Run a shell line: it may write any file, unless its commands are known to write none."""
    _read_variables(walk, scope, command)
    if not command.strip() or command.lstrip().startswith("#"):
        return
    commands = [part.split() for part in re.split(r"\|\||&&|[|;&]", command) if part.split()]
    if ">" not in command and all(_base(words[0]) in HARMLESS_COMMANDS for words in commands):
        return
    files.read(walk, None)
    files.write(walk, None)


_EFFECTS: dict[str, Callable[[Walk, Scope, str], None]] = {
    "load_ext": _load_extension,
    "reload_ext": _load_extension,
    "env": _set_variable,
    "set_env": _set_variable,
    "cd": _go_into,
    "pushd": _go_into,
    "popd": _go_into,
    "mkdir": _go_into,
    "run": _run_file,
    "store": _restore,
    "reset": _forget,
    "pylab": _bind_pylab,
    "sx": shell,
    "sc": shell,
    "system": shell,
}


def cell_magic(walk: Walk, scope: Scope, name: str, line: str, body: str) -> None:
    """Do what a cell magic does that does not simply run its body."""
    if name in {"bash", "sh", "script", "cmd", "perl", "ruby", "!", "sx", "system", "zsh"}:
        for command in body.splitlines():
            shell(walk, scope, command)
        out = re.search(r"--out[ =](\w+)", line)
        if out:
            walk.bind(scope, out[1], NOTHING)
    elif name in {"writefile", "file"}:
        words = [word for word in line.split() if not word.startswith("-")]
        files.write(walk, words[-1].strip("'\"") if words else None, anew="-a" not in line.split())
    elif name in RUNS_CODE:
        _timed(walk, scope, name, body)
        _timed(walk, scope, name, line)
    elif name in {
        "html",
        "HTML",
        "javascript",
        "js",
        "latex",
        "markdown",
        "svg",
        "SVG",
        "debug",
        "cython_inline",
        "mermaid",
    }:
        return
    else:
        walk.read_hidden(EXTENSIONS)
        if run_text(walk, scope, body) is None:
            _read_words(walk, scope, line + " " + body)
        walk.run_wild(f"{walk.where} runs %%{name}, of which nothing is known here: the cell is kept")


def _timed(walk: Walk, scope: Scope, name: str, line: str) -> Things:
    """Run the code of a magic that measures it; ``%timeit`` binds nothing and runs it many times."""
    code = re.sub(r"^(?:\s*-[a-zA-Z]+(?:[ =]?[\d.]+)?)+(?=\s)", "", line) if line.lstrip().startswith("-") else line
    if "timeit" not in name:
        return run_text(walk, scope, code) or NOTHING
    inner = Scope(scope)
    run_text(walk, inner, code)
    walk.now.doubt(f"{walk.where} runs %{name}, which repeats its code a number of times that is not known")
    return NOTHING


def run_text(walk: Walk, scope: Scope, text: str) -> Things | None:
    """Run code that stands in a text, as the doing of this node; ``None`` where it is no Python."""
    from nbregistry.provenance.slicing.expressions import evaluate
    from nbregistry.provenance.slicing.statements import run_block

    tree, _ = parse(text)
    if tree is None:
        return None
    walk.keep_alive.append(tree)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        run_block(walk, scope, tree.body)
        return NOTHING
    run_block(walk, scope, tree.body[:-1])
    return evaluate(walk, scope, last.value)


def _own(walk: Walk, scope: Scope, name: str, line: str, node: ast.AST) -> Things:
    """Do what a magic of this registry does: only a loaded model matters to what is made later."""
    words = line.split()
    if name == "nbr" and words[:1] == ["load"]:
        walk.read_hidden(REGISTRY)
        thing = frozenset((walk.make("unknown", node, "loaded"),))
        bound = _AS.search(line)
        if bound:
            walk.bind(scope, bound[1], thing)
        return thing
    if name == "registry" or words[:1] == ["open"]:
        walk.write_hidden(REGISTRY)
    return frozenset((walk.make("data", node),))


def _base(command: str) -> str:
    return command.rpartition("/")[2].lstrip("%")


def _read_variables(walk: Walk, scope: Scope, text: str) -> None:
    from nbregistry.provenance.slicing.expressions import evaluate

    for braced, plain in _VARIABLE.findall(text):
        if plain and scope.find(plain) is not None:
            walk.read(scope, plain)
        elif braced:
            tree, _ = parse(braced)
            for statement in tree.body if tree is not None else ():
                walk.keep_alive.append(statement)
                evaluate(walk, scope, statement.value if isinstance(statement, ast.Expr) else None)


def _read_words(walk: Walk, scope: Scope, text: str) -> None:
    for word in set(re.findall(r"[A-Za-z_]\w*", text)):
        if scope.find(word) is not None:
            walk.read(scope, word)
