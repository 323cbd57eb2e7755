"""Names that only case tells apart. In memory: a file system that ignores case cannot hold the examples."""

from collections.abc import Iterable

import pytest

from kerrigan.apply.checks.run import findings
from kerrigan.check.examples import ARCHITECTURE, FOLDER, SPEC, TASKS, new_project, old_project
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.source import START, Diagnostic, Severity


def clashes(texts: dict[str, str], problems: Iterable[Diagnostic] = ()) -> list[tuple[str, str, list[str]]]:
    """The severity, the place and the other places of each clash."""
    found = findings(load_tree(texts, "local/acme", problems))
    return [(d.severity.value, d.path, [r.path for r in d.related]) for d in found if d.code == "case-clash"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, []),
        ({f"{FOLDER}/Spec.md": SPEC}, [("error", f"{FOLDER}/spec.md", [f"{FOLDER}/Spec.md"])]),
        ({f"{FOLDER}/SPEC.MD": SPEC}, []),  # nobody reads it
        (
            {f"{FOLDER}/Spec.md": SPEC, f"{FOLDER}/SPEC.md": SPEC},
            [("error", f"{FOLDER}/spec.md", [f"{FOLDER}/SPEC.md", f"{FOLDER}/Spec.md"])],
        ),
        (dict(new_project(folder="specs/projects/todo2")), []),
        (
            # One finding for two folders, however many of their files are called alike.
            {"specs/projects/Todo/spec.md": SPEC, "specs/projects/Todo/tasks.yml": TASKS},
            [("error", f"{FOLDER}/spec.md", ["specs/projects/Todo/spec.md"])],
        ),
        (
            # Two folders become one even where none of their files do.
            {"specs/projects/Todo/plan.md": "# Plan\n"},
            [("error", f"{FOLDER}/spec.md", ["specs/projects/Todo/plan.md"])],
        ),
        (
            {"Web/specs/projects/a/spec.md": SPEC, "web/specs/projects/b/spec.md": SPEC},
            [("error", "web/specs/projects/b/spec.md", ["Web/specs/projects/a/spec.md"])],
        ),
        (
            {f"{FOLDER}/straße.md": "# A\n", f"{FOLDER}/STRASSE.md": "# B\n"},
            [("error", f"{FOLDER}/straße.md", [f"{FOLDER}/STRASSE.md"])],
        ),
    ],
)
def test_one_finding_for_each_clash(more: dict[str, str], expected: list[tuple[str, str, list[str]]]) -> None:
    assert clashes({**new_project(), **more}) == expected


def test_a_file_that_cannot_be_read_clashes_too() -> None:
    unreadable = Diagnostic("unreadable", Severity.error, f"{FOLDER}/Spec.md", START, "found UTF-16, expected UTF-8")
    assert clashes(dict(new_project()), [unreadable]) == [("error", f"{FOLDER}/spec.md", [f"{FOLDER}/Spec.md"])]


def test_milestones_1_to_6_passed_it_so_it_is_a_warning_there() -> None:
    plan = {f"{FOLDER}/Plan.md": "# Plan\n"}
    assert clashes({**old_project(), **plan}) == [("warning", f"{FOLDER}/plan.md", [f"{FOLDER}/Plan.md"])]
    both = {f"specs/projects/Todo/{path.rpartition('/')[2]}": text for path, text in old_project().items()}
    assert [severity for severity, _, _ in clashes({**old_project(), **both})] == ["warning"]
    assert [severity for severity, _, _ in clashes({**new_project(), **both})] == ["error"]


def test_artifacts_of_a_team_s_own_are_looked_at() -> None:
    config = {".github/kerrigan.yml": 'check: {artifacts: [{glob: "docs/**/*.md", headings: [Overview]}]}\n'}
    docs = {"docs/adr/one.md": ARCHITECTURE, "docs/ADR/two.md": ARCHITECTURE}
    assert clashes({**new_project(), **config, **docs}) == [("error", "docs/adr/one.md", ["docs/ADR/two.md"])]
