"""What readers of a repository may be told: nothing that stands in one that fewer people can read.

Each place that is written to asks this: commit statuses, labels, comments, pull requests, issues, dispatches, logs, and
the journal, which everyone reads who can read the home repository.
"""

from collections.abc import Iterable
from dataclasses import replace

from kerrigan.decide.gate import named_task
from kerrigan.model.decision import Reason, Verdict
from kerrigan.model.forge.facts import Answer, PullRequest, Review
from kerrigan.model.state import TASK, Dispatch
from kerrigan.model.visibility import MayTell, Visibility


def is_told(reader: Visibility | None, source: Visibility | None) -> bool:
    """Whether what stands in a repository may be told to readers of another. One that no one could look at hides all:

    it counts as public where it is written to, and as private where it is read from.
    """
    return (Visibility.public if reader is None else reader) <= (Visibility.private if source is None else source)


def is_secret(pull_request: PullRequest, home: str, may_tell: MayTell) -> bool:
    """Whether a pull request of a fork names a task of a home repository that fewer people can read.

    Its author may have guessed the name: no answer may say whether there is such a task, or how it stands.
    """
    return (
        not pull_request.branch and named_task(pull_request) is not None and not may_tell(pull_request.repository, home)
    )


def disclosed(verdict: Verdict, pull_request: PullRequest, home: str, may_tell: MayTell) -> Verdict:
    """A verdict as the readers of the pull request may know it. `home` is empty where nothing in it comes from there.

    Whether it may merge stays; why is told only of what they can read. Reasons of `Depends-on:` lines stay as they are:
    what those must not tell is not known to the gate either.
    """
    reader = pull_request.repository
    where = f"kerrigan gate --pr {pull_request.number}, by someone who can read {home or 'what it waits for'}"
    if is_secret(pull_request, home, may_tell):
        why = "this pull request of a fork names a task, and its project is not for everyone who reads this"
        step = "take the task's name out of the description, or have a member push the branch to this repository"
        return Verdict("undecided", None, (Reason("private", why, next=step),))
    hidden = [r for r in verdict.reasons if r.kind != "depends-on" and not _is_open(r, reader, home, may_tell)]
    if not hidden:
        return verdict
    count = f"{len(hidden)} reasons are" if len(hidden) > 1 else "the reason is"
    instead = Reason("private", f"{count} not for everyone who reads this", next=where)
    return replace(verdict, reasons=(*(r for r in verdict.reasons if r not in hidden), instead))


def _is_open(reason: Reason, reader: str, home: str, may_tell: MayTell) -> bool:
    slug, names_one, _ = (reason.on or "").partition("#")
    is_elsewhere = bool(names_one) and "/" in slug
    return (not home or may_tell(reader, home)) and (not is_elsewhere or may_tell(reader, slug))


def quotable(text: str, place: str) -> str:
    """What stands in a journal for words that not everyone who reads it may read: where they are."""
    return f"see {place}" if text else ""


def quotable_answers(answers: Iterable[Answer], place: str) -> tuple[Answer, ...]:
    """The same for what was said of acceptance criteria: the verdicts stay."""
    return tuple(replace(answer, note=quotable(answer.note, place)) for answer in answers)


def quoted(review: Review, place: str) -> Review:
    """The same for a whole review."""
    return replace(review, body=quotable(review.body, place), answers=quotable_answers(review.answers, place))


def sendable(dispatch: Dispatch, home: str, may_tell: MayTell) -> Dispatch:
    """A dispatch as its receiver's readers may know it: who is to work on a task has to be told which, and no more."""
    if may_tell(dispatch.to, home):
        return dispatch
    return replace(dispatch, role="", task=dispatch.task if dispatch.kind == TASK else None)
