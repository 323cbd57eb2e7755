"""Commit statuses, which the emulator does not have."""

import time
from threading import Lock

from tests.box.events import Events
from tests.box.messages import NOT_FOUND, Answer, Json, said
from tests.box.routes import Call, Route

STATES = ("error", "failure", "pending", "success")


class Statuses:
    """The statuses of all commits, newest first."""

    def __init__(self, events: Events, server: str) -> None:
        self._events, self._server = events, server
        self._rows: dict[tuple[str, str], list[Json]] = {}
        self._lock = Lock()

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [
            Route("POST", "/statuses/([0-9a-f]{40})", "statuses", "write", self._create),
            Route("GET", "/commits/(.+)/statuses", "statuses", "read", self._list),
            Route("GET", "/commits/(.+)/status", "statuses", "read", self._combined),
        ]

    def _create(self, call: Call) -> Answer:
        sha, state = call.words[0], call.body.get("state")
        if state not in STATES:
            return said(422, "Validation Failed")
        if call.repo.commit_of(sha) is None:
            return said(422, f"No commit found for SHA: {sha}")
        with self._lock:
            rows = self._rows.setdefault((call.repo.slug, sha), [])
            row = self._row(call, sha, len(rows) + 1)
            rows.insert(0, row)
        branches = [{"name": ref.removeprefix("refs/heads/")} for ref, tip in call.repo.heads().items() if tip == sha]
        self._events.announce(call.repo.slug, "status", {**row, "sha": sha, "branches": branches}, call.who.login)
        return Answer(201, row)

    def _row(self, call: Call, sha: str, number: int) -> Json:
        return {
            "id": number,
            "url": f"{self._server}/api/v3/repos/{call.repo.slug}/statuses/{sha}",
            "context": "default",
            "description": None,
            "target_url": None,
            **call.body,
            "creator": {"login": call.who.login},
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }

    def _list(self, call: Call) -> Answer:
        sha = call.repo.commit_of(call.words[0])
        return Answer(200, self._rows.get((call.repo.slug, sha), [])) if sha else NOT_FOUND

    def _combined(self, call: Call) -> Answer:
        sha = call.repo.commit_of(call.words[0])
        if sha is None:
            return NOT_FOUND
        rows = self._rows.get((call.repo.slug, sha), [])
        latest = list({row["context"]: row for row in reversed(rows)}.values())
        states = {row["state"] for row in latest}
        state = "failure" if states & {"error", "failure"} else "success" if states == {"success"} else "pending"
        return Answer(200, {"state": state, "sha": sha, "total_count": len(latest), "statuses": latest})
