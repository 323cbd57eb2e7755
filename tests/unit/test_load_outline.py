"""Outlines of Markdown: what is in them, what is not, and where each part stands."""

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kerrigan.load.documents import parse_front_matter
from kerrigan.load.markdown import headings
from kerrigan.load.outline import outline
from kerrigan.model.checks.source import START, Document
from tests.reference import OUTLINE


def of(text: str) -> Document:
    return outline(parse_front_matter("a.md", text))


def data(text: str) -> Any:
    return of(text).data


def test_the_reference_shows_what_an_outline_is() -> None:
    text = "---\nkerrigan: 7\n---\n# Runbook: todo\n\n## Deploy\n\n* Merge to main.\n\n### By hand\n\n"
    shown = re.search(r"```json\n(.*?)```", OUTLINE, re.DOTALL)
    assert shown
    assert data(text + "```sh\nkubectl apply -f todo.yml\n```\n") == json.loads(shown[1])


@pytest.mark.parametrize("text", ["", "---\n---\n", "---\n# nothing\n---\n", "---\nkerrigan: 7\n", "\ufeff\n"])
def test_without_front_matter_it_is_an_empty_mapping(text: str) -> None:
    assert data(text)["front"] == {}


@pytest.mark.parametrize("front", ["7", "[a]", "text", "{a: {b: 1}}"])
def test_front_matter_is_what_it_is(front: str) -> None:
    found = parse_front_matter("a.md", f"---\n{front}\n---\n")
    assert outline(found).data == {"front": found.data, "headings": [], "sections": {}, "lines": []}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- [ ] a\n* b\n+ c\n1. d\n  22) e\n> f\n", ["[ ] a", "b", "c", "d", "e", "> f"]),
        ("a <!-- b --> c\n<!-- d -->\n<!-- e\nf\n-->\ng <!-- h\n", ["a  c", "g"]),
        ("---\n***\n- [ ]\n...\n| --- | :-: |\n=====\n\u2705\n", ["\u2705"]),
        ("```sh\n# a\n- b\n\n}\n```\n~~~\nc\n```\n~~~\n", ["# a", "- b", "}", "c", "```"]),
        ("a\r\n\r\n b \r\n", ["a", "b"]),
        ("#a\n####### b\n#\n", ["#a", "####### b"]),
    ],
)
def test_lines_are_what_somebody_says(text: str, lines: list[str]) -> None:
    assert data(text)["lines"] == lines


def test_a_section_ends_where_one_begins_that_is_not_below_it() -> None:
    text = "# A\n1\n### B\n2\n## C ##\n3\n# D\n4\n"
    assert data(text)["sections"] == {"A": ["1", "2", "3"], "B": ["2"], "C": ["3"], "D": ["4"]}


def test_of_two_sections_with_the_same_words_the_first_counts() -> None:
    found = of("# A\n## Logs\n1\n# B\n## Logs\n2\n")
    assert found.data == {
        "front": {},
        "headings": ["A", "Logs", "B", "Logs"],
        "sections": {"A": ["1"], "Logs": ["1"], "B": ["2"]},
        "lines": ["1", "2"],
    }
    assert found.positions.value(("sections", "Logs", 0)).line == 2
    assert found.positions.value(("headings", 3)).line == 5


@pytest.mark.parametrize(
    ("route", "place"),
    [
        ((), (1, 1, 1)),
        (("front",), (2, 1, 9)),
        (("front", "kerrigan"), (2, 11, 12)),
        (("headings", 1), (6, 1, 10)),
        (("sections", "Deploy"), (6, 1, 10)),
        (("sections", "Elsewhere"), (1, 1, 1)),
        (("lines", 0), (8, 1, 9)),
        (("lines",), (1, 1, 1)),
    ],
)
def test_a_place_is_a_whole_line_or_one_in_the_front_matter(
    route: tuple[str | int, ...], place: tuple[int, int, int]
) -> None:
    found = of("\ufeff---\r\nkerrigan: 8\r\n---\r\n# Runbook\r\n\r\n## Deploy\r\n\r\n- Merge.\r\n").positions.value(
        route
    )
    assert (found.line, found.column, found.end_column) == place


def test_a_key_is_one_of_the_front_matter() -> None:
    places = of("---\nkerrigan: 8\n---\n# A\n").positions
    assert places.key(("front", "kerrigan")).column == 1
    assert places.key(("sections", "A")).line == 4


PIECE = st.sampled_from(
    ["---\n", "...\n", "# A\n", "## B ##\n", "#\n", "```\n", "~~~~\n", "<!--", "-->", "a: 1\n", "- [ ] x\n", "\r", "\n"]
)
MARKDOWN = st.lists(PIECE | st.text(max_size=9), max_size=30).map("".join)


@example("---\n---\n# A")
@example("\ufeff# A\u2028b\n\x1c\n")
@given(MARKDOWN)
def test_every_text_has_an_outline_that_leads_into_it(text: str) -> None:
    found = of(text)
    read: Any = found.data
    routes = [("headings", n) for n in range(len(read["headings"]))] + [("lines", n) for n in range(len(read["lines"]))]
    spans = [found.positions.value(route) for route in routes]
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    for (kind, index), span in zip(routes, spans, strict=True):
        line = lines[span.line - 1]
        assert read[kind][index].split()[0] in line or "<!--" in line
        assert span.end_column == len(line) + 1
    assert read["headings"] == [title for _, title, _ in headings(text.removeprefix("\ufeff"))]
    assert read["sections"].keys() == set(read["headings"])
    assert all(set(below) <= set(read["lines"]) for below in read["sections"].values())
    assert found.positions.value(("elsewhere",)) == START
