"""The check runs that every job of a run leaves on the commit it is about, as on GitHub."""

import re
from collections.abc import Mapping

from tests.box.emulator import Emulator
from tests.box.messages import Json
from tests.box.runs import Run

ENDED = r"(?m)^\[{}/(.+?)\s*\] \S+\s+Job (succeeded|failed)$"
"""How act tells the end of a job, after the workflow's name and the job's: both may hold slashes."""
CONCLUSIONS = {"succeeded": "success", "failed": "failure"}


class JobChecks:
    """Writes check runs; the emulator says of none which App it is from."""

    def __init__(self, emulator: Emulator, server: str) -> None:
        self._emulator, self._server = emulator, server

    def begin(self, run: Run) -> dict[str, int]:
        """A check in progress for each job; a matrix and a called workflow get theirs when they have ended."""
        jobs = [
            str(job.get("name") or name)
            for name, job in run.workflow.jobs.items()
            if "uses" not in job and "matrix" not in (job.get("strategy") or {})
        ]
        return {job: self._create(run, job, {"status": "in_progress"}) for job in jobs}

    def end(self, run: Run, begun: Mapping[str, int]) -> None:
        """How each job ended, by what act said; what never started was skipped."""
        told = re.findall(ENDED.format(re.escape(run.name)), run.text())
        ended = {job: CONCLUSIONS[how] for job, how in told}
        for job, check in begun.items():
            conclusion = ended.get(job, run.conclusion or "skipped")
            path = f"/repos/{run.slug}/check-runs/{check}"
            self._emulator.ask("PATCH", path, {"status": "completed", "conclusion": conclusion})
        for job, conclusion in ended.items():
            if job not in begun:
                self._create(run, job, {"status": "completed", "conclusion": conclusion})

    def _create(self, run: Run, job: str, state: Json) -> int:
        about = run.payload.get("pull_request") or {}
        body = {
            "name": job,
            "head_sha": about.get("head", {}).get("sha", run.sha),
            "details_url": f"{self._server}/{run.slug}/actions/runs/{run.id}/job/1",
            **state,
        }
        answer = self._emulator.ask("POST", f"/repos/{run.slug}/check-runs", body)
        return int(answer.body["id"])
