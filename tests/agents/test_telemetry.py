"""The receiver of counts: it answers at once, adds deltas, replaces totals, and nothing breaks or fills it."""

import http.client
import json
import socket
import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from kerrigan.agents.telemetry import LARGEST, MOST_SERIES, Receiver
from kerrigan.model.attempt import TokenUsage


def metrics(name: str, temporality: int, *points: tuple[dict[str, str], object]) -> bytes:
    data = [
        {"attributes": [{"key": k, "value": {"stringValue": v}} for k, v in attributes.items()], "asDouble": value}
        for attributes, value in points
    ]
    metric = {"name": name, "sum": {"aggregationTemporality": temporality, "dataPoints": data}}
    return json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}).encode()


def post(receiver: Receiver, body: Any, path: str = "/v1/metrics", url: str = "") -> int:
    address = urlsplit(url or receiver.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    try:
        connection.request("POST", address.path + path, body=body, encode_chunked=not isinstance(body, bytes))
        return connection.getresponse().status
    finally:
        connection.close()


def test_deltas_are_added_also_where_one_run_is_split_over_two_series() -> None:
    name, kind = "claude_code.token.usage", {"model": "m", "type": "input"}
    with Receiver() as receiver:
        post(receiver, metrics(name, 1, (kind, 200), ({**kind, "mcp_server.name": "custom"}, 100)))
        post(receiver, metrics(name, 1, (kind, 50), ({"model": "m", "type": "cacheCreation"}, 20)))
        post(receiver, metrics("claude_code.cost.usage", 1, ({"model": "m"}, 0.25), ({"model": "n"}, 0.5)))
        spent = receiver.spent()
    assert spent.usage == {"m": TokenUsage(input=350, cache_write=20)}
    assert spent.usd == Decimal("0.75")


def test_a_total_replaces_the_one_before_and_cached_tokens_are_inside_of_the_input() -> None:
    name = "gemini_cli.token.usage"
    with Receiver() as receiver:
        for factor in (1, 2):
            kinds = {"input": 100, "output": 7, "cache": 30, "thought": 2, "tool": 0}
            points = [({"model": "m", "type": kind}, value * factor) for kind, value in kinds.items()]
            post(receiver, iter([metrics(name, 2, *points)]))
        spent = receiver.spent()
    assert spent.usage == {"m": TokenUsage(input=140, cache_read=60, output=18, reasoning=4)}


def test_reasoning_of_qwen_is_inside_of_its_output() -> None:
    kinds = {"input": 100, "output": 7, "cache": 30, "thought": 2}
    with Receiver() as receiver:
        post(receiver, metrics("qwen-code.token.usage", 2, *(({"model": "m", "type": k}, v) for k, v in kinds.items())))
        assert receiver.spent().usage == {"m": TokenUsage(input=70, cache_read=30, output=7, reasoning=2)}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[" * 100_000, b'{"resourceMetrics": 3}', b'{"resourceMetrics": [{"scopeMetrics": [null]}]}',
        metrics("claude_code.token.usage", 1, ({"type": "input"}, -5), ({"type": "input"}, "NaN"), ({}, None)),
        metrics("claude_code.token.usage", 1, ({"type": "input"}, 1e300)),
    ],
)  # fmt: skip
def test_what_is_no_count_is_none(body: bytes) -> None:
    with Receiver() as receiver:
        assert post(receiver, body) == 200
        assert not any((receiver.spent().usage or {}).values())
        assert post(receiver, metrics("claude_code.token.usage", 1, ({"type": "output"}, 7))) == 200
        assert receiver.spent().usage == {"": TokenUsage(output=7)}


def test_it_takes_only_what_is_sent_to_its_secret_and_not_too_large() -> None:
    with Receiver() as receiver:
        body = metrics("claude_code.token.usage", 1, ({"type": "output"}, 7))
        assert post(receiver, body, url=receiver.url.rpartition("/")[0]) == 404
        assert post(receiver, b" " * (LARGEST + 1)) == 404
        assert receiver.spent().usage is None


def test_the_number_of_series_is_limited() -> None:
    name = "claude_code.token.usage"
    with Receiver() as receiver:
        for start in range(0, 2 * MOST_SERIES, 500):
            points = [({"type": "input", "series": str(n)}, 1) for n in range(start, start + 500)]
            post(receiver, metrics(name, 1, *points))
        usage = receiver.spent().usage
    assert usage == {"": TokenUsage(input=MOST_SERIES)}


def test_it_answers_others_while_one_client_never_finishes() -> None:
    with Receiver() as receiver:
        address = urlsplit(receiver.url)
        with socket.create_connection((str(address.hostname), address.port or 0)) as slow:
            slow.sendall(f"POST {address.path}/v1/metrics HTTP/1.1\r\ncontent-length: 99\r\n\r\n".encode())
            time.sleep(0.1)
            assert post(receiver, metrics("claude_code.token.usage", 1, ({"type": "output"}, 7))) == 200
            assert receiver.spent().usage == {"": TokenUsage(output=7)}
