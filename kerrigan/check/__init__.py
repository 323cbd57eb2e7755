"""A tree of documents to diagnostics. Pure. `rules` is the catalog of what it can find."""

from collections.abc import Mapping
from typing import Any

from kerrigan.check.choices import chosen
from kerrigan.check.legacy import generation
from kerrigan.check.rules import BESIDE, EMPTY, FOUND, rule
from kerrigan.check.schema import documents as schema
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def run(tree: Tree, schemas: Mapping[str, Mapping[str, Any]]) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a tree, in the contract's order, each finding once."""
    found = [*generation.loaded(tree), *schema.check(tree, schemas)]
    beside = BESIDE if tree.states or tree.siblings else ()
    for name in (*FOUND, *(() if tree.projects else EMPTY), *beside):
        find = rule(name).find
        found += find(tree) if find else ()
    return tuple(sorted(dict.fromkeys(chosen(tree, found)), key=lambda d: d.order))


def failed(diagnostics: tuple[Diagnostic, ...], worst: tuple[Severity, ...] = (Severity.error,)) -> bool:
    """Whether any finding is of a severity that makes a check fail."""
    return any(d.severity in worst for d in diagnostics)
