"""Tasks that wait for other projects of the same home: as many processes for many as for a few."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.append import append, new_request
from kerrigan.apply.state.site import Site, open_site
from kerrigan.apply.state.stage import read
from kerrigan.apply.tasks.dependencies import dependency_facts
from kerrigan.decide.step import step
from kerrigan.git.repo import Clone, git
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts, Merging
from kerrigan.model.project import Permission
from kerrigan.model.state import Status

CloneOf = Callable[..., Clone]
SPEC = "---\nkerrigan: 7\n---\n# A project\n\nOf many.\n"
FEW, MANY = 6, 30
ADA, HEAD = Actor("ada"), "a" * 40
WHY = {"p3/api": "tasks.yml", "p4/api": "no project 'p4'", "p5/api": "no task 'p5/api'"}
"""What is said of projects that a test breaks."""

SHIM = '#!/bin/sh\necho "$1 $2" >>"{log}"\nexec "{git}" "$@"\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A home where project `few` waits for six others and `many` for thirty, each task for one; one of them is done."""
    home = tmp_path / "forge" / "acme" / "home.git"
    git("init", "-q", "--bare", "-b", "main", str(home), cwd=tmp_path)
    git("clone", "-q", str(home), "ada", cwd=tmp_path)
    clone = tmp_path / "ada"
    git("config", "user.name", "ada", cwd=clone)
    waiting = {"few": range(FEW), "many": range(MANY)}
    plans = {f"p{n}": "  - {id: api, title: Serve it, role: swe}\n" for n in range(MANY)}
    for name, numbers in waiting.items():
        rows = (f"  - {{id: t{n}, title: Use it, role: swe, depends_on: [p{n}/api]}}\n" for n in numbers)
        plans[name] = "".join(rows)
    for name, tasks in plans.items():
        folder = clone / "specs" / "projects" / name
        folder.mkdir(parents=True)
        (folder / "spec.md").write_text(SPEC)
        (folder / "tasks.yml").write_text(f"kerrigan: 7\ntasks:\n{tasks}")
    git("checkout", "-q", "-B", "main", cwd=clone)
    git("add", ".", cwd=clone)
    git("commit", "-q", "-m", "Plan", cwd=clone)
    git("push", "-q", "origin", "main", cwd=clone)
    site = open_site(clone, {}, "ada", say=print, detail=lambda line: None)
    for name in ("few", "many"):
        cancel(site, f"{name}/t0")  # so that each has a journal
    finish(site, "p1/api")
    return open_site(clone, {}, "ada", say=print, detail=lambda line: None)


def ask(site: Site, task: str, event: EventType, facts: Facts) -> None:
    stage = read(site, task.partition("/")[0])
    request = replace(new_request(event, task, ADA), reason="so it is", fence=stage.state.task(task).fence)
    outcome = append(site, stage, lambda s: step(s.project, s.workspace, s.state, request, facts))
    assert isinstance(outcome.answer, Decision), outcome.answer


def cancel(site: Site, task: str) -> None:
    ask(site, task, EventType.cancelled, Facts(Permission.write))


def finish(site: Site, task: str) -> None:
    for event in (EventType.claimed, EventType.started, EventType.submitted, EventType.completed):
        ask(site, task, event, Facts(Permission.write, HEAD, 1, delivered="d" * 40, merging=Merging("main", HEAD)))


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The commands of git since it was asked the last time."""
    log = tmp_path / "calls"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(SHIM.format(log=log, git=shutil.which("git")))
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    def since() -> list[str]:
        found = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return [line.split()[0] for line in found]

    return since


def test_reconcile_starts_as_many_processes_for_many_as_for_a_few(site: Site, calls: Callable[[], list[str]]) -> None:
    counted = {}
    for name in ("few", "many"):
        stage = read(site, name)
        calls()
        assert reconcile(site, stage).events == ()
        counted[name] = calls()
    assert counted["many"] == counted["few"]
    assert counted["few"].count("ls-remote") == 1


def test_what_holds_is_known_of_each(site: Site) -> None:
    stage = read(site, "many")
    assert read(site, "p1").state.task("p1/api").status is Status.done
    found = dependency_facts(site, stage, list(stage.project.tasks.values()))
    assert (found.satisfied, found.unknown) == (frozenset({"p1/api"}), {})
    assert found.about(["p1/api", "p2/api"]).satisfied == {"p1/api"}


def test_only_what_moved_is_read_again(site: Site, calls: Callable[[], list[str]]) -> None:
    stage = read(site, "many")
    tasks = list(stage.project.tasks.values())
    dependency_facts(site, stage, tasks)
    finish(open_site(site.clone.root, {}, "ada", say=print, detail=lambda line: None), "p7/api")
    calls()
    known = {name: snapshot.files for name, snapshot in site.others.items()}
    assert dependency_facts(site, stage, tasks).satisfied == {"p1/api", "p7/api"}
    assert calls() == ["ls-remote", "cat-file"]
    again = {name for name, snapshot in site.others.items() if snapshot.files is not known[name]}
    assert again == {"p7"}
    assert dependency_facts(site, stage, tasks).satisfied == {"p1/api", "p7/api"}
    assert calls() == ["ls-remote"], "nothing moved"


def test_one_that_cannot_be_read_hides_no_other(site: Site) -> None:
    folder = site.clone.root / "specs" / "projects"
    (folder / "p3" / "tasks.yml").write_text("kerrigan: 7\ntasks: [\n")
    shutil.rmtree(folder / "p4")
    (folder / "p5" / "tasks.yml").write_text("kerrigan: 7\ntasks: []\n")
    git("add", "-A", cwd=site.clone.root)
    git("commit", "-q", "-m", "Break some", cwd=site.clone.root)
    git("push", "-q", "origin", "main", cwd=site.clone.root)
    stage = read(site, "many")
    found = dependency_facts(site, stage, list(stage.project.tasks.values()))
    assert found.satisfied == {"p1/api"}
    assert {target: word in found.unknown[target] for target, word in WHY.items()} == dict.fromkeys(WHY, True)
    assert found.unknown.keys() == WHY.keys()
