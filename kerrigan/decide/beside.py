"""What people do beside Kerrigan: they merge, close, delete, retarget, revert and push. What follows, in every status.

Each row of ACTS is an act. In some statuses it moves the task, in some the task is flagged and a person is needed, and
in all others nothing follows. A flag is a word that the journal keeps of a task; `flagged` events set and remove it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kerrigan.decide.lifecycle import SUBMITTED, TRANSITIONS, ordered
from kerrigan.model.decision import NextStep, Reason
from kerrigan.model.event import EventType
from kerrigan.model.project import Task
from kerrigan.model.state import Status, TaskState

CLOSED, BRANCH_DELETED, RETARGETED, DRAFT = "closed", "branch-deleted", "retargeted", "draft"
REVERTED, MERGE_GONE = "reverted", "merge-gone"
MERGED_CANCELLED, MERGED_UNSUBMITTED = "merged-cancelled", "merged-unsubmitted"

_EVERY = frozenset(Status)
_DONE = frozenset({Status.done})
_PERSON = "a person with write permission"


@dataclass(frozen=True, slots=True)
class Flag:
    """A word of a task that needs a person in these statuses; `says` tells why, and `step` what clears it."""

    word: str
    statuses: frozenset[Status]
    says: str
    step: Callable[[Task, TaskState], str]

    def reason(self, task: Task, standing: TaskState) -> Reason:
        """The flag in words, with what clears it."""
        names = {"task": task.id, "branch": task.branch, "pull": _pull(task, standing)}
        return Reason(self.word, self.says.format(**names), next=str(NextStep(self.step(task, standing), _PERSON)))


def _pull(task: Task, standing: TaskState) -> str:
    submission = standing.submission
    return f"{submission.repository}#{submission.number}" if submission and submission.number else task.branch


def _anew(task: Task, standing: TaskState) -> str:
    """The command that has a submission done again."""
    verb = "fail-tests" if standing.status is Status.testing else "reject"
    return f"kerrigan task {verb} {task.id} --reason TEXT has it done anew"


def _reopen(task: Task, standing: TaskState) -> str:
    return f"kerrigan task reopen {task.id} --reason TEXT has it done anew; or merge it again"


def _restore(task: Task, standing: TaskState) -> str:
    head = standing.submission.head if standing.submission else "HEAD"
    return f"git push origin {head}:refs/heads/{task.branch}; or {_anew(task, standing)}"


_FLAGS = (
    Flag(CLOSED, SUBMITTED, "{pull} was closed without a merge",
         lambda t, s: f"open {_pull(t, s)} again; or {_anew(t, s)}"),
    Flag(BRANCH_DELETED, SUBMITTED, "the branch {branch} was deleted", _restore),
    Flag(RETARGETED, SUBMITTED, "{pull} goes to another branch than the default one",
         lambda t, s: f"set the base of {_pull(t, s)} to the default branch; or {_anew(t, s)}"),
    Flag(DRAFT, SUBMITTED, "{pull} is a draft",
         lambda t, s: f"mark {_pull(t, s)} as ready for review; or {_anew(t, s)}"),
    Flag(REVERTED, _DONE, "the merge of {task} was reverted", _reopen),
    Flag(MERGE_GONE, _DONE, "the default branch has lost the merge of {task}", _reopen),
    Flag(MERGED_CANCELLED, frozenset({Status.cancelled}), "{task} is cancelled, and was merged",
         lambda t, s: f"kerrigan task reopen {t.id} --reason TEXT has it counted as done; or revert the merge"),
    Flag(MERGED_UNSUBMITTED, _EVERY - {Status.done, Status.cancelled}, "{branch} was merged, and never handed in",
         lambda t, s: f"kerrigan task complete {t.id}; or revert the merge"),
)  # fmt: skip

FOR_A_PERSON: Mapping[Status, str] = {
    Status.blocked: "kerrigan task unblock {}",
    Status.escalated: "kerrigan task reopen {} --reason TEXT",
}
"""Statuses that only a person ends, and the command that does."""

FLAGS: Mapping[str, Flag] = {flag.word: flag for flag in _FLAGS}
"""Every flag that needs a person, by its word. Words that are not here only tell: `merged-before-approval`."""


@dataclass(frozen=True, slots=True)
class Act:
    """What people do: where it leads to by which event, or which flags it sets."""

    words: str
    event: EventType | None = None
    sources: frozenset[Status] = frozenset()
    flags: tuple[str, ...] = field(default=())

    def follows(self, status: Status) -> str:
        """What follows in a status: the status that it leads to, a flag, or nothing (empty)."""
        if self.event and status in self.sources:
            return (TRANSITIONS[self.event].target or status).value
        return next((word for word in self.flags if status in FLAGS[word].statuses), "")


_COMPLETES = TRANSITIONS[EventType.completed].sources

ACTS: Mapping[str, Act] = {
    "merged": Act("merged, as it was handed in", EventType.completed, _COMPLETES, (MERGED_CANCELLED,)),
    "merged-unsubmitted": Act("merged, never handed in", flags=(MERGED_UNSUBMITTED, MERGED_CANCELLED)),
    "closed": Act("pull request closed without a merge", flags=(CLOSED,)),
    "deleted": Act("branch deleted", flags=(BRANCH_DELETED,)),
    "retargeted": Act("pull request given another base", flags=(RETARGETED,)),
    "drafted": Act("pull request turned into a draft", flags=(DRAFT,)),
    "pushed": Act("branch pushed to or over, by anyone", EventType.submitted, SUBMITTED),
    "turned-red": Act("a check of the commit fails later", EventType.tests_failed, SUBMITTED),
    "reverted": Act("merge reverted on the default branch", flags=(REVERTED,)),
    "lost": Act("default branch force-pushed, the merge is gone", flags=(MERGE_GONE,)),
    "second": Act("a second pull request for the commit or the branch"),
}
"""Everything that people do beside Kerrigan and that is looked for, by a name for tests."""


def flags_after(standing: TaskState, seen: Mapping[str, bool]) -> tuple[str, ...]:
    """The flags of a task after a look: `seen` says of each word that was looked for whether it is so now."""
    fitting = [word for word in FLAGS if seen.get(word) and standing.status in FLAGS[word].statuses]
    kept = tuple(word for word in standing.flags if word not in seen)
    return (*kept, *(word for word in fitting if word not in kept))


def needs(task: Task, standing: TaskState) -> Iterator[Reason]:
    """Why a person is needed for a task, each with what clears it; nothing where none is."""
    flags = [FLAGS[word] for word in standing.flags if word in FLAGS]
    yield from (flag.reason(task, standing) for flag in flags if standing.status in flag.statuses)
    if standing.status is Status.open:
        yield from (Reason("definition", problem.text, next=problem.next_step) for problem in task.problems[:1])
    if command := FOR_A_PERSON.get(standing.status):
        step = NextStep(command.format(task.id), _PERSON)
        yield Reason(standing.status.value, f"{task.id} is {standing.status}", next=str(step))


def matrix() -> str:
    """The table of what follows, as Markdown: an act a row, a status a column."""
    statuses = ordered(frozenset(Status))
    head = [f"| what people do | {' | '.join(statuses)} |", f"|---|{'---|' * len(statuses)}"]
    return "\n".join(head + [_row(act, statuses) for act in ACTS.values()])


def _row(act: Act, statuses: list[Status]) -> str:
    return f"| {act.words} | {' | '.join(_cell(act, status) for status in statuses)} |"


def _cell(act: Act, status: Status) -> str:
    found = act.follows(status)
    return f"⚑ {found}" if found in FLAGS else f"→ {found}" if found else "-"
