"""Trees with very many of one thing: comments, keys, tasks, links. None does harm, and no check takes long for one."""

import json
from collections.abc import Callable, Mapping

Files = Mapping[str, str]
FOLDER = "specs/projects/todo"
SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list.\n"
IGNORE = "kerrigan: ignore[unknown-key] so it is"
MARK = f"<!-- {IGNORE} -->"
TASK = "  - {id: %s, title: T, role: swe%s}\n"


def many(count: int, text: Callable[[int], str]) -> str:
    """The text for each number, one after the other."""
    return "".join(map(text, range(count)))


def project(**files: str) -> Files:
    """A project of Milestone 7; `spec`, `tasks` and `config` are its files and the repository's."""
    return {
        f"{FOLDER}/spec.md": files.get("spec", SPEC),
        f"{FOLDER}/tasks.yml": files.get("tasks", "kerrigan: 7\ntasks: []\n"),
        ".github/kerrigan.yml": files.get("config", "kerrigan: 7\n"),
    }


def spec(body: str, front: str = "") -> Files:
    """A spec with this body and front matter."""
    return project(spec=f"---\nkerrigan: 7\n{front}---\n# Todo\n\n{body}\n")


def tasks(entries: str, spec: str = SPEC, config: str = "kerrigan: 7\n") -> Files:
    """A plan with these entries."""
    return project(tasks=f"kerrigan: 7\ntasks:\n{entries}", spec=spec, config=config)


def needs(entries: str) -> Files:
    """One task that depends on all this."""
    return tasks(TASK % ("first", "") + TASK % ("last", f", depends_on: [{entries}]"))


def old(text: str, file: str = "tasks.md", front: str = "") -> Files:
    """A project of Milestones 1 to 6 with this text in one of its files."""
    files = {"spec.md": f"{front}# Todo\n\nA list.\n", "tasks.md": "- [ ] one\n", "status.json": '{"status": "todo"}\n'}
    return {f"{FOLDER}/{name}": text if name == file else other for name, other in files.items()}


def own(schema: object, data: object) -> Files:
    """A team's own file and the JSON Schema that it should fit."""
    config = "check: {artifacts: [{glob: a.json, schema: s.json}]}\n"
    return {**project(config=config), "a.json": json.dumps(data), "s.json": json.dumps(schema)}


def page(headings: str, text: str, wanted: str = "[A]") -> Files:
    """A Markdown file of a team's own, and what is asked of it."""
    config = f"check: {{artifacts: [{{glob: a.md, headings: {wanted}, schema: 'kerrigan:{headings}'}}]}}\n"
    return {**project(config=config), "a.md": text}


def keys(count: int, word: str = "key") -> dict[str, int]:
    """So many keys, each with its number."""
    return {f"{word}-{number}": number for number in range(count)}


PAGES: Mapping[str, Callable[[int], Files]] = {
    "ignore comments on a line": lambda n: spec(MARK * n),
    "ignore comments, one a line": lambda n: spec(f"{MARK}\n\n" * n),
    "ignore comments in YAML": lambda n: tasks(f"# {IGNORE}\n" * n + TASK % ("a", "")),
    "ignore comments in a comment": lambda n: tasks(f"  # {f'# {IGNORE} ' * n}\n" + TASK % ("a", "")),
    "ignore comments that silence": lambda n: tasks(
        many(n, lambda i: f"  - {{id: a{i}, title: T, role: swe, x: 1}} # {IGNORE}\n")
    ),
    "ignore comments never closed": lambda n: spec("<!-- kerrigan: ignore[a] so " * n),
    "rules in ignore comments": lambda n: spec(f"<!-- kerrigan: ignore[{'a,' * 200}] so -->\n\n" * (n // 100)),
    "backticks and ignore comments": lambda n: spec("`a` " * n + MARK * n),
    "blanks and an ignore comment": lambda n: spec(" " * n + f"x\n{MARK}\n"),
    "headings": lambda n: spec("# A\n" * n),
    "headings that are wanted": lambda n: page("plan", many(n, lambda i: f"# H{i}\n"), f"[{many(n, 'H{}, '.format)}]"),
    "headings that are misspelt": lambda n: page(
        "plan", many(n, lambda i: f"# Haeding {i}\n"), f"[{many(n, 'Heading {}, '.format)}]"
    ),
    "sections without a word": lambda n: page("plan", many(n, lambda i: f"## Milestone {i}\n")),
    "list items": lambda n: old("- [ ] one\n" * n),
    "links": lambda n: old("[a](b.md)\n" * n),
    "links on a line": lambda n: old("[a](b.md) " * n),
    "links that lead nowhere": lambda n: old("# T\n" + many(n, "[a](rpeo-{}:docs/a.md)\n".format), "spec.md", ""),
    "code fences": lambda n: spec("```\n" * n),
    "code fences of two kinds": lambda n: spec("~~~\n```\n" * n),
    "comments": lambda n: spec("<!-- a --> " * n),
    "comments never closed": lambda n: spec("<!-- " * n),
    "placeholders": lambda n: old("TODO <x> {{y}} " * n, "spec.md"),
    "brackets": lambda n: old("[" * n),
    "blanks in an item": lambda n: old(f"- [ ] {' ' * n}x"),
    "rules": lambda n: spec("---\n" * n),
    "conflict markers": lambda n: spec("<<<<<<< x\n" * n),
}
"""Markdown, by what there is very much of."""

PLANS: Mapping[str, Callable[[int], Files]] = {
    "duplicate keys": lambda n: tasks(TASK % ("a", "") + "x: 1\n" * n),
    "duplicate keys in front matter": lambda n: spec("", "x: 1\n" * n),
    "duplicate keys in JSON": lambda n: old("{" + ",".join(['"a": 1'] * n) + "}", "status.json"),
    "unknown keys": lambda n: tasks(TASK % ("a", "") + many(n, "x{}: 1\n".format)),
    "unknown keys in a task": lambda n: tasks(TASK % ("a", many(n, ", x{}: 1".format))),
    "tasks with the same id": lambda n: tasks((TASK % ("a", "")) * n),
    "tasks without a title": lambda n: tasks(many(n, "  - {{id: a{}}}\n".format)),
    "tasks that are none": lambda n: tasks("  - 7\n" * n),
    "tasks with a wrong word": lambda n: tasks(many(n, lambda i: TASK % (f"a{i}", ", risk: HIGH"))),
    "dependencies that are unknown": lambda n: needs(many(n, "u{}, ".format)),
    "dependencies that are misspelt": lambda n: tasks(
        many(n, lambda i: TASK % (f"task-{i}", f", depends_on: [taks-{i}]"))
    ),
    "dependencies listed twice": lambda n: needs("first, " * n),
    "dependencies that are mappings": lambda n: needs("{external: x}, " * n),
    "dependencies on one task": lambda n: tasks(
        TASK % ("a", "") + many(n, lambda i: TASK % (f"b{i}", ", depends_on: [a]"))
    ),
    "dependencies in a chain": lambda n: tasks(many(n, lambda i: TASK % (f"a{i}", f", depends_on: [a{i + 1}]"))),
    "dependencies in a ring": lambda n: tasks(many(n, lambda i: TASK % (f"a{i}", f", depends_on: [a{(i + 1) % n}]"))),
    "dependencies in pairs": lambda n: tasks(many(n, lambda i: TASK % (f"a{i}", f", depends_on: [a{i ^ 1}]"))),
    "repositories": lambda n: spec(
        "", "repositories:\n" + many(n, "  - {{url: 'https://github.com/a/r{}', role: x}}\n".format)
    ),
    "repositories that are one": lambda n: spec(
        "", "repositories:\n" + "  - {url: 'https://github.com/a/r', role: x}\n" * n
    ),
    "repositories that are unknown": lambda n: tasks(
        many(n, lambda i: TASK % (f"a{i}", f", repository: repo-{i}")),
        "---\nkerrigan: 7\nrepositories:\n"
        + many(n, "  - {{url: 'https://github.com/a/rpeo-{}', role: x}}\n".format)
        + "---\n# T\n\nT.\n",
    ),
    "roles that no one takes": lambda n: tasks(
        many(n, lambda i: f"  - {{id: a{i}, title: T, role: rloe-{i}}}\n"),
        config=f"agents: {{a: {{roles: [{many(n, 'role-{}, '.format)}]}}}}\n",
    ),
    "aliases": lambda n: tasks("  - &a {id: a, title: T, role: swe}\n" + "  - *a\n" * n),
    "quotes never closed": lambda n: tasks("  - 'a\n" * n),
    "rules in kerrigan.yml": lambda n: project(config="check:\n  rules:\n" + many(n, "    r{}: error\n".format)),
    "projects": lambda n: {f"specs/projects/p{i}/spec.md": SPEC for i in range(n // 4)},
}
"""Plans and configuration, by what there is very much of."""

SCHEMAS: Mapping[str, Callable[[int], Files]] = {
    "wrong entries": lambda n: own({"items": {"type": "string"}}, list(range(n))),
    "entries of no branch": lambda n: own({"items": {"anyOf": [{"type": "object"}, {"type": "null"}]}}, ["x"] * n),
    "entries twice": lambda n: own({"uniqueItems": True}, [{"a": 1}] * n),
    "entries that are not evaluated": lambda n: own(
        {"contains": {"const": 1}, "unevaluatedItems": False}, [1, *[2] * n, 1]
    ),
    "entries not of the list": lambda n: own({"items": {"enum": list(keys(n, "vaule"))}}, list(keys(n, "value"))),
    "names that do not fit": lambda n: own({"propertyNames": {"pattern": "^x"}}, keys(n)),
    "keys that may not be": lambda n: own({"patternProperties": {"^k": False}}, keys(n)),
    "keys that are not known": lambda n: own(
        {"properties": {key: {} for key in keys(n, "kye")}, "additionalProperties": False}, keys(n)
    ),
    "keys that are not evaluated": lambda n: own(
        {"allOf": [{"properties": {k: {}}} for k in keys(n, "kye")], "unevaluatedProperties": False}, keys(n)
    ),
    "keys that are missing": lambda n: own({"required": list(keys(n))}, {}),
    "keys that depend": lambda n: own({"dependentRequired": {"a": list(keys(n))}}, {"a": 1}),
    "branches": lambda n: own(
        {"oneOf": [{"properties": {"k": {"const": i}}, "required": ["k"]} for i in range(n)]}, {"k": "x"}
    ),
    "references": lambda n: own(
        {"$defs": {f"a{i}": {"$ref": f"#/$defs/a{i + 1}"} for i in range(n)} | {f"a{n}": False}, "$ref": "#/$defs/a0"},
        1,
    ),
}
"""JSON Schemas of a team's own and the data that they are for, by what there is very much of."""

KINDS: Mapping[str, Callable[[int], Files]] = {
    **PAGES,
    **PLANS,
    **{f"own: {name}": kind for name, kind in SCHEMAS.items()},
}
"""Every kind, by name: how many of the thing to the texts of a tree."""
