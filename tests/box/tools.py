"""Where this machine has Node.js, the emulator and act, or what is missing."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NODE_TESTS = Path(__file__).parents[1] / "e2e/node"
OLDEST_NODE = (22, 15)
OLDEST_GIT = (2, 38)


class MissingToolError(Exception):
    """Something that the box needs is not on this machine; the message names it and how to get it."""


@dataclass(frozen=True)
class Tools:
    """Programs and the script of the emulator."""

    node: str
    emulate: str
    act: str


def find() -> Tools:
    """The tools of this machine: from KERRIGAN_NODE, KERRIGAN_EMULATE and KERRIGAN_ACT, else from the usual places.

    Raises MissingToolError.
    """
    _git()
    return Tools(_node(), _emulate(), _act())


def _git() -> None:
    """`merge-tree --write-tree` is what test merges are made with."""
    if _version("git") < OLDEST_GIT:
        raise MissingToolError(f"git {_dotted(_version('git'))} is too old: install {_dotted(OLDEST_GIT)} or newer")


def _node() -> str:
    node = os.environ.get("KERRIGAN_NODE") or shutil.which("node")
    if node is None:
        raise MissingToolError(f"no Node.js: set KERRIGAN_NODE to one of {_dotted(OLDEST_NODE)} or newer")
    if _version(node) < OLDEST_NODE:
        found = _dotted(_version(node))
        raise MissingToolError(
            f"Node.js {found} is too old: set KERRIGAN_NODE to one of {_dotted(OLDEST_NODE)} or newer"
        )
    return node


def _emulate() -> str:
    script = Path(os.environ.get("KERRIGAN_EMULATE") or NODE_TESTS / "node_modules/emulate/dist/index.js")
    if not script.is_file():
        raise MissingToolError(f"no emulator at {script}: run `npm ci` in tests/e2e/node, or set KERRIGAN_EMULATE")
    return str(script)


def _act() -> str:
    act = os.environ.get("KERRIGAN_ACT") or shutil.which("act")
    if act is None:
        raise MissingToolError("no act: install what .ci/requirements.txt names, or set KERRIGAN_ACT")
    return act


def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise MissingToolError(f"{program} does not run: {error}") from error
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
