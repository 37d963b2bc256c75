"""Promise 20: who may ask, for each route that the running server really has, and each method of HTTP."""

from __future__ import annotations

import http.client
import json
import re
import socket
from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from nbregistry.server.contract import operations
from nbregistry.server.handlers import LARGEST_BODY
from tests.server.running import API, Doorkeeper, RunningServer, check, operation_of

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
HERE = {"registry": ".nbregistry"}
QUERIES = {
    "/registries": {"near": ""},
    "/head": HERE,
    "/models": HERE,
    "/versions": HERE | {"name": "tumour"},
    "/version": HERE | {"ref": "tumour@1"},
    "/compare": HERE | {"ref": ["tumour@1", "tumour@2"]},
    "/section": HERE | {"id": "record", "ref": ["tumour@1"]},
}
BODIES = {
    "/change": HERE | {"change": {"verb": "promote", "ref": "tumour@2", "values": {}, "reason": ""}, "dry_run": True},
    "/export": HERE | {"ref": "tumour@1", "path": "tumour.nbr"},
}
OPERATIONS = [(operation.method.upper(), operation.path) for operation in operations()]
JSON = {"Content-Type": "application/json"}
each_operation = pytest.mark.parametrize(("method", "path"), OPERATIONS)


def paths_of(router, found=None):
    """Give the patterns of all routes of a running server, ours and others."""
    found = [] if found is None else found
    for rule in router.rules:
        if hasattr(rule.target, "rules"):
            paths_of(rule.target, found)
        else:
            found.append((rule.matcher.regex.pattern, rule.target))
    return found


def ask(server, method, path, headers, *, query="", body=None):
    """Send a request that is right but for what the test makes of it."""
    if path in QUERIES:
        query = "&".join(filter(None, (query, urlencode(QUERIES[path], doseq=True))))
    elif method == "POST" and body is None:
        body = json.dumps(BODIES[path]).encode()
    sent = (JSON if method == "POST" else {}) | headers
    answer = server.send(method, f"{API}{path}?{query}", body=body, headers=sent)
    assert b"Traceback" not in answer.body
    assert str(server.root).encode() not in answer.body
    return answer


def test_the_running_server_has_the_routes_of_the_contract_and_no_other_of_ours(server):
    ours = [
        (re.sub(r"\\(.)", r"\1", pattern), handler) for pattern, handler in paths_of(server.app.web_app.default_router)
    ]
    ours = {pattern.rstrip("$"): handler for pattern, handler in ours if "nbregistry" in pattern}
    assert set(ours) == {API + operation.path for operation in operations()}
    assert all(handler.auth_resource == "nbregistry" for handler in ours.values())


@each_operation
def test_what_the_other_tests_are_refused_is_answered_otherwise(method, path, server):
    answer = ask(server, method, path, server.authorization)
    assert answer.status == 200
    check(operation_of(method.lower(), path), answer)
    (server.root / "tumour.nbr").unlink(missing_ok=True)


@pytest.mark.parametrize("path", [path for _, path in OPERATIONS])
@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_told_anything_without_the_token(method, path, server):
    for headers in ({}, {"Authorization": "token wrong"}, {"Cookie": "username-localhost=x"}):
        answer = ask(server, method, path, headers)
        if method == "OPTIONS":  # what browsers ask before anything else: Jupyter answers it, with nothing
            assert (answer.status, answer.body) == (200, b"")
        else:
            assert answer.status == 403
    assert not (server.root / "tumour.nbr").exists()


@each_operation
def test_the_authorizer_can_say_no(method, path, server):
    Doorkeeper.refused = frozenset({"read", "write"})
    answer = ask(server, method, path, server.authorization)
    assert answer.status == 403
    check(operation_of(method.lower(), path), answer)


@each_operation
def test_reading_and_changing_are_two_rights(method, path, server):
    Doorkeeper.refused = frozenset({"read"} if method == "POST" else {"write"})
    assert ask(server, method, path, server.authorization).status == 200
    Doorkeeper.refused = frozenset({"write"} if method == "POST" else {"read"})
    assert ask(server, method, path, server.authorization).status == 403
    (server.root / "tumour.nbr").unlink(missing_ok=True)


@each_operation
def test_another_site_gets_nothing_out_of_a_browser_that_is_logged_in(method, path, server):
    cookies = server.with_cookies() | {"X-XSRFToken": "x"}
    answer = ask(server, method, path, cookies | {"Origin": "https://example.invalid"})
    assert answer.status in (403, 404)
    assert "access-control-allow-origin" not in answer.headers
    check(operation_of(method.lower(), path), answer)


@each_operation
def test_a_foreign_host_is_refused(method, path, server):
    for host in ("example.invalid", f"example.invalid:{server.port}"):
        answer = ask(server, method, path, server.authorization | {"Host": host})
        assert answer.status == 403
        check(operation_of(method.lower(), path), answer)


@each_operation
def test_a_browser_that_is_logged_in_needs_the_xsrf_token_to_change_something(method, path, server):
    cookies = server.with_cookies()
    answer = ask(server, method, path, cookies)
    assert answer.status == (403 if method == "POST" else 200)
    given = re.search(r"_xsrf=([^;]+)", server.send("GET", "/login").headers["set-cookie"])
    assert given
    if method == "POST":
        headers = {"Cookie": f"{cookies['Cookie']}; _xsrf={given[1]}", "X-XSRFToken": given[1]}
        assert ask(server, method, path, headers).status == 200
    (server.root / "tumour.nbr").unlink(missing_ok=True)


@pytest.mark.parametrize("path", [path for _, path in OPERATIONS])
@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_the_contract_does_not_have_is_refused(method, path, server):
    if (method, path) not in OPERATIONS and method != "OPTIONS":
        answer = ask(server, method, path, server.authorization)
        assert answer.status == 405
        assert method == "HEAD" or answer.json()["message"] == "Method Not Allowed"


@pytest.mark.parametrize("path", [path for _, path in OPERATIONS])
@pytest.mark.parametrize("method", METHODS)
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(method, path, server):
    length = LARGEST_BODY + 1 if path in BODIES else 1
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, f"{API}{path}")
    for key, value in (JSON | server.authorization | {"Content-Length": str(length)}).items():
        connection.putheader(key, value)
    connection.endheaders()  # and nothing follows
    answer = connection.getresponse()
    assert answer.status == 413
    assert method == "HEAD" or json.loads(answer.read())["message"] == HTTPStatus(413).phrase
    connection.close()


@each_operation
def test_a_body_without_a_length_ends_where_it_is_too_large(method, path, server):
    head = f"{method} {API}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {server.token}\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(head.encode())
        try:
            while sent < 2**26:
                client.sendall(chunk)
                sent += len(chunk)
            answer = client.recv(100)
        except OSError:
            answer = b""
    assert not answer.startswith(b"HTTP/1.1 200")
    assert sent < 2**25


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_form_can_send_is_no_change(kind, path, server):
    answer = ask(server, "POST", path, server.authorization | {"Content-Type": kind})
    assert answer.status == 415
    check(operation_of("post", path), answer)


@pytest.mark.parametrize("path", BODIES)
def test_json_may_say_in_which_characters(path, server):
    answer = ask(server, "POST", path, server.authorization | {"Content-Type": "Application/JSON; charset=utf-8"})
    assert answer.status == 200
    (server.root / "tumour.nbr").unlink(missing_ok=True)


@each_operation
def test_no_answer_is_kept_by_anybody_who_should_not(method, path, server):
    answer = ask(server, method, path, server.authorization)
    assert answer.headers["cache-control"] == (
        "no-store" if method == "POST" or path == "/registries" else "private, no-cache"
    )
    (server.root / "tumour.nbr").unlink(missing_ok=True)


def test_a_panel_that_looks_again_and_again_does_not_keep_a_server_alive(server):
    settings = server.app.web_app.settings
    settings.pop("api_last_activity", None)
    for _ in range(3):
        server.get("/head", **HERE)
    assert "api_last_activity" not in settings
    ask(server, "POST", "/change", server.authorization)
    assert "api_last_activity" in settings


@each_operation
def test_a_fault_in_the_program_is_told_to_the_log_only(method, path, server, monkeypatch, caplog):
    from nbregistry.server import changing, handlers, reading

    def broken(*_):
        raise ZeroDivisionError("a secret in /etc/shadow")

    operation = operation_of(method.lower(), path)
    monkeypatch.setattr(handlers, "get_registries", broken)
    if path != "/registries":
        monkeypatch.setitem(reading.READING if method == "GET" else changing.CHANGING, operation.id, broken)
    answer = ask(server, method, path, server.authorization)
    assert (answer.status, answer.json()["kind"]) == (500, "Error")
    assert b"secret" not in answer.body
    assert "ZeroDivisionError: a secret" in caplog.text
    check(operation, answer)


def test_the_routes_stand_below_the_server_s_own_address(folder, kept):
    with RunningServer(folder, base_url="/user/ada/") as server:
        answer = server.send("GET", f"/user/ada{API}/head?registry=.nbregistry", headers=server.authorization)
        assert answer.json()["versions"] == 2
        assert server.send("GET", f"{API}/head?registry=.nbregistry", headers=server.authorization).status == 404
