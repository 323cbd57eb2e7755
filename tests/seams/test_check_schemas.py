"""A team's JSON Schema is a file of its repository: what it refers to elsewhere is never fetched."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kerrigan.apply.check import check_tree

CONFIG = """\
check:
  artifacts:
    - {glob: "docs/*.yml", schema: schemas/level.json}
"""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An HTTP server's address, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


@pytest.mark.parametrize("where", ["{}/level.json", "../../../etc/level.json", "other.json", "file:///etc/level.json"])
def test_a_reference_out_of_the_schema_is_told_and_not_followed(
    tmp_path: Path, server: tuple[str, list[str]], where: str
) -> None:
    address, asked = server
    files = {
        ".github/kerrigan.yml": CONFIG,
        "docs/one.yml": "level: 1\n",
        "docs/two.yml": "level: 2\n",
        "schemas/level.json": f'{{"properties": {{\n  "level": {{"$ref": "{where.format(address)}"}}}}}}\n',
        "schemas/other.json": "{}\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (found,) = check_tree(tmp_path).diagnostics
    assert (found.code, found.path, found.span.line) == ("broken-schema", "schemas/level.json", 2)
    assert asked == []


def test_a_schema_that_leads_out_of_the_tree_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("false\n", encoding="utf-8")
    root = tmp_path / "repository"
    for folder in (".github", "docs", "schemas"):
        (root / folder).mkdir(parents=True)
    (root / ".github" / "kerrigan.yml").write_text(CONFIG, encoding="utf-8")
    (root / "docs" / "one.yml").write_text("level: 1\n", encoding="utf-8")
    (root / "schemas" / "level.json").symlink_to(outside)
    assert [(d.code, d.path) for d in check_tree(root).diagnostics] == [("unreadable", "schemas/level.json")]


def test_a_glob_reads_files_that_kerrigan_would_not_and_looks_into_folders(tmp_path: Path) -> None:
    config = "check:\n  artifacts:\n    - {glob: 'docs/**', headings: [Why]}\n"
    files = {".github/kerrigan.yml": config, "docs/a.txt": "# Why\n", "docs/deep.md/b.md": "no\n", "docs/.c.md": "no\n"}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert [(d.code, d.path) for d in check_tree(tmp_path).diagnostics] == [("missing-heading", "docs/deep.md/b.md")]
