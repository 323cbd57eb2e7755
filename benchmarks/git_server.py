"""Git over HTTP on loopback: bare repositories below a folder, served by git's own backend, and what was asked counted.

`python -m benchmarks.git_server FOLDER` serves until its input ends, and prints its address first; `GET /count` answers
with the count as JSON. In a process of its own, so that its processor time is not that of anyone who asks.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Change = Callable[[bytes], bytes]


def unchanged(body: bytes) -> bytes:
    """The same bytes."""
    return body


@dataclass
class Count:
    """What was asked so far: requests of git, and bytes of their answers and of what they sent."""

    requests: int = 0
    sent: int = 0
    received: int = 0


@dataclass
class Server:
    """Serves `folder`. `protocol` is the newest that is spoken; `advertise` changes what is told of its abilities.

    Without the `header`, where one is set, every request is refused.
    """

    folder: Path
    protocol: int = 2
    advertise: Change = unchanged
    count: Count = field(default_factory=Count)
    url: str = ""
    header: tuple[str, str] = ("", "")

    def answer(self, handler: "Handler", body: bytes) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and body that git's backend answers with."""
        name, value = self.header
        if name and handler.headers.get_all(name) != [value]:
            return 403, {}, b""
        path, _, query = handler.path.partition("?")
        given = handler.headers
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_CONFIG_")} | {
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": str(handler.command),
            "CONTENT_TYPE": given.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": given.get("content-encoding", ""),
            "GIT_PROTOCOL": given.get("git-protocol", "") if self.protocol > 1 else "",
            "REMOTE_USER": "someone",
            "REMOTE_ADDR": "127.0.0.1",
        }
        words = ["git", "-c", "http.receivepack=true", "http-backend"]
        done = subprocess.run(words, input=body, env=environment, capture_output=True, check=False)
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        return int(headers.pop("Status", "200").split()[0]), headers, answer


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    served: Server

    def do_GET(self) -> None:
        """What git asks first, or the count."""
        if self.path == "/count":
            self._send(200, {"Content-Type": "application/json"}, json.dumps(asdict(self.served.count)).encode())
        else:
            self._git(b"", self.served.advertise)

    def do_POST(self) -> None:
        """A fetch or a push."""
        self._git(self._body(), unchanged)

    def log_message(self, *words: object) -> None:
        """Nothing is printed."""

    def _git(self, body: bytes, change: Change) -> None:
        status, headers, answer = self.served.answer(self, body)
        answer = change(answer)
        count = self.served.count
        count.requests, count.received, count.sent = (
            count.requests + 1,
            count.received + len(body),
            count.sent + len(answer),
        )
        self._send(status, headers, answer)

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve from threads of this process, at `server.url`."""
    handler = type("Bound", (Handler,), {"served": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


if __name__ == "__main__":
    with serving(Server(Path(sys.argv[1]))) as found:
        print(found.url, flush=True)
        sys.stdin.read()
