"""Which folder a command works on."""

from pathlib import Path

from kerrigan.errors import UnreadableError

MARKS = (".git", "specs/projects", ".github/kerrigan.yml")


def folder_to_check(directory: Path, path: Path | None) -> Path:
    """The folder that a check reads: the one that is named, else the repository that `directory` lies in.

    Raises UnreadableError outside of a repository where none is named, for the root of a file system, and without the
    folder: what lies below may be anything.
    """
    root = directory / path if path else repository_root(directory)
    is_chosen = path is not None and not (root.is_dir() and root.samefile(root / ".."))
    if is_chosen or is_marked(root) or is_bare(root):
        return root
    what = "is the root of a file system" if path else "is in no repository, and has no specs/projects"
    raise UnreadableError(
        f"{root} {what}", kind="no-repository", next_step="name the folder to check: kerrigan check PATH"
    )


def folder_to_draw(directory: Path) -> Path:
    """The repository that a folder lies in, else the folder itself, where clones stand in it side by side.

    Raises UnreadableError elsewhere, and without the folder.
    """
    root = repository_root(directory)
    if is_marked(root) or any(is_marked(folder) for folder in root.iterdir() if folder.is_dir()):
        return root
    message = f"{root} is in no repository, and no clone is in it"
    raise UnreadableError(message, kind="no-repository", next_step="change into a clone, or name one with -C DIR")


def is_bare(folder: Path) -> bool:
    """Whether a folder looks like a repository without a work tree."""
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs"))


def is_marked(folder: Path) -> bool:
    """Whether a folder is a repository, or has what Kerrigan reads."""
    return any((folder / mark).exists() for mark in MARKS)


def repository_root(start: Path) -> Path:
    """The repository that a folder lies in, told by `.git` or by what Kerrigan reads; else the folder itself.

    Raises UnreadableError without the folder.
    """
    if not start.is_dir():
        from kerrigan.files import no_folder  # imported late: start-up is a feature

        raise no_folder(start)
    folder = start.resolve()
    return next((above for above in (folder, *folder.parents) if is_marked(above)), folder)
