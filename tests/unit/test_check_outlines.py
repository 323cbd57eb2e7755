"""The schemas of Markdown files: their examples fit, what is taken away or changed is told, as `jsonschema` would."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kerrigan.apply.schemas import schemas
from kerrigan.check import run
from kerrigan.check.examples import CONFIG, FOLDER, new_project
from kerrigan.check.rules.missing_heading import HEADINGS
from kerrigan.load.documents import parse_front_matter
from kerrigan.load.outline import outline
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.checking import OUTLINES
from kerrigan.model.checks.source import Diagnostic
from tests.reference import markdown, schema

NAMES = sorted(OUTLINES)
SCHEMAS = schemas(NAMES)
FILE = f"{FOLDER}/written.md"
SECTIONED = [
    (name, title) for name in NAMES for title in SCHEMAS[name]["properties"].get("sections", {}).get("required", ())
]


def found(name: str, text: str) -> list[Diagnostic]:
    config = f'check: {{artifacts: [{{glob: "{FILE}", schema: "kerrigan:{name}"}}]}}\n'
    return list(run(load_tree({**new_project(), CONFIG: config, FILE: text}, "acme/todo"), SCHEMAS))


def said(name: str, text: str) -> list[str]:
    assert {d.path for d in found(name, text)} <= {FILE}
    return [f"{d.span.line} {d.code}: {d.message}" for d in found(name, text)]


def written(name: str) -> str:
    return markdown(SCHEMAS[name]["examples"][0])


def test_the_names_are_those_of_the_schemas() -> None:
    listed = schema("kerrigan")["properties"]["check"]["properties"]["artifacts"]["items"]["properties"]["schema"]
    assert listed["then"]["enum"] == [f"kerrigan:{name}" for name in NAMES]
    assert all(SCHEMAS[name]["description"].startswith("The outline of ") for name in NAMES)


def test_what_milestones_1_to_6_asked_of_an_architecture_its_schema_asks() -> None:
    assert tuple(schema("architecture")["properties"]["sections"]["required"]) == HEADINGS["architecture.md"]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_the_reference_fits_and_has_the_outline_that_stands_there(name: str) -> None:
    assert said(name, written(name)) == []
    example = SCHEMAS[name]["examples"][0]
    read: Any = outline(parse_front_matter(FILE, written(name))).data
    assert {key: read[key] for key in example} == example


@pytest.mark.parametrize(("name", "title"), SECTIONED)
@pytest.mark.parametrize(
    ("instead", "lines", "expected"),
    [
        ("{}:", ["It."], "{line} missing-heading: the heading '{title}' is missing"),
        ("Notes", ["```", "## {}", "```"], "1 missing-heading: the heading '{title}' is missing"),
        ("{}", ["<!-- later -->", "---"], "{line} empty-section: nothing stands below '{title}'"),
    ],
)
def test_a_section_that_is_gone_or_says_nothing_is_told(
    name: str, title: str, instead: str, lines: list[str], expected: str
) -> None:
    heading, below = instead.format(title), [line.format(title) for line in lines]
    sections = SCHEMAS[name]["examples"][0]["sections"].items()
    changed = dict((heading, below) if each == title else (each, own) for each, own in sections)
    text = markdown({"front": {}, "sections": changed})
    line = text[: text.index(f"## {heading}\n")].count("\n") + 1
    assert said(name, text) == [expected.format(line=line, title=title)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("plan", "# Plan\n\n## Step 1\nIt.\n", "1 missing-heading: no heading is a milestone, such as '## Milestone 1"),
        ("plan", "## Milestone 1\n\n## Milestone 2\nIt.\n", "1 empty-section: nothing stands below 'Milestone 1'"),
        ("acceptance-tests", "- Given\n- [x]\n", ""),
        (
            "acceptance-tests",
            "- Giventhat it is\n- [x]\n",
            "1 wrong-value: no line is a test, such as '- [ ] Given two",
        ),
        ("acceptance-tests", "```gherkin\nGiven a list\n```\n", ""),
        ("acceptance-tests", "- **Given**: a list\n", ""),
        ("handoff", "```\n- [ ] a\n```\n", "1 wrong-value: no line is a check box with words, such as '- [ ] docs/"),
        ("handoff", "---\ntask: a\n---\n- [ ] a\n", "2 wrong-value: found 'a', expected the task that is handed on"),
        ("handoff", "---\n[a]\n---\n- [ ] a\n", "2 wrong-type: found a list, expected a mapping"),
        ("handoff", "---\na: [\n---\n", "3 syntax: found the end of the file"),
        ("agent-profile", "---\ndescription: a\nx-own: {a: 1}\ntools: []\n---\n", ""),
        ("agent-profile", "---\ndescription: a\nmodel: 4\n---\n", "3 wrong-type: found 4, expected text or a list"),
        ("agent-profile", "# You test\n", "1 missing-key: the key 'description' is missing here"),
        ("runbook", "---\nkerrigan: 7\nowner: ana\n---\n", "1 missing-heading: the heading 'Debug' is missing"),
    ],
)
def test_what_does_not_fit_is_told_at_its_line(name: str, text: str, expected: str) -> None:
    told = said(name, text)
    assert told[0].startswith(expected) if expected else told == []


@pytest.mark.parametrize("schema_name", ["kerrigan:runbok", "kerrigan:", "kerrigan:../kerrigan", "kerrigan:spec"])
def test_a_name_that_kerrigan_does_not_ship_is_told_where_it_stands(schema_name: str) -> None:
    config = f'check: {{artifacts: [{{glob: "{FILE}", schema: "{schema_name}"}}]}}\n'
    tree = load_tree({**new_project(), CONFIG: config, FILE: "# A\n"}, "acme/todo")
    (only,) = run(tree, SCHEMAS)
    assert (only.path, only.code) == (CONFIG, "wrong-value")
    assert only.message.startswith(f"found '{schema_name}', expected 'kerrigan:acceptance-tests' or ")


OTHERS = [
    "---", "", "# A", "## Deploy", "## Milestone 1", "## Phase \x1c1", "- [ ] \x1c", "- [ ] \x85a", "Given\x85",
    "Given", "- [ ] a", "kerrigan: 7", "description: 1", "tools: [1]", "agents: all", "metadata: {a: 1}",
    "from: a\u2028", "```",
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """An example of some schema in which lines are gone, doubled, or other lines."""
    lines = written(draw(st.sampled_from(NAMES))).split("\n")
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(OTHERS), max_size=2))
    return "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
@given(texts())
def test_the_verdict_is_that_of_jsonschema(name: str, text: str) -> None:
    document = parse_front_matter(FILE, text)
    data: Any = outline(document).data
    is_broken = document.data is None and bool(document.diagnostics)
    fits = not is_broken and Draft202012Validator(SCHEMAS[name]).is_valid(data)
    assert (not [d for d in found(name, text) if d not in document.diagnostics] and not is_broken) == fits


@given(st.text(), st.sampled_from(NAMES))
def test_any_text_gets_an_answer(text: str, name: str) -> None:
    assert {d.path for d in found(name, text)} <= {FILE}
