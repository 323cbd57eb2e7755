"""What acknowledged dispatches cost for ever after: the size of state.json after 200 of them, and after 20,000.

Usage: python -m benchmarks.outbox. Every event is decided as a command decides it: a release asks for a dispatch, which
is sent, and the next claim acknowledges it.
"""

from dataclasses import replace

from kerrigan.decide.dispatches.dispatch import Accepted, record_sent, to_send
from kerrigan.decide.fold.state_json import dump
from kerrigan.decide.step import step
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import KERRIGAN, Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, Project, Repository, Task, Workspace
from kerrigan.model.state import State
from kerrigan.model.timestamp import later

TASKS, FEW, MANY = 20, 200, 20_000
BOUND = 1.1
ADA = Actor("ada")


class Outbox:
    """A home with tasks of another repository, and how many dispatches were acknowledged so far."""

    def __init__(self) -> None:
        tasks = {f"big/t{n}": Task(f"big/t{n}", f"Task {n}", "swe", "web") for n in range(TASKS)}
        repositories = {name: Repository(name, f"acme/{name}") for name in ("api", "web")}
        self.project = Project("big", "acme/api", repositories, tasks)
        self.state, self.asked, self.acknowledged = State(), 0, 0

    def round(self) -> None:
        """Claim and release each task, and send what that asks for."""
        for task in self.project.tasks:
            for kind in (EventType.claimed, EventType.released):
                self._record(step(self.project, Workspace(), self.state, self._request(kind, task), GOOD))
        request = self._request(EventType.dispatch_sent, None)
        due = to_send(self.project, Workspace(), self.state, request.at)
        self._record(record_sent(self.project, Workspace(), self.state, {d.key: Accepted() for d in due}, request))

    def _request(self, kind: EventType, task: str | None) -> Request:
        self.asked += 1
        actor = ADA if task else KERRIGAN
        at = later("2026-01-01T00:00:00.000Z", self.asked)
        return Request(kind, task, actor, ulid.encode(self.asked, 0), at, fence=self.state.task(task or "").fence)

    def _record(self, answer: Decision | Refusal | None) -> None:
        assert isinstance(answer, Decision), answer
        self.acknowledged += sum(event.type is EventType.dispatch_acknowledged for event in answer.events)
        self.state = replace(answer.state, last=self.state.last)


GOOD = Facts(Permission.write)


def main() -> None:
    """Print both sizes and their ratio."""
    outbox, sizes = Outbox(), {}
    for goal in (FEW, MANY):
        while outbox.acknowledged < goal:
            outbox.round()
        sizes[goal] = len(dump(outbox.state, 1).encode())
        print(f"state.json after {outbox.acknowledged:>6,} acknowledged dispatches  {sizes[goal]:>9,} bytes")
    print(f"many against few: {sizes[MANY] / sizes[FEW]:.2f} x (at most {BOUND} x)")


if __name__ == "__main__":
    main()
