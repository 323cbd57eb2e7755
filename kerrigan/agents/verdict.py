"""The verdict of a review in an agent's last message: its last JSON block that holds the nonce of the prompt."""

import json
from collections.abc import Iterator

from kerrigan.agents.output import Json, words
from kerrigan.model.attempt import CriterionVerdict, Verdict

VERDICTS = {"approved": True, "rejected": False}
CRITERIA = ("met", "not met", "not verified")
LONGEST = 200_000
"""How much of the end of a message is searched, in characters."""


def verdict_in(text: str, nonce: str) -> Verdict | None:
    """The verdict of the last JSON object in a text that names the nonce; None where the last one is no verdict.

    The author of the files under review cannot know the nonce, so no text that an agent quotes can be its verdict.
    """
    last = None
    for found in _objects(text[-LONGEST:]):
        last = found if nonce and found.get("nonce") == nonce else last
    return None if last is None else as_verdict(last)


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


def _objects(text: str) -> Iterator[Json]:
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(found, dict):
                yield found
        at = text.find("{", end)
