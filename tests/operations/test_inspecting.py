"""Inspect: what a pickle would do is told, nothing of it is done, and no pickle is too odd to be looked at."""

from __future__ import annotations

import io
import os
import pickle
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import cloudpickle
import numpy as np
import pytest
from sklearn.preprocessing import FunctionTransformer

import nbregistry
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import put_version
from nbregistry.display import to_html, to_text
from nbregistry.errors import Corrupt
from nbregistry.flavors import opcodes
from nbregistry.flavors.opcodes import follow
from nbregistry.operations import inspecting
from tests.models import forest, pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry


def planted(
    registry: Registry,
    stream: bytes,
    *,
    record: dict[str, Any] | None = None,
    before: tuple[bytes, ...] = (),
    **header: str,
) -> str:
    """Register an object, and then a version whose pickle is this stream; give its reference."""
    about = {"flavor": "python", "format": "pickle5"} | header
    if not registry.latest("m"):
        registry.register("m", {"w": 1}, description="the first")
    workspace = registry._workspace
    pack = PackWriter(workspace.store)
    for number, content in enumerate(before):
        pack.add(f"{number}.pkl", content)
    pack.add("model.pkl", stream)
    packed = pack.finish(about)
    first = workspace.view().version("m", 1)
    assert first is not None
    added = ("signed_by", "created_at", "created_by", "seq", "aliases", "changed_by")
    base = {key: value for key, value in first.items() if key not in added}
    version = registry.latest("m") + 1
    changed = base | about | {"version": version, "digest": packed.digest, "size": packed.size} | (record or {})
    workspace.commit("register", lambda _: Plan(f"m@{version}", [put_version(changed)], {}), packed.digests)
    return f"m@{version}"


class Runs:
    """Something that runs a function as soon as it is loaded."""

    def __init__(self, function: Any, *given: Any) -> None:
        self.how = function, given

    def __reduce__(self) -> Any:
        return self.how


def groups(found: Any) -> dict[str, str]:
    return {one.path: one.group for one in found.imports}


def test_a_plain_model(registry: Registry) -> None:
    registry.register("m", pipeline())
    found = registry.inspect("m@1")
    assert (found.ref, found.flavor, found.format, found.executes_code) == ("m@1", "sklearn", "pickle5", True)
    assert groups(found)["sklearn.linear_model._logistic.LogisticRegression"] == "recorded"
    assert not found.suspicious
    assert set(groups(found).values()) == {"recorded"}
    assert found.trusted
    assert found.loads
    assert found.opcodes["BUILD"] >= 3
    assert found.problems == ()
    text = to_text(found)
    assert "(none suspicious)" in text
    assert "This is advice, and no gate" in text


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (os.system, ("true",)),
        (subprocess.Popen, (["true"],)),
        (eval, ("1",)),
        (exec, ("1",)),
        (compile, ("1", "", "eval")),
        (getattr, ("", "join")),
        (__import__, ("os",)),
        (open, ("x",)),
        (socket.create_connection, (("127.0.0.1", 9),)),
        (pickle.loads, (b"N.",)),
        (np.load, ("x.npy",)),
        (sys.exit, ()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_what_is_feared_comes_first_and_says_why(function: Any, given: Any, protocol: int, registry: Registry) -> None:
    registry.register("m", {"w": np.ones(3), "x": Runs(os.getpid)})
    found = registry.inspect(planted(registry, pickle.dumps(Runs(function, *given), protocol)))
    first = found.imports[0]
    assert first.group == "suspicious"
    assert first.name == function.__name__.rpartition(".")[2]
    assert first.reason
    assert first.called == ("REDUCE",)
    told = " ".join(to_text(found).split())
    assert "Nothing was run: it would import" in told
    assert f"(suspicious: {first.path}" in told


def test_a_name_reached_through_a_known_package_is_what_it_is(registry: Registry) -> None:
    for stream in (b"csklearn.base\nos.system\n(S'true'\ntR.", b"cnumpy.os\nsystem\n(S'true'\ntR."):
        assert registry.inspect(planted(registry, stream)).suspicious


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("sklearn.base os.getpid", "suspicious"),
        ("numpy.os getpid", "suspicious"),
        ("numpy load", "suspicious"),
        ("cloudpickle.cloudpickle _make_function", "suspicious"),
        ("pathlib Path", "standard library"),
        ("types SimpleNamespace", "standard library"),
        ("json JSONDecoder", "standard library"),
        ("sklearn.base clone", "recorded"),
    ],
)
def test_each_import_is_in_its_group(registry: Registry, name: str, group: str) -> None:
    registry.register("m", pipeline())
    found = registry.inspect(planted(registry, "c{}\n{}\n.".format(*name.split()).encode()))
    assert [one.group for one in found.imports] == [group]


COMPUTED = b"\x80\x04(\x8c\x02os\x8c\x06systemI0\n0" + b"cbuiltins\nstr\n(S'os'\ntR\x8c\x06system\x93."
ODD = {
    "computed": (COMPUTED, "?.computed", ()),
    "memo": (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940h\x00h\x01\x93)R.", "os.system", ("REDUCE",)),
    "numbered memo": (
        b"\x80\x04\x8c\x02osq\x07\x8c\x06systemr\x09\0\0\x0000h\x07j\x09\0\0\0\x93)R.",
        "os.system",
        ("REDUCE",),
    ),
    "memo written twice": (
        b"\x80\x04\x8c\x04mathp1\n\x8c\x02osp1\n00g1\n\x8c\x06system\x93)R.",
        "os.system",
        ("REDUCE",),
    ),
    "instance": (b"(S'true'\nios\nsystem\n.", "os.system", ("INST",)),
    "object": (b"(cos\nsystem\nS'true'\no.", "os.system", ("OBJ",)),
    "new": (b"\x80\x04cos\nsystem\n)\x81.", "os.system", ("NEWOBJ",)),
    "built": (b"\x80\x04cos\nsystem\n}b.", "os.system", ("BUILD",)),
    "built from what a call gives": (b"\x80\x04cos\nsystem\n)R}b.", "os.system", ("BUILD", "REDUCE")),
    "new with keywords": (b"\x80\x04cos\nsystem\n)}\x92.", "os.system", ("NEWOBJ_EX",)),
    "dup": (b"cos\nsystem\n2(S'true'\ntR.", "os.system", ("REDUCE",)),
    "persistent": (b"Pevil\n.", "?.persistent id", ()),
    "extension": (b"\x80\x04\x82\x07)R.", "?.extension 7", ("REDUCE",)),
    "module by its name": (b"cimportlib\nimport_module\n(S'os'\ntR.", "os.*", ("REDUCE",)),
    "only named": (b"cos\nsystem\n.", "os.system", ()),
}


@pytest.mark.parametrize("name", ODD)
def test_every_way_to_import_or_call_is_seen(name: str, registry: Registry) -> None:
    stream, path, called = ODD[name]
    found = registry.inspect(planted(registry, stream))
    assert (path, called) in [(one.path, one.called) for one in found.suspicious]
    assert found.problems == ()


def bomb_of_memos() -> bytes:
    stream = io.BytesIO(b"\x80\x04")
    stream.seek(2)
    stream.write(b"]\x94")
    for index in range(50):
        stream.write(b"](" + (b"h" + bytes([index])) * 20 + b"e\x94")
    return stream.getvalue() + b"cos\nsystem\n)R."


HOSTILE = {
    "empty": b"",
    "cut": pickle.dumps(Runs(os.system, "true"))[:-4],
    "no end": b"cos\nsystem\n",
    "deep": b"\x80\x04cos\nsystem\n" + b"(" * 200_000 + b"t" * 200_000 + b"R.",
    "deep tuples": b"\x80\x04cos\nsystem\n)" + b"\x85" * 500_000 + b"R.",
    "deep calls": b"\x80\x04cos\nsystem\n" + b")R" * 200_000 + b".",
    "memo bomb": bomb_of_memos(),
    "far memo": b"cos\nsystem\nr\xff\xff\xff\x7f.",
    "long claim": b"cos\nsystem\n\x8d" + b"\xff" * 7 + b"\x7f",
    "long number": b"cos\nsystem\n" + b"I" + b"9" * 100_000 + b"\n.",
    "not UTF-8": b"cos\nsystem\n0c\xff\xfe\nnothing\n.",
    "not UTF-8 either": b"cos\nsystem\n\x8c\x02\xff\xfe.",
    "no opcode": b"cos\nsystem\n\xfa.",
    "empty stack": b"cos\nsystem\nRRRR.",
    "no mark": b"cos\nsystem\nt.",
    "more follows": b"cos\nsystem\n." + b"cposix\nfork\n.",
    "many imports": b"cos\nsystem\n" + b"".join(b"cm%d\nf\n" % n for n in range(5_000)) + b".",
    "a long name": b"cos\nsystem\nc" + b"a" * 1_000_000 + b"\nb\n.",
    "markup": b"cos\nsystem\nc<script>alert(1)</script>\n\x1b[31m\n.",
    "nested": pickle.dumps(Runs(pickle.loads, pickle.dumps(Runs(pickle.loads, pickle.dumps(Runs(os.system, "true")))))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_looked_at_within_bounds(name: str, registry: Registry, tmp_path: Path) -> None:
    ref = planted(registry, HOSTILE[name])
    found = registry.inspect(ref)
    assert name == "empty" or any(one.name == "system" for one in found.suspicious)
    complete = {"deep", "deep tuples", "deep calls", "memo bomb", "far memo", "a long name", "markup"}
    assert name in complete or found.problems
    text, html = to_text(found), to_html(found)
    assert "\x1b" not in text
    assert "<script" not in html
    assert max(map(len, text.splitlines())) < 1_000
    found.to_frame()


def test_more_steps_than_anyone_needs_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opcodes, "MOST_OPCODES", 1000)
    assert follow(b"N0" * 400 + b"N.").problems == []
    assert "first 1,000 steps" in follow(b"N0" * 4000 + b"N.").problems[0]


def nested(stream: bytes, times: int) -> bytes:
    for _ in range(times):
        stream = pickle.dumps(stream, 5)
    return stream


def test_pickles_inside_are_followed_three_deep_and_what_is_deeper_is_told() -> None:
    stream = b"\x80\x04cos\nsystem\n)R."
    program = follow(nested(stream, 3))
    assert (list(program.imports), program.nested, program.problems) == ([("os", "system")], 3, [])
    deeper = follow(nested(stream, 4))
    assert (list(deeper.imports), deeper.problems) == ([], ["what is nested more than 3 deep is not known"])
    bytes_only = follow(pickle.dumps(b"\x80\x04\xff no pickle"))
    assert (bytes_only.nested, bytes_only.problems) == (0, [])


def code(count: int, name: str = "f") -> bytes:
    """A call that makes a code object, which uses so many names."""
    used = b"(" + b"".join(b"S'n%d'\n" % number for number in range(count)) + b"t"
    return b"ctypes\nCodeType\n(" + b"N" * 8 + used + b"NS'file'\nS'" + name.encode() + b"'\ntR"


def test_code_beyond_what_is_listed_is_told() -> None:
    program = follow(code(60) + b".")
    assert (len(program.codes[0].names), program.problems) == (60, [])
    program = follow(code(61, "x" * 300) + b".")
    assert program.codes[0].names[-1] == "n59"
    assert program.codes[0].name == "x" * 200 + "…"
    assert program.problems == ["only the first 60 names that each code object uses are listed"]
    long = follow(b"ctypes\nCodeType\n(" + b"N" * 8 + b"(S'" + b"n" * 300 + b"'\ntNS'file'\nS'f'\ntR.")
    assert long.codes[0].names == ("n" * 200 + "…",)
    program = follow((code(1) + b"0") * 203 + b"N.")
    assert (len(program.codes), program.problems) == (200, ["only its first 200 code objects are listed"])


def test_of_the_texts_that_a_call_is_given_a_few_are_kept() -> None:
    call = b"cm\nf\n(S'a'\nS'" + b"b" * 300 + b"'\nS'c'\ntR0"
    texts = ["a", "b" * 200 + "…"]
    assert follow(call + b"N.").imports["m", "f"].texts == texts
    assert follow(call * 9 + b"N.").imports["m", "f"].texts == texts * 2


def test_nothing_hides_behind_a_long_name(registry: Registry) -> None:
    name = "lib.np." * 32 + "os.system"
    found = registry.inspect(planted(registry, f"cnumpy\n{name}\n)R.".encode()))
    assert [one.name for one in found.suspicious] == [name[:200] + "…"]


def test_nothing_hides_behind_many_files(registry: Registry) -> None:
    found = registry.inspect(planted(registry, b"cos\nsystem\n.", before=(b"\x80\x04cm\nf\n.",) * 60))
    assert [one.path for one in found.suspicious] == ["os.system"]
    assert len(found.imports) == 50
    assert found.problems == ("only 50 of its 61 pickles were followed",)


def test_what_is_larger_than_any_models_stream_is_not_followed_and_told(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = planted(registry, b"cos\nsystem\n." + b"x" * 100, before=(b"\x80" + b"x" * 200,))
    monkeypatch.setattr(inspecting, "MOST_BYTES", 100)
    found = registry.inspect(ref)
    assert (found.imports, found.problems) == ((), ("model.pkl is too large to be followed",))


def test_code_by_value_is_named_and_not_run(registry: Registry, tmp_path: Path) -> None:
    def scale(values: Any) -> Any:
        import subprocess

        return subprocess.run(["true"], check=True) and np.log(values)

    registry.register("m", FunctionTransformer(scale))
    found = registry.inspect("m@1")
    (code,) = [code for code in found.codes if code.name == "scale"]
    assert {"subprocess", "run", "np", "log"} <= set(code.names)
    assert code.alarming == ("subprocess",)
    assert code.file in (__file__, "<dynamic-code>")  # cloudpickle 3.1.3 and newer keep no file
    assert "numpy.*" in groups(found)
    assert "scale" in to_text(found)
    assert follow(cloudpickle.dumps(lambda x: os.system(x) or 0)).codes[0].names == ("os", "system")


def test_what_the_record_does_not_name_is_unknown(registry: Registry) -> None:
    found = registry.inspect(planted(registry, b"cno_such_package\nModel\n)R."))
    assert groups(found) == {"no_such_package.Model": "unknown"}


def test_a_strangers_version_is_inspected_and_said_to_be_refused(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = planted(registry, pickle.dumps(Runs(os.system, "true")), record={"executes_code": False})
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
    found = nbregistry.open(root, read_only=True).inspect(ref)
    assert not found.trusted
    assert not found.loads
    assert found.executes_code  # whatever its record says
    text = to_text(found)
    assert found.signed_by in text
    assert "! not trusted" in text
    assert "is refused" in text
    assert nbregistry.open(root, read_only=True).get(ref).executes_code


def test_formats_that_run_no_code_say_so(registry: Registry, tmp_path: Path) -> None:
    registry.register("arrays", {"w": np.ones(3)})
    (tmp_path / "weights.bin").write_bytes(b"\x80\x05cos\nsystem\n.")
    registry.register("files", tmp_path / "weights.bin")
    for ref, path in (("arrays@1", "arrays/0.npy"), ("files@1", "files/weights.bin")):
        found = registry.inspect(ref)
        assert not found.executes_code
        assert found.loads
        assert found.imports == ()
        assert path in dict(found.files)
        assert "executes no code: it is data only" in to_text(found)


def test_the_types_of_a_skops_artifact_are_named(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("plain", pipeline(), format="skops")
    registry.register("forest", forest(), format="skops")
    assert registry.inspect("forest@1").loads
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
    reader = nbregistry.open(root)
    assert reader.inspect("plain@1").loads
    found = reader.inspect("forest@1")
    assert not found.loads
    assert groups(found) == {"sklearn.tree._tree.Tree": "recorded"}
    assert "skops does not know it to be harmless" in to_text(found)


def test_an_artifact_that_is_not_what_its_record_says(registry: Registry) -> None:
    found = registry.inspect(planted(registry, b"N.", record={"format": "cloudpickle"}))
    assert not found.loads
    assert "it is refused" in found.problems[0]


def test_the_table(registry: Registry) -> None:
    frame = registry.inspect(planted(registry, pickle.dumps(Runs(os.system, "true")))).to_frame()
    assert list(frame.columns) == ["group", "module", "name", "called", "times", "reason", "file"]
    assert frame.loc[0].tolist()[:5] == ["suspicious", "posix", "system", "REDUCE", 1]
    registry.register("arrays", {"w": np.ones(3)})
    assert registry.inspect("arrays@1").to_frame().empty


def test_damage_is_told_by_the_name_of_the_version(registry: Registry, root: Path) -> None:
    registry.register("m", [1, 2])
    for path in (root / "blobs").rglob("*"):
        if path.is_file():
            path.write_bytes(b"other")
    with pytest.raises(Corrupt, match=r"^m@1: "):
        registry.inspect("m@1")
