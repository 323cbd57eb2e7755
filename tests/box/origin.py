"""The HTTP front: one address for git, the API and the emulator's webhooks, with the faults that a test planted."""

import re
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.box.activity import Activity, Seen
from tests.box.faults import Fault, Faults
from tests.box.git_http import credentials
from tests.box.identities import KEEPER_TOKEN, Identities
from tests.box.messages import Answer, Request

HOOK = "/_hook"
JSON = {"content-type": "application/json; charset=utf-8"}


class Origin(ThreadingHTTPServer):
    """Listens on a free port of this machine; `url` is the address. What answers is set before it starts."""

    daemon_threads = True
    answer: Callable[[Request], Answer]
    hear: Callable[[str, str], None]

    def __init__(self, who: Identities, faults: Faults, activity: Activity) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._who, self._faults, self._activity = who, faults, activity

    def start(self) -> None:
        """Answer from now on."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing; anything else is a problem of the box."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            self._activity.problems.append("".join(traceback.format_exception(error)))
            traceback.print_exception(error)

    def handled(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """The answer to a request; None drops the connection."""
        path, _, query = re.sub("^/api(/v3(?=/)|(?=/graphql$))", "", target).partition("?")
        token = credentials(headers.get("authorization", ""))
        who = self._who.who(token)
        request = Request(method, path, query, headers, body, token, who)
        with self._activity.answering(method):
            if path == HOOK:
                self.hear(headers["x-github-event"], body.decode())
                return Answer(204)
            return self.answer(request) if token == KEEPER_TOKEN else self._recorded(request)

    def _recorded(self, request: Request) -> Answer | None:
        seen = Seen(request.method, request.target, request.who.login if request.who else None)
        self._activity.record(seen)
        fault = self._faults.take(request.method, request.target)
        answer = self._faulty(fault, request) if fault else self.answer(request)
        seen.status = answer.status if answer else 0
        return answer

    def _faulty(self, fault: Fault, request: Request) -> Answer | None:
        if fault.when == "after":  # the effect happens, its answer is lost
            self.answer(request)
        fault.then()
        if fault.when == "beside":
            return self.answer(request)
        return None if fault.status is None else Answer(fault.status, fault.body, fault.headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Origin

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _handle(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.handled(self.command, self.path, headers, self._body())
        if answer is None:
            self.close_connection = True
            with suppress(OSError):  # the client may be gone already
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        content = answer.content()
        self.send_response(answer.status)
        for name, value in {**JSON, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content
