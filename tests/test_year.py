"""The simulation of a year, forty days of it: what has to hold does, and the same seed gives the same journal."""

import os
import subprocess
import sys
from pathlib import Path

FORTY_DAYS = """
import random
from benchmarks.year import Year, check, plan
chance = random.Random(3)
year = Year(chance, plan(chance))
year.live(40)
check(year)
print(year.state.seq, year.state.last)
"""


def test_forty_days_hold_and_are_the_same_in_every_process() -> None:
    command = [sys.executable, "-c", FORTY_DAYS]
    root = Path(__file__).parents[1]
    running = [
        subprocess.Popen(command, cwd=root, env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE)
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert first == second
