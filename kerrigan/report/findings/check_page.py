"""What a check found as the page of a job summary: a table, the worst first, and each project's graph in Mermaid."""

import html
from collections.abc import Iterator, Sequence

from kerrigan.report.findings.diagnostics import Checked, found_in
from kerrigan.report.findings.diagnostics import summary as counted
from kerrigan.report.plain import plain
from kerrigan.report.tasks.graph import Graph, mermaid
from kerrigan.report.workflow import SUMMARY_BYTES, summary

EDGES = 499
CHARACTERS = 50_000
"""GitHub draws no graph of more arrows or of a longer text, and shows an error instead."""
_WORST_FIRST = ("error", "warning", "notice")


def page(checked: Checked, graphs: Sequence[Graph]) -> str:
    """GitHub's Markdown, within what GitHub shows of it. Graphs that no longer fit are named only."""
    where = f" {checked.folder.removesuffix('/')}" if checked.folder else ""
    found = sorted(found_in(checked), key=lambda finding: _WORST_FIRST.index(finding.level))
    text = summary(f"kerrigan check{where}", counted(checked), found, "")
    size = len(text.encode())
    parts = [text]
    for part in map(_drawn, graphs):
        size += len(part.encode())
        if size > SUMMARY_BYTES:
            return "".join([*parts, "<p>The graphs of more projects do not fit here.</p>\n\n"])
        parts.append(part)
    return "".join(parts)


def _drawn(graph: Graph) -> str:
    project, _ = graph
    name, tasks = html.escape(plain(project.name)), len(project.tasks)
    drawing = mermaid([graph])
    arrows = sum(len(task.depends_on) for task in project.tasks.values())
    title = f"<code>{name}</code>: {tasks} task{'' if tasks == 1 else 's'}"
    if arrows > EDGES or len(drawing) >= CHARACTERS:
        return f"<p>{title}, too many to draw: <code>kerrigan graph {name}</code></p>\n\n"
    return "\n".join(_folded(title, drawing)) + "\n\n"


def _folded(title: str, drawing: str) -> Iterator[str]:
    # The blank lines let Markdown begin and end; nothing in the drawing can end the fence, for labels have no backtick.
    yield from (f"<details><summary>{title}</summary>", "", "```mermaid", drawing, "```", "", "</details>")
