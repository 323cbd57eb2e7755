"""Labels that are compared with the journals, listed on a GitHub that follows a script."""

from dataclasses import replace

import pytest

from kerrigan.apply.checks.forge_lookups import ForgeLookups
from kerrigan.apply.checks.labels import labels
from kerrigan.github.forge import GitHubForge
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.siblings import LabelledTask
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import State, Status, Submission, TaskState
from tests.seams.github_script import SLUG, GitHub, refused
from tests.seams.test_github_issues import ISSUES, issue

WEB = "/repos/acme/web/issues"
SPEC = """\
---
kerrigan: 7
repositories:
  - {name: api, url: https://github.com/acme/api}
  - {name: web, url: https://github.com/acme/web}
  - {name: docs, url: https://github.com/acme/docs}
---
# Todo
"""
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree it, role: architect, repository: api}
  - {id: screen, title: Show it, role: swe, repository: web}
  - {id: guide, title: Explain it, role: docs, repository: docs}
"""


@pytest.fixture
def tree() -> Tree:
    """A project of which `contract` and `screen` are handed in, and nothing has happened to `guide`."""
    folder = "specs/projects/todo"
    found = load_tree({f"{folder}/spec.md": SPEC, f"{folder}/tasks.yml": TASKS}, SLUG, ())
    tasks = {
        "todo/contract": TaskState(Status.testing, submission=Submission(SLUG, 5, "1" * 40)),
        "todo/screen": TaskState(Status.approved, submission=Submission("Acme/Web", 6, "2" * 40)),
    }
    return replace(found, states={"todo": State(9, tasks=tasks)})


def marked(number: int, task: str, *names: str) -> object:
    return issue(number, body=f"<!-- kerrigan:task {task} -->\n", labels=[{"name": name} for name in names])


def test_each_repository_with_work_is_listed_once(github: GitHub, forge: GitHubForge, tree: Tree) -> None:
    github.undescribed(
        ISSUES, [marked(5, "todo/screen", "Status:Working", "bug"), marked(9, "todo/contract", "role:x")]
    )
    github.undescribed(WEB, [marked(6, "", "role:swe"), marked(7, "todo/screen", "status:open", "status:done")])
    assert labels(tree, ForgeLookups(forge), SLUG) == (
        (
            LabelledTask("todo/contract", f"{SLUG}#5", ("working",), "kerrigan reconcile"),
            LabelledTask("todo/screen", "acme/web#6", (), "kerrigan reconcile, in a clone of acme/web"),
            LabelledTask("todo/screen", "acme/web#7", ("open", "done"), "kerrigan issues sync"),
        ),
        {},
    )
    assert [seen.path for seen in github.seen] == [ISSUES, WEB]


def test_issues_that_are_no_tasks_or_stand_elsewhere_say_nothing(
    github: GitHub, forge: GitHubForge, tree: Tree
) -> None:
    wrong = [("todo/screen", 1), ("todo/gone", 2), ("shop/contract", 3), ("", 4)]
    github.undescribed(ISSUES, [marked(number, task, "status:done") for task, number in wrong])
    twice = [marked(number, "todo/screen", "status:done") for number in (8, 9)]
    github.undescribed(WEB, twice)
    shown, _ = labels(tree, ForgeLookups(forge), SLUG)
    assert [each.name for each in shown] == ["acme/web#8"]


def test_what_cannot_be_listed_is_told_and_the_rest_compared(github: GitHub, forge: GitHubForge, tree: Tree) -> None:
    github.on("GET", ISSUES, refused(403, "Resource not accessible by integration"))
    github.undescribed(WEB, [marked(6, "", "status:done")])
    shown, unlisted = labels(tree, ForgeLookups(forge), SLUG)
    assert [each.statuses for each in shown] == [("done",)]
    assert "Resource not accessible" in unlisted[SLUG]


def test_nobody_is_asked_without_journals(github: GitHub, forge: GitHubForge, tree: Tree) -> None:
    assert labels(replace(tree, states={}), ForgeLookups(forge), SLUG) == ((), {})
    assert github.seen == []
