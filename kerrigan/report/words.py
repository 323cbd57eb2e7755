"""Events in plain words: one line each, safe to print whatever someone wrote into a reason."""

from collections.abc import Callable, Mapping

from kerrigan.model.event import Event, EventType
from kerrigan.model.usage import dollars, money
from kerrigan.report.plain import plain

_NAMED = 3
"""So many tasks of an import are named."""


def _claimed(event: Event) -> str:
    acting = f" as {plain(event.actor.role)}" if event.actor.role else ""
    woken = f", woken by dispatch {plain(event.cause)}" if event.cause else ""
    return f"claimed by {_who(event)}{acting}, fence {event.expect.fence + 1}{woken}"


def _submitted(event: Event) -> str:
    number = event.data.get("number")
    where = f"{plain(event.data.get('repository', ''))}{f'#{plain(number)}' if number else ''}"
    return f"submitted by {_who(event)}: {where} at {plain(event.data.get('head', ''))[:10]}"


def _completed(event: Event) -> str:
    early = ", before any approval" if event.data.get("early") else ""
    early += ", with commits that no one reviewed" if event.data.get("head") else ""
    return f"done: the default branch brings it as {plain(event.data.get('commit', ''))[:10]}{early}"


def _imported(event: Event) -> str:
    done, source = event.imported, plain(event.data.get("from", ""))
    if not done:
        return f"imported by {_who(event)}"
    are = "1 task was" if len(done) == 1 else f"{len(done):,} tasks were"
    names = ", ".join(plain(task.partition("/")[2]) for task in done[:_NAMED])
    more = f" and {len(done) - _NAMED:,} more" if done[_NAMED:] else ""
    return f"imported by {_who(event)} from {source}, where {are} done: {names}{more}"


def _retried(event: Event) -> str:
    until = event.data.get("not_before")
    return f"open again for another attempt{f', not before {plain(until)}' if until else ''}"


def _used(event: Event) -> str:
    data = event.data
    tokens = sum(count for name in ("tokens_in", "tokens_out", "cached") if isinstance(count := data.get(name), int))
    what = f" for {tokens:,} tokens" if tokens else ""
    model = f" of {plain(data['model'])}" if data.get("model") else ""
    return f"{_usd(data.get('usd'))} spent as {plain(data.get('role', ''))}{what}{model}, reported by {_who(event)}"


def _alerted(event: Event) -> str:
    data = event.data
    of = f"{_usd(data.get('spent'))} of {_usd(data.get('limit'))}"
    return f"{plain(data.get('percent', ''))} % of the budget '{plain(data.get('cap', ''))}' are spent: {of}"


def _usd(amount: object) -> str:
    try:
        return dollars(money(amount))
    except ValueError:
        return plain(amount)


def _to(event: Event) -> str:
    return plain(event.data.get("to", "another repository"))


def _part(event: Event) -> str:
    part, _, name = plain(event.data.get("scope", "")).partition(":")
    return f"the {part} {name}" if name else "the project"


def _key(event: Event) -> str:
    return plain(event.data.get("key", ""))[:8]


_WORDS: Mapping[EventType, Callable[[Event], str]] = {
    EventType.claimed: _claimed,
    EventType.started: lambda e: f"started by {_who(e)}",
    EventType.submitted: _submitted,
    EventType.tests_passed: lambda e: f"tests passed on {plain(e.data.get('head', ''))[:10]}, reported by {_who(e)}",
    EventType.tests_failed: lambda e: f"tests failed, reported by {_who(e)}{_because(e)}",
    EventType.approved: lambda e: f"approved by {_who(e)}{_criteria(e)}",
    EventType.rejected: lambda e: f"sent back by {_who(e)}{_because(e)}{_criteria(e)}",
    EventType.completed: _completed,
    EventType.failed: lambda e: f"failed, reported by {_who(e)}{_because(e)}",
    EventType.retried: _retried,
    EventType.escalated: lambda e: f"needs a person{_because(e)}",
    EventType.released: lambda e: f"released by {_who(e)}{_because(e)}",
    EventType.expired: lambda e: f"open again: its claim is over{_because(e)}",
    EventType.blocked: lambda e: f"blocked by {_who(e)}{_because(e)}",
    EventType.unblocked: lambda e: f"unblocked by {_who(e)}{_because(e)}",
    EventType.handed_off: lambda e: f"handed to the role {plain(e.data.get('role', ''))} by {_who(e)}{_because(e)}",
    EventType.confirmed: lambda e: f"{_who(e)} confirms: {plain(e.data.get('what', ''))}",
    EventType.granted: lambda e: f"{_who(e)} grants: {plain(e.data.get('what', ''))}",
    EventType.cancelled: lambda e: f"cancelled by {_who(e)}{_because(e)}",
    EventType.reopened: lambda e: f"reopened by {_who(e)}{_because(e)}",
    EventType.heartbeat: lambda e: f"heartbeat from {_who(e)}{_at_tree(e)}",
    EventType.paused: lambda e: f"{_part(e)} is paused by {_who(e)}{_because(e)}",
    EventType.resumed: lambda e: f"{_part(e)} is resumed by {_who(e)}{_because(e)}",
    EventType.stopped: lambda e: f"the project is stopped by {_who(e)}{_because(e)}",
    EventType.imported: _imported,
    EventType.dispatch_requested: lambda e: f"{_to(e)} is to {_deed(e)} (dispatch {_key(e)})",
    EventType.dispatch_sent: lambda e: f"dispatch {_key(e)} to {_to(e)} was accepted by the forge",
    EventType.dispatch_acknowledged: lambda e: f"dispatch {_key(e)} was answered by {_who(e)}",
    EventType.dispatch_resent: lambda e: f"dispatch {_key(e)} to {_to(e)} was not answered in time, sent again",
    EventType.dispatch_failed: lambda e: f"dispatch {_key(e)} did not reach {_to(e)}{_because(e)}",
    EventType.dispatch_dead: lambda e: f"dispatch {_key(e)} to {_to(e)} was never answered: a person has to look",
    EventType.used: _used,
    EventType.alerted: _alerted,
    EventType.review_claimed: lambda e: f"reviewed by {_who(e)} from now on",
    EventType.review_released: lambda e: f"no longer reviewed by {_who(e)}{_because(e)}",
    EventType.asked: lambda e: f"{_who(e)} asks: {plain(e.data.get('question', ''))}",
    EventType.answered: lambda e: f"{_who(e)} answers: {plain(e.data.get('answer', ''))}",
    EventType.flagged: lambda e: f"flagged{_because(e)}",
    EventType.assigned: lambda e: (
        f"assigned to {plain(e.data.get('agent') or e.data.get('to') or 'no one')} by {_who(e)}"
    ),
    EventType.work_started: lambda e: f"work begins on {plain(e.data.get('host', ''))}, started by {_who(e)}",
    EventType.work_stop_requested: lambda e: f"{_who(e)} asks work to {plain(e.data.get('how', ''))}{_because(e)}",
    EventType.work_ended: lambda e: f"work ended: {plain(e.data.get('reason', ''))}",
    EventType.note_added: lambda e: (
        f"{plain(e.data.get('tier', ''))} note of {_who(e)}: {plain(e.data.get('text', ''))}"
    ),
    EventType.note_pinned: lambda e: f"{_who(e)} pins note {plain(e.data.get('note', ''))}",
    EventType.note_dropped: lambda e: f"{_who(e)} drops note {plain(e.data.get('note', ''))}",
    EventType.idea_proposed: lambda e: f"{_who(e)} proposes: {plain(e.data.get('title', ''))}",
    EventType.idea_accepted: lambda e: f"{_who(e)} accepts idea {plain(e.data.get('idea', ''))}",
    EventType.idea_rejected: lambda e: f"{_who(e)} rejects idea {plain(e.data.get('idea', ''))}{_because(e)}",
}


def sentence(event: Event) -> str:
    """One event in words: `contract  claimed by ada, fence 1`."""
    subject = event.task.partition("/")[2] if event.task else "project"
    forced = f" (forced: {plain(event.data['forced'])})" if "forced" in event.data else ""
    return f"{plain(subject):<12} {_WORDS[event.type](event)}{forced}"


def log_line(event: Event) -> str:
    """One event with its number and time."""
    return f"{event.seq:>5}  {plain(event.at)[:19]}Z  {sentence(event)}"


def _who(event: Event) -> str:
    kind = "" if event.actor.kind == "person" else f" ({plain(event.actor.kind)})"
    return f"{plain(event.actor.login)}{kind}"


def _because(event: Event) -> str:
    reason = event.data.get("reason")
    return f': "{plain(reason)}"' if reason and "forced" not in event.data else ""


def _criteria(event: Event) -> str:
    given = event.data.get("criteria")
    said = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    return "".join(f"; {plain(row.get('criterion', ''))[:60]}: {plain(row.get('verdict', ''))}" for row in said)


def _at_tree(event: Event) -> str:
    tree = plain(event.data.get("tree", ""))[:10]
    return f", its files at {tree}" if tree else ""


def _deed(event: Event) -> str:
    return "look at its gates again" if event.data.get("kind") == "kerrigan-recheck" else "work on it"
