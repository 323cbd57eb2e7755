"""Work that goes back and forth: what shows it, what does not, and what became of it in systems before this one."""

import json
from dataclasses import replace
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.limits.convergence import ALL, back_and_forth, brief, remembered
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission
from kerrigan.model.state import Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    ADA,
    AT,
    CLAUDE,
    GOOD,
    MERGES,
    PLAN,
    PULL_REQUEST,
    WORKSPACE,
    Story,
    done,
    standing,
    state,
    swept,
    types,
)

E = EventType
TASK = "todo/endpoint"


def blob(text: str) -> str:
    """git's id of a file."""
    return sha1(f"blob {len(text)}\0{text}".encode(), usedforsecurity=False).hexdigest()


def verdicts(*submissions: dict[str, str]) -> list[str | None]:
    """What each of these submissions shows after those before it."""
    known: dict[str, tuple[str, ...]] = {}
    found: list[str | None] = []
    for texts in submissions:
        made = {path: blob(text) for path, text in texts.items()}
        found.append(back_and_forth(known, made))
        known = dict(remembered(known, brief(made)))
    return found


def test_a_file_that_is_again_as_it_was_shows_it() -> None:
    assert verdicts({"a.py": "1"}, {"a.py": "2"}, {"a.py": "1"}) == [
        None,
        None,
        "not converging: a.py is as handed in once before, and changed in between",
    ]


@pytest.mark.parametrize(
    "submissions",
    [
        ({"a.py": "1"}, {"a.py": "1"}, {"a.py": "1"}),
        ({"a.py": "1"}, {"a.py": "2"}, {"a.py": "3"}),
        ({"a.py": "1", "b.py": "1"}, {"a.py": "2", "b.py": "2"}, {"a.py": "1", "b.py": "3"}),
        ({"a.py": "1"}, {"a.py": "2"}, {"a.py": "1", "b.py": "new"}),
    ],
    ids=["tests that flicker", "going on", "one of two went back", "something new beside it"],
)
def test_what_goes_on_does_not(submissions: tuple[dict[str, str], ...]) -> None:
    assert verdicts(*submissions) == [None] * len(submissions)


def test_one_file_among_others_counts_the_third_time() -> None:
    flips = [{"a.py": "ab"[n % 2], "b.py": str(n)} for n in range(5)]
    assert verdicts(*flips) == [*[None] * 4, "not converging: a.py is the same for the 3rd time"]


def test_a_removed_file_that_comes_and_goes_shows_it() -> None:
    gone = {"a.py": ""}
    known = remembered(remembered({}, brief({"a.py": blob("1")})), brief(gone))
    assert back_and_forth(known, {"a.py": blob("1")}) is not None


def test_a_change_that_is_taken_out_and_put_in_again_shows_it() -> None:
    rest = {"b.py": "1"}
    assert verdicts({"a.py": "1", **rest}, rest, {"a.py": "1", **rest})[2] is not None
    assert verdicts({"a.py": "1", **rest}, rest, {"a.py": "2", **rest}, rest) == [None] * 4
    flips = [{"b.py": str(n)} | ({} if n % 2 else {"a.py": "1"}) for n in range(5)]
    assert verdicts(*flips) == [*[None] * 4, "not converging: a.py is the same for the 3rd time"]


def test_what_nobody_looked_at_says_nothing_of_the_files_before() -> None:
    known = remembered({}, brief({"a.py": blob("1")}))
    assert remembered(known, {}) == known


def test_many_files_are_remembered_as_one() -> None:
    many = {f"src/{n}.py": blob(str(n)) for n in range(500)}
    assert list(brief(many)) == [ALL]
    other = many | {"src/0.py": blob("x")}
    known = remembered(remembered({}, brief(many)), brief(other))
    assert (
        back_and_forth(known, many) == "not converging: all files are as handed in once before, and changed in between"
    )
    assert back_and_forth(known, other) is None


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=2), max_size=4), max_size=12))
def test_contents_that_never_return_never_show_it(submissions: list[dict[str, str]]) -> None:
    grown = [{path: f"{text}{n}" for path, text in texts.items()} for n, texts in enumerate(submissions)]
    assert set(verdicts(*grown)) <= {None}


def hand_in(story: Story, text: str, head: str, agent: Actor = CLAUDE) -> Decision | Refusal:
    """One attempt whose tests fail, by an agent that finds its task open."""
    facts = Facts(Permission.write, head, 1, merging=MERGES, made={"tests/test_scan.py": blob(text)})
    for kind in (E.claimed, E.started):
        answer = story.ask(kind, TASK, agent, facts, fence=story.state.task(TASK).fence)
        assert isinstance(answer, Decision), answer
    return story.ask(E.submitted, TASK, agent, facts, fence=story.state.task(TASK).fence)


def fail_and_retry(story: Story, head: str) -> None:
    swept(story, story.at, endpoint=Facts(head=head, checks="failure"))
    story.at = later(story.at, 24 * 3600)
    swept(story, story.at)


FIXES = ("'FIXME: This is broken' in out", "out == 'FIXME: This is broken'", "out.startswith('FIXME: This is broken')")
COMMITTED = ("02:40", "03:41", "03:41", "03:48", "08:38", "13:56")
"""When an agent of a real system committed its six fixes of one test, each of three kinds, none of which could hold."""


def test_the_twelve_commits_that_went_back_and_forth_end_at_the_first_return() -> None:
    """Two strings were fixed six times each; the asserts flipped between three forms until someone noticed."""
    for string in ("FIXME: This is broken", "broken edge case"):
        story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
        tried = []
        for number, at in enumerate(COMMITTED):
            head = f"{number:040x}"
            text = FIXES[number % len(FIXES)].replace("FIXME: This is broken", string)
            answer = hand_in(story, text, head)
            tried.append((at, types(answer)[-1]))
            if story.state.task(TASK).status is Status.escalated:
                break
            fail_and_retry(story, head)
        assert tried == [("02:40", "submitted"), ("03:41", "submitted"), ("03:41", "submitted"), ("03:48", "escalated")]
        reason = json.loads(story.lines[-1])["data"]["reason"]
        assert reason.startswith("not converging: tests/test_scan.py is as handed in once before")
        again = story.ask(E.claimed, TASK, CLAUDE, Facts(Permission.write))
        assert isinstance(again, Refusal), "nobody goes on until a person has looked"


def test_a_person_may_take_something_back() -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
    for number, text in enumerate(("1", "2", "1")):
        assert types(hand_in(story, text, f"{number:040x}", ADA)) == ["submitted"]
        fail_and_retry(story, f"{number:040x}")


@pytest.mark.parametrize("kind", ["agent", "app"])
def test_an_account_of_a_bot_is_no_person_who_takes_something_back(kind: str) -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
    bot = Actor("builder[bot]", kind)
    for number, text in enumerate(("1", "2")):
        assert types(hand_in(story, text, f"{number:040x}", bot)) == ["submitted"]
        fail_and_retry(story, f"{number:040x}")
    assert types(hand_in(story, "1", "3" * 40, bot)) == ["submitted", "escalated"]


def test_a_push_that_only_reconcile_finds_counts_too() -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
    assert types(hand_in(story, "1", "1" * 40)) == ["submitted"]
    for number, kinds in ((2, ["submitted"]), (1, ["submitted", "escalated"])):
        made = {"tests/test_scan.py": blob(str(number))}
        pushed = Facts(Permission.write, f"{number + 2}" * 40, 1, made=made)
        answer = swept(story, AT, endpoint=replace(pushed, pull_request=replace(PULL_REQUEST, head=str(pushed.head))))
        assert [kind for kind in types(answer) if kind != "dispatch_requested"] == kinds


def test_a_person_may_take_back_what_an_agent_handed_in() -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
    assert types(hand_in(story, "1", "1" * 40)) == ["submitted"]
    for head, text in (("2" * 40, "2"), ("3" * 40, "1")):
        made = {"tests/test_scan.py": blob(text)}
        pushed = Facts(Permission.write, head, 1, pull_request=replace(PULL_REQUEST, head=head), made=made)
        assert types(story.ask(E.submitted, TASK, ADA, pushed)) == ["submitted"], "ada pushed onto claude's branch"


def test_a_reopened_task_begins_anew_and_what_is_known_survives_the_journal() -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=99), state=done("contract"))
    hand_in(story, "1", "1" * 40)
    fail_and_retry(story, "1" * 40)
    assert load(dump(story.state, 1)) == story.state
    assert story.state.task(TASK).made == {"tests/test_scan.py": (blob("1")[:12],)}
    story.tell(TASK, [E.cancelled, E.reopened])
    assert story.state.task(TASK).made == {}


SKIPPED = {
    ("open", E.completed): 39,
    ("working", E.completed): 16,
    ("done", E.started): 2,
    ("done", E.released): 1,
    ("done", E.blocked): 1,
}
"""How often the tasks of a real project took a step that no table allows, by hand, in 51 commits."""


@pytest.mark.parametrize(("status", "kind"), SKIPPED, ids=lambda word: str(word))
def test_the_steps_that_a_real_project_skipped_are_refused_each_time(status: str, kind: EventType) -> None:
    """Pending to completed 39 times, and its like: nobody had tested or reviewed any of it."""
    before = state(contract=standing(Status(status)))
    for _ in range(SKIPPED[status, kind]):
        story = Story(PLAN, state=before)
        answer = story.ask(kind, "todo/contract", ADA, replace(GOOD, delivered=None), reason="it is done")
        assert isinstance(answer, Refusal)
        assert story.state == before
        assert story.lines == []
