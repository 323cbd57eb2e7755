"""A run of one program: its limits, its output, and that nothing of it is left. The programs are small and hostile."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.agents.acp import Client
from kerrigan.agents.process import Cause, Ended, Invocation, Limits, refuse_windows, run_process
from kerrigan.agents.profile import RetryWatch
from kerrigan.agents.tree import MARKER, marked
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.model.attempt import Outcome, Purpose

needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc: no sweep by marker here")
SECRET = "s3cret-value-of-a-key"


@pytest.fixture
def invoke(tmp_path: Path) -> Callable[..., Invocation]:
    """Invocations of Python programs by their text, with a work tree, a HOME and a prompt."""

    def make(program: str, *words: str, watched: tuple[str, ...] = ()) -> Invocation:
        for name in ("tree", "home"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "prompt.md").write_text("the prompt\n", encoding="utf-8")
        return Invocation(
            argv=(sys.executable, "-c", textwrap.dedent(program), *words),
            environment={"PATH": os.defpath, "KEY": SECRET},
            tree=tmp_path / "tree",
            stdin=tmp_path / "prompt.md",
            marker=f"marker-{os.urandom(8).hex()}",
            home=tmp_path / "home",
            secrets=(SECRET,),
            watched=watched,
        )

    return make


def run(invocation: Invocation, tmp_path: Path, **limits: float | int | None) -> Ended:
    values = {"seconds": 60.0, "silence": None, **limits}
    return run_process(invocation, Limits(**values), tmp_path / "log")  # type: ignore[arg-type]


def test_a_program_reads_a_file_and_its_output_is_kept(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    program = """
        import os, stat, sys
        print("regular" if stat.S_ISREG(os.fstat(0).st_mode) else "not a file", sys.stdin.read().strip())
        print("leads a session:", os.getsid(0) == os.getpid(), file=sys.stderr)
        sys.exit(7)
    """
    ended = run(invoke(program), tmp_path)
    assert (ended.exit, ended.cause, ended.left) == (7, None, 0)
    assert ended.stdout.read_text() == "regular the prompt\n"
    assert ended.stderr.read_text() == "leads a session: True\n"


def test_a_program_gets_the_environment_it_is_given_and_no_other(
    invoke: Callable[..., Invocation], tmp_path: Path
) -> None:
    ended = run(invoke("import os; print(*sorted(os.environ))"), tmp_path)
    assert set(ended.stdout.read_text().split()) - {"LC_CTYPE"} == {"KEY", MARKER, "PATH"}


def test_a_secret_is_in_no_log_also_across_chunks(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    program = """
        import os, sys, time
        half = len(os.environ["KEY"]) // 2
        for stream in (sys.stdout, sys.stderr):
            stream.write("a " + os.environ["KEY"][:half]); stream.flush(); time.sleep(0.2)
            stream.write(os.environ["KEY"][half:] + " b " + os.environ["KEY"][:3]); stream.flush()
    """
    ended = run(invoke(program), tmp_path)
    assert ended.stdout.read_text() == ended.stderr.read_text() == f"a *** b {SECRET[:3]}"


def test_too_much_time_is_ended(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    ended = run(invoke("import time; time.sleep(60)"), tmp_path, seconds=0.3)
    assert (ended.cause, ended.exit) == (Cause.time, -signal.SIGTERM)


PRINTS = "for n in range(30): print(n, flush=True); time.sleep(0.1)"
WRITES = "for n in range(30): open(f'file-{n}', 'w').close(); time.sleep(0.1)"
RECORDS = "for n in range(30): open('../home/log', 'a').write('.'); time.sleep(0.1)"


@pytest.mark.parametrize(
    ("program", "watched", "cause"),
    [
        ("time.sleep(60)", ("log",), Cause.silence),
        (PRINTS, (), None),
        (WRITES, (), None),
        (RECORDS, ("lo*",), None),
        (RECORDS + "\ntime.sleep(60)", (), Cause.silence),
    ],
)
def test_silence_is_no_output_and_no_change_of_the_tree_or_of_the_sessions(
    invoke: Callable[..., Invocation], tmp_path: Path, program: str, watched: tuple[str, ...], cause: Cause | None
) -> None:
    assert run(invoke(f"import time\n{program}", watched=watched), tmp_path, silence=2.0).cause is cause


def test_windows_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        refuse_windows("nt")
    assert raised.value.next_step == "use WSL"


def test_output_without_an_end_fills_neither_memory_nor_disk(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    import psutil

    before = psutil.Process().memory_info().rss
    ended = run(invoke("while True: print('x' * 9999)"), tmp_path, output=30_000_000)
    assert ended.cause is Cause.output
    assert ended.stdout.stat().st_size <= 30_000_000
    assert psutil.Process().memory_info().rss - before < 20_000_000


def test_the_caller_stops_a_run_with_an_outcome(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    began = time.monotonic()
    stop: Callable[[], Outcome | None] = lambda: Outcome.superseded if time.monotonic() - began > 0.3 else None  # noqa: E731
    ended = run_process(invoke("import time; time.sleep(60)"), Limits(), tmp_path / "log", stop)
    assert (ended.cause, ended.asked) == (Cause.caller, Outcome.superseded)


HOSTILE = """
    import os, signal, subprocess, sys, time
    ignore = (
        "import signal, time\\n"
        "for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(one, signal.SIG_IGN)\\n"
        "time.sleep(120)"
    )
    plain = "import time; time.sleep(120)"

    def start(code, **rest):
        return subprocess.Popen([sys.executable, "-c", code], **rest)

    start(plain)                                  # a child in the group
    start(ignore, stdout=subprocess.DEVNULL)      # one that ignores the signal
    start(ignore, start_new_session=True, stdout=subprocess.DEVNULL)   # one with a session of its own
    if os.fork() == 0:                            # and one whose parents are gone
        os.setsid()
        if os.fork() == 0:
            start(ignore, stdout=subprocess.DEVNULL)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(120)
        os._exit(0)
    os.wait()
    time.sleep(0.5)
    open("ready", "w").close()
    time.sleep(float(sys.argv[1]))
"""


@needs_proc
@pytest.mark.parametrize("how", ["stopped", "ended"])
def test_nothing_of_a_hostile_tree_is_left(invoke: Callable[..., Invocation], tmp_path: Path, how: str) -> None:
    invocation = invoke(HOSTILE, "120" if how == "stopped" else "0")
    ready = invocation.tree / "ready"
    seen: list[int] = []

    def stop() -> Outcome | None:
        if how == "stopped" and ready.exists():
            seen.extend(marked(invocation.marker))
            return Outcome.stopped
        return None

    ended = run_process(invocation, Limits(), tmp_path / "log", stop)
    print(f"{how}: {len(seen) or ended.left} processes, gone after {ended.killing:.2f} s")
    assert len(seen) >= 6 if how == "stopped" else ended.left >= 5
    assert marked(invocation.marker) == []
    assert ended.exit == 0 or how == "stopped"


RUN = """
    import os, sys
    from pathlib import Path
    from kerrigan.agents.process import Invocation, Limits, run_process
    program = (
        "import signal, subprocess, sys, time; len(sys.argv) > 1 and signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen(['sleep', '99'], start_new_session=True); open('ready', 'w').close(); time.sleep(99)"
    )
    base = Path(sys.argv[1])
    run_process(
        Invocation(
            (sys.executable, "-c", program, *sys.argv[3:]), {"PATH": os.defpath}, base / "tree", base / "prompt.md",
            sys.argv[2], base / "home",
        ),
        Limits(), base / "log",
    )
"""


@needs_proc
@pytest.mark.parametrize(
    ("signals", "exit_status"),
    [
        ([signal.SIGINT], -signal.SIGINT),
        ([signal.SIGINT, signal.SIGINT, signal.SIGTERM], None),
        ([signal.SIGTERM], 128 + signal.SIGTERM),
        ([signal.SIGHUP], 128 + signal.SIGHUP),
    ],
)
def test_an_interrupt_ends_the_tree_before_it_ends_us(
    tmp_path: Path, invoke: Callable[..., Invocation], signals: list[signal.Signals], exit_status: int | None
) -> None:
    """Also a second one, from someone who does not want to wait for a program that ignores the first."""
    marker = invoke("pass").marker
    words = (
        sys.executable,
        "-c",
        textwrap.dedent(RUN),
        str(tmp_path),
        marker,
        *(["ignores it"] if len(signals) > 1 else []),
    )
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as started:
        while not (tmp_path / "tree/ready").exists():
            assert started.poll() is None
            time.sleep(0.05)
        assert len(marked(marker)) == 2
        for number in signals:
            started.send_signal(number)
            time.sleep(0.3)
        assert started.wait(60) == exit_status or exit_status is None
    assert marked(marker) == []


def test_a_program_that_is_not_there_is_named(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="/no/such/program cannot be started"):
        run(replace(invoke("pass"), argv=("/no/such/program",)), tmp_path)


def test_a_process_that_hides_and_holds_the_output_open_does_not_hold_us(
    invoke: Callable[..., Invocation], tmp_path: Path
) -> None:
    program = """
        import os, subprocess, sys
        child = subprocess.Popen(["sleep", "30"], start_new_session=True, env={"PATH": os.environ["PATH"]})
        print(child.pid)
    """
    ended = run(invoke(program), tmp_path)
    assert ended.exit == 0
    os.kill(int(ended.stdout.read_text()), signal.SIGKILL)
    for thread in threading.enumerate():
        if thread.name.startswith("agent-"):
            thread.join(10)


WATCH = RetryWatch("stderr", re.compile(rb"^failed"), re.compile(rb"^answered"), times=3, patience=0.8)


@pytest.mark.parametrize(
    ("program", "cause"),
    [
        ("for _ in range(3): print('failed', file=sys.stderr, flush=True)\ntime.sleep(60)", Cause.retries),
        ("print('failed', file=sys.stderr, flush=True)\ntime.sleep(60)", Cause.retries),
        ("for _ in range(3): print('failed\\nfailed\\nanswered', file=sys.stderr, flush=True)", None),
        ("for _ in range(3): print('failed', flush=True)\ntime.sleep(1.2)", None),
        ("sys.stderr.write('x' * 200_000 + 'failed\\n' * 2); sys.stderr.flush(); time.sleep(0.2)", None),
    ],
)
def test_an_agent_that_tries_again_and_again_is_stopped(
    invoke: Callable[..., Invocation], tmp_path: Path, program: str, cause: Cause | None
) -> None:
    invocation = replace(invoke(f"import sys, time\n{program}"), retries=WATCH)
    assert run(invocation, tmp_path).cause is cause


def test_the_retries_of_an_agents_own_record_count(invoke: Callable[..., Invocation], tmp_path: Path) -> None:
    program = """
        import os, time
        os.makedirs("../home/sessions")
        with open("../home/sessions/one.jsonl", "w") as file:
            for _ in range(3):
                file.write("failed\\n"); file.flush(); time.sleep(0.1)
        time.sleep(60)
    """
    watch = replace(WATCH, stream="session", patience=50.0)
    ended = run(replace(invoke(program), retries=watch, record="sessions/*.jsonl"), tmp_path)
    assert ended.cause is Cause.retries
    assert ended.record == tmp_path / "home/sessions/one.jsonl"


AGENT = """
    import json, sys
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("method") == "initialize":
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"protocolVersion": 1}}), flush=True)
        elif message.get("method") == "session/new":
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"sessionId": "s1"}}), flush=True)
        elif message.get("method") == "session/prompt":
            size = len(message["params"]["prompt"][0]["text"])
            print("noise before the answer", flush=True)
            update = {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": f"read {size}"}}
            print(json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {"update": update}}), flush=True)
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"stopReason": "end_turn"}}), flush=True)
    print("standard input has ended", file=sys.stderr)
    TAIL
"""


@pytest.mark.parametrize(("tail", "killed"), [("", False), ("import time; time.sleep(60)", True)])
def test_a_dialogue_ends_and_so_does_the_program(
    invoke: Callable[..., Invocation], tmp_path: Path, tail: str, killed: bool
) -> None:
    client = Client(tmp_path / "tree", "x" * 500_000, Purpose.implement)
    ended = run(replace(invoke(AGENT.replace("TAIL", tail)), dialogue=client), tmp_path)
    assert (ended.exit, ended.cause, client.done) == (0, None, True)
    assert "read 500000" in ended.stdout.read_text()
    assert ended.stderr.read_text() == "standard input has ended\n"
    assert (ended.killing > 0) is killed


def test_a_program_that_ends_in_the_middle_of_a_dialogue_has_its_own_exit_status(
    invoke: Callable[..., Invocation], tmp_path: Path
) -> None:
    client = Client(tmp_path / "tree", "x" * 500_000, Purpose.implement)
    ended = run(replace(invoke("import sys; sys.stdin.readline(); sys.exit(3)"), dialogue=client), tmp_path)
    assert (ended.exit, client.done) == (3, False)
