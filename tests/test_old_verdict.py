"""`kerrigan check` passes a project of Milestones 1 to 6 exactly where its validators did, whatever is done to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.apply.checks.run import check_tree
from kerrigan.model.checks.source import Diagnostic
from tests.old_verdict import ARCHITECTURE, NEEDED, SPEC, passed

FINE: dict[str, str] = {name: f"# {name}\n\nText.\n" for name in NEEDED}
FINE["spec.md"] = "# Todo\n\n" + "".join(f"## {heading}\n\nWords.\n\n" for heading in SPEC)
FINE["architecture.md"] = "".join(f"## {heading}\n\nWords.\n\n" for heading in ARCHITECTURE)
STATUS = {"status": "active", "current_phase": "spec", "last_updated": "2026-01-15"}
REPOSITORY = {"name": "api", "url": "https://github.com/acme/todo-api", "role": "backend"}

NAMES = [*NEEDED, "runbook.md", "cost-plan.md", "status.json"]
ODD = [
    None, True, 0, 5, -1.5, "", " ", "on", "no", "12", "1_000", "0x1f", "2026-01-15", "2026-02-30", "1e3",
    "<<", "=", "~", "ä", "a b", "a\n", "api", [], ["status", "current_phase", "last_updated"], {}, {"a": 1},
]  # fmt: skip
URLS = ["https://github.com/acme/todo-api", "https://github.com/acme/web.git", "https://github.com/acme/web/",
        "https://github.com/Acme/web", "http://github.com/acme/web", "git@github.com:acme/web", "https://github.com/acme",
        "https://github.com/a/b c", "https://github.com/a/b?y=1", "https://www.github.com/acme/web"]  # fmt: skip
TIMES = ["2026-01-15", "2026-01-15 10:00", "20260115T100000Z", "2026-W03-4", "2026-01-15T10:00:00+02:00", "9999-12-31",
         "2026-01-15t10:00:00z", "2026-02-30", "$(date -u)", "2026-01-15T10:00:00.123Z", "Z", "10:00"]  # fmt: skip
HEADINGS = [
    "# {}", "###### {}", "##  {}", "##\t{}", "##\u00a0{}", "##\n{}", "## {}  ", "```\n## {}\n```",
    "<!--\n## {}\n-->", "## {}:", "## **{}**", "## 1. {}", "## {} ##", " ## {}", "##{}", "> ## {}", "{}\n====",
    "####### {}", "## {}\f", "# x\n{}", "##\n\n\n{}\n\n\nmore", "## {}\v",
]  # fmt: skip
FRONTS = [
    "12", "0", "true", "on", "[]", "[repositories]", "repositories", "only words", "a: [", "a: b: c",
    "repositories:", "repositories: []", "repositories: {}", "repositories: api", "2026-01-15", "2026-02-30",
    "{}", "...", "a: *b", "kind: {role: deployment}", "? [a]\n: b", "repositories:\n- api",
    "[repositories, 1]", "{repositories: }", "repositories: &a [*a]", "!!str repositories", "a: \t1",
    "# repositories", "'repositories'",
    "a: !!int ''", "a: !!int x", "a: !!float x", "a: !!bool maybe", "a: !!timestamp x", "a: !x y", "!!set {a}",
    "a: [b, {c: !!timestamp 2026-02-30}]", "a: !!int '012'", "2026-02-30: b", "a: !!binary ä",
    "a: &a [*a]", "a: " + "[" * 9_000 + "]" * 9_000, "repositories: " + "[" * 9_000,
]  # fmt: skip
FRAMES = [
    "---\n{}\n---\n", "---  \n{}\n---\t\n", "\n---\n{}\n---\n", "\ufeff---\n{}\n---\n", "---\n{}\n...\n",
    "---\n\n\n{}\n---\n\n\n", "---\n{}\n", "----\n{}\n---\n", "---\n{}\n---", " ---\n{}\n---\n",
    "---\n{}\n --- \n", "--- #\n{}\n---\n",
]  # fmt: skip
ENTRIES = [
    "#1", "#2", "#3", "#03", "~#1", "~ #2", "o/r#1", "o.x/r#1", "api:#3", "external:b", "#1 (why)",
    "#2 (a) (b)", "a", "#1()", "()", "external: b ", "#1 x",
]  # fmt: skip
BULLETS = [
    "  - Done when: x", "  - Blocks:", "Dependencies:", "- [x] Task: #9", "- Dependencies: #1", "```", "",
    "  - Dependencies:\r", "* [ ] Task: #1",
]  # fmt: skip
TITLES = ["a", "b #1", "#2", "c #3 and #1", "external:b", "api:#3", "a  "]


def entry() -> st.SearchStrategy[Any]:
    whole = st.fixed_dictionaries(
        {}, optional={"name": st.sampled_from(["api", "web", *ODD]), "url": st.sampled_from([*URLS, *ODD]),
                      "role": st.sampled_from(["backend", "deployment", *ODD]), "depends_on": st.just(["x"])}
    )  # fmt: skip
    return st.one_of(st.builds(lambda odd: REPOSITORY | odd, whole), whole, st.sampled_from(ODD))


def plainly(value: object) -> str:
    """A value as YAML that leaves its words without quotes, so that they are what the reader takes them for."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plainly(below)}" for key, below in value.items()) + "}"
    return value if isinstance(value, str) and value.isprintable() and value.strip() else json.dumps(value)


@st.composite
def fronts(draw: st.DrawFn) -> str:
    fine = st.builds(lambda name: REPOSITORY | {"name": name}, st.sampled_from(["api", "web", "db", "a_b", "X"]))
    some = st.lists(fine, max_size=6, unique_by=lambda each: each["name"])
    listed = draw(some) + draw(st.lists(entry(), max_size=1))
    is_plain = draw(st.booleans())
    lines = (f"  - {plainly(each) if is_plain else json.dumps(each)}\n" for each in listed)
    made = "repositories:\n" + "".join(lines)
    frame = draw(st.one_of(st.just(FRAMES[0]), st.sampled_from(FRAMES)))
    return frame.format(draw(st.one_of(st.just(made), st.sampled_from(FRONTS))))


@st.composite
def tasks(draw: st.DrawFn) -> str:
    bullets = [*("  - " + entry for entry in ENTRIES), *BULLETS]
    lines = [f"- [ ] Task: {draw(st.sampled_from(TITLES))}"]
    for _ in range(draw(st.integers(0, 4))):
        lines += ["  - Dependencies:", *draw(st.lists(st.sampled_from(bullets), max_size=3))]
        lines.append(f"-[ ]  Task:{draw(st.sampled_from(TITLES))}")
    return "\n".join(lines)


@st.composite
def statuses(draw: st.DrawFn) -> str:
    keys = {key: st.sampled_from([value, *ODD]) for key, value in STATUS.items()}
    keys["last_updated"] = st.sampled_from([*TIMES, *ODD])
    made = draw(st.fixed_dictionaries({}, optional={**keys, "blocked_reason": st.sampled_from(ODD)}))
    fine = STATUS | draw(st.fixed_dictionaries({}, optional=keys))
    texts = [json.dumps(made), json.dumps(fine), json.dumps(STATUS)[:-1] + f', "notes": {json.dumps(fine)}}}',
             json.dumps(STATUS)[:-1] + ', "status": "blocked"}']  # fmt: skip
    odd = ["", "5", "null", "true", "[]", '"status current_phase last_updated"', "{", "\ufeff" + json.dumps(fine),
           json.dumps(list(STATUS)), json.dumps(STATUS)[:-1] + ', "notes": "\\ud800"}',
           json.dumps(STATUS).replace("active", "\\ud800")]  # fmt: skip
    return draw(st.one_of(st.sampled_from(texts), st.sampled_from(odd)))


@st.composite
def projects(draw: st.DrawFn) -> dict[str, bytes]:
    """A project in which one or two things are not as usual; each alone may be enough to fail it."""
    files = dict(FINE)
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=2)):
        change(draw, files)
    if draw(st.integers(0, 9)) == 9:
        del files[draw(st.sampled_from(sorted(files)))]
    ending = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    return {name: text.replace("\n", ending).encode(errors="surrogateescape") for name, text in files.items()}


def _heading(draw: st.DrawFn, files: dict[str, str]) -> None:
    file, headings = draw(st.sampled_from([("spec.md", SPEC), ("architecture.md", ARCHITECTURE)]))
    heading, form = draw(st.sampled_from(headings)), draw(st.sampled_from(HEADINGS))
    said = draw(st.sampled_from([heading, heading, heading, heading.lower()]))
    files[file] = files[file].replace(f"## {heading}\n", form.format(said) + "\n")


def _front(draw: st.DrawFn, files: dict[str, str]) -> None:
    files["spec.md"] = draw(fronts()) + files["spec.md"]
    if draw(st.booleans()):
        files |= {"runbook.md": "# N/A\n", "cost-plan.md": "# N/A\n"}


def _deployable(draw: st.DrawFn, files: dict[str, str]) -> None:
    files["spec.md"] += draw(st.sampled_from(["", "DEPLOYment is no goal\n", "at run time\n", "Runtime\n"]))
    files |= dict.fromkeys(draw(st.sets(st.sampled_from(["runbook.md", "cost-plan.md"]))), "# N/A\n")


def _status(draw: st.DrawFn, files: dict[str, str]) -> None:
    files["status.json"] = draw(statuses())


def _tasks(draw: st.DrawFn, files: dict[str, str]) -> None:
    files["tasks.md"] = draw(tasks())


def _bytes(draw: st.DrawFn, files: dict[str, str]) -> None:
    # A byte that is no UTF-8, in a file that was read, or was not.
    files[draw(st.sampled_from(["notes.md", "plan.md", "test-plan.md", "tasks.md", "notes.txt"]))] = "# \udcff\n"


CHANGES = [_heading, _front, _front, _deployable, _status, _status, _tasks, _bytes]


def found(root: Path, files: dict[str, bytes]) -> list[Diagnostic]:
    folder = root / "specs" / "projects" / "todo"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "specs" / "constitution.md").write_text("# Principles\n", encoding="utf-8")
    for stale in folder.iterdir():
        stale.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(check_tree(root).diagnostics)


def fails(diagnostics: list[Diagnostic]) -> bool:
    return any(each.severity == "error" for each in diagnostics)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("old")


@given(files=projects())
@settings(max_examples=400)
def test_the_verdict_is_the_one_that_it_was(root: Path, files: dict[str, bytes]) -> None:
    diagnostics = found(root, files)
    assert fails(diagnostics) is not passed(files), [
        f"{d.path} {d.message}" for d in diagnostics if d.severity == "error"
    ]


@pytest.mark.parametrize("url", ["https://github.com/acme/api?x=1", "https://github.com/acme/api"])
def test_a_mark_that_only_newer_readers_of_yaml_take_hides_the_front_matter_as_it_did(root: Path, url: str) -> None:
    front = f"---\nrepositories:\n  - {{name: api, url: {url}, role: null}}\n---\n"
    files = {name: text.encode() for name, text in FINE.items()}
    files["spec.md"] = front.encode() + files["spec.md"]
    assert fails(found(root, files)) is not passed(files)
    assert passed(files) is ("?" in url)
