"""Strangers whose pull requests depend on very much, on a GitHub that follows a script."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.seams.github_script import Reply, pull, scripted
from tests.seams.site_on_github import PULLS, REPO, SPEC, TASKS, Hub, from_fork, hub_on, repository

FORKS, TARGETS = 20, 50
MERGED = {"state": "closed", "merged_at": "2026-11-01T00:00:00Z"}
PLAN = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}


@contextmanager
def home_in(folder: Path) -> Iterator[Hub]:
    """The site of acme/api, which holds the project, made in a folder that is empty."""
    home = repository(folder, "api", PLAN)
    with scripted() as github, hub_on(github, folder / "acme" / "api.git", home) as hub:
        yield hub


def flood(hub: Hub, *others: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """Open pull requests of forks, each of which depends on targets that no other one names; and what others opened."""
    forks = [from_fork(100 + fork, f"{fork:040x}", body=_needs(fork)) for fork in range(FORKS)]
    hub.shows(*forks, *others)
    for fork in range(FORKS):
        for number in _targets(fork):
            hub.github.undescribed(f"{PULLS}/{number}", pull(number, "x", **MERGED))
    for each in (*forks, *others):
        hub.github.on("POST", f"{REPO}/statuses/{each['head']['sha']}", Reply(201, text="{}"))
    return forks


def _targets(fork: int) -> range:
    return range(1_000 * (fork + 1), 1_000 * (fork + 1) + TARGETS)


def _needs(fork: int) -> str:
    return "\n".join(f"Depends-on: #{number}" for number in _targets(fork))


def reads(hub: Hub) -> list[str]:
    """The paths that were read, in order."""
    return [seen.path for seen in hub.github.seen if seen.verb == "GET"]


def looked_up(hub: Hub) -> list[int]:
    """The numbers of pull requests that were read one by one."""
    ends = (path.removeprefix(f"{PULLS}/") for path in reads(hub) if path.startswith(f"{PULLS}/"))
    return [int(end) for end in ends if end.isdigit()]


def posted(hub: Hub) -> dict[str, dict[str, str]]:
    """The last status of each commit."""
    prefix = f"{REPO}/statuses/"
    return {s.path.removeprefix(prefix): s.body for s in hub.github.seen if s.verb == "POST" and prefix in s.path}
