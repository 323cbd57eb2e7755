"""action.yml as a workflow meets it: run for real, step by step, with GitHub's own expression evaluator."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.tools import (
    NODE_TESTS,
    githubs_parser_accepts,
    githubs_schema_accepts,
    node,
    tool,
    zizmor_finds_nothing,
)

ROOT = Path(__file__).parents[2]
WORKFLOWS = [*sorted((ROOT / "workflows").glob("*.yml")), *sorted((ROOT / ".github/workflows").glob("*.yml"))]
LINTED = [ROOT / "action.yml", *WORKFLOWS]

SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list of things to do.\n"
TASKS = "kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree the contract\n    role: architect\n"
BROKEN = TASKS + "    depends_on: [nothing-like-it]\n"
HOSTILE = "::set-output name=verdict::pass ##[error]x <b>bold</b>"


@dataclass(frozen=True)
class Step:
    """What a workflow sees of the step: its outputs, its conclusion, its log and its summary."""

    outputs: dict[str, str]
    conclusion: str
    summary: str
    log: str

    def obeyed(self) -> list[str]:
        """The lines of the log that the runner would take for a command."""
        return [line for line in self.log.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def use_action(workspace: Path, settings: Mapping[str, str] | None = None, /, **inputs: str) -> Step:
    """Run action.yml in a workspace, with this test's interpreter unless the environment's settings say otherwise."""
    command = [
        node(),
        str(NODE_TESTS / "run_composite.mjs"),
        str(ROOT),
        json.dumps(inputs),
        json.dumps({"token": "the-token"}),
    ]
    environment = os.environ | {"KERRIGAN_PYTHON": sys.executable, "GITHUB_WORKSPACE": str(workspace)}
    environment |= settings or {}
    ended = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    log, mark, result = ended.stdout.rpartition("\n##result ")
    assert mark, ended.stderr
    return Step(**json.loads(result), log=log + ended.stderr)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout with one project whose task depends on something unknown, at line 6."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    write(tmp_path, "specs/projects/todo/spec.md", SPEC)
    write(tmp_path, "specs/projects/todo/tasks.yml", BROKEN)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.node
def test_errors_are_annotated_counted_and_fail_the_step(workspace: Path) -> None:
    step = use_action(workspace, command="check")
    assert step.conclusion == "failure"
    assert (step.outputs["exit-code"], step.outputs["errors"], step.outputs["verdict"]) == ("1", "1", "")
    assert json.loads(step.outputs["json"])["diagnostics"][0]["code"] == "unknown-dependency"
    [annotation] = step.obeyed()
    assert annotation.startswith("::error title=unknown-dependency,file=specs/projects/todo/tasks.yml,line=6,col=18::")
    assert "nothing-like-it" in step.summary


@pytest.mark.node
def test_a_clean_check_succeeds(workspace: Path) -> None:
    write(workspace, "specs/projects/todo/tasks.yml", TASKS)
    step = use_action(workspace, command="check")
    assert step.conclusion == "success"
    assert (step.outputs["exit-code"], step.outputs["errors"]) == ("0", "0")
    assert step.obeyed() == []


@pytest.mark.node
@pytest.mark.parametrize("below", [{"command": "check code"}, {"command": "check", "working-directory": "code"}])
def test_annotations_name_files_as_the_workspace_does(workspace: Path, below: dict[str, str]) -> None:
    (workspace / "code").mkdir()
    (workspace / "specs").rename(workspace / "code/specs")
    (workspace / ".git").rename(workspace / "code/.git")
    step = use_action(workspace, **below)
    assert "file=code/specs/projects/todo/tasks.yml," in step.obeyed()[0]


@pytest.mark.node
def test_the_command_is_split_into_words_and_never_run_by_a_shell(workspace: Path) -> None:
    step = use_action(workspace, command='check "$(touch owned)" ; touch owned && `touch owned` ${{ github.token }}')
    assert step.outputs["exit-code"] == "2"
    assert not list(workspace.rglob("owned"))
    assert "the-token" not in step.log + step.summary


@pytest.mark.node
@pytest.mark.parametrize("command", ["", "check 'unfinished", "no-such-command"])
def test_a_command_that_cannot_be_meant_is_a_usage_error(workspace: Path, command: str) -> None:
    step = use_action(workspace, command=command)
    assert step.outputs["exit-code"] == "2"
    assert "Traceback" not in step.log


@pytest.mark.node
def test_nothing_is_imported_from_the_workspace(workspace: Path) -> None:
    for module in ("kerrigan", "click", "yaml", "json"):
        write(workspace, f"{module}.py", "raise SystemExit('the workspace ran')")
    assert use_action(workspace, command="check").outputs["errors"] == "1"


@pytest.mark.node
def test_hostile_text_stays_text(workspace: Path) -> None:
    write(
        workspace,
        "specs/projects/todo/tasks.yml",
        TASKS + f'    depends_on: ["{HOSTILE}\\njson<<E\\nE\\n::warning::y"]\n',
    )
    step = use_action(workspace, command="check")
    assert all(line.startswith("::error title=") and "##[" not in line for line in step.obeyed())
    assert len(step.obeyed()) == int(step.outputs["errors"])
    assert step.outputs["verdict"] == ""
    assert HOSTILE in json.dumps(json.loads(step.outputs["json"]), ensure_ascii=False)
    assert "<b>" not in step.summary


@pytest.mark.node
def test_many_errors_become_ten_annotations_and_all_of_the_summary(workspace: Path) -> None:
    unknown = ", ".join(f"nothing-{number}" for number in range(30))
    write(workspace, "specs/projects/todo/tasks.yml", TASKS + f"    depends_on: [{unknown}]\n")
    step = use_action(workspace, command="check")
    assert step.outputs["errors"] == "30"
    assert len(step.obeyed()) == 10
    assert "nothing-29" in step.summary
    assert step.summary.count("<h3>") == 1
    assert '["contract: Agree the contract' in step.summary


@pytest.mark.parametrize("words", [["--format", "github"], ["--json", "--summary", "page.md"]])
def test_a_step_without_the_action_gets_its_summary_too(workspace: Path, words: list[str]) -> None:
    file = workspace / "page.md"
    file.write_text("from the step before\n")
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(file)}
    command = [sys.executable, "-m", "kerrigan", "check", *words]
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert file.read_text().startswith("from the step before\n<h3>")
    assert "```mermaid" in file.read_text()


def test_a_summary_that_cannot_be_written_says_so(workspace: Path) -> None:
    command = [sys.executable, "-m", "kerrigan", "check", "--summary", "no/such/folder.md"]
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (3, True)


@pytest.mark.node
def test_sarif_can_be_left_in_a_file_for_the_next_step(workspace: Path) -> None:
    step = use_action(workspace, command="check --format sarif --output out/kerrigan.sarif")
    assert step.outputs["exit-code"] == "1"
    [run] = json.loads((workspace / "out/kerrigan.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["results"][0]["ruleId"] == "unknown-dependency"
    assert "unknown task" in step.summary


def test_an_answer_that_cannot_be_written_says_so(workspace: Path) -> None:
    (workspace / "taken").mkdir()
    command = [sys.executable, "-m", "kerrigan", "check", "--output", "taken"]
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (3, True)


def test_an_answer_leaves_a_pipe_a_pipe_and_a_link_a_link(workspace: Path) -> None:
    pipe, link, file = workspace / "pipe", workspace / "link", workspace / "answer.json"
    os.mkfifo(pipe)
    link.symlink_to(file.name)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        for name in (pipe.name, link.name):
            command = [sys.executable, "-m", "kerrigan", "check", "--json", "--output", name]
            subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
        assert json.loads(os.read(reader, 65_536)) == json.loads(file.read_text(encoding="utf-8"))
    finally:
        os.close(reader)
    assert (pipe.is_fifo(), link.is_symlink()) == (True, True)


@pytest.mark.node
def test_the_verdict_of_the_gate_is_an_output(submitted: Path) -> None:
    red = use_action(submitted, command="gate --pr 1")
    assert (red.outputs["verdict"], red.outputs["exit-code"], red.conclusion) == ("violation", "1", "failure")
    assert red.obeyed()[0].startswith("::error title=gate%3A ")
    assert json.loads(red.outputs["json"])["task"] == "todo/contract"

    kerrigan(submitted, "task", "pass-tests", "todo/contract")
    green = use_action(submitted, command="gate --pr 1")
    assert (green.outputs["verdict"], green.outputs["exit-code"], green.conclusion) == ("pass", "0", "success")
    assert green.obeyed() == []


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """A clone on the local forge whose task has a pull request, number 1, and no test result yet."""
    bare, clone = tmp_path / "forge/acme/todo.git", tmp_path / "clone"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    git(tmp_path, "clone", "-q", str(bare), str(clone))
    git(clone, "checkout", "-q", "-B", "main")
    write(clone, "specs/projects/todo/spec.md", SPEC)
    write(clone, "specs/projects/todo/tasks.yml", TASKS + "    risk: low\n")
    push(clone, "main", "Plan")
    for verb in ("claim", "start"):
        kerrigan(clone, "task", verb, "todo/contract")
    git(clone, "checkout", "-q", "-b", "kerrigan/todo/contract")
    write(clone, "openapi.yml", "openapi: 3.1.0\n")
    push(clone, "kerrigan/todo/contract", "Write the contract")
    kerrigan(clone, "task", "submit", "todo/contract")
    return clone


def push(clone: Path, branch: str, subject: str) -> None:
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", subject)
    git(clone, "push", "-q", "origin", branch)


def git(folder: Path, *words: str) -> None:
    somebody = ["-c", "user.name=ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *somebody, *words], cwd=folder, check=True, capture_output=True)


def kerrigan(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "kerrigan", *words, "--as", "ada"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def test_githubs_schemas_accept_the_action_and_the_workflows() -> None:
    githubs_schema_accepts("vendor.github-actions", [ROOT / "action.yml"])
    githubs_schema_accepts("vendor.github-workflows", WORKFLOWS)


@pytest.mark.node
def test_githubs_own_parser_accepts_the_action_and_the_workflows() -> None:
    githubs_parser_accepts(LINTED)


def test_zizmor_finds_nothing_to_attack() -> None:
    zizmor_finds_nothing(LINTED)


@pytest.mark.node
def test_a_subcommand_is_asked_for_json_too(submitted: Path) -> None:
    step = use_action(submitted, command="audit verify todo")
    assert json.loads(step.outputs["json"])["events"]
    assert step.outputs["exit-code"] == "0"


@pytest.mark.node
@pytest.mark.parametrize("command", ["check --format github", "check --format=github"])
def test_the_github_format_is_what_the_action_makes_of_the_findings(workspace: Path, command: str) -> None:
    step = use_action(workspace, command=command)
    assert (step.outputs["errors"], step.outputs["warnings"]) == ("1", "0")
    assert len(step.obeyed()) == 1


@pytest.mark.node
def test_a_claim_hands_on_its_task_and_fence(submitted: Path) -> None:
    kerrigan(submitted, "task", "block", "todo/contract", "--reason", "waits")
    kerrigan(submitted, "task", "unblock", "todo/contract")
    step = use_action(submitted, command="task claim todo/contract --as ada")
    assert (step.outputs["task"], step.outputs["fence"]) == ("todo/contract", "2")
    again = use_action(submitted, command="task claim todo/contract --as bo")
    assert (again.outputs["task"], again.outputs["fence"], again.outputs["exit-code"]) == ("", "", "5")


@pytest.mark.node
def test_the_token_is_in_nothing_that_is_said(workspace: Path) -> None:
    token = "ghs_123_abcdefgh"
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    for command in (f"show todo/{token}", f"show todo/{basic}", f"{token}", f"check --project {basic}"):
        step = use_action(workspace, command=command, token=token)
        said = step.log + step.summary + json.dumps(step.outputs)
        assert token not in said
        assert basic not in said
        assert "***" in said


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_the_action_sets_itself_up_once_a_job(workspace: Path, tmp_path: Path, installer: str) -> None:
    uv = Path(tool("uv"))
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("bash", "python3", "git", "cksum", "cut", "touch", "base64"):
        found = str(Path(sys.executable).resolve()) if name == "python3" else shutil.which(name)
        bare.joinpath(name).symlink_to(found or pytest.skip(f"no {name}"))
    if installer == "uv":
        bare.joinpath("uv").symlink_to(uv)
    # Neither installer may listen to the folder it runs in.
    write(workspace, "uv.toml", "nonsense = [")
    write(workspace, "pip.py", "raise SystemExit('the workspace ran')")
    step = use_action(workspace, {"PATH": str(bare), "KERRIGAN_PYTHON": ""}, command="check")
    assert step.outputs["errors"] == "1", step.log
    assert step.obeyed()[0].startswith("::error title=unknown-dependency,")
