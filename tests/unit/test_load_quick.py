"""What is read by events is what is read by nodes, and whatever is odd is left to those."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.load.documents import parse_json, parse_yaml
from kerrigan.load.yaml.fast_yaml import NotPlainError, parse_fast
from kerrigan.load.yaml.nodes import MAX_DEPTH, MAX_NODES, compose
from kerrigan.load.yaml.places import LatePlaces, NodePlaces
from kerrigan.load.yaml.values import Builder

ODD = {
    "an anchor": "a: &x 1\n",
    "an anchored list": "a: &x [1]\n",
    "an anchored key": "&x a: 1\n",
    "an alias": "a: &x 1\nb: *x\n",
    "a key twice": "a: 1\nb: 2\na: 3\n",
    "a list as key": "? [a]\n: 1\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "too deep": "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    "too large": f"[{'1,' * MAX_NODES}1]",
}
PIECES = [
    "a",
    "b: ",
    "- ",
    "  ",
    "\n",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "!!str ",
    "'",
    '"',
    "|\n",
    "> ",
]
PIECES += ["#", "12", "1.5", "~", "true", "---\n", "...\n", "\t", "ä", "\u2028", "%YAML 1.2\n"]


def by_nodes(text: str) -> tuple[object, bool]:
    """The value, and whether anything is wrong with it."""
    builder = Builder("a.yml", 0)
    return builder.build(compose(text)), bool(builder.diagnostics)


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_left_to_the_nodes(name: str) -> None:
    with pytest.raises(NotPlainError):
        parse_fast(ODD[name])


def test_a_key_of_many_mappings_is_one_text() -> None:
    first, second = (next(iter(mapping)) for mapping in parse_fast("- {a long key: 1}\n- {a long key: 2}\n"))  # type: ignore[attr-defined]
    assert first is second


@pytest.mark.parametrize("text", ["", "# nothing\n", "words", "{}", "[" * MAX_DEPTH + "]" * MAX_DEPTH, "a:\n  - b\n"])
def test_both_read_the_same(text: str) -> None:
    assert (parse_fast(text), False) == by_nodes(text)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_both_read_the_same_of_anything(text: str) -> None:
    try:
        found = parse_fast(text)
    except (NotPlainError, yaml.YAMLError, ValueError):
        return
    assert (found, False) == by_nodes(text)


def test_a_plain_file_is_read_without_nodes_until_a_place_is_asked_for() -> None:
    for document in (parse_yaml("a.yml", "a: 1\nb: [2]\n"), parse_json("a.json", '{"a": 1,\n"b":\t[2]}')):
        assert isinstance(document.positions, LatePlaces)
        assert (document.positions.value(("b", 0)).line, document.positions.key(("b",)).line) == (2, 2)
    assert isinstance(parse_yaml("a.yml", ODD["an alias"]).positions, NodePlaces)


def test_what_is_wrong_with_json_is_still_told() -> None:
    twice: Any = parse_json("a.json", '{"a": 1, "a": 2}')
    assert [d.code for d in twice.diagnostics] == ["duplicate-key"]
    half = parse_json("a.json", json.dumps({"a": "\ud800"}))
    assert [d.code for d in half.diagnostics] == ["half-character"]
