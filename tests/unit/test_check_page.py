"""The page of a check: everything a person needs, nothing quoted is obeyed, never more than GitHub shows."""

import re
from dataclasses import replace

from kerrigan.model.checks.source import START, Diagnostic, Related, Severity, Span
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Project
from kerrigan.report.findings.check_page import CHARACTERS, EDGES, page
from kerrigan.report.findings.diagnostics import Checked
from kerrigan.report.workflow import SUMMARY_BYTES
from tests.unit.report_stage import CONTRACT, EVIL, SCREEN, project

WARNING = Diagnostic("some-rule", Severity.warning, "a.yml", START, "mild")
ERROR = Diagnostic("other-rule", Severity.error, "z.yml", Span(3, 7, 3, 9), "grave", "fix it")


def drawn(*found: Diagnostic, plan: Project | None = None, folder: str = "") -> str:
    graphs = [(plan, ())] if plan else []
    return page(Checked(Tree({}), found, "0.1.0", folder=folder), graphs)


def test_the_worst_comes_first_and_the_graph_last() -> None:
    text = drawn(WARNING, ERROR, plan=project(CONTRACT, SCREEN), folder="code/")
    assert text.index("grave<br>fix it") < text.index("mild") < text.index("```mermaid\nflowchart LR")
    assert "<code>kerrigan check code</code>" in text
    assert "1 error, 1 warning" in text
    assert "<td>code/z.yml:3:7</td>" in text
    assert "<summary><code>todo</code>: 2 tasks</summary>" in text


def test_other_places_stand_on_their_own_line() -> None:
    twice = replace(ERROR, related=(Related("a.yml", START, "first written here"),))
    assert "<td>grave<br>a.yml:1:1: first written here<br>fix it</td>" in drawn(twice)


def test_without_findings_there_is_no_table() -> None:
    assert "<table>" not in drawn()
    assert "all fine" in drawn()


def test_what_somebody_wrote_ends_neither_the_html_nor_the_fence() -> None:
    hostile = "</table>\n\n```\n# <img src=x> | [x](y) `a` @ana"
    evil = replace(EVIL, title=hostile, repository="api")
    plan = replace(project(evil), name="a<b>\n\n# c")
    text = drawn(replace(ERROR, message=hostile, hint=hostile, path=hostile), plan=plan)
    assert "<img" not in text
    assert "\n#" not in text
    assert [line for line in text.splitlines() if line.startswith("```")] == ["```mermaid", "```"]
    [drawing] = re.findall("```mermaid\n(.*?)```", text, re.DOTALL)
    assert not re.search("[`<>|@]", drawing.replace("-->", "").replace("-.->", ""))


def test_a_graph_that_github_would_not_draw_is_named() -> None:
    many = tuple(Dependency(f"x{n}", DependencyKind.task, f"todo/x{n}") for n in range(EDGES + 1))
    assert "```mermaid" in drawn(plan=project(replace(SCREEN, depends_on=many[1:])))
    text = drawn(plan=project(replace(SCREEN, depends_on=many)))
    assert "```mermaid" not in text
    assert "too many to draw: <code>kerrigan graph todo</code>" in text
    assert "too many to draw" in drawn(plan=project(replace(SCREEN, title="a" * CHARACTERS)))


def test_a_page_stays_below_what_github_shows() -> None:
    text = page(Checked(Tree({}), [ERROR], "0.1.0"), [(project(replace(SCREEN, title="a" * 40_000)), ())] * 50)
    assert SUMMARY_BYTES * 0.9 < len(text.encode()) < SUMMARY_BYTES + 1_000
    assert text.rstrip().endswith("do not fit here.</p>")
    full = page(Checked(Tree({}), [replace(ERROR, message="é" * 400)] * 5_000, "0.1.0"), [(project(SCREEN), ())])
    assert len(full.encode()) < 1024 * 1024
