"""What strangers name in their pull requests is read within a budget, and takes nothing from anyone else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.apply.checks.targets import MOST, NamedBy
from kerrigan.apply.events.gate import judge
from kerrigan.apply.events.reconcile import reconcile_each
from kerrigan.apply.state.effects import show_others
from kerrigan.apply.tasks.dependencies import dependency_facts
from kerrigan.model.project import Dependency, DependencyKind
from tests.seams.github_script import NOT_FOUND, pull
from tests.seams.site_on_github import HEAD, PULLS, REPO, SLUG, Hub, from_fork, proposed
from tests.seams.strangers import FORKS, MERGED, flood, home_in, looked_up, posted, reads


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with home_in(tmp_path) as hub:
        yield hub


def test_twenty_forks_with_fifty_targets_each_cost_120_reads_at_most(hub: Hub) -> None:
    forks = flood(hub)
    reconcile_each(hub.site, ["todo"])
    assert len(reads(hub)) <= 120
    assert len(looked_up(hub)) == len(set(looked_up(hub))) == MOST[NamedBy.strangers]
    statuses = posted(hub)
    assert {statuses[fork["head"]["sha"]]["state"] for fork in forks} == {"pending"}
    words = " ".join(statuses[fork["head"]["sha"]]["description"] for fork in forks)
    assert words.count("which could not be looked up: the 90 requests that a run makes for") == FORKS
    said = [line for line in hub.told if line.startswith("not looked up")]
    assert len(said) == 1
    assert ": acme/api#11004, acme/api#12004, acme/api#13004 and 907 more: " in said[0]


def test_all_that_was_read_is_known_whoever_names_it_next(hub: Hub) -> None:
    flood(hub)
    show_others(hub.site)
    before = len(looked_up(hub))
    show_others(hub.site)
    assert len(looked_up(hub)) == before


def test_what_members_and_tasks_name_is_read_all_the_same(hub: Hub) -> None:
    own = proposed(5, HEAD, "mine", body="Depends-on: #9")
    from_fork_of_a_member = from_fork(6, "d" * 40, body="Depends-on: #10", author_association="MEMBER")
    flood(hub, own, from_fork_of_a_member)
    for number in (9, 10, 11):
        hub.github.undescribed(f"{PULLS}/{number}", pull(number, "x", **MERGED))
    show_others(hub.site)
    assert [posted(hub)[sha]["state"] for sha in (HEAD, "d" * 40)] == ["success", "success"]
    assert looked_up(hub)[:2] == [9, 10]
    stage = hub.stage()
    named = Dependency("#11", DependencyKind.issue, f"{SLUG}#11")
    task = replace(stage.project.tasks["todo/screen"], depends_on=(named,))
    assert dependency_facts(hub.site, stage, [task]).satisfied == {named.target}


def test_each_stranger_has_the_first_target_read_before_any_has_the_second(hub: Hub) -> None:
    flood(hub, from_fork(999, "e" * 40, body="Depends-on: #9"))
    hub.github.undescribed(f"{PULLS}/9", pull(9, "x", **MERGED))
    show_others(hub.site)
    assert posted(hub)["e" * 40]["state"] == "success"


def test_one_that_is_asked_for_alone_has_the_whole_budget(hub: Hub) -> None:
    flood(hub)
    assert judge(hub.site, 119).verdict == "pass"


def test_an_open_one_of_this_repository_is_known_from_the_listing(hub: Hub) -> None:
    hub.shows(from_fork(6, "d" * 40, body="Depends-on: #7"), from_fork(7, "e" * 40, body="Depends-on: #6"))
    for sha in ("d" * 40, "e" * 40):
        hub.github.on("POST", f"{REPO}/statuses/{sha}", NOT_FOUND)
    show_others(hub.site)
    assert looked_up(hub) == []
    assert "these wait for each other" in posted(hub)["d" * 40]["description"]


def test_a_hidden_repository_is_asked_once_and_told_like_one_that_is_absent(hub: Hub) -> None:
    hub.shows(from_fork(6, "d" * 40, body="Depends-on: acme/hidden#1, acme/hidden#2\nDepends-on: #3"))
    verdict = judge(hub.site, 6)
    hidden = "/repos/acme/hidden"
    assert [path for path in reads(hub) if "hidden" in path] == [hidden, f"{hidden}/pulls/1", hidden]
    assert {reason.message.partition("which ")[2] for reason in verdict.reasons} == {
        "could not be looked up: there is no such pull request or issue, or not everyone who reads this may see it"
    }
    assert {reason.next for reason in verdict.reasons} == {"kerrigan gate --pr 6, in a clone with a token that sees it"}
