"""The id of a process, and when it is proven that it has ended."""

from dataclasses import replace

import pytest

from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType as E
from kerrigan.model.event import Run
from kerrigan.model.forge.facts import Facts
from kerrigan.model.process import FIRST_NAMESPACE, UNKNOWN, Host, Process, process_of
from kerrigan.model.state import Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, GOOD, WORKSPACE, Story, swept

C = "todo/contract"
HOST = Host("5f0c9a1b2d3e", "4b1c9d", FIRST_NAMESPACE)
PROCESS = Process(HOST, 712, "4711")
RUN = Run("host:5f0c9a1b2d3e/4b1c9d/4026531836/712/4711")
CONTAINER = replace(HOST, namespace="4026532201")
MAC = Host("5f0c9a1b2d3e", UNKNOWN, UNKNOWN)


def test_a_process_is_named_by_where_and_when_it_started() -> None:
    assert PROCESS.id == RUN.id
    assert process_of(RUN.id) == PROCESS


@pytest.mark.parametrize(
    "run",
    ["", "acme/api/712", "host:", "host:1", "host:m/b/n/712", "host:m/b/n/712/s/more", "host:m/b/n/x/s",
     "host:m//n/7/s", "host:m/b/n/-7/s", "host:m/b/n/\uff17/s", "host:m/b/n/99999999999999999999/s"],
)  # fmt: skip
def test_what_is_no_id_of_a_process(run: str) -> None:
    assert process_of(run) is None


@pytest.mark.parametrize(
    ("then", "here", "start", "is_over"),
    [
        (HOST, HOST, "4711", False),
        (HOST, HOST, None, True),
        (HOST, HOST, "4712", True),  # its pid was given out again
        (HOST, HOST, UNKNOWN, False),  # it runs, and no one says since when
        (HOST, replace(HOST, machine="another"), None, False),
        (HOST, CONTAINER, None, False),
        (CONTAINER, HOST, None, False),
        (CONTAINER, CONTAINER, None, True),
        (HOST, replace(HOST, boot="later"), "4711", True),
        # The id of the machine may be that of the image, and the number of the namespace another machine's.
        (CONTAINER, replace(CONTAINER, boot="later"), None, False),
        (replace(HOST, machine=UNKNOWN), replace(HOST, machine=UNKNOWN, boot="later"), None, False),
        (replace(HOST, machine=UNKNOWN), replace(HOST, machine=UNKNOWN), None, True),
        (MAC, MAC, "4711", False),
        (MAC, MAC, "4712", True),
        (MAC, MAC, None, True),
    ],
)
def test_a_process_is_over_only_where_that_is_proven(then: Host, here: Host, start: str | None, is_over: bool) -> None:
    assert Process(then, 712, "4711").is_over(here, start) is is_over


def test_a_claim_of_a_process_has_a_lease_of_its_own_that_heartbeats_renew() -> None:
    story = Story(workspace=replace(WORKSPACE, lease=8 * 3600.0, process_lease=900.0))
    for run, seconds in ((RUN, 900.0), (Run("acme/api/712"), 8 * 3600.0), (None, 8 * 3600.0)):
        claimed = story.ask(E.claimed, C, ADA, run=run)
        assert isinstance(claimed, Decision)
        holder = claimed.state.task(C).holder
        assert holder is not None
        assert (holder.run, holder.lease_until) == (run and run.id, later(story.at, seconds))
        story.at = later(story.at, 600)
        beat = story.ask(E.heartbeat, C, ADA)
        assert isinstance(beat, Decision)
        assert beat.events[0].data["lease_until"] == later(story.at, seconds)
        story.tell(C, (E.released,))


def test_reconcile_frees_what_a_process_held_by_proof_or_by_its_lease() -> None:
    for at, ended, status in (
        (AT, True, Status.open),
        (AT, False, Status.claimed),
        (later(AT, 900), False, Status.open),
    ):
        story = Story()
        assert isinstance(story.ask(E.claimed, C, ADA, run=RUN), Decision)
        swept(story, at, contract=Facts(run_ended=ended))
        assert story.state.task(C).status is status


@pytest.mark.parametrize(
    ("at", "ended", "words"),
    [
        (AT, False, f"until {later(AT, 900)})"),
        (AT, True, "its run has ended)"),
        (later(AT, 900), False, f"until {later(AT, 900)}, which is over)"),
    ],
)
def test_a_claim_that_is_in_the_way_says_that_it_is_over(at: str, ended: bool, words: str) -> None:
    story = Story()
    assert isinstance(story.ask(E.claimed, C, ADA, run=RUN), Decision)
    story.at = at
    for asker, who in ((ADA, "you hold"), (BO, "ada holds")):
        answer = story.ask(E.claimed, C, asker, replace(GOOD, run_ended=ended))
        assert isinstance(answer, Refusal)
        assert answer.reason.startswith(who)
        assert answer.reason.endswith(words)
        assert ("kerrigan reconcile todo, which frees it" in answer.next) is (ended or at > AT)
