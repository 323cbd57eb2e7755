"""Several agents, clocks that disagree, requests that come twice, late, out of order or never: the journal holds.

A machine of hypothesis makes the world: agents that keep what they were told at their last claim and write with it
later, messages that are sent now and arrive whenever, and a clock that goes back and forth by hours. After each step
everything that has to hold of a journal is looked at. The run is the same each time: no seed but its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kerrigan.decide.fold.fold import chain, replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.imported import record_imported
from kerrigan.decide.lifecycle import HELD, TRANSITIONS
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.decide.step import step
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import Actor, Event, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import DependencyKind, Permission
from kerrigan.model.state import State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD, PLAN, WORKSPACE

E = EventType
AGENTS = (ADA, BO, CLAUDE, Actor("codex", "agent"))
APP = Actor("kerrigan", "app")
AGAIN = "e" * 40
TASKS = st.sampled_from([*(["todo/contract"] * 3), *PLAN.tasks])
FACTS = st.sampled_from(
    [
        *(GOOD, GOOD, replace(GOOD, delivered=None), replace(GOOD, delivered=AGAIN)),
        replace(GOOD, permission=Permission.write),
        replace(GOOD, delivered=None),
        replace(GOOD, delivered=None, checks="success"),
        replace(GOOD, delivered=None, checks="failure"),
        replace(GOOD, delivered=None, checks="pending"),
        replace(GOOD, permission=Permission.read),
        replace(GOOD, head="b" * 40),
        replace(GOOD, head=None, ahead=0),
        replace(GOOD, run_ended=True),
    ]
)
PLAIN: list[E] = [e for e in TRANSITIONS if e not in {E.expired, E.flagged}]
WAY = [E.claimed, E.started, E.submitted, E.tests_passed, E.approved, E.completed]
FATES = st.sampled_from(["arrives", "arrives", "arrives", "arrives twice", "is late", "is lost"])


def numbers_have_no_gap(before: State, events: Sequence[Event], after: State) -> None:
    """Every event is the next one."""
    assert [event.seq for event in events] == list(range(before.seq + 1, after.seq + 1))


def a_fence_only_grows(before: State, events: Sequence[Event], after: State) -> None:
    """One more with each claim, and never less."""
    for task in PLAN.tasks:
        claims = sum(e.type is E.claimed and e.task == task for e in events)
        assert after.task(task).fence == before.task(task).fence + claims


def one_holder_at_most(before: State, events: Sequence[Event], after: State) -> None:
    """Somebody holds a task exactly while it is in hand, and a claim never meets another holder."""
    for task in after.tasks.values():
        assert (task.holder is not None) == (task.status in HELD)
    for event in events:
        assert event.type is not E.claimed or before.task(str(event.task)).holder is None


def claimed_when_what_it_needs_is_done(before: State, events: Sequence[Event], after: State) -> None:
    """The dependencies held when work began, unless an admin forced the claim."""
    for event in events:
        if event.type is not E.claimed or "forced" in event.data:
            continue
        assert not before.hold
        for needed in PLAN.tasks[str(event.task)].hard:
            if needed.kind is DependencyKind.task:
                assert before.task(needed.target).status is Status.done
            else:
                assert needed.target in before.task(str(event.task)).confirmed


def done_means_delivered(before: State, events: Sequence[Event], after: State) -> None:
    """A done task is on the default branch, by another merge than before, and was handed in or is a person's word.

    Or it was done before the journal began.
    """
    said = {task for event in events for task in event.imported}
    for name, task in after.tasks.items():
        if task.status is Status.done and before.task(name).status is not Status.done and name not in said:
            (event,) = (e for e in events if e.type is E.completed and e.task == name)
            assert task.submission or event.actor.kind == "person"
            assert event.data["commit"] in {GOOD.delivered, AGAIN}
            assert event.data["commit"] == task.merged_as != before.task(name).merged_as


def only_what_nobody_began_was_done_before(before: State, events: Sequence[Event], after: State) -> None:
    """A person says so, of tasks that nothing had happened to."""
    for event in (e for e in events if e.type is E.imported):
        assert event.actor.kind == "person"
        assert event.imported
        for task in event.imported:
            assert (before.task(task).since, before.task(task).fence) == (None, 0)
            assert after.task(task).status is Status.done
        assert (before.ledger, before.streaks) == (after.ledger, after.streaks)


def only_the_holder_hands_in(before: State, events: Sequence[Event], after: State) -> None:
    """What a claim is for, nobody else does, not even with force."""
    for event in events:
        if event.type in {E.started, E.submitted}:
            holder = before.task(str(event.task)).holder
            assert holder is not None
            assert event.actor.is_login(holder.login)


def a_stop_holds(before: State, events: Sequence[Event], after: State) -> None:
    """Until someone resumes, nothing is written."""
    if before.hold and before.hold.kind == "stopped":
        assert events[0].type is E.resumed


LOOKS = (
    numbers_have_no_gap,
    a_fence_only_grows,
    one_holder_at_most,
    claimed_when_what_it_needs_is_done,
    done_means_delivered,
    only_what_nobody_began_was_done_before,
    only_the_holder_hands_in,
    a_stop_holds,
)
"""What has to hold between any two states, and of the events that lie between them."""


class Swarm(RuleBasedStateMachine):
    """One project, four agents, a network that loses things."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.lines: list[str] = []
        self.at = AT
        self.asked = 0
        self.known: dict[tuple[str, str], int] = {}
        self.sent: list[tuple[Request, Facts]] = []
        self.half = (State(), 0)

    @rule(hours=st.integers(-12, 12), minutes=st.integers(0, 59))
    def the_clock_is_another(self, hours: int, minutes: int) -> None:
        """Anyone who asks next has a clock of its own."""
        self.at = later(self.at, hours * 3600 + minutes * 60)

    @rule(data=st.data(), task=TASKS, who=st.sampled_from(AGENTS), facts=FACTS, fate=FATES)
    def somebody_asks(self, data: st.DataObject, task: str, who: Actor, facts: Facts, fate: str) -> None:
        """A request is made with what its sender knows; the network does with it what it likes."""
        kind = data.draw(st.sampled_from(self._fitting(task)), "kind")
        force = data.draw(st.sampled_from([False, False, False, True]), "force")
        self._send(self._request(kind, task, who, fence=self._fence(who, task), force=force, role="swe"), facts, fate)

    @rule(data=st.data(), task=TASKS, facts=FACTS, fate=FATES)
    def the_holder_asks(self, data: st.DataObject, task: str, facts: Facts, fate: str) -> None:
        """Most requests that matter come from anyone who was given the task last."""
        held = [who for who in AGENTS if (who.login, task) in self.known]
        if held:
            who = max(held, key=lambda who: self.known[who.login, task])
            kind = data.draw(st.sampled_from(self._fitting(task)), "kind")
            lag = data.draw(st.sampled_from([0, 0, 0, 1]), "claims that it has slept through")
            fence = self.known[who.login, task] - lag
            self._send(self._request(kind, task, who, fence=fence, role="design"), facts, fate)

    @rule(data=st.data())
    def something_late_arrives(self, data: st.DataObject) -> None:
        """Of all that is on its way any one arrives, the newest before the oldest if need be."""
        if self.sent:
            self._arrives(*self.sent.pop(data.draw(st.integers(0, len(self.sent) - 1))))

    @rule(facts=FACTS)
    def reconcile(self, facts: Facts) -> None:
        """Everything is looked at once more."""
        self._record(
            reconcile_project(PLAN, WORKSPACE, self.state, dict.fromkeys(PLAN.tasks, facts), self._request(E.expired))
        )

    @rule(task=TASKS, who=st.sampled_from(AGENTS), steps=st.integers(1, len(WAY)))
    def a_task_goes_on(self, task: str, who: Actor, steps: int) -> None:
        """An agent that nothing gets in the way of; without it the machine seldom sees a task done."""
        for kind in WAY[:steps]:
            actor = who if kind is not E.approved else BO if who is ADA else ADA
            self._arrives(self._request(kind, task, actor, fence=self.state.task(task).fence), GOOD)

    @precondition(lambda self: self.asked % 5 == 4)
    @rule(done=st.lists(st.sampled_from([*PLAN.tasks, "todo/gone"])), who=st.sampled_from(AGENTS), facts=FACTS)
    def somebody_says_what_was_done_before(self, done: list[str], who: Actor, facts: Facts) -> None:
        """An import is written down, whatever happened since."""
        request = self._request(E.imported, None, who, data={"from": "beads", "done": done})
        self._record(record_imported(PLAN, WORKSPACE, self.state, request, facts))

    @precondition(lambda self: self.asked % 7 == 6)
    @rule(kind=st.sampled_from([E.paused, E.stopped]), who=st.sampled_from(AGENTS), facts=FACTS)
    def somebody_brakes(self, kind: E, who: Actor, facts: Facts) -> None:
        """The whole project is held, now and then."""
        self._record(brake(PLAN, WORKSPACE, self.state, self._request(kind, None, who), facts))

    @precondition(lambda self: self.state.hold is not None)
    @rule(who=st.sampled_from(AGENTS), facts=FACTS)
    def somebody_lets_go(self, who: Actor, facts: Facts) -> None:
        """A held project goes on, where who asks may say so."""
        self._record(brake(PLAN, WORKSPACE, self.state, self._request(E.resumed, None, who), facts))

    @rule()
    def somebody_restarts_here(self) -> None:
        """A reader that keeps the state of this moment and goes on from it later."""
        self.half = (load(dump(self.state, 1)), len(self.lines))

    @invariant()
    def every_reader_gets_the_same_state(self) -> None:
        """The state that grew, the fold from any point on, and what comes back from state.json are one."""
        assert load(dump(self.state, 3)) == self.state
        kept, count = self.half
        assert replay(kept, self.lines[count:]) == self.state

    def teardown(self) -> None:
        """From the first line on it is the same too."""
        assert replay(State(), self.lines) == self.state

    def _request(self, kind: E, task: str | None = None, who: Actor = APP, **more: Any) -> Request:
        self.asked += 1
        return Request(kind, task, who, ulid.encode(self.asked, 0), self.at, reason="so", **more)

    def _fitting(self, task: str) -> Sequence[E]:
        """What the table knows from here, and now and then something that it does not."""
        status = self.state.task(task).status
        fitting: list[E] = [e for e in PLAIN if status in TRANSITIONS[e].sources and e is not E.cancelled]
        return fitting * 12 + PLAIN

    def _fence(self, who: Actor, task: str) -> int | None:
        return self.known.get((who.login, task))

    def _send(self, request: Request, facts: Facts, fate: str) -> None:
        if fate == "is late":
            self.sent.append((request, facts))
        elif fate != "is lost":
            for _ in range(1 + (fate == "arrives twice")):
                self._arrives(request, facts)

    def _arrives(self, request: Request, facts: Facts) -> None:
        answer, fence = step(PLAN, WORKSPACE, self.state, request, facts), self.state.task(str(request.task)).fence
        if isinstance(answer, Decision) and "fence" in TRANSITIONS[request.type].must:
            assert request.fence in {None, fence}, "a late writer loses"
        self._record(answer)
        if isinstance(answer, Decision) and request.type is E.claimed:
            self.known[request.actor.login, str(request.task)] = self.state.task(str(request.task)).fence

    def _record(self, answer: Decision | Refusal | None) -> None:
        if not isinstance(answer, Decision):
            return  # what `every_reader_gets_the_same_state` then finds is that nothing has changed
        before, events = self.state, answer.events
        _, lines, last = chain(events, before.last)
        self.lines.extend(lines)
        self.state = replace(answer.state, last=last)
        assert replay(before, lines) == self.state
        for look in LOOKS:
            look(before, events, self.state)


Swarm.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSwarm = Swarm.TestCase
