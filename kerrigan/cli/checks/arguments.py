"""The options of one `kerrigan check`, and how its output is printed."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from kerrigan.apply.checks.check_cache import CachedResult


class CheckArguments(NamedTuple):
    """What was asked for on the command line."""

    root: Path
    project: str | None = None
    form: str = "text"
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    since: str | None = None
    fixing: bool = False
    dry_run: bool = False
    watching: bool = False
    file: Path | None = None
    page: Path | None = None
    against: bool = False
    clones: Path | None = None
    online: bool = False


def tell(said: CachedResult) -> None:
    """Say an answer where each of its pieces belongs."""
    for text, is_error in said.pieces:
        click.echo(text, err=is_error)


def is_painted(form: str) -> bool:
    """Whether an answer in this form gets colours."""
    return form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
