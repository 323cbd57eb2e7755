"""Which folder a command works on."""

from pathlib import Path

MARKS = (".git", "specs/projects", ".github/kerrigan.yml")


def repository_root(start: Path) -> Path:
    """The repository that a folder lies in, told by `.git` or by what Kerrigan reads; else the folder itself.

    Raises UnreadableError without the folder.
    """
    if not start.is_dir():
        from kerrigan.files import no_folder  # imported late: start-up is a feature

        raise no_folder(start)
    folder = start.resolve()
    return next((a for a in (folder, *folder.parents) if any((a / mark).exists() for mark in MARKS)), folder)
