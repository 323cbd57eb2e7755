"""Whether the dependencies of tasks hold that are outside of their journal: in other projects, and on the forge."""

from collections.abc import Collection, Iterable, Mapping

from kerrigan.apply.checks.targets import NamedBy
from kerrigan.apply.state.project_files import wanted
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, require_known, stage_of
from kerrigan.decide.readiness import satisfies
from kerrigan.errors import KerriganError
from kerrigan.git.journal.journal import Journal
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Dependency, DependencyKind, Task

Others = Mapping[str, Stage | KerriganError]
"""Other projects of the home repository, or why one cannot be decided on."""


def dependency_facts(site: Site, stage: Stage, tasks: Iterable[Task]) -> Facts:
    """Which dependencies outside of this journal hold, and which could not be looked at, with why."""
    satisfied: set[str] = set()
    unknown: dict[str, str] = {}
    outside = {d.target: d for task in tasks for d in task.hard if _is_foreign(stage, d)}
    others = _read_others(site, stage, {_project(d) for d in outside.values() if d.kind is DependencyKind.task})
    for dependency in outside.values():
        try:
            holds = _holds(site, stage, dependency, others)
        except KerriganError as error:
            unknown[dependency.target] = error.message
            continue
        if isinstance(holds, str):
            unknown[dependency.target] = holds
        elif holds:
            satisfied.add(dependency.target)
    return Facts(satisfied=frozenset(satisfied), unknown=unknown)


def together(*found: Facts) -> Facts:
    """The dependencies that hold, and those that are unknown, of several looks at once."""
    unknown = {target: why for one in found for target, why in one.unknown.items()}
    return Facts(satisfied=frozenset().union(*(one.satisfied for one in found)), unknown=unknown)


def _is_foreign(stage: Stage, dependency: Dependency) -> bool:
    if dependency.kind is DependencyKind.task:
        return dependency.target not in stage.project.tasks
    return dependency.kind is DependencyKind.issue


def _project(dependency: Dependency) -> str:
    return dependency.target.partition("/")[0]


def _holds(site: Site, stage: Stage, dependency: Dependency, others: Others) -> bool | str:
    """Whether a dependency holds, or why that is not known."""
    if dependency.kind is DependencyKind.task:
        other = others[_project(dependency)]
        if isinstance(other, KerriganError):
            raise other
        return satisfies(stage.workspace, other.state.task(other.task(dependency.target).id).status)
    found = site.targets.of(dependency.target, NamedBy.plan)
    return found.why if found.is_done is None else found.is_done


def _read_others(site: Site, stage: Stage, names: Collection[str]) -> Others:
    """These projects now, all of them from one listing of the home repository."""
    home, found = stage.project.home, dict[str, Stage | KerriganError]()
    journals = dict[str, Journal]()
    for name in sorted(names):
        try:
            journals[name] = site.journal(home, name, ())
        except KerriganError as error:
            found[name] = error
    if not journals:
        return found
    try:
        snapshots = site.journals(home, {name: wanted(stage.workspace.projects, name) for name in journals})
    except KerriganError as error:
        return found | dict.fromkeys(journals, error)
    return found | {name: _stage(site, home, journal, name, snapshots[name]) for name, journal in journals.items()}


def _stage(site: Site, home: str, journal: Journal, name: str, snapshot: JournalSnapshot) -> Stage | KerriganError:
    try:
        found = stage_of(site, home, journal, name, snapshot)
        require_known(found)
    except KerriganError as error:
        return error
    return found
