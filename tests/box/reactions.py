"""Reactions to comments and issues, which the emulator does not have."""

from threading import Lock

from tests.box.emulator import Emulator
from tests.box.messages import NOT_FOUND, Answer, Json, said
from tests.box.routes import Call, Route

CONTENTS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")
THING = r"/(issues/comments/\d+|issues/\d+|pulls/comments/\d+)/reactions"


class Reactions:
    """The reactions of all comments and issues."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._rows: dict[tuple[str, str], list[Json]] = {}
        self._lock = Lock()

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [
            Route("POST", THING, "issues", "read", self._create),
            Route("GET", THING, "issues", "read", self._list),
            Route("DELETE", THING + r"/(\d+)", "issues", "read", self._delete),
        ]

    def _create(self, call: Call) -> Answer:
        content = call.body.get("content")
        if content not in CONTENTS:
            return said(422, "Validation Failed")
        if not self._emulator.ask("GET", f"/repos/{call.repo.slug}/{call.words[0]}").ok:
            return NOT_FOUND
        with self._lock:
            rows = self._rows_of(call)
            for row in rows:
                if (row["user"]["login"], row["content"]) == (call.who.login, content):
                    return Answer(200, row)  # once for each person
            row = {"id": 1 + sum(map(len, self._rows.values())), "user": {"login": call.who.login}, "content": content}
            rows.append(row)
        return Answer(201, row)

    def _list(self, call: Call) -> Answer:
        return Answer(200, self._rows_of(call))

    def _delete(self, call: Call) -> Answer:
        with self._lock:
            rows = self._rows_of(call)
            found = [row for row in rows if str(row["id"]) == call.words[1] and row["user"]["login"] == call.who.login]
            for row in found:
                rows.remove(row)
        return Answer(204) if found else NOT_FOUND

    def _rows_of(self, call: Call) -> list[Json]:
        return self._rows.setdefault((call.repo.slug, call.words[0]), [])
