"""Text for GitHub Actions: annotations, log lines, outputs and the job summary, safe whatever it quotes."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ANNOTATIONS = 10
"""GitHub shows this many of each level for one step and drops the rest."""
SUMMARY_BYTES = 900_000
"""A little below the MiB above which GitHub shows no summary at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell about a run. `level` is GitHub's: error, warning or notice; `path` may be empty.

    `end_column` is 0 where the finding does not end on its line.
    """

    level: str
    title: str
    message: str
    hint: str = ""
    path: str = ""
    line: int = 1
    column: int = 1
    end_column: int = 0

    @property
    def place(self) -> str:
        """`path:line:column`, or nothing where the finding is about no file."""
        return f"{self.path}:{self.line}:{self.column}" if self.path else ""


def annotations(findings: Sequence[Finding]) -> list[str]:
    """The workflow commands that show these findings: at most ten of a level, the last of them counting the rest."""
    lines = []
    for level in ("error", "warning", "notice"):
        of_level = [finding for finding in findings if finding.level == level]
        shown = of_level if len(of_level) <= ANNOTATIONS else of_level[: ANNOTATIONS - 1]
        lines += [_command(finding) for finding in shown]
        if len(shown) < len(of_level):
            lines.append(_command(Finding(level, "more", f"{len(of_level) - len(shown)} more: see the job summary")))
    return lines


def _command(finding: Finding) -> str:
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    properties = {"title": finding.title}
    if finding.path:
        properties |= {"file": finding.path, "line": str(finding.line), "col": str(finding.column)}
    if finding.path and finding.end_column:
        properties |= {"endLine": str(finding.line), "endColumn": str(finding.end_column)}
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return _defused(f"::{finding.level} {listed}::{_escaped(message)}")


def _escaped(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def log_text(text: str) -> str:
    """The same text with nothing in it that the runner would obey: it reads commands from a step's output."""
    # The runner also breaks lines at a bare carriage return, and skips white space before `::`.
    return "\n".join(_defused(re.sub(r"^(\W*?):(?=:)", r"\1: ", line)) for line in text.splitlines())


def _defused(line: str) -> str:
    # The older form of a command counts anywhere in a line. Half a character, which JSON allows, cannot be printed.
    return line.replace("##[", "## [").encode("utf-8", "replace").decode("utf-8")


def output(name: str, value: str, delimiter: str) -> str:
    """What to append to GITHUB_OUTPUT. The delimiter is random, so that a value that holds it is an attack."""
    if delimiter in value:
        raise ValueError(f"the value of output {name!r} holds the delimiter that was made to enclose it")
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def summary(command: str, result: str, findings: Iterable[Finding], text: str) -> str:
    """The job summary. It is HTML throughout: inside of HTML, quoted text cannot turn into Markdown."""
    parts = [f"<h3><code>{_cell(command)}</code></h3>", f"<p>{_cell(result)}</p>"]
    rows = [_row(finding) for finding in findings]
    if rows:
        parts += ["<table>", _HEAD, *_fitting(rows), "</table>"]
    if text:
        parts.append(f"<pre>{html.escape(text[:20_000])}</pre>")
    return "\n".join(parts) + "\n\n"


_HEAD = "<tr><th>Level</th><th>Rule</th><th>Place</th><th>What was found</th></tr>"


def _row(finding: Finding) -> str:
    message = "<br>".join(_cell(line) for line in f"{finding.message}\n{finding.hint}".splitlines() if line.strip())
    cells = [finding.level, _cell(finding.title), _cell(finding.place), message]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _cell(text: str) -> str:
    # A blank line would end the HTML and let Markdown begin.
    return html.escape(" ".join(text.split()))


def _fitting(rows: Sequence[str]) -> list[str]:
    size = 0
    for number, row in enumerate(rows):
        size += len(row.encode()) + 1
        if size > SUMMARY_BYTES:
            return [*rows[:number], f"<tr><td colspan=4>and {len(rows) - number} more</td></tr>"]
    return list(rows)
