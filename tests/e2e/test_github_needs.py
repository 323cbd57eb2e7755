"""`Depends-on:` lines, with nothing but the check workflow: what waits for a pull request goes on automatically."""

from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import API, BOT, ROOT, WEB, action, gate, logs
from tests.warm import python

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

ONLY_CHECK = {".github/workflows/kerrigan-check.yml": (ROOT / "workflows/kerrigan-check.yml").read_text()}


@pytest.fixture
def box(offline_github: OfflineGitHub, tmp_path: Path) -> Box:
    """Two repositories that hold the check workflow and no project."""
    actions = {"kerrigan-dev/kerrigan": action(tmp_path / "action")}
    box = offline_github(
        {API: ONLY_CHECK, WEB: ONLY_CHECK}, {"ada": "admin"}, apps={"kerrigan-bot": BOT}, actions=actions
    )
    box.environment["KERRIGAN_PYTHON"] = python()
    # In the box every repository is private: who looks into another one needs a token for both.
    for slug in (API, WEB):
        box.secrets[slug] = {"KERRIGAN_TOKEN": lambda: box.app_token("kerrigan-bot")}
    return box


def propose(box: Box, slug: str, branch: str, body: str) -> int:
    box.push(slug, branch, {f"{branch}.txt": branch}, "ada")
    wanted = {"title": branch, "head": branch, "base": "main", "body": body}
    number: int = box.call("ada", "POST", f"/repos/{slug}/pulls", wanted).body["number"]
    return number


def merge(box: Box, slug: str, number: int) -> None:
    assert box.call("ada", "PUT", f"/repos/{slug}/pulls/{number}/merge", {"merge_method": "rebase"}).ok


def test_a_line_blocks_here_until_the_other_is_merged_and_then_nothing_has_to_be_done(box: Box) -> None:
    first = propose(box, API, "first", "")
    second = propose(box, API, "second", f"Words.\r\n\r\nDepends-on: #{first}\r\n")
    box.settle()
    assert gate(box, API, first) == ("success", "for no task of Kerrigan's"), logs(box)
    assert gate(box, API, second) == ("failure", f"depends on {API}#{first}, which is not merged yet")
    merge(box, API, first)
    box.settle()
    assert gate(box, API, second)[0] == "success", logs(box)


def test_several_lines_into_another_repository_and_a_description_that_is_edited(box: Box) -> None:
    there = propose(box, API, "there", "")
    last = propose(box, API, "last", "")
    here = propose(box, WEB, "here", f"Depends-on: {API}#{there}, {API}#{last}")
    box.settle()
    state, words = gate(box, WEB, here)
    assert (state, f"{API}#{there}, which is not merged yet (and 1 more)" in words) == ("failure", True)
    merge(box, API, there)
    box.call("ada", "PATCH", f"/repos/{WEB}/pulls/{here}", {"body": f"Depends-on: {API}#{there}"})
    box.settle()
    assert gate(box, WEB, here)[0] == "success", logs(box)


def test_what_waits_in_another_repository_turns_green_by_the_schedule(box: Box) -> None:
    there = propose(box, API, "there", "")
    here = propose(box, WEB, "here", f"Depends-on: {box.url}/{API}/pull/{there}")
    box.settle()
    assert gate(box, WEB, here)[0] == "failure", logs(box)
    merge(box, API, there)
    box.settle()
    box.schedule(WEB)
    box.settle()
    assert gate(box, WEB, here)[0] == "success", logs(box)


def test_a_cycle_is_told_to_every_member(box: Box) -> None:
    one = propose(box, API, "one", f"Depends-on: {WEB}#1")
    other = propose(box, WEB, "other", f"Depends-on: {API}#{one}")
    box.settle()
    box.schedule(API)
    box.settle()
    for slug, number in ((API, one), (WEB, other)):
        state, words = gate(box, slug, number)
        assert (state, "these wait for each other" in words) == ("failure", True), logs(box)


def test_what_cannot_be_seen_is_undecided_and_never_green(box: Box) -> None:
    number = propose(box, API, "lone", "Depends-on: acme/secret#1")
    box.settle()
    state, words = gate(box, API, number)
    assert (state, "acme/secret#1, which could not be looked up" in words) == ("pending", True), logs(box)
