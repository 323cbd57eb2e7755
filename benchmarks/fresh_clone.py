"""What commands cost in a fresh clone, as every runner has it: of a depth of one, over HTTP, with a long journal.

Usage: python -m benchmarks.fresh_clone [EVENTS] (100,000 by default; making them takes two minutes). Prints processor
time of the command and of every git that it starts, requests and bytes as the server counts them, and the objects that
the cache in the clone has afterwards. The server runs in a process of its own, and allows partial clones. The time of a
claim, an event and a gate has that of a forge of directories in it, which asks git in the long remote itself.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

from benchmarks.journals import Growing, commit, feed, new_remote
from kerrigan.apply.events.gate import judge
from kerrigan.apply.events.handle_event import handle_event
from kerrigan.apply.state.append import new_request
from kerrigan.apply.state.site import Site, open_site
from kerrigan.apply.state.stage import read
from kerrigan.apply.tasks.transition import transition
from kerrigan.git.repo import discover, git
from kerrigan.model.event import Actor, EventType

BRANCH, TASK = "kerrigan/big/task-0", "big/task-0"
MOST, TWICE = 2_000_000, 2.0
FEW = 40


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time, requests and bytes of git, and objects in the cache."""

    seconds: float
    requests: int
    sent: int
    objects: int


def site_of(clone: Path, url: str, remote: Path) -> Site:
    """A site that reaches git over HTTP, and whose forge is made of directories."""
    git("config", "remote.origin.url", str(remote), cwd=clone)
    site = open_site(clone, {}, "ada", say=quiet, detail=quiet)
    return replace(site, clone=discover(clone), origin=url)


def quiet(line: str) -> None:
    """Print nothing."""


def claim(site: Site) -> None:
    """A claim, as an agent's job begins."""
    outcome = transition(
        site, read(site, "big"), new_request(EventType.claimed, TASK, Actor("ada"), account=site.account())
    )
    assert outcome.events, outcome.answer


def event(site: Site) -> None:
    """A push to the default branch, after which everything is looked at again."""
    head = git("rev-parse", "HEAD", cwd=site.clone.root)
    repository = {"full_name": "acme/big", "default_branch": "main"}
    handle_event(site, "push", {"ref": "refs/heads/main", "after": head, "repository": repository})


def gate(site: Site) -> None:
    """The gate of a pull request for a task."""
    assert judge(site, 1).task == TASK


ACTIONS: dict[str, Callable[[Site], None]] = {"claim": claim, "event": event, "gate": gate}


def world(folder: Path, events: int) -> Path:
    """A remote with a journal of so many events, and a pull request for a task."""
    folder.mkdir()
    remote = new_remote(folder)
    feed(remote, Growing().stream(events, "refs/heads/kerrigan-state/big", None))
    for name, value in (("uploadpack.allowFilter", "true"), ("http.receivepack", "true")):
        git("config", name, value, cwd=remote)
    main = git("rev-parse", "main", cwd=remote)
    feed(remote, iter([commit(f"refs/heads/{BRANCH}", main, {"page.html": "<ul></ul>\n"})]))
    git("clone", "-q", "--depth=1", f"file://{remote}", "desk", cwd=folder)
    desk = open_site(folder / "desk", {}, "ada", say=quiet, detail=quiet)
    desk.forge.open_pull_request("acme/big", BRANCH, "Work", "", "ada")
    return remote


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served, by another process."""
    words = [sys.executable, "-m", "benchmarks.git_server", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def counted(server: str) -> tuple[int, int]:
    """Requests and bytes that a server has answered with so far."""
    with urlopen(f"{server}/count") as answer:
        found = json.load(answer)
    return found["requests"], found["sent"]


def cost(server: str, clone: Path, words: list[str]) -> Cost:
    """What a command costs that runs in a clone and has to succeed."""
    before = counted(server)
    environment = os.environ | {"GITHUB_SERVER_URL": server, "GITHUB_TOKEN": "none", "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen([sys.executable, *words], cwd=clone, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    after = counted(server)
    cache = f"--git-dir={clone}/.git/kerrigan-cache/journal.git"
    objects = git(cache, "cat-file", "--batch-all-objects", "--batch-check=", cwd=clone).splitlines()
    return Cost(used.ru_utime + used.ru_stime, after[0] - before[0], after[1] - before[1], len(objects))


def fresh(server: str, folder: Path, name: str) -> Path:
    """A new clone."""
    git("clone", "-q", "--depth=1", f"{server}/acme/big.git", name, cwd=folder)
    return folder / name


def measure(folder: Path, events: int) -> dict[str, Cost]:
    """The cost of each command, each in a clone of its own but the second status."""
    remote, status = world(folder, events), ["-m", "kerrigan", "status"]
    with served(folder) as server:
        first = [fresh(server, folder, f"status-{n}") for n in range(3)]
        found = {"first status": least([cost(server, clone, status) for clone in first])}
        found["second status"] = least([cost(server, clone, status) for clone in first])
        for name in ACTIONS:
            clone, url = fresh(server, folder, name), f"{server}/acme/big.git"
            found[name] = cost(server, clone, ["-m", "benchmarks.fresh_clone", name, str(clone), url, str(remote)])
    return found


def least(costs: list[Cost]) -> Cost:
    """The one that took the least time: a busy machine only adds to it."""
    return min(costs, key=lambda cost: cost.seconds)


def show(events: int, found: dict[str, Cost]) -> None:
    """Print a table."""
    print(f"{events:,} events behind the journal")
    for name, one in found.items():
        counts = f"{one.requests:>3} requests   {one.sent:>9,} bytes   {one.objects:>3} objects"
        print(f"  {name:<14} {one.seconds:6.2f} s   {counts}")


def main(events: int) -> None:
    """Print both tables, and whether the bounds hold."""
    with tempfile.TemporaryDirectory() as folder:
        show(FEW, measure(Path(folder) / "few", FEW))
        found = measure(Path(folder) / "many", events)
        show(events, found)
    first, second = found["first status"], found["second status"]
    print(f"first against second status: {first.seconds / second.seconds:.2f} x (at most {TWICE} x)")
    print(f"fetched by the first status: {first.sent:,} bytes (at most {MOST:,})")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ACTIONS:
        ACTIONS[sys.argv[1]](site_of(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
