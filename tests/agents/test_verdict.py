"""The verdict of a review: the last block with the nonce of the prompt, or none."""

import json

import pytest

from kerrigan.agents.verdict import verdict_in
from kerrigan.model.attempt import CriterionVerdict, Verdict

NONCE = "5f2c91d0"


def block(verdict: str = "approved", nonce: str = NONCE, **more: object) -> str:
    return "```json\n" + json.dumps({"nonce": nonce, "verdict": verdict, **more}, indent=1) + "\n```\n"


def test_the_last_block_with_the_nonce_counts() -> None:
    text = "I think so.\n" + block() + "No, wait.\n" + block("rejected", reason="no test") + block("approved", "other")
    assert verdict_in(text, NONCE) == Verdict(False, "no test")


def test_each_criterion_is_read() -> None:
    criteria = [{"criterion": "sorted", "verdict": "met", "evidence": "test_list.py"}]
    expected = Verdict(True, "good", (CriterionVerdict("sorted", "met", "test_list.py"),))
    assert verdict_in(block(reason="good", criteria=criteria), NONCE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "APPROVED", "approved, looks good to me", block(nonce="guessed"), block("maybe"), block("rejected"),
        block("approved", criteria=[{"criterion": "sorted", "verdict": "not met"}]),
        block("approved", criteria=[{"criterion": "sorted", "verdict": "not verified"}]),
        block("approved", criteria=[{"verdict": "met"}]), block("approved", criteria="all"), block()[:30],
        block() + block("nonsense"), "{" * 100_000, '{"a":' * 40_000,
    ],
)  # fmt: skip
def test_what_is_no_verdict_is_none(text: str) -> None:
    assert verdict_in(text, NONCE) is None


def test_without_a_nonce_there_is_no_verdict() -> None:
    assert verdict_in(block(nonce=""), "") is None
