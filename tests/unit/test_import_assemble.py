"""From tasks of another tool to tasks that pass the check: ids, circles, and what does not fit as it is."""

from kerrigan.load.foreign import spec_kit
from kerrigan.load.foreign.assemble import assemble, none
from kerrigan.load.foreign.edges import circling
from kerrigan.model.checks.source import Span
from kerrigan.model.imported import Imported, Need, NeedKind, Source, SourceTask


def task(
    name: str, *needs: str, parent: str = "", title: str = "", status: str = "", description: str = ""
) -> SourceTask:
    found = tuple(Need(need) for need in needs)
    title = title or name or "A title"
    span = Span(len(name) + 1)
    return SourceTask(title, "tasks", span, name, parent, needs=found, status=status, description=description)


def made(*tasks: SourceTask) -> Imported:
    return assemble(Source(tasks), "swe", leave_out=none)


def waits(found: Imported) -> dict[str, tuple[str, ...]]:
    return {task.id: task.depends_on for task in found.tasks}


def codes(found: Imported) -> list[str]:
    return [d.code for d in found.lost if d.code != "changed"]


def test_ids_are_the_sources_as_far_as_they_can_be_written() -> None:
    found = made(task("T001"), task("WP01"), task("1.2"), task("bd-a1b2.3"), task("Ünï"), task("日本"), task("a" * 90))
    assert [t.id for t in found.tasks] == ["t001", "wp01", "task-1-2", "bd-a1b2-3", "n", "task-6", "a" * 63]


def test_a_task_without_an_id_is_called_by_its_title_cut_between_words() -> None:
    (only,) = made(task("", title="Write down everything that anybody ever said on board of the ferry")).tasks
    assert only.id == "write-down-everything-that-anybody-ever-said-on"


def test_a_second_task_of_the_same_id_is_told_and_the_first_is_meant() -> None:
    found = made(task("T1"), task("T1", title="again"), task("T2", "T1"))
    assert waits(found) == {"t1": (), "t1-2": (), "t2": ("t1",)}
    assert codes(found) == ["duplicate-task"]


def test_ids_that_become_the_same_stay_apart() -> None:
    found = made(task("3.5"), task("3-5"), task("x", "3-5", "3.5"))
    assert waits(found) == {"task-3-5": (), "task-3-5-2": (), "x": ("task-3-5-2", "task-3-5")}
    assert codes(found) == []


def test_a_circle_is_imported_and_told() -> None:
    found = made(task("a", "b"), task("b", "c"), task("c", "a"), task("d", "a"))
    assert waits(found) == {"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",)}
    (told,) = (d for d in found.lost if d.code == "dependency-cycle")
    assert "a, b, c wait for each other" in told.message


def test_what_only_the_structure_says_never_closes_a_circle() -> None:
    found = made(task("whole"), task("part", "whole", parent="whole"))
    assert waits(found) == {"whole": (), "part": ("whole",)}
    assert codes(found) == ["not-carried"]


def test_a_part_waits_for_what_its_whole_waits_for() -> None:
    found = made(task("first"), task("w", "first"), task("w.1", parent="w"), task("w.2", "w.1", parent="w"))
    assert waits(found) == {"first": (), "w": ("first", "w-1", "w-2"), "w-1": ("first",), "w-2": ("w-1",)}


def test_only_what_can_never_begin_circles() -> None:
    assert circling({"a": {"b": True}, "b": {"a": True}, "c": {"a": True}, "d": {}}) == {"a", "b"}
    assert circling({str(n): {str(n + 1): True} for n in range(5000)} | {"5000": {}}) == set()


def test_dependencies_on_itself_and_on_nothing_are_left_out_and_told() -> None:
    found = made(task("a", "a", "nobody", ""))
    assert waits(found) == {"a": ()}
    assert sorted(codes(found)) == ["not-carried", "unknown-dependency", "unknown-dependency"]


def test_words_become_a_fact_that_a_person_confirms() -> None:
    words = SourceTask("a", "tasks", Span(), needs=(Need("the sea\nis calm", NeedKind.words),))
    assert waits(made(words)) == {"a": ("external:the sea is calm",)}
    # Space to a schema, and none to Python.
    ready_made = SourceTask("a", "tasks", Span(), needs=(Need("external:\ufeffthe sea", NeedKind.ready_made),))
    assert waits(made(ready_made)) == {"a": ("external: the sea",)}


def test_titles_fit_on_a_line_and_nothing_of_them_is_lost() -> None:
    long, odd = made(task("a", title="word " * 200), task("b", title="two\nlines\x00 \x1b[31m")).tasks
    assert len(long.title) == 500
    assert long.description.startswith("word word")
    assert odd.title == "two lines [31m"


def test_a_cancelled_task_stays_and_is_told() -> None:
    found = made(task("a", status="cancelled"), task("b", "a", status="blocked"))
    assert found.cancelled == ("a",)
    assert codes(found) == ["cancelled", "not-carried"]


def test_control_characters_are_left_out_and_told() -> None:
    (only,) = made(task("a", description="bell\x07 and\r\nline")).tasks
    assert only.description.startswith("bell and\nline")


def test_two_wide_phases_make_no_million_dependencies() -> None:
    rows = "".join(f"- [ ] T{n:03} [P] Do {n}\n" for n in range(300))
    more = "".join(f"- [ ] T{n:03} [P] Do {n}\n" for n in range(300, 600))
    source = spec_kit.read("tasks.md", {"tasks.md": f"# Tasks: X\n\n## Phase 1\n{rows}\n## Phase 2\n{more}"})
    found = assemble(source, "swe")
    assert {task.depends_on for task in found.tasks} == {(), ("t299",)}
    assert any("the order of two phases" in d.message for d in found.lost)
