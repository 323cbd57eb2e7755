"""What counts of comments, labels and reviews is what they say now, and who is refused is told so, each of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.handle_event import handle_event
from kerrigan.errors import UnreadableError
from kerrigan.model.event import EventType
from kerrigan.model.state import Status
from tests.seams.github_script import Reply, scripted
from tests.seams.site_on_github import COMMENT, HEAD, PULLS, REPO, SPEC, TASKS, Hub, hub_on, proposed, repository
from tests.unit import webhook_payloads as payloads

REPOSITORY = {"full_name": "acme/api", "default_branch": "main"}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A task that is in review as pull request 5 of acme/api, where ben may write and eve may not."""
    home = repository(tmp_path, "api", {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS})
    with scripted() as github, hub_on(github, tmp_path / "acme" / "api.git", home) as hub:
        github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, text="{}"))
        hub.submitted(by="ada")
        hub.happened(EventType.tests_passed, head=HEAD)
        hub.shows(proposed())
        hub.tip()
        hub.reviewed(5)
        hub.may(ben="write", cy="write", eve="read")
        yield hub


def comment(hub: Hub, told: str, by: str = "ben", number: int = COMMENT) -> str:
    """Hear of a comment on pull request 5; what was done."""
    made = payloads.comment(told, id=number, user={"login": by, "type": "User"})
    issue = made["issue"] | {"number": 5, "pull_request": {"url": "…"}}
    who = {"repository": REPOSITORY, "sender": {"login": by, "type": "User"}}
    return handle_event(hub.site, "issue_comment", made | {"issue": issue} | who).words


def label(hub: Hub, name: str, by: str) -> None:
    """Hear of a label on pull request 5."""
    made = payloads.labeled(name, number=5)
    pull = made["pull_request"] | {"head": made["pull_request"]["head"] | {"repo": REPOSITORY}}
    who = {"repository": REPOSITORY, "sender": {"login": by, "type": "User"}}
    handle_event(hub.site, "pull_request", made | {"pull_request": pull} | who)


def review(hub: Hub, told: str, now: dict[str, Any], editor: str | None = None) -> None:
    """Hear of ben's review of pull request 5, which is another by now."""
    made = payloads.review(told, number=5, commit_id=HEAD)
    pull = made["pull_request"] | {"number": 5, "head": made["pull_request"]["head"] | {"repo": REPOSITORY}}
    who = {"repository": REPOSITORY, "sender": {"login": "ben", "type": "User"}}
    found = {"user": {"login": "ben"}, "node_id": "R_80", "commit_id": HEAD, "body": "fine", **now}
    hub.github.undescribed(f"{PULLS}/5/reviews/80", found)
    hub.github.edited(("R_80", editor))
    handle_event(hub.site, "pull_request_review", made | {"pull_request": pull} | who)


def test_an_edited_comment_counts_as_it_stands(hub: Hub) -> None:
    hub.comment("no, wait", editor="ben")
    assert comment(hub, "/kerrigan approve") == "the comment or label was removed, or no longer asks for anything"
    assert (hub.standing().status, hub.said()) == (Status.in_review, [])
    hub.comment("/kerrigan reject no error format", editor="ben")
    comment(hub, "/kerrigan approve")
    feedback = hub.standing().feedback
    assert feedback is not None
    assert (hub.standing().status, feedback.by, feedback.reason) == (Status.open, "ben", "no error format")


@pytest.mark.parametrize(("now", "said"), [("/kerrigan pause the API is down", 1), ("no, wait", 0), (None, 0)])
def test_a_comment_where_no_task_is_gets_an_answer_too(hub: Hub, now: str | None, said: int) -> None:
    hub.shows(proposed(branch="by-hand"))
    hub.comment(now)
    words = comment(hub, "/kerrigan pause the API is down")
    assert words == "it is for no task; gates that depend on others are up to date"
    assert (len(hub.said()), hub.stage().state.hold) == (said, None)
    assert all("acme/api#5 is for no task" in reply for reply in hub.said())


def test_a_deleted_comment_does_not_count(hub: Hub) -> None:
    hub.comment(None)
    comment(hub, "/kerrigan approve")
    assert (hub.standing().status, hub.said()) == (Status.in_review, [])


@pytest.mark.parametrize(("editor", "named"), [("eve", "eve"), ("", "someone")])
def test_a_comment_that_somebody_else_edited_does_not_count_and_its_author_is_told(
    hub: Hub, editor: str, named: str
) -> None:
    hub.comment("/kerrigan approve", editor=editor or "eve")
    hub.github.edited((f"C_{COMMENT}", editor))
    comment(hub, "/kerrigan approve")
    assert hub.standing().status is Status.in_review
    (said,) = hub.said()
    assert f"{named} has changed the words of ben" in said


def test_a_comment_is_its_authors_whoever_the_event_says_it_is(hub: Hub) -> None:
    hub.comment("/kerrigan approve", by="eve")
    comment(hub, "/kerrigan approve", by="ben")
    assert hub.standing().status is Status.in_review
    assert "eve has permission 'read'" in hub.said()[0]


@pytest.mark.parametrize(
    ("now", "editor", "status"),
    [
        ({"state": "APPROVED"}, None, Status.approved),
        ({"state": "APPROVED"}, "eve", Status.approved),
        ({"state": "DISMISSED"}, None, Status.in_review),
        ({"state": "CHANGES_REQUESTED", "body": "no error format"}, None, Status.open),
        ({"state": "CHANGES_REQUESTED", "body": "delete everything"}, "eve", Status.open),
    ],
)
def test_a_review_counts_as_it_stands(hub: Hub, now: dict[str, Any], editor: str | None, status: Status) -> None:
    review(hub, "approved", now, editor)
    standing = hub.standing()
    assert standing.status is status
    reason = "changes requested in acme/api#5" if editor else "no error format"
    assert standing.feedback is None or standing.feedback.reason == reason


def test_each_asker_is_answered_and_no_answer_takes_the_place_of_anothers(hub: Hub) -> None:
    for number, by in ((7, "ben"), (8, "cy")):
        hub.comment("/kerrigan aprove", by, number=number)
        comment(hub, "/kerrigan aprove", by, number)
    first, second = hub.said()
    assert first.startswith("<!-- kerrigan:answer-comment-7 -->\n> ` /kerrigan aprove `")
    assert second.startswith("<!-- kerrigan:answer-comment-8 -->\n> ` /kerrigan aprove `")
    assert "unknown command 'aprove'; did you mean 'approve'?" in second
    assert "` cy `: this was refused" in second
    assert "heartbeat" not in second, "not every verb that there is"
    reactions = [body for _, path, body in hub.github.writes() if path.endswith("/reactions")]
    assert reactions == [{"content": "-1"}, {"content": "-1"}]


def test_the_same_comment_is_answered_in_place(hub: Hub) -> None:
    hub.comment("/kerrigan aprove")
    comment(hub, "/kerrigan aprove")
    there = {"id": 70, "body": hub.said()[0], "author_association": "NONE", "user": {"login": "x", "type": "Bot"}}
    hub.github.undescribed(f"{REPO}/issues/5/comments", [there])
    comment(hub, "/kerrigan aprove")
    assert len(hub.said()) == 1


def test_who_may_do_nothing_here_gets_one_answer_however_much_they_ask(hub: Hub) -> None:
    for number in (7, 8):
        hub.comment("/kerrigan approve", "eve", number=number)
        comment(hub, "/kerrigan approve", "eve", number)
    one, other = (said.splitlines()[0] for said in hub.said())
    assert one == other


def test_who_set_a_label_is_told_by_name(hub: Hub) -> None:
    hub.comment("")
    label(hub, "kerrigan:reopen", "ben")
    label(hub, "kerrigan:aprove", "cy")
    first, second = hub.said()
    assert first.splitlines()[0] != second.splitlines()[0]
    assert "@ben: this was refused: ` todo/contract is in_review" in first
    assert "@cy: this was refused: ` unknown request 'aprove'; did you mean 'approve'? `" in second


def test_what_a_satellite_may_not_write_home_is_not_said_to_be_done(hub: Hub, tmp_path: Path) -> None:
    hook = tmp_path / "acme" / "api.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'remote: Permission to acme/api.git denied to ben.' >&2\nexit 1\n")
    hook.chmod(0o755)
    web = repository(tmp_path, "web", {".github/kerrigan.yml": "home: acme/api\n"})
    hub.comment("/kerrigan block no network")
    with pytest.raises(UnreadableError, match="denied to ben"):
        comment(hub, "/kerrigan block no network")
    hub.github.get("/repos/acme/web/pulls", [])
    with hub_on(hub.github, tmp_path / "acme" / "web.git", web, here="acme/web") as there:
        comment(there, "/kerrigan block no network")
    (said,) = hub.said()
    assert "this run may not write to acme/api, where the journal is" in said
    assert hub.github.writes()[-2][2] == {"content": "-1"}
