"""Projects are read from what people wrote, right or wrong: nothing raises, and nothing unread makes a task ready."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.load.dependency import parse_dependency
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import parse_all, project
from kerrigan.load.workspace import workspace
from kerrigan.model.checks.source import Document, NoPlaces, Span
from kerrigan.model.project import (
    Agent,
    Brake,
    Dependency,
    DependencyKind,
    Limits,
    Permission,
    Project,
    Repository,
    Workspace,
)

SPEC = """\
---
kerrigan: 7  # opt in
repositories:
  - {name: api, url: "https://github.com/acme/todo-api.git", role: backend}
  - url: https://github.com/acme/Todo_Web/
budget: {usd: 25.5}
---
# Todo

A list.
"""
TASKS = """\
kerrigan: 7
tasks:
  - id: contract
    title: Agree the API contract
    role: architect
    estimate: {usd: 2}
  - id: screen
    title: Show the list
    role: swe
    repository: todo-web
    depends_on: [contract, "~design/colours", "#12", "api:#3", "external: legal sign-off"]
    paths: [src/**]
    risk: medium
  - id: screen
    title: A second one
    role: swe
"""


def read(spec: str = SPEC, tasks: str = TASKS, status: str | None = None) -> Project:
    texts = {"spec.md": spec, "tasks.yml": tasks, **({"status.json": status} if status else {})}
    return project("todo", "specs/projects/todo", parse_all("specs/projects/todo", texts), "acme/todo-api")


def test_a_project_is_what_its_files_say() -> None:
    todo = read(status='{"status": "blocked", "blocked_reason": "audit"}')
    assert (todo.title, todo.format, todo.budget_usd) == ("Todo", 7, Decimal("25.5"))
    assert todo.brake == Brake("blocked", "audit")
    assert {name: entry.slug for name, entry in todo.repositories.items()} == {
        "api": "acme/todo-api",
        "todo-web": "acme/Todo_Web",
    }
    assert list(todo.tasks) == ["todo/contract", "todo/screen"]


def test_a_task_is_what_its_entry_says_and_the_first_of_two_counts() -> None:
    contract, screen = read().tasks.values()
    assert (contract.repository, contract.risk, contract.estimate_usd) == ("api", "low", Decimal(2))
    assert (screen.title, screen.repository, screen.risk, screen.paths) == (
        "Show the list",
        "todo-web",
        "medium",
        ("src/**",),
    )
    assert (screen.path, screen.span) == ("specs/projects/todo/tasks.yml", Span(7, 9, 7, 15))
    assert [entry.target for entry in screen.depends_on] == [
        "todo/contract",
        "design/colours",
        "acme/Todo_Web#12",
        "acme/todo-api#3",
        "legal sign-off",
    ]
    assert screen.depends_on[1].span == Span(11, 28, 11, 45)
    assert [entry.target for entry in screen.hard] == [
        entry.target for entry in screen.depends_on if entry.text != "design/colours"
    ]


REPOSITORIES = {"api": Repository("api", "acme/todo-api")}


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("contract", DependencyKind.task, "todo/contract"),
        ("design/colours", DependencyKind.task, "design/colours"),
        ("#12", DependencyKind.issue, "acme/web#12"),
        ("other/repo.js#7", DependencyKind.issue, "other/repo.js#7"),
        ("api:#3", DependencyKind.issue, "acme/todo-api#3"),
        ("external:legal sign-off", DependencyKind.external, "legal sign-off"),
    ],
)
def test_every_form_of_a_dependency_hard_and_soft(text: str, kind: DependencyKind, target: str) -> None:
    assert parse_dependency(text, "todo", REPOSITORIES, "acme/web") == Dependency(text, kind, target)
    assert parse_dependency(f"~{text}", "todo", REPOSITORIES, "acme/web") == Dependency(text, kind, target, soft=True)


@pytest.mark.parametrize(
    "text",
    ["", "~", "Contract", "a b", "a/b/c", "../x", "../..#1", "#0", "#x", "nobody:#3", "external:", "a" * 64],
)
def test_what_is_no_dependency(text: str) -> None:
    assert parse_dependency(text, "todo", REPOSITORIES, "acme/web") is None


def test_a_dependency_that_cannot_be_read_still_blocks() -> None:
    tasks = "kerrigan: 7\ntasks:\n- {id: a, title: A, role: swe, depends_on: [{external: x}, null, Not A Task]}\n"
    hard = read(tasks=tasks).tasks["todo/a"].hard
    assert [entry.kind for entry in hard] == [DependencyKind.external] * 3
    assert hard[1].target == "entry 2 of depends_on, which cannot be read"


def test_the_home_repository_needs_no_entry() -> None:
    todo = project("todo", "f", parse_all("f", {"spec.md": "# Todo", "tasks.yml": TASKS}), "acme/The.App")
    assert todo.repositories == {"the-app": Repository("the-app", "acme/The.App")}
    assert todo.slug(todo.tasks["todo/contract"]) == "acme/The.App"


def test_a_project_without_the_mark_is_one_of_the_old_format_without_tasks() -> None:
    old = read("# Spec: Todo\n", "tasks:\n- {id: a, title: A, role: swe}\n")
    assert (old.format, old.title, old.tasks) == (1, "Spec: Todo", {})


@pytest.mark.parametrize("name", ["../../x", "a/b", "A", "a b", "-a", "a\n", 7, None])
def test_an_id_that_could_be_no_branch_makes_no_task(name: object) -> None:
    data = {"kerrigan": 7, "tasks": [{"id": name, "title": "A", "role": "swe"}]}
    assert project("todo", "f", {"tasks.yml": Document("f/tasks.yml", "", data, NoPlaces())}, "a/b").tasks == {}


@pytest.mark.parametrize(
    "url", ["https://github.com/../..", "https://x/-/a", "nonsense", "", "https://github.com/a/b c"]
)
def test_an_address_that_names_no_repository_makes_none(url: str) -> None:
    data = {"kerrigan": 7, "repositories": [{"name": "x", "url": url}]}
    assert "x" not in project("todo", "f", {"spec.md": Document("f/spec.md", "", data, NoPlaces())}, "a/b").repositories


def test_a_workspace_has_a_default_for_everything() -> None:
    assert workspace(None) == workspace(parse_yaml("k", "limits: 3\nprojects: ../x\nhome: [a]\n")) == Workspace()


def test_a_workspace_is_what_its_file_says() -> None:
    text = """\
kerrigan: 7
home: acme/todo-api
projects: planning/
agents: {claude: {roles: [swe]}, codex: {}}
people: {ada: admin, bo: boss}
claims: {lease: 90m}
limits: {attempts: 1, review_cycles: 0, retry_after: 250ms}
dispatch: {acknowledge_within: 2d, attempts: 9}
dependencies: {satisfied_by: approved}
"""
    assert workspace(parse_yaml("k", text)) == Workspace(
        home="acme/todo-api",
        projects="planning",
        agents={"claude": Agent("claude", ("swe",)), "codex": Agent("codex")},
        people={"ada": Permission.admin, "bo": Permission.none},
        lease=5400.0,
        attempts=1,
        review_cycles=3,
        retry_after=0.25,
        acknowledge_within=172800.0,
        dispatches=9,
        satisfied_by="approved",
    )


def test_a_workspace_says_what_agents_may_do() -> None:
    text = """\
autonomy: 1
limits: {parallel: 10, roles: {swe: 3, docs: 0}, agents: {Claude: 2}, failures_in_a_row: 2}
gates: {autonomy: labels, protected: ["db/**"], forbidden: [.github/**]}
roles: {swe: {paths: [src/**]}, docs: {produces: [docs/a.md]}}
"""
    assert workspace(parse_yaml("k", text)) == Workspace(
        level=1,
        limits=Limits(10, {"swe": 3}, {"claude": 2}, 2),
        autonomy="labels",
        protected=("db/**",),
        forbidden=(".github/**",),
        territory={"swe": ("src/**",), "docs": ()},
        produces={"swe": (), "docs": ("docs/a.md",)},
    )


@pytest.mark.parametrize("level", ["6", "-1", "true", "'3'", "null", "[]"])
def test_an_autonomy_level_that_cannot_be_read_lets_agents_go_nowhere(level: str) -> None:
    assert workspace(parse_yaml("k", f"autonomy: {level}\n")).level == 0


WORDS = [
    *(
        "kerrigan",
        "tasks",
        "repositories",
        "id",
        "title",
        "role",
        "depends_on",
        "name",
        "url",
        "budget",
        "usd",
        "status",
    ),
    *("limits", "people", "agents", "roles", "dependencies", "satisfied_by", "claims", "lease", "dispatch", "attempts"),
]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([*WORDS, "7", "a/b"])
    | st.just(7),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=200)
@given(spec=ANYTHING, tasks=ANYTHING, status=ANYTHING)
def test_whatever_the_files_hold_there_is_a_project(spec: object, tasks: object, status: object) -> None:
    data = {"spec.md": spec, "tasks.yml": tasks, "status.json": status}
    documents = {file: Document(file, "", value, NoPlaces()) for file, value in data.items()}
    assert project("todo", "f", documents, "acme/todo").repositories
    assert workspace(documents["spec.md"]).attempts > 0
