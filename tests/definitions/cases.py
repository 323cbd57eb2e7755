"""Every key of every schema of what people write, wrong in six ways, and every file gone, linked or renamed.

The keys come from `schemas/*.schema.json`, so a new key is among them as soon as it is described.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kerrigan.apply.schemas import schemas

SCHEMAS = schemas()
FOLDER = "specs/projects/todo"
CONFIG = ".github/kerrigan.yml"
FILES = {
    "kerrigan": CONFIG,
    "spec": f"{FOLDER}/spec.md",
    "tasks": f"{FOLDER}/tasks.yml",
    "status": f"{FOLDER}/status.json",
}
STATUSES = (
    *("open", "claimed", "working", "testing", "in_review", "approved"),
    *("done", "failed", "blocked", "escalated", "cancelled"),
)
WAYS = ("type", "null", "empty", "unknown", "huge", "key")
PROSE = "---\n{}\n---\n# Todo\n\nA list that people share.\n"
TWICE = "\ue000"
"""Marks the second of two equal keys until the text is written."""

Route = tuple[str | int, ...]
Entry = tuple[str, bytes]
"""Git's mode and what stands there: the bytes of a file, or where a link leads."""


@dataclass(frozen=True, slots=True)
class Case:
    """One wrong definition. `file` is the name of a schema, with the `document` that is to stand in its file.

    `entries` are what else differs from the right one, by path: None where something is gone. `task` is the status of
    the task whose entry is wrong, if one is. `where` is the key or the file, `way` what is wrong with it.
    """

    file: str
    where: str
    way: str
    task: str = ""
    document: Any = None
    entries: Mapping[str, Entry | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells it from every other case."""
        return " ".join(filter(None, (self.file, self.where, self.way, self.task)))

    @property
    def changes(self) -> dict[str, Entry | None]:
        """What differs, by path."""
        own: dict[str, Entry | None] = (
            {} if self.entries else {FILES[self.file]: ("100644", text(self.file, self.document))}
        )
        return {**own, **self.entries}


RIGHT_CASE = Case("", "", "", entries={"README.md": ("100644", b"words\n")})
"""The right definition."""


def name_of(status: str) -> str:
    """The id of the task that the journal has in a status."""
    return status.replace("_", "-")


def tasks() -> dict[str, Any]:
    """A right tasks.yml with one task of each status."""
    listed = [{"id": name_of(s), "title": f"Do {s}", "role": "swe", "paths": [f"src/{s}/**"]} for s in STATUSES]
    return {"kerrigan": 7, "tasks": [*listed, {"id": "free", "title": "Do it too", "role": "swe"}]}


RIGHT: Mapping[str, Any] = {
    "kerrigan": {"agents": {"claude": {"roles": ["swe"]}}, "limits": {"attempts": 3}},
    "spec": {"kerrigan": 7, "repositories": [{"name": "web", "url": "https://github.com/acme/web"}]},
    "tasks": tasks(),
    "status": {"status": "active", "current_phase": "implementation", "last_updated": "2026-11-30T06:00:00Z"},
}
"""The right definition, by schema."""


def text(file: str, data: object) -> bytes:
    """A document as its file holds it. JSON is YAML; a key that is marked as the second one loses the mark."""
    plain = json.dumps(data, ensure_ascii=False, indent=1).replace(TWICE, "")
    return (PROSE.format(plain) if file == "spec" else plain).encode()


@cache
def right() -> Mapping[str, Entry]:
    """The files of the right definition."""
    return {path: ("100644", text(file, RIGHT[file])) for file, path in FILES.items()}


def cases() -> list[Case]:
    """All of them, each once, in a stable order."""
    return [*_wrong_values(), *_wrong_files()]


def _wrong_values() -> Iterator[Case]:
    for file in FILES:
        for route, rule in keys(SCHEMAS[file]):
            for way in WAYS:
                for number, data in enumerate(wrong(file, route, rule, way)):
                    yield from _placed(file, route, f"{way}{number or ''}", data)


def _placed(file: str, route: Route, way: str, data: Any) -> Iterator[Case]:
    """The case; one in the entry of a task comes once for each status that the task may have."""
    where = ".".join(map(str, route)) or "all"
    if file != "tasks" or len(route) < 2:
        yield Case(file, where, way, document=data)
        return
    for index, status in enumerate(STATUSES):
        listed = list(RIGHT["tasks"]["tasks"])
        listed[index] = _renamed(data["tasks"][0], listed[index])
        yield Case(file, where, way, status, {**data, "tasks": listed})


def _renamed(entry: Any, own: Mapping[str, Any]) -> Any:
    """The wrong entry of the first task under the name of another one, where its name is not what is wrong."""
    first = RIGHT["tasks"]["tasks"][0]
    if not isinstance(entry, dict):
        return entry
    return {key: own[key] if key in ("id", "paths") and value == first[key] else value for key, value in entry.items()}


def keys(schema: Mapping[str, Any]) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    """Every key that a schema describes, by its route in an example, and what it wants there; the root too."""
    yield from _keys(schema, schema, ())


def _keys(root: Mapping[str, Any], rule: Mapping[str, Any], route: Route) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    rule = resolved(root, rule)
    yield route, rule
    for key, below in rule.get("properties", {}).items():
        yield from _keys(root, below, (*route, key))
    if isinstance(below := rule.get("additionalProperties"), dict):
        yield from _keys(root, below, (*route, "some-name"))
    if isinstance(below := rule.get("items"), dict):
        yield from _keys(root, below, (*route, 0))


def resolved(root: Mapping[str, Any], rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule with what it refers to."""
    if "$ref" not in rule:
        return rule
    target: Any = root
    for part in rule["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return {**resolved(root, target), **rule}


def wrong(file: str, route: Route, rule: Mapping[str, Any], way: str) -> Iterator[Any]:
    """The right document with the value at a route wrong in one way; none where that way does not apply."""
    if way == "key":
        yield from _wrong_key(file, route)
        return
    for value in VALUES[way](rule):
        data = placed(file, route, value)
        if data is not None:
            yield data


def _wrong_key(file: str, route: Route) -> Iterator[Any]:
    if not route or not isinstance(route[-1], str):
        return
    value = _at(placed(file, route, _example(SCHEMAS[file], route)), route)
    for change in ("gone", "misspelt", "twice"):
        data = placed(file, route, value)
        holder = _at(data, route[:-1])
        if not isinstance(holder, dict):
            continue
        if change == "gone":
            del holder[route[-1]]
        elif change == "misspelt":
            holder[f"{route[-1]}x"] = holder.pop(route[-1])
        else:
            holder[f"{route[-1]}{TWICE}"] = deepcopy(value)
        yield data


def placed(file: str, route: Route, value: Any) -> Any:
    """The right document with a value at a route; what lies on the way there and is not in it comes from examples."""
    if not route:
        return value
    data = deepcopy(RIGHT[file])
    node: Any = data
    for depth, step in enumerate(route[:-1]):
        if isinstance(step, str) and not (isinstance(node, dict) and step in node):
            node[step] = _example(SCHEMAS[file], route[: depth + 1])
        node = node[step]
    node[route[-1]] = value
    return data


def _example(schema: Mapping[str, Any], route: Route) -> Any:
    """A right value at a route, as the schema's own examples, defaults and types have it."""
    rule: Mapping[str, Any] = resolved(schema, schema)
    for step in route:
        below = rule.get("items") if isinstance(step, int) else rule.get("properties", {}).get(step)
        rule = resolved(schema, below or rule["additionalProperties"])
    return sample(schema, rule)


def sample(schema: Mapping[str, Any], rule: Mapping[str, Any]) -> Any:
    """A value that fits a rule."""
    rule = resolved(schema, rule)
    if "const" in rule:
        return rule["const"]
    for chosen in (rule.get("examples"), rule.get("enum")):
        if chosen:
            return deepcopy(chosen[0])
    if "default" in rule:
        return deepcopy(rule["default"])
    kinds = [rule.get("type", "string")] if not isinstance(rule.get("type"), list) else rule["type"]
    match kinds[0]:
        case "object":
            own = {
                k: sample(schema, below)
                for k, below in rule.get("properties", {}).items()
                if k in rule.get("required", ())
            }
            below = rule.get("additionalProperties")
            return {**own, **({"some-name": sample(schema, below)} if isinstance(below, dict) else {})}
        case "array":
            return [sample(schema, rule["items"])]
        case "integer" | "number":
            return rule.get("minimum", 1) or 1
        case "boolean":
            return True
        case _:
            return "words"


def _at(data: Any, route: Route) -> Any:
    for step in route:
        data = data[step]
    return data


def _kinds(rule: Mapping[str, Any]) -> set[str]:
    kinds = rule.get("type")
    if kinds is None and ("enum" in rule or "const" in rule):
        return {"string"} if not isinstance(rule.get("const"), int) else {"integer"}
    return set(kinds if isinstance(kinds, list) else [kinds] if kinds else ["string"])


def _other_type(rule: Mapping[str, Any]) -> list[Any]:
    kinds = _kinds(rule)
    kinds |= {"number"} if "integer" in kinds else set()
    values = (("object", {"a": 1}), ("array", ["a"]), ("string", "words"), ("boolean", True), ("number", 5))
    return [value for kind, value in values if kind not in kinds][:2]


def _empty(rule: Mapping[str, Any]) -> list[Any]:
    kinds = _kinds(rule)
    return [value for kind, value in (("object", {}), ("array", []), ("string", "")) if kind in kinds]


def _unknown(rule: Mapping[str, Any]) -> list[Any]:
    kinds = _kinds(rule)
    known = (("object", {"no-such-key": 1}), ("array", ["?!", None]), ("string", "NO such WORD"), ("integer", "many"))
    return [value for kind, value in (*known, ("number", "a lot"), ("boolean", "maybe")) if kind in kinds]


def _huge(rule: Mapping[str, Any]) -> list[Any]:
    kinds, deep = _kinds(rule), dict[str, Any]()
    for _ in range(90):
        deep = {"a": deep}
    known = (("object", deep), ("array", ["../../etc"] * 60), ("string", "a\n\u0007" * 300))
    numbers = [-1, 10**40, 1e308] if kinds & {"integer", "number"} else []
    return [*(value for kind, value in known if kind in kinds), *numbers]


VALUES = {
    "type": _other_type,
    "null": lambda rule: [None],
    "empty": _empty,
    "unknown": _unknown,
    "huge": _huge,
}
"""The wrong values of each way but the last, by what is wanted."""


ODD: Mapping[str, Entry | None] = {
    "gone": None,
    "link-to-nothing": ("120000", b"none"),
    "link-out": ("120000", b"../../../../etc/passwd"),
    "link-to-a-folder": ("120000", b"."),
    "submodule": ("160000", b""),
    "empty": ("100644", b""),
    "bytes": ("100644", b"\xff\xfe\x00"),
    "latin-1": ("100644", b"kerrigan: 7\n\xff"),
    "no-yaml": ("100644", b"{[: &a *b"),
    "word": ("100644", b"words"),
    "deep": ("100644", b"[" * 4_000),
    "unmerged": ("100644", b"<<<<<<< a\nkerrigan: 7\n=======\nkerrigan: 7\n>>>>>>> b\n"),
}
"""What may stand in place of a file."""


def _wrong_files() -> Iterator[Case]:
    for file, path in FILES.items():
        for way, entry in ODD.items():
            yield Case(file, "file", way, entries={path: entry})
        stem, _, end = path.rpartition(".")
        renamed = f"{stem}.{'yaml' if end == 'yml' else end.upper()}"
        yield Case(file, "file", "renamed", entries={path: None, renamed: right()[path]})
    for folder, above in ((FOLDER, "../../"), ("specs/projects", "../"), ("specs", ""), (".github", "")):
        below = [path for path in FILES.values() if path.startswith(f"{folder}/")]
        gone: dict[str, Entry | None] = dict.fromkeys(below)
        moved = {f"moved/{path}": right()[path] for path in below}
        link = ("120000", f"{above}moved/{folder}".encode())
        yield Case("folder", folder, "gone", entries=gone)
        yield Case("folder", folder, "link", entries={**gone, **moved, folder: link})
        yield Case("folder", folder, "submodule", entries={**gone, folder: ("160000", b"")})
        yield Case("folder", folder, "file", entries={**gone, folder: ("100644", b"words\n")})
