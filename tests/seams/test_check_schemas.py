"""Schemas for a team's own artifacts: what they read, and that nothing is fetched or loaded that nobody asked for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kerrigan.apply.checks.run import check_tree

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


RUNBOOK = "specs/projects/*/runbook.md"
PROBE = """\
import sys
from kerrigan.cli.main import run
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
run(["check", sys.argv[1], "-q"])
late = ["load.outline", "check.outlines", "check.schema.own_artifacts", "model.checks.artifacts"]
late = [f"kerrigan.{name}" for name in late]
print([name for name in late if name in sys.modules], sum(path.endswith(".schema.json") for path in opened))
"""


def project(root: Path, config: str = "") -> Path:
    """A project with a runbook, in a tree that asks for something of it, or for nothing."""
    files = {
        ".github/kerrigan.yml": f"kerrigan: 7\n{config}",
        "specs/projects/todo/spec.md": "---\nkerrigan: 7\n---\n# Todo\n\nA list.\n",
        "specs/projects/todo/tasks.yml": "kerrigan: 7\ntasks: []\n",
        "specs/projects/todo/runbook.md": "---\nowner: ana\n---\n# Runbook\n",
        "schemas/owner.json": '{"required": ["owner"], "properties": {"owner": {"const": "ben"}}}\n',
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("", "[] 4"),
        (
            f"check: {{artifacts: [{{glob: '{RUNBOOK}', schema: 'kerrigan:runbook'}}]}}\n",
            "['kerrigan.load.outline', 'kerrigan.check.outlines', 'kerrigan.model.checks.artifacts'] 5",
        ),
    ],
)
def test_only_a_tree_that_asks_for_an_outline_pays_for_it(tmp_path: Path, config: str, expected: str) -> None:
    command = [sys.executable, "-c", PROBE, str(project(tmp_path, config))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"KERRIGAN_CACHE": ""})
    assert done.stdout.splitlines()[-1] == expected


def test_a_schema_of_a_team_judges_the_front_matter_of_a_projects_markdown(tmp_path: Path) -> None:
    root = project(tmp_path, f"check: {{artifacts: [{{glob: '{RUNBOOK}', schema: schemas/owner.json}}]}}\n")
    (found,) = check_tree(root).diagnostics
    assert (found.path, found.span.line, found.message) == (
        "specs/projects/todo/runbook.md",
        2,
        "found 'ana', expected 'ben'",
    )
