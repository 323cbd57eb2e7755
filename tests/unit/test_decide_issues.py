"""Tasks as issues: what is planned, that it is done once, and that people's words stay words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.decide.issues import Known, Words, find_issues, plan_issues
from kerrigan.model.forge.body import new_body, part_of, task_of, with_part
from kerrigan.model.forge.issue import (
    LONGEST_BODY,
    PREFIXES,
    Block,
    Change,
    Close,
    Create,
    Issue,
    Relabel,
    Reopen,
    Rewrite,
    Warn,
)
from kerrigan.model.project import Project, Task
from kerrigan.model.state import State, Status
from kerrigan.report.tasks.issue import kind, line, literal, part, title
from tests.unit.decide_stage import PLAN, TASKS, project, standing, state

CONTRACT = "todo/contract"
NOTHING = State()


class World:
    """The issues of a forge, and a sync over them."""

    def __init__(self, plan: Project = PLAN, *issues: Issue) -> None:
        self.project = plan
        self.issues = {issue.name: issue for issue in issues}

    def plan(self, now: State = NOTHING, strangers: Iterable[Issue] = ()) -> tuple[Change, ...]:
        everyone = self.issues.values()
        self.known = find_issues(self.project, everyone, {issue for issue in everyone if issue not in strangers})
        return plan_issues(self.project, now, wording(self.project), self.known)

    def sync(self, now: State = NOTHING) -> tuple[Change, ...]:
        changes = self.plan(now)
        for change in changes:
            self.do(change)
        return changes

    def do(self, change: Change) -> None:
        if isinstance(change, Create):
            number = sum(issue.repository == change.repository for issue in self.issues.values()) + 1
            whole = 1000 + len(self.issues)
            made = Issue(change.repository, number, whole, change.title, change.body, labels=change.labels)
            self.issues[made.name] = replace(made, blocked_by=frozenset())
            return
        issue = self.of(change.task)
        match change:
            case Rewrite():
                assert change.before == issue.body
                issue = replace(issue, body=change.body)
            case Close() | Reopen():
                issue = replace(issue, open=isinstance(change, Reopen))
            case Relabel():
                issue = replace(
                    issue, labels=(*(x for x in issue.labels if not x.startswith(PREFIXES)), *change.labels)
                )
            case Block():
                issue = replace(issue, blocked_by=(issue.blocked_by or frozenset()) | {self.of(change.by).id})
            case Warn():
                pass
        self.issues[issue.name] = issue

    def of(self, task: str) -> Issue:
        return next(issue for issue in self.issues.values() if task_of(issue.body) == task)

    def edit(self, task: str, **fields: object) -> None:
        """What a person does."""
        edited = replace(self.of(task), **fields)  # type: ignore[arg-type]
        self.issues[edited.name] = edited


def wording(plan: Project) -> Mapping[str, Words]:
    return {task.id: Words(title(task), part(plan, task)) for task in plan.tasks.values()}


def said(changes: Iterable[Change]) -> list[str]:
    return [f"{kind(change)} {change.task.partition('/')[2]}" for change in changes]


def warned(changes: Iterable[Change]) -> list[str]:
    return [f"{change.message}; {change.next}" for change in changes if isinstance(change, Warn)]


def test_each_task_gets_one_issue_where_it_is_worked_on_and_those_it_waits_for() -> None:
    world = World()
    assert said(world.sync()) == [
        *("create contract", "create endpoint", "create screen", "create launch"),
        *("block endpoint", "block screen", "block launch"),
    ]
    made = world.of("todo/screen")
    assert (made.repository, made.title, made.labels) == ("acme/web", "Show the list", ("status:open", "role:swe"))
    assert made.body.startswith("<!-- kerrigan:task todo/screen -->\n<!-- kerrigan:begin -->\n")
    assert made.blocked_by == frozenset({world.of(CONTRACT).id}), "a soft dependency blocks nothing"
    assert world.sync() == ()


def test_what_is_over_without_an_issue_gets_none() -> None:
    now = state(contract=standing(Status.done), endpoint=standing(Status.cancelled))
    assert said(World().plan(now)) == ["create screen", "create launch", "block launch"]


@pytest.mark.parametrize(("status", "reason"), [(Status.done, "completed"), (Status.cancelled, "not_planned")])
def test_closed_when_it_is_over_and_opened_when_it_came_back(status: Status, reason: str) -> None:
    world = World(project(TASKS[0]))
    world.sync()
    changes = world.sync(state(contract=standing(status)))
    assert said(changes) == ["close contract", "relabel contract"]
    assert changes[0] == Close(CONTRACT, "acme/api", 1, reason)
    assert world.sync(state(contract=standing(status))) == ()
    assert said(world.sync(state(contract=standing(Status.open)))) == ["reopen contract", "relabel contract"]
    assert world.of(CONTRACT).open
    assert world.sync(state(contract=standing(Status.open))) == ()


def test_a_sync_that_was_killed_between_closing_and_labelling_is_finished_by_the_next() -> None:
    world = World(project(TASKS[0]))
    world.sync()
    over = state(contract=standing(Status.done))
    world.do(world.plan(over)[0])
    assert said(world.sync(over)) == ["relabel contract"]
    world.do(world.plan()[0])
    assert said(world.sync()) == ["relabel contract"]
    assert world.plan() == ()


def test_what_a_person_closes_or_opens_is_told_and_left() -> None:
    world = World(project(TASKS[0]))
    busy, over = (state(contract=standing(status)) for status in (Status.working, Status.done))
    for now in (State(), busy):
        world.sync(now)
    world.edit(CONTRACT, open=False)
    assert warned(world.sync(busy)) == [
        "a person closed it, and the task is working; "
        "kerrigan task cancel todo/contract --reason TEXT, or open it again"
    ]
    reviewed = world.sync(state(contract=standing(Status.in_review)))
    assert said(reviewed) == ["warn contract", "relabel contract"]
    assert not world.of(CONTRACT).open
    assert said(world.sync(over)) == ["relabel contract"]
    world.edit(CONTRACT, open=True)
    assert warned(world.sync(over)) == [
        "a person opened it again, and the task is done; kerrigan task reopen todo/contract --reason TEXT, or close it"
    ]
    assert world.of(CONTRACT).open


def test_labels_follow_the_journal_and_other_labels_stay() -> None:
    world = World(project(TASKS[0]))
    world.sync()
    world.edit(CONTRACT, labels=("bug", "Status:Open", "role:architect", "kerrigan:retry"))
    handed = state(contract=standing(Status.claimed, role="swe"))
    assert said(world.sync(handed)) == ["relabel contract"]
    assert world.of(CONTRACT).labels == ("bug", "Status:Open", "status:claimed", "role:swe")


def test_a_title_and_text_around_the_part_are_peoples() -> None:
    world = World(project(TASKS[0]))
    world.sync()
    mine = "I think so.\r\n\r\n" + world.of(CONTRACT).body.replace("\n", "\r\n") + "\r\n- [x] asked @ada\r\n"
    world.edit(CONTRACT, title="Contract!", body=mine)
    assert world.sync() == ()
    world.project = project(replace(TASKS[0], title="Another", description="With pages."))
    assert said(world.sync()) == ["rewrite contract"]
    now = world.of(CONTRACT)
    assert now.title == "Contract!"
    assert now.body.startswith("I think so.\r\n\r\n<!-- kerrigan:task todo/contract -->\r\n<!-- kerrigan:begin -->\r\n")
    assert now.body.endswith("<!-- kerrigan:end -->\r\n\r\n- [x] asked @ada\r\n")
    assert "With pages." in now.body
    assert world.sync() == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Kerrigan keeps", "Nobody keeps"),
        ("<!-- kerrigan:end -->", ""),
        ("<!-- kerrigan:end -->", "<!-- kerrigan:end -->\n<!-- kerrigan:end -->"),
        ("<!-- kerrigan:begin -->", "<!-- kerrigan:begin -->\n<!-- kerrigan:begin -->"),
        ("<!-- kerrigan:written", "<!-- kerrigan:forgotten"),
    ],
)
def test_a_part_that_somebody_edited_stays_and_is_told(old: str, new: str) -> None:
    world = World(project(TASKS[0]))
    world.sync()
    edited = world.of(CONTRACT).body.replace(old, new)
    world.edit(CONTRACT, body=edited)
    world.project = project(replace(TASKS[0], description="Something else."))
    for _ in range(2):
        assert said(world.sync()) == ["warn contract"]
        assert world.of(CONTRACT).body == edited


def test_a_part_that_somebody_emptied_is_written_again() -> None:
    world = World(project(TASKS[0]))
    world.sync()
    whole = world.of(CONTRACT).body
    world.edit(
        CONTRACT, body="Mine\n<!-- kerrigan:task todo/contract -->\n<!-- kerrigan:begin -->\n<!-- kerrigan:end -->"
    )
    assert said(world.sync()) == ["rewrite contract"]
    assert world.of(CONTRACT).body.startswith("Mine\n")
    assert part_of(world.of(CONTRACT).body) == part_of(whole)


def test_a_body_that_would_be_too_long_is_told() -> None:
    world = World(project(TASKS[0]))
    world.sync()
    world.edit(CONTRACT, body=world.of(CONTRACT).body + "x" * 60_000)
    world.project = project(replace(TASKS[0], description="word " * 2_000))
    assert "longer than GitHub takes" in warned(world.sync())[0]


def test_a_strangers_marker_is_neither_believed_nor_overtaken() -> None:
    fake = Issue("acme/api", 1, 1, "Mine", new_body(CONTRACT, "x"), author="mallory")
    world = World(project(TASKS[0]), fake)
    changes = world.plan(strangers=[fake])
    assert said(changes) == ["warn contract"]
    assert "mallory, who opened it, may not write here" in warned(changes)[0]
    real = Issue(
        "acme/api", 2, 2, "Agree", new_body(CONTRACT, part(PLAN, TASKS[0])), labels=("status:open", "role:architect")
    )
    world.issues[real.name] = real
    assert world.plan(strangers=[fake]) == ()
    assert world.known.issues == {CONTRACT: real}


def test_a_second_issue_another_repository_and_a_task_that_went_are_told() -> None:
    world = World()
    world.sync()
    body = world.of(CONTRACT).body
    world.issues["twice"] = Issue("acme/api", 9, 9, "Again", body)
    world.issues["moved"] = Issue("acme/web", 8, 8, "Moved", body)
    world.issues["gone"] = Issue("acme/web", 9, 10, "Gone", new_body("todo/gone", "x"))
    world.issues["others"] = Issue("acme/web", 10, 11, "Other", new_body("blog/gone", "x"))
    assert warned(world.plan()) == [
        "acme/api#1 is this task's issue already; close this one",
        "the task belongs in acme/api now; close this one",
        "todo has no such task any more; close it, or take its first line out",
    ]
    for name in ("twice", "moved", "gone"):
        world.issues[name] = replace(world.issues[name], open=False)
    assert world.plan() == ()


def test_repositories_that_were_not_read_and_forges_without_dependencies_are_left() -> None:
    known = find_issues(PLAN, (), (), unread={"acme/api"})
    assert said(plan_issues(PLAN, State(), wording(PLAN), known)) == ["create screen", "create launch", "block launch"]
    world = World()
    world.sync()
    issues = {task: replace(world.of(task), blocked_by=None) for task in PLAN.tasks}
    assert plan_issues(PLAN, State(), wording(PLAN), Known(issues)) == ()


HOSTILE = (
    "@ada and @acme/admins, fixes #1, closes acme/api#2, resolves GH-3, gh-4",
    "fixes https://github.com/acme/api/issues/5",
    "--> <!-- kerrigan:end -->",
    "<!-- kerrigan:task todo/other -->",
    "\n<!-- kerrigan:task todo/other -->\n<!-- kerrigan:begin -->\n<!-- kerrigan:end -->\n",
    "<details><summary>x</summary>",
    "```\nnot closed",
    "&#64;ada &lt;!--",
    "| a | b |\n|---|---|",
    "![x](javascript:alert(1)) [y]: http://z",
    "\u202e@ada\x1b[31m\r\r@ada\u2028@ada",
    "# Head\n=====\n- list\n1. one\n    code",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_into_tasks_yml_does_nothing_but_stand_there(text: str) -> None:
    hostile = replace(TASKS[0], title=text, description=text, acceptance=(text,), paths=(text,))
    assert_harmless(literal(text))
    world = World(project(hostile))
    (created,) = world.sync()
    assert len(line(created).splitlines()) == 1
    body = world.of(CONTRACT).body
    assert task_of(body) == CONTRACT
    assert re.findall("<!-- kerrigan:[a-z]+", body) == [
        f"<!-- kerrigan:{x}" for x in ("task", "begin", "written", "end")
    ]
    assert world.sync() == ()


def assert_harmless(safe: str) -> None:
    """Nothing that GitHub would find in what is rendered: backslashes gone, entities still apart."""
    rendered = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", safe)
    assert not re.search(r"@[A-Za-z0-9]", rendered)
    assert not re.search(r"(?<!&)#\d", rendered)
    assert not re.search(r"(?i)gh-\d", rendered)
    assert "://" not in rendered
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>`*_\[\]|~]", safe)
    assert not re.search(r"(?<!\\)&(?!#8203;)", safe)
    assert not re.search(r"(?m)^\s*(?:[-+=#]|\d+[.)])\s", safe)


@given(st.text(alphabet=st.sampled_from("@#/:-<>!&`*_[]|~\\gGhH1a \n\t.)=+$\u200b\u202e\r")))
@settings(max_examples=300)
def test_no_text_is_harmful(text: str) -> None:
    assert_harmless(literal(text))


def test_plain_words_stay_readable() -> None:
    assert literal("Serve `GET /list`, as JSON.\n\n\n\n1. first\n  - second") == (
        "Serve \\`GET /list\\`, as JSON.\n\n1\\. first\n\\- second"
    )


def test_a_description_without_end_is_cut() -> None:
    world = World(project(replace(TASKS[0], title="t" * 999, description="@ada " * 20_000)))
    world.sync()
    assert len(world.of(CONTRACT).body) <= LONGEST_BODY
    assert len(world.of(CONTRACT).title) == 256
    assert "the rest is in tasks.yml" in world.of(CONTRACT).body
    assert world.sync() == ()


def test_a_task_without_a_title_is_called_by_its_id() -> None:
    assert title(replace(TASKS[0], title=" \n ")) == CONTRACT


TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
STATES = st.builds(
    lambda **tasks: state(**{name: standing(status) for name, status in tasks.items() if status}),
    **{name.partition("/")[2]: st.sampled_from([None, *Status]) for name in PLAN.tasks},
)
PEOPLE = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.booleans()),
        st.tuples(st.just("title"), TEXTS),
        st.tuples(
            st.just("labels"), st.lists(st.sampled_from(["bug", "status:done", "role:x"]), max_size=2).map(tuple)
        ),
        st.tuples(st.just("around"), TEXTS),
        st.tuples(st.just("inside"), TEXTS),
    ),
    max_size=4,
)


def meddle(world: World, task: str, what: str, value: object) -> None:
    try:
        body = world.of(task).body
    except StopIteration:
        return
    if what == "around":
        world.edit(task, body=f"{body}\n{value}")
    elif what == "inside":
        world.edit(task, body=body.replace("<!-- kerrigan:written", f"{value}\n<!-- kerrigan:written"))
    else:
        world.edit(task, **{what: value})


@settings(max_examples=150)
@given(st.lists(st.tuples(STATES, st.sampled_from(sorted(PLAN.tasks)), TEXTS, PEOPLE), min_size=1, max_size=4))
def test_after_a_sync_nothing_is_left_to_do(
    story: list[tuple[State, str, str, list[tuple[str, object]]]],
) -> None:
    world = World(project(*(_written(task) for task in TASKS)))
    for now, task, text, people in story:
        for what, value in people:
            meddle(world, task, what, value)
        changed: dict[str, Task] = {**world.project.tasks, task: replace(world.project.tasks[task], description=text)}
        world.project = project(*changed.values())
        before = {name: (issue.title, outside(issue.body)) for name, issue in world.issues.items()}
        world.sync(now)
        assert {name: (i.title, outside(i.body)) for name, i in world.issues.items() if name in before} == before
        assert {kind(change) for change in world.sync(now)} <= {"warn"}


def _written(task: Task) -> Task:
    return replace(task, acceptance=("it works",))


def outside(body: str) -> str:
    found = part_of(body)
    return body if found is None else with_part(body, "")
