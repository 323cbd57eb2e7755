"""The stage: what people wrote and what the journal says, read at one moment from one remote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kerrigan.apply.state.project_files import definition, wanted
from kerrigan.apply.state.site import Site
from kerrigan.decide.fold.fold import NEWER, replay
from kerrigan.decide.fold.state_json import load as load_state
from kerrigan.errors import KerriganError, UnreadableError, UsageError
from kerrigan.files import decoded
from kerrigan.git.files_at import LINK, SUBMODULE, FilesAt
from kerrigan.git.journal.journal import Journal
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import SPEC, TASKS
from kerrigan.load.tree import CONFIG
from kerrigan.load.workspace import UNREADABLE, workspace
from kerrigan.model.names import is_id
from kerrigan.model.project import Problem, Project, Task, Workspace
from kerrigan.model.state import State

UNPARSED = frozenset({"syntax", "too-deep", "too-large", "unreadable"})
"""The problems of files of which nothing is known but that they are there."""

NAMING = "a project's name is lower-case letters, digits and hyphens"

ANY = "any"
"""A name to open a journal under when only the default branch is to be read."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a decision stands on, from one look at the home repository's remote."""

    project: Project
    workspace: Workspace
    state: State
    snapshot: JournalSnapshot
    journal: Journal

    def task(self, task: str) -> Task:
        """A task by its full id. Raises UsageError that names the nearest one.

        Raises UnreadableError where the definition has problems: they may be why it is not there.
        """
        if task in self.project.tasks:
            return self.project.tasks[task]
        if found := next((p for p in self.project.problems if p.stops or TASKS in p.place), None):
            raise unreadable(found)
        near = get_close_matches(task, self.project.tasks, n=1)
        raise UsageError(
            f"project '{self.project.name}' has no task '{task[:80]}' on {self.snapshot.default_branch}",
            kind="unknown-task",
            next_step=f"did you mean '{near[0]}'?" if near else f"kerrigan tasks {self.project.name}",
        )

    @property
    def unread(self) -> UnreadableError | None:
        """The error of the first file of the definition that cannot be read at all, if there is one."""
        found = next((problem for problem in self.project.problems if problem.code in UNPARSED), None)
        return unreadable(found) if found else None


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
        journal = site.journal(home, project, wanted(rules.projects, project))
        snapshot = journal.look()
        found = workspace_of(snapshot)
        if home == site.here and _home(site, found) != home:
            home, rules = _home(site, found), Workspace()
        elif found.projects != rules.projects:
            rules = found
        else:
            return stage_of(site, home, journal, project, snapshot)


def stage_of(site: Site, home: str, journal: Journal, project: str, snapshot: JournalSnapshot) -> Stage:
    """The stage that a snapshot shows, of whatever files the default branch has. Raises as `read` does."""
    site.disclosure.note(home)
    folder = f"{workspace_of(snapshot).projects}/{project}"
    if not any(f"{folder}/{file}" in snapshot.files for file in (SPEC, TASKS)):
        raise _unknown_project(site, home, project, snapshot)
    found = definition(folder, home, place_of(site, home, snapshot), snapshot.files)
    state = state_of(site, project, snapshot)
    site.detail(f"{home} at {(snapshot.definition or '')[:10]}, journal of {project} at event {state.seq}")
    if snapshot.rewritten:
        site.say(f"the journal of {project} was rewritten since this clone saw it: kerrigan audit verify {project}")
    return Stage(found.project, found.workspace, state, snapshot, journal)


def state_of(site: Site, project: str, snapshot: JournalSnapshot) -> State:
    """What the journal of a snapshot says, folded again only where it moved. Raises as `folded` does."""
    if snapshot.tip is None:
        return folded(snapshot.state, snapshot.lines)
    if not site.has_state(project, snapshot.tip):
        site.states[project] = snapshot.tip, folded(snapshot.state, snapshot.lines)
    return site.states[project][1]


def folded(text: str | None, lines: Sequence[str]) -> State:
    """What a journal says: state.json's text and the lines after it. Raises UnreadableError that names a bad line."""
    return replay(load_state(text) if text else State(), lines)


def unreadable(problem: Problem) -> UnreadableError:
    """The error of something that a problem in the definition hides."""
    return UnreadableError(problem.text, kind="definition", next_step=problem.next_step)


def project_names(site: Site) -> Sequence[str]:
    """The projects on the home repository's default branch, sorted; what cannot be one is left out aloud.

    Raises UnreadableError where none is there, and kerrigan.yml, which says where they are, has problems.
    """
    found = project_folders(site)
    for why in filter(None, found.values()):
        site.say(why)
    return [name for name, why in found.items() if not why]


def project_folders(site: Site) -> Mapping[str, str]:
    """What stands in the folder of projects, by name: empty for a project, else why it is left out. Raises as above."""
    home, snapshot = home_snapshot(site)
    rules, where = workspace_of(snapshot), place_of(site, home, snapshot)
    found = _folders(site, home, snapshot)
    if not any(why == "" for why in found.values()):
        _raise_problems(site, home, snapshot)
    return {name: why and f"{rules.projects}/{name} {where} is left out: {why}" for name, why in found.items()}


def home_of(site: Site) -> str:
    """The slug of the home repository, as kerrigan.yml on the default branch of this one says."""
    return home_snapshot(site)[0]


def workspace_of(snapshot: JournalSnapshot) -> Workspace:
    """The rules that the default branch defines, without the problems of the file."""
    content = snapshot.files.get(CONFIG)
    if content is None:
        return Workspace()
    text = decoded(CONFIG, content) if isinstance(content, bytes) else None
    return workspace(parse_yaml(CONFIG, text)) if isinstance(text, str) else UNREADABLE


def home_snapshot(site: Site) -> tuple[str, JournalSnapshot]:
    """The home repository and its default branch now."""
    snapshot = site.journal(site.here, ANY, [CONFIG]).look()
    home = _home(site, workspace_of(snapshot))
    site.disclosure.note(home)
    return (home, snapshot) if home == site.here else (home, site.journal(home, ANY, [CONFIG]).look())


def _home(site: Site, rules: Workspace) -> str:
    """The home repository; this one in whatever case it is written, as forges have it."""
    home = rules.home or site.here
    return site.here if home.casefold() == site.here.casefold() else home


def place_of(site: Site, home: str, snapshot: JournalSnapshot) -> str:
    """Where the files that decide are, in words: `on origin/main`."""
    branch = snapshot.default_branch
    return f"on origin/{branch}" if home == site.here else f"on {branch} of {home}"


def _folders(site: Site, home: str, snapshot: JournalSnapshot) -> Mapping[str, str]:
    """What stands in the folder of projects, by name: empty for a project, else why it is none."""
    projects = workspace_of(snapshot).projects

    def reading(files: FilesAt) -> Mapping[str, str]:
        if found := files.in_the_way(projects):
            raise _no_folder(*found, place_of(site, home, snapshot))
        entries = {name: kind for name, kind in files.entries(projects).items() if name[0] not in "_."}
        holding = [name for name in entries if {SPEC, TASKS} & files.entries(f"{projects}/{name}").keys()]
        others = {f"{projects}/{name}": name for name, kind in entries.items() if kind in (LINK, SUBMODULE)}
        odd = {others[path]: content for path, content in files.read(others).items() if isinstance(content, str)}
        named = {name: "" if is_id(name) else NAMING for name in holding}
        return dict(sorted({**{name: f"it is {word}" for name, word in odd.items()}, **named}.items()))

    return site.read_files(home, snapshot, reading) or {}


def _no_folder(path: str, kind: str, where: str) -> UnreadableError:
    return UnreadableError(
        f"{path} {where} is {kind}, which is not followed, expected a folder",
        kind="definition",
        next_step="put the projects into a folder of this repository, or name theirs as `projects` in kerrigan.yml",
    )


def _raise_problems(site: Site, home: str, snapshot: JournalSnapshot) -> None:
    found = definition("", home, place_of(site, home, snapshot), snapshot.files).workspace.problems
    if problem := next((problem for problem in found if problem.stops), None):
        raise unreadable(problem)


def _unknown_project(site: Site, home: str, project: str, snapshot: JournalSnapshot) -> KerriganError:
    rules, branch = workspace_of(snapshot), snapshot.default_branch
    folder = f"{rules.projects}/{project}"
    there = _folders(site, home, snapshot)
    if why := there.get(project):
        message = f"{folder} {place_of(site, home, snapshot)} is no project: {why}"
        return UnreadableError(message, kind="definition", next_step=f"make it a folder, and push it to {branch}")
    _raise_problems(site, home, snapshot)
    if (site.clone.root / folder).is_dir():
        return UsageError(
            f"project '{project}' is not on origin/{branch} yet",
            kind="unpublished-project",
            next_step=f"commit {folder} and push it to {branch}",
        )
    names = [name for name, why in there.items() if not why]
    step = f"write {folder}/spec.md and tasks.yml, and push them"
    if near := get_close_matches(project, names, n=1):
        step = f"did you mean '{near[0]}'?"
    elif names:
        step = f"one of: {', '.join(names[:10])}{' and others' if names[10:] else ''}"
    return UsageError(f"{home} has no project '{project}' on {branch}", kind="unknown-project", next_step=step)
