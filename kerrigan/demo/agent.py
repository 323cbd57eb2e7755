"""A small agent: claims a task, works on it in a work tree of its own, and submits. Run in a clone as

    python -m kerrigan.demo.agent PROJECT/TASK

It knows its trade by heart instead of asking a model; everything else is what any agent would do.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kerrigan.git.repo import discover, git
from kerrigan.git.worktree import task_worktree

CONTRACT = """\
openapi: 3.1.0
info: { title: Todo, version: "1" }
paths:
  /todos:
    get:
      responses:
        "200": { description: the list }
"""

ERRORS = """\
        default:
          description: an error
          content:
            application/json:
              example: { error: { code: 404, message: not found } }
"""

SERVER = '''\
"""The list, as the contract says."""


def todos() -> dict:
    """GET /todos."""
    return {"todos": []}
'''

PAGE = """\
<!doctype html>
<title>Todo</title>
<ul id="list"></ul>
<script>fetch("/todos").then(r => r.json()).then(d => d.todos.forEach(t => list.append(t)))</script>
"""


def contract(task: Mapping[str, Any]) -> str:
    """The contract; what a rejection asked for is in the second one."""
    feedback = task["feedback"]
    return CONTRACT + (ERRORS if feedback and "error format" in feedback["reason"] else "")


WORK: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "contract": ("docs/openapi.yml", contract),
    "endpoint": ("todo_api.py", lambda task: SERVER),
    "screen": ("index.html", lambda task: PAGE),
    "release": ("NOTES.md", lambda task: f"# {task['title']}\n\nThe list is here.\n"),
}
"""What the agent knows: for each task, the file to write and how."""


def write(task: Mapping[str, Any], folder: Path) -> None:
    """Do the work."""
    file, text = WORK[task["id"].partition("/")[2]]
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(task), encoding="utf-8")


def message(task: Mapping[str, Any]) -> str:
    """What the commit says: the task, and what it fixes."""
    feedback = task["feedback"]
    reason = f"Fixes: {feedback['reason']}\n\n" if feedback else ""
    return f"{task['title']}\n\n{reason}Kerrigan-Task: {task['id']}"


def kerrigan(*words: str) -> dict[str, Any]:
    """Run a command with --json; whatever it refuses ends the agent with the same code and words."""
    done = subprocess.run(
        [sys.executable, "-m", "kerrigan", *words, "--json"], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        print(done.stdout.strip())
        sys.exit(done.returncode)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main(task: str) -> None:
    """Take the task, unless a dispatch has brought it already, and see it through to its submission."""
    clone = discover(Path.cwd())
    known = kerrigan("show", task)["task"]
    if known["holder"] is None or known["holder"]["login"] != clone.user():
        known = kerrigan("task", "claim", task)["task"]
    fence = str(known["fence"])
    kerrigan("task", "start", task, "--fence", fence)
    git("fetch", "-q", "origin", cwd=clone.root)
    with task_worktree(clone, f"kerrigan/{task}", clone.ref("origin/HEAD") or "") as work:
        write(known, work.folder)
        git("add", "--all", cwd=work.folder)
        git("commit", "-q", "-m", message(known), cwd=work.folder)
        work.publish()
    kerrigan("task", "submit", task, "--fence", fence)


if __name__ == "__main__":
    main(sys.argv[1])
