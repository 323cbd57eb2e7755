"""A comment that silences a rule and does not say why."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project, one_task
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Comments without a reason, or without a rule."""
    for path, ignores in tree.ignores.items():
        for ignore in ignores:
            if not ignore.reason or not ignore.rules:
                what = "reason" if ignore.rules else "rule"
                message = f"this comment names no {what}, so it does not count"
                hint = f"write kerrigan: ignore[{', '.join(ignore.rules) or 'RULE'}] and why"
                yield Diagnostic("ignore-without-reason", Severity.warning, path, ignore.span, message, hint)


_TASK = "depends_on: ['#1', '#1']  # kerrigan: ignore[duplicate-dependency]"

RULE = Rule(
    name="ignore-without-reason",
    severity=Severity.warning,
    wants="A comment that silences a rule says why, behind the brackets.",
    why="Later readers have to know whether the reason still holds. Without one it does not count.",
    bad=new_project(one_task("depends_on: ['#1', '#2']  # kerrigan: ignore[duplicate-dependency]")),
    good=new_project(one_task(f"{_TASK} each stands for one half of it")),
    find=find,
)
