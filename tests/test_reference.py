"""docs/reference says what the schemas say, and the catalog sends every file that editors meet to its schema.

`UPDATE_CASES=1 pytest tests/test_reference.py` writes the pages; read the difference before you keep it.
"""

import json
import os
import re
from pathlib import Path, PurePosixPath

import pytest

from kerrigan.files import shipped
from kerrigan.load.tree import layout
from tests.reference import PAGES, ROOT, SCHEMAS, index, names, page, schema

EVERY = ["README", *names()]


def written(name: str) -> str:
    return index() if name == "README" else page(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_written_from_its_schema(name: str) -> None:
    path = PAGES / f"{name}.md"
    if "UPDATE_CASES" in os.environ:
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(name), encoding="utf-8", newline="")
    assert path.read_text(encoding="utf-8") == written(name)


def test_there_is_no_page_of_a_schema_that_is_gone() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(EVERY)


def keys(node: object) -> set[str]:
    """Every key that a schema describes, at any depth."""
    if not isinstance(node, dict | list):
        return set()
    below = node.values() if isinstance(node, dict) else node
    own = node["properties"] if isinstance(node, dict) and isinstance(node.get("properties"), dict) else {}
    return set(own).union(*map(keys, below))


@pytest.mark.parametrize("name", names())
def test_every_key_of_a_schema_stands_on_its_page(name: str) -> None:
    text = page(name)
    assert [key for key in sorted(keys(schema(name))) if not re.search(rf"[`.]{re.escape(key)}`", text)] == []


def catalog() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))["schemas"]
    return found


def test_the_catalog_has_what_an_editor_needs() -> None:
    for entry in catalog():
        assert set(entry) == {"name", "description", "fileMatch", "url"}
        base, _, file = str(entry["url"]).rpartition("/schemas/")
        assert (SCHEMAS / file).is_file()
        assert "yaml-language-server: $schema=" + base in (ROOT / "examples/start/tasks.yml").read_text(
            encoding="utf-8"
        )


@pytest.mark.parametrize(
    ("path", "file"),
    [
        (".github/kerrigan.yml", "kerrigan.schema.json"),
        ("specs/projects/todo/tasks.yml", "tasks.schema.json"),
        ("specs/projects/todo/status.json", "status.schema.json"),
        ("specs/projects/todo/spec.md", None),
        ("docs/tasks.yml", None),
    ],
)
def test_the_catalog_knows_the_files_that_kerrigan_reads(path: str, file: str | None) -> None:
    assert layout({}).reads(path) or path == "docs/tasks.yml"
    found = [str(e["url"]) for e in catalog() for glob in e["fileMatch"] if PurePosixPath(f"x/{path}").match(glob)]  # type: ignore[attr-defined]
    assert [url.rpartition("/")[2] for url in found] == ([file] if file else [])


@pytest.mark.parametrize("path", sorted((shipped("examples") / "start").glob("*.yml")), ids=lambda path: path.name)
def test_what_init_writes_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first in [f"# yaml-language-server: $schema={entry['url']}" for entry in catalog()]
