"""What docs/walkthrough.md says that GitHub shows is what the shipped workflows write there.

`UPDATE_DOCS=1 pytest tests/e2e/test_github_walkthrough.py` writes the table; read the difference before you keep it.
"""

import os
import re
from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import TESTS, Person, gate, initialised, labels, prepared, wait

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "walkthrough.md"
SLUG, WORDS = "acme/hello", "hello/words"
TABLE = re.compile(r"(?<=<!-- github: begin -->\n).*?(?=<!-- github: end -->)", re.DOTALL)


def plan() -> dict[str, str]:
    """The files that the page shows."""
    return dict(
        re.findall(r"<!-- file: (specs/\S+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    )


class Story:
    """The rows of the table, one for each thing that someone does."""

    def __init__(self, boot: OfflineGitHub, tmp_path: Path) -> None:
        files = initialised(tmp_path / "hello", "hello") | {".github/workflows/ci.yml": TESTS}
        files["specs/projects/hello/tasks.yml"] = "kerrigan: 7\ntasks: []\n"
        self.box = prepared(boot, tmp_path, {SLUG: files})
        self.box.variables[SLUG] = {"KERRIGAN_AGENT_COMMAND": 'echo "Good morning" >>words.txt'}
        self.ada = Person(self.box, "ada", SLUG, tmp_path)
        self.rows = [
            "| what happens | task | labels of the pull request | status `kerrigan/gate` |",
            "|---|---|---|---|",
        ]

    def row(self, what: str, status: str, number: int = 1, task: str = WORDS) -> None:
        """Wait for a task's status, and write down what the pull request shows then."""
        wait(self.box, lambda: self.ada.task(task)["status"] == status)
        state, description = gate(self.box, SLUG, number)
        shown = " ".join(f"`{label}`" for label in sorted(labels(self.box, SLUG, number)))
        self.rows.append(f"| {what} | {task} is {status} | {shown} | {state}: {description} |")

    def approve_runs(self) -> None:
        """Let the tests start on a pull request that a workflow has opened."""
        for run in self.box.call("ada", "GET", f"/repos/{SLUG}/actions/runs?status=action_required").body[
            "workflow_runs"
        ]:
            assert self.box.call("ada", "POST", f"/repos/{SLUG}/actions/runs/{run['id']}/approve").ok

    def comments(self, number: int) -> list[str]:
        """The comments of a pull request."""
        found = self.box.call("ada", "GET", f"/repos/{SLUG}/issues/{number}/comments").body
        return [str(comment["body"]) for comment in found]


def played(box: Box, story: Story) -> str:
    box.push(SLUG, "main", plan(), "ada", "Plan hello")
    story.row("`ada` pushes the plan; the agent claims `words`, works and submits", "testing")
    story.approve_runs()
    story.row("`ada` approves the workflow run; the tests pass", "in_review")
    box.call("ben", "POST", f"/repos/{SLUG}/issues/1/comments", {"body": "/kerrigan aprove"})
    story.row("`ben` comments `/kerrigan aprove`, a misspelt verb", "in_review")
    reply = story.comments(1)[-1]
    box.call("ben", "POST", f"/repos/{SLUG}/pulls/1/reviews", {"event": "APPROVE", "body": "1: met, it is one line"})
    story.row("`ben` approves, with `1: met, it is one line` in the review", "approved")
    box.call("ada", "PUT", f"/repos/{SLUG}/pulls/1/merge", {"merge_method": "squash"})
    story.row("`ada` squashes and merges", "done")
    story.row("at once the agent takes `greet`", "testing", 2, "hello/greet")
    box.call("ada", "PATCH", f"/repos/{SLUG}/pulls/2", {"state": "closed"})
    story.row("`ada` closes that pull request without a merge", "testing", 2, "hello/greet")
    table = "\n".join(story.rows)
    quoted = "\n".join(f"> {line}".rstrip() for line in reply.splitlines() if not line.startswith("<!--"))
    person = story.ada.kerrigan("status").stdout.partition("needs a person:")[2].strip("\n")
    return (
        f"{table}\n\nThe reply to `ben`'s misspelt comment:\n\n{quoted}\n\n"
        f"After the last step `kerrigan status` lists what needs a person:\n\n```text\n{person}\n```\n\n"
    )


def test_the_table_is_what_github_shows(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    story = Story(offline_github, tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    shown = TABLE.search(page)
    assert shown
    now = played(story.box, story)
    if "UPDATE_DOCS" in os.environ:
        PAGE.write_text(page[: shown.start()] + now + page[shown.end() :], encoding="utf-8", newline="")
    assert now == shown[0]
