"""The routes: who may ask, how much may be sent, and how it is answered.

Token, authorizer, Host, Origin and XSRF are checked by Jupyter's own handler, of which nothing is taken away here.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from http.client import responses
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated, stream_request_body

from nbregistry.errors import RegistryError
from nbregistry.server import strict_json
from nbregistry.server.changing import CHANGING
from nbregistry.server.contract import document, operations
from nbregistry.server.etag import etag_of
from nbregistry.server.failures import failure, plain_failure, status_of
from nbregistry.server.reading import READING, get_registries

if TYPE_CHECKING:
    from nbregistry.server.contract import Operation
    from nbregistry.server.service import Asked, Service

LARGEST_BODY = 64 * 2**10
_SEARCH, _CHANGES = "search ", "change "


def routes(base_url: str, service: Service) -> list[tuple[str, type[APIHandler], dict[str, Any]]]:
    """Make a route for each path of the contract."""
    root = url_path_join(base_url, document()["servers"][0]["url"])
    return [
        (re.escape(root + operation.path), _handler_of(operation), {"operation": operation, "service": service})
        for operation in operations()
    ]


# Streamed, so that a body is refused before it is read.
@stream_request_body
class OperationHandler(APIHandler):  # type: ignore[misc,unused-ignore]
    """An operation of the contract."""

    auth_resource = "nbregistry"
    largest_body = 0

    def initialize(self, operation: Operation, service: Service) -> None:
        """Take what the route has."""
        self.operation = operation
        self.service = service
        self.received = bytearray()

    async def prepare(self) -> None:  # type: ignore[override]
        """Look at what comes before the body."""
        await super().prepare()
        if self.current_user is None and self.request.method != "OPTIONS":  # also for methods that are not there
            raise HTTPError(HTTPStatus.FORBIDDEN)
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > self.largest_body:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        # One that does not say how long it is: the connection ends where it gets too long.
        self.request.connection.set_max_body_size(self.largest_body)  # type: ignore[union-attr]

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece of the body."""
        self.received += chunk

    def compute_etag(self) -> None:
        """Leave the ETag as it was set: it does not come from the answer's bytes."""

    async def work(self, room: str, work: Any, *arguments: Any, hurried: bool = True) -> Any:
        """Do something off the event loop."""
        return await self.service.workers.run(room, work, *arguments, hurried=hurried)

    def fail(self, error: RegistryError) -> None:
        """Answer with an error of the package."""
        self.log.debug("nbregistry | %s: %s", type(error).__name__, error)
        self.set_status(status_of(error))
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Etag")
        self.finish(strict_json.dumps(failure(error, self.service.jail)))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer with whatever else went wrong: the status says what, the server's log has the rest."""
        self.set_header("Cache-Control", "no-store")
        told = responses.get(status_code, "Unknown")
        if status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            told = "the server could not do this; its log says why"
        self.finish(strict_json.dumps(plain_failure(told)))


class ReadingHandler(OperationHandler):
    """What changes nothing."""

    # A panel that looks again and again does not keep alive a server that nobody uses.
    _track_activity = False

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer, in a few bytes if nothing changed."""
        try:
            asked = self.operation.query(self.request.query_arguments)
            if self.operation.id in READING:
                await self._answer_of_a_registry(asked)
            else:
                self.set_header("Cache-Control", "no-store")
                self.finish(await self.work(_SEARCH, self._registries, asked))
        except RegistryError as error:
            self.fail(error)

    def _registries(self, asked: Asked) -> bytes:
        return strict_json.dumps(get_registries(self.service, asked))

    async def _answer_of_a_registry(self, asked: Asked) -> None:
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("Etag", await self.work(asked["registry"], self._etag, asked))
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            self.finish()
        else:
            self.finish(await self.work(asked["registry"], self._answer, asked))

    def _etag(self, asked: Asked) -> str:
        return etag_of(self.service.opened(asked["registry"]), self.operation.id, asked)

    def _answer(self, asked: Asked) -> bytes:
        return strict_json.dumps(READING[self.operation.id](self.service.opened(asked["registry"]), asked))


class ChangingHandler(OperationHandler):
    """What changes a registry, or writes a file."""

    largest_body = LARGEST_BODY

    async def prepare(self) -> None:  # type: ignore[override]
        """Take JSON only, which no form of another site can send."""
        await super().prepare()
        kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if self.request.method == "POST" and kind != "application/json":
            raise HTTPError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    @authenticated
    @authorized
    async def post(self) -> None:
        """Do it, and wait for its end however long it takes."""
        self.set_header("Cache-Control", "no-store")
        try:
            self.operation.query(self.request.query_arguments)
            asked = self.operation.body(strict_json.loads(bytes(self.received)))
            work = partial(self.work, _CHANGES + asked["registry"], hurried=False)
            self.finish(await work(self._done, asked))
        except RegistryError as error:
            self.fail(error)

    def _done(self, asked: Asked) -> bytes:
        return strict_json.dumps(CHANGING[self.operation.id](self.service.opened(asked["registry"]), asked))


def _handler_of(operation: Operation) -> type[OperationHandler]:
    return {"get": ReadingHandler, "post": ChangingHandler}[operation.method]
