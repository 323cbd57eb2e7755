"""The schemas are schemas, explain every key, fit their own examples, and say the same as the code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kerrigan.load.dependency import parse_dependency
from kerrigan.load.documents import parse_yaml
from kerrigan.load.workspace import workspace
from kerrigan.model.project import Repository, Workspace

FOLDER = Path(__file__).parents[2] / "schemas"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def properties(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield from node.get("properties", {}).items()
        # What a condition names is described where it is defined.
        for below in (value for key, value in node.items() if key != "allOf"):
            yield from properties(below)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_its_examples_fit(name: str) -> None:
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert found["$id"] == f"urn:kerrigan:schema:{name}"
    assert found["examples"]
    for example in found["examples"]:
        Draft202012Validator(found).validate(example)
    assert [key for key, below in properties(found) if "description" not in below] == []


FORMS = ["a", "~a", "~ a", "p/a", "o/r", "#1", "o/r#1", "o/r.js#12", "api:#1", "external:x y", "~external: x"]
NO_FORMS = ["", "~", "A", "a b", "#0", "../..#1", "a/b/c", "external:", "o/r:#1", "-a", "a#1", "#"]


@pytest.mark.parametrize("text", FORMS + NO_FORMS)
def test_the_schema_takes_the_dependencies_that_are_read(text: str) -> None:
    pattern = schema("tasks")["$defs"]["dependency"]["pattern"]
    read = parse_dependency(text, "p", {"api": Repository("api", "o/api")}, "o/r")
    assert (re.search(pattern, text) is not None) == (read is not None) == (text in FORMS)


def with_defaults(described: dict[str, Any]) -> dict[str, Any]:
    """What a schema's properties are where nothing is written, as if it were."""
    found = {key: below.get("default", with_defaults(below.get("properties", {}))) for key, below in described.items()}
    return {key: value for key, value in found.items() if value != {}}


def test_the_defaults_of_the_workspace_are_those_of_its_schema() -> None:
    described = schema("kerrigan")["properties"]
    # Of `check` the folders whose names nobody can give to a project are left out of the schema's default.
    written = with_defaults({key: described[key] for key in described if key != "check"})
    assert written["claims"]["lease"] != written["work"]["lease"]
    assert workspace(parse_yaml("k", json.dumps(written))) == Workspace()


@pytest.mark.parametrize("path", ["src/**", "a b/ü.md", "..a/b", "a/.github"])
def test_a_path_inside_of_the_repository_fits(path: str) -> None:
    assert re.search(schema("tasks")["$defs"]["path"]["pattern"], path)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "a/..", "a\\b", "a\nb", ""])
def test_a_path_that_leads_out_of_the_repository_does_not(path: str) -> None:
    assert not re.search(schema("tasks")["$defs"]["path"]["pattern"], path)
