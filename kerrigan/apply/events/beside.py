"""Look for what people did beside Kerrigan: on pull requests, on branches, and on what was merged before."""

from collections.abc import Iterable, Mapping

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.decide import beside
from kerrigan.errors import KerriganError
from kerrigan.load.github.reverts import is_reverted
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Task
from kerrigan.model.state import Status, TaskState

LATEST = 10
"""Merges that are looked for one by one where the last commits do not show them: those of the tasks done last."""

Seen = Mapping[str, bool]
"""Of each flag that was looked for, whether it is so."""


def of_pull_request(site: Site, standing: TaskState, facts: Facts) -> Seen:
    """What is so of the pull request and the branch of a task that waits for tests, review or merge."""
    submission, own = standing.submission, facts.pull_request
    seen = dict.fromkeys((beside.BRANCH_DELETED, beside.CLOSED, beside.RETARGETED, beside.DRAFT), False)
    if submission is None or facts.delivered:
        return seen
    if facts.head is None:
        return seen | {beside.BRANCH_DELETED: True}
    if own:
        return seen | {beside.DRAFT: own.draft}
    number = submission.number
    last = site.forge.pull_request(submission.repository, number) if number is not None else None
    if last is None:
        return {}
    return seen | {beside.RETARGETED: not last.delivers, beside.CLOSED: last.delivers and not last.open}


def of_merges(site: Site, stage: Stage, tasks: Iterable[Task]) -> Mapping[str, Seen]:
    """What is so of merges, by task: reverted or lost where one is done, found where one is not to have any.

    A repository that cannot be looked at is left out: what is not known changes no flag.
    """
    by_slug: dict[str, list[Task]] = {}
    for task in tasks:
        by_slug.setdefault(stage.project.slug(task), []).append(task)
    found: dict[str, Seen] = {}
    for slug, here in by_slug.items():
        try:
            found |= {**_of_done(site, stage, slug, here), **_unexpected(site, stage, slug, here)}
        except KerriganError as error:
            site.say(f"merges in {slug} are not looked at: {error.message}")
    return found


def _of_done(site: Site, stage: Stage, slug: str, tasks: list[Task]) -> Mapping[str, Seen]:
    standings = {task.id: stage.state.task(task.id) for task in tasks}
    done = {task: s for task, s in standings.items() if s.status is Status.done and s.merged_as}
    if not done:
        return {}
    history = site.forge.recent(slug)
    there = {commit.id for commit in history}
    found: dict[str, dict[str, bool]] = {}
    unseen = []
    for task, standing in done.items():
        merge, submission = standing.merged_as or "", standing.submission
        pull = f"{submission.repository}#{submission.number}" if submission and submission.number else ""
        reverted = is_reverted(history, merge, submission.head if submission else "", pull)
        found[task] = {} if reverted is None else {beside.REVERTED: reverted}
        if merge in there:
            found[task][beside.MERGE_GONE] = False
        else:
            unseen.append((standing.since or "", task, merge))
    latest = sorted(unseen, reverse=True)
    for place, (_, task, merge) in enumerate(latest):
        if place >= LATEST and not any(seen.get(beside.MERGE_GONE) for seen in found.values()):
            break  # the last ones are there, so no one has rewritten the branch
        found[task][beside.MERGE_GONE] = site.forge.on_default(slug, merge) is None
    return found


def _unexpected(site: Site, stage: Stage, slug: str, tasks: list[Task]) -> Mapping[str, Seen]:
    """Merges of tasks that are cancelled, and of those that were never handed in."""
    wanted: dict[str, tuple[Task, str]] = {}
    for task in tasks:
        standing = stage.state.task(task.id)
        if standing.status is Status.cancelled:
            wanted[task.branch] = (task, beside.MERGED_CANCELLED)
        elif standing.submission is None and standing.status is not Status.done:
            wanted[task.branch] = (task, beside.MERGED_UNSUBMITTED)
    if not wanted:
        return {}
    heads = {branch: _head(stage, task) for branch, (task, _) in wanted.items()}
    merges = site.forge.merges(slug, heads)
    return {
        task.id: {word: _is_news(stage.state.task(task.id), merges.get(branch))}
        for branch, (task, word) in wanted.items()
    }


def _head(stage: Stage, task: Task) -> str | None:
    submission = stage.state.task(task.id).submission
    return submission.head if submission else None


def _is_news(standing: TaskState, merge: str | None) -> bool:
    """Whether a merge is another one than what the task was done by before it was reopened."""
    known = standing.merged_as
    head = standing.submission.head if standing.submission else None
    return merge is not None and (known is None or known not in (merge, head))
