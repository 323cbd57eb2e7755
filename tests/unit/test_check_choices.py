"""What a repository chooses about its rules, and the comments that silence one: only where they are meant to."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kerrigan.check import run
from kerrigan.check.reach import all_tasks
from kerrigan.check.rules import FIXED, NAMES, rule
from kerrigan.files import shipped
from kerrigan.load.documents import parse_any
from kerrigan.load.ignores import ignores
from kerrigan.load.references import references
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.siblings import Resolution, Siblings
from kerrigan.model.checks.source import Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import DependencyKind

NOTE = "kerrigan: ignore[syntax] why"
SCHEMAS = {
    name: json.loads((shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("kerrigan", "spec", "status", "tasks")
}
CONFIG = ".github/kerrigan.yml"


def lines(path: str, text: str) -> list[tuple[int, int, list[int]]]:
    found = ignores(parse_any(path, text))
    return [(ignore.span.line, ignore.span.column, sorted(ignore.lines)) for ignore in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a: 1  # {NOTE}\n", [(1, 7, [1])]),
        (f"# {NOTE}\na: 1\n", [(1, 1, [1, 2])]),
        (f"\ufeff# {NOTE}\r\n\r\n  # more\r\na: 1\r\n", [(1, 1, [1, 4])]),
        (f"a:\n  #{NOTE}\n", [(2, 3, [2])]),
        (f"a: [1,\t# {NOTE}\n  2]\n", [(1, 8, [1])]),
        (f"a: 'it # {NOTE}'\n", []),
        (f'a: "it\n  # {NOTE}"\n', []),
        (f"a: |\n  # {NOTE}\nb: 1\n", []),
        (f"a: |\n  text\n# {NOTE}\nb: 1\n", [(3, 1, [3, 4])]),
        (f"a: b# {NOTE}\n", []),
        (f"a: 'x'  # {NOTE} # kerrigan: ignore[other] too\n", [(1, 9, [1])]),
        (f"a: [  # {NOTE}\n", []),
        (f"a: 'it # {NOTE}' # {NOTE}\n", [(1, 40, [1])]),
        (f"# {NOTE}\n   \n#\n  - 1\n", [(1, 1, [1, 4])]),
        ("a: 1  # kerrigan:ignore[x]\n", [(1, 7, [1])]),
        ("a: 1  # kerrigan: ignore everything\n", []),
    ],
)
def test_a_comment_in_yaml_covers_its_line_or_the_next(text: str, expected: list[tuple[int, int, list[int]]]) -> None:
    assert lines("a.yml", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<!-- {NOTE} -->\n\n# Goal\n", [(1, 1, [1, 3])]),
        (f"# Goal <!-- {NOTE} -->\n", [(1, 8, [1])]),
        (f"---\n# {NOTE}\na: 1\n---\n<!-- {NOTE} -->\n# Goal\n", [(2, 1, [1, 2, 3]), (5, 1, [5, 6])]),
        (f"# {NOTE}\n", []),
        (f"```\n<!-- {NOTE} -->\n```\n", []),
        (f"Write `<!-- {NOTE} -->` above it.\n", []),
        (f"<!--\n<!-- {NOTE} -->\n", []),
        (f"`a` <!-- {NOTE} --> `<!-- {NOTE} -->` <!-- {NOTE} -->\n", [(1, 5, [1]), (1, 83, [1])]),
        (f"<!-- {NOTE} <!-- {NOTE} -->\n# Goal\n", [(1, 1, [1, 2])]),
        (f"<!-- {NOTE} -->\n  <!-- a --> \n<!---->\n<!-->\n", [(1, 1, [1, 4])]),
        (f"<!-- {NOTE} --><!-- {NOTE}\n", [(1, 1, [1])]),
    ],
)
def test_a_comment_in_markdown_does_too(text: str, expected: list[tuple[int, int, list[int]]]) -> None:
    assert lines("a.md", text) == expected


def test_json_has_no_comments() -> None:
    assert lines("a.json", f'{{"a": "# {NOTE}"}}') == []


def test_ten_thousand_comments_are_read_in_one_pass() -> None:
    text = "".join(f"# {NOTE}\n" for _ in range(10_000)) + "a: 1\n" + "<!-- kerrigan: ignore[" * 10_000
    found = ignores(parse_any("a.md", f"---\n{text}"))
    assert found == ()
    assert len(lines("a.yml", text[: text.index("<")])) == 10_000


def beside(tree: Tree) -> Siblings:
    """What a look outside of a tree finds that has no network, and a clone without any file."""
    files = [reference for project in tree.projects for reference in references(project, tree.documents)]
    issues = [d.target for task in all_tasks(tree).values() for d in task.depends_on if d.kind is DependencyKind.issue]
    return Siblings(issues=dict.fromkeys(issues, Resolution(None)), references=dict.fromkeys(files, Resolution(False)))


@pytest.mark.parametrize("name", sorted(set(NAMES) - FIXED))
def test_every_other_rule_can_be_turned_off_and_given_another_severity(name: str) -> None:
    bad = rule(name).bad
    for level, expected in [("off", set[Severity]()), ("info", {Severity.info})]:
        roots = sorted({path.partition("specs/")[0] for path in bad})
        files = [f"{root}{CONFIG}" for root in roots]
        chosen = {file: bad.get(file, "") + f"check:\n  rules: {{{name}: {level}}}\n" for file in files}
        tree = load_tree({**bad, **chosen}, "acme/todo")
        journal = rule(name).journal
        shown = rule(name).shown
        siblings = replace(beside(tree), shown=shown) if shown or rule(name).beside else None
        found = run(replace(tree, states={"todo": journal} if journal else {}, siblings=siblings), SCHEMAS)
        assert {d.severity for d in found if d.code == name} == expected


@pytest.mark.parametrize("name", sorted(FIXED - {"unreadable"}))
def test_a_rule_that_always_counts_is_told_whatever_anybody_chose(name: str) -> None:
    bad = rule(name).bad
    written = bad.get(CONFIG, "")
    silent = (
        written + ("" if "check:" in written else "check:\n") + f"  paths: [{{glob: '**', rules: {{{name}: off}}}}]\n"
    )
    found = run(load_tree({**bad, CONFIG: silent}, "acme/todo"), SCHEMAS)
    assert {d.code for d in found} == {name, "fixed-rule"}


def test_a_broken_configuration_cannot_silence_itself() -> None:
    text = "# kerrigan: ignore[unknown-key] no\nchek: 1  # kerrigan: ignore[unknown-key] no\n"
    choices = "check:\n  rules: {unknown-key: off}\n  paths: [{glob: '.github/**', rules: {unknown-key: off}}]\n"
    found = run(load_tree({CONFIG: text + choices}, "acme/todo"), SCHEMAS)
    assert "unknown-key" in {d.code for d in found if d.severity is Severity.error}
    unused = {d.message for d in found if d.code == "unused-ignore"}
    assert unused == {"this comment silences nothing: nothing in this file can be silenced"}


KEYS = st.sampled_from(
    [
        "$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$defs", "type", "enum", "const", "properties", "items",
        "patternProperties", "additionalProperties", "contains", "anyOf", "oneOf", "not", "required", "dependencies",
        "dependentRequired", "unevaluatedProperties", "format", "pattern", "multipleOf", "glob", "schema", "headings",
        "rules", "paths", "artifacts",
    ]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", "#", "#/$defs/a", "#a", "http://[::1", "http://json-schema.org/draft-03/schema#", "object", "("]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OWN = "check: {artifacts: [{glob: a.json, schema: schema.json}]}\n"


@example({"$ref": "http://json-schema.org/draft-03/schema#"}, {"items": None})
@given(ANYTHING, ANYTHING)
def test_whatever_stands_in_a_schema_of_a_team_is_told(schema: object, data: object) -> None:
    texts = {CONFIG: OWN, "schema.json": json.dumps(schema), "a.json": json.dumps(data)}
    found = run(load_tree(texts, "acme/todo"), SCHEMAS)
    assert {d.path for d in found} <= {"schema.json", "a.json"}
    assert isinstance(schema, dict) or [d.code for d in found] == ["broken-schema"]


@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_stands_in_the_choices_is_told(rules: object, glob: object, headings: object) -> None:
    entry = {"glob": glob, "rules": rules, "headings": headings, "schema": glob}
    config = {"check": {"rules": rules, "paths": [entry, glob], "artifacts": [entry, headings]}}
    found = run(load_tree({CONFIG: json.dumps(config), "a": "x"}, "acme/todo"), SCHEMAS)
    assert CONFIG in {d.path for d in found}
