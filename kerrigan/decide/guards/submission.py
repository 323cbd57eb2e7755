"""Guards on what was handed in: its commits, its checks, its merge. `guards` lists them with the others."""

from kerrigan.decide.fold.attempts import TESTS_FORCED
from kerrigan.decide.limits.autonomy import no_person
from kerrigan.decide.situation import Situation
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.project import Permission
from kerrigan.model.state import Status

NO = frozenset({EventType.rejected, EventType.tests_failed})
"""What can be said of a commit whose branch is gone, too."""

NAMED = 3
"""As many files that were changed are named."""


def commits(s: Situation) -> str | None:
    """The task's branch has a commit that the default branch lacks."""
    if s.facts.head is None:
        return f"{s.project.slug(s.task)} has no branch {s.task.branch}"
    if s.facts.ahead < 1 and s.facts.delivered:
        return f"{s.task.branch} is merged already, as {s.facts.delivered[:10]}"
    if s.facts.ahead < 1:
        return f"{s.task.branch} has no commit that the default branch lacks"
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
    return f"whether {s.task.branch} merges with the default branch could not be found out: try again"


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
    if s.facts.head is None and s.request.type in NO:
        return None
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
    return f"the checks of {commit} say '{s.facts.checks}', expected 'success': fix it and submit again"


def red(s: Situation) -> str | None:
    """A person says so, or the checks of the commit failed; before they passed an agent's word counts too."""
    by, is_tested = s.request.actor.kind, s.standing.status is not Status.testing
    is_forced = is_tested and TESTS_FORCED in s.standing.flags
    if by == "person" or (s.facts.checks == "failure" and not is_forced) or (by == "agent" and not is_tested):
        return None
    return f"the checks of {s.task.id} say '{s.facts.checks}', and only a failure is one"


def delivered(s: Situation) -> str | None:
    """The default branch brings the submitted commit, or the one that is named, by another merge than before."""
    before, submission, named = s.standing.merged_as, s.standing.submission, s.request.data.get("what")
    head = submission.head if submission and not named else None
    if s.facts.delivered and (before is None or before not in (s.facts.delivered, head)):
        return None
    if named:
        return f"{str(named)[:40]} is no commit on the default branch of {s.project.slug(s.task)}"
    number = f"pull request #{submission.number}" if submission and submission.number else "its pull request"
    return f"the default branch of {s.project.slug(s.task)} does not bring {s.task.id} yet: merge {number} first"


def noticed(s: Situation) -> str | None:
    """Kerrigan itself has looked, and says what it found."""
    if s.request.actor == KERRIGAN and "flags" in s.request.data:
        return None
    return f"flags of {s.task.id} are what reconcile finds, and no one sets them"


def vouched(s: Situation) -> str | None:
    """What is merged was handed in; else, or where a commit is named, a person who may write says that it is it."""
    if s.standing.submission and not s.request.data.get("what"):
        return None
    if not s.facts.permission.allows(Permission.write):
        return f"{s.task.id} was never handed in, and {s.request.actor.login} has '{s.facts.permission}'"
    who = no_person(s.request.actor)
    return f"{s.task.id} was never handed in: only a person says that a merge is its, and {who}" if who else None
