"""Pull requests over the API, as far as the box answers: themselves, their reviews, their merge."""

from collections.abc import Callable
from functools import partial

from tests.box.emulator import Emulator
from tests.box.events import Events
from tests.box.messages import NOT_FOUND, Answer, Json, said
from tests.box.pulls import METHODS, Pulls
from tests.box.routes import Call, Route
from tests.box.writes import Writes


class Reviewing:
    """Answers about pull requests what only git can know."""

    def __init__(self, pulls: Pulls, emulator: Emulator, events: Events, writes: Writes) -> None:
        self._pulls, self._emulator, self._events, self._writes = pulls, emulator, events, writes

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [
            Route("GET", r"/pulls/(\d+)", "pull_requests", "read", self._one),
            Route("GET", r"/pulls/(\d+)/(files|commits)", "pull_requests", "read", self._part),
            Route("GET", "/commits/([0-9a-f]{40})/pulls", "pull_requests", "read", self._with_commit),
            Route("PUT", r"/pulls/(\d+)/merge", "contents", "write", self._merge),
        ]

    def review(self, call: Call, number: int) -> Answer | Json:
        """A review to hand on, of the head as it is unless it names another commit; or why it is refused."""
        shown = self._pulls.get(call.repo.slug, number)
        if shown is None:
            return NOT_FOUND
        if call.body.get("event") in ("APPROVE", "REQUEST_CHANGES") and shown["user"]["login"] == call.who.login:
            verb = "approve" if call.body["event"] == "APPROVE" else "request changes on"
            return said(422, f"Unprocessable Entity: Can not {verb} your own pull request")
        return {"commit_id": shown["head"]["sha"], **call.body}

    def edited(self, call: Call, number: int, write: Callable[[], Answer]) -> Answer:
        """Change a pull request by `write`, and announce what the emulator does not."""
        before = self._pulls.get(call.repo.slug, number)
        answer = write()
        if before and answer.ok:
            self._events.edited(call.repo.slug, before, call.who.login)
        return answer

    def unopenable(self, call: Call) -> Answer | None:
        """Why a pull request can not be opened, which the emulator never asks."""
        branch = str(call.body.get("head")).removeprefix(call.repo.owner + ":")
        base, head = call.repo.tip(str(call.body.get("base"))), call.repo.tip(branch)
        if base is None or head is None:
            return _invalid({"field": "base" if base is None else "head", "code": "invalid"})
        if not call.repo.commits(head, "--not", base):
            return _invalid({"code": "custom", "message": f"No commits between {call.body['base']} and {branch}"})
        opened = [(one["head"]["ref"], one["base"]["ref"]) for one in self._pulls.open(call.repo.slug)]
        if (branch, call.body["base"]) in opened:
            there = f"A pull request already exists for {call.repo.owner}:{branch}."
            return _invalid({"code": "custom", "message": there})
        return None

    def _one(self, call: Call) -> Answer:
        shown = self._pulls.get(call.repo.slug, int(call.words[0]))
        return Answer(200, shown) if shown else NOT_FOUND

    def _part(self, call: Call) -> Answer:
        shown = self._pulls.get(call.repo.slug, int(call.words[0]))
        if shown is None:
            return NOT_FOUND
        span = f"{shown['base']['sha']}...{shown['head']['sha']}"
        compared = self._emulator.ask("GET", f"/repos/{call.repo.slug}/compare/{span}")
        return Answer(200, compared.body[call.words[1]]) if compared.ok else compared

    def _with_commit(self, call: Call) -> Answer:
        sha = call.words[0]
        if call.repo.commit_of(sha) is None:
            return said(422, f"No commit found for SHA: {sha}")
        return Answer(200, self._pulls.with_commit(call.repo.slug, sha))

    def _merge(self, call: Call) -> Answer:
        slug, number = call.repo.slug, int(call.words[0])
        method = call.body.get("merge_method", "merge")
        if method not in METHODS:
            return said(422, "Invalid request.\n\nNo such merge_method.")
        with call.repo.lock:
            shown = self._pulls.get(slug, number)
            if shown is None:
                return NOT_FOUND
            if shown["state"] != "open" or shown.get("draft"):
                return said(405, "Pull Request is not mergeable")
            if call.body.get("sha", shown["head"]["sha"]) != shown["head"]["sha"]:
                return said(409, "Head branch was modified. Review and try the merge again.")
            message = _message(call.body, shown, method)
            login = call.who.login
            sha = self._writes.to_git(call.repo, login, partial(self._pulls.merge, slug, shown, method, message, login))
        if sha is None:
            return said(405, "Pull Request is not mergeable")
        self._events.closed(slug, number, login)
        return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _invalid(error: Json) -> Answer:
    errors = [{"resource": "PullRequest", **error}]
    return Answer(422, {"message": "Validation Failed", "errors": errors, "status": "422"})


def _message(asked: Json, shown: Json, method: str) -> str:
    number, title = shown["number"], shown["title"]
    whole = f"Merge pull request #{number} from {shown['head']['ref']}\n\n{title}"
    default = f"{title} (#{number})" if method == "squash" else whole
    parts = [asked.get("commit_title") or default, asked.get("commit_message")]
    return "\n\n".join(part for part in parts if part)
