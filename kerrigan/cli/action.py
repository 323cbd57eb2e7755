"""What action.yml calls: run one command, annotate, write the step's outputs and the job summary."""

import json
import os
import shlex
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from kerrigan.cli.main import kerrigan
from kerrigan.report.workflow import Finding, annotations, log_text, output, summary

JSON_BYTES = 256_000
"""All outputs of a job together may have one MB, so a larger answer is left out."""
LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended: what it printed, and its answer where that is a JSON object."""

    code: int
    stdout: str
    stderr: str
    answer: Mapping[str, Any] | None


def main() -> None:
    """Run the command of the step's inputs and end with its exit code."""
    sys.exit(act(os.environ))


def act(environment: Mapping[str, str]) -> int:
    """Run the command, tell what came of it in all the places a workflow looks, and return its exit code."""
    command = environment.get("KERRIGAN_INPUT_COMMAND", "")
    finished = run(command, environment)
    found = [_in_workspace(finding, environment) for finding in findings(finished)]
    told = [log_text(finished.stderr), *annotations(found), log_text(_shown(finished))]
    print("\n".join(text for text in told if text))
    _append(environment.get("GITHUB_OUTPUT"), _outputs(finished))
    text = finished.stderr if finished.answer is None and finished.code else ""
    _append(environment.get("GITHUB_STEP_SUMMARY"), summary(f"kerrigan {command}", _result(finished), found, text))
    return finished.code


def run(command: str, environment: Mapping[str, str]) -> Finished:
    """Run the command in its working directory, with the token in its environment and nowhere else."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return _misused(f"the input 'command' cannot be split into words: {error}")
    if not words:
        return _misused("the input 'command' is empty: say for example `check`")
    directory = Path(environment.get("KERRIGAN_INPUT_WORKING_DIRECTORY") or ".")
    if not directory.is_dir():
        return _misused(f"the input 'working-directory' names no folder: {directory}")
    ended = subprocess.run(
        # -I: the folder it runs in may be a stranger's, so nothing is imported from there.
        [sys.executable, "-I", "-X", "utf8", "-m", "kerrigan", *_asking_for_json(words)],
        cwd=directory,
        env=_inherited(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Finished(ended.returncode, ended.stdout, ended.stderr, _object(ended.stdout))


def _misused(message: str) -> Finished:
    return Finished(2, "", "", {"error": {"code": 2, "kind": "usage", "message": message}})


def _inherited(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if not name.startswith("KERRIGAN_INPUT_")}
    token = environment.get("KERRIGAN_INPUT_TOKEN")
    return kept | {"GITHUB_TOKEN": token} if token else kept


def _asking_for_json(words: list[str]) -> list[str]:
    if any(word == "--json" or word.startswith("--format") for word in words):
        return words
    command = kerrigan.get_command(click.Context(kerrigan), words[0])
    options = [option for parameter in command.params for option in parameter.opts] if command else []
    return [words[0], "--json", *words[1:]] if "--json" in options else words


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def findings(finished: Finished) -> list[Finding]:
    """What the answer holds that belongs in an annotation: diagnostics, a gate's reasons, a refusal, an error."""
    answer = finished.answer or {}
    if "diagnostics" in answer:
        return [_diagnostic(entry) for entry in answer["diagnostics"]]
    if "verdict" in answer and finished.code:
        return [Finding("error", f"gate: {r['kind']}", r["message"], r["next"]) for r in answer["reasons"]]
    if "refused" in answer:
        refused = answer["refused"]
        return [Finding("error", f"refused: {refused['verb']}", refused["reason"])]
    if "error" in answer:
        error = answer["error"]
        return [Finding("error", error["kind"], error["message"], error.get("next") or "")]
    return []


def _diagnostic(entry: Mapping[str, Any]) -> Finding:
    return Finding(
        LEVELS[entry["severity"]],
        entry["code"],
        entry["message"],
        entry.get("hint") or "",
        entry["path"],
        entry["line"],
        entry["column"],
    )


def _in_workspace(finding: Finding, environment: Mapping[str, str]) -> Finding:
    """The same finding with its file named from the workspace: `check` names it from the folder it was pointed at."""
    workspace = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()
    directory = Path(environment.get("KERRIGAN_INPUT_WORKING_DIRECTORY") or ".").resolve()
    words = shlex.split(environment["KERRIGAN_INPUT_COMMAND"]) if finding.path else []
    for base in (*(directory / word for word in words), directory, *directory.parents):
        file = base / finding.path
        if file.is_file() and file.is_relative_to(workspace):
            return replace(finding, path=file.relative_to(workspace).as_posix())
    return finding


def _shown(finished: Finished) -> str:
    if finished.answer is None:
        return finished.stdout
    if "diagnostics" in finished.answer or "error" in finished.answer:
        return _result(finished)
    return json.dumps(finished.answer, ensure_ascii=False, indent=2)


def _result(finished: Finished) -> str:
    answer = finished.answer or {}
    if "diagnostics" in answer:
        counts = answer["summary"]
        return f"{counts['errors']} errors, {counts['warnings']} warnings (exit code {finished.code})"
    if "verdict" in answer:
        return f"{answer['verdict']} (exit code {finished.code})"
    return f"exit code {finished.code}"


def _outputs(finished: Finished) -> str:
    answer = finished.answer or {}
    counts = answer["summary"] if "diagnostics" in answer else {}
    values = {
        "exit-code": finished.code,
        "verdict": answer.get("verdict", ""),
        "errors": counts.get("errors", ""),
        "warnings": counts.get("warnings", ""),
        "json": finished.stdout.strip() if _is_json_to_hand_on(finished.stdout) else "",
    }
    delimiter = f"kerrigan_{uuid.uuid4()}"
    return "".join(output(name, str(value), delimiter) for name, value in values.items())


def _is_json_to_hand_on(text: str) -> bool:
    # An object, or one a line: `log` prints the journal's own lines.
    return text.startswith("{") and len(text.encode()) <= JSON_BYTES


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)


if __name__ == "__main__":
    main()
