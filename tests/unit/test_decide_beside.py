"""What people do beside Kerrigan: for every act and every status what follows is what the table says."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from kerrigan.decide.beside import ACTS, FLAGS, needs
from kerrigan.decide.fold.attempts import TESTS_FORCED
from kerrigan.decide.fold.reducers import IN_CONFLICT, MERGED_EARLY
from kerrigan.decide.lifecycle import VERBS
from kerrigan.decide.step import step
from kerrigan.load.github.reverts import is_reverted
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Commit, Facts
from kerrigan.model.project import Permission
from kerrigan.model.state import Status, TaskState
from tests.unit.decide_stage import (
    ADA,
    AT,
    BO,
    CLAUDE,
    EVE,
    GOOD,
    HEAD,
    PLAN,
    PULL_REQUEST,
    TO_DONE,
    WORKSPACE,
    Story,
    ask,
    standing,
    state,
    swept,
    types,
)

E = EventType
CONTRACT, MERGE = "todo/contract", "d" * 40
OTHER = "b" * 40
QUIET = Facts(head=HEAD, ahead=1, pull_request=PULL_REQUEST, checks="pending")
"""What is looked up of a task that waits, where nobody did anything."""

SEEN: dict[str, Facts] = {
    "merged": replace(QUIET, delivered=MERGE, beside={"merged-cancelled": True}),
    "merged-unsubmitted": replace(QUIET, beside={"merged-unsubmitted": True, "merged-cancelled": True}),
    "closed": replace(QUIET, pull_request=None, beside={"closed": True}),
    "deleted": replace(QUIET, head=None, pull_request=None, beside={"branch-deleted": True}),
    "retargeted": replace(QUIET, pull_request=None, beside={"retargeted": True}),
    "drafted": replace(QUIET, beside={"draft": True}),
    "pushed": replace(QUIET, head=OTHER),
    "turned-red": replace(QUIET, checks="failure"),
    "reverted": replace(QUIET, beside={"reverted": True}),
    "lost": replace(QUIET, beside={"merge-gone": True}),
    "second": QUIET,
}
"""What a look finds after each act."""


def before(status: Status, **more: Any) -> Story:
    """A task of this status that nothing is due for, in a story of its own."""
    return Story(state=state(contract=standing(status, since=AT, **more)))


@pytest.mark.parametrize(("act", "status"), list(product(ACTS, Status)))
def test_what_follows_is_what_the_table_says(act: str, status: Status) -> None:
    story = before(status, **({"submission": None} if act == "merged-unsubmitted" else {}))
    quiet = swept(before(status), contract=QUIET)
    swept(story, contract=SEEN[act])
    after, follows = story.state.task(CONTRACT), ACTS[act].follows(status)
    if follows in FLAGS:
        assert (after.status, after.flags) == (status, (follows,))
        assert next(needs(PLAN.tasks[CONTRACT], after)).kind == follows
    elif follows:
        assert after.status.value == follows
    else:
        moved = quiet.state.task(CONTRACT).status if quiet else status
        assert (after.status, after.flags) == (moved, ())


def test_every_act_is_tried_here_and_every_flag_is_set_by_one() -> None:
    assert set(SEEN) == set(ACTS)
    assert {word for act in ACTS.values() for word in act.flags} == set(FLAGS)


@pytest.mark.parametrize("status", [s for s in Status if s not in {Status.done, Status.cancelled}])
def test_a_merge_is_a_fact_in_every_status_and_what_waited_goes_on(status: Status) -> None:
    story = before(status)
    answer = swept(story, contract=Facts(delivered=MERGE))
    assert types(answer)[0] == "completed"
    after = story.state.task(CONTRACT)
    assert (after.status, after.holder, after.merged_as) == (Status.done, None, MERGE)
    assert after.flags == (() if status in {Status.in_review, Status.approved} else (MERGED_EARLY,)), "its risk is low"
    assert isinstance(answer, Decision)
    assert "todo/screen" in {event.task for event in answer.events if event.type is E.dispatch_requested}


@pytest.mark.parametrize("status", [s for s in Status if s not in {Status.done, Status.cancelled}])
def test_a_merge_that_nobody_handed_in_is_done_when_a_person_says_so(status: Status) -> None:
    stage = state(contract=standing(status, submission=None))
    for actor, permission, yes in (
        (BO, Permission.write, True),
        (EVE, Permission.read, False),
        (CLAUDE, Permission.admin, False),
    ):
        found = replace(GOOD, permission=permission, delivered=MERGE)
        answer = step(PLAN, WORKSPACE, stage, ask(E.completed, actor=actor), found)
        assert isinstance(answer, Decision) is yes, answer
    unmerged = step(PLAN, WORKSPACE, stage, ask(E.completed, actor=BO), replace(GOOD, delivered=None))
    assert isinstance(unmerged, Refusal)
    quiet = swept(Story(state=stage), contract=Facts(delivered=MERGE))
    assert quiet is None or "completed" not in types(quiet), "reconcile says so of nothing that was not handed in"


def test_a_named_commit_is_a_persons_word_and_has_to_be_on_the_default_branch() -> None:
    stage = state(contract=standing(Status.approved))
    said = {"what": MERGE[:10]}
    assert isinstance(step(PLAN, WORKSPACE, stage, ask(E.completed, actor=BO, data=said), GOOD), Decision)
    by_agent = step(PLAN, WORKSPACE, stage, ask(E.completed, actor=CLAUDE, data=said), GOOD)
    assert isinstance(by_agent, Refusal)
    missing = step(PLAN, WORKSPACE, stage, ask(E.completed, actor=BO, data=said), replace(GOOD, delivered=None))
    assert isinstance(missing, Refusal)
    assert "dddddddddd is no commit on the default branch of acme/api" in missing.reason


def test_a_task_that_was_reopened_is_done_by_another_merge_only() -> None:
    story = Story()
    story.tell(CONTRACT, TO_DONE)
    assert story.state.task(CONTRACT).merged_as == MERGE
    story.tell(CONTRACT, (E.reopened,))
    assert swept(story, contract=Facts(delivered=MERGE)) is None
    assert story.state.task(CONTRACT).status is Status.open
    assert types(swept(story, contract=Facts(delivered="e" * 40)))[0] == "completed"


def test_a_flag_goes_with_what_set_it_and_others_stay() -> None:
    story = before(Status.approved, flags=(IN_CONFLICT, "of-a-newer-kerrigan"))
    swept(story, contract=replace(QUIET, pull_request=None, beside={"closed": True, "draft": False}))
    assert story.state.task(CONTRACT).flags == (IN_CONFLICT, "of-a-newer-kerrigan", "closed")
    assert swept(story, contract=replace(QUIET, pull_request=None, beside={"closed": True, "draft": False})) is None
    assert swept(story, contract=QUIET) is None, "nobody looked: nothing is known to have changed"
    answer = swept(story, contract=replace(QUIET, beside={"closed": False, "draft": True}))
    assert types(answer) == ["flagged"]
    assert isinstance(answer, Decision)
    assert answer.events[0].data == {
        "flags": [IN_CONFLICT, "of-a-newer-kerrigan", "draft"],
        "reason": "acme/api#7 is a draft; no longer closed",
    }
    story.ask(E.submitted, CONTRACT, facts=GOOD, fence=3)
    assert story.state.task(CONTRACT).flags == ()


def test_nobody_sets_a_flag_by_asking() -> None:
    answer = step(PLAN, WORKSPACE, state(), ask(E.flagged, data={"flags": ["reverted"]}), GOOD)
    assert isinstance(answer, Refusal)


@pytest.mark.parametrize("word", FLAGS)
def test_what_is_said_to_clear_a_flag_works(word: str) -> None:
    """Every command about a task that a flag names is taken from a person who may write and did not hand it in."""
    for status in FLAGS[word].statuses:
        flagged = standing(status, flags=(word,), **({"submission": None} if word == "merged-unsubmitted" else {}))
        (reason, *_) = needs(PLAN.tasks[CONTRACT], flagged)
        facts = replace(SEEN_BY_FLAG[word], permission=Permission.write, merging=GOOD.merging, delivered=MERGE)
        for verb in re.findall(r"kerrigan task ([a-z-]+) todo/contract", reason.next):
            request = ask(VERBS[verb], actor=EVE, reason="because")
            assert isinstance(step(PLAN, WORKSPACE, state(contract=flagged), request, facts), Decision), (status, verb)


SEEN_BY_FLAG = {word: SEEN[name] for name, act in ACTS.items() for word in act.flags}


def test_a_check_that_fails_later_voids_an_approval_unless_an_admin_has_forced_the_tests() -> None:
    story = before(Status.approved)
    assert types(swept(story, contract=replace(QUIET, checks="failure")))[0] == "tests_failed"
    forced = Story(state=state(contract=standing(Status.testing, since=AT)))
    forced.ask(E.tests_passed, CONTRACT, ADA, replace(GOOD, checks="failure"), force=True, reason="a lint of ours")
    assert forced.state.task(CONTRACT).flags == (TESTS_FORCED,)
    assert swept(forced, contract=replace(QUIET, checks="failure")) is None
    for actor, yes in ((ADA, True), (CLAUDE, False)):
        request = ask(E.tests_failed, actor=actor, reason="it is red here")
        answer = step(
            PLAN, WORKSPACE, state(contract=standing(Status.approved)), request, replace(GOOD, checks="success")
        )
        assert isinstance(answer, Decision) is yes


def test_only_statuses_and_flags_that_need_a_person_say_so() -> None:
    for status in Status:
        found = [reason.kind for reason in needs(PLAN.tasks[CONTRACT], TaskState(status, flags=tuple(FLAGS)))]
        own = [status.value] if status in {Status.blocked, Status.escalated} else []
        assert found == [word for word, flag in FLAGS.items() if status in flag.statuses] + own
    assert list(needs(PLAN.tasks[CONTRACT], TaskState(Status.done, flags=(MERGED_EARLY, "new-word")))) == []


def commits(*messages: str) -> tuple[Commit, ...]:
    """A history, the oldest first in the arguments; the commits are called 1…, 2…"""
    return tuple(Commit(str(n) * 40, text) for n, text in enumerate(messages, 1))[::-1]


ONE, TWO, THREE = "1" * 40, "2" * 40, "3" * 40


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        (("Merge", "Tidy up"), None),
        (("Merge", f"Revert\n\nThis reverts commit {ONE}."), True),
        (("Merge", f"Revert\n\nThis reverts commit {ONE[:7]}."), True),
        (("Merge", f"Revert\n\nThis reverts commit {ONE}, reversing\nchanges made to {OTHER}."), True),
        (("Merge", 'Revert "Show" (#8)\n\nReverts acme/api#7'), True),
        (("Merge", "Revert (#8)\n\nReverts #7"), True),
        (("Merge", "Revert (#8)\n\nReverts acme/web#7"), None),
        (("Merge", f"Revert\n\nThis reverts commit {ONE}.", f"Again\n\nThis reverts commit {TWO}."), False),
        (
            (
                "Merge",
                f"Revert\n\nThis reverts commit {ONE}.",
                f"Again\n\nThis reverts commit {TWO}.",
                f"No\n\nThis reverts commit {THREE}.",
            ),
            True,
        ),
        (("Merge", f"I think that This reverts commit {ONE}."), None),
        (("Merge", f"> This reverts commit {ONE}."), None),
        ((f"This reverts commit {TWO}.", f"This reverts commit {ONE}."), True),
    ],
)
def test_a_revert_is_found_and_one_of_a_revert_too(messages: tuple[str, ...], found: bool | None) -> None:
    assert is_reverted(commits(*messages), ONE, "", "acme/api#7") is found


def test_a_merge_that_is_older_than_the_history_at_hand_is_looked_for_too() -> None:
    history = commits("Other", f"This reverts commit {OTHER}.")
    assert is_reverted(history, OTHER) is True
    assert is_reverted(history, MERGE, also=OTHER) is True
    assert is_reverted((), MERGE) is None
