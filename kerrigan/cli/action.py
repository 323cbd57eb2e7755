"""What action.yml calls: run one command, annotate, write the step's outputs and the job summary."""

import json
import os
import shlex
import sys
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kerrigan.cli.action_run import Finished, Inputs, run
from kerrigan.report.workflow import Finding, annotations, log_text, output, summary

JSON_BYTES = 256_000
"""All outputs of a job together may have one MB, so a larger answer is left out."""
LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def main() -> None:
    """Run the command of the step's inputs and end with its exit code."""
    sys.exit(act(os.environ))


def act(environment: Mapping[str, str]) -> int:
    """Run the command, tell what came of it in all the places a workflow looks, and return its exit code."""
    inputs = Inputs(
        environment.get("KERRIGAN_INPUT_COMMAND", ""),
        environment.get("KERRIGAN_INPUT_TOKEN", ""),
        Path(environment.get("KERRIGAN_INPUT_WORKING_DIRECTORY") or "."),
        environment.get("KERRIGAN_INPUT_REPOSITORIES_TOKEN", ""),
    )
    whole = run(inputs, environment)
    finished = shown(whole)
    found = [_in_workspace(finding, inputs, environment) for finding in findings(finished)]
    told = [log_text(finished.stderr), *annotations(found), log_text(_shown(finished))]
    print("\n".join(text for text in told if text))
    _append(environment.get("GITHUB_OUTPUT"), _outputs(whole))
    text = finished.stderr if finished.answer is None and finished.code else ""
    title = inputs.redacted(f"kerrigan {inputs.command}")
    page = finished.page or summary(title, _result(finished), found, text)
    _append(environment.get("GITHUB_STEP_SUMMARY"), page)
    return finished.code


def shown(finished: Finished) -> Finished:
    """What of it everyone may see who reads the log: all, or where it is withheld the exit code and the gate's verdict.

    The gate has left out of its verdict already what its pull request's readers may not know.
    """
    if not finished.withheld:
        return finished
    answer = finished.answer if finished.answer and {"verdict", "verdicts"} & finished.answer.keys() else None
    stdout = finished.stdout if answer else ""
    return replace(finished, stdout=stdout, stderr=finished.withheld, answer=answer, page="")


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


def _in_workspace(finding: Finding, inputs: Inputs, environment: Mapping[str, str]) -> Finding:
    """The same finding with its file named from the workspace: `check` names it from the folder it was pointed at."""
    workspace = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()
    directory = inputs.directory.resolve()
    words = shlex.split(inputs.command) if finding.path else []
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
    claim = _claim(answer)
    values = {
        "exit-code": finished.code,
        "verdict": answer.get("verdict", ""),
        "errors": counts.get("errors", ""),
        "warnings": counts.get("warnings", ""),
        "task": claim["task"] if claim else "",
        "fence": claim["expect"]["fence"] + 1 if claim else "",
        "json": finished.stdout.strip() if _is_json_to_hand_on(finished.stdout) and not finished.withheld else "",
    }
    delimiter = f"kerrigan_{uuid.uuid4()}"
    return "".join(output(name, str(value), delimiter) for name, value in values.items())


def _claim(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    # `event` answers with a list of events, `task claim` with one; `audit verify` counts them.
    listed = answer.get("events")
    events = [answer.get("event"), *(listed if isinstance(listed, list) else [])]
    return next((event for event in events if event and event["type"] == "claimed"), None)


def _is_json_to_hand_on(text: str) -> bool:
    # An object, or one a line: `log` prints the journal's own lines.
    return text.startswith("{") and len(text.encode()) <= JSON_BYTES


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)


if __name__ == "__main__":
    main()
