"""Labels, comments and reactions of an issue or pull request: read first, and write only what differs."""

from collections.abc import Iterable
from typing import NamedTuple

from kerrigan.errors import UnreadableError
from kerrigan.github.address import part, repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json, unread
from kerrigan.model.forge.account import account_of

ROUTING = "role:"
"""Labels that begin so start work, and are set after all that tell what is."""

_LONGEST_LABEL, _LONGEST_COMMENT = 50, 65_536
MEMBERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""What GitHub calls an author who is no stranger; it is no permission."""


class Comment(NamedTuple):
    """A comment of an issue or pull request; only a `trusted` one may be Kerrigan's own, whatever it says."""

    id: int
    body: str
    trusted: bool


def set_labels(client: Client, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    """Make the labels under these prefixes exactly these, in one write.

    Where labels both come and go the whole list is replaced: what someone sets between the look and that write is
    taken away again, but its event was sent, and asks all the same.
    """
    check_labels(labels)
    path = f"{repository(slug)}/issues/{number}/labels"
    present = tuple(client.pages(path, lambda raw: str(raw["name"])))
    missing, surplus = difference(present, labels, prefixes)
    if len(surplus) + bool(missing) > 1:
        client.put(path, {"labels": [*(label for label in present if label not in surplus), *missing]})
    elif surplus:
        client.delete(f"{path}/{part(surplus[0])}")
    elif missing:
        client.post(path, {"labels": list(missing)}, read=unread)
    return bool(missing or surplus)


def difference(
    present: Iterable[str], wanted: Iterable[str], prefixes: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which labels to add, the routing one last, and which to take away. GitHub holds `A` and `a` for the same."""
    there = {label.casefold(): label for label in present}
    needed = {label.casefold(): label for label in wanted}
    ours = tuple(prefix.casefold() for prefix in prefixes)
    missing = sorted((needed[key] for key in needed.keys() - there.keys()), key=lambda label: (_routes(label), label))
    return tuple(missing), tuple(there[key] for key in there if key.startswith(ours) and key not in needed)


def _routes(label: str) -> bool:
    return label.casefold().startswith(ROUTING)


def check_labels(labels: tuple[str, ...]) -> None:
    """Raise UnreadableError for a label that GitHub would refuse."""
    for label in labels:
        if not 0 < len(label) <= _LONGEST_LABEL:
            raise UnreadableError(
                f"the label {label[:80]!a} has {len(label)} characters; GitHub takes 1 to {_LONGEST_LABEL}",
                kind="label",
                next_step="give the role or status a shorter name",
            )


def tell(client: Client, slug: str, number: int, marker: str, body: str) -> bool:
    """Make the one comment that begins with the marker say this: written once, then changed only when it differs."""
    issues = f"{repository(slug)}/issues"
    sign = f"<!-- kerrigan:{marker} -->"
    wanted = f"{sign}\n{body.strip()}"[:_LONGEST_COMMENT]
    comments = client.pages(f"{issues}/{number}/comments", _comment)
    standing = next((comment for comment in comments if comment.trusted and comment.body.startswith(sign)), None)
    if standing is None:
        client.post(f"{issues}/{number}/comments", {"body": wanted}, read=unread)
    elif standing.body.replace("\r\n", "\n").strip() != wanted:
        client.patch(f"{issues}/comments/{standing.id}", {"body": wanted})
    else:
        return False
    return True


def _comment(raw: Json) -> Comment:
    user = raw["user"] or {}
    is_app = account_of(str(user.get("login", "")), user.get("type")).is_app
    return Comment(int(raw["id"]), str(raw["body"] or ""), is_app or raw["author_association"] in MEMBERS)


def react(client: Client, slug: str, comment: int, reaction: str) -> None:
    """Answer a comment. GitHub keeps one reaction of a kind from each, however often it is sent."""
    path = f"{repository(slug)}/issues/comments/{comment}/reactions"
    client.post(path, {"content": reaction}, read=unread)
