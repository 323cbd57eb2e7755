"""Twenty processes in twenty clones claim one task at the same moment, as often as you like: one wins each time.

Usage: python -m benchmarks.race [ROUNDS] [PROCESSES]. Every loser has to be told who holds the task (exit 5); whatever
else comes out ends the run. Real processes, real git, a bare remote on this disk. The journal is verified at the end.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SPEC = "---\nkerrigan: 7\n---\n# Race\n\nTasks to fight over.\n"
WHO = ("-c", "user.name=race", "-c", "user.email=race@example.org")


def git(*words: str, cwd: Path) -> None:
    """Run git; it has to succeed."""
    subprocess.run(["git", *WHO, *words], cwd=cwd, check=True, capture_output=True)


def world(root: Path, rounds: int, processes: int) -> list[Path]:
    """A bare remote with as many tasks as rounds, and the clones."""
    bare = root / "forge" / "acme" / "race.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=root)
    git("clone", "-q", str(bare), str(root / "founder"), cwd=root)
    folder = root / "founder" / "specs" / "projects" / "race"
    folder.mkdir(parents=True)
    (folder / "spec.md").write_text(SPEC, encoding="utf-8")
    tasks = "".join(f"  - {{id: t{n}, title: Task {n}, role: swe}}\n" for n in range(rounds))
    (folder / "tasks.yml").write_text(f"kerrigan: 7\ntasks:\n{tasks}", encoding="utf-8")
    for words in (
        ("checkout", "-q", "-B", "main"),
        ("add", "."),
        ("commit", "-qm", "Plan"),
        ("push", "-q", "origin", "main"),
    ):
        git(*words, cwd=root / "founder")
    clones = [root / f"agent-{n}" for n in range(processes)]
    for clone in clones:
        git("clone", "-q", str(bare), str(clone), cwd=root)
    return clones


def claim(clone: Path, task: str) -> "subprocess.Popen[str]":
    """A process that claims a task in the name of its clone."""
    words = [sys.executable, "-m", "kerrigan", "task", "claim", task, "--as", clone.name, "--json"]
    return subprocess.Popen(words, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def race(clones: list[Path], task: str) -> str:
    """One round; the winner's name comes back. Raises AssertionError for any other outcome."""
    running = [(clone, claim(clone, task)) for clone in clones]
    ended = [(clone.name, process.communicate(), process.returncode) for clone, process in running]
    codes = Counter(code for _, _, code in ended)
    assert codes == Counter({0: 1, 5: len(clones) - 1}), (task, codes, [said for _, said, _ in ended])
    winner = next(name for name, _, code in ended if code == 0)
    told = {json.loads(said[0])["refused"]["holder"]["login"] for _, said, code in ended if code == 5}
    assert told == {winner}, (task, winner, told)
    return winner


def main(rounds: int, processes: int) -> None:
    """Run the rounds and say what came of them."""
    with tempfile.TemporaryDirectory(prefix="kerrigan-race-") as folder:
        clones = world(Path(folder), rounds, processes)
        began = time.perf_counter()
        winners = Counter(race(clones, f"race/t{n}") for n in range(rounds))
        taken = time.perf_counter() - began
        verify = [sys.executable, "-m", "kerrigan", "audit", "verify", "race"]
        verified = subprocess.run(verify, cwd=clones[0], capture_output=True, text=True, check=True).stdout
    print(f"{rounds} rounds of {processes} processes: one winner each, every loser was told who ({taken:.0f} s)")
    print(f"{len(winners)} of {processes} clones won at least once, at most {max(winners.values())} times")
    print(verified.strip())


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given[:1] or [16], *given[1:2] or [20])
