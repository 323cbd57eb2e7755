"""Carries out one run: a process of act, on the host, in a fresh clone whose jobs start with an empty workspace."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.box.commands import clean, git
from tests.box.identities import granted
from tests.box.repository import Repository
from tests.box.runs import Run, RunError
from tests.box.workflows import FOLDER

STAND_INS = {
    "actions/checkout": Path(__file__).with_name("checkout"),
    "actions/upload-artifact": Path(__file__).with_name("upload"),
    "actions/download-artifact": Path(__file__).with_name("download"),
}
"""The actions of GitHub that the box brings: a real fetch from it, and artifacts that are folders."""
DEFAULT_PERMISSIONS = {"contents": "read", "packages": "read"}
QUEUE = re.compile(r"(?m)^\s+queue:\s*\w+[^\n]*\n|,\s*queue:\s*\w+|\bqueue:\s*\w+\s*,\s*")
"""The one key that act's schema does not know; the box itself heeds it."""
USES = re.compile(r"\buses:\s*[\"']?([\w.-]+/[\w.-]+)((?:/[\w./-]+)?)@([^\s\"'#},]+)")

Secret = str | Callable[[], str]
"""A secret, or what makes one for each run."""


@dataclass
class Act:
    """How runs are carried out: the program, and what every run gets."""

    program: str
    server: str
    folder: Path
    repositories: Mapping[str, Repository]
    mint: Callable[[str, dict[str, str]], str]
    revoke: Callable[[str], None]
    actions: dict[str, Path] = field(default_factory=dict)
    secrets: dict[str, dict[str, Secret]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    timeout: float = 120

    def carry_out(self, run: Run) -> int:
        """Run it to its end; the code of act comes back. Raises RunError."""
        place = self.folder / str(run.id)
        (place / "home").mkdir(parents=True)
        run.log = place / "log.txt"
        self._check_out(run, place / "clone")
        (place / "event.json").write_text(json.dumps(run.payload), encoding="utf-8")
        token = self.mint(run.slug, granted(run.workflow.permissions() or [DEFAULT_PERMISSIONS]))
        try:
            return self._wait(run, self._words(run, place, token), place)
        finally:
            self.revoke(token)  # a job's token dies with its run

    def _check_out(self, run: Run, clone: Path) -> None:
        clone.mkdir()
        git("clone", "-q", "--no-checkout", "--shared", str(self.repositories[run.slug].path), ".", at=clone)
        git("checkout", "-q", "--detach", run.sha, at=clone)
        git("remote", "set-url", "origin", f"{self.server}/{run.slug}", at=clone)
        for file in (clone / FOLDER).glob("*.y*ml"):
            file.write_text(QUEUE.sub("", file.read_text("utf-8")), encoding="utf-8")

    def _words(self, run: Run, place: Path, token: str) -> list[str]:
        words = [self.program, run.event, "-C", str(place / "clone"), "-e", str(place / "event.json")]
        words += ["-W", run.workflow.path, "--actor", run.actor, "--rm", "--pull=false", "--no-skip-checkout"]
        words += ["--no-cache-server", "--action-offline-mode", "--action-cache-path", str(place / "cache")]
        for runner in sorted({"ubuntu-latest", "ubuntu-24.04", *_runners(run)}):
            words += ["-P", f"{runner}=-self-hosted"]
        secrets = {"GITHUB_TOKEN": token} | {
            name: made if isinstance(made, str) else made() for name, made in self.secrets.get(run.slug, {}).items()
        }
        words += [word for name, value in secrets.items() for word in ("-s", f"{name}={value}")]
        variables = self.variables.get(run.slug, {})
        words += [word for name, value in variables.items() for word in ("--var", f"{name}={value}")]
        words += [word for name, value in self._job_environment(run).items() for word in ("--env", f"{name}={value}")]
        for action, folder in self._actions(place / "clone", place / "actions").items():
            words += ["--local-repository", f"{action}={folder}"]
        return words

    def _job_environment(self, run: Run) -> dict[str, str]:
        return {
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_API_URL": self.server + "/api/v3",
            "GITHUB_REPOSITORY": run.slug,
            "GITHUB_REPOSITORY_OWNER": run.slug.split("/")[0],
            "GITHUB_RUN_ID": str(run.id),
            "GITHUB_RUN_NUMBER": str(run.id),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_REF": run.ref,
            "GITHUB_SHA": run.sha,
            "GITHUB_ACTOR": run.actor,
            "GITHUB_TRIGGERING_ACTOR": run.actor,
            "BOX_ARTIFACTS": str(self.folder / "artifacts"),
            **self.environment,
        }

    def _wait(self, run: Run, words: list[str], place: Path) -> int:
        private = {"HOME": str(place / "home"), "XDG_CACHE_HOME": str(place / "xdg"), "XDG_CONFIG_HOME": str(place)}
        environment = clean(TMPDIR=tempfile.gettempdir(), **private)
        with (place / "log.txt").open("wb") as log:
            run.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
            try:
                return run.process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                run.end("timed_out")
                run.kill()
                return run.process.wait(10)

    def _actions(self, clone: Path, store: Path) -> dict[str, Path]:
        """A folder for every `uses: owner/name[/path]@ref` there is: in the workflows, and in what those use."""
        found: dict[str, Path] = {}
        waiting = [*(clone / ".github").rglob("*.y*ml"), *clone.glob("action.y*ml")]
        while waiting:
            text = re.sub(r"(?m)^\s*#.*$", "", waiting.pop().read_text("utf-8"))
            for slug, path, ref in USES.findall(text):
                if f"{slug}@{ref}" not in found:
                    found[f"{slug}@{ref}"] = self._action(slug, ref, store)
                    inside = found[f"{slug}@{ref}"] / path.lstrip("/")
                    waiting += [inside] if inside.is_file() else inside.glob("action.y*ml")
        return found

    def _action(self, slug: str, ref: str, store: Path) -> Path:
        if slug in STAND_INS:
            return self.actions.get(slug, STAND_INS[slug])
        if slug in self.actions:
            return self.actions[slug]
        if slug not in self.repositories:
            raise RunError(f"no action {slug}@{ref} in the box: name a folder for it in `actions`")
        repo = self.repositories[slug]
        sha = repo.commit_of(ref)
        if sha is None:
            raise RunError(f"{slug} has no {ref}")
        folder = store / slug / sha
        folder.mkdir(parents=True)
        git("clone", "-q", "--shared", "--no-checkout", str(repo.path), ".", at=folder)
        git("checkout", "-q", "--detach", sha, at=folder)
        return folder


def _runners(run: Run) -> list[str]:
    names = [job.get("runs-on") for job in run.workflow.jobs.values()]
    return [name for name in names if isinstance(name, str) and "${{" not in name]
