"""The compiled validator decides what is looked at closely: it may not pass over anything that jsonschema finds."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kerrigan.apply.check import schemas
from kerrigan.check import schema
from kerrigan.load.tree import load_tree

SCHEMAS = schemas()
FILES = {
    "tasks": "specs/projects/todo/tasks.yml",
    "spec": "specs/projects/todo/spec.md",
    "status": "specs/projects/todo/status.json",
    "kerrigan": ".github/kerrigan.yml",
}
ODD = [chr(n) for n in (*range(0x180), 0x660, 0x1680, 0x2000, 0x2028, 0x2029, 0x3000, 0xFEFF, 0x1F600)]
"""Characters about which flavours of regular expressions differ: what is a space, a digit, the end of a line."""
AROUND = ["{}", "a{}", "{}a", "a{}b", "..{}", "{}..", "../{}", "a{}/..", "a{}../b", ".{}", "a{}//b", "a/{}//b",
          "~{}#1", "#1{}", "1{}d", "external:{}", "external: {}a", "https://a{}/b/c", "https://{}/b/c"]  # fmt: skip

LEAVES = st.sampled_from([None, True, False, 0, 1, 7, 7.0, 6, -1, 1.5, 10**30, -(10**30), 1e300, "", "a", "A", "a\n"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "usd", "a", "kerrigan"]), inner),
    max_leaves=4,
)


def patterns(rule: object) -> Iterator[str]:
    """Every pattern of a schema, and whatever else in it looks like one."""
    if isinstance(rule, dict):
        yield from (rule[key] for key in ("pattern",) if isinstance(rule.get(key), str))
        yield from (key for key in rule.get("patternProperties", ()))
    below = rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ()
    for each in below:
        yield from patterns(each)


@pytest.mark.parametrize("pattern", sorted({p for each in SCHEMAS.values() for p in patterns(each)}))
def test_a_pattern_allows_no_more_when_it_is_compiled(pattern: str) -> None:
    compiled = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    texts = [around.format(odd) for odd in ODD for around in AROUND]
    assert [text for text in texts if compiled.is_valid(text) and not re.search(pattern, text)] == []


@st.composite
def changed(draw: st.DrawFn, name: str) -> object:
    """An example of a schema with some of its values, at any depth, exchanged, taken out, or written twice."""
    examples: list[Any] = list(SCHEMAS[name]["examples"])
    data = json.loads(json.dumps(draw(st.sampled_from(examples))))
    for _ in range(draw(st.integers(0, 3))):
        at: Any = data
        while isinstance(at, dict | list) and at:
            key: Any = draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
            if not isinstance(at[key], dict | list) or not at[key] or draw(st.integers(0, 3)) == 0:
                _change(draw, at, key)
                break
            at = at[key]
    return data


def _change(draw: st.DrawFn, at: Any, key: Any) -> None:
    how = draw(st.sampled_from(["exchange", "take out", "again", "more text"]))
    if how == "take out":
        del at[key]
    elif how == "again" and isinstance(at, list):
        at.append(at[key])
    elif how == "more text" and isinstance(at[key], str):
        at[key] += draw(st.sampled_from(["\n", " ", "/", "..", "\u2028", "\x1c", "é", "x" * 600]))
    else:
        at[key] = draw(VALUES)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_the_verdict_is_that_of_jsonschema(name: str, data: st.DataObject) -> None:
    found = data.draw(changed(name))
    text = json.dumps(found)
    whole = {FILES["tasks"]: "kerrigan: 7\n", FILES["spec"]: "---\nkerrigan: 7\n---\n"}
    texts = {**whole, FILES[name]: f"---\n{text}\n---\n" if name == "spec" else text}
    tree = load_tree(texts, "acme/todo")
    document = tree.documents[FILES[name]]
    assume(document.data is not None)
    told = [d for d in schema.check(tree, SCHEMAS) if d.path == FILES[name]]
    value: Any = document.data
    assert bool(told) is not Draft202012Validator(SCHEMAS[name]).is_valid(value)
