"""Answer who asked by a comment, a label or a review: a reaction, and where it was refused one reply to each asker."""

import hashlib
import re

from kerrigan.apply.state.append import Answer
from kerrigan.apply.state.site import Site
from kerrigan.errors import KerriganError
from kerrigan.load.github.comments import COMMAND
from kerrigan.model.decision import EventRequest, Refusal
from kerrigan.report.markdown import code

_LOGIN = re.compile("[A-Za-z0-9-]{1,39}")
_ON_COMMAND_LINE = re.compile(r"\bkerrigan task ([a-z-]+) \S+/\S+(?![^;]*--(?:force|fence))")


def answer(site: Site, hint: EventRequest, given: Answer, home: str) -> None:
    """Say what came of it, where it was asked. Who could not be answered can still see it in the log.

    A review that was refused is answered too, but not one of a passer-by, who may do nothing here. Reasons stand in the
    `home` repository: where more people read the answer, it gives none.
    """
    is_refused_review = hint.kind == "review" and isinstance(given, Refusal) and given.allowed
    if hint.number is None or not (hint.kind == "ask" or is_refused_review):
        return
    try:
        if hint.comment is not None:
            site.forge.react(hint.repository, hint.comment, "-1" if isinstance(given, Refusal) else "+1")
        if isinstance(given, Refusal):
            is_told = site.disclosure.may_tell(hint.repository, home)
            body = refused(hint, given) if is_told else refused_without_reason(hint)
            site.forge.tell(hint.repository, hint.number, marker(hint, given), body)
    except KerriganError as error:
        site.say(f"no answer in {hint.repository}#{hint.number}: {error.message}")


def marker(hint: EventRequest, refusal: Refusal) -> str:
    """What marks the reply, so that the same words are answered once, and no reply takes the place of another's.

    Of someone who may do nothing here there is one reply, however much they ask.
    """
    if not refusal.allowed:
        return f"answer-{_short(hint.sender.login)}"
    if hint.comment is not None or hint.review is not None:
        return f"answer-{'comment' if hint.comment is not None else 'review'}-{hint.comment or hint.review}"
    return f"answer-{_short(hint.said, hint.sender.login)}"


def _short(*words: str) -> str:
    return hashlib.sha256("\0".join(words).casefold().encode()).hexdigest()[:12]


def refused(hint: EventRequest, refusal: Refusal) -> str:
    """The reply: what was asked by whom, and why not. What people wrote stands in a code span, so it stays text.

    Who set a label is mentioned: nothing else would tell them. Who wrote a comment follows it already.
    """
    asked, by = _asked(hint, hint.said or refusal.verb)
    lines = [asked, f"{by}: this was refused: {code(refusal.reason)}"]
    if refusal.next:
        lines.append(f"Next: {code(as_comment(refusal.next))}")
    if refusal.allowed:
        lines.append(f"Possible now: {', '.join(refusal.allowed)}.")
    return "\n\n".join(lines)


def _asked(hint: EventRequest, words: str) -> tuple[str, str]:
    login, is_label = hint.sender.login, hint.comment is None and hint.review is None
    return f"> {code(words)}", f"@{login}" if is_label and _LOGIN.fullmatch(login) else code(login)


def as_comment(words: str) -> str:
    """The same words with commands as they are written in a comment, which knows its task."""
    return _ON_COMMAND_LINE.sub(rf"{COMMAND} \1", words)


def refused_without_reason(hint: EventRequest) -> str:
    """The reply where more people can read it than the reason."""
    why = "this was refused. The reason is not for everyone who reads this: `kerrigan show` in a clone tells it."
    return "\n\n".join(_asked(hint, hint.said or "the review")) + f": {why}"
