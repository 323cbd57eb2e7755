"""Whatever stands in a source: no traceback, and what is written passes the check and reads as what was imported."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.check import run
from kerrigan.files import shipped
from kerrigan.load.documents import parse_yaml
from kerrigan.load.foreign import beads, codemaestro, task_master
from kerrigan.load.foreign.assemble import assemble, done_in, finished, none
from kerrigan.load.foreign.formats import FORMATS
from kerrigan.load.tree import load_tree
from kerrigan.model.checks.source import Span
from kerrigan.model.imported import Imported, ImportedTask, SourceTask
from kerrigan.report.tasks.tasks_yml import tasks_yml
from tests.unit.test_import_formats import FORMAT_OF, main_file, texts

HOME = "specs/projects/ferry"
SCHEMAS: dict[str, Any] = {
    name: json.loads((shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("spec", "tasks", "kerrigan", "status")
}
ODD = (
    "\0",
    "\t",
    "\r\n",
    "\u2028",
    "\ufeff",
    "- [ ] ",
    "#",
    "---\n",
    "```",
    "<!--",
    "{",
    "]",
    '"',
    ": ",
    "~",
    "WP01",
    "T001",
)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=80)


def _nest(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["tasks", "subtasks", "id", "title", "dependencies", "status", "depends_on_id", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4)


def errors_of(found: Imported) -> list[str]:
    """The check's errors about what an import writes, circles of the source aside."""
    written = {
        f"{HOME}/tasks.yml": tasks_yml(found.tasks, ""),
        f"{HOME}/spec.md": found.spec,
    }
    diagnostics = run(load_tree(written, "acme/ferry"), SCHEMAS)
    return [
        f"{d.path}:{d.span.line} {d.message}"
        for d in diagnostics
        if d.severity == "error" and d.code != "dependency-cycle"
    ]


def mutated(text: str, seed: int) -> str:
    """The same text with some pieces cut, doubled, swapped or made odd."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        to = min(to, at + 60)
        middle = chance.choice(["", text[at:to] * 2, text[at:to][::-1], chance.choice(ODD), chance.choice(ODD) * 9])
        text = text[:at] + middle + text[to:]
    return text


@pytest.mark.parametrize("sample", FORMAT_OF)
@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_a_mutated_source_is_refused_at_a_place_or_passes_the_check(sample: str, seed: int) -> None:
    broken = {path: mutated(text, seed + len(path)) for path, text in texts(sample).items()}
    source = FORMATS[FORMAT_OF[sample]].read(main_file(sample), broken)
    assert all(d.span.line >= 1 for d in source.remarks)
    if not any(d.severity == "error" for d in source.remarks):
        assert done_in(source) == assemble(source, "swe").finished
        for leave_out in (none, finished):
            assert errors_of(assemble(source, "swe", leave_out=leave_out)) == []


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=15)
@given(text=st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), _nest).map(json.dumps))
def test_any_text_at_all_is_refused_at_a_place_or_passes_the_check(form: str, text: str) -> None:
    source = FORMATS[form].read("main", {"main": text})
    if not any(d.severity == "error" for d in source.remarks):
        assert errors_of(assemble(source, "swe")) == []


@given(ANY_TEXT, ANY_TEXT, st.lists(ANY_TEXT, max_size=3))
def test_what_is_written_reads_as_it_was(title: str, description: str, acceptance: list[str]) -> None:
    task = ImportedTask(
        id="a",
        title=title,
        role="swe",
        source=SourceTask(title, "tasks", Span()),
        depends_on=("a-b", "external:1, 2", "#4"),
        acceptance=tuple(acceptance),
        description=description,
    )
    document = parse_yaml("tasks.yml", tasks_yml([task, task], "# a comment\n"))
    assert document.diagnostics == ()
    expected = {"id": "a", "title": title, "role": "swe", "depends_on": ["a-b", "external:1, 2", "#4"]}
    expected |= {key: value for key, value in (("acceptance", acceptance), ("description", description)) if value}
    assert document.data == {"kerrigan": 7, "tasks": [expected, expected]}


@pytest.mark.parametrize(
    ("form", "text"), [("task-master", "[" * 5000), ("beads", '{"a":' * 5000), ("codemaestro", "[" * 5000)]
)
def test_nesting_without_end_is_one_error(form: str, text: str) -> None:
    (error,) = FORMATS[form].read("main", {"main": text}).remarks
    assert (error.severity, error.code) == ("error", "too-deep")


WORD = st.text("abcdefghij", min_size=4, max_size=9).map(lambda text: f"z{text}z")
VALUE = WORD | st.lists(WORD, max_size=3)
KEYS = {
    "task-master": task_master,
    "beads": beads,
    "codemaestro": codemaestro,
}


@pytest.mark.parametrize("form", KEYS)
@settings(max_examples=30)
@given(data=st.data())
def test_every_value_of_a_record_is_carried_over_or_its_key_is_told(form: str, data: st.DataObject) -> None:
    carried = [key for key in KEYS[form]._CARRIED if key not in ("id", "_type")]
    record = data.draw(st.dictionaries(st.sampled_from([*carried, "elsewhere", "branch", "created_at"]), VALUE))
    record["id"] = "one"
    whole = {"beads": record, "task-master": {"tasks": [record]}, "codemaestro": {"subtasks": [record]}}[form]
    found = assemble(FORMATS[form].read("main", {"main": json.dumps(whole)}), "swe", leave_out=none)
    told = "\n".join(d.message for d in found.lost)
    written = tasks_yml(found.tasks, "") + told
    for key, value in record.items():
        missing = [word for word in ([value] if isinstance(value, str) else value) if word not in written]
        assert not missing or f"'{key}'" in told, (key, value)
