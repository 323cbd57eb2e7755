"""Whose claim it is that a dispatch causes, with every kind of token, and what the run that holds it may ask."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.handle_event import handle_event
from kerrigan.apply.events.signature import signed
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.tasks.transition import transition
from kerrigan.decide.dispatches.dispatch import key
from kerrigan.errors import UnreadableError
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, EventType, Run
from kerrigan.model.state import TASK, Status
from tests.seams.github_script import GRAPHQL, USER, GitHub, Reply, refused, scripted
from tests.seams.site_on_github import CONTRACT, SLUG, SPEC, TASKS, Hub, hub_on, publish, repository
from tests.seams.test_github_forge import INSTALLATION, viewer
from tests.unit import webhook_payloads as payloads

RUN = Run("acme/api/712", 1, "https://github.com/acme/api/actions/runs/712")
RULES = "agents: {claude: {}, house: {account: 'house-bot[bot]'}}\npeople: {ada: write}\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """In a workflow run, of a home whose kerrigan.yml says who may write."""
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    clone = repository(tmp_path, "api", plan | {".github/kerrigan.yml": RULES})
    with scripted() as github, hub_on(github, tmp_path / "acme" / "api.git", clone, run=RUN) as hub:
        github.get(f"/repos/{SLUG}/pulls", [])
        yield hub


def as_(github: GitHub, login: str) -> None:
    """Let the token be a user's, or an App's where the login is one's."""
    if login.endswith("[bot]"):
        github.on("GET", USER, INSTALLATION)
        github.on("POST", GRAPHQL, viewer(login))
    else:
        github.get(USER, {"login": login, "type": "User"})


def dispatched(hub: Hub) -> dict[str, Any]:
    """The webhook of a dispatch that home has asked for."""
    made = key("todo", CONTRACT, 0, TASK, SLUG)
    hub.happened(EventType.dispatch_requested, key=made, kind=TASK, to=SLUG, fence=0, role="architect")
    told = payloads.dispatch("kerrigan-task", key=made, task=CONTRACT, home=SLUG, project="todo")
    return told | {"sender": {"login": "eve", "type": "User"}}


TOKENS = [
    ("ada", "", "command", "ada"),
    ("kerrigan-bot[bot]", "", "command", "app:kerrigan-bot"),
    ("github-actions[bot]", "", "command", "app:github-actions"),
    ("ada", "claude", "claude", "ada"),
    ("house-bot[bot]", "", "command", "app:house-bot"),
]


@pytest.mark.parametrize(("login", "named", "agent", "via"), TOKENS)
def test_a_dispatch_is_claimed_as_the_agent_and_by_the_token(
    hub: Hub, login: str, named: str, agent: str, via: str
) -> None:
    if named:
        tasks = TASKS.replace("risk: medium}", f"risk: medium, agent: {named}}}")
        publish(hub.site.clone.root, {"specs/projects/todo/tasks.yml": tasks})
    as_(hub.github, login)
    (outcome,) = handle_event(hub.site, "repository_dispatch", dispatched(hub)).outcomes
    assert isinstance(outcome.answer, Decision), outcome.answer
    event = outcome.answer.events[0]
    assert (event.type, event.actor, event.data["via"]) == (EventType.claimed, Actor(agent, "agent"), via)
    holder = hub.standing().holder
    assert holder is not None
    assert (holder.login, holder.kind, holder.run) == (agent, "agent", RUN.id)


def test_a_dispatch_counts_only_with_the_signature_of_this_repository(hub: Hub) -> None:
    as_(hub.github, "ada")
    hub.site = replace(hub.site, secret="shared")
    payload = dispatched(hub)
    other = payload | {"client_payload": signed(payload["client_payload"], "another")}
    for unsigned in (payload, other):
        with pytest.raises(UnreadableError) as refused:
            handle_event(hub.site, "repository_dispatch", unsigned)
        assert refused.value.kind == "signature"
    assert hub.standing().holder is None
    right = payload | {"client_payload": signed(payload["client_payload"], "shared")}
    (outcome,) = handle_event(hub.site, "repository_dispatch", right).outcomes
    assert isinstance(outcome.answer, Decision)


def test_a_dispatch_of_another_home_is_refused(hub: Hub) -> None:
    as_(hub.github, "ada")
    payload = dispatched(hub)
    elsewhere = payload | {"client_payload": payload["client_payload"] | {"home": "mallory/api"}}
    with pytest.raises(UnreadableError) as refused:
        handle_event(hub.site, "repository_dispatch", elsewhere)
    assert "mallory/api" in refused.value.message
    assert hub.standing().holder is None


def test_the_run_that_holds_a_task_writes_as_its_agent_and_needs_the_fence(hub: Hub) -> None:
    as_(hub.github, "ada")
    handle_event(hub.site, "repository_dispatch", dispatched(hub))

    def asked(event: EventType, **more: Any) -> Decision | Refusal | None:
        stage = hub.stage()
        request = own_request(hub.site, stage, event, CONTRACT)
        return transition(hub.site, stage, replace(request, **more)).answer

    without = asked(EventType.started)
    assert isinstance(without, Refusal)
    assert without.reason == "command is an agent, and an agent says which claim it writes for"
    assert without.next == f"kerrigan task start {CONTRACT} --fence 1"
    started = asked(EventType.started, fence=1)
    assert isinstance(started, Decision)
    assert (started.events[0].actor, started.events[0].data["via"]) == (Actor("command", "agent"), "ada")
    granted = asked(EventType.granted, data={"what": "start"})
    assert isinstance(granted, Refusal), "anyone who holds the token: this run is the agent's"
    assert "only a person may do this, and command is an agent" in granted.reason


def test_another_run_of_the_same_token_is_who_the_token_is(hub: Hub) -> None:
    as_(hub.github, "ada")
    handle_event(hub.site, "repository_dispatch", dispatched(hub))
    hub.site.run = Run("acme/api/713")
    request = own_request(hub.site, hub.stage(), EventType.started, CONTRACT)
    assert request.actor == Actor("ada")
    assert isinstance(transition(hub.site, hub.stage(), request).answer, Refusal)


def test_a_token_without_permission_claims_nothing(hub: Hub) -> None:
    """The agent's name gives none, and neither does who sent the dispatch."""
    as_(hub.github, "eve")
    (outcome,) = handle_event(hub.site, "repository_dispatch", dispatched(hub)).outcomes
    assert isinstance(outcome.answer, Refusal)
    assert "eve, by which command acts, has permission 'read' in acme/api" in outcome.answer.reason
    assert hub.standing().status is Status.open


def test_a_token_that_is_refused_claims_nothing(hub: Hub) -> None:
    hub.github.on("GET", USER, INSTALLATION)
    hub.github.on("POST", GRAPHQL, refused(403, "no"), Reply(200, text="{}"))
    told = dispatched(hub)
    with pytest.raises(Exception, match="403"):
        handle_event(hub.site, "repository_dispatch", told)
    assert hub.standing().status is Status.open
