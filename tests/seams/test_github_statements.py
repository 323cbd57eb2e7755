"""Comments and reviews as they stand now, and whose words they are."""

from typing import Any

from kerrigan.github.forge import GitHubForge
from kerrigan.model.forge.account import Account
from kerrigan.model.forge.facts import Statement
from tests.seams.github_script import HEAD, PULLS, REPO, SLUG, GitHub

COMMENT = f"{REPO}/issues/comments/7"
OLD, NEW = "2026-11-30T06:00:00Z", "2026-11-30T06:00:01Z"


def comment(updated_at: str = OLD, login: str | None = "ben", body: str = "/kerrigan approve") -> dict[str, Any]:
    who = {"user": login and {"login": login}, "node_id": "C_7"}
    return {"id": 7, **who, "body": body, "created_at": OLD, "updated_at": updated_at}


def test_a_comment_is_read_as_it_stands_and_its_editor_only_where_it_was_edited(
    github: GitHub, forge: GitHubForge
) -> None:
    told = Statement(Account("ben"), "as the event told it")
    assert forge.comment(SLUG, 7, told) is None, "deleted"
    github.undescribed(COMMENT, comment())
    assert forge.comment(SLUG, 7, told) == Statement(Account("ben"), "/kerrigan approve")
    assert [seen.verb for seen in github.seen] == ["GET", "GET"]
    for by, is_own in (("ben", True), ("eve", False), ("", False), (None, True)):
        github.undescribed(COMMENT, comment(NEW))
        github.edited(("C_7", by))
        found = forge.comment(SLUG, 7, told)
        assert found is not None
        assert (found.editor, found.is_own) == (by, is_own)
    github.undescribed(COMMENT, comment(login=None))
    assert not getattr(forge.comment(SLUG, 7, told), "is_own", True), "an account that was deleted says nothing"


def test_a_review_is_read_as_it_stands(github: GitHub, forge: GitHubForge) -> None:
    github.undescribed(
        f"{PULLS}/5/reviews/80",
        {"user": {"login": "ben"}, "node_id": "R_ben", "state": "DISMISSED", "commit_id": HEAD, "body": "because"},
    )
    github.edited(("R_ben", "eve"))
    found = forge.review(SLUG, 5, 80, Statement(Account("ben"), ""))
    assert found == Statement(Account("ben"), "because", "eve", "dismissed", HEAD)
    assert forge.review(SLUG, 5, 81, Statement(Account("ben"), "")) is None
