"""What ids and repositories may be called. They become branches, folders and addresses, so nothing else is let in."""

import re

ID = "[a-z0-9][a-z0-9-]{0,62}"
"""A project, a task, a repository's short name."""

SLUG = r"[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*"
"""`owner/name`; neither part can be a way out of a folder."""

_NOT_IN_IDS = re.compile("[^a-z0-9-]+")


def is_id(text: object) -> bool:
    """Whether a value is an id."""
    return isinstance(text, str) and re.fullmatch(ID, text) is not None


def is_slug(text: object) -> bool:
    """Whether a value is `owner/name`."""
    return isinstance(text, str) and re.fullmatch(SLUG, text) is not None


def slug_of(url: str) -> str | None:
    """`owner/name`, the last two parts of a repository's address; None where they cannot be one."""
    parts = url.strip().removesuffix("/").removesuffix(".git").replace(":", "/").split("/")
    slug = "/".join(parts[-2:])
    return slug if is_slug(slug) else None


def short_name(slug: str) -> str:
    """The short name that a repository has when its project gives it none."""
    return _NOT_IN_IDS.sub("-", slug.rpartition("/")[2].lower()).strip("-")[:63] or "home"
