"""A desk in the tests: a clone of one person, the commands that run there, and the smallest project to work on."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.warm import python

SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list that two people share.\n"
TASKS = """\
kerrigan: 7
tasks:
  - id: contract
    title: Agree the API contract
    role: architect
    risk: medium
  - id: screen
    title: Show the list
    role: swe
    depends_on: [contract]
"""


class Desk:
    """A clone of one person, and the commands it runs there."""

    def __init__(self, root: Path, remote: Path, name: str) -> None:
        self.path = root / name
        git("clone", "-q", str(remote), str(self.path), cwd=root)
        git("config", "user.name", name, cwd=self.path)

    def kerrigan(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command; the code and both streams come back."""
        return subprocess.run(
            [python(), "-m", "kerrigan", *words], cwd=self.path, capture_output=True, text=True, check=False
        )

    def json(self, *words: str) -> dict[str, Any]:
        """Run one command that has to succeed with --json."""
        done = self.kerrigan(*words, "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def git(self, *words: str) -> str:
        """Run git in the clone."""
        return git(*words, cwd=self.path)

    def work(self, branch: str, file: str, text: str) -> None:
        """Commit one file on a task branch and push it."""
        git("fetch", "-q", cwd=self.path)
        git("checkout", "-q", "-B", branch, "origin/main", cwd=self.path)
        self.path.joinpath(file).write_text(text)
        git("add", file, cwd=self.path)
        git("commit", "-q", "-m", f"Write {file}", cwd=self.path)
        git("push", "-q", "-f", "origin", branch, cwd=self.path)


def git(*words: str, cwd: Path) -> str:
    """Run git; it has to succeed."""
    return subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def publish(root: Path) -> Path:
    """A bare remote, `forge/acme/todo.git`, with the smallest project on its default branch."""
    bare = root / "forge" / "acme" / "todo.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=root)
    desk = Desk(root, bare, "founder")
    folder = desk.path / "specs" / "projects" / "todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text(SPEC)
    folder.joinpath("tasks.yml").write_text(TASKS)
    git("checkout", "-q", "-B", "main", cwd=desk.path)
    git("add", ".", cwd=desk.path)
    git("commit", "-q", "-m", "Plan", cwd=desk.path)
    git("push", "-q", "origin", "main", cwd=desk.path)
    return bare
