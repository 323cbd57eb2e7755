"""The check of what the default branch of the home repository has: its files alone, whatever the work tree holds."""

from collections.abc import Collection

from kerrigan.apply.checks.run import findings
from kerrigan.apply.checks.since import files_of
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import home_snapshot, place_of
from kerrigan.files import Wanted
from kerrigan.git.journal.definition import all_files
from kerrigan.git.tree_at import TreeSnapshot
from kerrigan.load.tree import CONFIG, CONSTITUTION, MISNAMED, layout, load_tree
from kerrigan.model.checks.tree import Tree
from kerrigan.model.forge.health import DefinitionHealth


def checked_definition(site: Site) -> DefinitionHealth:
    """What `kerrigan check` says of the default branch. Raises as reading the repository does."""
    home, seen = home_snapshot(site)
    where = place_of(site, home, seen)
    if seen.definition is None:
        return DefinitionHealth(where)
    tree = tree_at(all_files(site.clone, site.address(home), seen, seen.definition), home)
    tasks = sum(len(project.tasks) for project in tree.projects)
    return DefinitionHealth(where, findings(tree), len(tree.projects), tasks)


def tree_at(past: TreeSnapshot, home: str) -> Tree:
    """The tree of one repository's commit, by the rules that a check reads a clone of it by."""
    folders = past.folders()
    configs, problems = files_of(past, Wanted(lambda path: path == CONFIG), folders)
    places = layout(configs)

    def reads(path: str) -> bool:
        place = places.place(path)
        owner = place.root if place else places.owner(path)
        if owner is None:
            return path in (CONSTITUTION, MISNAMED)
        return owner == "" and (place is not None or _is_file(path, folders))

    texts, more = files_of(past, Wanted(reads, places.folders), folders)
    hollow = places.hollow(folders, [*texts, *(problem.path for problem in more)])
    return load_tree(configs | texts, home, (*problems, *more, *hollow))


def _is_file(path: str, folders: Collection[str]) -> bool:
    return path not in folders
