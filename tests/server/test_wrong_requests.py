"""Promises 13 and 20: whatever is asked, the answer is JSON that says what is wrong, and nothing else happens."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

import pytest

from nbregistry import errors
from nbregistry.errors import RegistryError
from nbregistry.magics.usage import WrongUsage
from nbregistry.server import strict_json
from nbregistry.server.contract import WrongRequest, operations
from nbregistry.server.failures import STATUS, failure, status_of
from nbregistry.server.jail import Jail
from tests.faults.hostile import HALVES, REFUSED_NAMES, TEXTS
from tests.server.running import API
from tests.server.test_gates import BODIES, HERE, QUERIES

LONG = ["x" * 700, "x" * 5000, "../" * 1000, "%" * 3000, "(" * 1500, "1 AND " * 600]
EVIL = [*TEXTS, *REFUSED_NAMES, *LONG]
TRICKS = [
    "..",
    "../.nbregistry",
    "a/../.nbregistry",
    "./.nbregistry",
    ".nbregistry/",
    "/.nbregistry",
    "//.nbregistry",
    ".nbregistry/../../outside/.nbregistry",
    "../outside/.nbregistry",
    "..\\outside",
    "C:\\x",
    ".nbregistry\0",
    "\0",
    "link",
    "link/.nbregistry",
    "deep/link",
    "sibling/.nbregistry",
    "loop",
    "fifo",
    "device",
    "dangling",
    "a file",
    "a file/.nbregistry",
    "empty",
    ".nbregistry/log",
    "x" * 300,
    "x/" * 2000,
    "~/.nbregistry",
    "file:///.nbregistry",
]
PARAMETERS = [
    (operation.path, parameter["name"])
    for operation in operations()
    for parameter in operation.spec.get("parameters", ())
]


@pytest.fixture(scope="module")
def planted(folder, kept, tmp_path_factory):
    """Give what is around the registry: ways out of the root, and things that are none."""
    outside = tmp_path_factory.mktemp("outside")
    import nbregistry

    nbregistry.open(outside / ".nbregistry").register("secret", {"w": 1})
    (folder / "link").symlink_to(outside)
    sibling = folder.parent / f"{folder.name}0"  # its name begins as the root's does
    nbregistry.open(sibling / ".nbregistry").register("secret", {"w": 1})
    (folder / "sibling").symlink_to(sibling)
    (folder / "deep").mkdir()
    (folder / "deep" / "link").symlink_to(outside / ".nbregistry")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "device").symlink_to("/dev/zero")
    os.mkfifo(folder / "fifo")
    (folder / "a file").write_text("x")
    (folder / "empty").mkdir()
    (folder / ".secret").mkdir()
    (folder / "in sight").symlink_to(folder / ".secret")
    return outside


@pytest.fixture(scope="module", autouse=True)
def _everything_stays_as_it_is(planted, kept, folder):
    before, names = kept.head(), sorted(folder.iterdir())
    yield
    assert kept.head() == before
    assert sorted(folder.iterdir()) == names


def check(answer):
    """Hold any answer against what all have."""
    assert answer.status in (200, 304) or answer.json()["kind"] != "Error" or answer.status < 500
    assert b"secret" not in answer.body


def get(server, path, query):
    return server.get(path, **query)


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_hostile_texts_are_answered(path, name, server):
    for text in EVIL:
        check(get(server, path, QUERIES[path] | {name: text}))


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_no_path_leads_out(path, name, server):
    for text in TRICKS:
        answer = get(server, path, QUERIES[path] | {name: text})
        check(answer)
        if name == "registry":
            assert (answer.status, answer.json()["kind"]) == (404, "NotFound"), text


def test_what_is_outside_is_told_in_the_same_words_as_what_is_nowhere(server):
    for path in ("../outside0/.nbregistry", "link/.nbregistry", "no/.nbregistry", "empty", "a file"):
        told = get(server, "/head", {"registry": path}).json()
        assert told["message"] == f"there is no registry {path!r} below the server's folder"


def test_half_characters_never_reach_a_registry(server):
    for half in HALVES:
        for path in QUERIES:
            name = "near" if path == "/registries" else "registry"
            answer = get(server, path, QUERIES[path] | {name: half})
            assert (answer.status, answer.json()["kind"]) == (400, "Refused")


@pytest.mark.parametrize("path", QUERIES)
@pytest.mark.parametrize(
    "query",
    ["x=1", "registry=.nbregistry&registry=.nbregistry&near=a&near=b", "limit=", "%ff=1", "registry=%ff", "%00"],
)
def test_a_query_that_the_contract_does_not_know_is_refused(path, query, server):
    answer = server.send("GET", f"{API}{path}?{query}", headers=server.authorization)
    assert (answer.status, answer.json()["kind"]) == (400, "Refused")


@pytest.mark.parametrize(
    "number", ["0", "-1", "501", "1e1", "1.0", "٣", "0x10", " 1", "1_0", "9" * 30, "", "NaN", "true"]
)
@pytest.mark.parametrize("path", ["/models", "/versions"])
def test_a_limit_is_a_number_within_bounds(path, number, server):
    answer = get(server, path, QUERIES[path] | {"limit": number})
    assert (answer.status, answer.json()["kind"]) == (400, "Refused")


def places_in(body, path=()):
    """Give every place of a body that holds something."""
    yield path
    if isinstance(body, dict):
        for key, value in body.items():
            yield from places_in(value, (*path, key))


def changed(body, place, value):
    """Give a copy of a body with something else in one place."""
    if not place:
        return value
    return body | {place[0]: changed(body[place[0]], place[1:], value)}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "value", [None, 0, 1.5, True, [], {}, "", ["x"], {"x": "y"}, "x" * 30_000], ids=lambda v: f"{v!r:.9}"
)
def test_a_body_of_another_shape_is_refused(path, value, server):
    fits = {("change", "values"): {}, ("change", "reason"): "", ("dry_run",): True}
    for place in places_in(BODIES[path]):
        if value != fits.get(place, fits):
            answer = server.post(path, changed(BODIES[path], place, value))
            assert 400 <= answer.status < 500, place


@pytest.mark.parametrize("place", [("registry",), ("change", "verb"), ("change", "ref"), ("change", "values", "alias")])
def test_hostile_texts_in_a_change_are_answered(place, server):
    body = changed(BODIES["/change"], ("change", "values"), {"alias": "x"})
    for text in [*EVIL, *TRICKS]:
        check(server.post("/change", changed(body, place, text)))


@pytest.mark.parametrize("verb", ["tag", "describe", "approve", "archive", "restore", "rollback"])
def test_hostile_texts_in_the_other_changes_are_answered(verb, server):
    field = {"tag": "tags", "describe": "text", "approve": "status", "rollback": "to"}.get(verb)
    for text in EVIL[::3]:
        values = {field: text} if field else {}
        change = {"verb": verb, "ref": "tumour@2", "values": values, "reason": text}
        check(server.post("/change", HERE | {"change": change, "dry_run": True}))


@pytest.mark.parametrize("name", ["registry", "ref"])
def test_hostile_texts_in_an_export_are_answered(name, server):
    for text in [*EVIL[::2], *TRICKS]:
        answer = server.post("/export", BODIES["/export"] | {name: text})
        assert 400 <= answer.status < 500, text


EXPORTS = {
    "../out.nbr": 404,
    "/tmp/out.nbr": 404,
    "link/out.nbr": 404,
    "deep/link/out.nbr": 404,
    "no/out.nbr": 404,
    "a file/out.nbr": 404,
    "fifo/out.nbr": 404,
    "loop/out.nbr": 404,
    "out\0.nbr": 404,
    "empty/": 404,
    "empty/../../out.nbr": 404,
    "empty\\out.nbr": 404,
    ".hidden.nbr": 422,
    "in sight/out.nbr": 422,
    " ": 404,
    ".nbregistry/out.nbr": 422,
    ".nbregistry/log/0000000099.json": 422,
    "a file": 422,
    "fifo": 422,
    "link": 422,
    "dangling": 422,
    "loop": 422,
    "empty": 422,
    "x" * 250: 503,
    "x" * 300: 503,
    "x/" * 1500 + "out": 404,
}


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path[:30])
def test_an_export_goes_nowhere_else_and_over_nothing(path, server, planted):
    answer = server.post("/export", BODIES["/export"] | {"path": path})
    assert (answer.status, answer.json()["kind"]) == (
        EXPORTS[path],
        {404: "NotFound", 422: "Refused", 503: "StorageError"}[EXPORTS[path]],
    )
    assert str(server.root) not in answer.body.decode()
    assert list(planted.iterdir()) == [planted / ".nbregistry"]


DOUBTFUL = {
    "empty": b"",
    "twice": b'{"registry": "a", "registry": ".nbregistry"}',
    "twice below": b'{"registry": ".nbregistry", "change": {"ref": "a", "ref": "b"}}',
    "nan": b'{"registry": NaN}',
    "infinity": b"[-Infinity]",
    "half a character": b'{"registry": "\\ud800"}',
    "half a key": b'{"\\udfff": 1}',
    "no utf-8": b'{"registry": "\xff"}',
    "utf-16": '{"registry": "x"}'.encode("utf-16"),
    "a mark before": b"\xef\xbb\xbf{}",
    "deep": b"[" * 30_000 + b"]" * 30_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "many digits": b"1" * 60_000,
    "more behind": b"{} {}",
    "comment": b"{/* */}",
    "comma": b'{"a": 1,}',
    "form": b"registry=.nbregistry",
    "null": b"null",
    "text": b'"x"',
    "prototype": b'{"__proto__": {"registry": ".nbregistry"}}',
}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("body", DOUBTFUL)
def test_json_of_two_meanings_is_refused(path, body, server):
    answer = server.post(path, DOUBTFUL[body])
    assert (answer.status, answer.json()["kind"]) == (400, "Refused")


@pytest.mark.parametrize("path", BODIES)
def test_a_key_that_comes_twice_is_refused_though_all_else_is_right(path, server):
    right = json.dumps(BODIES[path]).encode()
    assert server.post(path, right.replace(b'"path": "', b'"path": "empty/../')).status != 400
    answer = server.post(path, right.replace(b"{", b'{"registry": "a", ', 1))
    assert (answer.status, answer.json()["message"]) == (400, "the body is no strict JSON: a key comes twice")


@pytest.mark.parametrize("text", [b"NaN", b"[-Infinity]", b'{"a": Infinity}'])
def test_what_is_no_number_is_no_json(text):
    with pytest.raises(WrongRequest, match="is no number"):
        strict_json.loads(text)


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_a_name_that_is_given_twice_is_refused(path, name, server):
    value = QUERIES[path].get(name, "")
    if not isinstance(value, list):
        answer = get(server, path, QUERIES[path] | {name: [value, value]})
        assert (answer.status, answer.json()["message"]) == (400, f"{name!r} is given 2 times")


def test_what_is_written_has_no_second_meaning_either():
    assert strict_json.dumps({"a\udcff": ["\udc80", ("b",)]}) == b'{"a\\\\udcff":["\\\\udc80",["b"]]}'
    value = {"a": [1, 1.5, None, "\u2028</script>"]}
    assert json.loads(strict_json.dumps(value)) == strict_json.loads(strict_json.dumps(value)) == value


def test_each_kind_of_error_has_a_status_and_a_kind_that_users_know():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RegistryError)]
    jail = Jail("/srv")
    for kind in [*kinds, WrongRequest, WrongUsage]:
        assert status_of(kind("x")) == next(status for known, status in STATUS.items() if issubclass(kind, known))
        assert hasattr(errors, failure(kind("x"), jail)["kind"])
    assert (status_of(errors.WrongType("x")), failure(WrongRequest("x"), jail)["kind"]) == (422, "Refused")


def test_an_error_does_not_tell_where_on_the_machine_it_is(user):
    error = errors.StorageError(
        f"/srv/a/.nbregistry and /srv/b and {user}/signing-key",
        hint="see /srv",
        otherwise=["/srv/c"],
        excerpt=["/srv/d"],
    )
    told = failure(error, Jail("/srv"))
    assert told["message"] == "a/.nbregistry and b and the folder with your keys/signing-key"
    assert (told["hint"], told["otherwise"], told["excerpt"]) == ("see the server's folder", ["c"], ["d"])


def test_a_path_of_the_query_s_own_is_no_route(server):
    for path in ("/nbregistry/api", "/nbregistry/api/", "/nbregistry/api/no", "/nbregistry/api/head/..%2fchange"):
        assert server.send("GET", quote(path, safe="/%"), headers=server.authorization).status in (404, 301, 302)
