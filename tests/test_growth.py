"""No check takes long for very many of one thing: four times as much of it is at most five times the work.

Work is counted in calls, of Python's functions and of those in C; `benchmarks/growth.py` measures it.
"""

import sys
from collections.abc import Mapping
from types import FrameType

import pytest

from benchmarks.growth import check
from benchmarks.hostile import KINDS

FEW, MANY = 100, 400


def work(files: Mapping[str, str]) -> int:
    """How many calls a check of these files makes."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        check(files)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("kind", KINDS)
def test_four_times_as_much_is_at_most_five_times_the_work(kind: str) -> None:
    files = KINDS[kind]
    check(files(1))  # what is imported and compiled only once
    start = work(files(1))
    assert work(files(MANY)) - start <= 5 * max(work(files(FEW)) - start, start)


def test_work_that_grows_with_the_square_is_seen() -> None:
    def square(number: int) -> int:
        return work({f"specs/projects/p{index}/spec.md": "" for index in range(number)} | {"a": ""})

    assert square(8) > square(2)


def test_thirty_thousand_ignore_comments_on_a_line_are_read() -> None:
    assert check(KINDS["ignore comments on a line"](30_000)) > 30_000
