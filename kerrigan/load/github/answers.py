"""Answers to acceptance criteria, out of the lines of a review, a comment or an option: `2: not met, no test`."""

import re

from kerrigan.load.github.trailers import shown
from kerrigan.model.forge.facts import MET, NOT_MET, NOT_VERIFIED, Answer

_LINE = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\[(?P<box>[ xX])\]\s*)?(?:AC[- ]?)?(?P<number>[1-9][0-9]{0,2})\s*[.:)]\s*(?P<said>.*)",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"[*_`]{0,3}(?ai:(met|not[ -]met|unmet|not[ -]verified|unverified))\b[*_`]{0,3}[\s,.;:()\u2013\u2014-]*"
)
_MEANS = {"met": MET, "not met": NOT_MET, "unmet": NOT_MET, "not verified": NOT_VERIFIED, "unverified": NOT_VERIFIED}

LONGEST = 500
"""Characters of a note that are kept."""


def answers(text: str) -> tuple[Answer, ...]:
    """The answers in a text, in its order; lines that are none are left out.

    A line is the criterion's number and `met`, `not met` or `not verified`, with a note: `1: met, the lint is clean`.
    In a task list the box may say it: `- [x] 1. the criterion` is met; an empty box is at most not verified.
    Only what a reader sees as said counts: nothing in an HTML comment, a fenced code block or a quotation.
    """
    found = (_answer(match) for line in shown(text) if (match := _LINE.fullmatch(line)))
    return tuple(answer for answer in found if answer)


def _answer(match: re.Match[str]) -> Answer | None:
    number, said = int(match["number"]), match["said"].strip()
    found = _VERDICT.match(said)
    verdict = _MEANS[found[1].lower().replace("-", " ")] if found else None
    if found and verdict and not (match["box"] == " " and verdict == MET):
        return Answer(number, verdict, said[found.end() :].rstrip(" )")[:LONGEST])
    if match["box"] is None:
        return None
    return Answer(number, MET if match["box"] in "xX" else NOT_VERIFIED, said[:LONGEST])
