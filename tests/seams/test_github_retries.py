"""What is asked again, what is waited for, and what is never sent twice."""

from collections.abc import Iterator

import pytest

from kerrigan.errors import UndecidedError
from kerrigan.github.client import Client
from tests.seams.github_script import (
    BAD_GATEWAY,
    DROPPED,
    NOW,
    SECONDARY,
    USER,
    WRITES,
    GitHub,
    Reply,
    login,
    refused,
    scripted,
    write,
)

ADA = Reply(200, {"login": "ada"})
WRITTEN = {"POST": Reply(201, {}), "PATCH": Reply(200, {}), "DELETE": Reply(200, [])}


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        yield github


@pytest.mark.parametrize("fault", [BAD_GATEWAY, DROPPED, refused(503, "No server is available")])
def test_a_read_is_asked_again(github: GitHub, client: Client, fault: Reply) -> None:
    github.on("GET", USER, fault, fault, ADA)
    assert client.get(USER, login) == "ada"
    assert len(github.seen) == 3
    assert len(github.waits) == 2


@pytest.mark.parametrize(("fault", "kind"), [(BAD_GATEWAY, "server"), (DROPPED, "network")])
def test_a_read_is_given_up_after_three(github: GitHub, client: Client, fault: Reply, kind: str) -> None:
    github.on("GET", USER, fault)
    with pytest.raises(UndecidedError) as caught:
        client.get(USER, login)
    assert caught.value.kind == kind
    assert len(github.seen) == 3


@pytest.mark.parametrize("verb", WRITTEN)
@pytest.mark.parametrize(("fault", "kind"), [(BAD_GATEWAY, "server"), (DROPPED, "network")])
def test_a_write_whose_end_is_not_known_is_never_sent_twice(
    github: GitHub, client: Client, fault: Reply, kind: str, verb: str
) -> None:
    github.on(verb, WRITES[verb], fault, WRITTEN[verb])
    with pytest.raises(UndecidedError) as caught:
        write(client, verb)
    assert caught.value.kind == kind
    assert len(github.seen) == 1


@pytest.mark.parametrize("verb", ["GET", *WRITTEN])
@pytest.mark.parametrize(
    ("limit", "pause"),
    [
        (refused(429, "Too many requests", Retry_After="7"), 7),
        (refused(429, "Too many requests"), 60),
        (refused(403, SECONDARY, Retry_After="7"), 7),
        (refused(403, SECONDARY), 60),
        (refused(403, "API rate limit exceeded", X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW + 4)), 5),
        (refused(429, "Too many requests", X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW - 9)), 1),
        (refused(429, "x", Retry_After="soon"), 60),
    ],
)
def test_a_rate_limit_is_waited_for_whatever_was_asked(
    github: GitHub, client: Client, limit: Reply, pause: float, verb: str
) -> None:
    path = WRITES.get(verb, USER)
    github.on(verb, path, limit, WRITTEN.get(verb, ADA))
    if verb == "GET":
        assert client.get(USER, login) == "ada"
    else:
        write(client, verb)
    assert github.waits == [pause]
    assert github.told == [f"GitHub's rate limit: waiting {pause} s"]
    assert [seen.verb for seen in github.seen] == [verb, verb]


def test_a_limit_does_not_count_as_one_of_the_three(github: GitHub, client: Client) -> None:
    github.on("GET", USER, refused(429, "Too many requests"), BAD_GATEWAY, DROPPED, ADA)
    assert client.get(USER, login) == "ada"


def test_patience_ends_over_all_requests_together(github: GitHub) -> None:
    client = github.client(patience=10)
    limit = refused(429, "Too many requests", Retry_After="6")
    github.on("GET", USER, limit, ADA, limit)
    assert client.get(USER, login) == "ada"
    with pytest.raises(UndecidedError, match="429 to GET /user") as caught:
        client.get(USER, login)
    client.close()
    assert caught.value.kind == "rate-limit"
    assert github.waits == [6]


@pytest.mark.parametrize("verb", WRITTEN)
def test_a_limit_that_lasts_too_long_is_undecided_and_nothing_was_written(
    github: GitHub, client: Client, verb: str
) -> None:
    github.on(verb, WRITES[verb], refused(403, "API rate limit exceeded", Retry_After="3600"))
    with pytest.raises(UndecidedError) as caught:
        write(client, verb)
    assert caught.value.kind == "rate-limit"
    assert len(github.seen) == 1
    assert github.waits == []
