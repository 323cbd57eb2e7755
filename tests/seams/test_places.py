"""Files and headings that references name, read on a GitHub that follows a script."""

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.checks.forge_cache import ForgeCache
from kerrigan.apply.checks.forge_lookups import MOST_FILES, ForgeLookups
from kerrigan.errors import UndecidedError
from kerrigan.github.forge import GitHubForge
from kerrigan.model.checks.siblings import Entry, Reference, Resolution
from kerrigan.model.checks.source import START
from tests.seams.github_script import (
    BAD_GATEWAY,
    DROPPED,
    HEAD,
    NOT_FOUND,
    OTHER,
    REPO,
    SECONDARY,
    SLUG,
    GitHub,
    Reply,
    forge_on,
    refused,
)

THERE = Resolution(True)
TIP = f"{REPO}/git/ref/heads/main"
GUIDE = f"{REPO}/contents/docs/guide.md"
DENIED = refused(403, "Resource not accessible by integration")


def tip(commit: str = HEAD) -> dict[str, Any]:
    return {"ref": "refs/heads/main", "object": {"type": "commit", "sha": commit}}


def text(content: bytes) -> dict[str, Any]:
    """A file as GitHub gives it: base64 in lines."""
    lines = b64encode(content).decode()
    return {"type": "file", "encoding": "base64", "size": len(content), "content": f"{lines[:8]}\n{lines[8:]}\n"}


@pytest.fixture(autouse=True)
def web(github: GitHub) -> None:
    """The repository has a guide on its default branch."""
    github.get(TIP, tip())
    github.get(GUIDE, text(b"# Guide\n\n## The list\n"))


def asked(forge: GitHubForge, *places: str, kept: Path | None = None, slug: str = SLUG) -> list[Resolution]:
    """What a run finds of these, each `path#heading`."""
    lookups = ForgeLookups(forge, ForgeCache(kept))
    lookups.of([])
    found = [lookups.place(reference) for reference in named(places, slug)]
    lookups.save()
    return found


def named(places: Iterable[str], slug: str = SLUG) -> list[Reference]:
    parts = [place.partition("#") for place in places]
    return [Reference("spec.md", START, slug, path, anchor) for path, _, anchor in parts]


def test_a_file_is_read_once_at_the_tip_of_the_default_branch(github: GitHub, forge: GitHubForge) -> None:
    assert asked(forge, "docs/guide.md#the-list", "docs/guide.md", "docs/guide.md#lists") == [
        THERE,
        THERE,
        Resolution(False, f"docs/guide.md of {SLUG} has no heading '#lists'"),
    ]
    assert [seen.path for seen in github.seen] == [REPO, TIP, GUIDE]
    assert github.seen[-1].query == {"ref": HEAD}


def test_folders_links_and_what_is_not_there(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/contents/docs", [{"type": "file", "name": "guide.md"}, {"type": "dir", "name": "api"}])
    github.get(f"{REPO}/contents/out.md", {"type": "symlink", "target": "/etc/passwd"})
    github.get(f"{REPO}/contents/lib", {"type": "submodule", "submodule_git_url": "git://x"})
    found = asked(forge, "docs", "docs/./api/..", ".", "out.md", "lib", "lost.md", "../x.md")
    assert [sought.there for sought in found] == [True, True, True, None, None, False, False]
    assert forge.entry(SLUG, HEAD, "docs") == Entry("folder", folders=("api",))


def test_a_name_cannot_point_the_request_elsewhere(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/contents/a%3Fref%3Dx%23/%C3%A9%20%25.md", text(b"# A\n"))
    assert asked(forge, "a?ref=x#") == [Resolution(False, f"{SLUG} has no a?ref=x")]
    assert forge.entry(SLUG, HEAD, "a?ref=x#/é %.md") == Entry("file", b"# A\n")


def test_headings_of_what_is_too_large_or_no_text_are_undecided(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/contents/large.md", {"type": "file", "encoding": "none", "size": 2_000_000, "content": ""})
    github.get(f"{REPO}/contents/image.md", text(b"\xff\xd8"))
    found = asked(forge, "large.md", "large.md#a", "image.md#a")
    assert [sought.there for sought in found] == [True, None, None]
    assert "more than the forge hands out in one piece" in found[1].why
    assert "found the byte 0xff" in found[2].why


def test_a_repository_without_a_commit_or_hidden_from_the_token_is_undecided(
    github: GitHub, forge: GitHubForge
) -> None:
    github.on("GET", TIP, refused(409, "Git Repository is empty."))
    assert asked(forge, "a.md", "b.md") == [Resolution(None, f"{SLUG} shows no commit on its default branch")] * 2
    assert len(github.asked(TIP)) == 1
    found = asked(forge, "a.md", "b.md", slug="acme/hidden")
    assert [sought.there for sought in found] == [None, None]
    assert len(github.asked("/repos/acme/hidden")) == 1


def test_a_permission_that_is_missing_is_asked_for_once(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", TIP, DENIED)
    found = asked(forge, "a.md", "b.md")
    assert ["Resource not accessible" in sought.why for sought in found] == [True, True]
    assert len(github.asked(TIP)) == 1


@pytest.mark.parametrize("fault", [DROPPED, BAD_GATEWAY, refused(403, SECONDARY, retry_after="3600")])
def test_a_fault_ends_the_questions_and_keeps_what_was_answered(
    github: GitHub, forge: GitHubForge, fault: Reply
) -> None:
    github.on("GET", f"{REPO}/contents/a.md", fault)
    assert [sought.there for sought in asked(forge, "docs/guide.md", "a.md", "b.md")] == [True, None, None]
    assert github.asked(f"{REPO}/contents/b.md") == []


def test_a_file_that_is_refused_keeps_no_other_from_being_read(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", f"{REPO}/contents/a.md", refused(403, "This API returns blobs up to 100 MB in size."))
    assert [sought.there for sought in asked(forge, "a.md", "docs/guide.md")] == [None, True]


def test_an_answer_that_is_none_is_undecided(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", GUIDE, Reply(200, text='{"type": "file", "encoding": "base64", "content": "A"}'))
    with pytest.raises(UndecidedError):
        forge.entry(SLUG, HEAD, "docs/guide.md")
    assert asked(forge, "docs/guide.md")[0].there is None


def test_only_so_many_are_read(github: GitHub, forge: GitHubForge) -> None:
    found = asked(forge, *(f"{number}.md" for number in range(MOST_FILES + 2)))
    assert [sought.there for sought in found] == [False] * MOST_FILES + [None] * 2
    assert found[-1].why == f"a check reads {MOST_FILES} files on the forge at most"


def test_what_was_there_is_kept_for_the_same_commit(github: GitHub, forge: GitHubForge, tmp_path: Path) -> None:
    file = tmp_path / "there.json"
    for _ in range(2):
        assert asked(forge, "docs/guide.md#the-list", kept=file) == [THERE]
    assert len(github.asked(GUIDE)) == 1
    github.get(TIP, tip(OTHER))
    assert asked(forge, "docs/guide.md#the-list", kept=file) == [THERE]
    assert [seen.query for seen in github.asked(GUIDE)] == [{"ref": HEAD}, {"ref": OTHER}]


def test_two_names_that_look_alike_are_two(github: GitHub, forge: GitHubForge, tmp_path: Path) -> None:
    github.get(f"{REPO}/contents/a%23b", text(b"b"))
    github.get(f"{REPO}/contents/a.md", text(b"# A\n"))
    lookups = ForgeLookups(forge, ForgeCache(tmp_path / "there.json"))
    both = [Reference("spec.md", START, SLUG, file, anchor) for file, anchor in (("a#b", ""), ("a", "b#"))]
    assert [lookups.place(reference).there for reference in both] == [True, False]
    assert lookups.place(Reference("spec.md", START, SLUG, "a\0.md")).there is False


def test_what_was_there_is_read_once_in_a_run_that_looks_twice(github: GitHub, forge: GitHubForge) -> None:
    lookups = ForgeLookups(forge)
    for _ in range(2):
        lookups.of([])
        assert [lookups.place(reference) for reference in named(["docs/guide.md#the-list"])] == [THERE]
    assert len(github.asked(GUIDE)) == 1


@pytest.mark.parametrize("hidden", [DENIED, NOT_FOUND])
def test_another_token_gets_no_answer_that_this_one_was_given(
    github: GitHub, forge: GitHubForge, tmp_path: Path, hidden: Reply
) -> None:
    file = tmp_path / "there.json"
    assert asked(forge, "docs/guide.md", kept=file) == [THERE]
    github.on("GET", TIP, hidden)
    with forge_on(github, "ghp_another") as other:
        assert asked(other, "docs/guide.md", kept=file)[0].there is None
