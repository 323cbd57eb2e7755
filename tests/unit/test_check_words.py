"""What a check says of mistakes that people make: where it is told, what is meant, and that one cause is told once."""

import pytest

from kerrigan.apply.schemas import SCHEMAS, schemas
from kerrigan.check import run
from kerrigan.check.examples import CONFIG, FOLDER, OLD_SPEC, SPEC, new_project, old_project, one_task
from kerrigan.check.rules import NAMES
from kerrigan.check.suggestion import did_you_mean
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.checking import OUTLINES
from kerrigan.model.checks.source import Diagnostic


def found(files: dict[str, str]) -> list[Diagnostic]:
    return list(run(load_tree(files, "acme/todo"), schemas([*SCHEMAS, "runbook"])))


def said(files: dict[str, str]) -> list[str]:
    return [f"{d.path.removeprefix(f'{FOLDER}/')}:{d.span.line}: {d.message}" for d in found(files)]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("## Goal\n", "", 1),
        ("## Goal\n", "## Goal:\n", 3),
        ("## Goal\n", "## 1. Goal\n", 3),
        ("## Goal\n", "## The goal of our goals\n", 1),
        ("## Goal\n", "## Goal and reasons\n", 1),
        ("## Scope\n", "## Scopefulness\n", 6),
        ("## Goal\n", "## ---\n", 1),
        ("## Non-goals\n", "### non goals\n", 9),
        ("## Acceptance criteria\n", "## Acceptance Criteria\n", 12),
        ("## Acceptance criteria\n", "## Criteria\n", 1),
    ],
)
def test_a_missing_heading_is_told_where_one_means_it_that_nobody_asks_for(old: str, new: str, line: int) -> None:
    heading = old.strip("# \n")
    told = said({**old_project(OLD_SPEC.replace(old, new))})
    assert told == [f"spec.md:{line}: the heading '{heading}' is missing"]


@pytest.mark.parametrize("odd", ["\f", "\u2028"])
def test_the_whole_line_of_a_heading_is_meant_whatever_stands_above(odd: str) -> None:
    spec = OLD_SPEC.replace("# Todo", f"# To{odd}do").replace("## Goal\n", "## Goals\n")
    [told] = found({**old_project(spec)})
    assert (told.span.line, told.span.end_column) == (3, len("## Goals") + 1)


def test_a_heading_with_its_marks_is_told_where_it_is_chosen() -> None:
    config = 'check: {artifacts: [{glob: "docs/*.md", headings: ["## Context", Decision]}]}\n'
    told = said({**new_project(), CONFIG: config, "docs/1.md": "# One\n\n## Decision\nYes.\n"})
    expected = "expected the words of a heading, without the `#` before them"
    assert told == [f"{CONFIG}:1: found '## Context', {expected}"]


CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("tasks.yml", "kerrigan: 7\ntasks:\n" + CONFLICT.format("  - {id: a}\n", "  - {id: b}\n"), 3),
        ("tasks.yml", ("kerrigan: 7\n" + CONFLICT.format("tasks: []\n", "")).replace("\n", "\r\n"), 2),
        ("status.json", "{\n" + CONFLICT.format('"status": "active"\n', '"status": "blocked"\n') + "}", 2),
        ("spec.md", "---\nkerrigan: 7\n" + CONFLICT.format("", "owner: ana\n") + "---\n# Todo\n\nA list.\n", 3),
        ("spec.md", CONFLICT.format(SPEC, SPEC + "More.\n"), 1),
        ("spec.md", SPEC + CONFLICT.format("For all.\n", ""), 7),
    ],
)
def test_the_markers_of_a_merge_are_told_once_where_they_begin(file: str, text: str, line: int) -> None:
    [told] = found({**new_project(), f"{FOLDER}/{file}": text})
    assert (told.code, told.span.line, told.span.end_column) == ("syntax", line, 8)
    assert told.message.startswith("a merge was not resolved")


@pytest.mark.parametrize("text", ["```\n{}```\n", "Git writes\n\n    {}"])
def test_markers_that_are_shown_are_none(text: str) -> None:
    shown = text.format(CONFLICT.format("a\n", "b\n").replace("\n", "\n    " if text[0] == "G" else "\n"))
    assert said({**new_project(spec=SPEC + shown)}) == []
    broken = SPEC.replace("kerrigan: 7\n", "kerrigan: 7\na: @b\n") + shown
    assert [d.span.line for d in found({**new_project(spec=broken)})] == [3]


def test_a_new_project_that_forgets_its_mark_hears_of_it_with_each_file_that_only_old_ones_need() -> None:
    files = {"spec.md": "# Todo\n\nA list.\n", "tasks.yml": "tasks: []\n"}
    told = {d.hint for d in found({f"{FOLDER}/{file}": text for file, text in files.items()}) if FOLDER in d.path}
    lacking = ("acceptance-tests", "architecture", "plan", "tasks", "test-plan")
    mark = "'kerrigan: 7' as the first line of tasks.yml: then it is of Milestone 7"
    assert {f"write {FOLDER}/{name}.md, or {mark}" for name in lacking} <= told
    alone = found({f"{FOLDER}/spec.md": "# Todo\n\nA list.\n"})
    assert not any("kerrigan: 7" in d.hint for d in alone)


OWN = "check: {{artifacts: [{{glob: {}, {}}}]}}\n"
FRONT = '{"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# One\n", [("docs/1.md", 1, "found no front matter, expected what x.json asks of it")]),
        ("---\na: 1\n---\n# One\n", []),
        ("---\na: 2\n---\n# One\n", [("docs/1.md", 2, "found 2, expected 1")]),
    ],
)
def test_markdown_without_front_matter_says_so(text: str, told: list[tuple[str, int, str]]) -> None:
    files = {**new_project(), CONFIG: OWN.format("docs/*.md", "schema: x.json"), "docs/1.md": text, "x.json": FRONT}
    assert [(d.path, d.span.line, d.message) for d in found(files)] == told


@pytest.mark.parametrize("wanted", ["headings: [Why]", "schema: 'kerrigan:runbook'"])
def test_only_markdown_is_judged_as_markdown(wanted: str) -> None:
    files = {**new_project(), CONFIG: OWN.format('"docs/**"', wanted), "docs/1.yml": "a: 1\n", "docs/a.txt": "a\n"}
    assert said(files) == []
    assert {d.path for d in found({**files, "docs/1.md": "a\n"})} == {"docs/1.md"}


@pytest.mark.parametrize("schema", ["../x.json", "/x.json", "a/../x.json", "https://example.com/x.json"])
def test_a_schema_outside_of_the_repository_is_told_once(schema: str) -> None:
    [told] = found({**new_project(), CONFIG: OWN.format("docs/*.yml", f'schema: "{schema}"'), "docs/1.yml": "a: 1\n"})
    assert told.message == f"found '{schema}', expected the path of a file in this repository"
    assert "write" not in told.hint


@pytest.mark.parametrize("glob", ["docs/?.md", "docs/[ab].md", "docs/{a,b}.md"])
def test_a_pattern_of_other_tools_is_told_where_it_is_chosen(glob: str) -> None:
    config = f'check:\n  artifacts: [{{glob: "{glob}", headings: [Why]}}]\n'
    config += f'  paths:\n    - {{glob: "{glob}", rules: {{no-reason: off}}}}\n'
    told = found({**new_project(), CONFIG: config})
    assert [(d.code, d.span.line) for d in told] == [("wrong-value", 2), ("wrong-value", 4)]
    assert all("so no `?`, `[` or `{`" in d.message for d in told)


SHIPPED = [f"kerrigan:{name}" for name in sorted(OUTLINES)]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("duplicate-dep", NAMES, "duplicate-dependency"),
        ("duplicate-dependencies", NAMES, "duplicate-dependency"),
        ("missing-headings", NAMES, "missing-heading"),
        ("kerrigan:tasks", SHIPPED, None),
        ("kerrigan:run-book", SHIPPED, "kerrigan:runbook"),
        ("kerigan:runbook", SHIPPED, "kerrigan:runbook"),
        ("todo/poster", ["todo/contract", "todo/screen"], None),
        ("todo/contarct", ["todo/contract", "todo/screen"], "todo/contract"),
        ("tudo/contract", ["todo/contract", "todo/screen"], "todo/contract"),
        ("tudo", ["todo", "site"], "todo"),
        ("apo", ["api", "web"], "api"),
        ("te", ["ten"], "ten"),
        ("", ["todo"], None),
        (7, ["7"], None),
    ],
)
def test_a_guess_is_near_or_none(word: object, known: list[str], meant: str | None) -> None:
    assert did_you_mean(word, known) == (f"did you mean '{meant}'?" if meant else "")


@pytest.mark.parametrize(
    ("key", "message", "hint"),
    [
        ("depends_on: '#1'", "found '#1', expected a list", "write ['#1']"),
        ("depends_on: '#1, [#2'", "found '#1, [#2', expected a list", ""),
        ("depends_on: 1", "found 1, expected a list", ""),
        ("estimate: 2.50", "found 2.5, expected a mapping", "write {usd: 2.50}"),
        ("estimate: [2]", "found a list, expected a mapping", ""),
        (
            "depends_on: ['#1', null]",
            "this entry is empty: YAML reads null as nothing",
            "take it out, or name what it waits for",
        ),
        (
            "depends_on:\n      - ~ #1",
            "this entry is empty: YAML reads ~ as nothing",
            'take it out, or put all of it in quotes: "~#12"',
        ),
        (
            "depends_on:\n      - #1",
            "this entry is empty: YAML reads '#12' as a comment",
            'put it in quotes: "#12"',
        ),
    ],
)
def test_what_a_key_holds_is_told_as_it_can_be_written(key: str, message: str, hint: str) -> None:
    [told] = found({**new_project(one_task(key))})
    assert (told.message, told.hint) == (message, hint)


def test_a_merge_of_mappings_is_told_once_whatever_it_would_have_brought() -> None:
    tasks = "kerrigan: 7\ntasks:\n  - &a {id: a, title: A, role: swe}\n  - {<<: *a, id: b}\n"
    [told] = found({**new_project(tasks)})
    assert (told.message, told.hint.split(":")[0]) == ("unknown key '<<'", "YAML's merging of mappings is not read")


def test_a_workspace_file_of_another_name_is_told_and_nothing_else_of_it() -> None:
    misnamed = ".github/kerrigan.yaml"
    [told] = found({**new_project(), misnamed: "projects: [\n"})
    assert (told.code, told.path, told.severity) == ("not-read", misnamed, "warning")
    assert told.message == "this file is not read, expected .github/kerrigan.yml"
