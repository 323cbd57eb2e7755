"""What someone probably meant, of a few words and of thousands."""

import pytest

from kerrigan.check.suggestion import BEST, FEW, MOST, SHOWN, did_you_mean, listed, longer, nearest

TASKS = [f"task-{number}" for number in range(1000)]


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("titel", ["title", "role"], "title"),
        ("titel", [f"key-{number}" for number in range(MOST - 1)] + ["title"], "title"),
        ("titel", [f"key-{number}" for number in range(MOST)] + ["title"], None),
        ("screen-flow", [*TASKS, "screne-flow"], "screne-flow"),
        ("qqqqqq", TASKS, None),
        ("x" * 101, ["x" * 100], None),
        (7, ["7"], None),
    ],
)
def test_the_nearest_word_is_found_among_many(word: object, known: list[str], expected: str | None) -> None:
    assert nearest(word, known) == expected


@pytest.mark.parametrize("count", [3, FEW, FEW + 1, MOST])
def test_a_word_that_is_known_is_the_nearest_to_itself_but_for_a_letter(count: int) -> None:
    words = [f"{number * 7919:x}-part" for number in range(count)]
    assert nearest(words[2] + "s", words) == words[2]


def test_of_one_owner_what_follows_counts() -> None:
    known = [f"acme/{name}" for name in ("screen", "contract", *TASKS)] + ["other/scren"]
    assert did_you_mean("acme/scren", known) == "did you mean 'acme/screen'?"
    assert did_you_mean("acme/contr", known) == "did you mean 'acme/contract'?"
    assert did_you_mean("acme/task-", known) == ""


def test_longer_words_come_in_order() -> None:
    assert list(longer("task-99", TASKS)) == ["task-99", *(f"task-99{number}" for number in range(10))]


def test_a_message_lists_a_few_words_and_counts_the_rest() -> None:
    assert listed(["a", "b"], " or ", repr) == "'a' or 'b'"
    assert listed(TASKS[:SHOWN]) == ", ".join(TASKS[:SHOWN])
    assert listed(TASKS) == ", ".join(TASKS[:SHOWN]) + f", {1000 - SHOWN} more"
    assert BEST < FEW
