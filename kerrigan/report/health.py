"""Findings in words and for machines, grouped by repository."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from kerrigan.model.forge.health import Finding, Level
from kerrigan.report.plain import plain


def health_text(found: Sequence[Finding], *, all_of_them: bool) -> str:
    """What was found, repository by repository; without the fine ones unless asked for."""
    shown = [finding for finding in found if all_of_them or finding.level is not Level.ok]
    lines: list[str] = []
    for about, group in groupby(_grouped(shown), key=lambda finding: finding.about):
        lines += [*([""] if lines else []), plain(about), *(line for finding in group for line in _lines(finding))]
    return "\n".join([*lines, *([""] if lines else []), _summary(found)])


def health_json(found: Iterable[Finding]) -> dict[str, Any]:
    """The findings, and how many there are of each level."""
    listed = list(found)
    counts = {level.value: sum(finding.level is level for finding in listed) for level in Level}
    return {"findings": [finding.to_json() for finding in listed], "summary": counts}


def _grouped(found: Sequence[Finding]) -> list[Finding]:
    order = list(dict.fromkeys(finding.about for finding in found))
    return sorted(found, key=lambda finding: order.index(finding.about))


def _lines(finding: Finding) -> list[str]:
    step = [f"{'':11}next: {plain(finding.next)}"] if finding.next and finding.level is not Level.ok else []
    return [f"  {finding.level.value:<8} {plain(finding.message)} [{finding.code}]", *step]


def _summary(found: Sequence[Finding]) -> str:
    counts = {level: sum(finding.level is level for finding in found) for level in Level}
    problems, warnings = counts[Level.problem], counts[Level.warning]
    return (
        f"{problems or 'no'} {'problem' if problems == 1 else 'problems'}, "
        f"{warnings or 'no'} {'warning' if warnings == 1 else 'warnings'}, {counts[Level.unknown]} not known"
    )
