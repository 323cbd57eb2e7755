"""The journal's branch in the tests, and someone who works on it with plain git instead of Kerrigan."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.e2e.desk import SPEC, Desk, git

BRANCH = "refs/heads/kerrigan-state/todo"
OLD = Path(__file__).parents[1] / "data" / "journal-v1"
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the API contract, role: architect}
  - {id: endpoint, title: Serve the list, role: swe, depends_on: [contract]}
  - {id: screen, title: Show the list, role: swe, depends_on: [contract]}
  - {id: launch, title: Launch, role: deployment, risk: high, depends_on: [screen, "external:legal"]}
"""


def old_lines() -> list[str]:
    """The lines of the journal that is kept for ever, oldest first."""
    return [line for path in sorted(OLD.glob("log/*.jsonl")) for line in path.read_text().splitlines()]


def publish_journal(root: Path) -> Path:
    """A bare remote, `forge/acme/todo.git`: the definition on main, and that journal with one commit a line."""
    bare = root / "forge" / "acme" / "todo.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=root)
    stream = b"".join(_stream())
    subprocess.run(["git", "fast-import", "--quiet"], cwd=bare, input=stream, check=True)
    return bare


def _stream() -> Iterator[bytes]:
    folder = "specs/projects/todo"
    yield b"commit refs/heads/main\ncommitter f <f@x> 1 +0000\ndata 4\nplan\n"
    yield _file(f"{folder}/spec.md", SPEC) + _file(f"{folder}/tasks.yml", TASKS)
    lines = old_lines()
    for count in range(1, len(lines) + 1):
        segment, start = (count - 1) // 128 + 1, (count - 1) // 128 * 128
        yield b"commit %b\ncommitter kerrigan <k@x> %d +0000\ndata 6\nappend\n" % (BRANCH.encode(), count)
        yield _file(f"log/{segment:06d}.jsonl", "".join(f"{line}\n" for line in lines[start:count]))
        if count == 129:
            yield _file("state.json", OLD.joinpath("state.json").read_text())


def _file(path: str, text: str) -> bytes:
    return b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(text.encode()), text.encode())


class Meddler:
    """A clone that has the journal's branch checked out, and pushes what it likes."""

    def __init__(self, root: Path) -> None:
        self.remote = root / "forge" / "acme" / "todo.git"
        self.path = root / "meddler"
        git("clone", "-q", "-b", BRANCH.removeprefix("refs/heads/"), str(self.remote), str(self.path), cwd=root)
        git("config", "user.name", "eve", cwd=self.path)
        git("config", "user.email", "eve@example.org", cwd=self.path)

    def git(self, *words: str) -> str:
        """Run git on the branch."""
        return git(*words, cwd=self.path)

    def lines(self, segment: int) -> list[str]:
        """The lines of a segment."""
        return (self.path / f"log/{segment:06d}.jsonl").read_text().splitlines()

    def write(self, segment: int, lines: Sequence[str], message: str = "tidy up") -> str:
        """Commit other lines for a segment and push; the commit's id."""
        (self.path / f"log/{segment:06d}.jsonl").write_text("".join(f"{line}\n" for line in lines))
        return self.push(message)

    def state(self, text: str) -> str:
        """Commit another state.json and push; the commit's id."""
        (self.path / "state.json").write_text(text)
        return self.push("tidy up")

    def push(self, message: str) -> str:
        """Commit everything and push; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.git("push", "-q", "origin", f"HEAD:{BRANCH}")
        return self.tip()

    def tip(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD")


def copy_of(template: Path, root: Path) -> Desk:
    """The remote and ada's clone of a template, at another place."""
    shutil.copytree(template, root, dirs_exist_ok=True)
    desk = Desk.__new__(Desk)
    desk.path = root / "ada"
    desk.git("remote", "set-url", "origin", str(root / "forge" / "acme" / "todo.git"))
    return desk
