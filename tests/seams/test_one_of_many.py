"""What cannot be read of one project or one repository keeps nothing else from being looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerrigan.apply.events.reconcile import reconcile, reconcile_each
from kerrigan.apply.state.stage import project_names
from kerrigan.errors import UnreadableError
from kerrigan.git.repo import git
from kerrigan.model.event import EventType
from kerrigan.model.state import Status
from tests.seams.github_script import Reply, scripted
from tests.seams.site_on_github import HEAD, REPO, Hub, hub_on, proposed, repository

SPEC = """\
---
kerrigan: 7
repositories: [{name: api, url: 'https://github.com/acme/api'}, {name: web, url: 'https://github.com/acme/web'}]
---
# Todo

A list that two people share.
"""
TASKS = """\
kerrigan: 7
tasks:
  - {id: aside, title: Show it, role: swe, repository: web, risk: medium}
  - {id: contract, title: Agree the API contract, role: architect, repository: api, risk: medium}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    plan = {
        f"specs/projects/{name}/{file}": text
        for name in ("a-broken", "todo")
        for file, text in (("spec.md", SPEC), ("tasks.yml", TASKS))
    }
    return repository(tmp_path, "api", plan)


@pytest.fixture
def hub(home: Path) -> Iterator[Hub]:
    """A task in review, whose approval on GitHub no event has told of."""
    with scripted() as github, hub_on(github, home.parent / "acme" / "api.git", home) as hub:
        github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, text="{}"))
        github.on("POST", f"{REPO}/issues/5/labels", Reply(200, text="[]"))
        hub.submitted(by="ada")
        hub.happened(EventType.tests_passed, head=HEAD)
        hub.shows(proposed())
        hub.tip()
        hub.may(ben="write")
        hub.reviewed(5, ("ben", "APPROVED", HEAD))
        yield hub


def test_a_journal_that_cannot_be_read_keeps_no_other_project_waiting(hub: Hub, home: Path) -> None:
    git("switch", "-q", "--orphan", "damaged", cwd=home)
    home.joinpath("log").mkdir()
    home.joinpath("log/000001.jsonl").write_text("no event\n")
    git("add", ".", cwd=home)
    git("commit", "-q", "-m", "Damage it", cwd=home)
    git("push", "-q", "origin", "HEAD:kerrigan-state/a-broken", cwd=home)
    names = project_names(hub.site)
    assert list(names) == ["a-broken", "todo"], "the damaged one comes first"
    with pytest.raises(UnreadableError):
        reconcile_each(hub.site, names)
    assert hub.standing().status is Status.approved
    assert any(line.startswith("a-broken is left as it is: ") for line in hub.told)


def test_a_repository_that_cannot_be_looked_at_keeps_no_other_task_waiting(hub: Hub) -> None:
    hub.happened(EventType.claimed, "bo", "todo/aside", lease_until="2999-01-01T00:00:00.000Z")
    hub.happened(EventType.started, "bo", "todo/aside")
    branch = "kerrigan/todo/aside"
    hub.happened(EventType.submitted, "bo", "todo/aside", repository="acme/web", number=1, head="b" * 40, branch=branch)
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.approved
    assert hub.standing("todo/aside").status is Status.testing
    assert any(line.startswith("todo/aside is left as it is: ") for line in hub.told)
