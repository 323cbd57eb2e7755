"""The command group, and the one place where errors become exit codes."""

import errno
import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from keyword import iskeyword

import click

from kerrigan import __version__
from kerrigan.errors import KerriganError, UnreadableError

COMMANDS = {
    "demo": ("setup.demo", "a whole project from check to done, offline, in under a minute"),
    "init": ("setup.init", "set a repository up: configuration, a project, workflows"),
    "import": ("setup.imports", "tasks of other tools, and of Milestones 1 to 6, to a tasks.yml"),
    "check": ("checks.check", "check specs, tasks and dependencies below a folder"),
    "rules": ("checks.rules", "what check can report, a line each"),
    "explain": ("checks.rules", "what a rule wants, why, a bad and a good example"),
    "tasks": ("views.tasks", "list tasks: ready, by status, role or repository"),
    "task": ("tasks.task", "ask for a transition: claim, start, submit, approve …"),
    "status": ("views.status", "one screen: where a project stands"),
    "show": ("views.show", "one task whole: state, reasons, history, next command"),
    "graph": ("checks.graph", "tasks and dependencies, critical path marked"),
    "log": ("views.log", "what happened, one line an event"),
    "metrics": ("views.metrics", "how work goes: throughput, cycle time, first-pass rate"),
    "gate": ("events.gate", "may this pull request merge"),
    "pause": ("tasks.hold", "hold a project: nothing new is claimed or dispatched"),
    "resume": ("tasks.hold", "let a held project go on"),
    "stop": ("tasks.hold", "emergency stop: nothing is claimed, dispatched or committed"),
    "cost": ("tasks.cost", "what was spent: by task, role, agent, model or day"),
    "spend": ("tasks.cost", "report what work on a task has cost"),
    "audit": ("views.audit", "the journal as evidence: verify it, export it"),
    "issues": ("events.issues", "keep one issue a task: sync"),
    "event": ("events.event", "what a workflow calls: read a webhook payload, decide, apply"),
    "reconcile": ("events.reconcile", "derive everything again: expire, re-send, repair"),
    "agents": ("setup.agents", "which coding agents are here, and whether each works"),
    "doctor": ("setup.doctor", "what will work here, what will be lost, how to fix it"),
}
"""Each command: the module in kerrigan.cli that holds it, and its line in the overview."""

FIRST_STEPS = """\
Usage: kerrigan COMMAND [OPTIONS]

The five commands to start with:

  kerrigan demo              a whole project from check to done, offline
  kerrigan check             check specs, tasks and dependencies of this repository
  kerrigan tasks --ready     what can be worked on now
  kerrigan task claim P/T    take task T of project P
  kerrigan status            where everything stands

All commands: kerrigan --help"""


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when it cannot write any more."""


class LazyGroup(click.Group):
    """Imports a command's module only when that command is asked for: start-up time is a feature."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name, or None."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"kerrigan.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for; of a word that is none, the nearest one is told."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from kerrigan.check.suggestion import did_you_mean  # imported late: start-up is a feature

            hint = did_you_mean(args[0], COMMANDS) or "kerrigan --help lists all"
            raise click.UsageError(f"there is no command '{args[0]}': {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="kerrigan", message="%(prog)s %(version)s")
@click.pass_context
def kerrigan(ctx: click.Context) -> None:
    """A control plane for swarms of coding agents that lives in the git repositories it steers."""
    if ctx.invoked_subcommand is None:
        click.echo(FIRST_STEPS)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; the only place that catches what nothing else did."""
    as_json = any(word in {"--json", "--format=json"} for word in argv) or ("--format", "json") in pairwise(argv)
    try:
        result = kerrigan.main(args=list(argv), prog_name="kerrigan", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KerriganError as error:
        return _failed(error, as_json)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _misused(error, as_json)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader has gone; keep the interpreter from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno in NO_ROOM:
            # Said on standard error alone: it may be standard output that takes no more.
            return _failed(_no_room(error), as_json=False)
        return _failed(_no_place(), as_json) if _is_nowhere() else _our_bug(error, as_json)
    except Exception as error:
        return _our_bug(error, as_json)


def _no_room(error: OSError) -> KerriganError:
    where = f" of {error.filename}" if error.filename else ""
    return UnreadableError(
        f"the disk{where} takes no more: {error.strerror}", kind="no-room", next_step="make room, and run it again"
    )


def _is_nowhere() -> bool:
    from pathlib import Path  # imported late: start-up is a feature

    try:
        Path.cwd()
    except OSError:
        return True
    return False


def _no_place() -> KerriganError:
    return UnreadableError(
        "the folder that this command runs in is gone", kind="no-such-folder", next_step="change into one that exists"
    )


def _failed(error: KerriganError, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps(error.to_json(), ensure_ascii=False))
    else:
        click.echo(f"error: {error.message}", err=True)
        if error.next_step:
            click.echo(f"  next: {error.next_step}", err=True)
    return error.code


def _misused(error: click.ClickException, as_json: bool) -> int:
    if as_json:
        body = {"code": 2, "kind": "usage", "message": error.format_message(), "next": "kerrigan --help"}
        click.echo(json.dumps({"error": body}, ensure_ascii=False))
    else:
        error.show()
    return 2


def _our_bug(error: Exception, as_json: bool) -> int:
    if as_json:
        body = {"code": 70, "kind": "bug", "message": repr(error), "next": "report it with the text on standard error"}
        click.echo(json.dumps({"error": body}, ensure_ascii=False))
    click.echo(f"This is a bug in Kerrigan {__version__}, not your mistake. Please report this text:\n", err=True)
    click.echo("".join(traceback.format_exception(error)), err=True)
    return 70
