"""Every command that reads the definition, called in this process on a home of `world`."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kerrigan.cli.main import kerrigan
from kerrigan.cli.options import Where
from kerrigan.errors import KerriganError
from tests.definitions.world import HANDED_IN, HEAD, HOME, MemorySite, World
from tests.unit import webhook_payloads

NOT_ASKED = {
    "demo": "it makes projects of its own",
    "init": "it writes into an empty repository",
    "import": "it reads other tools' files",
    "rules": "it lists what is built in",
    "explain": "it says what is built in",
    "check": "it reads the work tree; the test compares with it",
    "graph": "it reads the work tree; tests/test_fuzz.py has every text for it",
    "audit": "it reads the journal alone",
    "agents": "it reads kerrigan.yml of the work tree, and no project",
}
"""Commands that the definition on the default branch does not reach, and why."""

READING = [
    ["status"], ["status", "--json"], ["tasks", "--json"], ["tasks", "--ready"], ["reconcile"],
    ["gate", "--all", "--json"],
]  # fmt: skip
"""What every case is asked."""

ASKING = [
    *(["gate", "--pr", str(number), "--json"] for number in (1, 2, 3, 7)),
    ["doctor", "--json"], ["cost"], ["cost", "--json"], ["issues", "sync"], ["issues", "sync", "--dry-run", "--json"],
    ["log", "todo"], ["metrics", "todo"], ["tasks", "todo", "--critical"], ["status", "shop"],
    *([verb, "todo", "--reason", "why"] for verb in ("pause", "stop", "resume")),
    ["pause", "todo", "--role", "swe", "--reason", "why"],
]  # fmt: skip
"""What is asked besides, whatever task the case is about."""

VERBS = (
    *("claim", "start", "submit", "pass-tests", "fail-tests", "approve", "reject", "complete", "fail", "retry"),
    *("escalate", "release", "block", "unblock", "hand-off", "confirm", "grant", "cancel", "heartbeat", "reopen"),
)


OURS = webhook_payloads.REPOSITORY | {"full_name": HOME}
PULL = {
    "head": {"label": "acme:x", "ref": "kerrigan/todo/in-review", "sha": HEAD, "repo": OURS},
    "number": HANDED_IN["in_review"],
}
PAYLOADS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "labeled": ("pull_request", webhook_payloads.labeled("kerrigan:block", **PULL)),
    "pushed to": ("pull_request", webhook_payloads.pull_request("synchronize", **PULL)),
    "merged": ("pull_request", webhook_payloads.pull_request("closed", merged=True, **PULL)),
    "reviewed": ("pull_request_review", webhook_payloads.review("approved")),
    "comment": ("issue_comment", webhook_payloads.comment("/kerrigan approve")),
    "push": ("push", webhook_payloads.push()),
    "suite": ("check_suite", webhook_payloads.check_suite()),
    "status": ("status", webhook_payloads.status()),
    "run": ("workflow_run", webhook_payloads.workflow_run()),
    "group": ("merge_group", webhook_payloads.merge_group()),
    "work": ("repository_dispatch", webhook_payloads.dispatch(task="todo/open", home=HOME)),
    "tell": ("repository_dispatch", webhook_payloads.dispatch("kerrigan-event", task="todo/in-review", home=HOME)),
    "recheck": ("repository_dispatch", webhook_payloads.dispatch("kerrigan-recheck", task="todo/done", home=HOME)),
}
"""Webhooks of each kind, about what is handed in."""


def events(folder: Path) -> list[list[str]]:
    """The command line of each webhook, whose payload is written into the folder."""
    lines = []
    for name, (event, payload) in PAYLOADS.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(payload | {"repository": OURS, "number": PULL["number"]}), encoding="utf-8")
        lines.append(["event", "--name", event, "--payload", str(file), "--json"])
    return lines


def about(task: str) -> list[list[str]]:
    """Everything that can be asked about a task."""
    more = {"hand-off": ["--role", "testing"], "grant": ["--what", "start"]}
    asked = [["task", verb, task, *more.get(verb, []), "--reason", "why", "--json"] for verb in VERBS]
    forced = [["task", verb, task, "--reason", "why", "--force", "--dry-run"] for verb in ("claim", "approve")]
    return [["show", task], ["show", task, "--json"], *asked, *forced, ["spend", task, "--usd", "1"]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, on which stream, and how it ended; `gates` are the states it wrote, by pull request."""

    code: int
    out: str
    err: str
    gates: Mapping[int, str]


class At(Where):
    """The folder of a command whose site is given."""

    def __init__(self, site: MemorySite) -> None:
        object.__setattr__(self, "directory", Path())
        object.__setattr__(self, "volume", 0)
        object.__setattr__(self, "given", site)

    def site(self, login: str | None = None) -> MemorySite:
        """The site of the case."""
        found: MemorySite = self.given  # type: ignore[attr-defined]
        return found

    def say(self, text: str) -> None:
        """The story, where the site's goes."""
        self.site().say(text)


def call(world: World, case: str, words: Sequence[str]) -> Answer:
    """Run a command line on a case. Any exception that is not for people goes through."""
    told: list[str] = []
    command, context = resolved(words)
    given = {name: value for name, value in context.params.items() if name not in ("directory", "quiet", "verbose")}
    out, err = io.StringIO(), io.StringIO()
    site = world.site(case, told.append)
    gates = site.forge.statuses  # type: ignore[attr-defined]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = command.callback.__wrapped__(At(site), **given)
    except KerriganError as error:
        told += [f"error: {error.message}", error.next_step]
        return Answer(error.code, out.getvalue(), "\n".join([*told, err.getvalue()]), gates)
    return Answer(code, out.getvalue(), "\n".join([*told, err.getvalue()]), gates)


def resolved(words: Sequence[str]) -> tuple[Any, click.Context]:
    """The click command of a command line, and its parsed parameters."""
    command: Any = kerrigan
    context = click.Context(kerrigan)
    rest = list(words)
    while isinstance(command, click.Group):
        command = command.get_command(context, rest.pop(0))
    return command, command.make_context(words[0], rest, parent=context)
