"""`kerrigan demo`: the whole chain, offline, in real repositories."""

import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

import click

from kerrigan.demo.narrator import Narrator
from kerrigan.demo.story import play
from kerrigan.demo.world import API, WEB, World
from kerrigan.errors import UsageError


@click.command("demo")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Leave the repositories in DIR.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def demo(keep: Path | None, as_json: bool) -> int:
    """A real project over two repositories from check to done; no network, no token.

    Example: kerrigan demo --keep /tmp/kerrigan-demo
    """
    kept = _empty(keep) if keep else None
    on_terminal = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    tell = Narrator(click.echo, _styled if on_terminal else _unstyled, as_json)
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="kerrigan-demo-", ignore_cleanup_errors=True) as folder:
            play(World(Path(folder)), tell)
        return 0
    play(World(kept), tell)
    click.echo(json.dumps({"kept": str(kept)}) if as_json else what_to_try(kept))
    return 0


def _empty(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used: {error.strerror}", kind="folder", next_step="name a folder that can be written"
        ) from error
    if not is_empty:
        raise UsageError(f"{folder} is not empty", kind="not-empty", next_step="name a folder that does not exist yet")
    return folder.resolve()


def _styled(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m"


def _unstyled(text: str, code: str) -> str:
    return text


def what_to_try(root: Path) -> str:
    """Three commands for anyone who wants to look into the repositories below `root`."""
    api, web = (shlex.quote(str(root / "ana" / slug.rpartition("/")[2])) for slug in (API, WEB))
    return f"""
The repositories are in {root}. Three commands to try there:

  kerrigan log -C {api} --task contract
  kerrigan show -C {web} todo/screen
  git -C {shlex.quote(f"{root}/forge/{API}.git")} log --oneline kerrigan-state/todo"""
