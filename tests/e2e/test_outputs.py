"""Every JSON that a command prints is what schemas/output/ promises."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from kerrigan.files import shipped
from tests.e2e.desk import TASKS, Desk, publish


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def assert_fits(name: str, text: str) -> None:
    folder = shipped("schemas") / "output"
    schemas = [json.loads(path.read_text()) for path in sorted(folder.glob("*.schema.json"))]
    registry: Registry[Any] = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas)
    schema = next(s for s in schemas if s["$id"].endswith(f"/{name}"))
    Draft202012Validator(schema, registry=registry).validate(json.loads(text))


@pytest.mark.parametrize(
    ("schema", "words", "code"),
    [
        ("check", ["check"], 0),
        ("rules", ["rules"], 0),
        ("explain", ["explain", "unreadable"], 0),
        ("error", ["explain", "unraedable"], 2),
        ("graph", ["graph", "todo"], 0),
        ("tasks", ["tasks"], 0),
        ("show", ["show", "todo/contract"], 0),
        ("status", ["status"], 0),
        ("transition", ["task", "start", "todo/contract", "--dry-run"], 0),
        ("transition", ["task", "start", "todo/contract"], 0),
        ("refused", ["task", "claim", "todo/contract", "--as", "bo"], 5),
        ("refused", ["resume", "todo", "--reason", "why not"], 5),
        ("refused", ["spend", "todo/contract", "--usd", "-1"], 5),
        ("transition", ["pause", "todo", "--reason", "lunch"], 0),
        ("gate", ["gate", "--pr", "1"], 1),
        ("reconcile", ["reconcile"], 0),
        ("audit", ["audit", "verify"], 0),
        ("error", ["show", "todo/none"], 2),
        ("error", ["gate", "--pr", "9"], 2),
        ("error", ["status", "-C", "nowhere"], 3),
        ("error", ["tasks", "--nonsense"], 2),
    ],
)
def test_json_fits_its_schema(desk: Desk, schema: str, words: list[str], code: int) -> None:
    desk.json("task", "claim", "todo/contract")
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    if schema == "gate":
        for verb in ("start", "submit"):
            desk.json("task", verb, "todo/contract")
    done = desk.kerrigan(*words, "--json")
    assert done.returncode == code, done.stderr + done.stdout
    assert_fits(schema, done.stdout)


def test_log_prints_the_journals_own_lines(desk: Desk) -> None:
    desk.json("task", "claim", "todo/contract")
    line = desk.kerrigan("log", "--json").stdout.rstrip("\n")
    assert_fits("event", line)
    desk.git("fetch", "-q")
    assert desk.git("show", "origin/kerrigan-state/todo:log/000001.jsonl") == line
    none = desk.kerrigan("log", "--by", "nobody")
    assert (none.stdout, none.stderr) == ("", "the journal of todo has no such event\n")


def test_log_of_a_project_that_nobody_began_says_so(desk: Desk) -> None:
    done = desk.kerrigan("log", "todo")
    said = "the journal of todo is empty: nothing happened yet\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)


@pytest.mark.parametrize("words", [["check", "--format", "sarif"], ["graph", "--format", "dot"]])
def test_one_answer_has_one_form(desk: Desk, words: list[str]) -> None:
    assert desk.json(words[0], "--format", "json")
    done = desk.kerrigan(*words, "--json")
    assert_fits("error", done.stdout)
    assert (done.returncode, "--json is --format json" in done.stdout) == (2, True)


def test_one_task_is_one(desk: Desk) -> None:
    (desk.path / "specs/projects/todo/tasks.yml").write_text(TASKS.partition("  - id: screen")[0])
    assert desk.kerrigan("graph").stdout.startswith("todo: 1 task, critical path of 1\n")
    assert desk.kerrigan("check", "-v").stderr.endswith("specs/projects/todo, 1 task\n")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["rules"], ["rules", "--json"], ["explain", "syntax"]])
def test_a_full_disk_is_said_and_is_no_bug(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kerrigan", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("error: the disk takes no more")
