"""Augment CLI, `auggie`: written after its documentation and its shipped source. Not proven: a run needs an account."""

from kerrigan.agents.output import Failure, Json, Output, Reading, dollars, objects, parse, part, status_in, words
from kerrigan.agents.profile import Flags, Profile
from kerrigan.model.attempt import Purpose, Spent


def read(output: Output) -> Reading:
    """One result object. It never counts tokens, and money only in credits or, where its plan says so, dollars."""
    whole = b"\n".join(output.stdout)
    found = parse(whole)
    result = found if isinstance(found, dict) else None
    for event in objects(whole.splitlines()):
        result = event if event.get("type") == "result" else result
    if result is None:
        message = output.stderr.decode(errors="replace").strip()
        return Reading(failure=Failure(message, status_in(message)) if message else None)
    usd = dollars(part(result, "billing", "total_cost")) if part(result, "billing", "usage_unit") == "usd" else None
    return Reading(
        True, words(result.get("session_id")), words(result.get("result")), _failure(result), Spent(None, usd)
    )


def _failure(result: Json) -> Failure | None:
    if not result.get("is_error"):
        return None
    message = words(result.get("result")) or words(result.get("subtype")) or "it reports an error"
    return Failure(message, status_in(message))


PROFILE = Profile(
    name="auggie",
    program="auggie",
    package="@augmentcode/auggie@0.36.0",
    tried=("0.36.0", "0.36.0"),
    proven="",
    command=("--print", "--quiet", "--output-format", "json", "--show-cost"),
    roles={Purpose.implement: (), Purpose.review: ("--ask",)},
    flags=Flags(model="--model", turns="--max-turns"),
    keys=("AUGMENT_SESSION_AUTH",),
    logins=(".augment/session.json",),
    sessions=(".augment/sessions",),
    read=read,
)
