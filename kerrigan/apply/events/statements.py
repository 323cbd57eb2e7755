"""Read again what someone said before it counts: a comment may be edited or deleted since its event was sent."""

from dataclasses import replace

from kerrigan.apply.state.site import Site
from kerrigan.load.github.comments import REVIEWS, by_comment, by_review
from kerrigan.load.github.payload import prose
from kerrigan.model.decision import EventRequest
from kerrigan.model.forge.facts import Statement


def as_it_stands(site: Site, hint: EventRequest) -> EventRequest:
    """A hint as its comment or review says it now: of kind nothing where that is gone, or asks for nothing any more.

    The words of a comment that someone else has changed ask for nothing, and `wrong` says so. A review's verdict is
    its author's all the same, for no one else can change it.
    """
    if hint.comment is not None:
        return _comment(hint, site.forge.comment(hint.repository, hint.comment, _told(hint)))
    if hint.review is not None and hint.number is not None:
        return _review(hint, site.forge.review(hint.repository, hint.number, hint.review, _told(hint)))
    return hint


def _told(hint: EventRequest) -> Statement:
    state = next((state for state, asks in REVIEWS.items() if asks is hint.asks), "")
    return Statement(hint.sender, hint.text, state=state, head=hint.head)


def _comment(hint: EventRequest, found: Statement | None) -> EventRequest:
    now = by_comment(_words(found)) if found else EventRequest("nothing")
    if found is None or now.kind == "nothing":
        return EventRequest("nothing")
    if not found.is_own:
        return replace(hint, asks=None, wrong=f"{_editor(found)} has changed the words of {found.account.login}")
    return replace(
        hint, sender=found.account, asks=now.asks, role=now.role, what=now.what, reason=now.reason, said=now.said,
        answers=now.answers, wrong=now.wrong, text=found.body,
    )  # fmt: skip


def _review(hint: EventRequest, found: Statement | None) -> EventRequest:
    now = by_review(found.state, _words(found) if found.is_own else "") if found else EventRequest("nothing")
    if found is None or now.kind == "nothing":
        return EventRequest("nothing")
    return replace(hint, sender=found.account, asks=now.asks, reason=now.reason, head=found.head, answers=now.answers)


def _words(found: Statement) -> str:
    return prose({"body": found.body}, "body")


def _editor(found: Statement) -> str:
    return found.editor or "someone"
