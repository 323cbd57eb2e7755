"""Answer who asked by a comment or a label: a reaction, and when it was refused one short reply."""

from kerrigan.apply.append import Answer
from kerrigan.apply.site import Site
from kerrigan.errors import KerriganError
from kerrigan.model.decision import Hint, Refusal
from kerrigan.report.markdown import code

MARKER = "refused"
"""Marks the one comment of a pull request that says what was last refused there."""


def answer(site: Site, hint: Hint, given: Answer) -> None:
    """Say what came of it, where it was asked. Who could not be answered can still see it in the log.

    A review that was refused is answered too, but not one of a passer-by, who may do nothing here.
    """
    is_refused_review = hint.kind == "review" and isinstance(given, Refusal) and given.allowed
    if hint.number is None or not (hint.kind == "ask" or is_refused_review):
        return
    try:
        if hint.comment is not None:
            site.forge.react(hint.repository, hint.comment, "-1" if isinstance(given, Refusal) else "+1")
        if isinstance(given, Refusal):
            site.forge.tell(hint.repository, hint.number, MARKER, refused(hint, given))
    except KerriganError as error:
        site.say(f"no answer in {hint.repository}#{hint.number}: {error.message}")


def refused(hint: Hint, refusal: Refusal) -> str:
    """The reply: what was asked by whom, and why not. What people wrote stands in a code span, so it stays text."""
    allowed = ", ".join(refusal.allowed) or "nothing"
    asked = f"{code(hint.said or refusal.verb)} by {code(hint.sender.login)}"
    return f"{asked} was refused: {code(refusal.reason)}\n\nPossible now: {allowed}."
