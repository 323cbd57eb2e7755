"""A repository in the tests that `kerrigan init` sets up."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.desk import git
from tests.e2e.test_outputs import assert_fits
from tests.warm import python


class Repository:
    """A repository on this machine that `kerrigan init` runs in."""

    def __init__(self, path: Path, origin: str = "") -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        git("init", "-q", "-b", "main", cwd=path)
        if origin:
            git("remote", "add", "origin", origin, cwd=path)

    def init(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run it; the code and both streams come back."""
        command = [python(), "-m", "kerrigan", "init", *words]
        return subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False)

    def states(self, *words: str) -> dict[str, str]:
        """Run it; the state of each file by path."""
        return {file["path"]: file["state"] for file in self.json(*words)["files"]}

    def json(self, *words: str) -> dict[str, Any]:
        """Run it with --json; it has to succeed."""
        done = self.init(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        assert_fits("init", done.stdout)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def text(self, name: str) -> str:
        """The text of a file."""
        return (self.path / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file as a person would."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def files(self) -> list[str]:
        """Everything there is but git's own."""
        found = (path.relative_to(self.path) for path in self.path.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in found if path.parts[0] != ".git")
