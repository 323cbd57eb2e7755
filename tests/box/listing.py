"""The list of issues: GitHub has pull requests in it, the emulator has not."""

from urllib.parse import urlencode

from tests.box.emulator import Emulator
from tests.box.messages import Answer, Json
from tests.box.pulls import Pulls
from tests.box.routes import Call, Route

NO_ISSUES_FIELDS = {"head", "base", "merged", "merged_at", "mergeable", "mergeable_state"}


class Listing:
    """Answers from both lists of the emulator."""

    def __init__(self, emulator: Emulator, pulls: Pulls, server: str) -> None:
        self._emulator, self._pulls, self._server = emulator, pulls, server

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [Route("GET", "/issues", "issues", "read", self._list)]

    def _list(self, call: Call) -> Answer:
        slug, state = call.repo.slug, call.query.get("state", "open")
        issues = self._emulator.every(f"/repos/{slug}/issues?state={state}")
        pulls = self._pulls.fixed(self._emulator.every(f"/repos/{slug}/pulls?state=all"))
        rows = [*issues, *(_as_issue(pull) for pull in pulls if state in ("all", pull["state"]))]
        rows.sort(key=lambda row: int(row["number"]), reverse=call.query.get("direction", "desc") == "desc")
        size, page = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
        following = urlencode({**call.query, "page": page + 1})
        link = f'<{self._server}/api/v3/repos/{slug}/issues?{following}>; rel="next"'
        shown = rows[(page - 1) * size : page * size]
        return Answer(200, shown, {"link": link} if len(rows) > page * size else {})


def _as_issue(pull: Json) -> Json:
    kept = {name: value for name, value in pull.items() if name not in NO_ISSUES_FIELDS}
    return {**kept, "pull_request": {"url": pull["url"]}}
