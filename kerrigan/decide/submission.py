"""Guards on what was handed in: its commits, its checks, its merge. `guards` lists them with the others."""

from kerrigan.decide.situation import Situation
from kerrigan.model.event import EventType
from kerrigan.model.state import Status

NAMED = 3
"""As many files that were changed are named."""


def commits(s: Situation) -> str | None:
    """The task's branch has a commit that the default branch lacks."""
    if s.facts.head is None:
        return f"{s.project.slug(s.task)} has no branch {s.task.branch}"
    if s.facts.ahead < 1:
        return f"{s.task.branch} has no commit that the default branch lacks: commit and push first"
    return None


def pushed(s: Situation) -> str | None:
    """What the clone at hand has of the task's branch is committed and pushed."""
    if s.facts.uncommitted:
        files = ", ".join(s.facts.uncommitted[:NAMED]) + (", …" if len(s.facts.uncommitted) > NAMED else "")
        return f"{s.task.branch} has changes here that are not committed: {files}; commit, push, and submit again"
    if count := s.facts.unpushed:
        commits = "1 commit of this clone is" if count == 1 else f"{count} commits of this clone are"
        return f"{commits} not on origin's {s.task.branch}: push first, git push origin {s.task.branch}"
    return None


def tried(s: Situation) -> str | None:
    """Whether the branch merges with the default branch is known; a push onto what was handed in is only noted."""
    if s.facts.merging or s.standing.status is not Status.working:
        return None
    return f"nobody could say whether {s.task.branch} merges with the default branch: try again"


def same_head(s: Situation) -> str | None:
    """The task's branch still ends at the submitted commit, and that is the one that was looked at."""
    submission = s.standing.submission
    if submission is None:
        return f"{s.task.id} was never submitted"
    if s.request.head not in (None, submission.head):
        return f"{submission.head[:10]} was submitted, and this is about {s.request.head[:10]}: look at it again"
    said_at, since = s.request.said_at, s.standing.since
    if s.request.type is EventType.approved and said_at and since and said_at < since:
        return (
            f"this was said at {said_at}, before {submission.head[:10]} was up for review: look at it, and say it again"
        )
    if s.facts.head is None:
        return f"the branch {s.task.branch} is gone: push it and submit again"
    if s.facts.head != submission.head:
        return f"the branch moved from {submission.head[:10]} to {s.facts.head[:10]}: submit again"
    return None


def checked(s: Situation) -> str | None:
    """The checks of the submitted commit succeeded; where the forge runs none, a person's or agent's word counts."""
    if s.facts.checks == "success" or (s.facts.checks is None and s.request.actor.kind != "app"):
        return None
    commit = s.standing.submission.head[:10] if s.standing.submission else "nothing"
    if s.facts.checks in {"pending", "missing", None}:
        found = "not finished" if s.facts.checks == "pending" else "not reported"
        return f"the checks of {commit} are {found}: wait for them"
    return f"the checks of {commit} say '{s.facts.checks}', expected 'success': mend it and submit again"


def red(s: Situation) -> str | None:
    """A person or an agent says so, or the checks of the submitted commit failed."""
    if s.request.actor.kind != "app" or s.facts.checks == "failure":
        return None
    return f"the checks of {s.task.id} say '{s.facts.checks}', and only a failure is one"


def delivered(s: Situation) -> str | None:
    """The default branch brings the submitted commit."""
    if s.facts.delivered:
        return None
    submission = s.standing.submission
    number = f"pull request #{submission.number}" if submission and submission.number else "its pull request"
    return f"the default branch of {s.project.slug(s.task)} does not bring {s.task.id} yet: merge {number} first"
