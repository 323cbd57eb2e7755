"""Look at everything that Kerrigan stands on here, and say what will work. Writes nothing but what git fetches."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kerrigan.apply.setup.doctor_files import contents_of, trouble_of, wanted
from kerrigan.apply.state.lost_journals import lost_journals
from kerrigan.apply.state.published import checked_definition
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import ANY, Stage, project_folders, read
from kerrigan.apply.state.unpublished import unpublished
from kerrigan.decide.health.findings import broken, clone_findings, findings
from kerrigan.errors import KerriganError
from kerrigan.git.difference import distance
from kerrigan.git.inspect import glance, identity, version
from kerrigan.git.repo import Clone, without_credentials
from kerrigan.model.forge.health import Checkup, Contents, DefinitionHealth, Finding, Here, ProjectHealth, Trouble


def diagnose(site: Site) -> tuple[Finding, ...]:
    """What is to be said of the repository one stands in, and of every repository of its projects."""
    site.say(f"looking at {site.here}")
    folders, trouble = _folders(site)
    names = [name for name, why in folders.items() if not why]
    read_ones = [_read(site, name) for name in names]
    stages = [found for found in read_ones if isinstance(found, Stage)]
    contents = {site.here: _contents(site, site.here)}
    home = next((stage.project.home for stage in stages), contents[site.here].home or site.here)
    slugs = _distinct([site.here, home, *(r.slug for stage in stages for r in stage.project.repositories.values())])
    examination = site.forge.examine(slugs)
    for examined in examination.repositories:
        if examined.reached and examined.slug not in contents:
            site.say(f"looking at {examined.slug}")
            contents[examined.slug] = _contents(site, examined.slug)
    odd = [
        ProjectHealth(name, Trouble(why, "make it a folder with such a name")) for name, why in folders.items() if why
    ]
    projects = (*odd, *(_project(site, name, found) for name, found in zip(names, read_ones, strict=True)))
    lost = tuple(lost_journals(site, home, names)) if examination.repositories[0].reached else ()
    return findings(Checkup(_here(site), home, projects, examination, contents, trouble, _definition(site), lost))


def diagnose_clone(clone: Clone, error: KerriganError) -> tuple[Finding, ...]:
    """What is to be said where there is no forge to ask, and why there is none."""
    code = "token" if error.kind == "token" else "origin"
    return (*clone_findings(_clone(clone, "", "")), broken("here", code, trouble_of(error)))


def _folders(site: Site) -> tuple[Mapping[str, str], Trouble | None]:
    try:
        return project_folders(site), None
    except KerriganError as error:
        return {}, trouble_of(error)


def _read(site: Site, name: str) -> Stage | KerriganError:
    try:
        return read(site, name)
    except KerriganError as error:
        return error


def _project(site: Site, name: str, found: Stage | KerriganError) -> ProjectHealth:
    if isinstance(found, KerriganError):
        return ProjectHealth(name, trouble_of(found))
    difference = unpublished(site, found)
    return ProjectHealth(
        name,
        tasks=len(found.project.tasks),
        events=found.state.seq,
        rewritten=found.snapshot.rewritten,
        unpublished=difference.message if difference else "",
        publish=difference.next if difference else "",
        stopped=sum(bool(task.problems) for task in found.project.tasks.values()),
        is_stopped=bool(found.project.stopping),
        tests=found.workspace.tests,
        rules=site.forge.rules(found.project.home, f"kerrigan-state/{name}"),
    )


def _definition(site: Site) -> DefinitionHealth | Trouble:
    try:
        return checked_definition(site)
    except KerriganError as error:
        return trouble_of(error)


def _contents(site: Site, slug: str) -> Contents:
    try:
        return contents_of(glance(site.clone, site.address(slug), wanted()))
    except KerriganError as error:
        return Contents(trouble_of(error))


def _here(site: Site) -> Here:
    here = _clone(site.clone, site.here, without_credentials(site.clone.remote_url("origin")))
    try:
        snapshot = site.journal(site.here, ANY, []).look()
    except KerriganError:
        return here  # what is wrong with it is found where its files are read
    branch, default = site.clone.current_branch() or "", snapshot.default_branch
    if snapshot.definition is None or branch != default:
        return replace(here, branch=branch, default=default)
    try:
        ahead, behind = distance(site.clone, site.address(site.here), default, snapshot.definition)
    except KerriganError:
        return replace(here, branch=branch, default=default)
    return replace(here, branch=branch, default=default, ahead=ahead, behind=behind)


def _clone(clone: Clone, slug: str, url: str) -> Here:
    return Here(version(clone.root), *identity(clone), slug, url)


def _distinct(slugs: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for slug in slugs:
        first.setdefault(slug.casefold(), slug)
    return tuple(first.values())
