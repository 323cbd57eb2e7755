"""Events: who caused what in which repository, in GitHub's words, and which runs that starts.

The rules are written from GitHub's documentation. A test that passes here shows agreement with them, not with GitHub.
"""

from collections.abc import Mapping
from typing import Any

from tests.box.activity import Activity, Event
from tests.box.emulator import Emulator
from tests.box.identities import BOT, KEEPER
from tests.box.messages import Json
from tests.box.pulls import Pulls
from tests.box.repository import HEADS, NOBODY, Repository
from tests.box.runs import Run, Runs
from tests.box.workflows import FOLDER, PULL_REQUEST_EVENTS, Workflow, WorkflowError, parse

FROM_EMULATOR = ("issues", "issue_comment", *PULL_REQUEST_EVENTS, "check_run", "label", "release")
"""Pushes, statuses and dispatches are announced by the box itself."""
WAKES_FROM_BOT = ("repository_dispatch", "workflow_dispatch", "workflow_run")
"""What a workflow's own token does starts nothing but by these."""
HELD_FROM_BOT = ("opened", "synchronize", "reopened")
"""What it does to pull requests starts runs that wait until someone approves them."""


class Events:
    """Announces events, and queues the runs that they start."""

    def __init__(
        self,
        repositories: Mapping[str, Repository],
        emulator: Emulator,
        pulls: Pulls,
        runs: Runs,
        activity: Activity,
    ) -> None:
        self._repositories, self._emulator, self._pulls = repositories, emulator, pulls
        self._runs, self._activity = runs, activity
        self.live = False

    def heard(self, name: str, payload: Json) -> None:
        """A webhook of the emulator, put right: labels of pull requests come as those of issues, and thin."""
        if name not in FROM_EMULATOR or payload["sender"]["login"] == KEEPER:
            return  # what the keeper does is bookkeeping, or was announced with its cause
        payload = self._pulls.fixed(payload)
        slug, login = payload["repository"]["full_name"], payload["sender"]["login"]
        if name == "issues" and "head" in payload["issue"]:
            name, payload["pull_request"] = "pull_request", payload.pop("issue")
        thing = payload.get("issue") or payload.get("pull_request") or {}
        if name == "pull_request":
            payload["number"] = thing["number"]
        if name == "issue_comment" and self._pulls.get(slug, thing["number"]):
            thing["pull_request"] = {"url": f"{payload['repository']['url']}/pulls/{thing['number']}"}
        if name == "pull_request_review":
            payload["review"]["state"] = payload["review"]["state"].lower()
        if payload.get("label"):
            payload["label"] = _full_label(thing, payload["label"])
        self.announce(slug, name, payload, login)
        if payload.get("action") == "opened":  # one more event for each label it was opened with
            for label in thing.get("labels", []):
                self.announce(slug, name, {**payload, "action": "labeled", "label": label}, login)

    def moved(self, repo: Repository, before: str, after: str, ref: str, login: str) -> None:
        """A branch moved: a push, and what it means for the pull requests from there."""
        self.announce(repo.slug, "push", _push(repo, before, after, ref), login)
        own = [shown for shown in self._pulls.open(repo.slug) if HEADS + shown["head"]["ref"] == ref]
        for shown in own if after == NOBODY else ():
            self.closed(repo.slug, shown["number"], login)
        for shown in () if NOBODY in (before, after) else own:
            payload = {"action": "synchronize", "number": shown["number"], "before": before, "after": after}
            self.announce(repo.slug, "pull_request", {**payload, "pull_request": shown}, login)

    def closed(self, slug: str, number: int, login: str) -> None:
        """Close a pull request as the keeper, whose webhook nobody hears, and announce it whole."""
        self._emulator.ask("PATCH", f"/repos/{slug}/pulls/{number}", {"state": "closed"})
        event = {"action": "closed", "number": number, "pull_request": self._pulls.get(slug, number)}
        self.announce(slug, "pull_request", event, login)

    def edited(self, slug: str, before: Json, login: str) -> None:
        """A pull request got another base, or is a draft, or none any more: the emulator announces neither.

        GitHub takes a draft by GraphQL only; the box takes it by the same request as all else.
        """
        now = self._pulls.get(slug, before["number"]) or before
        event = {"number": now["number"], "pull_request": now}
        if (was := before["base"]["ref"]) != now["base"]["ref"]:
            changes = {"base": {"ref": {"from": was}, "sha": {"from": before["base"]["sha"]}}}
            self.announce(slug, "pull_request", {"action": "edited", "changes": changes, **event}, login)
        if bool(before.get("draft")) != bool(now.get("draft")):
            action = "converted_to_draft" if now.get("draft") else "ready_for_review"
            self.announce(slug, "pull_request", {"action": action, **event}, login)

    def run_ended(self, run: Run, server: str) -> None:
        """A run is over."""
        payload = {"action": "completed", "workflow_run": run.shown(server)}
        self.announce(run.slug, "workflow_run", payload, run.actor)

    def announce(
        self, slug: str, name: str, payload: Json, login: str, file: str | None = None, ref: str | None = None
    ) -> None:
        """Record an event and queue its runs; `file` is the one workflow that a workflow_dispatch is for."""
        if not self.live:
            return
        payload = {**self._surroundings(slug, login), **payload}
        event = Event(slug, name, login, payload)
        with self._runs.lock:
            self._activity.events.append(event)
            self._activity.touch()
            is_held = login == BOT and name == "pull_request" and payload.get("action") in HELD_FROM_BOT
            if login == BOT and name not in WAKES_FROM_BOT and not is_held:
                return
            ref, sha = self._where(slug, name, payload, ref)
            if sha is None:
                return
            for workflow in self._workflows(slug, sha):
                if file in (None, workflow.file) and workflow.asks_for(name, payload, self._repositories[slug]):
                    run = Run(self._runs.new_id(), slug, workflow, name, login, ref, sha, payload)
                    event.runs.append(run.id)
                    (self._runs.hold if is_held else self._runs.add)(run)

    def _surroundings(self, slug: str, login: str) -> dict[str, Any]:
        return {
            "repository": self._emulator.ask("GET", f"/repos/{slug}").body,
            "organization": {"login": slug.split("/")[0]},
            "sender": {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"},
        }

    def _where(self, slug: str, name: str, payload: Json, ref: str | None) -> tuple[str, str | None]:
        """GITHUB_REF and GITHUB_SHA; without a commit there is no run, as for a pull request in conflict."""
        if name == "push":
            return payload["ref"], None if payload["deleted"] else payload["after"]
        if name in PULL_REQUEST_EVENTS and payload["pull_request"]["state"] == "open":
            shown = payload["pull_request"]
            return f"refs/pull/{shown['number']}/merge", self._pulls.test_merge(slug, shown)
        ref = ref or HEADS + payload["repository"]["default_branch"]
        return ref, self._repositories[slug].commit_of(ref)

    def _workflows(self, slug: str, sha: str) -> list[Workflow]:
        repo, found = self._repositories[slug], []
        for path in repo.listed(FOLDER, sha):
            try:
                if path.endswith((".yml", ".yaml")):
                    found.append(parse(path, repo.file(path, sha) or ""))
            except WorkflowError as error:
                self._activity.problems.append(f"{slug} {error}")
        return found


def _full_label(thing: Json, thin: Json) -> Json:
    """A label as the issue has it, once it has; a removed one stays thin."""
    return next((label for label in thing.get("labels", []) if label["name"] == thin["name"]), thin)


def _push(repo: Repository, before: str, after: str, ref: str) -> Json:
    created, deleted = before == NOBODY, after == NOBODY
    commits = [] if deleted else repo.described(*([after, "-1"] if created else [after, "--not", before]))
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": created,
        "deleted": deleted,
        "forced": not created and not deleted and not repo.contains(after, before),
        "commits": commits,
        "head_commit": commits[-1] if commits else None,
    }
