"""The demo is real: what it leaves behind are repositories in which everything it told can be found."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from kerrigan.cli.setup.demo import what_to_try
from kerrigan.demo.narrator import WIDTH, Narrator
from kerrigan.git.repo import git
from kerrigan.model.event import Event, EventType
from tests.e2e.page import ROOT, stable

README = ROOT / "README.md"
COMMAND = [sys.executable, "-m", "kerrigan", "demo"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, object]]]:
    """A demo played once, where git is told no name but much else, and a runner has left its variables."""
    folder = tmp_path_factory.mktemp("demo")
    root = folder / "kept"
    hook = folder / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    folder.joinpath(".gitconfig").write_text(f"[core]\n\thooksPath = {hook.parent}\n[commit]\n\tgpgSign = true\n")
    environment = {k: v for k, v in os.environ.items() if k not in {"EMAIL", "XDG_CONFIG_HOME"}}
    environment |= {"HOME": str(folder), "GITHUB_EVENT_NAME": "push", "GIT_DIR": "/nonexistent"}
    done = subprocess.run(
        [*COMMAND, "--json", "--keep", str(root)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    return root, [json.loads(line) for line in done.stdout.splitlines()]


def read(root: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kerrigan", *words], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_task_is_done_and_the_journal_holds(kept: tuple[Path, list[dict[str, object]]]) -> None:
    clone = kept[0] / "wren" / "todo-web"
    tasks = json.loads(read(clone, "tasks", "todo", "--json"))["tasks"]
    assert {task["id"]: task["status"] for task in tasks} == {
        f"todo/{name}": "done" for name in ("contract", "endpoint", "screen", "release")
    }
    assert json.loads(read(clone, "audit", "verify", "todo", "--json"))["sound"]


def test_the_story_has_every_turn(kept: tuple[Path, list[dict[str, object]]]) -> None:
    told = [line["event"] for line in kept[1] if "event" in line]
    types = {event["type"] for event in told if isinstance(event, dict)}
    for turn in ("rejected", "dispatch_requested", "dispatch_sent", "dispatch_resent", "dispatch_acknowledged"):
        assert EventType(turn).value in types
    journal = read(kept[0] / "ana" / "todo-api", "log", "todo", "--json").splitlines()
    assert [json.loads(line) for line in journal] == told, "what was told is the journal, word for word"


def test_the_second_attempt_knew_the_reason(kept: tuple[Path, list[dict[str, object]]]) -> None:
    bare = kept[0] / "forge" / "acme" / "todo-api.git"
    second, first = git("log", "--format=%H", "main", "--", "docs/openapi.yml", cwd=bare).split()
    assert "Fixes: no error format in the contract" in git("log", "-1", "--format=%B", second, cwd=bare)
    answers = [
        yaml.safe_load(git("show", f"{commit}:docs/openapi.yml", cwd=bare))["paths"]["/todos"]["get"]["responses"]
        for commit in (first, second)
    ]
    assert [set(answer) for answer in answers] == [{"200"}, {"200", "default"}]


def test_labels_say_what_the_journal_says(kept: tuple[Path, list[dict[str, object]]]) -> None:
    pulls = sorted((kept[0] / "forge").glob("acme/*/kerrigan/pulls/*.json"))
    assert len(pulls) == 4
    assert all("status:done" in json.loads(path.read_text())["labels"] for path in pulls)


def test_the_commands_it_names_work(kept: tuple[Path, list[dict[str, object]]]) -> None:
    commands = [shlex.split(line) for line in what_to_try(kept[0]).splitlines() if line.startswith("  ")]
    assert len(commands) == 3
    for name, *words in commands:
        program = [sys.executable, "-m", "kerrigan"] if name == "kerrigan" else [name]
        done = subprocess.run([*program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_the_readme_shows_scenes_as_they_are(kept: tuple[Path, list[dict[str, object]]]) -> None:
    scenes = played(kept[1])
    page = README.read_text(encoding="utf-8")
    shown = re.search(r"<!-- demo: (.*?) -->\n```text\n(.*?)```", page, re.DOTALL)
    assert shown
    now = "\n\n[…]\n\n".join(scenes[-1 if n == "last" else int(n) - 1] for n in shown[1].split()) + "\n"
    if "UPDATE_DOCS" in os.environ and told(now) != told(shown[2]):
        README.write_text(page.replace(shown[0], shown[0].replace(shown[2], now)), encoding="utf-8", newline="")
    assert told(now) == told(shown[2])


def played(items: list[dict[str, object]]) -> list[str]:
    """The scenes of a demo, as a terminal shows them."""
    scenes: list[list[str]] = []
    narrator = Narrator(lambda line: scenes[-1].append(line), lambda text, code: text, as_json=False)
    for item in items:
        if "scene" in item:
            scenes.append([])
            narrator.scene(str(item["scene"]))
        elif isinstance(item.get("event"), dict):
            narrator.events([Event.from_json(cast("dict[str, Any]", item["event"]))])
        elif "line" in item:
            narrator.say(str(item["line"]))
    return ["\n".join(lines).strip() for lines in scenes]


def told(scenes: str) -> str:
    """Scenes on one line, without what differs from run to run: times, commits, and which agent was faster."""
    return " ".join(re.sub(r"\b(?:ada|bo)\b", "…", stable(scenes)).split())


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run([*COMMAND, "--keep", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, [p.name for p in tmp_path.iterdir()]) == (2, ["mine.txt"])
    assert "not empty" in done.stderr


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        COMMAND,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("Two agents"))
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate()
    assert (process.returncode, said.strip()) == (130, "interrupted")
    assert list(tmp_path.iterdir()) == []


def test_lines_fit() -> None:
    lines: list[str] = []
    tell = Narrator(lines.append, lambda text, code: text, as_json=False)
    tell.say("    waits on " + "todo/endpoint, " * 20)
    assert len(lines) > 1
    assert max(map(len, lines)) <= WIDTH
    assert "".join(lines).count("todo/endpoint") == 20
