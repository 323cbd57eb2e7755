"""The verdict of a review in an agent's last message: its last JSON block that holds the nonce of the prompt."""

import json
import re

from kerrigan.agents.output import words
from kerrigan.model.attempt import CriterionVerdict, Verdict

VERDICTS = {"approved": True, "rejected": False}
CRITERIA = ("met", "not met", "not verified")
LONGEST = 200_000
"""How much of the end of a message is searched, in characters."""

MOST = 1000
"""How many places are tried at which an object may begin, from the end."""


def verdict_in(text: str, nonce: str) -> Verdict | None:
    """The verdict of the last JSON object in a text that names the nonce; None where the last one is no verdict.

    The author of the files under review cannot know the nonce, so no text that an agent quotes can be its verdict.
    """
    decoder, end = json.JSONDecoder(), text[-LONGEST:]
    for begin in reversed([found.start() for found in re.finditer("{", end)][-MOST:]):
        try:
            found, _ = decoder.raw_decode(end, begin)
        except (ValueError, RecursionError):
            continue
        if nonce and isinstance(found, dict) and found.get("nonce") == nonce:
            return as_verdict(found)
    return None


def as_verdict(raw: object) -> Verdict | None:
    """The verdict in a JSON object, or None where it does not fit `schemas/attempt.schema.json`."""
    if not isinstance(raw, dict) or raw.get("verdict") not in VERDICTS:
        return None
    criteria = raw.get("criteria", [])
    if not isinstance(criteria, list) or not all(_fits(entry) for entry in criteria):
        return None
    listed = tuple(CriterionVerdict(e["criterion"], e["verdict"], words(e.get("evidence"))) for e in criteria)
    approved, reason = VERDICTS[raw["verdict"]], words(raw.get("reason")).strip()
    if approved and any(entry.verdict != "met" for entry in listed):
        return None
    return Verdict(approved, reason, listed) if reason or approved else None


def _fits(entry: object) -> bool:
    return isinstance(entry, dict) and bool(words(entry.get("criterion"))) and entry.get("verdict") in CRITERIA
