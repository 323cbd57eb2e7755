"""What GitHub has at a path of a commit: one read, of at most a megabyte."""

from base64 import b64decode

from kerrigan.github.address import commit_id, part, repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json
from kerrigan.model.checks.siblings import Entry


def entry(client: Client, slug: str, commit: str, path: str) -> Entry | None:
    """What stands there; None for nothing. GitHub follows a link to a file of the repository, and no other."""
    address = "/".join(map(part, path.split("/")))
    return client.find(f"{repository(slug)}/contents/{address}", _entry, ref=commit_id(commit))


def _entry(raw: Json) -> Entry:
    if isinstance(raw, list):
        return Entry("folder", folders=tuple(sorted(str(row["name"]) for row in raw if row["type"] == "dir")))
    if raw["type"] != "file":
        return Entry("outside")
    # Of what is larger GitHub says no more than that it is there.
    return Entry("file", b64decode(raw["content"]) if raw["encoding"] == "base64" else None)
