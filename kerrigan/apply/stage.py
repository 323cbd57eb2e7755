"""The stage: what people wrote and what the journal says, read at one moment from one remote."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kerrigan.apply.site import Site
from kerrigan.decide.fold import NEWER, replay
from kerrigan.decide.state_json import load as load_state
from kerrigan.errors import KerriganError, UnreadableError, UsageError
from kerrigan.git.journal import Journal, Snapshot
from kerrigan.git.repo import paths
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import SPEC, STATUS, TASKS, parse_all
from kerrigan.load.project import project as project_of
from kerrigan.load.tree import CONFIG
from kerrigan.load.workspace import workspace
from kerrigan.model.names import is_id
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.source import Document, Severity
from kerrigan.model.state import State

ANY = "any"
"""A name to open a journal under when only the default branch is to be read."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a decision stands on, from one look at the home repository's remote."""

    project: Project
    workspace: Workspace
    state: State
    snapshot: Snapshot
    journal: Journal

    def task(self, task: str) -> Task:
        """A task by its full id. Raises UsageError that names the nearest one."""
        if task in self.project.tasks:
            return self.project.tasks[task]
        near = get_close_matches(task, self.project.tasks, n=1)
        raise UsageError(
            f"project '{self.project.name}' has no task '{task[:80]}' on {self.snapshot.default_branch}",
            kind="unknown-task",
            next_step=f"did you mean '{near[0]}'?" if near else f"kerrigan tasks {self.project.name}",
        )


def read(site: Site, project: str) -> Stage:
    """The stage of a project now, to decide on. Raises UsageError for a project that the default branch does not hold.

    Raises UnreadableError where the journal has what only a newer Kerrigan knows.
    """
    stage = look_at(site, project)
    require_known(stage)
    return stage


def require_known(stage: Stage) -> None:
    """Raise UnreadableError where the journal has what only a newer Kerrigan knows: nothing is decided on a part."""
    if beyond := stage.state.beyond:
        what = f"journal of {stage.project.name}: {beyond.what}; nothing was written"
        raise UnreadableError(what, kind=NEWER, next_step=beyond.next_step)


def look_at(site: Site, project: str) -> Stage:
    """The stage of a project now, as far as this Kerrigan knows what the journal says: to show, not to decide on.

    Raises UsageError for a project that the default branch does not hold.
    """
    home, rules = site.here, Workspace()
    while True:
        journal = site.journal(home, project, _wanted(rules, project))
        snapshot = journal.look()
        found = workspace_of(snapshot)
        if home == site.here and _home(site, found) != home:
            home, rules = _home(site, found), Workspace()
        elif found.projects != rules.projects:
            rules = found
        else:
            return stage_of(site, home, journal, project, snapshot)


def stage_of(site: Site, home: str, journal: Journal, project: str, snapshot: Snapshot) -> Stage:
    """The stage that a snapshot shows. Raises UnreadableError for a definition that cannot be read whole."""
    rules = workspace_of(snapshot)
    folder = f"{rules.projects}/{project}"
    texts = {name: text for name in (SPEC, TASKS, STATUS) if (text := snapshot.text(f"{folder}/{name}")) is not None}
    if SPEC not in texts and TASKS not in texts:
        raise _unknown_project(site, home, project, rules, snapshot)
    documents = parse_all(folder, texts)
    for file in (SPEC, TASKS):
        _intact(documents.get(file), snapshot)
    state = folded(snapshot.state, snapshot.lines)
    site.detail(f"{home} at {(snapshot.definition or '')[:10]}, journal of {project} at event {state.seq}")
    if snapshot.rewritten:
        site.say(f"the journal of {project} was rewritten since this clone saw it: kerrigan audit verify {project}")
    return Stage(project_of(project, folder, documents, home), rules, state, snapshot, journal)


def folded(text: str | None, lines: Sequence[str]) -> State:
    """What a journal says: state.json's text and the lines after it. Raises UnreadableError that names a bad line."""
    return replay(load_state(text) if text else State(), lines)


def project_names(site: Site) -> Sequence[str]:
    """The projects on the home repository's default branch, sorted; a folder that cannot be one is left out aloud."""
    snapshot = site.journal(site.here, ANY, [CONFIG]).look()
    rules = workspace_of(snapshot)
    if _home(site, rules) != site.here:
        snapshot = site.journal(_home(site, rules), ANY, [CONFIG]).look()
        rules = workspace_of(snapshot)
    found = _folders(site, rules, snapshot)
    for name in found:
        if not is_id(name):
            site.say(f"{rules.projects}/{name} is left out: a project's name is lower-case letters, digits and hyphens")
    return [name for name in found if is_id(name)]


def home_of(site: Site) -> str:
    """The slug of the home repository, as kerrigan.yml on the default branch of this one says."""
    return _home(site, workspace_of(site.journal(site.here, ANY, [CONFIG]).look()))


def _home(site: Site, rules: Workspace) -> str:
    """The home repository; this one in whatever case it is written, as forges have it."""
    home = rules.home or site.here
    return site.here if home.casefold() == site.here.casefold() else home


def workspace_of(snapshot: Snapshot) -> Workspace:
    """The workspace that the default branch defines."""
    text = snapshot.text(CONFIG)
    return workspace(None if text is None else _intact(parse_yaml(CONFIG, text), snapshot))


def _intact(document: Document | None, snapshot: Snapshot) -> Document | None:
    # Half a definition is not decided on: what is missing from it might be the rule that says no.
    for found in document.diagnostics if document else ():
        if found.severity is Severity.error:
            raise UnreadableError(
                f"{found.path}:{found.span.line}:{found.span.column} on {snapshot.default_branch}: {found.message}",
                kind="definition",
                next_step=f"kerrigan check, mend the file, and push it to {snapshot.default_branch}",
            )
    return document


def _wanted(rules: Workspace, project: str) -> tuple[str, ...]:
    return (CONFIG, *(f"{rules.projects}/{project}/{name}" for name in (SPEC, TASKS, STATUS)))


def _folders(site: Site, rules: Workspace, snapshot: Snapshot) -> Sequence[str]:
    if snapshot.definition is None:
        return ()
    below = (
        path.removeprefix(f"{rules.projects}/").split("/")
        for path in paths(site.clone, snapshot.definition, rules.projects)
    )
    found = {parts[0] for parts in below if len(parts) == 2 and parts[1] in (SPEC, TASKS)}
    return sorted(name for name in found if not name.startswith(("_", ".")))


def _unknown_project(site: Site, home: str, project: str, rules: Workspace, snapshot: Snapshot) -> KerriganError:
    branch = snapshot.default_branch
    folder = f"{rules.projects}/{project}"
    if (site.clone.root / folder).is_dir():
        return UsageError(
            f"project '{project}' is not on origin/{branch} yet",
            kind="unpublished-project",
            next_step=f"commit {folder} and push it to {branch}",
        )
    there = list(_folders(site, rules, snapshot))
    step = f"write {folder}/spec.md and tasks.yml, and push them"
    if near := get_close_matches(project, there, n=1):
        step = f"did you mean '{near[0]}'?"
    elif there:
        step = f"one of: {', '.join(there[:10])}{' and others' if there[10:] else ''}"
    return UsageError(
        f"{home} has no project '{project}' on {branch}",
        kind="unknown-project",
        next_step=step,
    )
