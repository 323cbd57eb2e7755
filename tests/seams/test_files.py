"""Reading a real tree: only what Kerrigan reads, and one diagnostic for each file that is no text."""

import os
from pathlib import Path

import pytest

from kerrigan.errors import UnreadableError
from kerrigan.files import MAX_BYTES, Wanted, read_tree, shipped, write_atomically


def put(root: Path, path: str, content: str | bytes = "# Text\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_only_what_kerrigan_reads_is_read(tmp_path: Path) -> None:
    read = ["specs/projects/todo/spec.md", ".github/kerrigan.yml", "web/specs/projects/x/tasks.yml"]
    passed = [
        "README.md",
        "specs/projects/todo/deep/spec.md",
        "specs/projects/todo/logo.png",
        ".git/specs/projects/x/spec.md",
        "node_modules/a/specs/projects/x/spec.md",
        ".cache/specs/projects/x/spec.md",
    ]
    for path in read + passed:
        put(tmp_path, path)
    texts, problems = read_tree(tmp_path)
    assert (sorted(texts), problems) == (sorted(read), ())


def test_the_caller_may_say_what_is_wanted(tmp_path: Path) -> None:
    put(tmp_path, "plans/todo/spec.md", "a\r\nb")
    assert read_tree(tmp_path, Wanted(lambda path: path.startswith("plans/todo/"))) == (
        {"plans/todo/spec.md": "a\r\nb"},
        (),
    )


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        ("# Größe\n".encode("utf-16"), 1, 1, "found UTF-16"),
        ("ä\nß".encode() + b"\xe4b", 2, 2, "0xe4"),
        (b"a\n\0b", 2, 1, "found a NUL"),
        (b"a" * (MAX_BYTES + 1), 1, 1, "expected at most"),
    ],
    ids=["utf-16", "latin-1", "nul", "large"],
)
def test_what_is_no_text_gets_one_diagnostic(
    tmp_path: Path, content: bytes, line: int, column: int, words: str
) -> None:
    put(tmp_path, "specs/projects/todo/spec.md", content)
    texts, (found,) = read_tree(tmp_path)
    assert (texts, found.code, found.path) == ({}, "unreadable", "specs/projects/todo/spec.md")
    assert (found.span.line, found.span.column) == (line, column)
    assert words in found.message


def test_links_are_followed_inside_of_the_tree_only(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.md")
    root = tmp_path / "root"
    put(root, "docs/spec.md", "# Inside\n")
    folder = root / "specs/projects/todo"
    folder.mkdir(parents=True)
    (folder / "spec.md").symlink_to("../../../docs/spec.md")
    (folder / "plan.md").symlink_to(secret)
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "tasks.yml").mkdir()
    (folder.parent / "other").symlink_to(tmp_path)
    (root / "round").symlink_to(root)
    texts, problems = read_tree(root)
    assert texts == {"specs/projects/todo/spec.md": "# Inside\n"}
    assert {found.path.removeprefix("specs/projects/"): found.message.partition(",")[0] for found in problems} == {
        "other": "found a symbolic link that leads out of the tree",
        "todo/gone.md": "found a file that cannot be read: No such file or directory",
        "todo/loop.md": "found a file that cannot be read: a loop of symbolic links",
        "todo/plan.md": "found a symbolic link that leads out of the tree",
        "todo/tasks.yml": "found something that is not a file",
    }


def test_a_pipe_and_a_name_that_is_not_utf_8_hurt_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "plan.md")
    for name in (b"todo/\xe4.md", b"todo/\xf6.md", b"t\xf6do/spec.md", b"t\xf6do/tasks.yml"):
        put(tmp_path, os.fsdecode(b"specs/projects/" + name))
    texts, problems = read_tree(tmp_path)
    assert texts == {}
    assert {found.path.removeprefix("specs/projects/"): found.message.partition(",")[0] for found in problems} == {
        "todo/plan.md": "found something that is not a file",
        "todo/\ufffd.md": "found a name that is not UTF-8",
        "t\ufffddo": "found a name that is not UTF-8",
    }


def test_a_file_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    put(tmp_path, "specs/projects/todo/spec.md")
    put(tmp_path, "specs/projects/todo/tasks.yml")

    def wanted(path: str) -> bool:
        if path.endswith("/spec.md"):
            (tmp_path / path).unlink(missing_ok=True)
        return path.endswith((".md", ".yml"))

    texts, problems = read_tree(tmp_path, Wanted(wanted))
    assert list(texts) == ["specs/projects/todo/tasks.yml"]
    assert [(found.path, found.message) for found in problems] == [
        ("specs/projects/todo/spec.md", "found a file that cannot be read: No such file or directory")
    ]


@pytest.mark.parametrize("link", ["specs", "specs/projects", "specs/projects/todo", ".github"])
def test_a_link_to_a_folder_that_would_be_read_is_told(tmp_path: Path, link: str) -> None:
    put(tmp_path, "other/spec.md")
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / "other")
    (tmp_path / "docs").symlink_to(tmp_path / "other")  # nothing would be read here
    texts, problems = read_tree(tmp_path)
    assert texts == {}
    assert [(found.path, found.message.partition(",")[0]) for found in problems] == [
        (link, "found a symbolic link to a folder")
    ]


def test_without_the_folder_nothing_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="there is no folder"):
        read_tree(tmp_path / "nothing")
    put(tmp_path, "tasks.yml")
    with pytest.raises(UnreadableError, match="is a file, no folder"):
        read_tree(tmp_path / "tasks.yml")


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "a.txt"
    write_atomically(file, "old\r\n")
    write_atomically(file, "new\n")
    assert file.read_bytes() == b"new\n"
    assert [entry.name for entry in file.parent.iterdir()] == ["a.txt"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = put(tmp_path, "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "half \ud800")
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("a.txt", "old")]


def test_what_is_shipped_is_found() -> None:
    assert (shipped("schemas") / "tasks.schema.json").is_file()
