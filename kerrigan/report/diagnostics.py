"""Diagnostics as text with the source line and a caret, as GitHub annotations, and as the contract's JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kerrigan.model.source import Diagnostic, Severity
from kerrigan.model.tree import Tree
from kerrigan.report.words import plain
from kerrigan.report.workflow import Finding, annotations

LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "notice"}
WIDEST = 160
"""Characters of a source line that are shown."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and in what: `version` is Kerrigan's."""

    tree: Tree
    diagnostics: Sequence[Diagnostic]
    version: str

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(d.severity is severity for d in self.diagnostics)

    @property
    def tasks(self) -> int:
        """How many tasks were checked."""
        return sum(len(project.tasks) for project in self.tree.projects)


def text(checked: Checked) -> str:
    """Every finding with its line, and a summary."""
    blocks = ["\n".join(_block(checked.tree, diagnostic)) for diagnostic in checked.diagnostics]
    return "\n\n".join([*blocks, summary(checked)])


def summary(checked: Checked) -> str:
    """`2 projects, 7 tasks: 1 error, 0 warnings`."""
    errors, warnings = checked.count(Severity.error), checked.count(Severity.warning)
    counted = [
        (len(checked.tree.projects), "project"),
        (checked.tasks, "task"),
        (errors, "error"),
        (warnings, "warning"),
    ]
    projects, tasks, errors_, warnings_ = (f"{n} {word}{'' if n == 1 else 's'}" for n, word in counted)
    found = f"{errors_}, {warnings_}" if errors or warnings else "all fine"
    return f"{projects}, {tasks}: {found}"


def headline(diagnostic: Diagnostic) -> str:
    """`path:line:column: severity: message [code]`."""
    place = f"{plain(diagnostic.path)}:{diagnostic.span.line}:{diagnostic.span.column}"
    return f"{place}: {diagnostic.severity}: {plain(diagnostic.message)} [{diagnostic.code}]"


def _block(tree: Tree, diagnostic: Diagnostic) -> Iterator[str]:
    yield headline(diagnostic)
    yield from _source(tree, diagnostic)
    for related in diagnostic.related:
        yield f"    {plain(related.path)}:{related.span.line}:{related.span.column}: {plain(related.message)}"
    if diagnostic.hint:
        yield f"  hint: {plain(diagnostic.hint)}"


def _source(tree: Tree, diagnostic: Diagnostic) -> Iterator[str]:
    document = tree.documents.get(diagnostic.path)
    span = diagnostic.span
    lines = document.text.split("\n") if document else []
    if not span.line <= len(lines) or span.column > WIDEST:
        return
    line = lines[span.line - 1].rstrip("\r")[:WIDEST]
    if not line.strip():
        return
    last = span.end_column if span.end_line == span.line else len(line) + 1
    carets = "^" * max(1, min(last, len(line) + 1) - span.column)
    number = f"{span.line:>5}"
    yield f"{number} | {''.join(c if c.isprintable() else ' ' for c in line)}"
    yield f"{' ' * len(number)} | {' ' * (span.column - 1)}{carets}"


def github(checked: Checked) -> str:
    """Workflow commands, ten of a severity at most, and the summary."""
    found = [
        Finding(LEVELS[d.severity], d.code, d.message, d.hint, d.path, d.span.line, d.span.column)
        for d in checked.diagnostics
    ]
    return "\n".join([*annotations(found), summary(checked)])


def to_json(checked: Checked) -> str:
    """The contract's JSON; never cut."""
    body = {
        "kerrigan": checked.version,
        "summary": {
            "projects": len(checked.tree.projects),
            "tasks": checked.tasks,
            "errors": checked.count(Severity.error),
            "warnings": checked.count(Severity.warning),
        },
        "diagnostics": [_object(diagnostic) for diagnostic in checked.diagnostics],
    }
    return json.dumps(body, ensure_ascii=False)


def _object(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "path": diagnostic.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "related": [
            {"path": r.path, "line": r.span.line, "column": r.span.column, "message": r.message}
            for r in diagnostic.related
        ],
    }


FORMATS: Mapping[str, Callable[[Checked], str]] = {"text": text, "github": github, "json": to_json}
"""How `kerrigan check` can answer."""
