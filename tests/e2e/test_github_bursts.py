"""Events in a burst, twice, late or never: the chain ends where it would have ended, and never answers itself."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.box import Box, Fault, OfflineGitHub
from tests.e2e.chain import (
    approve,
    arrive,
    arrived,
    audible,
    begin,
    green,
    hear,
    journal,
    merge,
    plain,
    submitted,
    types,
    writes,
)
from tests.e2e.hub import API, WEB, Person, gate, labels

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

BRANCH = "kerrigan/todo/contract"
JOURNAL = "kerrigan-state/todo"
ALL_COUNT = ("role:testing", "agent:go", "agent:sprint", "autonomy:override", "kerrigan:pause")
ONE_WINS = ("role:testing", "role:review", "kerrigan:block", "kerrigan:retry", "kerrigan:cancel")
LIFE = ["claimed", "started", "submitted", "tests_passed", "approved", "completed"]


Heard = Callable[[Person], object]


@dataclass(frozen=True)
class Ended:
    """Where a life ended."""

    statuses: list[str]
    history: list[str]
    labels: list[set[str]]
    woken: set[str]


def test_a_push_between_the_look_and_the_append_leaves_the_gate_red_until_it_is_submitted(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    box = plain(offline_github)
    ada = Person(box, "ada", API, tmp_path)
    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    old = box.push(API, BRANCH, {"openapi.yml": "openapi: 3.0.0\n"}, "ada", "Do it")
    pushed: list[str] = []

    def push() -> None:
        pushed.append(box.push(API, BRANCH, {"openapi.yml": "openapi: 3.1.0\n"}, "ada", "Once more"))

    box.plant(Fault("POST", "/git-receive-pack$", when="beside", then=push))
    ada.json("task", "submit", "todo/contract")
    assert ada.task()["pull_request"]["head"] == old != pushed[0]
    assert gate(box, API, 1)[1].startswith("new push: ")
    box.settle()
    assert set(hear(ada, [e for e in box.events if e.action in {"opened", "synchronize"}])) == {0}
    assert ada.task()["pull_request"]["head"] == pushed[0]
    assert types(box, "todo/contract") == ("claimed", "started", "submitted", "submitted")


@pytest.mark.parametrize("order", range(2))
def test_five_labels_within_a_second_all_count_in_any_order_and_wake_nothing_more(
    offline_github: OfflineGitHub, tmp_path: Path, order: int
) -> None:
    ada = labelled(offline_github, tmp_path, ALL_COUNT, order)
    standing = ada.task()
    assert (standing["status"], standing["role"]) == ("open", "testing")
    granted = {"agent:go", "agent:sprint", "autonomy:override"}
    assert labels(ada.box, API, 1) == {"status:open", "role:testing"} | granted
    assert sorted(types(ada.box, "todo/contract")[4:]) == ["granted", "granted", "granted", "handed_off"]
    assert heard_once_more(ada) == []


@pytest.mark.parametrize("order", range(2))
def test_labels_that_exclude_each_other_end_as_the_journal_says(
    offline_github: OfflineGitHub, tmp_path: Path, order: int
) -> None:
    ada = labelled(offline_github, tmp_path, ONE_WINS, order)
    standing = ada.task()
    assert standing["status"] == "cancelled"
    assert labels(ada.box, API, 1) == {"status:cancelled", f"role:{standing['role']}"}
    said = types(ada.box, "todo/contract")[4:]
    assert (said.count("cancelled"), said[-1]) == (1, "cancelled")
    assert all("/comments" in write for write in heard_once_more(ada)), "who asks again for what is over is told so"
    assert labels(ada.box, API, 1) == {"status:cancelled", f"role:{standing['role']}"}


def labelled(boot: OfflineGitHub, tmp_path: Path, wanted: tuple[str, ...], order: int) -> Person:
    """Somebody whose pull request in review got these labels at once, each heard by a run of its own."""
    ada = submitted(boot, tmp_path)
    ada.json("reconcile")
    ada.box.label("ben", API, 1, *wanted)
    ada.box.settle()
    asked = [e for e in ada.box.events if e.action == "labeled" and e.actor == "ben"]
    assert len(asked) == len(wanted)
    random.Random(order).shuffle(asked)
    assert [process.wait() for process in [arrive(ada, event) for event in asked]] == [0] * len(asked)
    return ada


def heard_once_more(ada: Person) -> list[str]:
    """What is written when every event so far is heard once more, Kerrigan's own too. The journal is not."""
    ada.box.settle()
    before, tip = len(ada.box.activity.requests), ada.box.tip(API, JOURNAL)
    assert set(hear(ada, audible(ada.box.events))) == {0}
    assert ada.box.tip(API, JOURNAL) == tip
    return writes(ada.box, before)


def life(box: Box, tmp_path: Path, heard: Heard) -> Ended:
    """From the first claim to the last merge; `heard` is what comes of each thing that happens in a repository."""
    at = {slug: Person(box, "ada", slug, tmp_path) for slug in (API, WEB)}
    for ada, task in ((at[API], "todo/contract"), (at[WEB], "todo/screen")):
        if ada.task(task)["status"] == "open":
            ada.json("task", "claim", task)
        ada.json("task", "start", task)
        box.push(ada.slug, f"kerrigan/{task}", {"done.txt": "done\n"}, "ada", "Do it")
        ada.json("task", "submit", task)
        green(box, ada.slug, f"kerrigan/{task}")
        heard(ada)
        approve(box, 1, ada.slug)
        heard(ada)
        merge(box, 1, ada.slug)
        heard(ada)
        heard(at[WEB])
    return Ended(
        [at[API].task(task)["status"] for task in ("todo/contract", "todo/screen")],
        [event["type"] for event in journal(box) if not event["type"].startswith("dispatch_")],
        [labels(box, slug, 1) for slug in (API, WEB)],
        {event.payload["client_payload"]["key"] for event in arrived(box)},
    )


def every_event_twice() -> Heard:
    """Every event of a repository arrives there twice, and what that causes does too."""
    done: set[int] = set()

    def heard(person: Person) -> None:
        person.box.settle()
        while fresh := [e for e in audible(person.box.events) if e.slug == person.slug and id(e) not in done]:
            done.update(map(id, fresh))
            assert set(hear(person, [one for event in fresh for one in (event, event)])) == {0}
            person.box.settle()

    return heard


def only_reconcile() -> Heard:
    """No event ever arrives."""
    return lambda person: person.json("reconcile")


@pytest.mark.parametrize("hearing", [every_event_twice, only_reconcile])
def test_a_life_ends_the_same_whether_its_events_come_twice_or_never(
    offline_github: OfflineGitHub, tmp_path: Path, hearing: Callable[[], Heard]
) -> None:
    box = plain(offline_github)
    ended = life(box, tmp_path, hearing())
    assert (ended.statuses, ended.history) == (["done", "done"], LIFE * 2)
    assert ended.labels == [{"status:done", "role:architect"}, {"status:done", "role:swe"}]
    assert len(ended.woken) == 1


def test_two_reconciles_at_once_write_everything_once(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = submitted(offline_github, tmp_path)
    ada.json("reconcile")
    approve(ada.box)
    merge(ada.box)
    other = Person(ada.box, "ben", API, tmp_path)
    assert [process.wait() for process in [begin(one, "reconcile") for one in (ada, other)]] == [0, 0]
    assert types(ada.box, "todo/contract") == (*LIFE[:4], "completed")
    assert types(ada.box, "todo/screen") == ("dispatch_requested", "dispatch_sent")
    assert len({event.payload["client_payload"]["key"] for event in arrived(ada.box)}) == 1
    web = Person(ada.box, "ada", WEB, tmp_path)
    assert set(hear(web, arrived(ada.box))) == {0}
    assert types(ada.box, "todo/screen")[2:] == ("claimed", "dispatch_acknowledged")
