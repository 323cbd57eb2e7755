"""How the files of a project in the work tree differ from those that decide, and the command that ends it."""

from dataclasses import dataclass

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.files import read_files
from kerrigan.git.difference import Divergence, divergence
from kerrigan.load.project import PARSERS, parse_all
from kerrigan.model.checks.source import Severity


@dataclass(frozen=True, slots=True)
class Unpublished:
    """What differs, in words, and what to do."""

    message: str
    next: str


def unpublished(site: Site, stage: Stage) -> Unpublished | None:
    """How the project differs here from the default branch; None where it does not, or is kept elsewhere."""
    folder, commit = stage.project.path, stage.snapshot.definition
    if site.here != stage.project.home or commit is None:
        return None
    branch = stage.snapshot.default_branch
    found = divergence(site.clone, site.address(site.here), branch, commit, folder)
    if found == Divergence():
        return None
    if (found.uncommitted or found.ahead) and _is_broken(site, folder):
        return Unpublished(f"{folder} cannot be read as it is here", "kerrigan check says where")
    return Unpublished(_message(found, folder, branch), _step(found, site.clone.current_branch() or "", branch))


def _message(found: Divergence, folder: str, branch: str) -> str:
    if found.unrelated:
        return f"{folder} differs from origin/{branch}, which Kerrigan uses"
    here = {
        (True, True): "uncommitted changes and commits",
        (True, False): "uncommitted changes",
        (False, True): "commits",
    }.get((found.uncommitted, found.ahead))
    if here is None:
        return f"{folder} is older than on origin/{branch}, which Kerrigan uses"
    also = f", and origin/{branch} has changes of it that are not here" if found.behind else ""
    return f"{folder} has {here} that are not on origin/{branch} yet, which Kerrigan uses{also}"


def _step(found: Divergence, current: str, branch: str) -> str:
    if found.unrelated:
        return f"git fetch --unshallow origin, or compare: git diff origin/{branch}"
    steps = ["commit them"] if found.uncommitted else []
    if found.behind:
        steps.append("git pull" if current == branch else f"git pull origin {branch}")
    if (found.uncommitted or found.ahead) and current == branch:
        steps.append("git push")
    elif found.uncommitted or found.ahead:
        steps.append(f"git push, and merge {current or 'HEAD'} into {branch}")
    return ", then ".join(steps)


def _is_broken(site: Site, folder: str) -> bool:
    """Whether a definition in the work tree does not parse: it must not be pushed."""
    root = site.clone.root / folder
    texts, problems = read_files(root, (file for file in PARSERS if (root / file).exists()))
    found = [*problems, *(d for document in parse_all(folder, texts).values() for d in document.diagnostics)]
    return any(d.severity is Severity.error for d in found)
