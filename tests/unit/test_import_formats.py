"""Each format's sample: which tasks come out of it, what waits for what, and that nothing of it is lost in silence."""

import re
from pathlib import Path

import pytest

from kerrigan.load.foreign.assemble import assemble, none
from kerrigan.load.foreign.formats import FORMATS
from kerrigan.load.tree import load_tree
from kerrigan.model.imported import Imported, ImportedTask
from kerrigan.report.tasks.tasks_yml import tasks_yml

SAMPLES = Path(__file__).parents[1] / "data" / "import"
FORMAT_OF = {path.name: "kerrigan-md" if "dialect" in path.name else path.name for path in SAMPLES.iterdir()}

WAITS: dict[str, dict[str, list[str]]] = {
    "dialect-a": {
        "read-the-harbour-s-table": [],
        "notice-what-changed": [
            "read-the-harbour-s-table",
            "#42",
            "~acme/pier#7",
            "external:pier:#9",
            "external:the harbour agrees",
        ],
    },
    "dialect-b": {
        "show-today-s-departures": [],
        "show-a-whole-week": ["show-today-s-departures", "external:the table is public"],
    },
    "dialect-c": {"ring-before-departure": [], "let-people-choose-the-minutes": ["#1", "#2"]},
    "dialect-d": {"task-1-1": [], "task-1-2": ["task-1-1"]},
    "dialect-e": {
        "print-a-ticket": [],
        "sell-a-return-ticket": [],
        "agree-the-price": [],
        "phase-1-money": ["count-coins", "give-change"],
        "count-coins": [],
        "give-change": [],
        "phase-1-money-2": [],
    },
    "spec-kit": {
        "t001": [],
        "t002": [],
        "t003": ["t001", "t002"],
        "t004": ["t001", "t002"],
        "t005": ["t003", "t004"],
        "t006": ["t003", "t004"],
        "t007": ["t005", "t006"],
        "t008": ["t003", "t004"],
        "t008a": ["t008"],
        "t009": ["t007", "t004", "t008a"],
    },
    "spec-kitty": {"wp01": [], "wp02": ["wp01"], "wp03": ["wp01", "wp02"]},
    "task-master": {
        "task-1": ["task-1-1", "task-1-2"],
        "task-1-1": [],
        "task-1-2": ["task-1-1"],
        "task-2": ["task-1", "task-2-1", "task-2-2"],
        "task-2-1": ["task-1"],
        "task-2-2": ["task-2-1"],
        "winter-1": ["winter-2"],
        "winter-2": [],
    },
    "beads": {
        "ferry-a1": ["ferry-0", "ferry-a1-1", "ferry-a1-2"],
        "ferry-a1-1": ["ferry-0"],
        "ferry-a1-2": ["ferry-a1-1"],
        "ferry-0": [],
    },
    "codemaestro": {"task-6-1": [], "task-6-2": ["task-6-1"], "task-3-5-1": ["task-6-1", "task-6-2"]},
}
FINISHED = {
    "dialect-a": ["read-the-harbour-s-table"],
    "dialect-b": ["show-today-s-departures"],
    "dialect-c": [],
    "dialect-d": ["task-1-1"],
    "dialect-e": ["agree-the-price", "count-coins"],
    "spec-kit": ["t001", "t002"],
    "spec-kitty": ["wp01"],
    "task-master": ["task-1", "task-1-1", "task-1-2"],
    "beads": ["ferry-0"],
    "codemaestro": ["task-6-1"],
}


def texts(sample: str) -> dict[str, str]:
    folder = SAMPLES / sample
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def main_file(sample: str) -> str:
    return next(place for place in FORMATS[FORMAT_OF[sample]].places if place in texts(sample))


def imported(sample: str) -> Imported:
    return assemble(FORMATS[FORMAT_OF[sample]].read(main_file(sample), texts(sample)), "swe", leave_out=none)


def task(sample: str, name: str) -> ImportedTask:
    return next(task for task in imported(sample).tasks if task.id == name)


def remarks(sample: str, code: str) -> list[str]:
    return [f"{d.path}:{d.span.line} {d.message}" for d in imported(sample).lost if d.code == code]


def test_every_format_has_a_sample() -> None:
    assert set(FORMAT_OF.values()) == set(FORMATS)
    assert set(FORMAT_OF) == set(WAITS) == set(FINISHED)


@pytest.mark.parametrize("sample", WAITS)
def test_what_waits_for_what_and_what_is_finished(sample: str) -> None:
    found = imported(sample)
    assert {task.id: list(task.depends_on) for task in found.tasks} == WAITS[sample]
    assert list(found.finished) == FINISHED[sample]


@pytest.mark.parametrize("sample", WAITS)
def test_what_is_written_reads_as_the_same_graph(sample: str) -> None:
    found = imported(sample)
    home = "specs/projects/ferry"
    tree = load_tree({f"{home}/tasks.yml": tasks_yml(found.tasks, ""), f"{home}/spec.md": found.spec}, "acme/ferry")
    (project,) = tree.projects
    read = {t.name: sorted(("~" if d.soft else "") + d.text for d in t.depends_on) for t in project.tasks.values()}
    assert read == {name: sorted(needs) for name, needs in WAITS[sample].items()}


@pytest.mark.parametrize("sample", WAITS)
def test_finished_tasks_are_left_out_and_each_is_named(sample: str) -> None:
    source = FORMATS[FORMAT_OF[sample]].read(main_file(sample), texts(sample))
    found = assemble(source, "swe")
    done = FINISHED[sample]
    waits = {name: [on for on in needs if on not in done] for name, needs in WAITS[sample].items() if name not in done}
    assert {task.id: list(task.depends_on) for task in found.tasks} == waits
    told = [(d.message, [r.message for r in d.related]) for d in found.lost if d.code == "finished"]
    named = {name for name in done if any(f"({name}" in message or name in others for message, others in told)}
    assert named == set(done)


@pytest.mark.parametrize("sample", WAITS)
def test_every_word_of_the_source_is_carried_over_or_is_told_about(sample: str) -> None:
    found = imported(sample)
    written = _words(tasks_yml(found.tasks, "") + found.spec + " ".join(d.message for d in found.lost))
    told = {(d.path, d.span.line) for d in found.lost} | {(r.path, r.span.line) for d in found.lost for r in d.related}
    begun = {(d.path, d.span.line) for d in found.lost if d.message.endswith("no task was made of it")}
    whole = {d.path for d in found.lost if d.message.startswith(("the file", "all but"))}
    missing = []
    for path, text in texts(sample).items():
        in_told_section = False
        for number, line in enumerate(text.splitlines(), 1):
            is_heading = re.match(r"#{1,6} |-{3}$", line) is not None
            in_told_section = (in_told_section and not is_heading) or (path, number) in begun or path in whole
            # What stands below a key that was told is told with it.
            if (path, number - 1) in told and line.startswith((" ", "- ")) and ": " in line:
                told.add((path, number))
            lost = _words(line) - written - STRUCTURE
            if lost and not in_told_section and (path, number) not in told:
                missing.append(f"{path}:{number} {sorted(lost)}")
    assert missing == []


STRUCTURE = frozenset(
    (
        *("task", "tasks", "when", "done", "dependencies", "none", "nothing", "else", "criteria", "acceptance"),
        *(
            "complete",
            "completed",
            "title",
            "subtasks",
            "status",
            "pending",
            "open",
            "issue_id",
            "depends_on_id",
            "blocks",
            "type",
        ),
        *("parent", "child", "description", "acceptance_criteria", "issue_type", "teststrategy", "close_reason"),
        *("owned_files", "work_package_id", "depends", "work_packages", "friendly_name", "mission_slug", "lane"),
        *(
            "master",
            "comments",
            "author",
            "text",
            "package",
            "auto",
            "issue",
            "blocked",
            "effort",
            "repository",
            "outcome",
            "phase",
        ),
        *("work", "packages", "false", "true", "specification", "feature", "planned", "approved", "current"),
    )
)
"""Words that only say how a format is built: keys, labels, and what an empty list is called."""


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9_]{4,}", text.lower().replace("-", " ")) if not word.isdigit()}


def test_fields_of_the_old_dialects() -> None:
    assert task("dialect-a", "read-the-harbour-s-table").acceptance == (
        "all 40 departures are read, and the winter ones are left out",
    )
    assert task("dialect-a", "notice-what-changed").milestone == "Milestone 1: Data"
    assert "pier:#9 (their new table)" in task("dialect-a", "notice-what-changed").description
    assert "#50 (the app)" in task("dialect-a", "notice-what-changed").description
    ring = task("dialect-c", "ring-before-departure")
    assert (ring.role, ring.acceptance) == ("design", ("It rings once", "It says which ferry: by name"))
    assert "label: priority:high" in ring.description
    colours = task("dialect-d", "task-1-1")
    assert (colours.role, colours.acceptance) == ("design", ("Sea and land differ", "Harbours stand out"))
    assert "`map/colours.yaml`" in colours.description


def test_a_repository_that_the_spec_does_not_list_is_told_and_stays_in_the_description() -> None:
    assert task("dialect-b", "show-a-whole-week").repository == ""
    assert "Repository: web" in task("dialect-b", "show-a-whole-week").description
    assert any("'web'" in remark for remark in remarks("dialect-b", "changed"))


def test_fields_of_spec_kitty() -> None:
    listen = task("spec-kitty", "wp01")
    assert (listen.role, listen.milestone, listen.paths) == ("swe", "Phase 0 - Ears", ("src/radio/**",))
    assert listen.acceptance == ("A call is heard.",)
    assert "spec-kitty implement WP01" in listen.description
    assert "Imported from tasks/WP01-listen.md:2, WP01." in listen.description
    assert remarks("spec-kitty", "path") == [
        "tasks/WP01-listen.md:2 the path '/etc/radio' (wp01): expected a path from the repository's root, "
        "with '/' and without '..'"
    ]
    assert any(
        remark.startswith("tasks.md:23 ") and "WP09" in remark for remark in remarks("spec-kitty", "unknown-dependency")
    )


def test_fields_of_the_json_formats() -> None:
    first = task("task-master", "task-1")
    assert first.acceptance == ("It starts", "It stops")
    assert "- one\n- two" in first.description
    assert task("task-master", "winter-1").milestone == "winter"
    price = task("beads", "ferry-a1-1")
    assert price.acceptance == ("whole cents", "no rounding")
    assert "labels: money" in price.description
    assert "discovered-from: ferry-0" in task("beads", "ferry-a1-2").description
    assert any("issues.jsonl:6" in remark for remark in remarks("beads", "not-carried"))
    assert task("codemaestro", "task-6-2").role == "testing"
    assert task("codemaestro", "task-6-2").acceptance == ("Every message is tested",)


def test_a_title_and_the_spec_come_along() -> None:
    assert "Somebody on board" in imported("spec-kit").spec
    assert imported("spec-kitty").project == "007-ferry-radio"
    assert imported("codemaestro").spec.startswith("---\nkerrigan: 7\n---\n# Imported tasks\n\n")
