"""`kerrigan check --online` on the offline GitHub: by people, and by tokens that read."""

import json
from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import API, BOT, SPEC, TASKS, WEB, Person

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

LINKS = "See the [guide](web:docs/guide.md#the-list), the [others](web:docs) and [that](web:docs/lost.md).\n"
READS = {"contents": "read", "issues": "read", "pull_requests": "read"}


@pytest.fixture
def box(offline_github: OfflineGitHub) -> Box:
    """A project at acme/api that refers to acme/web, where there is an issue, #1, and a guide."""
    plan = {"specs/projects/todo/spec.md": SPEC + LINKS, "specs/projects/todo/tasks.yml": TASKS}
    box = offline_github(
        {API: plan, WEB: {"docs/guide.md": "# Guide\n\n## The list\n"}},
        {"ada": "admin", "eve": "read"},
        apps={"kerrigan-bot": BOT},
    )
    assert box.call("ada", "POST", f"/repos/{WEB}/issues", {"title": "Decide"}).status == 201
    return box


def said(person: Person) -> list[tuple[str, str]]:
    """The codes and messages of a check in which a task waits for two issues of acme/web."""
    plan = TASKS.replace("[contract]", '[contract, "web:#1", "web:#9"]')
    person.path.joinpath("specs/projects/todo/tasks.yml").write_text(plan)
    done = person.kerrigan("check", "--online", "--json")
    return [(found["code"], found["message"]) for found in json.loads(done.stdout)["diagnostics"]]


def test_whoever_may_read_gets_the_same_answer_now_and_from_what_is_kept(box: Box, tmp_path: Path) -> None:
    expected = [
        ("broken-reference", "acme/web has no docs/lost.md"),
        ("unknown-dependency", "acme/web has no issue or pull request #9"),
    ]
    eve = Person(box, "eve", API, tmp_path)
    eve.run["KERRIGAN_CACHE"] = str(tmp_path / "cache")
    assert said(eve) == expected
    assert list((tmp_path / "cache" / "forge").iterdir())
    eve.token = box.app_token("kerrigan-bot", [API, WEB], READS)
    assert said(eve) == expected


def test_a_token_that_does_not_see_the_other_repository_is_undecided(box: Box, tmp_path: Path) -> None:
    ada = Person(box, "ada", API, tmp_path)
    ada.run["KERRIGAN_CACHE"] = str(tmp_path / "cache")
    assert len(said(ada)) == 2
    ada.token = box.app_token("kerrigan-bot", [API], READS)
    found = said(ada)
    assert {code for code, _ in found} == {"undecided"}
    assert len(found) == 5
    assert all("private repository that the token does not reach" in message for _, message in found)


def test_a_label_that_somebody_changed_is_stale_until_reconcile(box: Box, tmp_path: Path) -> None:
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"})
    assert ada.kerrigan("issues", "sync").returncode == 0
    spec = ada.path / "specs/projects/todo/spec.md"
    spec.write_text(SPEC)

    def drift() -> list[tuple[str, str]]:
        found = ada.kerrigan("check", "--state", "--online", "--json").stdout
        return [(each["message"], each["hint"]) for each in json.loads(found)["diagnostics"]]

    assert drift() == []
    box.label("ada", API, number, "status:done", "kerrigan:retry", "urgent")
    asked = len(box.activity.requests)
    assert drift() == [
        (f"'contract' is testing, and the label of {API}#{number} says 'status:done'", "kerrigan reconcile")
    ]
    listed = [seen.target for seen in box.activity.requests[asked:] if "/issues" in seen.target]
    assert len(listed) == 1, listed
    assert ada.kerrigan("reconcile").returncode == 0
    assert drift() == []
