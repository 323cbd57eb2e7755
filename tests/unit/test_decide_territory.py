"""What a task's pull request may change, and that files nobody could read are neither a pass nor a violation."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.gate import gate
from kerrigan.decide.limits.territory import trespasses_of_agent
from kerrigan.model.decision import Verdict
from kerrigan.model.forge.facts import Facts, PullRequest
from kerrigan.model.project import Task
from kerrigan.model.state import Status
from tests.unit.decide_stage import HEAD, WORKSPACE, project, standing, state

PULL = PullRequest("acme/api", 7, "kerrigan/todo/a", HEAD, "codex")
ROLES = {"swe": ("src/**",), "docs": ("docs/**", "*.md")}


def judge(
    changed: tuple[str, ...] | None,
    paths: tuple[str, ...] = (),
    role: str | None = None,
    status: Status = Status.approved,
    **rules: Any,
) -> Verdict:
    plan = project(Task("todo/a", "A", "swe", "api", paths=paths))
    before = state(a=standing(status, role=role))
    return gate(plan, replace(WORKSPACE, **rules), before, replace(PULL, changed=changed), Facts())


@pytest.mark.parametrize(
    ("changed", "more", "words"),
    [
        (
            ("src/a.py", "docs/srcery.md"),
            {"paths": ("src/*",)},
            "changes docs/srcery.md, outside of the paths of todo/a",
        ),
        (("src/a.py", ".github/ci.yml"), {"forbidden": (".github/**",)}, "changes .github/ci.yml, which no task may"),
        (("docs/a.md",), {"territory": ROLES}, "changes docs/a.md, outside of what the role 'swe' may change"),
        (("a", "b", "c", "d", "e"), {"paths": ("src/*",)}, "changes a, b, c and 2 more, outside of the paths"),
        (
            ("db/1.sql",),
            {"protected": ("db/**",)},
            "changes db/1.sql, which is protected, and the paths of todo/a do not",
        ),
    ],
)
def test_a_file_that_is_not_the_tasks_is_a_violation(
    changed: tuple[str, ...], more: dict[str, Any], words: str
) -> None:
    verdict = judge(changed, **more)
    assert (verdict.verdict, [r.kind for r in verdict.reasons]) == ("violation", ["paths"])
    assert words in verdict.reasons[0].message
    assert verdict.reasons[0].next


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        (("src/a.py",), {"paths": ("src/*",), "territory": ROLES, "forbidden": (".github/**",)}),
        (("anything",), {}),
        ((), {"paths": ("src/*",)}),
        (("anything",), {"territory": {"docs": ("docs/**",)}}),
        (("src/a.py", "docs/a.md"), {"territory": ROLES, "role": "docs"}),
        (("src/a.py", "docs/a.md"), {"territory": ROLES, "role": "testing"}),
        (("db/1.sql",), {"protected": ("db/**",), "paths": ("db/*.sql",)}),
        (("elsewhere",), {"paths": ("src/*",), "status": Status.done}),
    ],
)
def test_what_is_the_tasks_own_passes(changed: tuple[str, ...], more: dict[str, Any]) -> None:
    assert judge(changed, **more).verdict == "pass"


def test_every_rule_says_what_it_has_against_it() -> None:
    rules: dict[str, Any] = {"paths": ("src/*",), "territory": ROLES, "forbidden": (".github/**",)}
    assert len(judge((".github/a",), **rules).reasons) == 3


def test_files_that_nobody_could_read_leave_it_undecided_only_where_a_rule_asks() -> None:
    verdict = judge(None, paths=("src/*",))
    assert (verdict.verdict, verdict.reasons[0].message) == (
        "undecided",
        "the files that acme/api#7 changes could not be read",
    )
    assert judge(None).verdict == "pass"
    assert judge(None, paths=("src/*",), status=Status.in_review, level=0).verdict == "violation"


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".GitHub/CODEOWNERS", ".github"])
def test_what_github_obeys_is_not_pushed_for_an_agent(path: str) -> None:
    """A folder may be replaced by a link or a submodule of its name."""
    task = Task("todo/a", "A", "swe", "api")
    found = list(trespasses_of_agent(task, standing(Status.working), WORKSPACE, ("src/a.py", path)))
    assert [reason.message for reason in found] == [
        f"changes {path}, which an agent may only where the paths of todo/a name it",
        f"changes {path}, which an agent may only where it is protected",
    ]
    assert list(trespasses_of_agent(task, standing(Status.working), WORKSPACE, (".githubs", "a/.github/b"))) == []
