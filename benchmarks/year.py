"""A year in under a minute: three repositories, ten agents, everything that goes wrong, and a journal that holds.

Work costs money, and on many days and in some months there is not enough of it.

Run it with `python -m benchmarks.year [SEED]`. The clock is made up, and chance comes from the seed alone, so the same
seed gives the same journal to the last byte. Only decisions are made: what they cost is what is measured, and what has
to hold of a journal is asserted at the end.
"""

import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from benchmarks.year_money import BUDGET, ESTIMATES, check_money, used
from kerrigan.decide.dispatches.dispatch import Accepted, Answer, Failed, record_sent, to_send
from kerrigan.decide.fold.fold import chain, event_of, replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.lifecycle import HELD, SUBMITTED
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.money.spend import spend
from kerrigan.decide.readiness import ready
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.decide.step import step
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import KERRIGAN, Actor, EventType, Run
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Agent, Dependency, DependencyKind, Permission, Project, Repository, Task, Workspace
from kerrigan.model.state import State, Status, TaskState
from kerrigan.model.timestamp import later
from kerrigan.model.usage import ALL, dollars

E = EventType
START, DAYS, TURNS = "2026-01-01T00:00:00.000Z", 365, 4
TASKS = 1_500
HOMES = ("api", "web", "ops")
AGENTS = tuple(Actor(f"agent-{n}", "agent") for n in range(10))
ANA = Actor("ana")
MERGED = "d" * 40
_CAP = re.compile(r"the budget '([^']+)' of")


def plan(chance: random.Random) -> Project:
    """Tasks that need up to two of the thirty before them."""
    tasks = {}
    for n in range(TASKS):
        before = sorted(chance.sample(range(max(0, n - 30), n), min(n, chance.randint(0, 2))))
        needs = tuple(Dependency(f"t{m}", DependencyKind.task, f"year/t{m}") for m in before)
        risk = chance.choice(("low", "medium"))
        role, estimate = chance.choice(("swe", "swe", "docs")), chance.choice(ESTIMATES)
        home = chance.choice(HOMES)
        tasks[f"year/t{n}"] = Task(f"year/t{n}", f"Task {n}", role, home, needs, risk=risk, estimate_usd=estimate)
    return Project("year", "acme/api", {name: Repository(name, f"acme/{name}") for name in HOMES}, tasks)


@dataclass
class Year:
    """The project, its journal so far, and what the forge would say of each task.

    `short` counts the claims that were refused for want of money, by cap.
    """

    chance: random.Random
    project: Project
    workspace: Workspace = field(
        default_factory=lambda: Workspace(agents={a.login: Agent(a.login) for a in AGENTS}, budget=BUDGET)
    )
    state: State = field(default_factory=State)
    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    at: str = START
    asked: int = 0

    def live(self, days: int = DAYS) -> None:
        """A quarter of a day at a time, until the year is over, or so many days of it."""
        for turn in range(days * TURNS):
            self.at = later(START, turn * 86400 / TURNS)
            self.record(
                reconcile_project(self.project, self.workspace, self.state, self._facts(), self.request(E.expired))
            )
            self._send()
            free = list(ready(self.project, self.workspace, self.state, self.at))
            for agent in AGENTS:
                self._work(agent, free)
            self._people()

    def request(self, kind: E, task: str | None = None, actor: Actor = KERRIGAN) -> Request:
        """Someone asks, by a clock that is up to an hour wrong."""
        self.asked += 1
        skew = 0 if actor is KERRIGAN else self.chance.randint(-3600, 3600)
        return Request(kind, task, actor, ulid.encode(self.asked, 0), later(self.at, skew), reason="so it is")

    def record(self, answer: Decision | Refusal | None) -> bool:
        """Write a decision down; says whether it was one."""
        if isinstance(answer, Decision):
            events, lines, last = chain(answer.events, self.state.last)
            self.lines.extend(lines)
            self.state = replace(answer.state, last=last)
            self.counts.update(event.type.value for event in events)
            return True
        self.counts["refused"] += answer is not None
        self.short.update(_CAP.findall(answer.reason) if answer else ())
        return False

    def ask(self, kind: E, task: str, actor: Actor, **more: object) -> bool:
        """Ask for an event of a task, with facts on which it may go on."""
        request = replace(self.request(kind, task, actor), fence=self.state.task(task).fence, **more)  # type: ignore[arg-type]
        facts = Facts(Permission.write, "a" * 40, 1)
        return self.record(step(self.project, self.workspace, self.state, request, facts))

    def _facts(self) -> dict[str, Facts]:
        """Tests that end sooner or later, and now and then badly; merges of what was approved."""
        found = {}
        for name, task in self.state.tasks.items():
            if task.status is Status.testing:
                checks = self.chance.choices(("success", "failure", "pending"), (6, 1, 2))[0]
                found[name] = Facts(head="a" * 40, checks=checks)
            elif task.status is Status.approved or (task.status in SUBMITTED and self.chance.random() < 0.02):
                found[name] = Facts(head="a" * 40, delivered=MERGED if self.chance.random() < 0.8 else None)
            elif task.status in HELD:
                found[name] = Facts(run_ended=self.chance.random() < 0.02)
        return found

    def _send(self) -> None:
        """The forge takes most dispatches, and says nothing about whether anyone hears them."""
        due = to_send(self.project, self.workspace, self.state, self.at)
        answers: dict[str, Answer] = {}
        for sent in due:
            answers[sent.key] = Accepted() if self.chance.random() < 0.9 else Failed("502")
        self.record(record_sent(self.project, self.workspace, self.state, answers, self.request(E.expired)))

    def _work(self, agent: Actor, free: list[str]) -> None:
        held = [(n, t) for n, t in self.state.tasks.items() if t.holder and agent.is_login(t.holder.login)]
        for name, task in held:
            self._go_on(agent, name, task)
        if not any(task.status in {Status.claimed, Status.working} for _, task in held):
            self._claim(agent, free)

    def _claim(self, agent: Actor, free: list[str]) -> None:
        """An agent hears of a task by a dispatch that was not lost, or looks for one at home."""
        heard = [
            d for d in self.state.dispatches.values() if d.status == "sent" and d.task and self.chance.random() < 0.6
        ]
        if heard and self.chance.random() < 0.7:
            self.ask(E.claimed, str(heard[0].task), agent, cause=heard[0].key, run=Run(str(self.asked)))
            return
        if free:
            # All of them looked at the same moment: who comes late is refused, and looks again at its next turn.
            self.ask(E.claimed, free[0], agent, run=Run(str(self.asked)))
            if self.chance.random() < 0.8:
                free.pop(0)

    def _go_on(self, agent: Actor, name: str, task: TaskState) -> None:
        run = Run(task.holder.run) if task.holder and task.holder.run else None
        luck = self.chance.random()
        if luck < 0.05:
            return  # it hangs, and its lease will run out
        if task.status is Status.claimed and self.ask(E.started, name, agent, run=run):
            self._report(agent, name)
            self.ask(E.submitted if luck < 0.85 else E.failed, name, agent, run=run)
        elif task.status is Status.working:
            self.ask(E.submitted, name, agent, run=run)

    def _report(self, agent: Actor, name: str) -> None:
        """What it has cost so far; some forget to say so."""
        if self.chance.random() < 0.95:
            data = used(self.chance, self.state.ledger.open[name].usd)
            asked = replace(self.request(E.used, name, agent), data=data)
            self.record(spend(self.project, self.workspace, self.state, asked, Facts(Permission.write)))

    def _people(self) -> None:
        """Ana reviews, answers what was escalated, and resumes what Kerrigan paused."""
        held = [*self.state.holds, *([""] if self.state.hold else [])]
        for scope in held:
            if self.chance.random() < 0.5:
                asked = replace(self.request(E.resumed, actor=ANA), data={"scope": scope} if scope else {})
                self.record(brake(self.project, self.workspace, self.state, asked, Facts(Permission.write)))
        for name, task in list(self.state.tasks.items()):
            if task.status is Status.in_review and self.chance.random() < 0.7:
                self.ask(E.approved if self.chance.random() < 0.8 else E.rejected, name, ANA)
            elif task.status is Status.escalated and self.chance.random() < 0.3:
                self.ask(E.reopened, name, ANA)


def check(year: Year) -> None:
    """What has to hold of any journal."""
    assert replay(State(), year.lines) == year.state == load(dump(year.state, 1))
    for name, task in year.state.tasks.items():
        assert (task.holder is not None) == (task.status in HELD), name
        if task.status is Status.done:
            assert all(year.state.task(d.target).status is Status.done for d in year.project.tasks[name].hard), name
    assert year.state.seq == len(year.lines)
    events = (event_of(line, number) for number, line in enumerate(year.lines, 1))
    spent = check_money(events, year.short).spent
    assert (
        spent["all projects"]
        == year.state.ledger.spent[ALL]
        == sum(usd for account, usd in spent.items() if account.startswith("month "))
    )


def main(seed: int) -> None:
    """Live a year, and say what became of it."""
    began = time.process_time()
    chance = random.Random(seed)
    year = Year(chance, plan(chance))
    year.live()
    check(year)
    done = sum(task.status is Status.done for task in year.state.tasks.values())
    taken = time.process_time() - began
    print(f"seed {seed}: {year.state.seq:,} events, {done:,} of {TASKS:,} tasks done, {taken:.0f} s of processor time")
    print(f"last line {year.state.last}")
    print(f"{dollars(year.state.ledger.spent[ALL])} spent, refused for want of money:")
    months = Counter[str]()
    for cap, count in year.short.items():
        months[cap if cap.startswith(("role", "agent")) else cap.partition(" ")[0]] += count
    for name, count in [*sorted(months.items()), *sorted(year.counts.items())]:
        print(f"  {name:<22} {count:>6,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
