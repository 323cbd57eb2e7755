"""Tools that CI brings: Node.js with GitHub's packages, and readers of workflows. Without one, a test skips."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

NODE_TESTS = Path(__file__).parent / "node"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def node() -> str:
    """A Node.js that is new enough, with the packages installed."""
    found = os.environ.get("KERRIGAN_NODE") or shutil.which("node")
    if found is None:
        pytest.skip("no Node.js: set KERRIGAN_NODE to one of 22.15 or newer")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < (22, 15):
        pytest.skip(f"Node.js {version} is too old: set KERRIGAN_NODE to one of 22.15 or newer")
    if not (NODE_TESTS / "node_modules").is_dir():
        pytest.skip("the npm packages are missing: run `npm ci` in tests/e2e/node")
    return found


def tool(name: str) -> str:
    """A program of .ci/requirements.txt."""
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not installed: .ci/requirements.txt names it")
    return found


def githubs_schema_accepts(schema: str, files: Iterable[Path]) -> None:
    """Check files against `vendor.github-workflows` or `vendor.github-actions`."""
    _succeeds(tool("check-jsonschema"), "--builtin-schema", schema, *map(str, files))


def githubs_parser_accepts(files: Iterable[Path]) -> None:
    """Read workflows and actions with the parser of GitHub's language server."""
    _succeeds(node(), str(NODE_TESTS / "lint.mjs"), *map(str, files))


def zizmor_finds_nothing(files: Iterable[Path]) -> None:
    """Look for what could be attacked, as pedantically as zizmor can."""
    options = ("--offline", "--no-progress", "--quiet", "--persona", "pedantic")
    _succeeds(tool("zizmor"), *options, *map(str, files))


def _succeeds(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
