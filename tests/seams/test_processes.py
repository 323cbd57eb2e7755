"""Processes of this machine: which one holds a claim, and whether it has ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.append import append, new_request
from kerrigan.apply.state.stage import Stage
from kerrigan.apply.tasks.processes import bound_to, has_ended, run_of_process, start_elsewhere, start_on_linux
from kerrigan.decide.fold.recording import Recording
from kerrigan.errors import UsageError
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType, Run
from kerrigan.model.process import FIRST_NAMESPACE, process_of
from kerrigan.model.state import Status
from tests.seams.github_script import scripted
from tests.seams.site_on_github import CONTRACT, SPEC, TASKS, Hub, hub_on, repository

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
IDLE = "import sys; print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that runs until it is ended."""
    command = [sys.executable, "-c", IDLE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline()
        yield started
        started.kill()


def test_a_process_has_ended_when_it_is_gone(process: "subprocess.Popen[bytes]") -> None:
    run = run_of_process(process.pid).id
    assert not has_ended(run)
    assert run_of_process(process.pid).id == run, "anyone who asks"
    process.kill()
    process.wait()
    assert has_ended(run)


def test_every_process_sees_the_same_id(process: "subprocess.Popen[bytes]") -> None:
    code = f"from kerrigan.apply.tasks.processes import run_of_process; print(run_of_process({process.pid}).id)"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert seen == run_of_process(process.pid).id


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process that ended and is waited for")
def test_a_process_that_no_one_waited_for_has_ended(process: "subprocess.Popen[bytes]") -> None:
    run = run_of_process(process.pid).id
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert has_ended(run)
    assert start_elsewhere(process.pid) is None
    with pytest.raises(UsageError, match=f"no process with the id {process.pid} runs"):
        run_of_process(process.pid)


def test_a_pid_that_was_given_out_again_is_another_process() -> None:
    mine = process_of(run_of_process(os.getpid()).id)
    assert mine is not None
    before = f"host:{mine.host.machine}/{mine.host.boot}/{mine.host.namespace}/{mine.pid}/1{mine.start}"
    assert has_ended(before)
    assert not has_ended(mine.id)


@pytest.mark.parametrize("part", range(3))
def test_of_another_machine_nothing_is_known(part: int) -> None:
    parts = run_of_process(os.getpid()).id.removeprefix("host:").split("/")
    parts[part], parts[4] = "f00", "1"
    known = part == 1 and parts[2] == FIRST_NAMESPACE and parts[0] != "0"
    assert has_ended("host:" + "/".join(parts)) is known, "another boot of this machine is over"


@pytest.mark.parametrize("pid", [2**22 + 1, 2**31 - 1, 2**63, 10**30])
def test_a_process_that_is_not_there(pid: int) -> None:
    with pytest.raises(UsageError, match=f"no process with the id {pid} runs on this machine"):
        run_of_process(pid)
    assert start_elsewhere(pid) is None


def test_what_the_system_reports_is_when_it_started(process: "subprocess.Popen[bytes]") -> None:
    started, own = start_elsewhere(process.pid), start_elsewhere(os.getpid())
    assert started is not None
    assert own is not None
    assert int(own) < int(started), "in ms since 1970, as the system reports it"
    assert start_elsewhere(process.pid) == started


@LINUX
def test_a_command_may_have_any_name(tmp_path: Path) -> None:
    odd = tmp_path / "a) Z (1 2"
    odd.symlink_to(sys.executable)
    with subprocess.Popen([odd, "-c", IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline()
        assert Path(f"/proc/{started.pid}/comm").read_text().strip() == odd.name
        assert (start_on_linux(started.pid) or "").isdecimal()
        started.kill()


def test_in_a_workflow_run_its_end_counts() -> None:
    request = new_request(EventType.claimed, CONTRACT, Actor("ada"), Run("acme/api/712"))
    with pytest.raises(UsageError, match="this is the workflow run acme/api/712"):
        bound_to(request, os.getpid())


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    clone = repository(tmp_path, "api", plan)
    with scripted() as github, hub_on(github, tmp_path / "acme" / "api.git", clone) as hub:
        yield hub


def test_reconcile_frees_on_github_what_an_ended_process_held_and_asks_no_one(
    hub: Hub, process: "subprocess.Popen[bytes]"
) -> None:
    request = bound_to(new_request(EventType.claimed, CONTRACT, Actor("codex", "agent")), process.pid)

    def decide(stage: Stage) -> Decision | None:
        recording = Recording(stage.state, request)
        recording.add(request.type, CONTRACT, request.actor, {"lease_until": "2999-01-01T00:00:00.000Z"})
        return recording.decision()

    append(hub.site, hub.stage(), decide)
    hub.github.get("/repos/acme/api/pulls", [])
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.claimed
    process.kill()
    process.wait()
    reconcile(hub.site, hub.stage())
    assert (hub.standing().status, hub.standing().holder) == (Status.open, None)
