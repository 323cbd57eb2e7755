"""Two repositories on the offline GitHub without workflows: a test says itself when an event arrives, if ever."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.box import Box, Fault, OfflineGitHub
from tests.box.activity import Event
from tests.e2e.hub import API, BOT, SPEC, TASKS, WEB, Person, gate, labels
from tests.warm import python

ALONE = TASKS.replace("    depends_on: [contract]\n", "")
"""The same two tasks, and neither waits for the other."""

SOON = "dispatch: {acknowledge_within: 200ms}\n"
"""A dispatch that nobody answers is due again before the next command has started."""

CONFIG = ".github/kerrigan.yml"
HEARD = {"pull_request", "pull_request_review", "issue_comment", "status", "push", "repository_dispatch"}
SCREEN = "kerrigan/todo/screen"


@dataclass(frozen=True)
class End:
    """Where a task of acme/web stands, in the journal and on its pull request; `arrived` counts dispatches by key."""

    status: str
    events: tuple[str, ...]
    labels: frozenset[str]
    gate: tuple[str, str]
    arrived: tuple[int, ...]


def plain(boot: OfflineGitHub, tasks: str = TASKS, config: str = "") -> Box:
    """The home repository with its project, and a satellite that names it."""
    folder = "specs/projects/todo"
    home = {f"{folder}/spec.md": SPEC, f"{folder}/tasks.yml": tasks, CONFIG: config or "{}\n"}
    users = {"ada": "admin", "ben": "write", "eve": "read"}
    return boot({API: home, WEB: {CONFIG: f"home: {API}\n"}}, users=users, apps={"kerrigan-bot": BOT})


def claimed(boot: OfflineGitHub, tmp_path: Path, config: str = "") -> Person:
    """Somebody at acme/web who has claimed its task, with a pull request under way."""
    box = plain(boot, ALONE, config)
    ada = Person(box, "ada", WEB, tmp_path)
    box.push(WEB, SCREEN, {"page.html": "<ul></ul>\n"}, "ada", "Begin")
    opened = box.call("ada", "POST", f"/repos/{WEB}/pulls", {"head": SCREEN, "base": "main", "title": "Show the list"})
    assert opened.status == 201
    ada.json("task", "claim", "todo/screen")
    return ada


def submitted(boot: OfflineGitHub, tmp_path: Path, tasks: str = TASKS, config: str = "") -> Person:
    """Somebody at acme/api who has handed todo/contract in as pull request 1, with its test passed."""
    box = plain(boot, tasks, config)
    ada = Person(box, "ada", API, tmp_path)
    assert ada.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"}) == 1
    green(box, API, "kerrigan/todo/contract")
    return ada


def green(box: Box, slug: str, branch: str) -> None:
    """Report that the tests of a branch's tip succeeded."""
    path = f"/repos/{slug}/statuses/{box.tip(slug, branch)}"
    assert box.call("ada", "POST", path, {"state": "success", "context": "ci"}).status == 201


def approve(box: Box, number: int = 1, slug: str = API) -> None:
    """Approve a pull request as ben."""
    assert box.call("ben", "POST", f"/repos/{slug}/pulls/{number}/reviews", {"event": "APPROVE"}).ok


def merge(box: Box, number: int = 1, slug: str = API) -> None:
    """Merge a pull request as ada."""
    assert box.call("ada", "PUT", f"/repos/{slug}/pulls/{number}/merge", {"merge_method": "squash"}).ok


def journal(box: Box) -> list[dict[str, Any]]:
    """The journal's events, oldest first."""
    text = box.file(API, "log/000001.jsonl", "kerrigan-state/todo") or ""
    return [json.loads(line) for line in text.splitlines()]


def types(box: Box, task: str) -> tuple[str, ...]:
    """The types of a task's events."""
    return tuple(event["type"] for event in journal(box) if event["task"] == task)


def arrived(box: Box, slug: str = WEB, kind: str = "kerrigan-task") -> list[Event]:
    """The dispatches of a kind that a repository got."""
    return [e for e in box.events if (e.slug, e.name, e.action) == (slug, "repository_dispatch", kind)]


def reconcile(ada: Person, tmp_path: Path) -> None:
    """What the schedules of both repositories do, once: the outbox is home's, the labels are each one's own."""
    for slug in (API, WEB):
        (ada if slug == ada.slug else Person(ada.box, ada.name, slug, tmp_path / "schedule")).json("reconcile")


def end(ada: Person, task: str = "todo/screen", slug: str = WEB, number: int = 1) -> End:
    """Where a task and its pull request stand now."""
    box = ada.box
    keys = Counter(event.payload["client_payload"]["key"] for event in arrived(box))
    shown = frozenset(labels(box, slug, number))
    return End(ada.task(task)["status"], types(box, task), shown, gate(box, slug, number), tuple(keys.values()))


def audible(events: Iterable[Event]) -> list[Event]:
    """The events that kerrigan-events.yml would hear."""
    return [e for e in events if e.name in HEARD and e.payload.get("context") != "kerrigan/gate"]


def hear(person: Person, events: Iterable[Event]) -> list[int]:
    """Let these events arrive, one after the other; the exit codes come back."""
    return [process.wait() for event in events for process in [arrive(person, event)]]


def arrive(person: Person, event: Event) -> "subprocess.Popen[str]":
    """Let an event arrive; the process that hears it comes back."""
    file = person.path.parent / f"{time.monotonic_ns()}.json"
    file.write_text(json.dumps(event.payload))
    return begin(person, "event", "--name", event.name, "--payload", str(file))


def begin(person: Person, *words: str, program: str = "") -> "subprocess.Popen[str]":
    """Begin a command, in a process group of its own where the program is `sys.executable`."""
    command = [program or python(), "-m", "kerrigan", *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        cwd=person.path,
        env=person.environment(),
        stdout=quiet,
        stderr=quiet,
        text=True,
        start_new_session=True,
    )


def killed(person: Person, fault: Fault, *words: str) -> None:
    """Run a command that is killed, with the git that it may be waiting for, at the moment of this fault."""
    begun: list[subprocess.Popen[str]] = []
    person.box.plant(replace(fault, then=lambda: os.killpg(begun[0].pid, signal.SIGKILL)))
    begun.append(begin(person, *words, program=sys.executable))
    assert begun[0].wait() == -signal.SIGKILL, "the command has to reach the moment"


def writes(box: Box, since: int = 0) -> list[str]:
    """What was asked of the box that may change something, from the request of this number on."""
    return [
        f"{seen.method} {seen.target}"
        for seen in box.activity.requests[since:]
        if seen.method != "GET" and not seen.target.endswith("/git-upload-pack")
    ]
