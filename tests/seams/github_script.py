"""A GitHub that follows a script: it says what a test tells it to, and remembers everything that it was asked.

Every request and every good answer is held against GitHub's own description of its API.
"""

import json
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kerrigan.github.client import Client
from kerrigan.github.forge import GitHubForge
from kerrigan.github.response import unread
from tests.openapi import OpenApi

TOKEN = "ghp_TheSecretOfTheTests0123456789"
NOW = 1_800_000_000
SLUG = "acme/api"
REPO = f"/repos/{SLUG}"
HEAD, BASE, MERGE, OTHER = ("1" * 40, "2" * 40, "3" * 40, "4" * 40)
BRANCH = "kerrigan/todo/contract"
PULLS = f"{REPO}/pulls"
LABELS = f"{REPO}/issues/5/labels"
COMMENTS = f"{REPO}/issues/5/comments"
STATUS = f"{REPO}/commits/{HEAD}/status"
RUNS = f"{REPO}/commits/{HEAD}/check-runs"
SUITES = f"{REPO}/commits/{HEAD}/check-suites"

OPENAPI = OpenApi.vendored()

USER = "/user"
GRAPHQL = "/graphql"
POSTED = f"{REPO}/statuses/{HEAD}"
WRITES = {"POST": POSTED, "PATCH": f"{REPO}/issues/comments/7", "DELETE": f"{REPO}/issues/1/labels/x"}


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    verb: str
    target: str
    body: Any
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True)
class Reply:
    """An answer. A status of 0 drops the connection instead; `text` is sent as it is."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None


DROPPED = Reply(0)
NOT_FOUND = Reply(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
BAD_GATEWAY = Reply(502, text="<html>Bad Gateway</html>")
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


def refused(status: int, message: str, *errors: Mapping[str, str], **headers: str) -> Reply:
    """What GitHub says when it does not do a thing; underscores in header names stand for hyphens."""
    body = {"message": message, "errors": [dict(error) for error in errors]} if errors else {"message": message}
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def pull(number: int = 5, branch: str = BRANCH, **fields: Any) -> dict[str, Any]:
    """A pull request as GitHub tells it, in the fields that are read."""
    own = {"id": 1, "full_name": SLUG}
    return {
        "number": number,
        "title": "Agree the contract",
        "body": None,
        "state": "open",
        "merged_at": None,
        "user": {"login": "ada"},
        "labels": [{"name": "role:swe"}],
        "head": {"ref": branch, "sha": HEAD, "repo": own},
        "base": {"ref": "main", "sha": BASE, "repo": own},
    } | fields


def run(name: str, conclusion: str | None, status: str = "completed") -> dict[str, Any]:
    """A check run."""
    return {"name": name, "status": status, "conclusion": conclusion}


def status(context: str, state: str, description: str | None = None) -> dict[str, Any]:
    """A commit status."""
    return {"context": context, "state": state, "description": description}


def compared(base: str, head: str) -> str:
    """Where GitHub compares two commits or branches."""
    return f"{REPO}/compare/{base}...{head}"


@dataclass
class GitHub:
    """The script: what is not in it is 404, as on GitHub. Replies come in turn, and the last one stays."""

    prefix: str = ""
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _replies: dict[tuple[str, str], list[Reply]] = field(default_factory=lambda: defaultdict(list))

    def on(self, verb: str, path: str, *replies: Reply) -> None:
        for reply in replies:
            if 200 <= reply.status < 300 and reply.text is None:
                assert OPENAPI.answer(verb, path, reply.status, reply.body) == []
        self._replies[verb, path] = list(replies)

    def get(self, path: str, body: Any, **headers: str) -> None:
        self.on("GET", path, Reply(200, body, headers))

    def undescribed(self, path: str, body: Any) -> None:
        """An answer that GitHub's description does not have; GitHub gives some of those all the same."""
        self.on("GET", path, Reply(200, text=json.dumps(body)))

    def edited(self, *by: tuple[str, str | None]) -> None:
        """Who edited which comments and reviews last: node id and login, None for those that nobody edited.

        GraphQL is not in the description of the REST API; the query was held against GitHub's own schema by hand.
        """
        nodes = [
            {
                "id": node,
                "lastEditedAt": None if login is None else "2026-11-30T06:00:00Z",
                "editor": _actor(login) if login else None,
            }
            for node, login in by
        ]
        self.on("POST", GRAPHQL, Reply(200, text=json.dumps({"data": {"nodes": nodes}})))

    def pages(self, path: str, *bodies: Any) -> None:
        """A list over several pages, each of which names the next."""
        links = [{"Link": f'<{self.url}{path}?page={n}>; rel="next"'} for n in range(2, len(bodies) + 1)]
        replies = [Reply(200, body, link) for body, link in zip(bodies, [*links, {}], strict=True)]
        self.on("GET", path, *replies)

    def writes(self) -> list[tuple[str, str, Any]]:
        changes = [s for s in self.seen if s.verb != "GET" and s.path != GRAPHQL]
        return [(s.verb, s.path.removeprefix(REPO), s.body) for s in changes]

    def asked(self, path: str) -> list[Seen]:
        return [s for s in self.seen if s.verb == "GET" and s.path == path]

    def reply(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        waiting = self._replies.get((seen.verb, seen.path), [NOT_FOUND])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def complaints(self) -> list[str]:
        """What GitHub's description of REST has against the requests that came."""
        described = [seen for seen in self.seen if seen.path != GRAPHQL]
        found = [(seen, OPENAPI.request(seen.verb, seen.target, seen.body)) for seen in described]
        return [f"{seen.verb} {seen.target}: {error}" for seen, errors in found for error in errors]

    def client(self, token: str | None = TOKEN, patience: float = 90.0) -> Client:
        waits = self.waits.append
        url = self.url + self.prefix
        return Client(url, token, patience, self.told.append, sleep=waits, clock=lambda: float(NOW), between_writes=0)


def _actor(login: str) -> dict[str, str]:
    return {"__typename": "Bot" if login.endswith("[bot]") else "User", "login": login.removesuffix("[bot]")}


def report(github: GitHub, runs: list[dict[str, Any]], statuses: list[dict[str, Any]] | None = None) -> None:
    """What was reported of `HEAD`."""
    github.get(RUNS, {"total_count": len(runs), "check_runs": runs})
    github.get(STATUS, {"state": "pending", "statuses": statuses or []})
    suites(github)


def suites(github: GitHub, *rows: tuple[int, str, int, str]) -> None:
    """The check suites of `HEAD`: id, status, how many check runs, and the slug of the app."""
    listed = [
        {"id": number, "status": state, "latest_check_runs_count": count, "app": {"slug": app}}
        for number, state, count, app in rows
    ]
    github.undescribed(SUITES, {"total_count": len(listed), "check_suites": listed})


def login(raw: Any) -> str:
    """What tests read of `USER`."""
    return str(raw["login"])


def write(client: Client, verb: str) -> None:
    """One write of each verb, at its place in `WRITES`."""
    if verb == "POST":
        client.post(POSTED, {"state": "success"}, unread)
    elif verb == "PATCH":
        client.patch(WRITES["PATCH"], {"body": "x"})
    else:
        client.delete(WRITES["DELETE"])


@contextmanager
def scripted(prefix: str = "") -> Iterator[GitHub]:
    """A server that follows a script; at the end every request must have been one that GitHub describes."""
    github = GitHub(prefix)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(github))
    github.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
    assert github.complaints() == []


@contextmanager
def forge_on(github: GitHub, token: str | None = TOKEN) -> Iterator[GitHubForge]:
    """The forge that asks this server."""
    client = github.client(token)
    try:
        yield GitHubForge(client, "https://github.example", SLUG)
    finally:
        client.close()


def _handler(github: GitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            target = self.path.removeprefix(github.prefix)
            self.send(github.reply(Seen(self.command, target, body, headers)))

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815

        def send(self, reply: Reply) -> None:
            if reply.status == 0:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            text = reply.text if reply.text is not None else json.dumps(reply.body) if reply.body is not None else ""
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Tests show what matters."""

    return Handler
