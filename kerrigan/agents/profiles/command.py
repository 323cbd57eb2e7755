"""Any program as an agent: the prompt is its standard input, and it may write a result to `$KERRIGAN_RESULT`."""

from collections.abc import Sequence
from pathlib import Path

from kerrigan.agents.output import Failure, Json, Output, Reading, count, dollars, parse, section, words
from kerrigan.agents.profile import Profile
from kerrigan.agents.verdict import as_verdict
from kerrigan.model.attempt import ModelUsage, Outcome, Spent, TokenUsage

CLAIMS = {Outcome.ok, Outcome.failed, Outcome.refused, Outcome.limited, Outcome.out_of_money, Outcome.waiting}
"""The outcomes that a program may report of itself; how a run was stopped is not for it to say."""


def read(output: Output) -> Reading:
    """The content of the result file, by `schemas/attempt.schema.json`; without one, the exit status alone counts."""
    found = parse(output.result)
    if not output.result.strip():
        return Reading(ended=output.exit == 0, failure=_status(output))
    if not isinstance(found, dict):
        return Reading(failure=Failure("what it wrote to $KERRIGAN_RESULT is no JSON object"))
    outcome = words(found.get("outcome"))
    if "outcome" in found and outcome not in CLAIMS:
        return Reading(failure=Failure("the outcome it wrote to $KERRIGAN_RESULT is none that it may report"))
    message = words(found.get("message"))
    claimed = Outcome(outcome) if outcome else None
    failed = claimed not in (None, Outcome.ok, Outcome.waiting)
    return Reading(
        ended=True,
        text=message,
        failure=Failure(message or f"it reports {outcome}", outcome=claimed) if failed else _status(output),
        spent=Spent(_usage(section(found, "usage"), words(found.get("model"))) or None, dollars(found.get("usd"))),
        outcome=claimed,
        verdict=as_verdict(found.get("verdict")),
    )


def _status(output: Output) -> Failure | None:
    if output.exit == 0:
        return None
    last = output.stderr.decode(errors="replace").strip().splitlines()[-1:]
    return Failure(last[0] if last else f"it ended with exit status {output.exit}", outcome=Outcome.failed)


def _usage(used: Json, model: str) -> ModelUsage:
    usage = TokenUsage(**{key: count(used.get(key)) for key in TokenUsage.__dataclass_fields__})
    return {model: usage} if usage else {}


def profile(name: str, argv: Sequence[str], root: Path) -> Profile:
    """The profile of a program of one's own, by the words that start it.

    A path such as `./tools/agent.sh` is taken from `root`, where kerrigan.yml is, never from the work tree of a task.
    """
    program = str(root / argv[0]) if "/" in argv[0] else argv[0]
    return Profile(
        name=name, program=program, package="", tried=("", ""), proven="", command=tuple(argv[1:]), read=read
    )
