"""Files of a commit: links inside of the repository are followed to files, everything else is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.git.files_at import FilesAt
from kerrigan.git.reader import Reader
from kerrigan.git.repo import Batch, Clone, git

LINKS = {
    "plain.md": "docs/a.md",
    "twice.md": "plain.md",
    "deep/up.md": "../docs/a.md",
    "out.md": "../../etc/passwd",
    "absolute.md": "/etc/passwd",
    "nothing.md": "docs/none.md",
    "loop.md": "loop.md",
    "linked": "docs",
    "over.md": "linked/a.md",
    "folder.md": "docs",
    "root.md": ".",
    "above.md": "..",
    "deep/far.md": "../../a",
}


@pytest.fixture
def clone(remote: Path, clone_of: Callable[..., Clone]) -> Clone:
    made = clone_of(remote, files={"docs/a.md": "words\n", "deep/b.md": "more\n"})
    for path, target in LINKS.items():
        made.root.joinpath(path).symlink_to(target)
    git("add", ".", cwd=made.root)
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module", cwd=made.root)
    git("commit", "-q", "-m", "Link", cwd=made.root)
    return made


@pytest.mark.parametrize(
    ("path", "found"),
    [
        *((path, b"words\n") for path in ("docs/a.md", "plain.md", "twice.md", "deep/up.md")),
        *((path, None) for path in ("docs/none.md", "none/a.md", "linked/a.md", "module/a.md", "docs/a.md/b")),
        *((path, "a symbolic link that leads to no file of the repository") for path in ("out.md", "absolute.md")),
        *((path, "a symbolic link that leads to no file of the repository") for path in ("nothing.md", "over.md")),
        *((path, "a symbolic link that leads to no file of the repository") for path in ("above.md", "deep/far.md")),
        ("root.md", "a symbolic link to a folder"),
        ("loop.md", "a loop of symbolic links"),
        ("docs", "a folder"),
        ("folder.md", "a symbolic link to a folder"),
        ("module", "a submodule"),
    ],
)
def test_a_path_has_a_content_or_a_word(clone: Clone, path: str, found: bytes | str | None) -> None:
    with Batch(clone.root) as batch:
        files = FilesAt(Reader(batch), git("rev-parse", "HEAD", cwd=clone.root))
        assert files.read([path]).get(path) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("docs/a.md", ("docs/a.md", "a file")),
        ("module/specs/projects", ("module", "a submodule")),
        ("linked/projects", ("linked", "a symbolic link")),
        ("docs", None),
        ("none/at/all", None),
    ],
)
def test_what_is_in_the_way_of_a_folder_is_named(clone: Clone, path: str, found: tuple[str, str] | None) -> None:
    with Batch(clone.root) as batch:
        assert FilesAt(Reader(batch), git("rev-parse", "HEAD", cwd=clone.root)).in_the_way(path) == found
