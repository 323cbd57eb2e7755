"""Who edited a comment or a review last, as GitHub's GraphQL API tells it: its REST API does not."""

import re

from tests.box.messages import Answer, Json

EDITABLE = re.compile(r"/issues/comments/\d+|/pulls/\d+/reviews/\d+")
"""What below a repository has words that someone else may change."""
AT = "2026-11-30T06:00:00Z"


class Edits:
    """The last editor by node id, and the answer to the one query that the box understands."""

    def __init__(self) -> None:
        self._by: dict[str, str] = {}

    def note(self, node: str, login: str) -> None:
        """Somebody changed the words of a comment or a review."""
        self._by[node] = login

    def answer(self, ids: list[str]) -> Answer:
        """`nodes(ids:)` with `lastEditedAt` and `editor`."""
        return Answer(200, {"data": {"nodes": [self._node(node) for node in ids]}})

    def _node(self, node: str) -> Json:
        login = self._by.get(node)
        kind = {"__typename": "Bot" if login.endswith("[bot]") else "User"} if login else {}
        editor = {**kind, "login": login.removesuffix("[bot]")} if login else None
        return {"id": node, "lastEditedAt": AT if login else None, "editor": editor}
