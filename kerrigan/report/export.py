"""Events as CSV: fixed columns, and nothing in them that a spreadsheet takes for a formula."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from kerrigan.model.event import Event

COLUMNS = (
    "seq", "at", "type", "task", "by", "kind", "role", "reason", "status", "fence", "head", "cause", "run",
    "attempt", "definition", "id", "data", "prev",
)  # fmt: skip
"""In this order, for ever; new ones come after them. `status`, `fence` and `head` are those before the event."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(events: Iterable[Event]) -> Iterator[str]:
    """The head and one record an event, each with its line end; a field may hold line ends of its own, in quotes."""
    yield _record(COLUMNS)
    for event in events:
        yield _record(_fields(event))


def _fields(event: Event) -> Iterable[object]:
    run, actor, expect = event.run, event.actor, event.expect
    return (
        *(event.seq, event.at, event.type.value, event.task or ""),
        *(actor.login, actor.kind, actor.role, event.data.get("reason", "")),
        *(expect.status, expect.fence, expect.head, event.cause or ""),
        *((run.id, run.attempt) if run else ("", "")),
        *(event.definition, event.id, json.dumps(dict(event.data), ensure_ascii=False), event.prev),
    )


def _record(fields: Iterable[object]) -> str:
    text = io.StringIO()
    # RFC 4180 ends its lines so, and then a lone carriage return gets its quotes too.
    csv.writer(text, lineterminator="\r\n").writerow([_cell(field) for field in fields])
    return text.getvalue()


def _cell(value: object) -> str:
    text = str(value).encode("utf-8", "replace").decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
