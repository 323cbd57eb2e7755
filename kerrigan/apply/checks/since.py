"""What a change caused: both trees are checked, the one it began at and the present one, and the new findings told."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from kerrigan.apply.checks.run import Beside, beyond, check_tree, config_paths, findings, readable_paths, tree_of_texts
from kerrigan.files import Wanted, decoded, is_passed_over, parted
from kerrigan.git.repo import discover
from kerrigan.git.tree_at import TreeSnapshot, beginning, snapshot
from kerrigan.load.tree import layout
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.checks.tree import Lines, Tree
from kerrigan.report.findings.diagnostics import Checked

Trait = tuple[str, Severity, str, str, str]
"""What makes a finding the same in two trees: its code, severity, path and message, and the line it stands on."""


def check_since(path: Path, project: str | None, ref: str, beside: Beside) -> Checked:
    """The findings below a folder that were not there where HEAD parted from `ref`, wherever in the tree they stand.

    `beside` adds to both trees what they name outside of themselves: what changed there meanwhile is not new.
    Raises what `check_tree` and `beginning` raise, and UnreadableError outside of a repository.
    """
    checked = check_tree(path, project, beside=beside)
    root = Path(checked.root)
    clone = discover(root)
    commit = beginning(clone, ref)
    folder = root.resolve().relative_to(clone.root).as_posix()
    before = tree_of(snapshot(clone, commit, "" if folder == "." else folder), root, checked.tree)
    new = unknown(checked, beside(before, root))
    older = len(checked.diagnostics) - len(new)
    return replace(checked, diagnostics=new, since=f"{ref} ({commit[:10]})", older=older)


def unknown(checked: Checked, before: Tree) -> tuple[Diagnostic, ...]:
    """The findings that the tree of before does not have; of equal ones the last are new."""
    known = Counter(map(_trait(before), findings(before)))
    return tuple(beyond(known, checked.diagnostics, _trait(checked.tree)))


def _trait(tree: Tree) -> Callable[[Diagnostic], Trait]:
    # A line that only moved is not new, so its number does not count; nor does why a file cannot be read: that is known
    # better of a file on disk than of one in git.
    lines = Lines(tree)

    def trait(found: Diagnostic) -> Trait:
        message = "" if found.code == "unreadable" else found.message
        return found.code, found.severity, found.path, message, lines.at(found).strip()

    return trait


def tree_of(past: TreeSnapshot, root: Path, now: Tree) -> Tree:
    """The tree that a snapshot of the folder `root` makes, read by the same rules as its files are now.

    Repositories that stand inside of it have a history of their own: of them both trees have what is there now.
    """
    folders = past.folders()
    configs, problems = files_of(past, config_paths(root), folders)
    texts, more = files_of(past, readable_paths(root, configs, folders.__contains__), folders)
    hollow = layout(configs).hollow(folders, [*texts, *(problem.path for problem in more)])
    others = tuple(f"{inner}/" for inner in now.workspaces if inner and (root / inner / ".git").exists())
    inside = {path: document.text for path, document in now.documents.items() if path.startswith(others)}
    unread = (problem for problem in now.problems if problem.path.startswith(others))
    return tree_of_texts(root, configs | texts | inside, (*problems, *more, *hollow, *unread))


def files_of(
    past: TreeSnapshot, wanted: Wanted, folders: Collection[str]
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The wanted files, and what there was in place of some: folders, and links to folders. It was told then, too."""
    texts, problems = texts_of(past, lambda p: wanted.reads(p) or (past.is_link(p) and wanted.hides(p)))
    others = (*folders, *past.submodules)
    in_place = (_lost(path) for path in others if wanted.reads(path) and not is_passed_over(path))
    return texts, (*problems, *in_place)


def texts_of(past: TreeSnapshot, wanted: Callable[[str], bool]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The wanted files of a snapshot that a check may enter, and a diagnostic for each that is no text."""
    contents = past.read(lambda path: wanted(path) and not is_passed_over(path))
    return parted((path, _lost(path) if found is None else decoded(path, found)) for path, found in contents.items())


def _lost(path: str) -> Diagnostic:
    message = "found a folder, a submodule, or a symbolic link that leads out of the tree, expected a file"
    return Diagnostic("unreadable", Severity.error, path, START, message)
