"""A project whose tasks have estimates, and reports of what work on them cost."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from kerrigan.decide.money.spend import spend
from kerrigan.model import ulid
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Task, Workspace
from kerrigan.model.usage import Budget
from tests.unit.decide_stage import ADA, GOOD, WORKSPACE, Story, ask, project

D = Decimal
WEB = Task("todo/web", "Show it", "swe", "web", estimate_usd=D("0.5"))
APIS = tuple(Task(f"todo/api{n}", "Serve it", "architect", "api", estimate_usd=D(n)) for n in range(3))
PLAN = replace(project(*APIS, WEB, Task("todo/docs", "Say it", "docs", "api")), path="specs/projects/todo")
APP = Actor("github-actions[bot]", "app")


def workspace(**limits: Any) -> Workspace:
    return replace(WORKSPACE, budget=Budget(**limits))


def story(own: str | None = None, /, **limits: Any) -> Story:
    return Story(replace(PLAN, budget_usd=D(own) if own else None), workspace(**limits))


def use(told: Story, task: str, usd: str | None = "1", actor: Actor = ADA, facts: Facts = GOOD, **more: Any) -> Any:
    """A report of use, recorded if it is not refused."""
    told.asked += 1
    asked = replace(ask(EventType.used, task, actor, told.at), id=ulid.encode(told.asked, 0), data={"usd": usd, **more})
    answer = spend(told.project, told.workspace, told.state, asked, facts)
    told.record(answer)
    return answer
