"""Names that differ in upper and lower case only, where one of them alone can be kept."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kerrigan.check.examples import CONFIG, FOLDER, new_project
from kerrigan.check.legacy.generation import is_new
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Document, Related, Route, Severity
from kerrigan.model.checks.tree import Tree

LOGINS: tuple[Route, ...] = (("agents",), ("people",), ("limits", "agents"), ("budget", "agents"))
"""Where kerrigan.yml has entries by login, in whatever case: forges ignore it, and so does Kerrigan."""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Files and folders that are one where case is ignored, and entries of kerrigan.yml for one login."""
    yield from _paths(tree)
    for path in (f"{root}/{CONFIG}" if root else CONFIG for root in tree.workspaces):
        if document := tree.documents.get(path):
            for route in LOGINS:
                yield from _logins(document, route)


def _paths(tree: Tree) -> Iterator[Diagnostic]:
    files = sorted({*tree.documents, *(problem.path for problem in tree.problems)})
    held = _held(tree)
    for *earlier, last in _alike(files):
        place = _file(files, last)
        what = "files" if place == last else "folders"
        names = " and ".join(f"'{entry}'" for entry in (*earlier, last))
        message = f"the {what} {names} differ in upper and lower case only: macOS and Windows keep one of them"
        hint = "give one of them another name"
        related = tuple(Related(_file(files, entry), START, "the other one") for entry in earlier)
        # Milestones 1 to 6 passed it, and their projects keep that verdict.
        severity = Severity.error if any(_counts(held, entry) for entry in (*earlier, last)) else Severity.warning
        yield Diagnostic("case-clash", severity, place, START, message, hint, related)


def _alike(files: Iterable[str]) -> list[list[str]]:
    """Files and folders that only case tells apart from others in the same folder, together."""
    entries: dict[tuple[str, str], list[str]] = {}
    seen = {""}
    for entry in files:
        while entry not in seen:
            seen.add(entry)
            folder, _, name = entry.rpartition("/")
            # As the file system of macOS folds it, to which 'straße' and 'STRASSE' are one name.
            entries.setdefault((folder, name.casefold()), []).append(entry)
            entry = folder
    return [sorted(alike) for alike in entries.values() if len(alike) > 1]


def _file(files: Sequence[str], entry: str) -> str:
    """The file itself, or the first one in the folder: a finding stands in a file. `files` are sorted."""
    at = bisect_left(files, entry)
    return entry if files[at : at + 1] == [entry] else files[bisect_left(files, f"{entry}/")]


def _held(tree: Tree) -> dict[str, bool]:
    """The folders of projects and those above them: whether one of the projects is of Milestone 7."""
    found: dict[str, bool] = {}
    for project in tree.projects:
        new, folder = is_new(tree, project), project.path
        while found.get(folder) not in (new, True):
            found[folder] = new
            folder = folder.rpartition("/")[0]
    return found


def _counts(held: Mapping[str, bool], entry: str) -> bool:
    while entry and entry not in held:
        entry = entry.rpartition("/")[0]
    return held.get(entry, True)


def _logins(document: Document, route: Route) -> Iterator[Diagnostic]:
    section = document.data
    for key in route:
        section = section.get(key) if isinstance(section, dict) else None
    first: dict[str, str] = {}
    for login in section if isinstance(section, dict) else ():
        earlier = first.setdefault(login.casefold(), login)
        if earlier != login:
            span, other = (document.positions.key((*route, name)) for name in (login, earlier))
            message = f"'{login}' and '{earlier}' are one login, and only the last entry counts"
            related = (Related(document.path, other, "first written here"),)
            yield Diagnostic("case-clash", Severity.error, document.path, span, message, "keep one of them", related)


RULE = Rule(
    name="case-clash",
    severity=Severity.error,
    wants="No two files, folders or logins differ in upper and lower case only.",
    why="A checkout on macOS or Windows holds one of two such files, and the next commit there loses the other; of two "
    "such logins in kerrigan.yml the last entry counts. Where the check runs both are there, so no one sees it. It "
    "looks at the files that Kerrigan reads: SPEC.MD is none. Ids and short names are in lower case anyway.",
    bad={**new_project(), f"{FOLDER}/Plan.md": "# Plan\n", f"{FOLDER}/plan.md": "# Steps\n"},
    good={**new_project(), f"{FOLDER}/plan.md": "# Plan\n\n## Steps\n"},
    find=find,
)
