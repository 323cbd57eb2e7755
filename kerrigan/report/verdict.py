"""A refusal and a gate's verdict, in words."""

from kerrigan.model.decision import Refusal, Verdict
from kerrigan.report.plain import plain

_HEADLINES = {
    "pass": "pass: this pull request may merge",
    "violation": "violation: this pull request must not merge yet",
    "undecided": "undecided: something could not be looked at",
}


def verdict_text(verdict: Verdict) -> str:
    """The verdict, then each reason with its next step."""
    lines = [_HEADLINES[verdict.verdict] + (f" ({verdict.task})" if verdict.task else "")]
    for reason in verdict.reasons:
        lines.append(f"  {reason.kind}: {plain(reason.message)}")
        if reason.next:
            lines.append(f"    next: {plain(reason.next)}")
    return "\n".join(lines)


def refusal_text(refusal: Refusal) -> str:
    """Why not, who can clear it and how, and what this actor may ask for now, if anything."""
    subject = f" {refusal.task}" if refusal.task else ""
    lines = [f"refused: {refusal.verb}{subject}: {plain(refusal.reason)}", f"  next: {plain(refusal.next)}"]
    return "\n".join([*lines, *([f"  you may now: {', '.join(refusal.allowed)}"] if refusal.allowed else [])])
