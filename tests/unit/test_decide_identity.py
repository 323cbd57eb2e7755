"""Who acts: every kind of token and of event, and the table of them in docs/github.md.

`UPDATE_CASES=1 pytest tests/unit/test_decide_identity.py` writes the table; read the difference before you keep it.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kerrigan.decide.identity import COMMAND, agent_for, identify, is_named, permitted, via_of
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.account import Account, Proof, account_of
from kerrigan.model.project import Agent, Permission, Workspace
from kerrigan.model.state import Assignee, Hold, Holder, State, Status, TaskState
from tests.unit.decide_stage import CLAUDE, GOOD, PLAN, TASKS, ask, standing, state

DOCS = Path(__file__).parents[2] / "docs" / "github.md"
BEGIN, END = "<!-- who acts: begin -->\n", "<!-- who acts: end -->\n"
RULES = Workspace(
    agents={
        "claude": Agent("claude"),
        "house": Agent("house", account="house-bot[bot]"),
        "hal": Agent("hal", account="hal-account"),
    }
)
"""The agents of the table; the accounts of two are named."""


def token(login: str) -> Account:
    return account_of(login, proof=Proof.token)


def name(login: str) -> Account:
    return Account(login, proof=Proof.none)


@dataclass(frozen=True)
class Row:
    """One line of the table: what asks, by which account, and what is written down and looked up then.

    `rights` is the login whose permission counts, `write` where the push itself proves it, empty for none at all;
    `agent` is what the process runs.
    """

    asks: str
    account: Account
    actor: Actor
    via: str
    rights: str
    agent: str = ""

    def line(self) -> str:
        """The row as Markdown."""
        shown = {"write": "may write", "": "none, unless `people:` names it"}
        rights = shown.get(self.rights, f"what `{self.rights}` may")
        return f"| {self.asks} | {self.actor.kind} `{self.actor.login}` | {self.via and f'`{self.via}`'} | {rights} |"


ADA, BOT, RUN = Actor("ada"), Actor("kerrigan-bot[bot]", "app"), Actor("github-actions[bot]", "app")
HOUSE, HAL, RUNNER = Actor("house", "agent"), Actor("hal", "agent"), Actor(COMMAND, "agent")
ROWS = (
    Row("a command with a token of `ada`, classic or fine-grained", token("ada"), ADA, "", "ada"),
    Row("the same, with `KERRIGAN_AGENT=claude`", token("ada"), CLAUDE, "ada", "ada", "claude"),
    Row("a command with a token of `claude`, a user", token("claude"), Actor("claude"), "", "claude"),
    Row("a command with a token of `hal-account`, a user", token("hal-account"), HAL, "hal-account", "hal-account"),
    Row("a command with an App's installation token", token("kerrigan-bot[bot]"), BOT, "", "write"),
    Row("a command with the token of the App `house-bot`", token("house-bot[bot]"), HOUSE, "app:house-bot", "write"),
    Row("a command with the run's own token (`GITHUB_TOKEN`)", token("github-actions[bot]"), RUN, "", "write"),
    Row("a run for a dispatch, `KERRIGAN_TOKEN` of `ada`", token("ada"), RUNNER, "ada", "ada", COMMAND),
    Row("the same, an App's token", token("kerrigan-bot[bot]"), RUNNER, "app:kerrigan-bot", "write", COMMAND),
    Row("the same, the run's own token", token("github-actions[bot]"), RUNNER, "app:github-actions", "write", COMMAND),
    Row("the same, for a task with `agent: claude`", token("ada"), CLAUDE, "ada", "ada", "claude"),
    Row("a label, comment, review, push or merge of `ada`", account_of("ada", "User"), ADA, "", "ada"),
    Row("the same of `claude`, a user", account_of("claude", "User"), Actor("claude"), "", "claude"),
    Row("the same of `hal-account`", account_of("hal-account", "User"), HAL, "hal-account", "hal-account"),
    Row(
        "a review, push or merge of an app, GitHub's own agent too",
        account_of("Copilot", "Bot"),
        Actor("Copilot", "app"),
        "",
        "",
    ),
    Row("the same of `house-bot[bot]`", account_of("house-bot[bot]", "Bot"), HOUSE, "app:house-bot", ""),
    Row("local: `--as ada`, or git's user.name", name("ada"), ADA, "", "ada"),
    Row("local: `--as claude` or `KERRIGAN_AGENT=claude`, run by `ada`", name("claude"), CLAUDE, "ada", "ada"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.asks)
def test_who_acts(row: Row) -> None:
    actor = identify(RULES, row.account, agent=row.agent)
    assert actor == row.actor
    # On the local forge an agent asks by anyone who pushes; apply/state/identity.py puts that account in.
    by = name("ada") if row.account.proof is Proof.none and actor.kind == "agent" else row.account
    request = ask(EventType.claimed, actor=actor, account=by)
    assert via_of(request) == ({"via": row.via} if row.via else {})
    for told in Permission:
        expected = max(told, Permission.write, key=list(Permission).index) if row.rights == "write" else told
        assert permitted(RULES, by, told) is expected
    people = {row.rights: Permission.admin} if row.rights not in {"", "write"} else {}
    expected = Permission.admin if people else Permission.write if row.rights else Permission.read
    assert permitted(Workspace(agents=RULES.agents, people=people), by, Permission.none) is expected


@pytest.mark.parametrize("account", [token("claude"), account_of("Claude"), account_of("codex[bot]"), name("claude")])
def test_a_name_gives_no_permission(account: Account) -> None:
    """With `people:` set an agent's name was as good as a login with write: its owner could claim and approve."""
    rules = Workspace(agents={"claude": Agent("claude"), "codex": Agent("codex")}, people={"ada": Permission.admin})
    assert permitted(rules, account, Permission.admin) is Permission.read


def test_an_account_without_a_login_is_no_agents() -> None:
    """Those of agents without an account of their own are empty, too."""
    assert identify(RULES, Account("")) == Actor("")


def test_what_people_says_of_an_app_counts_before_its_push() -> None:
    rules = Workspace(people={"kerrigan-bot[bot]": Permission.read})
    assert permitted(rules, token("kerrigan-bot[bot]"), Permission.none) is Permission.read


def test_an_agent_of_this_process_is_named_by_its_profile_whatever_the_account() -> None:
    for account in (token("ada"), token("github-actions[bot]"), token("house-bot[bot]"), name("ada")):
        assert identify(RULES, account, "swe", "CLAUDE") == Actor("claude", "agent", "swe")
    assert identify(RULES, token("ada"), agent="command") == Actor("command", "agent")


@pytest.mark.parametrize(
    ("assigned", "named", "agent"),
    [
        (None, "", COMMAND),
        (None, "Claude", "Claude"),
        (None, "ada", COMMAND),
        (Assignee("house", "agent"), "claude", "house"),
        (Assignee("ada", "person"), "claude", "claude"),
    ],
)
def test_a_dispatch_is_worked_on_by_who_is_named(assigned: Assignee | None, named: str, agent: str) -> None:
    task = replace(TASKS[0], agent=named)
    assert agent_for(RULES, task, TaskState(assigned=assigned)) == agent


def test_a_user_called_like_an_agent_is_another_than_the_agent() -> None:
    person, held = Actor("claude"), standing(Status.working, holder=Holder("claude", "agent", None, "2999"))
    before = state(contract=held)
    refused = step(PLAN, RULES, before, ask(EventType.failed, actor=person, fence=3, reason="no"), GOOD)
    assert isinstance(refused, Refusal)
    assert refused.reason == "claude holds todo/contract, not claude (agent and person)"
    written = step(PLAN, RULES, before, ask(EventType.failed, actor=CLAUDE, fence=3, reason="no"), GOOD)
    assert isinstance(written, Decision)


def test_what_is_said_of_an_agent_is_not_said_of_a_user_of_its_name() -> None:
    assert [is_named(RULES, "Claude", kind) for kind in ("agent", "person", "app")] == [True, False, False]
    assert is_named(RULES, "ada", "person"), "of a login that is no agent's it is"
    assert not is_named(RULES, COMMAND, "person"), "that is the agent of a runner, listed or not"
    paused = State(holds={"agent:claude": Hold("paused", "ada", "rest")})
    claims = [step(PLAN, RULES, paused, ask(EventType.claimed, actor=who), GOOD) for who in (CLAUDE, Actor("claude"))]
    assert [type(claim) for claim in claims] == [Refusal, Decision]


def test_docs_show_who_acts() -> None:
    head = "| what asks | the journal says | `data.via` | permission |\n|---|---|---|---|\n"
    table = head + "".join(f"{row.line()}\n" for row in ROWS)
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if "UPDATE_CASES" in os.environ:
        text = f"{before}{BEGIN}{table}{END}{after}"
        DOCS.write_text(text, encoding="utf-8", newline="")
    assert f"{BEGIN}{table}{END}" in text
