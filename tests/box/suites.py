"""The check suites of a commit, as its check runs make them: the emulator's own never end."""

from tests.box.emulator import Emulator
from tests.box.messages import Answer, Json
from tests.box.routes import Call, Route


class Suites:
    """Answers for the suites of a commit."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [Route("GET", r"/commits/([0-9a-f]{40})/check-suites", "checks", "read", self._list)]

    def _list(self, call: Call) -> Answer:
        path = f"/repos/{call.repo.slug}/commits/{call.words[0]}/check-runs?per_page=100"
        answer = self._emulator.ask("GET", path)
        if not answer.ok:
            return answer
        runs: dict[int, list[Json]] = {}
        for run in answer.body["check_runs"]:
            runs.setdefault(int((run.get("check_suite") or {}).get("id") or 1), []).append(run)
        suites = [
            {
                "id": number,
                "status": "completed" if all(run["status"] == "completed" for run in found) else "in_progress",
                "latest_check_runs_count": len(found),
                "app": {"slug": "github-actions"},
            }
            for number, found in runs.items()
        ]
        return Answer(200, {"total_count": len(suites), "check_suites": suites})
