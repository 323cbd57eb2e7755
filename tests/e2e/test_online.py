"""`kerrigan check --online`: issues and pull requests are looked up on the forge that origin names."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import TASKS, Desk, git, publish
from tests.seams.github_script import GitHub, scripted
from tests.seams.test_github_issues import issue

SPEC = "---\nkerrigan: 7\nrepositories:\n  - {name: web, url: https://github.com/acme/web}\n---\n# Todo\n\nA list.\n"
FOLDER = "specs/projects/todo"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A clone whose repository has a pull request, #1, and an issue, #2; acme/web has none of them."""
    monkeypatch.setenv("KERRIGAN_CACHE", str(tmp_path / "cache"))
    desk = Desk(tmp_path, publish(tmp_path), "ada")
    for verb in ("claim", "start"):
        assert desk.kerrigan("task", verb, "todo/contract").returncode == 0
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    assert desk.kerrigan("task", "submit", "todo/contract").returncode == 0
    desk.git("checkout", "-q", "main")
    assert desk.kerrigan("issues", "sync").returncode == 0
    git("init", "-q", "--bare", "-b", "main", str(tmp_path / "forge" / "acme" / "web.git"), cwd=tmp_path)
    desk.path.joinpath(FOLDER, "spec.md").write_text(SPEC)
    return desk


def online(desk: Desk, needs: str, *words: str) -> list[tuple[str, str]]:
    """The codes and messages of a check in which a task waits for these."""
    desk.path.joinpath(FOLDER, "tasks.yml").write_text(TASKS.replace("[contract]", f"[{needs}]"))
    done = desk.kerrigan("check", "--online", "--json", *words)
    found: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
    assert {(each["line"], each["column"] > 17) for each in found} <= {(10, True)}
    return [(each["code"], each["message"]) for each in found]


def test_what_is_there_is_fine_and_what_is_not_is_unknown(desk: Desk) -> None:
    assert online(desk, '"#1", "#2"') == []
    assert online(desk, '"todo:#1", "acme/todo#2"') == []
    assert online(desk, '"#1", "#77", "web:#1"') == [
        ("unknown-dependency", "acme/todo has no issue or pull request #77"),
        ("unknown-dependency", "acme/web has no issue or pull request #1"),
    ]
    assert desk.kerrigan("check").returncode == 0


def labelled(desk: Desk, kind: str, number: int, *labels: str) -> None:
    """What someone does to the labels of an issue or pull request of acme/todo."""
    record = desk.path.parent / "forge" / "acme" / "todo.git" / "kerrigan" / kind / f"{number}.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"labels": labels}))


def drift(desk: Desk, *words: str) -> list[tuple[str, int, str, str]]:
    """The code, line, message and hint of everything that a check with --state says."""
    desk.git("checkout", "-q", ".")
    done = desk.kerrigan("check", "--state", "--json", *words)
    found = json.loads(done.stdout)["diagnostics"]
    return [(each["code"], each["line"], each["message"], each["hint"]) for each in found]


def test_a_label_that_says_another_status_than_the_journal_is_stale(desk: Desk) -> None:
    assert drift(desk, "--online") == []
    labelled(desk, "pulls", 1, "Status:Working", "role:swe", "bug")
    labelled(desk, "issues", 2, "status:open", "status:testing")
    assert drift(desk) == []
    assert drift(desk, "--online") == [
        (
            "stale-label",
            3,
            "'contract' is testing, and the label of acme/todo#1 says 'status:working'",
            "kerrigan reconcile",
        ),
        (
            "stale-label",
            3,
            "'contract' is testing, and the label of acme/todo#2 says 'status:open'",
            "kerrigan issues sync",
        ),
    ]
    for command in (("reconcile",), ("issues", "sync")):
        assert desk.kerrigan(*command).returncode == 0
    assert drift(desk, "--online") == []


def test_what_a_label_asks_for_and_one_that_is_missing_are_no_drift(desk: Desk) -> None:
    labelled(desk, "pulls", 1, "kerrigan:retry", "role:testing", "agent:go")
    labelled(desk, "issues", 2)
    assert drift(desk, "--online") == []


def test_labels_that_cannot_be_listed_are_undecided(desk: Desk, tmp_path: Path) -> None:
    record = tmp_path / "forge" / "acme" / "todo.git" / "kerrigan" / "issues" / "2.json"
    record.write_text("{")
    [(code, line, message, _)] = drift(desk, "--online")
    assert (code, line) == ("undecided", 3)
    assert message.startswith("cannot tell what the labels in acme/todo say: ")
    assert "2.json is damaged" in message


def test_a_repository_that_the_forge_lacks_is_undecided(desk: Desk, tmp_path: Path) -> None:
    [(code, message)] = online(desk, '"acme/gone#3", "#1"')
    assert code == "undecided"
    place = tmp_path / "forge" / "acme" / "gone"
    assert message == f"cannot tell whether there is acme/gone#3: there is no git repository at {place}.git"


def test_a_record_that_is_damaged_is_undecided_and_no_other(desk: Desk, tmp_path: Path) -> None:
    record = tmp_path / "forge" / "acme" / "todo.git" / "kerrigan" / "issues" / "2.json"
    record.write_text("{")
    [(code, message)] = online(desk, '"#1", "#2"')
    assert (code, "2.json is damaged" in message) == ("undecided", True)


def test_clones_and_the_forge_answer_together(desk: Desk, tmp_path: Path) -> None:
    desk.git("clone", "-q", "--bare", ".", str(tmp_path / "clones" / "todo.git"))
    said = online(desk, '"#1", "#77", site/page', "--repositories", str(tmp_path / "clones"))
    assert [code for code, _ in said] == ["unknown-dependency", "undecided"]
    assert said[1][1].endswith("acme/web shows no commit on its default branch")
    assert online(desk, '"#1"', "--repositories", str(tmp_path / "clones")) == []


GUIDE = "# Guide\n\n## The list\n"
PLAN = "kerrigan: 7\ntasks:\n  - {{id: page, title: Show it, role: swe, depends_on: [{}]}}\n"


@pytest.fixture
def web(desk: Desk, tmp_path: Path) -> Desk:
    """A clone of acme/web, which has a guide, a link to it, and a project that waits for one of acme/todo."""
    web = Desk(tmp_path, tmp_path / "forge" / "acme" / "web.git", "web")
    files = {
        "docs/guide.md": GUIDE,
        "specs/projects/site/spec.md": SPEC,
        "specs/projects/site/tasks.yml": PLAN.format(""),
    }
    for path, text in files.items():
        web.path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        web.path.joinpath(path).write_text(text)
    for link, target in (("docs/link.md", "guide.md"), ("docs/out.md", "../../x.md"), ("docs/loop.md", "loop.md")):
        web.path.joinpath(link).symlink_to(target)
    publish_all(web)
    return web


def publish_all(web: Desk) -> None:
    web.git("checkout", "-q", "-B", "main")
    web.git("add", ".")
    web.git("commit", "-q", "-m", "Write")
    web.git("push", "-q", "origin", "main")


def refer(desk: Desk, *links: str) -> list[tuple[str, str]]:
    """The codes and messages of a check of a spec with these links."""
    spec = SPEC + "".join(f"See [it]({link}).\n" for link in links)
    desk.path.joinpath(FOLDER, "spec.md").write_text(spec)
    done = desk.kerrigan("check", "--online", "--json")
    return [(each["code"], each["message"]) for each in json.loads(done.stdout)["diagnostics"]]


def test_files_and_headings_are_read_on_the_forge(desk: Desk, web: Desk) -> None:
    there = ["docs/guide.md", "docs/guide.md#the-list", "docs/link.md#the-list", "docs", "specs/projects/site"]
    for _ in range(2):
        assert refer(desk, *(f"web:{path}" for path in there), f"todo:{FOLDER}/tasks.yml") == []
    broken = ["web:docs/lost.md", "acme/web:docs/guide.md#a-list", "web:docs/../../x.md", "todo:gone.md"]
    assert refer(desk, *broken) == [
        ("broken-reference", "acme/web has no docs/lost.md"),
        ("broken-reference", "docs/guide.md of acme/web has no heading '#a-list'"),
        ("broken-reference", "docs/../../x.md leads out of acme/web"),
        ("broken-reference", "acme/todo has no gone.md"),
    ]
    said = refer(desk, "web:docs/out.md", "web:docs/loop.md", "acme/gone:x.md")
    assert [code for code, _ in said] == ["undecided"] * 3
    assert said[0][1].endswith("docs/out.md is a link that leads out of acme/web")
    assert "there is no git repository at" in said[2][1]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a%00b.md", "undecided"),
        ("a%0Ab.md", "broken-reference"),
        ("--help", "broken-reference"),
        ("docs/%2e%2e/%2e%2e/x", "broken-reference"),
        ("docs/guid%3f.md", "broken-reference"),
        ("a/" * 2000, "broken-reference"),
    ],
)
def test_odd_names_are_looked_for_as_they_are(desk: Desk, web: Desk, name: str, code: str) -> None:
    assert [found for found, _ in refer(desk, f"web:{name}", f"web:{name}#x")] == [code, code]


def test_a_file_whose_content_is_lost_is_undecided(desk: Desk, web: Desk, tmp_path: Path) -> None:
    blob = web.git("rev-parse", "HEAD:docs/guide.md")
    (tmp_path / "forge" / "acme" / "web.git" / "objects" / blob[:2] / blob[2:]).unlink()
    [(code, message)] = refer(desk, "web:docs/guide.md", "web:docs")
    assert (code, message.endswith("web.git has lost the content of docs/guide.md")) == ("undecided", True)


def test_a_heading_that_went_is_missed_as_soon_as_it_is_pushed(desk: Desk, web: Desk) -> None:
    assert refer(desk, "web:docs/guide.md#the-list") == []
    web.path.joinpath("docs/guide.md").write_text("# Guide\n")
    assert refer(desk, "web:docs/guide.md#the-list") == []
    publish_all(web)
    assert [code for code, _ in refer(desk, "web:docs/guide.md#the-list")] == ["broken-reference"]


def test_projects_of_the_repositories_in_spec_md_are_read_there(desk: Desk, web: Desk) -> None:
    assert online(desk, "site/page") == []
    assert online(desk, "site/pages, sight/page") == [
        ("unknown-dependency", "unknown task 'site/pages'"),
        ("unknown-dependency", "unknown project 'sight'"),
    ]
    plan = web.path / "specs/projects/site/tasks.yml"
    plan.write_text(PLAN.format("todo/screen"))
    publish_all(web)
    [(code, message)] = online(desk, "site/page")
    assert (code, "across acme/todo and acme/web" in message) == ("dependency-cycle", True)
    assert "acme/web:specs/projects/site/tasks.yml:3:" in desk.kerrigan("check", "--online").stdout
    sarif = desk.kerrigan("check", "--online", "--format", "sarif").stdout
    assert ("acme/web:specs/projects/site/tasks.yml:3:" in sarif, "acme/web%3A" in sarif) == (True, False)
    plan.write_text("tasks: [")
    publish_all(web)
    [(code, message)] = online(desk, "site/page")
    assert (code, "specs/projects/site/tasks.yml of acme/web cannot be read" in message) == ("undecided", True)


def test_only_what_is_new_is_told_with_since(desk: Desk) -> None:
    assert len(online(desk, '"#77"', "--since", "HEAD")) == 1
    desk.git("commit", "-q", "-a", "-m", "Wait")
    assert online(desk, '"#77"', "--since", "HEAD") == []


def test_a_forge_that_is_gone_is_undecided(desk: Desk, tmp_path: Path) -> None:
    shutil.move(tmp_path / "forge", tmp_path / "away")
    assert [code for code, _ in online(desk, '"#1", "web:#1"')] == ["undecided", "undecided"]


def test_a_forge_that_does_not_answer_is_asked_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "http://127.0.0.1:9")
    desk.git("remote", "set-url", "origin", "http://127.0.0.1:9/acme/todo")
    said = online(desk, '"#1", "#2", "web:#1"')
    assert {code for code, _ in said} == {"undecided"}
    assert {message.partition(": ")[2] for _, message in said} == {"no answer from 127.0.0.1:9: Connection refused"}


@pytest.fixture
def github(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """The scripted GitHub, as the forge of the desk: #1 is an issue of acme/todo, and there is no other."""
    with scripted() as github:
        for name in ("GITHUB_SERVER_URL", "GITHUB_API_URL"):
            monkeypatch.setenv(name, github.url)
        desk.git("remote", "set-url", "origin", f"{github.url}/acme/todo")
        github.get("/repos/acme/todo", {"default_branch": "main"})
        github.get("/repos/acme/todo/issues", [{"number": 1}])
        github.undescribed("/repos/acme/todo/issues/1", issue(1))
        yield github


def test_github_is_asked_by_reads_alone_and_with_no_token_too(desk: Desk, github: GitHub) -> None:
    [(code, message)] = online(desk, '"#1", "#2"')
    assert (code, message) == ("unknown-dependency", "acme/todo has no issue or pull request #2")
    assert {seen.verb for seen in github.seen} == {"GET"}
    assert [seen for seen in github.seen if "authorization" in seen.headers] == []


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_there_is_kept_unless_nobody_wants_that(
    desk: Desk, github: GitHub, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    if not kept:
        monkeypatch.setenv("KERRIGAN_CACHE", "")
    assert online(desk, '"#1"') == []
    monkeypatch.setenv("KERRIGAN_TOKEN", "ghp_anotherToken")
    assert online(desk, '"#1"') == []
    asked = [seen.path for seen in github.seen]
    assert asked == ["/repos/acme/todo/issues/1", "/repos/acme/todo/issues" if kept else "/repos/acme/todo/issues/1"]


def test_without_a_remote_the_next_step_is_named(desk: Desk) -> None:
    desk.git("remote", "remove", "origin")
    done = desk.kerrigan("check", "--online")
    assert done.returncode == 3
    assert "next: git remote add origin" in done.stderr
