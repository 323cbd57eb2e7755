"""`kerrigan task VERB`: ask for a transition. The verbs come from the transition table."""

import json
from dataclasses import replace
from pathlib import Path

import click

from kerrigan.apply.state.identity import own_request
from kerrigan.apply.tasks.bundle import submit_bundle
from kerrigan.apply.tasks.processes import bound_to
from kerrigan.apply.tasks.transition import dry_run_transition, transition
from kerrigan.apply.tasks.views import view_of
from kerrigan.cli.choice import Choice
from kerrigan.cli.options import Where, as_option, common, json_option, readable, reason_option, refused, task_stage
from kerrigan.decide.lifecycle import VERBS
from kerrigan.errors import UsageError
from kerrigan.load.github.answers import answers
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.forge.facts import Answer
from kerrigan.report.tasks.tasks import to_json
from kerrigan.report.words import sentence

_NOTHING_NEW = {
    "heartbeat": "the last heartbeat is recent enough",
    "submit": "this commit is handed in already; commit and push what is to be handed in anew",
}
"""Why an answer may be that there is nothing to write, by the verb."""


def _answers(context: click.Context, parameter: click.Parameter, lines: tuple[str, ...]) -> tuple[Answer, ...]:
    found = [(line, answers(readable(context, parameter, line) or "")) for line in lines]
    for line, said in found:
        if len(said) != 1:
            raise click.BadParameter(f"'{line}' answers no criterion; expected for example '1: met, how you know'")
    return tuple(said[0] for _, said in found)


@click.command("task")
@click.argument("verb", type=Choice(list(VERBS)), metavar="VERB")
@click.argument("task", metavar="PROJECT/TASK")
@reason_option
@as_option
@click.option(
    "--role",
    default="",
    metavar="ROLE",
    callback=readable,
    help="The role to act in; for hand-off, the role that goes on.",
)
@click.option(
    "--what",
    default="",
    metavar="WHAT",
    callback=readable,
    help="For grant: start or merge; for confirm: the external dependency.",
)
@click.option("--fence", type=int, metavar="N", help="The claim you write for; refused when it is over.")
@click.option("--force", is_flag=True, help="Skip what must hold; needs admin and --reason, and is written down.")
@click.option(
    "--criterion",
    "answers",
    multiple=True,
    metavar="N: VERDICT",
    callback=_answers,
    help="For approve and reject: '2: met, how you know', 'not met' or 'not verified'; once each criterion.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For submit: a git bundle with the commits, which are checked, then pushed to the task's branch.",
)
@click.option(
    "--process",
    type=click.IntRange(min=1),
    metavar="PID",
    help="For claim: the process that works; reconcile on this machine frees the task when it has ended.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@json_option
@common
def task(
    where: Where,
    verb: str,
    task: str,
    login: str | None,
    what: str,
    bundle: Path | None,
    process: int | None,
    dry_run: bool,
    as_json: bool,
    **given: object,
) -> int:
    """Ask for a transition of a task.

    \b
    Verbs: claim start submit pass-tests fail-tests approve reject complete
           fail retry escalate release block unblock hand-off confirm grant
           cancel heartbeat reopen
    Example: kerrigan task claim todo/contract
    """
    if bundle and (verb != "submit" or dry_run):
        raise UsageError("--bundle is for `task submit`, and is not rehearsed", kind="bundle", next_step="leave it out")
    if process is not None and verb != "claim":
        raise UsageError(f"--process is for `task claim`, not for {verb}", kind="process", next_step="leave it out")
    site = where.site(login)
    stage = task_stage(site, task)
    asked = own_request(site, stage, VERBS[verb], stage.task(task).id, str(given["role"]))
    request = replace(asked, data={"what": what} if what else {}, **given)  # type: ignore[arg-type]
    if process is not None:
        request = bound_to(request, process)
    if bundle:
        outcome = submit_bundle(site, stage, request, bundle)
    else:
        outcome = dry_run_transition(site, stage, request) if dry_run else transition(site, stage, request)
    answer = outcome.answer
    if isinstance(answer, Decision) and not as_json:
        would = "nothing was written; it would say:\n" if dry_run else ""
        click.echo(would + "\n".join(map(sentence, answer.events)))
    elif answer is None and not as_json:
        click.echo(f"nothing was written: {_NOTHING_NEW[verb]}")
    elif not isinstance(answer, Refusal):
        first, *caused = [event.to_json() for event in answer.events] if answer else [None]
        body = {"event": first, "caused": caused, "task": to_json(view_of(site, outcome.after, task))}
        click.echo(json.dumps(body, ensure_ascii=False))
    return refused(answer, as_json) if isinstance(answer, Refusal) else 0
