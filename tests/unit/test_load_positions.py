"""Every value and key stands where a second reader of YAML, ruamel.yaml, finds it too."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

from kerrigan.load.documents import parse_front_matter, parse_json, parse_yaml
from kerrigan.model.checks.source import Document, Route, Span

Places = dict[tuple[str, Route], tuple[int, ...]]
"""Where the value or the key of each route begins and, where both readers can say it, ends."""


def seen_by_the_other(text: str) -> Places | None:
    """What ruamel.yaml finds; None for what it does not read."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ReusedAnchorWarning, ValueError, AttributeError, TypeError, AssertionError, NotImplementedError):
        return None
    return dict(_walk(root, ())) if root is not None else {}


def _walk(node: Any, route: Route) -> Iterator[tuple[tuple[str, Route], tuple[int, ...]]]:
    yield ("there", route), ()
    # Where nothing stands, each reader has a place of its own to say so.
    if node.value != "" or node.style:
        yield ("value", route), _place(node)
    if "Mapping" in type(node).__name__:
        named = {key.value: (key, value) for key, value in node.value if isinstance(key.value, str)}
        for name, (key, value) in named.items():
            yield ("key", (*route, name)), _place(key)
            yield from _walk(value, (*route, name))
    elif "Sequence" in type(node).__name__:
        for index, value in enumerate(node.value):
            yield from _walk(value, (*route, index))


def _place(node: Any) -> tuple[int, ...]:
    begin = (node.start_mark.line + 1, node.start_mark.column + 1)
    is_block = not isinstance(node.value, str) and not node.flow_style
    # A block ends where the next thing begins: both know that, and it is not what we show.
    return begin if is_block or getattr(node, "style", "") in ("|", ">") else (*begin, *_end(node))


def _end(node: Any) -> tuple[int, int]:
    return node.end_mark.line + 1, node.end_mark.column + 1


def seen_by_us(document: Document, places: Places) -> Places:
    """The places of the same routes."""
    found = {}
    for (kind, route), place in places.items():
        positions = document.positions
        span: Span = positions.key(route) if kind == "key" else positions.value(route)
        found[kind, route] = (span.line, span.column, span.end_line, span.end_column)[: len(place)]
    return found


HANDMADE = {
    "block": "kerrigan: 7\ntasks:\n  - id: a\n    title: A b  # why\n\n"
    "  -   id: b\n      depends_on:\n      - c\n      - ~d\n",
    "flow": "{a: [1, {b: 'c', \"d\": e}], f: {}, g: [],\n  h:\n    i}\n",
    "flow in block": "a:\n  - {b: [c,   d]}\n  - [e,\n     f]\ng: {h: 1\n   , i: 2}\n",
    "anchors": "a: &x [1, 2]\nb: &y {c: d}\ne: *x\nf: [*y, &z g]\n&k h: *z\n",
    "tags": "a: !!str 1\nb: !!map {c: !!int 2}\n",
    "literal": "a: |\n  one\n   two\n\nb: >-\n  three\n  four\nc: |2+\n    five\n\nd: 6\n",
    "plain over lines": "a: one\n  two\n\n  three\nb: four\n",
    "quoted over lines": "a: \"one\n  two\\\n  three\"\nb: 'four\n\n  five'\nc: 6\n",
    "explicit keys": "? a\n: b\n? c\n: - d\n",
    "tabs": "a: [2,\t3]\nb: \"c\td\"\nh: 'i\t\tj'\n",
    "empty values": "a:\nb: {c: , d: }\ne:\n-\n- f\n",
    "wide": "ä: 😀\n😀: [ü, '漢字', x]\n\u00a0b: c\n",
    "comments": "# one\n\na: 1 # two\n# three\nb:\n  # four\n  - 5\n",
    "documents": "%YAML 1.2\n---\na: 1\n...\n",
    "one line": "just words",
    "a list": "- a\n- - b\n  - c\n-   - d\n",
    "a key twice": "a: 1\nb: 2\na: 3\n",
    "colons": "a: b:c\nd: http://e/f\n'g: h': i\n",
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", HANDMADE)
def test_the_places_of_yaml(name: str, ending: str) -> None:
    text = HANDMADE[name].replace("\n", ending)
    places = seen_by_the_other(text)
    assert places
    document = parse_yaml("a.yml", text)
    assert [d for d in document.diagnostics if d.code != "duplicate-key"] == []
    assert seen_by_us(document, places) == places


@pytest.mark.parametrize("text", ["a:\t1\nb:\t2\t# c\n", "a:\t1\t\nb:\t2\n"])
def test_a_tab_after_a_colon_which_the_other_does_not_read_is_one_column(text: str) -> None:
    document = parse_yaml("a.yml", text)
    assert document.data == {"a": 1, "b": 2}
    assert [document.positions.value((key,)) for key in "ab"] == [Span(1, 4, 1, 5), Span(2, 4, 2, 5)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
def test_the_places_of_front_matter_are_those_of_the_file(ending: str, mark: str) -> None:
    front = "kerrigan: 7\nrepositories:\n  - {name: api,\n     url: x}\n"
    places = seen_by_the_other("# ---\n" + front)
    assert places
    text = f"---\n{front}---\n# Todo\n".replace("\n", ending)
    assert seen_by_us(parse_front_matter("spec.md", mark + text), places) == places
    places = seen_by_the_other(front)
    assert places
    assert seen_by_us(parse_yaml("a.yml", mark + front.replace("\n", ending)), places) == places


def routes_of(data: object, route: Route = ()) -> Iterator[Route]:
    """The routes of a value and of all that is in it."""
    yield route
    for key, below in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from routes_of(below, (*route, key))


WORDS = st.text("ab 😀ä#:-'\"\\\n\t", max_size=6) | st.sampled_from(
    ["~", "true", "12", "a: b", "- c", "#1", "~d", "*e"]
)
DATA = st.recursive(
    WORDS | st.integers(0, 99) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(DATA, st.sampled_from([None, 1, 2]), st.sampled_from(["\n", "\r\n"]))
def test_the_places_of_json(data: Any, indent: int | None, ending: str) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=False).replace("\n", ending)
    places = seen_by_the_other(text)
    assert places
    assert seen_by_us(parse_json("a.json", text), places) == places


@settings(max_examples=150)
@given(DATA, st.booleans() | st.none(), st.sampled_from(["\n", "\r\n"]), st.integers(20, 90))
def test_the_places_of_written_yaml(data: Any, flow: bool | None, ending: str, width: int) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, width=width).replace("\n", ending)
    places = seen_by_the_other(text)
    assume(places)
    assert places
    assert seen_by_us(parse_yaml("a.yml", text), places) == places


@settings(max_examples=300, derandomize=True)  # the readers know two versions of YAML
@given(
    st.sampled_from(sorted(HANDMADE)),
    st.lists(
        st.tuples(st.integers(0, 99), st.sampled_from([*"\n :-,[]{}'\"#&*|>?!\tab", "\n  ", "- ", "😀"])), max_size=3
    ),
    st.sets(st.integers(0, 99), max_size=2),
)
def test_the_places_of_yaml_that_was_changed(name: str, added: list[tuple[int, str]], gone: set[int]) -> None:
    text = "".join(character for index, character in enumerate(HANDMADE[name]) if index not in gone)
    for index, piece in added:
        text = text[:index] + piece + text[index:]
    places, document = seen_by_the_other(text), parse_yaml("a.yml", text)
    # What only one of them reads, or both read as different things, has no places to compare.
    assume(places and document.data is not None)
    assert places
    assume({route for kind, route in places if kind == "there"} == set(routes_of(document.data)))
    assert seen_by_us(document, places) == places
