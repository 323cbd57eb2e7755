"""Labels, the one comment and reactions: only what differs is written."""

from typing import Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from tests.seams.github_script import COMMENTS, DROPPED, LABELS, REPO, SLUG, GitHub, Reply

PREFIXES = ("status:", "role:")


def labelled(github: GitHub, *names: str) -> None:
    github.get(LABELS, [{"name": name} for name in names])


def test_only_the_difference_is_written_and_the_routing_label_comes_last(github: GitHub, forge: GitHubForge) -> None:
    labelled(github, "bug", "role:swe", "status:working", "status:old one")
    github.on("PUT", LABELS, Reply(200, []))
    assert forge.set_labels(SLUG, 5, ("role:review", "status:testing"), PREFIXES)
    assert github.writes() == [("PUT", "/issues/5/labels", {"labels": ["bug", "status:testing", "role:review"]})]


def test_labels_that_only_come_are_added_to_what_others_may_be_setting(github: GitHub, forge: GitHubForge) -> None:
    labelled(github, "bug")
    github.on("POST", LABELS, Reply(200, []))
    assert forge.set_labels(SLUG, 5, ("role:review", "status:testing"), PREFIXES)
    assert github.writes() == [("POST", "/issues/5/labels", {"labels": ["status:testing", "role:review"]})]


def test_labels_that_are_so_already_are_left_alone_in_any_case(github: GitHub, forge: GitHubForge) -> None:
    github.pages(LABELS, [{"name": "Status:Testing"}, {"name": "bug"}], [{"name": "role:swe"}])
    assert not forge.set_labels(SLUG, 5, ("status:testing", "role:swe"), PREFIXES)
    assert github.writes() == []


def test_a_label_that_somebody_else_took_away_is_no_error(github: GitHub, forge: GitHubForge) -> None:
    labelled(github, "status:working")
    assert forge.set_labels(SLUG, 5, (), PREFIXES)
    assert github.writes() == [("DELETE", "/issues/5/labels/status%3Aworking", None)]


@pytest.mark.parametrize("label", ["role:" + "x" * 46, ""])
def test_a_label_that_github_would_refuse_is_refused_before(github: GitHub, forge: GitHubForge, label: str) -> None:
    with pytest.raises(UnreadableError, match="GitHub takes 1 to 50"):
        forge.set_labels(SLUG, 5, (label,), PREFIXES)
    assert github.seen == []


def test_labels_of_nothing_are_an_error(forge: GitHubForge) -> None:
    with pytest.raises(UnreadableError, match="404"):
        forge.set_labels(SLUG, 5, ("role:swe",), PREFIXES)


def comment(number: int, body: str, by: str = "MEMBER", kind: str = "User") -> dict[str, Any]:
    return {"id": number, "body": body, "author_association": by, "user": {"login": "ada", "type": kind}}


def test_the_one_comment_is_made_once(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [comment(1, "I like <!-- kerrigan:gate -->")])
    github.on("POST", COMMENTS, Reply(201, {}))
    assert forge.tell(SLUG, 5, "gate", "It waits.\n")
    assert github.writes() == [("POST", "/issues/5/comments", {"body": "<!-- kerrigan:gate -->\nIt waits."})]


def test_the_one_comment_is_changed_only_when_it_differs(github: GitHub, forge: GitHubForge) -> None:
    github.pages(COMMENTS, [comment(1, "hello")], [comment(2, "<!-- kerrigan:gate -->\r\nIt waits.\r\n")])
    assert not forge.tell(SLUG, 5, "gate", "It waits.")
    assert github.writes() == []
    github.get(COMMENTS, [comment(2, "<!-- kerrigan:gate -->\nIt waits."), comment(3, "<!-- kerrigan:gate -->")])
    github.on("PATCH", f"{REPO}/issues/comments/2", Reply(200, {}))
    assert forge.tell(SLUG, 5, "gate", "It may merge.")
    assert github.writes() == [("PATCH", "/issues/comments/2", {"body": "<!-- kerrigan:gate -->\nIt may merge."})]


def test_a_strangers_comment_never_becomes_kerrigans(github: GitHub, forge: GitHubForge) -> None:
    """Its author could go on to edit what stands there as Kerrigan's word."""
    sign = "<!-- kerrigan:gate -->"
    github.get(COMMENTS, [comment(1, sign, "NONE"), comment(2, sign, "CONTRIBUTOR"), comment(3, sign, "NONE", "Bot")])
    github.on("PATCH", f"{REPO}/issues/comments/3", Reply(200, {}))
    assert forge.tell(SLUG, 5, "gate", "It waits.")
    assert [path for _, path, _ in github.writes()] == ["/issues/comments/3"]


def test_a_marker_that_begins_like_another_is_another(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [comment(1, "<!-- kerrigan:gate-2 -->\nIt waits.")])
    github.on("POST", COMMENTS, Reply(201, {}))
    assert forge.tell(SLUG, 5, "gate", "It waits.")


def test_a_comment_whose_answer_was_lost_is_not_made_twice(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [])
    github.on("POST", COMMENTS, DROPPED)
    with pytest.raises(UndecidedError):
        forge.tell(SLUG, 5, "gate", "It waits.")
    github.get(COMMENTS, [comment(1, "<!-- kerrigan:gate -->\nIt waits.")])
    assert not forge.tell(SLUG, 5, "gate", "It waits.")
    assert len(github.writes()) == 1


@pytest.mark.parametrize("status", [200, 201])
def test_a_reaction_is_sent(github: GitHub, forge: GitHubForge, status: int) -> None:
    github.on("POST", f"{REPO}/issues/comments/7/reactions", Reply(status, {"content": "+1"}))
    forge.react(SLUG, 7, "+1")
    assert github.writes() == [("POST", "/issues/comments/7/reactions", {"content": "+1"})]
