"""Definitions on the default branch that are wrong in any way: nothing ends in an error of ours, nothing stays silent,
and nothing is stopped that does not rest on what is wrong.

A sample here: every key and every file, and every way with every status. `python -m tests.nightly.definitions` tries
every case with every command.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kerrigan.cli.main import COMMANDS
from kerrigan.decide.lifecycle import VERBS as TABLE
from tests.definitions.cases import FILES, RIGHT, RIGHT_CASE, SCHEMAS, STATUSES, WAYS, Case, cases, keys, name_of
from tests.definitions.commands import ASKING, NOT_ASKED, READING, VERBS, about, call, events
from tests.definitions.trial import answered, faults, may, trial
from tests.definitions.world import HANDED_IN, World, world

FURTHER = 6
"""As many further command lines are tried with each case of the sample."""

EVERY = cases()


def sample(chance: random.Random) -> list[Case]:
    """Cases that have every key and file, and every pair of a way and a status, between them."""
    chosen: list[Case] = []
    seen: set[tuple[str, str]] = set()
    for case in chance.sample(EVERY, len(EVERY)):
        marks = {(case.file, case.where), (case.way.rstrip("0123456789"), case.task)}
        if not marks <= seen:
            chosen.append(case)
            seen |= marks
    return chosen


CHANCE = random.Random(11)
CHOSEN = sample(CHANCE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("home"), CHOSEN) as found:
        yield found


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Every command line that is tried besides, but for those about one task."""
    return [*ASKING, *events(tmp_path_factory.mktemp("events"))]


def test_the_right_definition_is_right(home: World, lines: list[list[str]]) -> None:
    for name, data in RIGHT.items():
        Draft202012Validator(SCHEMAS[name]).validate(data)
    found = trial(home, RIGHT_CASE)
    assert (found.errors, found.places, list(faults(home, found))) == ((), set(), [])
    assert list(answered(home, RIGHT_CASE, [*lines, *about("todo/open")])) == []
    # What the other tests want to see refused is granted here.
    assert found.answers["reconcile"].gates[HANDED_IN["approved"]] == "success"
    assert call(home, RIGHT_CASE.name, ["gate", "--pr", str(HANDED_IN["approved"])]).code == 0
    assert may(home, RIGHT_CASE, "approve", "todo/in-review", "--force")
    assert may(home, RIGHT_CASE, "claim", "todo/free")


def test_the_cases_have_every_key_of_every_schema_in_every_way_and_every_status() -> None:
    known = {(file, ".".join(map(str, route)) or "all") for file in FILES for route, _ in keys(SCHEMAS[file])}
    assert known == {(case.file, case.where) for case in EVERY if not case.entries}
    assert known <= {(case.file, case.where) for case in CHOSEN}
    assert {case.way.rstrip("0123456789") for case in EVERY if not case.entries} == set(WAYS)
    assert {case.task for case in EVERY if case.task} == set(STATUSES)


def test_every_command_is_asked(lines: list[list[str]]) -> None:
    asked = {words[0] for words in (*READING, *lines, *about("todo/open"))}
    assert asked | NOT_ASKED.keys() == COMMANDS.keys()
    assert not asked & NOT_ASKED.keys()
    assert set(VERBS) == set(TABLE)


@pytest.mark.parametrize("part", range(8))
def test_a_wrong_definition_stops_what_rests_on_it_and_nothing_else(
    home: World, lines: list[list[str]], part: int, tmp_path: Path
) -> None:
    wrong = {}
    for case in CHOSEN[part::8]:
        further = CHANCE.sample([*lines, *about(f"todo/{name_of(case.task or 'open')}")], FURTHER)
        found = [*faults(home, trial(home, case)), *answered(home, case, further)]
        if found:
            wrong[case.name] = found
    assert wrong == {}
