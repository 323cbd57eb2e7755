"""What of GitHub needs no GitHub: addresses, environments, labels to change, waits, and who imports PyGithub."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.errors import UnreadableError
from kerrigan.github.address import branch_ref, commit_id, part, repository
from kerrigan.github.conversation import difference
from kerrigan.github.response import ApiRequest, Response
from kerrigan.github.runner import api_url, connect, token_variable

PACKAGE = Path(__file__).parents[2] / "kerrigan"
PREFIXES = ("status:", "role:")
NAMES = st.text(alphabet="aAbB:", min_size=1, max_size=3).map(lambda text: f"role:{text}") | st.sampled_from(
    ["bug", "Role:a", "status:a", "STATUS:A", "role:"]
)


def test_pygithub_is_imported_in_one_place() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {path.relative_to(PACKAGE).as_posix() for name in names if name.split(".")[0] == "github"}
    assert found == {"github/client.py"}


@given(st.text(max_size=20))
def test_a_part_of_a_path_stays_one_part(name: str) -> None:
    try:
        found = part(name)
    except UnreadableError:
        assert name in {"", ".", ".."}
    else:
        assert not set(found) & set("/?#& ")
        assert found.isascii()
        assert found not in {"", ".", ".."}


def test_addresses() -> None:
    assert repository("acme/todo.api") == "/repos/acme/todo.api"
    assert branch_ref("kerrigan/todo/a b") == "heads/kerrigan/todo/a%20b"
    assert commit_id("a" * 64) == "a" * 64


@pytest.mark.parametrize("text", ["main", "a" * 39, "A" * 40, "a" * 40 + "\n", "../" + "a" * 40])
def test_what_is_no_commit_id_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="is no commit id"):
        commit_id(text)


@pytest.mark.parametrize(
    ("server", "environment", "expected"),
    [
        ("https://github.com", {}, "https://api.github.com"),
        ("https://github.com/", {"GITHUB_API_URL": "http://127.0.0.1:8/"}, "http://127.0.0.1:8"),
        (
            "https://github.com",
            {"GITHUB_API_URL": "https://git.acme.example/api/v3", "GITHUB_SERVER_URL": "https://git.acme.example"},
            "https://api.github.com",
        ),
        (
            "https://git.acme.example",
            {"GITHUB_API_URL": "https://git.acme.example/api/v3", "GITHUB_SERVER_URL": "https://git.acme.example/"},
            "https://git.acme.example/api/v3",
        ),
        ("https://git.acme.example", {"GITHUB_API_URL": "https://api.github.com"}, "https://git.acme.example/api/v3"),
        ("https://acme.ghe.com", {}, "https://api.acme.ghe.com"),
        (
            "http://127.0.0.1:8",
            {"GITHUB_API_URL": "http://127.0.0.1:8/api", "GITHUB_SERVER_URL": "http://127.0.0.1:8"},
            "http://127.0.0.1:8/api",
        ),
        ("http://127.0.0.1:9", {"GITHUB_SERVER_URL": "http://127.0.0.1:8"}, "http://127.0.0.1:9/api/v3"),
    ],
)
def test_the_api_of_a_server(server: str, environment: dict[str, str], expected: str) -> None:
    assert api_url(server.rstrip("/"), environment) == expected


def test_a_token_is_sent_to_its_own_server_only() -> None:
    environment = {"GITHUB_TOKEN": "run", "GITHUB_SERVER_URL": "https://ghe.acme.com", "GH_TOKEN": "dotcom"}
    assert token_variable("https://github.com", environment) == "GH_TOKEN"
    assert token_variable("https://ghe.acme.com", environment) == "GITHUB_TOKEN"
    more = environment | {"GH_ENTERPRISE_TOKEN": "own"}
    assert token_variable("https://other.acme.com", more) == "GH_ENTERPRISE_TOKEN"
    assert token_variable("https://other.acme.com", environment) == ""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"GH_TOKEN": "three", "GITHUB_TOKEN": "two", "KERRIGAN_TOKEN": "one\n"}, "one"),
        ({"GH_TOKEN": "three", "GITHUB_TOKEN": "two", "KERRIGAN_TOKEN": " "}, "two"),
        ({"GH_TOKEN": "three"}, "three"),
        ({}, None),
    ],
)
def test_the_first_token_that_is_set_counts(environment: dict[str, str], expected: str | None) -> None:
    forge = connect("https://github.com", "acme/api", environment)
    assert (forge.client.token, forge.slug) == (expected, "acme/api")
    assert forge.url("acme/web") == "https://github.com/acme/web.git"


@given(st.lists(NAMES), st.lists(NAMES))
def test_after_the_difference_the_labels_are_as_wanted(present: list[str], wanted: list[str]) -> None:
    wanted = [label for label in wanted if label.casefold().startswith(PREFIXES)]
    missing, surplus = difference(present, wanted, PREFIXES)
    after = ({label.casefold() for label in present} - {label.casefold() for label in surplus}) | {
        label.casefold() for label in missing
    }
    foreign = {label.casefold() for label in present if not label.casefold().startswith(PREFIXES)}
    assert after == foreign | {label.casefold() for label in wanted}
    assert difference(after, wanted, PREFIXES) == ((), ())
    routing = [label.casefold().startswith("role:") for label in missing]
    assert routing == sorted(routing)


def answer(status: int, text: str = "", **headers: str) -> Response:
    return Response(
        ApiRequest("GET", "/user"), status, {name.replace("_", "-"): value for name, value in headers.items()}, text
    )


@pytest.mark.parametrize(
    ("given", "limited"),
    [
        (answer(429), True),
        (answer(403, retry_after="1"), True),
        (answer(403, x_ratelimit_remaining="0"), True),
        (answer(403, '{"message": "You have exceeded a secondary rate limit."}'), True),
        (answer(403, '{"message": "You have triggered an abuse detection mechanism."}'), True),
        (answer(403, '{"message": "Resource not accessible by integration"}', x_ratelimit_remaining="17"), False),
        (answer(200, x_ratelimit_remaining="0"), False),
        (answer(503, retry_after="1"), False),
        (answer(404), False),
    ],
)
def test_what_is_a_rate_limit(given: Response, limited: bool) -> None:
    assert given.limited is limited


@given(st.dictionaries(st.sampled_from(["message", "errors", "x"]), st.recursive(st.none() | st.text(), st.lists)))
def test_whatever_github_says_is_one_line(raw: dict[str, object]) -> None:
    said = answer(422, json.dumps(raw)).said
    assert said.isprintable()
    assert len(said) <= 400
