"""A model provider on loopback with a behaviour that a test sets, so that real CLIs run without an account.

Every answer costs 100 tokens of prompt, 30 of them read from a cache (and 20 written, where the interface says so), and
7 of output, 2 of them reasoning. `python tests/agents/mock_model.py PORT BEHAVIOUR` serves until it is interrupted.
"""

import gzip
import json
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

if __package__ in (None, ""):  # started as a program
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.agents.dialects import DIALECTS, Answer, has_tool_result, tools

TEXT = "Done: the work is complete."

BEHAVIOURS = {
    "ok": "one answer of text",
    "write": "calls the tool that writes files once (hello.txt), then answers",
    "shell": "calls the shell once (writes shell.txt), then answers",
    "sleep": "calls the shell once with a command that takes five minutes",
    "loop": "calls the shell again and again",
    "empty": "answers with neither text nor a tool",
    "cut": "breaks the stream off in the middle, every time",
    "cut-once": "breaks the first stream off, then answers",
    "hang": "never answers",
    "401": "invalid key", "402": "payment required", "403": "not allowed", "429": "rate limit, retry-after 1 s",
    "429-hour": "rate limit, retry-after 3600 s", "500": "internal error", "500-twice": "two errors, then ok",
    "529": "overloaded", "broke": "no credit left, as each provider says it",
}  # fmt: skip
"""Each behaviour, and what it does."""

ERRORS = {
    401: ("authentication_error", "invalid x-api-key", "UNAUTHENTICATED"),
    402: ("payment_required", "insufficient credits", "PAYMENT_REQUIRED"),
    403: ("permission_error", "this key may not use this model", "PERMISSION_DENIED"),
    429: ("rate_limit_error", "rate limit exceeded", "RESOURCE_EXHAUSTED"),
    500: ("api_error", "internal error", "INTERNAL"),
    529: ("overloaded_error", "overloaded", "UNAVAILABLE"),
}
SLEEP = "python3 -c 'import time; time.sleep(300)'"
WRITERS = ("Write", "write", "write_file", "create", "create_file", "save-file")
SHELLS = (
    "Bash",
    "bash",
    "run_shell_command",
    "exec_command",
    "shell_command",
    "shell",
    "local_shell",
    "launch-process",
)
PATHS = {"file_path", "filePath", "path", "absolute_path"}
CONTENTS = {"content", "file_text", "text", "file_content"}
KEPT = 20
"""How many bodies of requests are kept."""

PATCH = "*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n"


@dataclass
class MockModel:
    """The provider, while it is entered.

    `says` is the text of its answers, `folder` where a tool writes to, `command` what a shell runs.
    """

    behaviour: str = "ok"
    says: str = TEXT
    folder: str = ""
    command: str = "echo hi > shell.txt"
    requests: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        owner: MockModel = self

        class Bound(_Handler):
            model = owner

        self._server = _Server(("127.0.0.1", self.port), Bound)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def be(self, behaviour: str, **rest: str) -> Self:
        """Behave like this from now on; the counters start anew."""
        assert behaviour in BEHAVIOURS, behaviour
        self.behaviour, self.requests, self.bodies = behaviour, 0, []
        self.paths.clear()
        for name, value in rest.items():
            setattr(self, name, value)
        return self

    def count(self, path: str, body: dict[str, Any]) -> int:
        """Remember a request; which one it is."""
        with self._lock:
            self.requests += 1
            self.paths[path] += 1
            self.bodies = [*self.bodies[-KEPT:], body]
            return self.requests

    def answer(self, request: dict[str, Any], n: int) -> Answer:
        """What to answer to the n-th request."""
        offered = tools(request)
        wanted = self.behaviour in ("write", "shell", "sleep") and not has_tool_result(request)
        if (wanted or self.behaviour == "loop") and (call := self._call(offered, n)):
            return call
        return Answer() if self.behaviour == "empty" else Answer(self.says)

    def _call(self, offered: dict[str, Any], n: int) -> Answer | None:
        command = {"shell": self.command, "sleep": SLEEP, "loop": f"echo {n} >> loop.txt"}.get(self.behaviour)
        if command is None:
            for name in WRITERS:
                if name in offered:
                    return Answer(tool=name, arguments=_arguments(offered[name], self.folder, None))
            if "apply_patch" in offered:
                patch = PATCH if not offered["apply_patch"] else {"input": PATCH}
                return Answer(tool="apply_patch", arguments=patch)
            command = "printf 'hello\\n' > hello.txt"
        for name in SHELLS:
            if name in offered:
                return Answer(tool=name, arguments=_arguments(offered[name], self.folder, command))
        return None


def _arguments(schema: dict[str, Any], folder: str, command: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, kind in (schema.get("properties") or {}).items():
        if key in PATHS and command is None:
            made[key] = f"{folder}/hello.txt" if folder else "hello.txt"
        elif key in CONTENTS and command is None:
            made[key] = "hello\n"
        elif key in ("command", "cmd") and command is not None:
            made[key] = ["bash", "-c", command] if kind.get("type") == "array" else command
        elif key in ("timeout", "timeout_ms", "yield_time_ms") and command == SLEEP:
            made[key] = 250_000
        elif key == "initial_wait" and command == SLEEP:
            made[key] = 120
        elif key in schema.get("required", ()):
            made[key] = {"boolean": False, "number": 1, "integer": 1}.get(kind.get("type"), "x")
    return made


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: MockModel

    def log_message(self, *_: object) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        if "models" not in self.path:
            return self._json(404, {"error": {"message": "not found"}})
        entry = {
            "id": "mock-model",
            "object": "model",
            "type": "model",
            "display_name": "mock",
            "created_at": "2026-01-01T00:00:00Z",
        }
        return self._json(200, {"object": "list", "data": [entry], "models": []})

    def do_POST(self) -> None:
        body = self._body()
        path = self.path.partition("?")[0]
        dialect = next((found for end, found in DIALECTS.items() if path.endswith(end)), None)
        if dialect is None:
            return self._json(404 if "count" not in path else 200, {"input_tokens": 11, "totalTokens": 11})
        n = self.model.count(path, body)
        behaviour = self.model.behaviour
        if behaviour == "hang":
            time.sleep(3600)
        if behaviour == "broke":
            return self._broke(path)
        if behaviour[:3].isdigit() and not (behaviour == "500-twice" and n > 2):
            return self._error(int(behaviour[:3]), "3600" if behaviour == "429-hour" else "1")
        named = re.search(r"/models/([^/:]+):", path)
        whole, events = dialect(self.model.answer(body, n), body.get("model") or (named[1] if named else "m"), n)
        if not (body.get("stream") or "stream" in path):
            return self._json(200, whole)
        return self._stream(events, cut=behaviour == "cut" or (behaviour == "cut-once" and n == 1))

    def _body(self) -> dict[str, Any]:
        raw = b""
        if "chunked" in (self.headers.get("transfer-encoding") or ""):
            while size := int(self.rfile.readline().strip() or b"0", 16):
                raw += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        return body if isinstance(body, dict) else {}

    def _error(self, status: int, after: str) -> None:
        kind, message, name = ERRORS[status]
        error = {"type": kind, "message": message, "code": status, "status": name}
        self._json(status, {"type": "error", "error": error}, {"retry-after": after} if status == 429 else {})

    def _broke(self, path: str) -> None:
        if path.endswith("/messages"):
            message = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
            return self._json(400, {"type": "error", "error": {"type": "invalid_request_error", "message": message}})
        message = "You exceeded your current quota, please check your plan and billing details."
        return self._json(
            429, {"error": {"message": message, "type": "insufficient_quota", "code": "insufficient_quota"}}
        )

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers or {})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, events: list[str], cut: bool) -> None:
        if not cut:
            return self._send(200, "".join(events).encode(), "text/event-stream", {})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for event in events[: max(1, len(events) // 2)]:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event.encode()), event.encode()))
            self.wfile.flush()
        self.close_connection = True  # without the chunk that ends a stream
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A CLI that is killed leaves its connections in the middle of an answer."""


if __name__ == "__main__":
    with MockModel(sys.argv[2] if len(sys.argv) > 2 else "ok", port=int(sys.argv[1])) as serving:
        print(serving.url, flush=True)
        threading.Event().wait()
