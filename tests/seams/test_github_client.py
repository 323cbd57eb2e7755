"""What becomes of a request when GitHub refuses, limits, redirects, mumbles or hangs up."""

import traceback
from collections.abc import Iterator

import pytest

from kerrigan.errors import KerriganError, UndecidedError, UnreadableError
from kerrigan.github.client import Client
from kerrigan.github.response import unread
from tests.seams.github_script import (
    DROPPED,
    NOT_FOUND,
    POSTED,
    REPO,
    TOKEN,
    USER,
    WRITES,
    GitHub,
    Reply,
    login,
    refused,
    scripted,
    write,
)


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        yield github


def test_it_says_who_it_is_and_which_version_it_means(github: GitHub, client: Client) -> None:
    github.get(USER, {"login": "ada"})
    assert client.get(USER, login) == "ada"
    headers = github.seen[0].headers
    assert headers["authorization"] == f"token {TOKEN}"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"] == "kerrigan"


def test_nobody_sends_no_authorization(github: GitHub) -> None:
    client = github.client(token=None)
    github.on("GET", USER, refused(401, "Requires authentication"))
    with pytest.raises(UndecidedError, match="401 to GET /user: Requires authentication") as caught:
        client.get(USER, login)
    client.close()
    assert caught.value.kind == "token"
    assert "authorization" not in github.seen[0].headers


def test_a_server_with_a_path_is_asked_below_it() -> None:
    with scripted(prefix="/api/v3") as github:
        client = github.client()
        page = f"{REPO}/issues/1/comments"
        link = {"Link": f'<{github.url}/api/v3{page}?page=2>; rel="next", <{github.url}/x>; rel="last"'}
        github.on("GET", page, Reply(200, [{"id": 1}], link), Reply(200, [{"id": 2}]))
        assert list(client.pages(page, lambda raw: raw["id"])) == [1, 2]
        client.close()
        assert [seen.query.get("page") for seen in github.seen] == [None, "2"]


def test_a_missing_permission_to_look_is_named(github: GitHub, client: Client) -> None:
    message = "Resource not accessible by personal access token"
    github.on("GET", USER, refused(403, message, X_Accepted_GitHub_Permissions="checks=read"))
    with pytest.raises(UndecidedError, match=message) as caught:
        client.get(USER, login)
    assert caught.value.kind == "permission"
    assert "checks=read" in caught.value.next_step


def test_a_missing_permission_to_write_is_a_no(github: GitHub, client: Client) -> None:
    message = "Resource not accessible by integration"
    github.on("POST", POSTED, refused(403, message, X_Accepted_GitHub_Permissions="statuses=write"))
    with pytest.raises(UnreadableError, match=message) as caught:
        write(client, "POST")
    assert caught.value.kind == "permission"
    assert "statuses=write" in caught.value.next_step


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_not_found_tells_that_the_token_may_be_why(github: GitHub, client: Client, verb: str) -> None:
    with pytest.raises(UnreadableError, match="private repository that the token does not reach") as caught:
        write(client, verb)
    assert caught.value.kind == "not-found"


def test_what_is_not_there_is_none_when_looked_for_and_fine_when_removed(github: GitHub, client: Client) -> None:
    assert client.find(USER, login) is None
    client.delete(WRITES["DELETE"])
    with pytest.raises(UnreadableError):
        client.get(USER, login)


@pytest.mark.parametrize("status", [400, 409, 410, 422])
def test_githubs_words_and_details_are_told(github: GitHub, client: Client, status: int) -> None:
    details = ({"resource": "Status", "field": "state", "code": "invalid"}, {"message": "and\n\x1b[31mmore"})
    github.on("POST", POSTED, refused(status, "Validation Failed", *details))
    expected = f"{status} to POST {POSTED}: Validation Failed; Status state invalid; and\\[31mmore"
    with pytest.raises(UnreadableError, match=expected):
        write(client, "POST")


@pytest.mark.parametrize("text", ["<html>Sign in to the proxy</html>", "[]", '{"name": "ada"}', "null", '"ada"', ""])
def test_an_answer_that_is_none_of_githubs_is_undecided(github: GitHub, client: Client, text: str) -> None:
    github.on("GET", USER, Reply(200, text=text))
    with pytest.raises(UndecidedError, match="the answer to GET /user is not what GitHub documents") as caught:
        client.get(USER, login)
    assert caught.value.kind == "bad-answer"


@pytest.mark.parametrize("text", ["<html>Not here</html>", "[1]", '{"errors": "none", "message": null}'])
def test_a_refusal_without_githubs_words_is_one_all_the_same(github: GitHub, client: Client, text: str) -> None:
    github.on("POST", POSTED, Reply(422, text=text))
    with pytest.raises(UnreadableError, match=f"GitHub answered 422 to POST {POSTED}$"):
        write(client, "POST")


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_follows_a_renamed_repository_once(github: GitHub, client: Client, status: int) -> None:
    new = "/repos/acme/renamed/dispatches"
    github.on("POST", f"{REPO}/dispatches", Reply(status, {"message": "Moved"}, {"Location": github.url + new}))
    github.on("POST", new, Reply(204))
    client.post(f"{REPO}/dispatches", {"event_type": "x"}, unread)
    assert [(seen.path, seen.body) for seen in github.seen] == [
        (f"{REPO}/dispatches", {"event_type": "x"}),
        (new, {"event_type": "x"}),
    ]


def test_a_write_never_follows_in_circles_or_to_strangers(github: GitHub, client: Client) -> None:
    path = f"{REPO}/dispatches"
    for location in (f"{github.url}{path}", "https://evil.example/dispatches", ""):
        github.on("POST", path, Reply(307, {"message": "Moved"}, {"Location": location}))
        with pytest.raises(UnreadableError, match="GitHub answered 307"):
            client.post(path, {"event_type": "x"}, unread)
    assert len(github.seen) == 2 + 1 + 1


def test_a_read_follows_a_renamed_repository(github: GitHub, client: Client) -> None:
    github.on("GET", REPO, Reply(301, {"message": "Moved"}, {"Location": f"{github.url}/repos/acme/renamed"}))
    github.get("/repos/acme/renamed", {"default_branch": "trunk"})
    assert client.get(REPO, lambda raw: raw["default_branch"]) == "trunk"


def test_a_read_that_is_sent_elsewhere_is_undecided(github: GitHub, client: Client) -> None:
    github.on("GET", USER, Reply(301, {"message": "Moved"}, {"Location": "http://evil.example/user"}))
    with pytest.raises(UndecidedError, match=r"evil\.example"):
        client.get(USER, login)


def test_a_list_without_end_is_given_up(github: GitHub, client: Client) -> None:
    path = f"{REPO}/issues/1/comments"
    github.on("GET", path, Reply(200, [{"id": 1}], {"Link": f'<{github.url}{path}?page=2>; rel="next"'}))
    with pytest.raises(UndecidedError, match="more than 100 pages"):
        list(client.pages(path, lambda raw: raw["id"]))


def test_a_list_that_is_none_is_undecided(github: GitHub, client: Client) -> None:
    path = f"{REPO}/issues/1/comments"
    for text in ('{"message": "hello"}', "7", '["x"]'):
        github.on("GET", path, Reply(200, text=text))
        with pytest.raises(UndecidedError, match="not what GitHub documents"):
            list(client.pages(path, lambda raw: raw["id"]))


@pytest.mark.parametrize(
    "reply",
    [
        refused(422, f"Bad token {TOKEN}"),
        refused(403, f"{TOKEN} may not", X_Accepted_GitHub_Permissions="x"),
        refused(500, TOKEN),
        Reply(201, text=f"not JSON {TOKEN}"),
        Reply(404, {"message": TOKEN}),
    ],
)
def test_the_token_is_in_no_message(github: GitHub, client: Client, reply: Reply) -> None:
    github.on("POST", POSTED, reply)
    with pytest.raises(KerriganError) as caught:
        write(client, "POST")
    assert TOKEN not in f"{caught.value.to_json()}{''.join(traceback.format_exception(caught.value))}"
    assert TOKEN not in repr(client)


def test_an_answer_that_repeats_the_token_is_read_without_it(github: GitHub, client: Client) -> None:
    github.get(USER, {"login": TOKEN})
    assert client.get(USER, login) == "***"


@pytest.mark.parametrize("token", ["two words", "line\nend", "schlüssel", ""])
def test_a_token_that_is_none_is_refused_before_it_is_sent(token: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        Client("http://127.0.0.1:9", token)
    assert caught.value.kind == "token"
    assert not token or token not in caught.value.message


@pytest.mark.parametrize("url", ["", "api.github.com", "ftp://x", "file:///etc"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnreadableError, match="no address of an API"):
        Client(url)


def test_a_server_that_is_not_there_is_undecided() -> None:
    client = Client("http://127.0.0.1:9", TOKEN, sleep=lambda _: None)
    with pytest.raises(UndecidedError, match=r"^no answer from 127.0.0.1:9: Connection refused$") as caught:
        client.get(USER, login)
    client.close()
    assert caught.value.kind == "network"
    assert "127.0.0.1:9" in caught.value.next_step


def test_a_proxy_that_is_not_there_is_one_short_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = Client("https://api.kerrigan.invalid", TOKEN, sleep=lambda _: None)
    said = r"^no answer from api.kerrigan.invalid through the proxy: Connection refused$"
    with pytest.raises(UndecidedError, match=said):
        client.get(USER, login)
    client.close()


def test_a_connection_that_ends_says_so(github: GitHub, client: Client) -> None:
    github.on("GET", USER, *[DROPPED] * 5)
    with pytest.raises(UndecidedError, match=r"^no answer from 127.0.0.1:\d+: [A-Z][\w ]+$"):
        client.get(USER, login)


def test_nothing_but_what_was_asked_for_counts_as_not_found(github: GitHub, client: Client) -> None:
    github.on("GET", USER, Reply(409, {"message": "Git Repository is empty."}), NOT_FOUND)
    assert client.find(USER, login) is None
    assert client.find(USER, login) is None
