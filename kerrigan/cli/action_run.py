"""One command as a process of its own: asked for JSON, with the token in its environment and in nothing it prints."""

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from kerrigan.cli.main import kerrigan
from kerrigan.cli.options import WITHHELD
from kerrigan.git.access import addresses, basic, sending

SHORTEST_SECRET = 8
"""A token of fewer characters is a placeholder; taking it out would tear words apart."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the step was given. `directory` is where the command runs, `beyond` the token for other repositories."""

    command: str
    token: str
    directory: Path
    beyond: str = ""

    def redacted(self, text: str) -> str:
        """The text without the tokens, and without what they look like in git's header."""
        for token in (self.token, self.beyond):
            if len(token) >= SHORTEST_SECRET:
                text = text.replace(token, "***").replace(basic(token), "***")
        return text


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended: what it printed, its answer where that is a JSON object, its page for the summary.

    `withheld` says why nothing of that may be shown where this runs, empty where it may.
    """

    code: int
    stdout: str
    stderr: str
    answer: Mapping[str, Any] | None
    page: str = ""
    withheld: str = ""


def run(inputs: Inputs, environment: Mapping[str, str]) -> Finished:
    """Run the command in its working directory. What it printed comes back without the token."""
    try:
        words = shlex.split(inputs.command)
    except ValueError as error:
        return _misused(f"the input 'command' cannot be split into words: {error}")
    if not words:
        return _misused("the input 'command' is empty: say for example `check`")
    if not inputs.directory.is_dir():
        return _misused(f"the input 'working-directory' names no folder: {inputs.directory}")
    with TemporaryDirectory() as folder:
        file, withheld = Path(folder) / "page.md", Path(folder) / "withheld"
        ended = subprocess.run(
            # -I: the folder it runs in may be a stranger's, so nothing is imported from there.
            [sys.executable, "-I", "-X", "utf8", "-m", "kerrigan", *asking_for_page(asking_for_json(words), file)],
            cwd=inputs.directory,
            env=inherited(inputs.token, environment, inputs.beyond) | {WITHHELD: str(withheld)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        page = inputs.redacted(file.read_text(encoding="utf-8")) if file.exists() else ""
        why = withheld.read_text(encoding="utf-8").strip() if withheld.exists() else ""
    stdout, stderr = inputs.redacted(ended.stdout), inputs.redacted(ended.stderr)
    return Finished(ended.returncode, stdout, stderr, _object(stdout), page, why)


def _misused(message: str) -> Finished:
    return Finished(2, "", "", {"error": {"code": 2, "kind": "usage", "message": message}})


def inherited(token: str, environment: Mapping[str, str], beyond: str = "") -> dict[str, str]:
    """The command's environment: the step's without its inputs, and with the tokens for the API and for git.

    Where there is one `beyond`, git sends that to every repository but this one.
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("KERRIGAN_INPUT_")}
    if not token:
        return kept
    server, slug = kept.get("GITHUB_SERVER_URL") or "https://github.com", kept.get("GITHUB_REPOSITORY", "")
    kept |= {"GITHUB_TOKEN": token} | ({"KERRIGAN_TOKEN": beyond} if beyond else {})
    here = [(address, token) for address in addresses(server, slug)] if beyond and slug else []
    return kept | sending([(server, beyond or token), *here], kept)


def asking_for_json(words: Sequence[str]) -> list[str]:
    """The same command with `--json`, where it has that option and nothing else was asked for.

    `--format github` is what the action makes of the JSON itself, so it means the same.
    """
    wanted = list(words)
    if "--format=github" in wanted:
        wanted.remove("--format=github")
    elif ("--format", "github") in pairwise(wanted):
        at = list(pairwise(wanted)).index(("--format", "github"))
        del wanted[at : at + 2]
    if any(word == "--json" or word.startswith("--format") for word in wanted):
        return list(words)
    depth, options = _options(wanted)
    return [*wanted[:depth], "--json", *wanted[depth:]] if "--json" in options else list(words)


def asking_for_page(words: Sequence[str], file: Path) -> list[str]:
    """The same command with `--summary FILE`, where it has that option and no other file was named."""
    depth, options = _options(words)
    has_one = any(word.partition("=")[0] == "--summary" for word in words)
    return (
        [*words[:depth], "--summary", str(file), *words[depth:]] if "--summary" in options and not has_one else [*words]
    )


def _options(words: Sequence[str]) -> tuple[int, list[str]]:
    # How many words name the command (`audit verify` is two), and its options.
    command: click.Command | None = kerrigan
    depth = 0
    while isinstance(command, click.Group) and depth < len(words):
        command = command.get_command(click.Context(command), words[depth])
        depth += 1
    return depth, [option for parameter in command.params for option in parameter.opts] if command else []


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
