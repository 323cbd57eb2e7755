"""The reference pages: one for each schema, written from it. A key's words live in the schema and nowhere else."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kerrigan.model.checks.checking import OUTLINES

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"
PAGES = ROOT / "docs" / "reference"
SOURCE = "https://github.com/kerrigan-dev/kerrigan/blob/main"

Schema = Mapping[str, Any]

TYPES = {
    "object": "mapping",
    "array": "list",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
}
IN_YAML = {"kerrigan", "spec", "tasks"}
OUTLINE = """
## What an outline is

A schema judges data, and a Markdown file is text: the schemas of Markdown files judge its outline, which is

```json
{
  "front": {"kerrigan": 7},
  "headings": ["Runbook: todo", "Deploy", "By hand"],
  "sections": {
    "Runbook: todo": ["Merge to main.", "kubectl apply -f todo.yml"],
    "Deploy": ["Merge to main.", "kubectl apply -f todo.yml"],
    "By hand": ["kubectl apply -f todo.yml"]
  },
  "lines": ["Merge to main.", "kubectl apply -f todo.yml"]
}
```

* `front` is the front matter, `{}` without one.
* `headings` are the words of every `#` heading of any level, in order.
* `lines` is what else the file says, line by line: without empty lines, comments, rules, and the marks of lists, so
  that `- [ ] Try it` is `[ ] Try it`. The lines of a code block are there as they are; no heading is found in it.
* `sections` are the lines below each heading, down to the next one that is not below it, by the heading's words. Where
  two headings have the same words, the first one counts.

spec.md is the exception: its schema judges the front matter alone. Which files are judged by an outline a team says in
[kerrigan.yml](../check.md#the-usual-artifacts-kerriganname). Editors make no outlines: the catalog names no Markdown.
"""
ASKED = """\
It judges the [outline](README.md#what-an-outline-is) of a Markdown file, where [kerrigan.yml](kerrigan.md) says
`schema: "kerrigan:{name}"` under `check: artifacts:`.
"""
HEAD = ["| key | type | default | meaning | example |", "|---|---|---|---|---|"]


def names() -> list[str]:
    """The schemas of files and records, by name; those of `--json` outputs are documented by the contract's words."""
    return sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))


def schema(name: str) -> Schema:
    loaded: Schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def index() -> str:
    """The list of the pages."""
    lines = [
        "# Reference",
        "",
        "Written from the schemas by `UPDATE_CASES=1 python -m pytest tests/test_reference.py`. `schemas/catalog.json`",
        "says to editors which file is of which schema, in the form of [SchemaStore](https://www.schemastore.org/).",
        "",
        *(f"* [{schema(name)['title']}]({name}.md): {schema(name)['description']}" for name in names()),
        "",
        OUTLINE.strip(),
    ]
    return "\n".join(lines) + "\n"


def page(name: str) -> str:
    """The page of one schema."""
    whole = schema(name)
    own = [_own(whole, case) for case in whole.get("allOf", [])]
    lines = [
        f"# {whole['title']}",
        "",
        whole["description"],
        "",
        f"Schema: [`{name}.schema.json`]({SOURCE}/schemas/{name}.schema.json). A key in **bold** has to be there.",
        *(ASKED.format(name=name).splitlines() if name in OUTLINES else ()),
        "",
        *HEAD,
        *_rows(whole, whole, ""),
        *(line for section in own for line in section),
        "",
        "## Example",
        *(line for example in whole["examples"] for line in ("", *_example(name, example))),
    ]
    return "\n".join(lines) + "\n"


def _own(whole: Schema, case: Schema) -> list[str]:
    found = _resolved(whole, case["then"]["properties"]["data"])
    kinds = " and ".join(f"`{kind}`" for kind in case["if"]["properties"]["type"]["enum"])
    return ["", f"## data of {kinds}", "", found["description"], "", *HEAD, *_rows(whole, found, "data.")]


def _rows(whole: Schema, found: Schema, above: str) -> Iterator[str]:
    for key, raw in found.get("properties", {}).items():
        below = _resolved(whole, raw)
        path = above + key
        shown = f"**`{path}`**" if key in found.get("required", ()) else f"`{path}`"
        default = _code(below["default"]) if "default" in below else ""
        cells = (shown, _type(whole, below), default, below["description"], _examples(below))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
        yield from _inside(whole, below, path)
    if "patternProperties" in found:
        named = {f"NAME, which fits {pattern}": below for pattern, below in found["patternProperties"].items()}
        yield from _rows(whole, {"properties": named}, above)


def _inside(whole: Schema, found: Schema, path: str) -> Iterator[str]:
    yield from _rows(whole, found, f"{path}.")
    for branch in _branches(whole, found):
        yield from _rows(whole, branch, f"{path}.")
    more = found.get("additionalProperties")
    if isinstance(more, dict):
        yield from _inside(whole, _resolved(whole, more), f"{path}.NAME")
    if "items" in found:
        yield from _inside(whole, _resolved(whole, found["items"]), f"{path}[]")


def _branches(whole: Schema, found: Schema) -> list[Schema]:
    return [_resolved(whole, each) for word in ("anyOf", "oneOf") for each in found.get(word, ())]


def _resolved(whole: Schema, raw: Schema) -> Schema:
    """A schema with what it refers to; its own words go before those."""
    if "$ref" not in raw:
        return raw
    target = whole["$defs"][raw["$ref"].removeprefix("#/$defs/")]
    return {**_resolved(whole, target), **{key: value for key, value in raw.items() if key != "$ref"}}


def _type(whole: Schema, found: Schema) -> str:
    if "const" in found or "enum" in found:
        return ", ".join(_code(value) for value in found.get("enum", [found.get("const")]))
    if branches := _branches(whole, found):
        return " or ".join(dict.fromkeys(_type(whole, branch) for branch in branches))
    kinds = found.get("type", [])
    named = [TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    if "items" in found:
        inner = _type(whole, _resolved(whole, found["items"]))
        named = [f"list of {inner}" if kind == "list" else kind for kind in named]
    least = f" from {found['minimum']}" if "minimum" in found else ""
    most = f" to {found['maximum']}" if "maximum" in found else ""
    return (" or ".join(named) or "anything") + least + most


def _examples(found: Schema) -> str:
    return ", ".join(_code(example) for example in found.get("examples", [])[:3])


def _code(value: object) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return f"`{text}`"


def markdown(example: Mapping[str, Any]) -> str:
    """A Markdown file of this outline: of its sections, or of its lines where it shows none."""
    front = yaml.safe_dump(example["front"], sort_keys=False, allow_unicode=True, width=100)
    blocks = [part for title, lines in example.get("sections", {}).items() for part in (f"## {title}", _text(lines))]
    return f"---\n{front}---\n" + "\n\n".join(blocks or [_text(example["lines"])])


def _text(lines: list[str]) -> str:
    return "\n".join(f"- {line}" if line.startswith("[") else line for line in lines)


def _example(name: str, example: Any) -> list[str]:
    if name in OUTLINES:
        return ["````markdown", markdown(example), "````"]
    if name not in IN_YAML:
        return ["```json", json.dumps(example, ensure_ascii=False, indent=2), "```"]
    return ["```yaml", yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=100).rstrip(), "```"]
