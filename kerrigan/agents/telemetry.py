"""A second witness: agents that send OpenTelemetry send their counts of tokens even when they are stopped.

A receiver of OTLP/JSON on loopback. It answers at once and outlives the agent: a dead one delays its exit by up to
30 s. It keeps numbers, not bodies. Its address holds a secret, so that tests of the work tree do not end up in it by
accident; an agent could still forge its own count, so it counts only where the agent's output has none.
"""

import secrets
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from kerrigan.agents.output import Json, count, dollars, parse, part, words
from kerrigan.model.attempt import Spent, TokenUsage, merged

LARGEST = 8_000_000
"""The largest body that is read, in bytes."""

MOST_SERIES = 1000
DELTA = (1, "1", "AGGREGATION_TEMPORALITY_DELTA")
TOKENS = ("claude_code.token.usage", "gemini_cli.token.usage", "qwen-code.token.usage")
COST = "claude_code.cost.usage"
KINDS = {
    "input": "input",
    "output": "output",
    "cacheRead": "cache_read",
    "cacheCreation": "cache_write",
    "cache": "cache_read",
    "thought": "reasoning",
}
"""The kinds of tokens that the metrics name, and what they are here."""

Series = tuple[str, tuple[tuple[str, str], ...]]


class Receiver:
    """Receives while it is entered. `url` is the endpoint that an agent gets."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._open = 0
        self._points: dict[Series, Decimal] = {}
        secret = secrets.token_hex(16)
        points = self

        class Bound(_Handler):
            receiver = points
            prefix = f"/{secret}/"

        self._server = _Server(("127.0.0.1", 0), Bound)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/{secret}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def begin(self) -> None:
        """A body is there that `take` follows for, after the answer."""
        with self._lock:
            self._open += 1

    def take(self, body: bytes) -> None:
        """Add what a body of metrics reports: a delta to what is known, a cumulative point in its place."""
        found = parse(body)
        with self._lock:
            self._open -= 1
            self._lock.notify_all()
            for series, value, is_delta in _points(found):
                if series in self._points or len(self._points) < MOST_SERIES:
                    self._points[series] = value + (self._points.get(series, Decimal(0)) if is_delta else 0)

    def spent(self) -> Spent:
        """What was reported so far; a body that was answered for is read first."""
        with self._lock:
            self._lock.wait_for(lambda: self._open == 0, timeout=2.0)
            points = dict(self._points)
        usage = merged(
            (attributes.get("model", ""), _tokens(attributes.get("type", ""), int(value), name))
            for (name, listed), value in points.items()
            if name in TOKENS and (attributes := dict(listed))
        )
        usage = {model: _without_cache(used, points) for model, used in usage.items()}
        money = [value for (name, _), value in points.items() if name == COST]
        return Spent(usage or None, dollars(str(sum(money))) if money else None)


def _tokens(kind: str, value: int, name: str) -> TokenUsage:
    key = KINDS.get(kind)
    return TokenUsage(**{key: count(value)}) if key else TokenUsage()


def _without_cache(used: TokenUsage, points: dict[Series, Decimal]) -> TokenUsage:
    """Of the three, only claude's input is without the cache; gemini counts its thoughts beside the output."""
    names = {name for name, _ in points}
    if TOKENS[0] in names:
        return used
    inside = TokenUsage(input=min(used.input, used.cache_read))
    thoughts = TokenUsage(output=used.reasoning if TOKENS[1] in names else 0)
    return used - inside + thoughts


def _points(body: object) -> Iterator[tuple[Series, Decimal, bool]]:
    for resource in _list(body, "resourceMetrics"):
        for scope in _list(resource, "scopeMetrics"):
            for metric in _list(scope, "metrics"):
                name = words(part(metric, "name"))
                if name not in (*TOKENS, COST):
                    continue
                is_delta = part(metric, "sum", "aggregationTemporality") in DELTA
                for point in _list(part(metric, "sum"), "dataPoints"):
                    value = dollars(part(point, "asDouble")) or dollars(part(point, "asInt"))
                    if value is not None:
                        yield (name, _attributes(point)), value, is_delta


def _attributes(point: object) -> tuple[tuple[str, str], ...]:
    listed = _list(point, "attributes")
    return tuple(sorted((words(part(a, "key")), str(part(a, "value", "stringValue"))) for a in listed))


def _list(value: object, key: str) -> list[Json]:
    found = part(value, key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An agent that ends may break off what it sends."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    receiver: ClassVar[Receiver]
    prefix: ClassVar[str]

    def do_POST(self) -> None:
        """Answer first, read the numbers after it."""
        body = self._body() if self.path.startswith(self.prefix) else None
        if body is None:
            self.close_connection = True
            self._answer(404)
            return
        is_metrics = self.path.endswith("/v1/metrics")
        if is_metrics:
            self.receiver.begin()
        self._answer(200)
        if is_metrics:
            self.receiver.take(body)

    def _body(self) -> bytes | None:
        """The body, by its length or in chunks; None where it is too large or neither."""
        if "chunked" not in (self.headers.get("transfer-encoding") or "").lower():
            return self._read(self.headers.get("content-length") or "", 10, LARGEST)
        body = b""
        while size := self.rfile.readline(32).partition(b";")[0].strip().decode("ascii", "replace"):
            chunk = self._read(size, 16, LARGEST - len(body))
            if chunk is None:
                return None
            self.rfile.readline(32)
            if not chunk:
                return body
            body += chunk
        return None

    def _read(self, size: str, base: int, most: int) -> bytes | None:
        try:
            length = int(size, base)
        except ValueError:
            return None
        if 0 <= length <= most:
            return self.rfile.read(length)
        while length > 0 and (skipped := self.rfile.read(min(length, 65_536))):
            length -= len(skipped)
        return None

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""
