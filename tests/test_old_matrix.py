"""What projects of Milestones 1 to 6 must be told, line by line: accepted, refused, warned of, no longer crashed at."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from kerrigan.check.rules import NAMES
from kerrigan.model.checks.source import Diagnostic
from tests.old_verdict import ARCHITECTURE, NEEDED, SPEC, passed
from tests.test_old_verdict import FINE, REPOSITORY, STATUS

DOCS = Path(__file__).parents[1] / "docs" / "compatibility.md"
SPEC_TEXT = FINE["spec.md"]
DEPLOYABLE = {"runbook.md": "# Runbook\n\nRestart it.\n", "cost-plan.md": "# Costs\n\nNone.\n"}

DIALECTS = {
    "boxes with Task:": "## Milestone 1\n- [ ] Task: Agree it\n  - Done when: agreed\n  - Links: spec.md\n",
    "boxes without": "- [x] Agree it\n  - Done when: agreed\n  - Dependencies: API structure complete\n",
    "headings": "## Task: Agree it\n<!-- AUTO-ISSUE: role:swe priority:high -->\n**Dependencies**: #1, #2\n---\n",
    "numbers": "### Task 1.1: Agree it ✅\n- **Owner**: swe\n- **Status**: COMPLETE\n- **Done Criteria**: agreed\n",
    "board": "## In Progress\n- None\n\n## Backlog\n- [ ] Agree it\n  - [ ] with Bo\n",
}


def status(**changes: object) -> str:
    return json.dumps(STATUS | changes)


def front(*entries: Mapping[str, object], raw: str | None = None) -> str:
    return f"---\nrepositories: {json.dumps(list(entries)) if raw is None else raw}\n---\n{SPEC_TEXT}"


def repository(**changes: object) -> dict[str, object]:
    return {**REPOSITORY, **changes}


def chain(length: int) -> str:
    one = "- [ ] Task: #{}\n  - Dependencies:\n    - #{}\n"
    return "".join(one.format(number, number + 1) for number in range(1, length))


CLOSING = "- [ ] Task: #3\n  - Dependencies:\n    - #1\n"

ACCEPTED: dict[str, dict[str, str]] = {
    "nothing more than needed": {},
    "files, keys and headings of one's own": {"notes.md": "# Notes\n", "status.json": status(team="a", since=3)},
    **{f"tasks as {name}": {"tasks.md": text} for name, text in DIALECTS.items()},
    "a day as a time": {"status.json": status(last_updated="2026-01-15")},
    "a time without a zone": {"status.json": status(last_updated="2026-01-15 10:00")},
    "a compact time": {"status.json": status(last_updated="20260115T100000Z")},
    "a week as a time": {"status.json": status(last_updated="2026-W03-4")},
    "an address that ends with .git": {"spec.md": front(repository(url="https://github.com/acme/todo.git"))},
    "an address that ends with a slash": {"spec.md": front(repository(url="https://github.com/acme/todo/"))},
    "front matter without repositories": {"spec.md": f"---\ntitle: Todo\n---\n{SPEC_TEXT}"},
    "no word of deploying": {"cost-plan.md": "# Costs\n"},
    "line ends of Windows": {name: text.replace("\n", "\r\n") for name, text in FINE.items()},
    "a tab in a heading": {"spec.md": SPEC_TEXT.replace("## Goal", "##\tGoal")},
    "a no-break space in a heading": {"spec.md": SPEC_TEXT.replace("## Goal", "##\u00a0Goal")},
    "a chain of 1,200 tasks": {"tasks.md": chain(1200)},
    "a role that is deployment, with its files": {"spec.md": front(repository(role="deployment")), **DEPLOYABLE},
}

REFUSED: dict[str, tuple[str, dict[str, str | None]]] = {
    **{f"no {name}": ("missing-file", {name: None}) for name in NEEDED},
    **{f"no heading {h}": ("missing-heading", {"spec.md": SPEC_TEXT.replace(f"## {h}", f"## {h}:")}) for h in SPEC},
    **{
        f"no heading {h}": ("missing-heading", {"architecture.md": FINE["architecture.md"].replace(h, h.upper())})
        for h in ARCHITECTURE
    },
    "deployable by a word": ("missing-file", {"spec.md": f"{SPEC_TEXT}\nDeploying it is no goal.\n"}),
    "deployable by a runbook": ("missing-file", {"runbook.md": "# Runbook\n"}),
    "deployable by a role": ("missing-file", {"spec.md": front(repository(role="deployment"))}),
    "another status": ("wrong-value", {"status.json": status(status="archived")}),
    "another phase": ("wrong-value", {"status.json": status(current_phase="specification")}),
    "a time that is none": ("wrong-value", {"status.json": status(last_updated="$(date -u)")}),
    "a time that is a number": ("wrong-type", {"status.json": status(last_updated=20260115)}),
    "no time": ("missing-key", {"status.json": '{"status": "active", "current_phase": "spec"}'}),
    "no JSON": ("syntax", {"status.json": "{status: active}"}),
    "JSON with a byte order mark": ("syntax", {"status.json": "\ufeff" + status()}),
    "six repositories": ("repositories", {"spec.md": front(*(repository(name=f"r{n}") for n in range(6)))}),
    "a name twice": ("repositories", {"spec.md": front(REPOSITORY, REPOSITORY)}),
    "a name with a space": ("repositories", {"spec.md": front(repository(name="a b"))}),
    "a name that YAML 1.1 read as true": ("repositories", {"spec.md": front(raw="[{name: on, url: x, role: y}]")}),
    "an address of SSH": ("repositories", {"spec.md": front(repository(url="git@github.com:acme/todo"))}),
    "an address of http": ("repositories", {"spec.md": front(repository(url="http://github.com/acme/todo"))}),
    "another host": ("repositories", {"spec.md": front(repository(url="https://git.acme.org/acme/todo"))}),
    "two owners": (
        "repositories",
        {"spec.md": front(REPOSITORY, repository(name="web", url="https://github.com/Acme/web"))},
    ),
    "an empty role": ("repositories", {"spec.md": front(repository(role=" "))}),
    "repositories: null": ("repositories", {"spec.md": front(raw="null")}),
    "tasks that wait for each other": ("dependency-cycle", {"tasks.md": chain(3) + CLOSING}),
}

WARNED: dict[str, tuple[str, dict[str, str]]] = {
    "a heading in a fence": ("hidden-heading", {"spec.md": SPEC_TEXT.replace("## Goal", "```\n## Goal\n```")}),
    "a heading in a comment": ("hidden-heading", {"spec.md": SPEC_TEXT.replace("## Goal", "<!--\n## Goal\n-->")}),
    "an empty section": ("empty-section", {"spec.md": SPEC_TEXT.replace("Words.", "", 1)}),
    "a placeholder": ("placeholder", {"tasks.md": "- [ ] Task: ...\n"}),
    "a key twice": ("duplicate-key", {"status.json": status()[:-1] + ', "status": "blocked", "blocked_reason": "x"}'}),
    "front matter that is no YAML": ("syntax", {"spec.md": f"---\nrepositories: [a: b: c\n---\n{SPEC_TEXT}"}),
    "front matter that is text": ("wrong-type", {"spec.md": f"---\nonly words\n---\n{SPEC_TEXT}"}),
    "front matter that is a list": ("wrong-type", {"spec.md": f"---\n- a\n---\n{SPEC_TEXT}"}),
    "front matter after an empty line": ("not-read", {"spec.md": "\n" + front(REPOSITORY)}),
    "front matter after a byte order mark": ("not-read", {"spec.md": "\ufeff" + front(REPOSITORY)}),
    "an address twice": ("duplicate-url", {"spec.md": front(REPOSITORY, repository(name="web"))}),
    "no repository": ("repositories", {"spec.md": front(raw="[]")}),
    "completed with open tasks": (
        "open-tasks",
        {"tasks.md": "- [ ] Agree it\n", "status.json": status(status="completed")},
    ),
    "a reference to nowhere": ("unknown-reference", {"spec.md": front(REPOSITORY), "plan.md": "[a](wep:b.md)\n"}),
    "blocked without a reason": ("no-reason", {"status.json": status(status="blocked")}),
    "half a character in a note": ("half-character", {"status.json": status()[:-1] + ', "notes": "\\ud800"}'}),
    "a dependency in no form": (
        "invalid-dependency",
        {"tasks.md": "- [ ] Task: a\n  - Dependencies:\n    - the API\n"},
    ),
    "a tasks.yml": ("not-read", {"tasks.yml": "tasks: []\n"}),
}

CRASHED: dict[str, tuple[str, dict[str, str]]] = {
    **{f"status.json is {text}": ("wrong-type", {"status.json": text}) for text in ("5", "true", "null")},
    "status.json is a list of the keys": ("wrong-type", {"status.json": json.dumps(list(STATUS))}),
    "status.json is a text with the keys": ("wrong-type", {"status.json": json.dumps(" ".join(STATUS))}),
    "half a character in the status": ("half-character", {"status.json": status().replace("active", "\\ud800")}),
    "front matter is a number": ("wrong-type", {"spec.md": f"---\n12\n---\n{SPEC_TEXT}"}),
    "front matter is true": ("wrong-type", {"spec.md": f"---\ntrue\n---\n{SPEC_TEXT}"}),
    "front matter is a text that says repositories": (
        "wrong-type",
        {"spec.md": f"---\nno repositories\n---\n{SPEC_TEXT}"},
    ),
    "front matter is a list with repositories": ("wrong-type", {"spec.md": f"---\n- repositories\n---\n{SPEC_TEXT}"}),
    "front matter of 5,000 levels": ("too-deep", {"spec.md": f"---\na: {'[' * 5000}{']' * 5000}\n---\n{SPEC_TEXT}"}),
    **{
        f"front matter with {tag} {text}": ("wrong-value", {"spec.md": f"---\na:\n  b: {tag} {text}\n---\n{SPEC_TEXT}"})
        for tag, text in (("!!int", "''"), ("!!float", "x"), ("!!bool", "maybe"), ("!!timestamp", "soon"))
    },
    "front matter with a day that is none": ("wrong-value", {"spec.md": f"---\ndue: 2026-02-30\n---\n{SPEC_TEXT}"}),
}


def found(root: Path, changes: Mapping[str, str | None]) -> tuple[list[Diagnostic], bool]:
    """What the check says of the project with these changes, and whether it passed the validators of its days."""
    folder = root / "specs" / "projects" / "todo"
    folder.mkdir(parents=True)
    (root / "specs" / "constitution.md").write_text("# Principles\n", encoding="utf-8")
    files = {name: text.encode() for name, text in {**FINE, **changes}.items() if text is not None}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(check_tree(root).diagnostics), passed(files)


def codes(diagnostics: list[Diagnostic], severity: str) -> set[str]:
    return {each.code for each in diagnostics if each.severity == severity}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str, tmp_path: Path) -> None:
    diagnostics, did_pass = found(tmp_path, ACCEPTED[name])
    assert did_pass
    assert diagnostics == []


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    code, changes = REFUSED[name]
    diagnostics, did_pass = found(tmp_path, changes)
    assert not did_pass
    assert codes(diagnostics, "error") == {code}


@pytest.mark.parametrize("name", WARNED)
def test_warned_of_and_accepted(name: str, tmp_path: Path) -> None:
    code, changes = WARNED[name]
    diagnostics, did_pass = found(tmp_path, changes)
    assert did_pass
    assert (codes(diagnostics, "error"), codes(diagnostics, "warning")) == (set(), {code})


@pytest.mark.parametrize("name", CRASHED)
def test_what_ended_with_a_traceback_is_an_error_at_its_place(name: str, tmp_path: Path) -> None:
    code, changes = CRASHED[name]
    diagnostics, did_pass = found(tmp_path, changes)
    assert not did_pass
    assert code in codes(diagnostics, "error") | codes(diagnostics, "warning")
    assert codes(diagnostics, "error")


@pytest.mark.parametrize("value", ["!!timestamp soon", "2026-02-30", "!!bool maybe"])
def test_a_value_that_is_none_of_its_tag_is_refused_at_its_place(value: str, tmp_path: Path) -> None:
    diagnostics, did_pass = found(tmp_path, {"spec.md": f"---\na:\n  b: {value}\n---\n{SPEC_TEXT}"})
    assert [(d.code, d.span.line, d.span.column) for d in diagnostics] == [("wrong-value", 3, 6)]
    assert not did_pass


def test_a_folder_that_holds_nothing_is_refused_as_it_was(tmp_path: Path) -> None:
    found(tmp_path, {})
    for name, file in (("empty", ""), ("kept", ".gitkeep"), ("drawn", "logo.svg"), ("_later", ""), ("tests", "")):
        folder = tmp_path / "specs" / "projects" / name
        folder.mkdir()
        if file:
            (folder / file).write_text("", encoding="utf-8")
    refused = [(d.code, d.path) for d in check_tree(tmp_path).diagnostics if d.severity == "error"]
    assert refused == [("missing-file", f"specs/projects/{name}") for name in ("drawn", "empty", "kept")]


@pytest.mark.parametrize(("listed", "severity"), [(False, "warning"), (True, "error")])
def test_a_file_that_was_never_read_is_warned_of(listed: bool, severity: str, tmp_path: Path) -> None:
    found(tmp_path, {"spec.md": front(REPOSITORY)} if listed else {})
    (tmp_path / "specs/projects/todo/notes.md").write_bytes(b"# \xff\n")
    (told,) = check_tree(tmp_path).diagnostics
    assert (told.code, told.severity, told.span.column) == ("unreadable", severity, 3)


@pytest.mark.parametrize("name", ["tasks.md", "spec.md", "plan.md"])
def test_utf_16_and_folders_are_named_and_nothing_ends(name: str, tmp_path: Path) -> None:
    found(tmp_path, {})
    path = tmp_path / "specs" / "projects" / "todo" / name
    path.write_text("# Words\n", encoding="utf-16")
    assert [(d.code, d.path) for d in check_tree(tmp_path).diagnostics] == [
        ("unreadable", f"specs/projects/todo/{name}")
    ]
    path.unlink()
    path.mkdir()
    assert [(d.code, d.path) for d in check_tree(tmp_path).diagnostics] == [
        ("unreadable", f"specs/projects/todo/{name}")
    ]


@pytest.mark.parametrize("name", ["_archive", "test", "tests", "test-project", "pause-resume-demo", ".hidden"])
def test_folders_that_were_never_checked_are_not(name: str, tmp_path: Path) -> None:
    found(tmp_path, {})
    folder = tmp_path / "specs" / "projects" / name
    folder.mkdir()
    (folder / "spec.md").write_text("# Nothing of it\n", encoding="utf-8")
    assert check_tree(tmp_path).diagnostics == ()


def test_a_repository_may_name_other_folders_that_are_not_checked(tmp_path: Path) -> None:
    found(tmp_path, {})
    for name in ("tests", "playground"):
        folder = tmp_path / "specs" / "projects" / name
        folder.mkdir()
        (folder / "spec.md").write_text("# Nothing of it\n", encoding="utf-8")
    (tmp_path / ".github").mkdir(exist_ok=True)
    (tmp_path / ".github" / "kerrigan.yml").write_text("check: {unchecked: [playground]}\n", encoding="utf-8")
    assert {d.path.split("/")[2] for d in check_tree(tmp_path).diagnostics} == {"tests"}


def test_a_constitution_is_asked_for_where_such_projects_are(tmp_path: Path) -> None:
    found(tmp_path, {})
    (tmp_path / "specs" / "constitution.md").unlink()
    assert [(d.code, d.path) for d in check_tree(tmp_path).diagnostics] == [("missing-file", "specs/constitution.md")]


def named() -> set[str]:
    """The rules that the page's tables name, in their last column."""
    rows = [line.split("|")[-2] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {word.strip("` ") for cell in rows for word in cell.split(",")} - {"rule"}


def test_the_page_names_the_rule_of_every_difference_and_no_other() -> None:
    assert {code for code, _ in (*WARNED.values(), *CRASHED.values())} - named() == set()
    assert named() - set(NAMES) == set()
