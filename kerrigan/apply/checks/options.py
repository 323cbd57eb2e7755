"""One question to a check, from the command line: where, about what, and whether to fix what can be fixed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kerrigan.apply.checks.run import Beside, check_tree
from kerrigan.model.checks.tree import Tree
from kerrigan.report.findings.diagnostics import Checked

if TYPE_CHECKING:
    from kerrigan.model.state import State


def _alone(tree: Tree, root: Path) -> Tree:
    return tree


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check: a folder, one of its projects or all, and since which ref what changed for the worse, or all.

    `states` are the journals to compare the files with, by project; None compares nothing. `beside` looks for what the
    files name outside of the folder.
    """

    path: Path
    project: str | None = None
    since: str | None = None
    states: "Mapping[str, State] | None" = None
    beside: Beside = _alone


def run_check(question: CheckOptions) -> Checked:
    """What is wrong. Raises what `check_tree` and `check_since` raise."""
    if question.since is None:
        return check_tree(question.path, question.project, question.states, question.beside)
    from kerrigan.apply.checks.since import check_since  # imported late: only this needs git

    return check_since(question.path, question.project, question.since, question.beside)


def fix(question: CheckOptions) -> Checked:
    """Fix what is safe to fix; what is wrong then, and what was fixed."""
    from kerrigan.apply.checks.fix import apply_fixes, write
    from kerrigan.report.findings.diff import diff

    before = run_check(question)
    fixed = apply_fixes(before)
    write(Path(before.root), fixed)
    return replace(run_check(question), fixed=fixed.fixed, diff=diff(fixed.before, fixed.after))


def preview(question: CheckOptions) -> Checked:
    """What is wrong, and what `fix` would change; nothing is written."""
    from kerrigan.apply.checks.fix import apply_fixes
    from kerrigan.report.findings.diff import diff

    checked = run_check(question)
    fixed = apply_fixes(checked)
    return replace(checked, diff=diff(fixed.before, fixed.after))


RunCheck = Callable[[CheckOptions], Checked]
"""One of these three."""
