"""A real Jupyter server in a thread of the test, and a client that sends exactly what it is told."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jsonschema
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from nbregistry.server.contract import document, operations

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.server.contract import Operation

API = "/nbregistry/api"


class Doorkeeper(Authorizer):
    """Lets everybody do everything, until it is told not to."""

    refused = frozenset[str]()

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return not (resource == "nbregistry" and action in type(self).refused)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int = 0

    def json(self) -> Any:
        def strict(name: str) -> Any:
            raise AssertionError(f"{name} is no JSON")

        return json.loads(self.body, parse_constant=strict)


@dataclass
class Server:
    """A running server."""

    app: ServerApp
    root: Path
    token: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a request as it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            given = {key.lower(): value for key, value in response.getheaders()}
            content = response.read()
            size = len(f"HTTP/1.1 {response.status} {response.reason}\r\n") + 2 + len(content)
            size += sum(len(key) + len(value) + 4 for key, value in response.getheaders())
            return Answer(response.status, given, content, size)
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None, **asked: Any) -> Answer:
        """Ask as a client with the token does; the answer is held against the contract."""
        query = urlencode(asked, doseq=True, quote_via=quote, errors="surrogatepass")
        answer = self.send("GET", f"{API}{path}?{query}", headers=self.authorization | (headers or {}))
        check(operation_of("get", path), answer)
        return answer

    def post(self, path: str, content: Any, headers: dict[str, str] | None = None) -> Answer:
        """Send JSON, or bytes as they are, as a client with the token does."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent = {"Content-Type": "application/json"} | self.authorization | (headers or {})
        answer = self.send("POST", f"{API}{path}", body=body, headers=sent)
        check(operation_of("post", path), answer)
        return answer

    def change(self, verb: str, ref: str, *, dry_run: bool = False, reason: str = "", **values: str) -> Answer:
        """Ask for a change."""
        change = {"verb": verb, "ref": ref, "values": values, "reason": reason}
        return self.post("/change", {"registry": ".nbregistry", "change": change, "dry_run": dry_run})

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

    def with_cookies(self) -> dict[str, str]:
        """Give the headers of a browser that is logged in."""
        if not self.cookies:
            answer = self.send("GET", f"/api/status?token={self.token}")
            assert answer.status == 200
            name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}


def operation_of(method: str, path: str) -> Operation:
    return next(operation for operation in operations() if (operation.method, operation.path) == (method, path))


def check(operation: Operation, answer: Answer) -> None:
    """Hold an answer against the contract, and against what no answer may have."""
    responses = operation.spec["responses"]
    assert "Traceback" not in answer.body.decode()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"] or answer.status == 304
    if answer.status == 304:
        assert answer.body == b""
        return
    assert answer.headers["content-type"] == "application/json"
    response = responses.get(str(answer.status), responses["default"])
    schema = response["content"]["application/json"]["schema"] | {"components": document()["components"]}
    jsonschema.validate(answer.json(), schema, cls=jsonschema.Draft202012Validator)


class RunningServer:
    """Starts and stops a server; the folders of Jupyter are told by the environment."""

    def __init__(self, root: Path, base_url: str = "/", **settings: Any) -> None:
        self.root = root
        self.base_url = base_url
        self.settings = settings
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.is_up = threading.Event()
        self.failed: BaseException | None = None

    def __enter__(self) -> Server:
        self.thread.start()
        assert self.is_up.wait(60)
        if self.failed:
            raise self.failed
        return Server(self.app, self.root, self.token, self.app.port)

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(30)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised again where the server was wanted
            self.failed = error
        finally:
            self.is_up.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.ended = asyncio.Event()
        self.token = secrets.token_hex(16)
        config = Config(
            ServerApp={
                "root_dir": str(self.root),
                "base_url": self.base_url,
                "ip": "127.0.0.1",
                "port": 0,
                "open_browser": False,
                "allow_root": True,
                "jpserver_extensions": {"nbregistry": True},
                "authorizer_class": Doorkeeper,
                "answer_yes": True,
                "log_level": "WARN",
            },
            IdentityProvider={"token": self.token},
            NbRegistry=self.settings,
        )
        self.app = ServerApp(config=config)
        self.app.init_signal = lambda: None
        self.app.initialize(argv=[], find_extensions=False)
        self.app.start_app()
        self.app.io_loop.add_callback(self.is_up.set)  # behind the one in which its sockets are bound
        await self.ended.wait()
        self.app.http_server.stop()
        await self.app._cleanup()
