"""Where a repository comes from, as its configuration says; without git, for every check asks."""

from pathlib import Path

from kerrigan.model.names import slug_of


def slug_here(root: Path) -> str:
    """`owner/name` of the origin of the repository at `root`, as far as its configuration can be read and says so."""
    in_origin = False
    for line in (line.strip() for line in _git_config(root / ".git").splitlines()):
        key, _, value = line.partition("=")
        if line.startswith("["):
            in_origin = line[:8].lower() == "[remote " and line[8:].strip() == '"origin"]'
        elif in_origin and key.strip().lower() == "url":
            return slug_of(value.strip()) or f"local/{root.resolve().name}"
    return f"local/{root.resolve().name}"


def _git_config(git: Path) -> str:
    """The configuration of a repository: in a linked work tree and in a submodule `.git` is a file that leads there."""
    try:
        if git.is_file():
            git = git.parent / _text(git).removeprefix("gitdir:").strip()
            shared = git / "commondir"
            git = git / _text(shared).strip() if shared.is_file() else git
        config = git / "config"
        return _text(config) if config.is_file() else ""
    except (OSError, ValueError):
        return ""


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
