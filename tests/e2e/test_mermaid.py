"""Every diagram that Kerrigan writes, read by Mermaid's own parser: it is one, and its words are those of the tasks."""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.checks.run import load_here
from kerrigan.check.rules import catalog
from kerrigan.decide.plan import critical_path
from kerrigan.load.legacy import with_old_tasks
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Task
from kerrigan.model.state import State
from kerrigan.report.findings.check_page import CHARACTERS, EDGES, page
from kerrigan.report.findings.diagnostics import Checked
from kerrigan.report.plain import plain
from kerrigan.report.tasks.graph import Graph, mermaid
from tests.e2e.tools import NODE_TESTS, node
from tests.unit.report_stage import CONTRACT, EVIL, SCREEN, project

pytestmark = pytest.mark.node

ROOT = Path(__file__).parents[2]
WORDS = re.findall(
    r"\S+",
    r"""
    end graph subgraph flowchart default style classDef class click href call direction LR TB _blank accTitle
    interpolate " ' ` # #35; ; : :: ::: & &amp; [ ] ( ) ([ { } < > | ^ * + = == --> --- -.- ~~~ o--o x @ @{ } %% %%{
    $$ \ / v , . - _ <br/> <b> ﬂ°° ﬂ° ¶ß 😀 漢字 عربى é ¾ 1. 7
    """,
)
HOSTILE = [
    *WORDS,
    'click t0 "https://example.org"',
    "javascript:alert(1)",
    "direction TB",
    "redirection  LR",
    "style t0 fill:#f00;",
    '%%{init: {"securityLevel": "loose"}}%%',
    "`md` **bold**",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "line\nbreak",
    "line\r\nbreak",
    "tab\there",
    "\0",
    "\x1b[31mred",
    "👩\u200d🚀",
    "\u202eright",
    "\ud800",
    "x" * 500,
    "",
    " ",
]


def read(*diagrams: str, **config: object) -> list[dict[str, Any]]:
    """What Mermaid makes of each diagram. `config` is what a page that shows it sets, such as `maxEdges`."""
    program = node()
    if not (NODE_TESTS / "node_modules/mermaid").is_dir():
        pytest.skip("the npm package mermaid is missing: run `npm ci` in tests/e2e/node")
    command = [program, str(NODE_TESTS / "mermaid.mjs"), json.dumps(config)]
    done = subprocess.run(command, input=json.dumps(diagrams), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def drawn(text: str) -> list[str]:
    """The diagrams in Markdown."""
    return re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def graphs(tree: Tree) -> list[Graph]:
    projects = (with_old_tasks(found, tree.documents) for found in tree.projects)
    return [(found, critical_path(found, State())) for found in projects]


def assert_shows(answer: dict[str, Any], shown: Sequence[Graph]) -> None:
    """The diagram has a node with the words of each task, and an arrow for each dependency."""
    tasks = [task for found, _ in shown for task in found.tasks.values()]
    assert "error" not in answer, answer["error"]
    assert answer["type"] == "flowchart-v2"
    words = [plain(f"{t.name}: {t.title} ({t.repository})") for t in {t.id: t for t in tasks}.values()]
    assert [text for name, text in answer["nodes"].items() if name.startswith("t")] == words
    assert answer["arrows"] == sum(len(task.depends_on) for task in tasks)


def test_trees_and_examples() -> None:
    places = [*(ROOT / "tests/cases").iterdir(), *(ROOT / "examples").iterdir()]
    trees = [load_here(folder) for folder in places if folder.is_dir()]
    trees += [load_tree(files, "local/acme") for rule in catalog() for files in (rule.bad, rule.good)]
    whole = [found for tree in trees if (found := graphs(tree))]
    each = [[graph] for found in whole for graph in found]
    shown = [*whole, *each]
    assert len(each) > len(whole) > 100
    for answer, expected in zip(read(*map(mermaid, shown), maxEdges=10_000), shown, strict=True):
        assert_shows(answer, expected)


def test_hostile_words_stay_words() -> None:
    tasks = [
        replace(CONTRACT, id=f"todo/t{number}", title=title, repository=title, depends_on=(_outside(title),))
        for number, title in enumerate(HOSTILE)
    ]
    one: Graph = (project(*tasks, EVIL), [task.id for task in tasks])
    two: Graph = (replace(project(CONTRACT, SCREEN), name='"]\nend; <b>'), [])
    alone, both = read(mermaid([one]), mermaid([one, two]))
    assert_shows(alone, [one])
    assert_shows(both, [one, two])
    assert {plain(f"external:{title}") for title in HOSTILE} < set(alone["nodes"].values())
    assert list(both["boxes"].values()) == ["todo", '"] end; <b>']


def test_no_two_words_together_mean_something() -> None:
    pairs = [f"{one} {other}{one}" for one in WORDS for other in WORDS]
    tasks = (replace(CONTRACT, id=f"todo/t{number}", title=title) for number, title in enumerate(pairs))
    tree: Graph = (project(*tasks), [])
    [answer] = read(mermaid([tree]))
    assert_shows(answer, [tree])


def test_projects_without_tasks() -> None:
    nothing: Graph = (project(), [])
    alone, both, none = read(mermaid([nothing]), mermaid([nothing, nothing]), mermaid([]))
    assert (alone["nodes"], both["nodes"], none["nodes"]) == ({}, {}, {})
    assert list(both["boxes"]) == ["p0", "p1"]


def test_500_tasks() -> None:
    chain = [_task(number, number - 1) for number in range(500)]
    tree: Graph = (project(*chain), [task.id for task in chain])
    [answer] = read(mermaid([tree]))
    assert_shows(answer, [tree])


def test_the_page_of_a_check_draws_what_mermaid_can_show() -> None:
    most = project(*(_task(number, number - 1, number - 2) for number in range(EDGES // 2 + 2)))
    arrows = sum(len(task.depends_on) for task in most.tasks.values())
    assert EDGES - 1 <= arrows <= EDGES
    long = project(replace(SCREEN, title="a" * (CHARACTERS - 400)))
    evil = project(*(replace(EVIL, id=f"todo/t{n}", title=title) for n, title in enumerate(HOSTILE)))
    text = page(Checked(Tree({}), [], "0.1.0"), [(most, ()), (long, ()), (evil, ())])
    found = drawn(text)
    assert len(found) == 3
    assert [answer.get("error") for answer in read(*found)] == [None] * 3


def test_the_docs() -> None:
    files = sorted((ROOT / "docs").rglob("*.md"))
    found = [text for file in files for text in drawn(file.read_text(encoding="utf-8"))]
    types = [answer.get("error") or answer["type"] for answer in read(*found)]
    assert "stateDiagram" in types
    assert set(types) <= {"stateDiagram", "flowchart-v2"}


def test_the_parser_does_refuse() -> None:
    refused, whole = read('flowchart LR\n    t0["a "b" c"]', "flowchart LR")
    assert ("error" in refused, "error" in whole) == (True, False)


def _task(number: int, *needs: int) -> Task:
    dependencies = (Dependency(f"n{n}", DependencyKind.task, f"todo/n{n}") for n in needs if n >= 0)
    return replace(CONTRACT, id=f"todo/n{number}", depends_on=tuple(dependencies))


def _outside(title: str) -> Dependency:
    return Dependency(f"external:{title}", DependencyKind.external, title)
