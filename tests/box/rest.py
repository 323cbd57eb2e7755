"""The REST API: what the box answers itself, what it hands to the emulator, and who may ask for what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from tests.box.edits import EDITABLE, Edits
from tests.box.emulator import Emulator
from tests.box.identities import Identities, Identity
from tests.box.messages import FORBIDDEN, NOT_ALLOWED, NOT_FOUND, Answer, Json, Request, said
from tests.box.pulls import Pulls
from tests.box.repository import Repository
from tests.box.reviewing import Reviewing
from tests.box.routes import Call, Route
from tests.box.writes import Writes

REPOSITORY = re.compile(r"/repos/([\w.-]+/[\w.-]+)(/.*)?")
PULL = re.compile(r"/pulls/(\d+)")
REVIEW = re.compile(r"/pulls/(\d+)/reviews")
MOVES_BRANCHES = re.compile(r"/git/refs(/|$)|/contents/")
READERS_MAY = re.compile(r"/issues|/issues/\d+/comments|/pulls/\d+/(reviews|comments)|/issues/comments/\d+")
"""What a user who can only read may write: issues, comments and reviews."""
TRIAGE_MAY = re.compile(r"/issues/\d+/labels(/.*)?")
"""What one with the role triage may write besides: labels."""
OF_PULLS = re.compile(r"/issues/(\d+)/(labels|comments|assignees)(/.*)?")
"""What an App may write with the permission for pull requests: GitHub asks for either, the emulator for issues."""
GRAPHQL = "/graphql"
"""Where the API is asked in GraphQL; the origin takes it out of `/api/graphql`."""
HANDED_ON = ("accept", "content-type", "x-github-api-version")


class Rest:
    """Answers requests to the API."""

    def __init__(
        self,
        repositories: Mapping[str, Repository],
        who: Identities,
        emulator: Emulator,
        pulls: Pulls,
        writes: Writes,
        reviewing: Reviewing,
        edits: Edits,
        routes: list[Route],
        for_issues: Callable[[str, str], str],
    ) -> None:
        """`for_issues` makes a token of an App, by its slug, that may write the issues of a repository."""
        self._repositories, self._who, self._emulator = repositories, who, emulator
        self._pulls, self._writes, self._reviewing = pulls, writes, reviewing
        self._edits, self._routes, self._for_issues = edits, routes, for_issues

    def answer(self, request: Request) -> Answer:
        """The answer to a request."""
        if re.match(r"/app(/|$)", request.path):
            return self._as_app(request)
        if request.who is None:
            return said(401, "Bad credentials")
        if request.path == "/user" and request.who.app:
            return FORBIDDEN
        if request.path == GRAPHQL:
            return self._graphql(request.who, request.json())
        match = REPOSITORY.fullmatch(request.path)
        if match is None:
            return self._handed_on(request)
        slug, rest = match[1], unquote(match[2] or "")
        if slug not in self._repositories or not self._who.sees(request.who, slug):
            return NOT_FOUND
        try:
            query = dict(parse_qsl(request.query))
            call = Call(self._repositories[slug], request.who, request.json(), query, ())
        except ValueError:
            return said(400, "Problems parsing JSON")
        return self._own(request, call, rest) or self._emulated(request, call, rest)

    def _graphql(self, who: Identity, body: Json) -> Answer:
        """GraphQL, as far as it says who asks, an installation of an App too, and who edited what."""
        query = str(body.get("query"))
        if "nodes(ids: $ids)" in query:
            return self._edits.answer(body["variables"]["ids"])
        if query.split() != ["query", "{", "viewer", "{", "login", "}", "}"]:
            return Answer(200, {"errors": [{"message": "this is more than the box knows of GraphQL"}]})
        return Answer(200, {"data": {"viewer": {"login": who.login}}})

    def _as_app(self, request: Request) -> Answer:
        """The emulator checks an App's signature; the token it gives is known here from then on."""
        answer = self._handed_on(request)
        if answer.ok and request.path.endswith("/access_tokens"):
            app_id = int(request.path.split("/")[3]) // 10
            slug = next(slug for slug, number in self._who.app_ids.items() if number == app_id)
            remember(self._who, slug, answer.body)
        return answer

    def _own(self, request: Request, call: Call, rest: str) -> Answer | None:
        for route in self._routes:
            words = route.match(request.method, rest)
            if words is not None:
                if route.permission != "metadata" and not self._may(call, route.permission, route.level):
                    return FORBIDDEN if call.who.app else NOT_ALLOWED
                return route.answer(Call(call.repo, call.who, call.body, call.query, words))
        return None

    def _may(self, call: Call, permission: str, level: str) -> bool:
        return self._who.may(call.who, call.repo.slug, permission, level)

    def _is_reader(self, call: Call) -> bool:
        return not call.who.app and not self._may(call, "contents", "write")

    def _reader_may(self, call: Call, rest: str) -> bool:
        is_triage = self._who.role(call.who.login, call.repo.slug) == "triage"
        return bool(READERS_MAY.fullmatch(rest)) or (is_triage and bool(TRIAGE_MAY.fullmatch(rest)))

    def _emulated(self, request: Request, call: Call, rest: str) -> Answer:
        if request.method != "GET" and call.who.app and self._is_of_pull(call, rest):
            slug = call.who.login.removesuffix("[bot]")
            request = replace(request, token=self._for_issues(slug, call.repo.slug))
        if request.method != "GET" and self._is_reader(call) and not self._reader_may(call, rest):
            return NOT_ALLOWED
        review = REVIEW.fullmatch(rest)
        if request.method == "POST" and review:
            reviewed = self._reviewing.review(call, int(review[1]))
            return reviewed if isinstance(reviewed, Answer) else self._mended(request, reviewed)
        pull = PULL.fullmatch(rest)
        if request.method == "PATCH" and pull:
            return self._reviewing.edited(call, int(pull[1]), lambda: self._mended(request))
        if request.method == "POST" and rest == "/pulls":
            return self._reviewing.unopenable(call) or self._mended(request)
        if request.method == "GET" or not MOVES_BRANCHES.match(rest):
            answer = self._mended(request)
            if answer.ok and request.method in ("PATCH", "PUT") and EDITABLE.fullmatch(rest):
                self._edits.note(answer.body["node_id"], call.who.login)
            return answer
        if rest == "/git/refs" and not call.repo.is_reference(str(call.body.get("ref"))):
            return said(422, "Reference name is not valid")
        return self._writes.to_emulator(call.repo, call.who.login, lambda: self._mended(request))

    def _is_of_pull(self, call: Call, rest: str) -> bool:
        about = OF_PULLS.fullmatch(rest)
        lacks = not self._may(call, "issues", "write") and self._may(call, "pull_requests", "write")
        return about is not None and lacks and self._pulls.get(call.repo.slug, int(about[1])) is not None

    def _mended(self, request: Request, body: Json | None = None) -> Answer:
        """The emulator's answer, where it differs from GitHub's in what clients go by."""
        answer = self._handed_on(request, body)
        if answer.status == 404 and request.method == "PATCH" and "/git/refs/" in request.path:
            return said(422, "Reference does not exist")
        if answer.status == 422 and "fast-forward" in str(answer.body):
            return said(422, "Update is not a fast forward")
        if not answer.ok:
            return answer
        return Answer(answer.status, self._pulls.fixed(answer.body), answer.headers, answer.raw)

    def _handed_on(self, request: Request, body: Json | None = None) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name in HANDED_ON}
        content = request.body if body is None else body
        return self._emulator.ask(request.method, request.target, content or None, request.token, headers)


def remember(who: Identities, slug: str, grant: Json) -> str:
    """Let an installation token live that the emulator gave; the token comes back."""
    chosen = grant.get("repositories")
    everywhere = who.apps[slug].repos
    names = everywhere if chosen is None else [str(repo["full_name"]) for repo in chosen]
    repos = None if names is None else frozenset(names)
    token = str(grant["token"])
    who.add(token, Identity(f"{slug}[bot]", repos, grant["permissions"]))
    return token
