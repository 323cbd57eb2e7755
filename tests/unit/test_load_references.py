"""References to files of other repositories, and the headings that they lead to."""

import pytest

from kerrigan.load.project import parse_all
from kerrigan.load.project import project as project_of
from kerrigan.load.references import anchors, has_anchor, references
from kerrigan.model.checks.source import Document, NoPlaces

FRONT = "---\nkerrigan: 7\nrepositories:\n  - {name: web, url: https://github.com/acme/web}\n---\n# Todo\n\n"


def found(line: str) -> list[tuple[str, str, str]]:
    """Repository, file and anchor of each reference of a line, each where its place says that it stands."""
    documents = parse_all("specs/projects/todo", {"spec.md": FRONT})
    path = "specs/projects/todo/plan.md"
    plan = {path: Document(path, line, None, NoPlaces())}
    listed = list(references(project_of("todo", "specs/projects/todo", documents, "acme/todo"), plan))
    for each in listed:
        said = line[each.span.column - 1 : each.span.end_column - 1]
        assert said.partition(":")[0] in ("web", "todo", each.repository)
    return [(each.repository, each.file, each.anchor) for each in listed]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[a](web:docs/a.md)", [("acme/web", "docs/a.md", "")]),
        ("[a](web:docs/a.md#b-c) and [b](todo:x)", [("acme/web", "docs/a.md", "b-c"), ("acme/todo", "x", "")]),
        ('[a](<acme/design:colours.md> "a title")', [("acme/design", "colours.md", "")]),
        ("[a](web:my%20file.md#%C3%A4)", [("acme/web", "my file.md", "ä")]),
        ("- Artifacts: web:a.md, `web:b/c.json`, none", [("acme/web", "a.md", ""), ("acme/web", "b/c.json", "")]),
        ("  * Handoff to: web:tasks.md#x", [("acme/web", "tasks.md", "x")]),
        ("[a](https://acme.example/web) [b](mailto:web@acme.example) [c](wep:a.md) [d](web:/a)", []),
        ("At 10:30 web:a.md is read, and `[a](b)` too", []),
        ("```\n[a](web:a.md)\n```", []),
    ],
)
def test_what_a_line_refers_to(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(line) == expected


def test_headings_become_anchors_as_github_makes_them() -> None:
    text = "# A `code` & [link](x)!\n\n## Same\n## Same\n## Snake_case Übung\n\nBelow a line\n===\n\n```\n# not\n```\n"
    expected = {"a-code--link", "same", "same-1", "snake_case-übung", "below-a-line"}
    assert anchors(text) == expected
    assert anchors('<a id="Own"></a>') == {"own"}


def test_lines_lead_somewhere_and_case_does_not_count() -> None:
    assert has_anchor("# Goal\n", "Goal")
    assert has_anchor("", "L3-L9")
    assert not has_anchor("# Goal\n", "goals")


@pytest.mark.parametrize("line", ["# " + "[" * 200_000, "# " + "[a](" * 50_000, "<a " * 100_000, "# Same\n" * 20_000])
def test_no_text_takes_for_ever(line: str) -> None:
    assert len(anchors(line)) in (0, 1, 20_000)
    assert found(line) == []
