"""Runs of workflows: their queue and concurrency groups. What carries one out is handed in."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.box.activity import Activity
from tests.box.messages import Json
from tests.box.tools import NODE_TESTS
from tests.box.workflows import Workflow

PARALLEL = 3
STARTED = r"(?m)^\[{}/(.+?)\s*\] \S+\s+Run Set up job$"
"""How act tells the begin of a job, after the workflow's name and the job's: both may hold slashes."""
HELD = "held"
"""The status of a run that waits for someone's approval."""


class RunError(Exception):
    """A run that the box can not carry out, such as one that uses an action which is not there."""


@dataclass
class Run:
    """One run: what started it, where it is, how it ended."""

    id: int
    slug: str
    workflow: Workflow
    event: str
    actor: str
    ref: str
    sha: str
    payload: Json = field(repr=False)
    group: str = ""
    status: str = "queued"
    conclusion: str | None = None
    started: float = 0
    ended: float = 0
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The name of its workflow."""
        return self.workflow.name

    @property
    def jobs(self) -> list[str]:
        """The jobs that were started, which GitHub bills by the begun minute; those that were skipped it does not."""
        return re.findall(STARTED.format(re.escape(self.name)), self.text())

    @property
    def branch(self) -> str:
        """The branch it is for: of a pull request the one that is to be merged."""
        about = self.payload.get("pull_request") or {}
        return str(about["head"]["ref"]) if about else self.ref.split("/", 2)[2]

    @property
    def head(self) -> str:
        """The commit it is for: of a pull request the tip of its branch, not the merge that it runs on."""
        about = self.payload.get("pull_request") or {}
        return str(about["head"]["sha"]) if about else self.sha

    def text(self) -> str:
        """Everything it said."""
        return self.log.read_text("utf-8", "replace") if self.log and self.log.exists() else ""

    def end(self, conclusion: str) -> None:
        """Conclude it, unless something else did."""
        self.conclusion = self.conclusion or conclusion

    def kill(self) -> None:
        """End its processes, if there are any yet."""
        if self.process and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)

    def shown(self, server: str) -> Json:
        """The run in the API's words."""
        return {
            "id": self.id,
            "name": self.name,
            "path": self.workflow.path,
            "event": self.event,
            "head_sha": self.head,
            "head_branch": self.branch,
            "head_repository": {"full_name": self.slug},
            "status": "completed" if self.ended or self.status == HELD else self.status,
            "conclusion": "action_required" if self.status == HELD else self.conclusion,
            "run_number": self.id,
            "run_attempt": 1,
            "actor": {"login": self.actor},
            "html_url": f"{server}/{self.slug}/actions/runs/{self.id}",
        }


class Runs:
    """All runs of a box. `carry_out` does one, `announce` tells that it is over."""

    def __init__(
        self, node: str, activity: Activity, carry_out: Callable[[Run], int], announce: Callable[[Run], None]
    ) -> None:
        self.all: list[Run] = []
        self.lock = threading.RLock()
        self._node, self._activity = node, activity
        self._carry_out, self._announce = carry_out, announce
        self._threads: list[threading.Thread] = []
        self._closed = False

    def new_id(self) -> int:
        """The id of the next run."""
        return 1001 + len(self.all)

    def add(self, run: Run) -> None:
        """Queue a run; its group decides about those before it."""
        condition, of_job = run.workflow.only_job()
        wanted = run.workflow.concurrency() or (of_job if of_job and self._starts(run, condition) else {})
        with self.lock:
            if wanted:
                run.group = self._expanded(run, wanted["group"]).lower()
                self._make_room(run, wanted)
            self.all.append(run)
        self.pump()

    def hold(self, run: Run) -> None:
        """Keep a run until someone approves it."""
        with self.lock:
            run.status = HELD
            self.all.append(run)

    def approve(self, run: Run) -> None:
        """Queue a run that was held."""
        with self.lock:
            self.all.remove(run)
            run.status = "queued"
            self.add(run)

    def _make_room(self, run: Run, wanted: Json) -> None:
        cancels = self._expanded(run, str(wanted.get("cancel-in-progress", False))).lower() == "true"
        for old in self._of_group(run):
            if old.status == "queued" and wanted.get("queue") != "max":
                old.status, old.conclusion = "completed", "cancelled"
            elif old.status == "in_progress" and cancels:
                old.end("cancelled")
                old.kill()

    def _of_group(self, run: Run) -> list[Run]:
        return [
            one
            for one in self.all
            if (one.slug, one.group) == (run.slug, run.group) and one.status not in ("completed", HELD)
        ]

    def _starts(self, run: Run, condition: str) -> bool:
        return self._expanded(run, f"${{{{ ({condition}) && 'yes' || 'no' }}}}") == "yes"

    def _expanded(self, run: Run, template: str) -> str:
        """A template as GitHub's own evaluator reads it."""
        if "${{" not in template:
            return template
        pull_request = run.payload.get("pull_request") or {}
        github = {
            "event": run.payload,
            "event_name": run.event,
            "ref": run.ref,
            "ref_name": run.ref.split("/", 2)[2],
            "head_ref": pull_request.get("head", {}).get("ref", ""),
            "sha": run.sha,
            "actor": run.actor,
            "repository": run.slug,
            "run_id": str(run.id),
            "workflow": run.name,
        }
        contexts = {"github": github, "inputs": run.payload.get("inputs") or {}, "vars": {}}
        words = [self._node, str(NODE_TESTS / "expand.mjs"), json.dumps(contexts), template]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    def pump(self) -> None:
        """Start what may start."""
        with self.lock:
            for run in [run for run in self.all if run.status == "queued"]:
                active = [one for one in self.all if one.status == "in_progress"]
                if len(active) >= PARALLEL or self._closed:
                    return
                if run.group and any((one.slug, one.group) == (run.slug, run.group) for one in active):
                    continue
                run.status, run.started = "in_progress", time.monotonic()
                thread = threading.Thread(target=self._live, args=(run,))
                self._threads.append(thread)
                thread.start()

    def _live(self, run: Run) -> None:
        code = 1
        try:
            code = self._carry_out(run)
        except RunError as error:
            self._activity.problems.append(f"run {run.id} of {run.name} in {run.slug}: {error}")
        finally:
            run.end("success" if code == 0 else "failure")
            run.ended = time.monotonic()
            with self.lock:  # nobody sees the run over before its event is queued
                self._announce(run)
                run.status = "completed"
            self._activity.touch()
            self.pump()

    def is_idle(self) -> bool:
        """Whether every run is over."""
        with self.lock:
            return all(run.status in ("completed", HELD) for run in self.all)

    def close(self) -> None:
        """Start nothing any more, end what runs, and wait until it has ended."""
        with self.lock:
            self._closed = True
        for run in self.all:
            if run.status == "in_progress":
                run.end("cancelled")
                run.kill()
        for thread in self._threads:
            thread.join(20)
