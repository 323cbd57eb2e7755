"""The check takes and refuses what plain `jsonschema` takes and refuses, whatever is done to a schema's examples."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kerrigan.apply.check import schemas
from kerrigan.check.examples import CONFIG, FOLDER, SPEC, TASKS
from kerrigan.check.schema import check
from kerrigan.load.tree import load_tree

SCHEMAS = schemas()
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
PATHS = {
    "kerrigan": CONFIG,
    "spec": f"{FOLDER}/spec.md",
    "status": f"{FOLDER}/status.json",
    "tasks": f"{FOLDER}/tasks.yml",
}

ODD = st.sampled_from(
    [
        None, True, False, 0, 1, 7, -1, 5, 6, 1.0, 0.5, 10**20, "", "a", "A b", "7", "off", "error", "8h", "-1h",
        "../x", "a/b", "#1", "o/r#1", "external:x", "~a", "https://github.com/acme/todo", "write", "line\nbreak",
        "x" * 600, [], {}, [1], ["a"], ["a", "a"], {"a": 1}, {"usd": 1}, {"usd": -1}, {"roles": ["swe"]},
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
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_verdict_is_that_of_jsonschema(name: str, data: st.DataObject) -> None:
    text = json.dumps(data.draw(changed(name)), ensure_ascii=False)
    assert accepts(name, text) == VALIDATORS[name].is_valid(json.loads(text))


@pytest.mark.parametrize("name", sorted(PATHS))
def test_the_examples_are_accepted(name: str) -> None:
    for example in SCHEMAS[name]["examples"]:
        assert accepts(name, json.dumps(example))
