"""What people do beside Kerrigan, on real repositories: each act in each status leads to what the table says."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.append import append, new_request
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.state.site import Site, open_site
from kerrigan.apply.state.stage import Stage, read
from kerrigan.apply.tasks.transition import dry_run_transition, transition
from kerrigan.apply.tasks.views import board_of, next_of
from kerrigan.decide.beside import ACTS, FLAGS
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.lifecycle import VERBS
from kerrigan.local.forge import LocalForge
from kerrigan.model.decision import Decision
from kerrigan.model.event import KERRIGAN, Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.state import Status, TaskState
from kerrigan.report.tasks.board import text, to_dict
from tests.e2e.desk import git
from tests.seams.site_on_github import SPEC, TASKS, repository

TASK, SLUG = "todo/contract", "acme/api"
BRANCH = f"kerrigan/{TASK}"
LONG = "2999-01-01T00:00:00.000Z"
SUBMIT: tuple[E, ...] = (E.claimed, E.started, E.submitted)
HISTORY: dict[Status, tuple[E, ...]] = {
    Status.open: (*SUBMIT, E.tests_passed, E.rejected),
    Status.claimed: (*SUBMIT, E.tests_passed, E.rejected, E.claimed),
    Status.working: (*SUBMIT, E.tests_passed, E.rejected, E.claimed, E.started),
    Status.testing: SUBMIT,
    Status.in_review: (*SUBMIT, E.tests_passed),
    Status.approved: (*SUBMIT, E.tests_passed, E.approved),
    Status.done: (*SUBMIT, E.tests_passed, E.approved, E.completed),
    Status.failed: (*SUBMIT, E.tests_failed),
    Status.blocked: (*SUBMIT, E.blocked),
    Status.escalated: (*SUBMIT, E.escalated),
    Status.cancelled: (*SUBMIT, E.cancelled),
}
UNSUBMITTED: dict[Status, tuple[E, ...]] = {
    Status.open: (),
    Status.claimed: (E.claimed,),
    Status.working: (E.claimed, E.started),
    Status.failed: (E.claimed, E.failed),
    Status.blocked: (E.claimed, E.blocked),
    Status.escalated: (E.claimed, E.escalated),
    Status.cancelled: (E.cancelled,),
}
"""What leads to each status, with a submission and without one."""


@dataclass
class World:
    """A remote, a clone of it that stands on main, and the site of that clone."""

    site: Site
    clone: Path
    head: str
    base: str

    def git(self, *words: str) -> str:
        return git(*words, cwd=self.clone)

    def stage(self) -> Stage:
        return read(self.site, "todo")

    def task(self) -> TaskState:
        return self.stage().state.task(TASK)

    def happened(self, *kinds: E) -> None:
        """Write these events into the journal in one append, as ada's, with what each carries."""
        request = new_request(E.claimed, TASK, Actor("ada"))
        submission = {"repository": SLUG, "number": 1, "head": self.head, "branch": BRANCH}
        carries: dict[E, dict[str, Any]] = {
            E.claimed: {"lease_until": LONG},
            E.submitted: submission,
            E.completed: {"commit": self.git("rev-parse", "main")},
        }

        def decide(stage: Stage) -> Decision | None:
            recording = Recording(stage.state, request)
            for kind in kinds:
                recording.add(kind, TASK, request.actor, carries.get(kind, {"reason": "so", "head": self.head}))
            return recording.decision()

        append(self.site, self.stage(), decide)

    def merge(self) -> None:
        """Merge the branch by hand, and push main."""
        self.git("merge", "-q", "--no-ff", "-m", "Merge it", self.head)
        self.git("push", "-q", "origin", "main")

    def commit(self, message: str = "More", onto: str = "main") -> None:
        """An empty commit with a message, pushed to a branch."""
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", "origin", f"HEAD:{onto}")

    def reconciled(self) -> TaskState:
        reconcile(self.site, self.stage())
        return self.task()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A remote with the plan, a pull request of the task, and a clone."""
    root = tmp_path_factory.mktemp("beside")
    clone = repository(root, "api", {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS})
    git("switch", "-q", "-c", BRANCH, cwd=clone)
    clone.joinpath("openapi.yml").write_text("openapi: 3.1.0\n")
    git("add", ".", cwd=clone)
    git("commit", "-q", "-m", "Write it", cwd=clone)
    git("push", "-q", "origin", BRANCH, cwd=clone)
    git("switch", "-q", "main", cwd=clone)
    LocalForge.at(root / "acme" / "api.git").open_pull_request(SLUG, BRANCH, "Agree", "", "ada")
    return root


@pytest.fixture
def world(template: Path, tmp_path: Path) -> World:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    clone = tmp_path / "api"
    git("remote", "set-url", "origin", str(tmp_path / "acme" / "api.git"), cwd=clone)
    site = open_site(clone, {}, "ana", say=lambda text: None, detail=lambda text: None)
    head, base = git("rev-parse", BRANCH, "main", cwd=clone).split()
    return World(site, clone, head, base)


def lost(world: World) -> None:
    world.git("reset", "-q", "--hard", world.base)
    world.git("commit", "-q", "--allow-empty", "-m", "Something else")
    world.git("push", "-q", "-f", "origin", "main")


def pushed_over(world: World) -> None:
    world.git("switch", "-q", "--detach", world.base)
    world.git("commit", "-q", "--allow-empty", "-m", "Something else")
    world.git("push", "-q", "-f", "origin", f"HEAD:{BRANCH}")
    world.git("switch", "-q", "main")


def reverted(world: World) -> None:
    world.commit(f"Revert it\n\nThis reverts commit {world.task().merged_as or world.head}.")


def second(world: World) -> None:
    """The same commit on another branch, whose pull request names the task; after a merge one commit more."""
    world.git("switch", "-q", "--detach", world.head)
    if world.task().status is Status.done:
        world.git("commit", "-q", "--allow-empty", "-m", "More")
    world.git("push", "-q", "origin", "HEAD:refs/heads/again")
    world.git("switch", "-q", "main")
    world.site.forge.open_pull_request(SLUG, "again", "Agree", f"Kerrigan-Task: {TASK}", "eve")


HERE: dict[str, Callable[[World], object]] = {
    "merged": World.merge,
    "merged-unsubmitted": World.merge,
    "deleted": lambda world: world.git("push", "-q", "origin", f":{BRANCH}"),
    "pushed": pushed_over,
    "turned-red": lambda world: world.site.forge.set_status(SLUG, world.head, "ci", "failure", "no"),
    "reverted": reverted,
    "lost": lost,
    "second": second,
}
"""Every act that there is on the local forge. It closes no pull request but by its branch, and knows no drafts."""


def test_the_other_acts_are_of_github() -> None:
    assert set(ACTS) - set(HERE) == {"closed", "retargeted", "drafted"}


CASES = [(act, status) for act, status in product(HERE, Status) if act != "merged-unsubmitted" or status in UNSUBMITTED]


@pytest.mark.parametrize(("act", "status"), CASES)
def test_each_act_in_each_status_leads_to_what_the_table_says(world: World, act: str, status: Status) -> None:
    if status is Status.done:
        world.merge()
    world.happened(*(UNSUBMITTED if act == "merged-unsubmitted" else HISTORY)[status])
    assert world.reconciled().status is status
    HERE[act](world)
    after, follows = world.reconciled(), ACTS[act].follows(status)
    board = to_dict(board_of(world.site, world.stage()))
    needed = [need for need in board["needs_person"] if need["task"] == TASK]
    if follows in FLAGS:
        assert (after.status, after.flags[-1:]) == (status, (follows,))
        assert follows in [need["kind"] for need in needed]
        assert "needs a person:" in text(board_of(world.site, world.stage()))
        for command in re.findall(rf"kerrigan task [a-z-]+ {TASK}", needed[0]["next"]):
            assert accepted(world, command), command
    else:
        assert after.status.value == (follows or status.value)
        assert {need["kind"] for need in needed} <= {"blocked", "escalated"}
    assert world.reconciled() == world.task(), "looking again finds nothing new"


def accepted(world: World, command: str) -> bool:
    """Whether a command that was offered is not refused to a person who had no hand in the work; it is not written."""
    copy = open_site(world.clone, {}, "ana", say=lambda text: None, detail=lambda text: None)
    request = own_request(copy, world.stage(), VERBS[command.split()[2]], TASK)
    return isinstance(dry_run_transition(copy, world.stage(), replace(request, reason="because")).answer, Decision)


@pytest.mark.parametrize("way", ["squash", "rebase", "fast-forward"])
@pytest.mark.parametrize("status", [Status.approved, Status.failed, Status.escalated, Status.open])
def test_a_merge_of_any_kind_is_noticed_in_any_status(world: World, way: str, status: Status) -> None:
    world.happened(*HISTORY[status])
    if way == "fast-forward":
        world.git("merge", "-q", "--ff-only", world.head)
    else:
        world.commit("Meanwhile")
        world.git(*(("merge", "-q", "--squash") if way == "squash" else ("cherry-pick",)), world.head)
        if way == "squash":
            world.git("commit", "-q", "-m", "Squash it")
    world.git("push", "-q", "origin", "main")
    after = world.reconciled()
    assert (after.status, after.merged_as) == (Status.done, world.git("rev-parse", "main"))


def test_a_squash_that_git_cannot_prove_is_named_by_a_person(world: World) -> None:
    world.happened(*HISTORY[Status.approved])
    world.git("merge", "-q", "--squash", world.head)
    world.clone.joinpath("openapi.yml").write_text("openapi: 3.1.1\n")
    world.git("commit", "-q", "-am", "Squash it, and better")
    world.git("push", "-q", "origin", "main", f":{BRANCH}")
    assert world.reconciled().flags == ("branch-deleted",)
    request = own_request(world.site, world.stage(), E.completed, TASK)
    wrong = transition(world.site, world.stage(), replace(request, data={"what": world.head[:12]}))
    assert not isinstance(wrong.answer, Decision)
    named = world.git("rev-parse", "--short=10", "main")
    done = transition(
        world.site,
        world.stage(),
        replace(own_request(world.site, world.stage(), E.completed, TASK), data={"what": named}),
    )
    assert isinstance(done.answer, Decision), done.answer
    assert (world.task().status, world.task().merged_as) == (Status.done, world.git("rev-parse", "main"))


def test_a_revert_that_is_reverted_and_a_merge_that_comes_back_need_nobody(world: World) -> None:
    world.merge()
    world.happened(*HISTORY[Status.done])
    reverted(world)
    assert world.reconciled().flags == ("reverted",)
    world.commit(f"Again\n\nThis reverts commit {world.git('rev-parse', 'main')}.")
    assert world.reconciled().flags == ()
    tip = world.git("rev-parse", "main")
    lost(world)
    assert world.reconciled().flags == ("merge-gone",)
    world.git("push", "-q", "-f", "origin", f"{tip}:main")
    assert world.reconciled().flags == ()


def test_a_new_branch_that_nothing_was_committed_to_is_no_merge(world: World) -> None:
    world.git("push", "-q", "-f", "origin", f"{world.base}:refs/heads/{BRANCH}")
    world.happened(E.claimed, E.started)
    assert world.reconciled().flags == ()


def test_show_offers_what_clears_the_flag(world: World) -> None:
    world.happened(*HISTORY[Status.approved])
    world.git("push", "-q", "origin", f":{BRANCH}")
    world.reconciled()
    step = next_of(world.site, world.stage(), TASK)
    assert step is not None
    restore, anew = step.command.split("; or ")
    assert restore == f"git push origin {world.head}:refs/heads/{BRANCH}"
    assert anew == f"kerrigan task reject {TASK} --reason TEXT has it done anew"
    subprocess.run(restore.split(), cwd=world.clone, check=True, capture_output=True)
    assert (world.reconciled().status, world.task().flags) == (Status.approved, ())


def test_kerrigan_alone_says_what_it_found(world: World) -> None:
    world.happened(*HISTORY[Status.approved])
    world.git("push", "-q", "origin", f":{BRANCH}")
    outcome = reconcile(world.site, world.stage())
    (event,) = outcome.events
    assert (event.type, event.actor, event.data["reason"]) == (E.flagged, KERRIGAN, f"the branch {BRANCH} was deleted")
