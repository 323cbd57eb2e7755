"""Comments and reviews that ask: `/kerrigan VERB`, approve, request changes. Asking is not yet being allowed."""

import re
from collections.abc import Mapping
from dataclasses import replace

from kerrigan.load.github.answers import answers
from kerrigan.load.github.asks import VERBS, unknown
from kerrigan.model.decision import EventRequest
from kerrigan.model.event import EventType
from kerrigan.model.names import is_id

COMMAND = "/kerrigan"
"""The first word of a comment that asks for something."""

OPTIONS = ("reason", "role", "what", "criterion")
"""What may be written as on the command line, `--reason "no error format"`; the same as in plain words."""

FIRST: Mapping[EventType, str] = {EventType.handed_off: "role", EventType.granted: "what"}
"""Verbs whose first plain word is no part of the reason, and what it is."""

REVIEWS = {"approved": EventType.approved, "changes_requested": EventType.rejected}
"""What a submitted review asks for, by its state; one that only comments asks for nothing."""

_LONGEST_WORD = 60
_OPTION = re.compile(
    r"--([a-z][a-z-]*)(?:\s*=\s*|\s+|$)(?:\"([^\"]*)\"|'([^']*)'|(.*?))(?=\s+--[a-z]|\s*$)", re.IGNORECASE
)
_QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
"""What telephones make of quotation marks."""


def by_comment(body: str) -> EventRequest:
    """What a comment asks for: `/kerrigan VERB [words]` on its first line that is not blank; else nothing.

    The words are the reason, and lines below may answer acceptance criteria. `hand-off` takes the role before them,
    `grant` takes `start` or `merge`. A comment that cannot be meant asks for nothing, and `wrong` says why.
    """
    first = next((line for line in body.splitlines() if line.strip()), "")
    command, verb, words = [*first.split(None, 2), "", "", ""][:3]
    if command.lower() != COMMAND or first.startswith(("    ", "\t")):
        return EventRequest("nothing")
    known = "".join(character for character in verb if character.isprintable())[:_LONGEST_WORD]
    hint = EventRequest("ask", said=f"{COMMAND} {known}".strip(), answers=answers(body))
    asks = VERBS.get(verb.lower())
    if asks is None:
        return replace(hint, wrong=unknown(known, "command") if known else f"a verb is missing: {COMMAND} VERB")
    return _with_words(replace(hint, asks=asks), words.strip())


def by_review(state: str, body: str) -> EventRequest:
    """What a review of this state asks for; nothing where it is one that only comments, or was dismissed."""
    asks = REVIEWS.get(state.lower())
    if asks is None:
        return EventRequest("nothing")
    return EventRequest(
        "review", asks=asks, reason=body.strip() if asks is EventType.rejected else "", answers=answers(body)
    )


def _with_words(hint: EventRequest, words: str) -> EventRequest:
    name = FIRST.get(hint.asks) if hint.asks else None
    first, _, rest = words.partition(" ")
    if name == "what" and not first.startswith("--"):
        hint, words = replace(hint, what=first.lower()), rest.strip()
    elif name == "role" and is_id(first.lower()):
        hint, words = replace(hint, role=first.lower()), rest.strip()
    if not words.startswith("--"):
        return replace(hint, reason=words)
    # One blank between words, so that no length of them makes the pattern slow.
    return _with_options(hint, " ".join(words.translate(_QUOTES).split()))


def _with_options(hint: EventRequest, words: str) -> EventRequest:
    """The hint with what is written as options."""
    for match in _OPTION.finditer(words):
        name, value = match[1].lower(), next(text for text in match.group(2, 3, 4) if text is not None).strip()
        match name:
            case "reason":
                hint = replace(hint, reason=value)
            case "role" if is_id(value.lower()):
                hint = replace(hint, role=value.lower())
            case "what":
                hint = replace(hint, what=value.lower() if hint.asks is EventType.granted else value)
            case "criterion" if said := answers(value):
                hint = replace(hint, answers=(*hint.answers, *said))
            case _:
                return replace(hint, asks=None, wrong=_unusable(name, value))
    return hint


def _unusable(name: str, value: str) -> str:
    if name in OPTIONS:
        return f"--{name} '{value[:_LONGEST_WORD]}' says nothing that is understood"
    return f"unknown option '--{name}'; a comment takes --{', --'.join(OPTIONS)}"
