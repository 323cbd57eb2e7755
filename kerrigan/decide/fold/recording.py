"""Events that follow from one request, numbered and folded while they are written down."""

from collections.abc import Mapping
from typing import Any

from kerrigan.decide.fold.draft import Draft
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Request
from kerrigan.model.event import KERRIGAN, Actor, Event, EventType, Expect
from kerrigan.model.state import State


class Recording:
    """The first event bears the request's id; the ids of the others follow it, so deciding needs no randomness."""

    def __init__(self, state: State, request: Request) -> None:
        self._draft = Draft(state)
        self._request = request
        self._events: list[Event] = []

    def add(
        self,
        kind: EventType,
        task: str | None,
        actor: Actor = KERRIGAN,
        data: Mapping[str, Any] | None = None,
        cause: str | None = None,
    ) -> None:
        """Write one event down and fold it into the state."""
        standing = self._draft.task(task or "")
        head = standing.submission.head if standing.submission else ""
        event = Event(
            seq=self._draft.seq + 1,
            id=ulid.successor(self._request.id, len(self._events)),
            at=self._request.at,
            type=kind,
            task=task,
            actor=actor,
            run=None if self._events else self._request.run,
            cause=cause,
            expect=Expect(standing.status.value, standing.fence, head) if task else Expect(),
            definition=self._request.definition,
            data=data or {},
        )
        self._draft.add(event)
        self._events.append(event)

    def state(self) -> State:
        """What holds after the events so far."""
        return self._draft.state()

    def decision(self) -> Decision | None:
        """The events and what holds after them; None when nothing was written down."""
        return Decision(tuple(self._events), self.state()) if self._events else None
