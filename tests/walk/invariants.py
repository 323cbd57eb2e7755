"""What has to hold of a walk once it is quiet and both repositories were reconciled. Each finding is a line of text."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.walk.acts import board, is_own, pulls
from tests.walk.world import API, PEOPLE, REPOSITORIES, REPOSITORY_OF, REVIEWED, WRITERS, World

SUBMITTED = ("testing", "in_review", "approved")
OVER = ("done", "cancelled")
GREEN = ("approved", "done")
MARKER = re.compile("<!-- kerrigan:?[^>]*-->")
KERRIGANS = ("status:", "role:", "kerrigan:")
ACTORS = {*WRITERS, "command", "kerrigan"}
"""Who may stand in the journal: those with write permission, the agent, and Kerrigan itself."""


@dataclass(frozen=True)
class Seen:
    """Everything at one moment: the board of `status`, events, pull requests by repository, gates by commit."""

    world: World
    board: dict[str, Any]
    events: list[dict[str, Any]]
    pulls: dict[str, list[dict[str, Any]]]
    gates: dict[tuple[str, str], str]

    @property
    def tasks(self) -> dict[str, dict[str, Any]]:
        """The tasks, by id."""
        return {task["id"]: task for task in self.board["tasks"]}

    def of(self, task: str) -> list[dict[str, Any]]:
        """The pull requests from a task's branch."""
        return [pull for pull in self.pulls[REPOSITORY_OF[task]] if pull["head"]["ref"] == f"kerrigan/{task}"]


def journal(world: World) -> list[dict[str, Any]]:
    """Every event of the journal, oldest first."""
    repo, branch = world.box.repositories[API], "refs/heads/kerrigan-state/todo"
    if branch not in world.box.heads(API):
        return []
    texts = [repo.file(path, branch) or "" for path in sorted(repo.listed("log", branch))]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def look(world: World) -> Seen:
    """How everything stands now."""
    found = {slug: pulls(world, slug, "all") for slug in REPOSITORIES}
    opened = {(slug, pull["head"]["sha"]) for slug in found for pull in found[slug] if pull["state"] == "open"}
    gates = {(slug, sha): gate(world, slug, sha) for slug, sha in opened}
    return Seen(world, board(world), journal(world), found, gates)


def findings(world: World) -> Iterator[str]:
    """Everything that does not hold now."""
    seen = look(world)
    yield from _journal(seen)
    for slug in REPOSITORIES:
        yield from _labels(seen, slug)
        yield from _gates(seen, slug)
    yield from _reviews(seen)
    yield from _comments(seen)
    if (seen.board["hold"] or {}).get("kind") != "stopped":  # an emergency stop writes nothing down
        yield from _waiting(seen)
        yield from _merges(seen)
        yield from _dispatches(seen)


def _journal(seen: Seen) -> Iterator[str]:
    if seen.events:
        verified = seen.world.person("ada", API, "audit", "verify", "todo", codes=(0, 1, 3))
        if verified.code:
            yield f"the journal does not verify: {verified.out}{verified.err}"
    for event in seen.events:
        if event["actor"]["login"] not in ACTORS:
            yield f"event {event['seq']} ({event['type']}) is by {event['actor']['login']}, who may not write"


def _labels(seen: Seen, slug: str) -> Iterator[str]:
    for pull in seen.pulls[slug]:
        task = seen.tasks.get(pull["head"]["ref"].removeprefix("kerrigan/"))
        if task is None or not is_own(pull) or pull["state"] != "open":
            continue
        shown = {label["name"] for label in pull["labels"] if label["name"].startswith(KERRIGANS)}
        wanted = {f"status:{task['status']}", f"role:{task['role']}"}
        if shown != wanted:
            yield f"{slug}#{pull['number']} wears {sorted(shown)}, and the journal says {sorted(wanted)}"


def _gates(seen: Seen, slug: str) -> Iterator[str]:
    judged = seen.world.person("ada", slug, "gate", "--all", "--json").json()["verdicts"]
    verdicts = {verdict["number"]: verdict for verdict in judged}
    opened = [pull for pull in seen.pulls[slug] if pull["state"] == "open"]
    for pull in opened:
        state = seen.gates[slug, pull["head"]["sha"]]
        alone = sum(other["head"]["sha"] == pull["head"]["sha"] for other in opened) == 1
        verdict = verdicts[pull["number"]]
        wanted = {"pass": "success", "violation": "failure", "undecided": "pending"}[verdict["verdict"]]
        is_shown = is_own(pull) or verdict["reasons"]
        if alone and is_shown and state != wanted:
            yield f"{slug}#{pull['number']} shows the gate {state}, which is {wanted}: {verdict['reasons']}"
        yield from (f"{slug}#{pull['number']}: no next step: {r}" for r in verdict["reasons"] if not r.get("next"))
    for pull in opened:
        if seen.gates[slug, pull["head"]["sha"]] == "success":
            yield from _green(seen, slug, pull["head"]["sha"], opened)


def _green(seen: Seen, slug: str, sha: str, opened: list[dict[str, Any]]) -> Iterator[str]:
    """A commit that is green: the journal has to carry one of the pull requests that end there, if any is a task's."""
    here = [pull for pull in opened if pull["head"]["sha"] == sha]
    own = [pull for pull in here if is_own(pull) and pull["head"]["ref"].removeprefix("kerrigan/") in REPOSITORY_OF]
    named = [pull for pull in here if "Kerrigan-Task:" in (pull["body"] or "")]
    if not own and not named:
        return
    for pull in own or named:
        task = pull["head"]["ref"].removeprefix("kerrigan/") if pull in own else pull["body"].split()[1]
        submitted = seen.tasks[task]["pull_request"] or {}
        if seen.tasks[task]["status"] == "done" and submitted.get("head") == sha:
            return  # it was merged as it is, anyone who had looked at it
        proof, statuses_ = ("approved", GREEN) if task in REVIEWED else ("tests_passed", (*GREEN, "in_review"))
        if seen.tasks[task]["status"] in statuses_ and any(
            (e["task"], e["type"], e["data"].get("head")) == (task, proof, sha) for e in seen.events
        ):
            return
    yield f"{sha[:7]} of {slug} is green, and the journal carries none of {[pull['number'] for pull in here]}"


def gate(world: World, slug: str, sha: str) -> str:
    """The state of `kerrigan/gate` of a commit; empty where it has none."""
    found = world.box.call("ada", "GET", f"/repos/{slug}/commits/{sha}/status").body["statuses"]
    return next((str(one["state"]) for one in found if one["context"] == "kerrigan/gate"), "")


def _waiting(seen: Seen) -> Iterator[str]:
    screen = seen.world.person("ada", API, "status", "todo").out
    for task in seen.tasks.values():
        name, status, needs = task["id"], task["status"], task["needs_person"]
        if status in OVER:
            continue
        if name not in screen:
            yield f"{name} is {status}, and status does not list it"
        if status == "open" and task["readiness"] != "ready" and not task["reasons"]:
            yield f"{name} is not ready, for no reason"
        if status in ("claimed", "working") and not task["holder"]:
            yield f"{name} is {status}, and nobody holds it"
        if status in ("blocked", "escalated") and not needs:
            yield f"{name} is {status}, and needs no person"
        if status in SUBMITTED and (flag := _stuck(seen, task)) != "".join(need["kind"] for need in needs):
            yield f"{name} is {status} and '{flag}', and needs a person because of {needs}"
        leads = any("on" not in reason for reason in task["reasons"]) or status not in ("open", "claimed", "working")
        if leads and not needs:
            shown = seen.world.person("ada", API, "show", name).out
            if "next: " not in shown:
                yield f"{name} is {status}, and show names no next step"


def _stuck(seen: Seen, task: dict[str, Any]) -> str:
    """What keeps something that was handed in from being merged, as the flag for it; empty for nothing."""
    slug, branch = REPOSITORY_OF[task["id"]], f"refs/heads/kerrigan/{task['id']}"
    if branch not in seen.world.box.heads(slug):
        return "branch-deleted"
    opened = [pull for pull in seen.of(task["id"]) if pull["state"] == "open" and is_own(pull)]
    if opened:
        return "draft" if opened[0].get("draft") else ""
    (last,) = [pull for pull in seen.of(task["id"]) if pull["number"] == task["pull_request"]["number"]]
    return "closed" if is_own(last) else "retargeted"


def _merges(seen: Seen) -> Iterator[str]:
    """A merge of a task's branch is in the journal, or someone is told; a merge that is undone is told too."""
    for task in seen.tasks.values():
        slug = REPOSITORY_OF[task["id"]]
        main, repo = seen.world.box.tip(slug), seen.world.box.repositories[slug]
        known = {str(v) for e in seen.events if e["task"] == task["id"] for v in e["data"].values()}
        for pull in seen.of(task["id"]):
            merged = pull["merge_commit_sha"] if pull.get("merged_at") and is_own(pull) else None
            is_there = merged and repo.contains(main, merged)
            if is_there and merged not in known and task["status"] != "done" and not task["needs_person"]:
                yield f"{task['id']} was merged as {merged}, is {task['status']}, and needs no person"
        if task["status"] == "done":
            yield from _undone(seen, task, main)


def _undone(seen: Seen, task: dict[str, Any], main: str) -> Iterator[str]:
    slug = REPOSITORY_OF[task["id"]]
    done = [e for e in seen.events if e["task"] == task["id"] and e["type"] == "completed"]
    merge = str(done[-1]["data"].get("commit", "")) if done else ""
    if not merge:
        return
    repo = seen.world.box.repositories[slug]
    flags = {need["kind"] for need in task["needs_person"]}
    if repo.contains(main, merge) != ("merge-gone" not in flags):
        yield f"{task['id']} was done by {merge[:7]}, on main: {repo.contains(main, merge)}, flags {sorted(flags)}"
    words = [row["message"] for row in repo.described(main)]
    is_reverted = any(f"This reverts commit {merge}" in text for text in words)
    if is_reverted and "reverted" not in flags:
        yield f"{task['id']} was done by {merge[:7]}, which was reverted, and needs no person"


def _reviews(seen: Seen) -> Iterator[str]:
    """Nobody has approved what they pushed since the task was claimed, unless by force."""
    for task in REPOSITORY_OF:
        authors: set[str] = set()
        for event in (e for e in seen.events if e["task"] == task):
            login = event["actor"]["login"]
            if event["type"] == "claimed":
                authors = {login}
            elif event["type"] == "submitted" and login in PEOPLE:
                authors.add(login)
            elif event["type"] == "approved" and login in authors and not event["data"].get("forced"):
                yield f"{login} had a hand in {task}, and approved it (event {event['seq']})"


def _dispatches(seen: Seen) -> Iterator[str]:
    for dispatch in seen.board["dispatches"]:
        if dispatch["status"] == "requested" and not dispatch["sendings"] and not seen.board["hold"]:
            yield f"dispatch {dispatch['key'][:8]} to {dispatch['to']} was never sent"


def _comments(seen: Seen) -> Iterator[str]:
    """Every request that arrived has one answer: a reaction, and where it was refused one reply."""
    world = seen.world
    for slug, comment in world.asked:
        path = f"/repos/{slug}/issues/comments/{comment}"
        now = world.box.call("ada", "GET", path)
        if not now.ok or not now.body["body"].startswith("/kerrigan"):
            continue
        given = [one["content"] for one in world.box.call("ada", "GET", f"{path}/reactions").body]
        if len(given) != 1:
            yield f"{now.body['body']!r} of {now.body['user']['login']} in {slug} has the reactions {given}"
    for home, pull in ((one, pull) for one in REPOSITORIES for pull in seen.pulls[one]):
        every = world.box.call("ada", "GET", f"/repos/{home}/issues/{pull['number']}/comments?per_page=100").body
        signs = [sign for comment in every for sign in MARKER.findall(comment["body"])]
        yield from (f"{home}#{pull['number']} has {sign} twice" for sign in set(signs) if signs.count(sign) > 1)
