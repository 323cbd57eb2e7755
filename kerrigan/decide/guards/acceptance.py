"""Acceptance criteria: an approval answers each of them, and only 'met' is a yes."""

from collections.abc import Iterator
from typing import Any

from kerrigan.decide.limits.autonomy import acts_alone
from kerrigan.decide.situation import Situation
from kerrigan.model.forge.facts import MET, NOT_MET, Answer

LONGEST = 60
"""Characters of a criterion that a refusal repeats."""


def accepted(s: Situation) -> str | None:
    """Each acceptance criterion of the task is answered, and each answer is 'met'; without any a person approves."""
    if not s.task.acceptance:
        alone = acts_alone(s.request.actor)
        return f"{s.task.id} has no acceptance criteria to answer, so a person has to approve it" if alone else None
    against = list(_against(s.task.acceptance, s.request.answers))
    if not against:
        return None
    return f"{'; '.join(against)}: answer each one, --criterion '1: {MET}, how you know', or reject it"


def _against(criteria: tuple[str, ...], answers: tuple[Answer, ...]) -> Iterator[str]:
    for number, criterion in enumerate(criteria, 1):
        said = [answer.verdict for answer in answers if answer.number == number]
        shown = criterion if len(criterion) <= LONGEST else f"{criterion[:LONGEST]}..."
        if not said:
            yield f"criterion {number} ('{shown}') is not answered"
        elif set(said) != {MET}:
            yield f"criterion {number} ('{shown}') is {NOT_MET if NOT_MET in said else said[-1]}"
    yield from (
        f"there is no criterion {answer.number}, only {len(criteria)}"
        for answer in answers
        if not 1 <= answer.number <= len(criteria)
    )


def answered(s: Situation) -> dict[str, Any]:
    """What an approval or a rejection carries: the criteria that were answered, in their words of that moment."""
    criteria = dict(enumerate(s.task.acceptance, 1))
    answers = [
        {"criterion": criteria[answer.number], "verdict": answer.verdict, "note": answer.note}
        for answer in s.request.answers
        if answer.number in criteria
    ]
    return {"criteria": answers} if answers else {}
