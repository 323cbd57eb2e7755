"""Projects that share caps, each decided on what was seen of the others: only claims have to be seen by claims.

What the turnstile of the budget promises is all that is taken for granted here: a claim sees every claim that was made
before it, in whatever project. Reports, releases and failures since then it may have missed.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.decide.lifecycle import AT_WORK
from kerrigan.decide.money.budget import budget_caps
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.timestamp import later
from tests.unit.budget_stage import PLAN, D, use, workspace
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD, Story

LIMIT = st.none() | st.integers(1, 4).map(D)
LIMITS = st.fixed_dictionaries(
    {
        "usd": LIMIT,
        "per_day": LIMIT,
        "per_month": LIMIT,
        "roles": st.dictionaries(st.sampled_from(["swe", "architect"]), st.integers(1, 4).map(D)),
        "agents": st.dictionaries(st.sampled_from(["ada", "claude"]), st.integers(1, 4).map(D)),
        "task_default": st.sampled_from([D(1), D("0.3")]),
    }
)
MOVES = st.tuples(
    st.integers(0, 2),
    st.sampled_from([*["claimed"] * 6, *["used"] * 3, "released", "failed", "retried"]),
    st.sampled_from(sorted(PLAN.tasks)),
    st.sampled_from([ADA, BO, CLAUDE]),
    st.integers(0, 100).map(lambda share: D(share) / 100),
    st.integers(0, 99),
)


class Home:
    """Three projects with a journal each, and every state that a journal had since the last claim in any of them."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.projects = [Story(PLAN, workspace(**limits)) for _ in range(3)]
        self.seen = [[story.state] for story in self.projects]

    def claim(self, own: int, task: str, actor: Actor, luck: int) -> None:
        """A claim that saw of each other project one of its states since the last claim."""
        story, others = self.projects[own], [n for n in range(3) if n != own]
        missed = tuple(self.seen[n][luck % len(self.seen[n])].ledger for n in others)
        answer = story.ask(EventType.claimed, task, actor, replace(GOOD, elsewhere=missed))
        if isinstance(answer, Decision):
            self.check(own, task, actor)
            self.seen = [[each.state] for each in self.projects]

    def check(self, own: int, task: str, actor: Actor) -> None:
        """What is spent and reserved in truth is within every cap over the claim."""
        story = self.projects[own]
        truth = tuple(other.state.ledger for n, other in enumerate(self.projects) if n != own)
        now = budget_caps(story.project, story.workspace, story.state, story.at, truth)
        over = (*now.overall, now.roles.get(story.project.tasks[task].role), now.agents.get(actor.login))
        assert all(cap.spent + cap.reserved <= cap.limit for cap in over if cap)

    def go_on(self, own: int, kind: str, task: str, share: Decimal) -> None:
        """Something that reserves nothing: a report of no more than was set aside, or an end of the work."""
        story = self.projects[own]
        standing, held = story.state.task(task), story.state.ledger.open.get(task)
        if kind == "used" and held:
            use(story, task, str(held.usd * share), Actor(held.agent))
        elif standing.status in AT_WORK and standing.holder:
            story.ask(EventType(kind), task, Actor(standing.holder.login), fence=standing.fence, reason="so")
        self.seen[own].append(story.state)


@settings(max_examples=150)
@given(st.lists(MOVES, min_size=8, max_size=40), LIMITS)
def test_claims_that_see_each_other_and_miss_all_else_pass_no_cap(
    moves: list[tuple[int, str, str, Actor, Decimal, int]], limits: dict[str, Any]
) -> None:
    home = Home(limits)
    for minutes, (own, kind, task, actor, share, luck) in enumerate(moves):
        for story in home.projects:
            story.at = later(AT, minutes * 5400)
        if kind == "claimed":
            home.claim(own, task, actor, luck)
        else:
            home.go_on(own, kind, task, share)
