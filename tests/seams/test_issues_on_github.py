"""A whole sync over GitHub's API: what is read, what is written, and what is left when something is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.setup.issues import carry_out, plan, trusted
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import read
from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import discover
from kerrigan.model.forge.body import task_of
from kerrigan.model.forge.issue import Change, Create, Issue, Warn
from tests.e2e.desk import TASKS, Desk, git, publish
from tests.seams.github_script import DROPPED, NOT_FOUND, GitHub, Reply, forge_on, refused, scripted
from tests.seams.test_github_issues import issue

REPO = "/repos/acme/todo"
ISSUES = f"{REPO}/issues"
PERMISSION = f"{REPO}/collaborators/ada/permission"


@dataclass
class Scene:
    """A project in git, its issues on GitHub."""

    site: Site
    github: GitHub
    told: list[str]

    def push(self, tasks: str) -> None:
        root = self.site.clone.root
        (root / "specs" / "projects" / "todo" / "tasks.yml").write_text(tasks)
        git("commit", "-qam", "Plan more", cwd=root)
        git("push", "-q", "origin", "main", cwd=root)

    def sync(self) -> list[Change]:
        planned = plan(self.site, read(self.site, "todo"))
        done = list(carry_out(self.site, planned))
        if planned.failed:
            raise planned.failed
        return done

    def writes(self) -> list[tuple[str, str]]:
        return [(seen.verb, seen.path.removeprefix(REPO)) for seen in self.github.seen if seen.verb != "GET"]

    def made(self) -> list[dict[str, Any]]:
        """What was sent to open issues, as GitHub lists it from then on."""
        sent = [seen.body for seen in self.github.seen if (seen.verb, seen.path) == ("POST", ISSUES)]
        return [
            issue(number, title=body["title"], body=body["body"], labels=[{"name": name} for name in body["labels"]])
            for number, body in enumerate(sent, 1)
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    bare = publish(tmp_path)
    clone = discover(Desk(tmp_path, bare, "ada").path)
    told: list[str] = []
    with scripted() as github, forge_on(github) as forge:
        github.get(REPO, {"default_branch": "main"})
        github.get("/user", {"login": "bo", "type": "User"})
        github.get(ISSUES, [])
        github.get(PERMISSION, {"permission": "write"})
        github.on("POST", ISSUES, Reply(201, issue(1)), Reply(201, issue(2)))
        github.on("POST", f"{ISSUES}/2/dependencies/blocked_by", Reply(201, issue(2)))
        yield Scene(Site(clone, forge, "acme/todo", told.append, told.append, origin=str(bare)), github, told)


def test_a_second_sync_writes_nothing(scene: Scene) -> None:
    assert [change.number for change in scene.sync()] == [1, 2, 2]
    assert scene.writes() == [("POST", "/issues"), ("POST", "/issues"), ("POST", "/issues/2/dependencies/blocked_by")]
    scene.github.get(ISSUES, scene.made())
    scene.github.get(f"{ISSUES}/2/dependencies/blocked_by", [issue(1)])
    scene.github.seen.clear()
    assert scene.sync() == []
    assert [seen.path for seen in scene.github.seen] == [
        ISSUES,
        PERMISSION,
        f"{ISSUES}/2/dependencies/blocked_by",
    ], "and it reads each thing once"


def test_a_github_without_dependencies_is_told_once(scene: Scene) -> None:
    scene.push(f"{TASKS}  - id: launch\n    title: Launch\n    role: swe\n    depends_on: [screen]\n")
    scene.github.on("POST", ISSUES, *(Reply(201, issue(number)) for number in (1, 2, 3)))
    scene.github.on("POST", f"{ISSUES}/2/dependencies/blocked_by", NOT_FOUND)
    assert [type(change) for change in scene.sync()] == [Create, Create, Create]
    assert len([line for line in scene.told if "blocked by another" in line]) == 1
    scene.github.get(ISSUES, scene.made())
    scene.told.clear()
    scene.github.seen.clear()
    assert scene.sync() == []
    assert scene.writes() == []
    assert len([line for line in scene.told if "blocked by another" in line]) == 1


def test_what_is_refused_keeps_nothing_else_from_being_done(scene: Scene) -> None:
    scene.github.on("POST", ISSUES, refused(422, "Validation Failed"), Reply(201, issue(2)))
    planned = plan(scene.site, read(scene.site, "todo"))
    assert [change.task for change in carry_out(scene.site, planned)] == ["todo/screen"]
    assert isinstance(planned.failed, UnreadableError)
    assert "Validation Failed" in planned.failed.message
    assert any(line.startswith("todo/contract is not as it should be") for line in scene.told)


def test_a_lost_answer_ends_the_sync_and_the_next_finds_the_issue(scene: Scene) -> None:
    scene.github.on("POST", ISSUES, DROPPED)
    with pytest.raises(UndecidedError):
        scene.sync()
    scene.github.get(ISSUES, scene.made())
    scene.github.on("POST", ISSUES, Reply(201, issue(2)))
    assert [(type(change).__name__, change.task) for change in scene.sync()] == [
        ("Create", "todo/screen"),
        ("Block", "todo/screen"),
    ]


@pytest.mark.parametrize(("fault", "kind"), [(NOT_FOUND, UnreadableError), (refused(403, "no"), UndecidedError)])
def test_a_repository_that_cannot_be_read_gets_no_second_issues(scene: Scene, fault: Reply, kind: type) -> None:
    scene.github.on("GET", ISSUES, fault)
    with pytest.raises(kind):
        scene.sync()
    assert scene.writes() == []
    assert any("acme/todo are left as they are" in line for line in scene.told)


def test_a_body_that_somebody_edits_meanwhile_is_not_overwritten(scene: Scene) -> None:
    scene.sync()
    contract, screen = scene.made()
    emptied = contract | {
        "body": "<!-- kerrigan:task todo/contract -->\n<!-- kerrigan:begin -->\n<!-- kerrigan:end -->"
    }
    scene.github.get(ISSUES, [emptied, screen])
    scene.github.get(f"{ISSUES}/2/dependencies/blocked_by", [issue(1)])
    scene.github.get(f"{ISSUES}/1", emptied | {"body": "I am writing."})
    scene.github.seen.clear()
    assert scene.sync() == []
    assert scene.writes() == []
    assert any("changed just now" in line for line in scene.told)
    scene.github.get(f"{ISSUES}/1", emptied)
    scene.github.on("PATCH", f"{ISSUES}/1", Reply(200, {}))
    assert [type(change).__name__ for change in scene.sync()] == ["Rewrite"]
    assert scene.github.seen[-1].body == {"body": contract["body"].rstrip("\n")}


def test_a_strangers_issue_is_left_alone(scene: Scene) -> None:
    scene.sync()
    contract, screen = scene.made()
    stranger = {"user": {"login": "mallory", "type": "User"}}
    fakes = [screen | stranger | {"number": number} for number in (8, 9)]
    scene.github.get(ISSUES, [contract | stranger, screen, *fakes])
    scene.github.get(f"{REPO}/collaborators/mallory/permission", {"permission": "read"})
    scene.github.get(f"{ISSUES}/2/dependencies/blocked_by", [issue(1)])
    scene.github.seen.clear()
    (warning,) = scene.sync()
    assert isinstance(warning, Warn)
    assert (warning.task, warning.number) == ("todo/contract", 1)
    assert scene.writes() == []
    assert len(scene.github.seen) == 4, "a stranger's issues cost one look at who that is, however many there are"


@pytest.mark.parametrize(
    ("author", "by_app", "expected"),
    [("ada", False, True), ("Bo", False, True), ("x[bot]", True, True), ("mallory", False, False), ("", False, False)],
)
def test_whose_marker_counts(scene: Scene, author: str, by_app: bool, expected: bool) -> None:
    opened = Issue("acme/todo", 1, 1, "x", author=author, by_app=by_app)
    assert trusted(scene.site, read(scene.site, "todo"), opened) is expected


@pytest.mark.parametrize(
    ("body", "task"),
    [
        ("<!-- kerrigan:task todo/contract -->", "todo/contract"),
        ("Mine.\r\n<!-- kerrigan:task todo/contract -->\r\n<!-- kerrigan:begin -->", "todo/contract"),
        ("see `<!-- kerrigan:task todo/contract -->`", None),
        ("<!-- kerrigan:task ../etc -->", None),
        ("", None),
    ],
)
def test_the_task_of_a_body(body: str, task: str | None) -> None:
    assert task_of(body) == task
