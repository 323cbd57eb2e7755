"""From journal lines to state: fold, replay, and the hash chain."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kerrigan.decide.fold.draft import Draft
from kerrigan.errors import UnreadableError
from kerrigan.model.event import FORMAT, Event, EventType, digest
from kerrigan.model.state import Beyond, State
from kerrigan.model.timestamp import seconds_between

AN_INSTANT = "1970-01-01T00:00:00.000Z"

NEWER = "journal-format"
"""The kind of the error that says nothing against a journal: only a newer Kerrigan knows what it holds."""

KNOWN = frozenset(kind.value for kind in EventType)
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")


class BrokenLineError(UnreadableError):
    """A line that does not belong where it stands; `line` counts from 1. Its kind is journal, or journal-format."""

    def __init__(self, line: int, what: str, kind: str, next_step: str) -> None:
        super().__init__(f"line {line} of the journal {what}", kind=kind, next_step=next_step)
        self.line = line


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after events. `last` is left as it was: only who knows the lines knows their hash."""
    draft = Draft(state)
    for event in events:
        draft.add(event)
    return draft.state()


def replay(state: State, lines: Iterable[str]) -> State:
    """The state after journal lines, each checked: format, number, and the hash of the line before.

    What a newer Kerrigan wrote is taken in as far as it is understood, and named in `beyond`. Raises BrokenLineError
    at the first line that does not hold.
    """
    draft = Draft(state)
    for line in lines:
        number = draft.seq + 1
        raw = _object(line, number)
        beyond = _beyond(raw)
        event = None if beyond else _event(raw, number)
        if beyond and not _is_chained(raw):
            raise _newer(number, beyond)
        if raw.get("seq") != number:
            raise _broken(number, f"is numbered {raw.get('seq')}, so lines are missing, doubled or out of order")
        if raw.get("prev") != draft.last:
            raise _broken(number, "does not carry the hash of the line before it, so one of the two was changed")
        if event:
            _taken_in(draft, event)
        elif beyond:
            _guessed(draft, raw, beyond)
        draft.last = digest(line)
    return draft.state()


def event_of(line: str, number: int) -> Event:
    """The event of the line of this number.

    Raises BrokenLineError when it is none, with the kind `journal-format` for one that only a newer Kerrigan knows.
    """
    raw = _object(line, number)
    if beyond := _beyond(raw):
        raise _newer(number, beyond)
    return _event(raw, number)


def _event(raw: Mapping[str, Any], number: int) -> Event:
    try:
        seconds_between(AN_INSTANT, raw["at"])  # else anyone who counts with it finds out too late
        return Event.from_json(raw)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _broken(number, f"is not an event: {type(error).__name__}: {error}") from error


def _object(line: str, number: int) -> Mapping[str, Any]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _broken(number, f"is not an event: {type(error).__name__}: {error}") from error
    if not isinstance(raw, dict):
        raise _broken(number, "is not an event: it is no object")
    return raw


def _beyond(raw: Mapping[str, Any]) -> Beyond | None:
    """What only a newer Kerrigan knows of a line: its format, or its kind of event."""
    version, kind = raw.get("v"), raw.get("type")
    if isinstance(version, int) and version > FORMAT:
        what = f"has format {version}, and this Kerrigan reads formats up to {FORMAT}"
    elif isinstance(kind, str) and kind not in KNOWN:
        what = f"is an event '{kind[:40]}', which this Kerrigan does not know"
    else:
        return None
    return Beyond(what, version_step(raw.get("needs")))


def version_step(needs: object) -> str:
    """The next step for who meets what a newer Kerrigan wrote; `needs` is what that says, believed in nothing."""
    is_version = isinstance(needs, str) and _VERSION.fullmatch(needs)
    return f"install Kerrigan {needs} or newer" if is_version else "install a newer Kerrigan"


def _is_chained(raw: Mapping[str, Any]) -> bool:
    return isinstance(raw.get("seq"), int) and isinstance(raw.get("prev"), str)


def _newer(number: int, beyond: Beyond) -> BrokenLineError:
    return BrokenLineError(number, beyond.what, NEWER, beyond.next_step)


def _taken_in(draft: Draft, event: Event) -> None:
    number = draft.seq + 1
    try:
        draft.add(event)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(number, f"is a '{event.type}' without what it needs: {error}") from error


def _guessed(draft: Draft, raw: Mapping[str, Any], beyond: Beyond) -> None:
    """Take in a newer event as far as it is one that is known, so that readers see what can be seen."""
    number = draft.seq + 1
    with suppress(KeyError, TypeError, ValueError, RecursionError):
        draft.add(Event.from_json(raw))
    draft.pass_over(number, replace(beyond, what=f"line {number} of the journal {beyond.what}"))


def _broken(number: int, what: str) -> BrokenLineError:
    fix = "look at the branch's history with `git log -p`: the commit that changed the line is the culprit"
    return BrokenLineError(number, what, "journal", fix)


def chain(events: Iterable[Event], last: str) -> tuple[tuple[Event, ...], tuple[str, ...], str]:
    """The events with `prev` set, their lines, and the hash of the last line."""
    chained: list[Event] = []
    lines: list[str] = []
    for event in events:
        linked = replace(event, prev=last)
        line = linked.to_line()
        chained.append(linked)
        lines.append(line)
        last = digest(line)
    return tuple(chained), tuple(lines), last
