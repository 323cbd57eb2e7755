"""What Kerrigan's own schemas allow, whatever is done to their examples: what jsonschema-rs says, and never more."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kerrigan.apply.schemas import schemas
from kerrigan.check.examples import CONFIG, FOLDER, SPEC, TASKS
from kerrigan.check.schema.documents import check
from kerrigan.load.tree import load_tree

SCHEMAS = schemas()
DECIDING = {name: jsonschema_rs.Draft202012Validator(dict(schema)) for name, schema in SCHEMAS.items()}
PLAIN = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
PATHS = {
    "kerrigan": CONFIG,
    "spec": f"{FOLDER}/spec.md",
    "status": f"{FOLDER}/status.json",
    "tasks": f"{FOLDER}/tasks.yml",
}
ODD_CHARACTERS = [chr(n) for n in (*range(0x180), 0x660, 0x1680, 0x2000, 0x2028, 0x2029, 0x3000, 0xFEFF, 0x1F600)]
"""Characters about which flavours of regular expressions differ: what is a space, a digit, the end of a line."""
AROUND = ["{}", "a{}", "{}a", "a{}b", "..{}", "{}..", "../{}", "a{}/..", "a{}../b", ".{}", "a{}//b", "a/{}//b",
          "~{}#1", "#1{}", "1{}d", "external:{}", "external: {}a", "https://a{}/b/c", "https://{}/b/c"]  # fmt: skip

ODD = st.sampled_from(
    [
        None, True, False, 0, 1, 7, -1, 5, 6, 1.0, 0.5, 10**20, "", "a", "A b", "7", "off", "error", "8h", "-1h",
        "../x", "a/b", "#1", "o/r#1", "external:x", "~a", "https://github.com/acme/todo", "write", "line\nbreak",
        "x" * 600, "a\n", "a\u2028", "\u0661", "a/..", 7.0, 10**30, 1e300,
        [], {}, [1], ["a"], ["a", "a"], {"a": 1}, {"usd": 1}, {"usd": -1}, {"roles": ["swe"]},
        {"id": "a", "title": "b", "role": "c"},
    ]
)  # fmt: skip
KEYS = st.sampled_from(["kerrigan", "usd", "roles", "id", "url", "titel", "status", "x y", "", "budget", "depends_on"])


def spots(data: Any) -> list[tuple[Any, Any]]:
    """Every list or mapping inside of a value, with each of its indexes or keys."""
    found = []
    for key, below in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        found += [(data, key), *spots(below)]
    return found


def patterns(rule: object) -> Iterator[str]:
    """Every pattern of a schema, and whatever else in it looks like one."""
    if isinstance(rule, dict):
        yield from (rule[key] for key in ("pattern",) if isinstance(rule.get(key), str))
        yield from (key for key in rule.get("patternProperties", ()))
    below = rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ()
    for each in below:
        yield from patterns(each)


@pytest.mark.parametrize("pattern", sorted({p for each in SCHEMAS.values() for p in patterns(each)}))
def test_a_pattern_allows_no_more_than_python_lets_it(pattern: str) -> None:
    compiled = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    texts = [around.format(odd) for odd in ODD_CHARACTERS for around in AROUND]
    assert [text for text in texts if compiled.is_valid(text) and not re.search(pattern, text)] == []


@st.composite
def changed(draw: st.DrawFn, name: str) -> Any:
    """An example of a schema in which some things are other things, gone, or new."""
    data = copy.deepcopy(draw(st.sampled_from(SCHEMAS[name]["examples"])))
    for _ in range(draw(st.integers(0, 3))):
        places = spots(data)
        holder, key = draw(st.sampled_from(places)) if places else ({}, "")
        match draw(st.integers(0, 3)):
            case 0 | 1 if places:
                holder[key] = copy.deepcopy(draw(ODD))
            case 2 if places:
                del holder[key]
            case _ if isinstance(holder, dict):
                holder[draw(KEYS)] = copy.deepcopy(draw(ODD))
            case _:
                holder.append(copy.deepcopy(draw(ODD)))
    return data


def accepts(name: str, text: str) -> bool:
    written = f"---\n{text}\n---\n# Todo\n\nWords.\n" if name == "spec" else text
    files = {PATHS["spec"]: SPEC, PATHS["tasks"]: TASKS, PATHS[name]: written}
    tree = load_tree(files, "acme/todo")
    return not [d for d in check(tree, {**SCHEMAS}) if d.path == PATHS[name]]


@pytest.mark.parametrize("name", sorted(PATHS))
@settings(max_examples=150)
@given(st.data())
def test_one_validator_decides_and_the_other_refuses_no_more(name: str, data: st.DataObject) -> None:
    text = json.dumps(data.draw(changed(name)), ensure_ascii=False)
    is_accepted = accepts(name, text)
    assert is_accepted == DECIDING[name].is_valid(json.loads(text))
    assert PLAIN[name].is_valid(json.loads(text)) or not is_accepted


@pytest.mark.parametrize("name", sorted(PATHS))
def test_the_examples_are_accepted(name: str) -> None:
    for example in SCHEMAS[name]["examples"]:
        assert accepts(name, json.dumps(example))
