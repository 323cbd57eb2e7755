"""Whole processes, side by side: `kerrigan check` of 2,000 tasks against check-jsonschema on the same file.

Run it with `python benchmarks/check.py`; check-jsonschema has to be on PATH or beside this Python. The bare script
parses with positions and validates, and does nothing else: the least that a check of this kind can cost. Then what a
check costs that was made before, of the same tree and of 1,000 files of which 10 have changed, against the start of
the program alone; then whether 50,000 tasks cost twenty-five times as much as 2,000, and how much memory they take.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

ROUNDS, TASKS = 9, 2_000
SCHEMA = Path(__file__).parent.parent / "schemas" / "tasks.schema.json"
SPEC = "---\nkerrigan: 7\n---\n# Big\n\nTwo thousand tasks.\n"
TASK = """\
  - id: task-{n}
    title: Do the part number {n} of the whole
    role: swe
    paths: [src/part-{n}.py, "tests/part-{n}/**"]
    acceptance: ["part {n} does what its test says", "nothing else changed"]
    risk: medium
    estimate: {{usd: 2.5}}
    depends_on: [{needs}]
"""
BARE = """\
import json, sys, yaml, jsonschema
def data(node):
    if isinstance(node, yaml.MappingNode):
        return {key.value: data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [data(value) for value in node.value]
    return json.loads(node.value) if node.tag.endswith((":int", ":float", ":bool")) else node.value
found = data(yaml.compose(open(sys.argv[2]).read(), Loader=yaml.CSafeLoader))
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
sys.exit(len(list(validator.iter_errors(found))))
"""
PEAK = """\
import resource, subprocess, sys
subprocess.run([sys.argv[1], "check", sys.argv[2]], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def write_project(root: Path, name: str = "big", tasks: int = TASKS) -> Path:
    """One project of chains of twenty: a task depends on the one before and the one ten before. Its tasks.yml."""
    folder = root / "specs" / "projects" / name
    folder.mkdir(parents=True)
    (folder / "spec.md").write_text(SPEC)
    needs = (", ".join(f"task-{n - back}" for back in (1, 10) if n % 20 >= back) for n in range(tasks))
    entries = "".join(TASK.format(n=n, needs=needed) for n, needed in enumerate(needs))
    (folder / "tasks.yml").write_text(f"kerrigan: 7\ntasks:\n{entries}")
    return folder / "tasks.yml"


def beside(name: str) -> str:
    """A program of this environment, or the one on PATH."""
    own = Path(sys.executable).parent / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed here: pip install {name}")
    return found


def seconds(command: Sequence[str]) -> float:
    """How long a process takes; it has to succeed."""
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def measure(commands: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The fastest run of each command, in seconds; the rounds are interleaved, so that all see the same machine."""
    rounds = [{name: seconds(command) for name, command in commands.items()} for _ in range(ROUNDS)]
    return {name: min(times[name] for times in rounds) for name in commands}


def show(title: str, times: dict[str, float], peer: str) -> None:
    """Print each time and its ratio to the peer's."""
    print(title)
    for name, time in times.items():
        print(f"  {name:24} {time * 1000:8.1f} ms {time / times[peer]:8.2f} x")


def change(root: Path, times: Iterator[int]) -> None:
    """Change ten files of the tree."""
    turn = next(times)
    for n in range(10):
        with (root / f"specs/projects/p{n}/tasks.yml").open("a") as file:
            file.write(f"# {turn}\n")


def again(folder: Path, kerrigan: str) -> None:
    """Print what a check costs that was made before."""
    os.environ["KERRIGAN_CACHE"] = str(folder / "cache")
    same, many = folder / "same", folder / "many"
    write_project(same)
    for n in range(500):
        write_project(many, f"p{n}", 4)
    for root in (same, many):
        seconds((kerrigan, "check", str(root)))
    sleep(2.1)
    commands = {
        "kerrigan --version": (kerrigan, "--version"),
        "the same 2,000 tasks": (kerrigan, "check", str(same)),
        "the same 1,000 files": (kerrigan, "check", str(many)),
    }
    times, changes = measure(commands), []
    turns = count()
    for _ in range(ROUNDS):
        change(many, turns)
        changes.append(seconds((kerrigan, "check", str(many))))
    os.environ["KERRIGAN_CACHE"] = ""
    show("again", {**times, "10 of them changed": min(changes)}, "kerrigan --version")


def large(folder: Path, kerrigan: str) -> None:
    """Print how the cost grows with the tasks, and the memory against the text."""
    sizes = {2_000: folder / "small", 50_000: folder / "large"}
    for tasks, root in sizes.items():
        for n in range(tasks // 2_000):
            write_project(root, f"p{n}")
    times = {f"{tasks:,} tasks": seconds((kerrigan, "check", str(root))) / tasks for tasks, root in sizes.items()}
    show("for a task", times, "2,000 tasks")
    text = sum(file.stat().st_size for file in sizes[50_000].rglob("*.*") if file.is_file())
    peak = int(subprocess.check_output((sys.executable, "-c", PEAK, kerrigan, str(sizes[50_000])))) * 1024
    print(f"memory\n  {peak / 1e6:.0f} MB at most for {text / 1e6:.1f} MB of text: {peak / text:.1f} x")


def main() -> None:
    """Print every table."""
    python, kerrigan = sys.executable, beside("kerrigan")
    os.environ["KERRIGAN_CACHE"] = ""  # nothing is kept
    with TemporaryDirectory() as folder:
        tasks = write_project(Path(folder))
        checks = {
            "kerrigan check": (kerrigan, "check", folder),
            "check-jsonschema": (beside("check-jsonschema"), "--schemafile", str(SCHEMA), str(tasks)),
            "compose and jsonschema": (python, "-c", BARE, str(SCHEMA), str(tasks)),
        }
        show(f"check {TASKS:,} tasks", measure(checks), "check-jsonschema")
    starts = {"kerrigan --version": (kerrigan, "--version"), "import click": (python, "-c", "import click")}
    show("start", measure(starts), "import click")
    with TemporaryDirectory() as folder:
        again(Path(folder), kerrigan)
        large(Path(folder), kerrigan)


if __name__ == "__main__":
    main()
