"""Parts of an API path: each is checked or percent-encoded, so that no name can point the request elsewhere."""

import re
from urllib.parse import quote

from kerrigan.errors import UnreadableError

_SLUG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def repository(slug: str) -> str:
    """`/repos/owner/name`. Raises UnreadableError for what is no slug."""
    if not _SLUG.fullmatch(slug):
        raise UnreadableError(
            f"{slug[:80]!a} is no repository: expected owner/name",
            kind="no-repository",
            next_step="correct its address under 'repositories' in spec.md",
        )
    return f"/repos/{slug}"


def part(name: str) -> str:
    """One part of a path. Raises UnreadableError for `.` and `..`: HTTP libraries resolve them, encoded or not."""
    if name in {"", ".", ".."}:
        raise UnreadableError(f"{name!a} cannot stand in an address", kind="bad-name", next_step="use another name")
    return quote(name, safe="")


def branch_ref(branch: str) -> str:
    """A branch as the part of a path that git's references have: `heads/a/b`."""
    return "/".join(["heads", *map(part, branch.split("/"))])


def commit_id(text: str) -> str:
    """The same text, if it is a full commit id. Raises UnreadableError if not."""
    if not _COMMIT.fullmatch(text):
        raise UnreadableError(f"{text[:80]!a} is no commit id", kind="commit", next_step="name a full commit id")
    return text
