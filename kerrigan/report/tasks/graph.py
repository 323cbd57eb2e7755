"""Tasks and dependencies as text, Mermaid, DOT and JSON; the critical path is marked."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kerrigan.model.project import Project, Task
from kerrigan.report.plain import plain
from kerrigan.report.tasks.tasks import marked, written

_OBEYED = ("direction", "style", "classDef")
"""What Mermaid looks for anywhere in a line, in quotes too, and takes the whole line to be about."""
Graph = tuple[Project, Sequence[str]]
"""A project and its critical path."""


def text(project: Project, critical: Sequence[str]) -> str:
    """One line a task, `*` for the critical path."""
    longest = set(critical)
    count = f"{len(project.tasks)} task{'' if len(project.tasks) == 1 else 's'}"
    lines = [f"{project.name}: {count}, critical path of {len(critical)}"]
    for task in project.tasks.values():
        needs = ", ".join(marked(d) for d in task.depends_on)
        mark = "*" if task.id in longest else " "
        lines.append(f" {mark} {task.id}  [{plain(task.repository)}]{f'  <- {needs}' if needs else ''}")
    return "\n".join(lines)


def mermaid(graphs: Sequence[Graph]) -> str:
    """One Mermaid flowchart, for Mermaid reads one at a time: each of several projects has a box of its own."""
    tasks = {task.id: task for project, _ in graphs for task in project.tasks.values()}
    names = {task: f"t{number}" for number, task in enumerate(tasks)}
    lines = ["flowchart LR"]
    for number, (project, _) in enumerate(graphs):
        nodes = [f'    {names[t.id]}["{_mermaid(_label(t))}"]' for t in project.tasks.values()]
        box = (f'    subgraph p{number}["{_mermaid(project.name)}"]', "    end")
        lines += nodes if len(graphs) == 1 else [box[0], *nodes, box[1]]
    for source, target, soft in (edge for project, _ in graphs for edge in _edges(project)):
        if source not in names:
            names[source] = f"x{len(names)}"
            lines.append(f'    {names[source]}(["{_mermaid(source)}"])')
        lines.append(f"    {names[source]} {'-.->' if soft else '-->'} {names[target]}")
    if critical := [names[task] for _, longest in graphs for task in longest]:
        lines += ["    classDef critical stroke-width:3px", f"    class {','.join(critical)} critical"]
    return "\n".join(lines)


def dot(project: Project, critical: Sequence[str]) -> str:
    """A Graphviz digraph."""
    longest = set(critical)
    lines = [f"digraph {_quoted(project.name)} {{", "  rankdir=LR;"]
    for task in project.tasks.values():
        lines.append(
            f"  {_quoted(task.id)} [label={_quoted(_label(task))}{', penwidth=3' if task.id in longest else ''}];"
        )
    for source, target, soft in _edges(project):
        lines.append(f"  {_quoted(source)} -> {_quoted(target)}{' [style=dashed]' if soft else ''};")
    return "\n".join([*lines, "}"])


def to_dict(project: Project, critical: Sequence[str]) -> dict[str, Any]:
    """Nodes, edges and the critical path."""
    nodes = [{"id": t.id, "title": t.title, "role": t.role, "repository": t.repository} for t in project.tasks.values()]
    edges = [{"from": source, "to": target, "soft": soft} for source, target, soft in _edges(project)]
    return {"project": project.name, "tasks": nodes, "edges": edges, "critical_path": list(critical)}


def _one_after_the_other(draw: Callable[[Project, Sequence[str]], str]) -> Callable[[Sequence[Graph]], str]:
    return lambda graphs: "\n".join(draw(*graph) for graph in graphs)


def _json(graphs: Sequence[Graph]) -> str:
    bodies = [to_dict(*graph) for graph in graphs]
    return json.dumps(bodies[0] if len(bodies) == 1 else {"projects": bodies}, ensure_ascii=False)


FORMATS: Mapping[str, Callable[[Sequence[Graph]], str]] = {
    "text": _one_after_the_other(text),
    "mermaid": mermaid,
    "dot": _one_after_the_other(dot),
    "json": _json,
}
"""How `kerrigan graph` can draw: several projects stand under `projects` in JSON, so that it stays one document."""


def _edges(project: Project) -> list[tuple[str, str, bool]]:
    return [(written(d), t.id, d.soft) for t in project.tasks.values() for d in t.depends_on]


def _label(task: Task) -> str:
    return f"{task.name}: {task.title} ({task.repository})"


def _mermaid(label: str) -> str:
    escaped = "".join(c if c.isalnum() or c in " .,:/-()~" else f"#{ord(c)};" for c in plain(label))
    for word in _OBEYED:
        escaped = escaped.replace(word, f"{word[:-1]}#{ord(word[-1])};")
    return escaped


def _quoted(label: str) -> str:
    return '"' + plain(label).replace("\\", "\\\\").replace('"', '\\"') + '"'
