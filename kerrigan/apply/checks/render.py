"""What a check found, in the form that was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kerrigan.errors import UnreadableError
from kerrigan.files import write_atomically
from kerrigan.report.findings.diagnostics import FORMATS, Checked


def answer(checked: Checked, form: str) -> str:
    """The findings as `text`, `github`, `json` or `sarif`."""
    return _ANSWERS[form](checked)


def write_answer(checked: Checked, form: str, file: Path) -> None:
    """Write the answer to a file, whole or not at all, if it is another. Raises UnreadableError where it cannot."""
    said = answer(checked, form) + "\n"
    try:
        # A file that is the same stays untouched: a check that watches the folder would take it for news.
        if file.is_file() and file.read_bytes() == said.encode():
            return
        # A device, a pipe and a link stay what they are: a file put in their place would take them away.
        if file.is_symlink() or (file.exists() and not file.is_file()):
            with file.open("w", encoding="utf-8", newline="") as there:
                there.write(said)
        else:
            write_atomically(file, said)
    except OSError as error:
        message = f"the answer cannot be written to {file}: {error.strerror}"
        raise UnreadableError(message, kind="cannot-write", next_step="name another file with --output") from error


def add_page(checked: Checked, file: Path) -> None:
    """Append the page of a job summary to a file. Raises UnreadableError where that cannot be written."""
    # Imported late: start-up is a feature.
    from kerrigan.decide.plan import critical_path
    from kerrigan.model.state import State
    from kerrigan.report.findings.check_page import page

    graphs = [(project, critical_path(project, State())) for project in checked.tree.projects if project.tasks]
    try:
        with file.open("a", encoding="utf-8", newline="") as pages:
            pages.write(page(_from_repository(checked), graphs))
    except OSError as error:
        message = f"the summary cannot be written to {file}: {error.strerror}"
        raise UnreadableError(message, kind="cannot-write", next_step="name another file with --summary") from error


def _from_repository(checked: Checked) -> Checked:
    """The same, with paths from the root of the repository, which is where GitHub looks."""
    root = Path(checked.root).resolve()
    home = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    below = root.relative_to(home).as_posix()
    return replace(checked, folder="" if below == "." else f"{below}/")


def _sarif(checked: Checked) -> str:
    from kerrigan.check.rules import catalog  # imported late: start-up is a feature
    from kerrigan.report.findings.sarif import to_sarif

    return to_sarif(_from_repository(checked), {rule.name: rule for rule in catalog()})


_ANSWERS: Mapping[str, Callable[[Checked], str]] = {
    **FORMATS,
    "github": lambda checked: FORMATS["github"](_from_repository(checked)),
    "sarif": _sarif,
}
