"""A hand-off that is killed at any of its writes, or whose writes GitHub refuses: the next reconcile ends it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.box import Fault, OfflineGitHub
from tests.e2e.chain import SOON, End, arrived, claimed, end, hear, killed, plain, reconcile, types, writes
from tests.e2e.hub import API, Person, gate, labels

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

HAND_OFF = ("task", "hand-off", "todo/screen", "--role", "testing")
WRITES = {
    "the journal": ("POST", "/git-receive-pack$"),
    "the gate": ("POST", "/statuses/"),
    "the labels": ("PUT", "/labels$"),
    "the dispatch": ("POST", "/dispatches$"),
}
EVENTS = ("claimed", "handed_off", "dispatch_requested", "dispatch_sent")
DONE = End(
    "open",
    EVENTS,
    frozenset({"status:open", "role:testing"}),
    ("failure", "no one has claimed todo/screen"),
    (1,),
)


def test_a_hand_off_is_five_writes_and_nothing_is_left_to_do(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = claimed(offline_github, tmp_path)
    before = len(ada.box.activity.requests)
    ada.json(*HAND_OFF)
    assert end(ada) == DONE
    kinds = [write.split("/")[-1 if "statuses" not in write else -2] for write in writes(ada.box, before)]
    assert kinds == ["git-receive-pack", "statuses", "labels", "dispatches", "git-receive-pack"]
    before = len(ada.box.activity.requests)
    reconcile(ada, tmp_path)
    assert writes(ada.box, before) == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("write", WRITES)
def test_killed_at_a_write_one_reconcile_ends_the_hand_off(
    offline_github: OfflineGitHub, tmp_path: Path, write: str, when: str
) -> None:
    ada = claimed(offline_github, tmp_path)
    killed(ada, Fault(*WRITES[write], when="before" if when == "before" else "after"), *HAND_OFF)
    if (write, when) == ("the journal", "before"):
        assert types(ada.box, "todo/screen") == ("claimed",), "nothing has happened"
        ada.json(*HAND_OFF)
    reconcile(ada, tmp_path)
    twice = (write, when) == ("the dispatch", "after")  # it was sent, and nobody is left who knows
    assert end(ada) == replace(DONE, arrived=(1 + twice,))
    assert hear(ada, arrived(ada.box)) == [0] * (1 + twice)
    assert types(ada.box, "todo/screen") == (*EVENTS, "claimed", "dispatch_acknowledged")


FORBIDDEN = {"message": "Resource not accessible by integration"}
REFUSALS = {
    "403": Fault("", "", 403, body=FORBIDDEN),
    "429": Fault("", "", 429, body={"message": "API rate limit exceeded"}, headers={"retry-after": "1"}),
    "502 before": Fault("", "", 502),
    "502 after": Fault("", "", 502, when="after"),
    "dropped before": Fault("", ""),
    "dropped after": Fault("", "", when="after"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_a_hand_off_could_not_show_or_send_the_next_reconcile_does(
    offline_github: OfflineGitHub, tmp_path: Path, kind: str
) -> None:
    ada = claimed(offline_github, tmp_path, SOON if kind != "429" else "")
    planted = [replace(REFUSALS[kind], method=method, path=path) for method, path in list(WRITES.values())[1:]]
    ada.box.plant(*planted)
    said = ada.kerrigan(*HAND_OFF)
    assert (said.returncode, ada.box.faults_left()) == (0, 0), said.stderr
    assert ("does not show it yet" in said.stderr) == (kind != "429")
    reconcile(ada, tmp_path)
    found, tries = end(ada), 1 + kind.endswith("after")
    if kind == "429":
        assert found == DONE
    else:
        events = (*EVENTS[:3], "dispatch_failed", "dispatch_resent")
        assert found == replace(DONE, events=events, arrived=(tries,))
    assert hear(ada, arrived(ada.box)) == [0] * tries
    assert types(ada.box, "todo/screen")[-2:] == ("claimed", "dispatch_acknowledged")


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_pull_request_is_opened_once_whatever_its_opening_met(
    offline_github: OfflineGitHub, tmp_path: Path, kind: str
) -> None:
    ada = Person(plain(offline_github), "ada", API, tmp_path)
    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    ada.box.push(API, "kerrigan/todo/contract", {"openapi.yml": "openapi: 3.1.0\n"}, "ada", "Do it")
    ada.box.plant(replace(REFUSALS[kind], method="POST", path="/pulls$"))
    said = ada.kerrigan("task", "submit", "todo/contract")
    code = {"403": 3, "502 before": 4, "dropped before": 4}.get(kind, 0)
    assert said.returncode == code, said.stderr
    if code:
        assert types(ada.box, "todo/contract") == ("claimed", "started"), "nothing half"
        ada.json("task", "submit", "todo/contract")
    assert types(ada.box, "todo/contract") == ("claimed", "started", "submitted")
    assert ada.task()["pull_request"]["number"] == 1
    assert len(ada.box.call("ada", "GET", f"/repos/{API}/pulls?state=all").body) == 1
    assert labels(ada.box, API, 1) == {"status:testing", "role:architect"}
    assert gate(ada.box, API, 1)[0] == "failure"
