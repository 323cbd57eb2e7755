"""A page of the documentation as a script: its files are written, its commands run in order, and their output compared.

| in the page | what it does |
|---|---|
| `<!-- start: NAME -->` | begins in a clone of a new repository, whose default branch has `examples/NAME` |
| `<!-- file: PATH -->`, then a code block | writes the file |
| `<!-- file: PATH`, text, `-->` | writes a file that the page does not show |
| `<!-- setup: COMMANDS -->` | runs commands that the page does not show; they have to succeed in silence |
| `<!-- run -->`, then a `console` block | runs each line behind `$ `; what follows it is what it prints |

Commands of a page run in one folder after another, as in a terminal: `cd` holds for the next one too.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.desk import git

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"<!-- start: (?P<start>\S+) -->"
    r"|<!-- file: (?P<hidden>\S+)\n(?P<text>.*?)-->"
    r"|<!-- file: (?P<shown>\S+) -->\n```\w*\n(?P<code>.*?)```"
    r"|<!-- setup: (?P<setup>.*?) -->"
    r"|<!-- run -->\n```console\n(?P<run>.*?)```",
    re.DOTALL,
)
VARIES = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\b\d\d:\d\d:\d\dZ?\b|\b\d{4}-\d\d-\d\d\b"  # times and days
    r"|\b(?=[a-f]*\d)[0-9a-f]{7,64}\b"  # commits, digests and dispatches
    r"|\b\d+(?:\.\d+)? (?:seconds?|minutes?|hours?|s)\b"
    r"|\b[0-9A-HJKMNP-TV-Z]{26}\b"  # identifiers of events
    r"|(?<=--fence )\d+"
)
UNPINNED = re.compile(r"warning: the workflows use .*\n")
"""What `kerrigan init` says in a checkout that nobody can fetch; an installed release has no such line."""

DATES = {f"GIT_{who}_DATE": "2026-01-15T10:00:00Z" for who in ("AUTHOR", "COMMITTER")}
PERSON = {"GIT_AUTHOR_NAME": "ada", "GIT_COMMITTER_NAME": "ada", "EMAIL": "ada@example.com"}


class Player:
    """Plays one page below a folder that stands for the reader's home."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "todo"
        self.folder.mkdir()

    def play(self, page: str) -> str:
        """The page with the present output, where that differs in more than times and digests."""
        return STEP.sub(self._step, page)

    def _step(self, step: re.Match[str]) -> str:
        if step["start"]:
            self._start(step["start"])
        elif step["hidden"] or step["shown"]:
            file = self.folder / (step["hidden"] or step["shown"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["text"] or step["code"], encoding="utf-8")
        elif step["setup"]:
            output = self._printed(step["setup"])
            assert output == "", f"{step['setup']} printed {output}"
        else:
            now = "".join(self._console(step["run"]))
            if stable(now) != stable(step["run"]):
                return step[0].replace(step["run"], now)
        return step[0]

    def _start(self, example: str) -> None:
        bare = self.root / "acme" / f"{example}.git"
        git("init", "-q", "--bare", "-b", "main", str(bare), cwd=self.root)
        self.folder = self.root / example
        git("clone", "-q", str(bare), str(self.folder), cwd=self.root)
        git("config", "user.name", "ada", cwd=self.folder)
        git("checkout", "-q", "-B", "main", cwd=self.folder)
        shutil.copytree(ROOT / "examples" / example, self.folder, dirs_exist_ok=True)
        for words in (("add", "."), ("commit", "-q", "-m", "Plan"), ("push", "-q", "-u", "origin", "main")):
            git(*words, cwd=self.folder)

    def _console(self, block: str) -> Iterator[str]:
        for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
            yield f"$ {command}\n{self._printed(command)}"

    def _printed(self, script: str) -> str:
        """What a shell prints on both streams."""
        here = self.root / ".here"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", f"trap 'pwd >{here}' EXIT\n{script}"],
            cwd=self.folder,
            env=os.environ | DATES | PERSON | {"PATH": path, "EXAMPLES": str(ROOT / "examples")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.folder = Path(here.read_text(encoding="utf-8").strip())
        return done.stdout.replace(str(self.root), "/home/ada")


def stable(output: str) -> str:
    """An output without what differs from run to run."""
    return VARIES.sub("…", UNPINNED.sub("", output))
