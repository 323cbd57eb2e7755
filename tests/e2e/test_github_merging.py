"""What is handed in and does not merge, on the offline GitHub: over HTTP with a token, and in the real workflow."""

import subprocess
from pathlib import Path

import pytest

from tests.box import OfflineGitHub
from tests.e2e.chain import plain
from tests.e2e.hub import API, WEB, Person, labels, wait, world

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

CONTRACT = "kerrigan/todo/contract"


def git(person: Person, *words: str) -> str:
    """Run git in someone's clone, with their token."""
    ran = subprocess.run(
        ["git", *words], cwd=person.path, env=person.environment(), check=True, capture_output=True, text=True
    )
    return ran.stdout.strip()


def commit(person: Person, branch: str, text: str) -> str:
    """Commit another contract and push it to a branch, without force."""
    (person.path / "openapi.yml").write_text(text)
    git(person, "add", ".")
    git(person, "commit", "-q", "-m", "Write the contract")
    git(person, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    return git(person, "rev-parse", "HEAD")


def clash(person: Person, *, picked: bool) -> str:
    """Begin todo/contract and let main change what it changes; the tip of the task's branch comes back."""
    for verb in ("claim", "start"):
        person.json("task", verb, "todo/contract")
    shared = commit(person, CONTRACT, "openapi: 3.1.0\n")
    (person.path / "own").write_text("own\n")
    head = commit(person, CONTRACT, "openapi: 3.1.0\n")
    git(person, "switch", "-q", "--detach", "origin/main")
    if picked:
        git(person, "cherry-pick", "--no-commit", shared)
        git(person, "commit", "-q", "-m", "Picked")
    commit(person, "main", "openapi: 3.2.0\n")
    return head


def test_what_git_can_replay_is_pushed_with_the_token_and_handed_in(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    box = plain(offline_github)
    ada = Person(box, "ada", API, tmp_path)
    head = clash(ada, picked=True)
    elsewhere = Person(box, "ada", WEB, tmp_path)
    answer = elsewhere.json("task", "submit", "todo/contract")
    merged = box.tip(API, CONTRACT)
    assert (answer["task"]["status"], answer["event"]["data"]["head"]) == ("testing", merged)
    git(ada, "fetch", "-q", "origin")
    assert git(ada, "rev-parse", f"{merged}^1", f"{merged}^2").split() == [head, box.tip(API, "main")]
    assert git(ada, "show", f"{merged}:openapi.yml") == "openapi: 3.2.0"
    pull = box.call("ada", "GET", f"/repos/{API}/pulls/1").body
    assert pull["head"]["sha"] == merged


def test_what_only_a_person_can_merge_stays_as_it_was_pushed(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = plain(offline_github)
    ada = Person(box, "ada", API, tmp_path)
    head = clash(ada, picked=False)
    answer = ada.json("task", "submit", "todo/contract")
    assert answer["caused"][0]["data"]["conflicts"] == ["openapi.yml"]
    assert (answer["task"]["status"], box.tip(API, CONTRACT)) == ("escalated", head)
    assert labels(box, API, 1) == {"status:escalated", "role:architect"}


def test_the_workflow_of_an_agent_asks_a_person_too(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = world(offline_github, tmp_path)
    box.push(WEB, "kerrigan/todo/screen", {"pages/list.html": "<ol></ol>\n"}, "ada", "Begin")
    box.push(WEB, "main", {"pages/list.html": "<table></table>\n"}, "ada", "Do otherwise")
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"docs/openapi.yml": "openapi: 3.1.0\n"})
    wait(box, lambda: ada.task()["status"] == "in_review")
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {"merge_method": "squash"})
    wait(box, lambda: ada.task("todo/screen")["status"] == "escalated")
    assert "conflicts with main in pages/list.html" in ada.task("todo/screen")["feedback"]["reason"]
    assert ada.history("todo/screen")[-2:] == ["submitted", "escalated"]
    wait(box, lambda: labels(box, WEB, 1) == {"status:escalated", "role:swe"})
