"""A tree of documents to diagnostics. Pure. `RULES` is the list: a rule takes the tree and yields what it finds."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kerrigan.check import contract, generation, graph, references, schema, structure
from kerrigan.model.source import Diagnostic, Severity
from kerrigan.model.tree import Tree

Rule = Callable[[Tree], Iterator[Diagnostic]]

RULES: Mapping[str, Rule] = {
    "structure": structure.check,
    "contract": contract.check,
    "constitution": contract.constitution,
    "status": contract.statuses,
    "duplicate-task": references.duplicate_tasks,
    "duplicate-project": references.duplicate_projects,
    "duplicate-repository": references.duplicate_repositories,
    "unknown-repository": references.unknown_repositories,
    "unknown-dependency": references.unknown_dependencies,
    "self-dependency": references.self_dependencies,
    "duplicate-dependency": references.duplicate_dependencies,
    "dependency-cycle": graph.cycles,
}
"""Every rule beside the schemas, by name. To add one: a function in the file that fits, and its line here."""


def run(tree: Tree, schemas: Mapping[str, Mapping[str, Any]]) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a tree, in the contract's order, each finding once."""
    found = [*generation.loaded(tree), *schema.check(tree, schemas)]
    for rule in RULES.values():
        found += rule(tree)
    return tuple(sorted(dict.fromkeys(found), key=lambda d: d.order))


def failed(diagnostics: tuple[Diagnostic, ...], worst: tuple[Severity, ...] = (Severity.error,)) -> bool:
    """Whether any finding is of a severity that makes a check fail."""
    return any(d.severity in worst for d in diagnostics)
