"""The stage: what people wrote and what the journal says, read at one moment from one remote."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kerrigan.apply.site import Site
from kerrigan.decide.fold import load as load_state
from kerrigan.decide.fold import replay
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.git.journal import Snapshot
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import parse_project_texts, workspace
from kerrigan.model.event import Actor
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.state import State

CONFIG = ".github/kerrigan.yml"
DEFINITION = ("spec.md", "tasks.yml", "status.json")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a decision stands on, from one look at the home repository `home`."""

    home: str
    project: Project
    workspace: Workspace
    state: State
    snapshot: Snapshot

    def task(self, task: str) -> Task:
        """A task by its full id. Raises UsageError that names the nearest one."""
        if task in self.project.tasks:
            return self.project.tasks[task]
        near = get_close_matches(task, self.project.tasks, n=1)
        raise UsageError(
            f"project '{self.project.name}' has no task '{task}' on {self.snapshot.default_branch}",
            kind="unknown-task",
            next_step=f"did you mean '{near[0]}'?" if near else f"kerrigan tasks {self.project.name}",
        )

    def actor(self, login: str, role: str = "") -> Actor:
        """The actor of a login: an agent where kerrigan.yml names it as one."""
        return Actor(login, "agent" if login in self.workspace.agents else "person", role)


def read(site: Site, project: str) -> Stage:
    """The stage of a project now. Raises UsageError for a project that the default branch does not hold."""
    home, rules = home_of(site)
    return stage_of(site, home, project, site.journal(home, project, _wanted(rules, project)).look())


def home_of(site: Site) -> tuple[str, Workspace]:
    """The home repository's slug and its workspace, as the default branches say it."""
    rules = _config(site, site.here)
    if rules.home is None or rules.home == site.here:
        return site.here, rules
    return rules.home, _config(site, rules.home)


def stage_of(site: Site, home: str, project: str, snapshot: Snapshot) -> Stage:
    """The stage that a snapshot shows."""
    rules = workspace(_document(snapshot.texts.get(CONFIG)))
    folder = f"{rules.projects}/{project}"
    texts = {name: snapshot.texts[path] for name in DEFINITION if (path := f"{folder}/{name}") in snapshot.texts}
    if not texts:
        raise _unknown_project(site, home, project, rules, snapshot)
    state = replay(load_state(snapshot.state) if snapshot.state else State(), snapshot.lines)
    return Stage(home, parse_project_texts(project, folder, texts, home), rules, state, snapshot)


def project_names(site: Site) -> Sequence[str]:
    """The projects on the home repository's default branch, sorted."""
    home, rules = home_of(site)
    return _names(site, home, rules)
