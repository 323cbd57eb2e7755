"""`kerrigan graph` of files that are not as they should be: what cannot be drawn is said."""

import json
from pathlib import Path

import pytest

from kerrigan.cli.main import run
from tests.e2e.desk import SPEC, TASKS

BROKEN = "specs/projects/broken/tasks.yml:2:1: found the end of the file"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a project whose tasks.yml cannot be read, and one that is fine."""
    for name, tasks in (("broken", "broken: ["), ("todo", TASKS)):
        (tmp_path / "specs/projects" / name).mkdir(parents=True)
        (tmp_path / "specs/projects" / name / "spec.md").write_text(SPEC)
        (tmp_path / "specs/projects" / name / "tasks.yml").write_text(tasks)
    return tmp_path


@pytest.mark.parametrize("form", ["text", "mermaid", "dot"])
def test_what_cannot_be_read_is_said_and_the_rest_drawn(
    root: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["graph", "-C", str(root), "--format", form]) == 3
    said = capsys.readouterr()
    assert "contract" in said.out
    assert "broken" not in said.out
    assert BROKEN in said.err


def test_json_is_one_document_the_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", "-C", str(root), "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["message"].startswith(BROKEN)) == (3, True)


def test_another_project_is_drawn_without_a_word(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", "todo", "-C", str(root)]) == 0
    assert capsys.readouterr().err == ""
    assert run(["graph", "broken", "-C", str(root)]) == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("file", "content"),
    [("spec.md", b"---\nkerrigan: [\n---\n# Todo\n"), ("tasks.yml", b"\xff"), ("tasks.md", b"\xff")],
)
def test_every_file_that_tasks_come_from_counts(
    root: Path, file: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "specs/projects/todo" / file).write_bytes(content)
    assert run(["graph", "todo", "-C", str(root)]) == 3
    assert f"specs/projects/todo/{file}:" in capsys.readouterr().err


def test_a_task_that_is_not_there_is_drawn_and_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = root / "specs/projects/todo/tasks.yml"
    file.write_text(TASKS.replace("[contract]", "[contract, nope, far/away]"))
    assert run(["graph", "todo", "-C", str(root)]) == 0
    said = capsys.readouterr()
    assert "<- todo/contract, todo/nope, far/away" in said.out
    assert said.err == "drawn, and not in this work tree: todo/nope, far/away; kerrigan check says where\n"
