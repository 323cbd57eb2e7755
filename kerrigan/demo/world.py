"""The world of the demo: a forge of bare repositories, a clone for everybody, and the commands they run there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerrigan.errors import KerriganError, UnreadableError
from kerrigan.files import shipped
from kerrigan.local.forge import LocalForge
from kerrigan.model.event import Event

API, WEB = "acme/todo-api", "acme/todo-web"
GIT_CONFIG = "[user]\n\temail = demo@localhost\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgSign = false\n"


class StoryError(KerriganError):
    """Something in the story did not happen as it must: a bug in Kerrigan (exit 70)."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    def expect(self, code: int = 0) -> "Ran":
        """The same, or StoryError when it ended with another code."""
        if self.code != code:
            said = self.err.strip() or self.out.strip()
            raise StoryError(
                f"`{' '.join(self.words)}` ended with {self.code}, expected {code}: {said}",
                kind="demo",
                next_step="please report this text; `kerrigan demo --keep DIR` leaves the repositories to look into",
            )
        return self

    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


@dataclass(slots=True)
class World:
    """Everything below `root`. `told` is how many journal lines have been told."""

    root: Path
    told: int = 0
    forge: LocalForge = field(init=False)

    def __post_init__(self) -> None:
        """Name the forge; nothing is written yet."""
        self.forge = LocalForge(self.root / "forge", API)

    def settle(self) -> None:
        """Make the folders, and shut the user's git and a runner's variables out of this process and its children.

        The forge runs git in this very process, so an environment for the children alone is not enough.
        """
        config, work = self.root / "gitconfig", self.root / "work"
        work.mkdir(parents=True)
        config.write_text(GIT_CONFIG, encoding="utf-8")
        for name in [name for name in os.environ if name.startswith(("GITHUB_", "GIT_", "GH_"))]:
            del os.environ[name]
        # HOME stays: Python may have been told to look there for Kerrigan itself.
        os.environ |= {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1", "XDG_CONFIG_HOME": str(self.root)}
        os.environ |= {"TMPDIR": str(work), "NO_COLOR": "1"}

    def publish(self, slug: str, replacing: Mapping[str, tuple[str, str]]) -> None:
        """Make a bare repository out of a shipped example, with pieces of text in its files replaced."""
        bare, draft = self.root / "forge" / f"{slug}.git", self.root / "work" / slug.rpartition("/")[2]
        shutil.copytree(shipped("examples") / "todo" / slug.rpartition("/")[2], draft)
        for file, (old, new) in replacing.items():
            path = draft / file
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        self.git("init", "-q", "--bare", "-b", "main", str(bare))
        self.git("init", "-q", "-b", "main", cwd=draft)
        self.git("add", "--all", cwd=draft)
        self.git("-c", "user.name=ana", "commit", "-q", "-m", "Plan the project", cwd=draft)
        self.git("push", "-q", str(bare), "main", cwd=draft)
        shutil.rmtree(draft)

    def clone(self, who: str, slug: str) -> Path:
        """Someone's clone of a repository, made when it is first asked for."""
        folder = self.root / who / slug.rpartition("/")[2]
        if not folder.exists():
            self.git("clone", "-q", str(self.root / "forge" / f"{slug}.git"), str(folder))
            self.git("config", "user.name", who, cwd=folder)
        return folder

    def git(self, *words: str, cwd: Path | None = None) -> str:
        """Run git; it has to succeed."""
        return self._run(("git", *words), cwd or self.root).expect().out.strip()

    def kerrigan(self, who: str, slug: str, *words: str) -> Ran:
        """Someone runs a command in their clone."""
        ran = self._run((sys.executable, "-m", "kerrigan", *words), self.clone(who, slug))
        return Ran(("kerrigan", *words), ran.code, ran.out, ran.err)

    def agents(self, task: str, slug: str, *who: str) -> list[Ran]:
        """Agents take a task, all at the same time, each as a process in a clone of its own."""
        words = (sys.executable, "-m", "kerrigan.demo.agent", task)
        clones = [self.clone(name, slug) for name in who]
        started = [self._start(words, clone) for clone in clones]
        try:
            said = [process.communicate() for process in started]
        finally:
            for process in started:
                process.kill()
        return [Ran((n, task), p.returncode, *s) for n, p, s in zip(who, started, said, strict=True)]

    def run_tests(self, who: str, slug: str, branch: str) -> Ran:
        """Someone runs the repository's own tests on a branch."""
        folder = self.clone(who, slug)
        self.git("fetch", "-q", "origin", cwd=folder)
        self.git("checkout", "-q", "--detach", f"origin/{branch}", cwd=folder)
        return self._run((sys.executable, "-m", "unittest", "discover", "-q", "-s", "tests"), folder)

    def news(self) -> Sequence[Event]:
        """The events that the journal has and no one has been told yet."""
        bare = self.root / "forge" / f"{API}.git"
        text = self._run(("git", "show", "kerrigan-state/todo:log/000001.jsonl"), bare).out
        lines = text.split("\n")[:-1]
        fresh = [Event.from_json(json.loads(line)) for line in lines[self.told :]]
        self.told = len(lines)
        return fresh

    def gate_status(self, slug: str, number: int) -> str:
        """The commit status `kerrigan/gate` of a pull request's head, as the forge has it now."""
        found = self.forge.pull_request(slug, number)
        raw = self.forge.store(slug).read(f"statuses/{found.head}.json") if found else None
        return str((raw or {}).get("kerrigan/gate", {}).get("state", "none"))

    def _start(self, words: Sequence[str], cwd: Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def _run(self, words: tuple[str, ...], cwd: Path) -> Ran:
        try:
            done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
        except OSError as error:
            raise UnreadableError(
                f"{words[0]} cannot be started: {error.strerror}",
                kind="no-git",
                next_step="check that git 2.38 or newer is on PATH",
            ) from error
        return Ran(words, done.returncode, done.stdout, done.stderr)
