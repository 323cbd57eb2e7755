"""Diagnostics as text with the source line and a caret, as GitHub annotations, and as the contract's JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kerrigan.model.checks.source import Diagnostic, Severity, Span
from kerrigan.model.checks.tree import Lines, Tree
from kerrigan.report.plain import plain
from kerrigan.report.workflow import Finding, annotations

_ORDER = list(Severity)
LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "notice"}
WIDEST = 160
"""Characters of a source line that are shown."""
SHOWN = 1_000
"""How many findings of a file are shown as text."""
RELATED = 20
"""How many other places of a finding are shown."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and in what: `version` is Kerrigan's, `root` the folder that paths begin at.

    `since` is what the findings are new since, and `older` how many were there before; empty and 0 where all are told.
    `folder` is where the root lies in its repository, "" or with a `/` at its end. `fixed` is what was found too and is
    fixed, and `diff` how. `untouched` are the projects beside those of the tree that are fine as they were before, by
    folder, with how many tasks they have.
    """

    tree: Tree
    diagnostics: Sequence[Diagnostic]
    version: str
    root: str = ""
    since: str = ""
    older: int = 0
    folder: str = ""
    fixed: Sequence[Diagnostic] = ()
    diff: str = ""
    untouched: Mapping[str, int] = field(default_factory=dict)

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(d.severity is severity for d in self.diagnostics)

    @property
    def undecided(self) -> int:
        """How many findings say that no one could tell."""
        return sum(d.code == "undecided" for d in self.diagnostics)

    @property
    def projects(self) -> Mapping[str, int]:
        """How many tasks each project has, by its folder, in order."""
        return dict(sorted({**self.untouched, **{p.path: len(p.tasks) for p in self.tree.projects}}.items()))

    @property
    def tasks(self) -> int:
        """How many tasks were checked."""
        return sum(self.projects.values())


def text(checked: Checked) -> str:
    """Every finding with its line, and a summary; of a file with more than 1,000 the worst, and how many more."""
    lines = Lines(checked.tree)
    blocks: list[str] = []
    for path, of_file in groupby(checked.diagnostics, key=lambda found: found.path):
        every = list(of_file)
        blocks += ["\n".join(_block(lines.at(found), found)) for found in worst(every, SHOWN)]
        if len(every) > SHOWN:
            more = f"{len(every) - SHOWN:,} more finding{'s' if len(every) > SHOWN + 1 else ''}"
            blocks.append(f"{plain(path)}: {more}, all of them in --format json")
    return "\n\n".join([*filter(None, [checked.diff]), *blocks, summary(checked)])


def worst(found: Sequence[Diagnostic], most: int) -> Sequence[Diagnostic]:
    """So many of the findings, errors first, in their order."""
    if len(found) <= most:
        return found
    kept = sorted(range(len(found)), key=lambda index: _ORDER.index(found[index].severity))[:most]
    return [found[index] for index in sorted(kept)]


def summary(checked: Checked) -> str:
    """`2 projects, 7 tasks: 1 error, 0 warnings`; what no one could tell is counted too, for it is not fine."""
    errors, warnings = checked.count(Severity.error), checked.count(Severity.warning)
    counted = [
        (len(checked.projects), "project"),
        (checked.tasks, "task"),
        (errors, "error"),
        (warnings, "warning"),
    ]
    projects, tasks, errors_, warnings_ = (f"{n} {word}{'' if n == 1 else 's'}" for n, word in counted)
    found = f"{errors_}, {warnings_}" if errors or warnings else "nothing new" if checked.since else "all fine"
    if checked.fixed:
        found += f"; {len(checked.fixed)} fixed"
    if checked.undecided:
        found += f"; {checked.undecided} undecided"
    if not checked.since:
        return f"{projects}, {tasks}: {found}"
    before = f"; {checked.older} older not shown" if checked.older else ""
    return f"{projects}, {tasks}: {found} since {plain(checked.since)}{before}"


def headline(diagnostic: Diagnostic) -> str:
    """`path:line:column: severity: message [code]`."""
    place = f"{plain(diagnostic.path)}:{diagnostic.span.line}:{diagnostic.span.column}"
    return f"{place}: {diagnostic.severity}: {plain(diagnostic.message)} [{diagnostic.code}]"


def _block(line: str, diagnostic: Diagnostic) -> Iterator[str]:
    yield headline(diagnostic)
    yield from _source(line, diagnostic.span)
    for related in diagnostic.related[:RELATED]:
        yield f"    {plain(related.path)}:{related.span.line}:{related.span.column}: {plain(related.message)}"
    if len(diagnostic.related) > RELATED:
        yield f"    and {len(diagnostic.related) - RELATED} more places, all of them in --format json"
    if diagnostic.hint:
        yield f"  hint: {plain(diagnostic.hint)}"


def _source(line: str, span: Span) -> Iterator[str]:
    """The line and a caret below what is meant; of a long line only the part around it."""
    if not line.strip():
        return
    begin = max(0, span.column - 1 - WIDEST // 2) if len(line) > WIDEST else 0
    shown = line[begin : begin + WIDEST]
    last = span.end_column if span.end_line == span.line else len(line) + 1
    width = min(last - 1 - begin, len(shown)) - (span.column - 1 - begin)
    number = f"{span.line:>5}"
    yield f"{number} | {''.join(c if c.isprintable() else ' ' for c in shown)}"
    yield f"{' ' * len(number)} | {' ' * (span.column - 1 - begin)}{'^' * max(1, width)}"


def github(checked: Checked) -> str:
    """Workflow commands, ten of a severity at most, and the summary."""
    return "\n".join([*annotations(found_in(checked)), summary(checked)])


def found_in(checked: Checked) -> list[Finding]:
    """The findings as a workflow shows them, with paths from the root of the repository."""
    return [_finding(d, checked.folder) for d in checked.diagnostics]


def _finding(diagnostic: Diagnostic, folder: str) -> Finding:
    span = diagnostic.span
    others = [f"{folder}{r.path}:{r.span.line}:{r.span.column}: {r.message}" for r in diagnostic.related[:RELATED]]
    message = "\n".join([diagnostic.message, *others])
    end = span.end_column if span.end_line == span.line else 0
    level = LEVELS[diagnostic.severity]
    return Finding(
        level, diagnostic.code, message, diagnostic.hint, folder + diagnostic.path, span.line, span.column, end
    )


def to_json(checked: Checked) -> str:
    """The contract's JSON; never cut."""
    body = {
        "kerrigan": checked.version,
        "summary": {
            "projects": len(checked.projects),
            "tasks": checked.tasks,
            "errors": checked.count(Severity.error),
            "warnings": checked.count(Severity.warning),
            "undecided": checked.undecided,
        },
        "diagnostics": [_object(diagnostic) for diagnostic in checked.diagnostics],
        "fixed": [_object(diagnostic) for diagnostic in checked.fixed],
    }
    if checked.diff:
        body["diff"] = checked.diff
    if checked.since:
        body["since"] = {"ref": checked.since, "older": checked.older}
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
        "fixable": diagnostic.fix is not None,
        "related": [
            {"path": r.path, "line": r.span.line, "column": r.span.column, "message": r.message}
            for r in diagnostic.related
        ],
    }


FORMATS: Mapping[str, Callable[[Checked], str]] = {"text": text, "github": github, "json": to_json}
"""How `kerrigan check` can answer."""
