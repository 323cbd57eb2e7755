"""How many jobs start on GitHub for what happens in a project: the steps of a life, played in the box and counted.

A job is what GitHub bills, by the begun minute; a run whose jobs are all skipped costs nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.box import Box, OfflineGitHub
from tests.box.runs import Run
from tests.e2e.hub import AGENT, API, SPEC, WEB, Person, logs, world

TASKS_YML = "specs/projects/todo/tasks.yml"
NO_TASKS = "kerrigan: 7\ntasks: []\n"
PAIR = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the contract, role: architect, repository: api, risk: medium}
  - {id: screen, title: Show the list, role: swe, repository: web, risk: medium, depends_on: [contract]}
"""
THREE = "kerrigan: 7\ntasks:\n" + "".join(
    f"  - {{id: t{number}, title: A task, role: swe, repository: api, paths: [todo/t{number}.md]}}\n"
    for number in range(3)
)


@dataclass(frozen=True)
class Counted:
    """What one step started: the jobs, by workflow, of Kerrigan's and of the team's own; and how many runs."""

    what: str
    jobs: tuple[str, ...]
    others: int
    runs: int


@dataclass
class Counter:
    """Counts what a box starts, step by step."""

    box: Box
    steps: list[Counted] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    def step(self, what: str, act: Callable[..., object], *given: object) -> Counted:
        """Do something, let everything settle, and count what was started since the last step."""
        act(*given)
        self.box.settle()
        fresh = [run for run in self.box.runs if id(run) not in self._seen]
        self._seen.update(map(id, fresh))
        ours = [run for run in fresh if run.workflow.file.startswith("kerrigan-")]
        jobs = tuple(sorted(f"{_short(run)}: {job}" for run in ours for job in run.jobs))
        found = Counted(what, jobs, sum(len(run.jobs) for run in fresh if run not in ours), len(fresh))
        self.steps.append(found)
        return found

    @property
    def jobs(self) -> int:
        """All of Kerrigan's jobs so far."""
        return sum(len(step.jobs) for step in self.steps)


def _short(run: Run) -> str:
    return f"{run.slug.partition('/')[2]} {run.workflow.file.removeprefix('kerrigan-').removesuffix('.yml')}"


def swarm(boot: OfflineGitHub, tmp_path: Path, tasks: str = NO_TASKS) -> tuple[Counter, Person]:
    """Two repositories whose agents work for anyone who plans; `tasks` are planned already."""
    box = world(boot, tmp_path, tasks)
    for slug in (API, WEB):
        box.variables[slug] = {"KERRIGAN_AGENT_COMMAND": AGENT}
    return Counter(box), Person(box, "ada", API, tmp_path)


def pair(counter: Counter, ada: Person) -> None:
    """Two tasks, one waiting for the other in another repository, from ready to done, both by agents."""
    box = counter.box
    plan = {"specs/projects/todo/spec.md": SPEC, TASKS_YML: PAIR}
    counter.step("a plan is pushed, and an agent hands its first task in", box.push, API, "main", plan, "ada")
    for slug, task in ((API, "todo/contract"), (WEB, "todo/screen")):
        number = ada.task(task)["pull_request"]["number"]
        assert ada.task(task)["status"] == "in_review", logs(box)
        at = f"/repos/{slug}/pulls/{number}"
        counter.step(f"{task} is approved", box.call, "ben", "POST", f"{at}/reviews", {"event": "APPROVE"})
        counter.step(f"{task} is merged", box.call, "ada", "PUT", f"{at}/merge", {"merge_method": "squash"})
        assert ada.task(task)["status"] == "done", logs(box)


def submitted(counter: Counter, ada: Person, names: Iterable[str]) -> list[int]:
    """Pull requests of tasks of home that someone has handed in by hand; their numbers."""
    numbers: list[int] = []
    for task in names:
        counter.step(f"{task} is handed in", ada.submit, task, {f"{task}.md": "x"})
        numbers.append(ada.task(task)["pull_request"]["number"])
    return numbers


def burst(counter: Counter, numbers: list[int], labels: tuple[str, ...]) -> Counted:
    """As many labels as there are, on each of these pull requests, all at once."""

    def label() -> None:
        for number in numbers:
            counter.box.label("ben", API, number, *labels)

    return counter.step(f"{len(labels) * len(numbers)} labels on {len(numbers)} pull requests", label)
