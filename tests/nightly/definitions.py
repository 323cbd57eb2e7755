"""Every wrong definition with every command: `python -m tests.nightly.definitions`. Ends with 1 where anything fails.

`--part 2/5` tries the second fifth, `--only TEXT` the cases whose name has TEXT in it.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.conftest  # noqa: F401  # git as a new machine has it
from tests.definitions.cases import Case, cases, name_of
from tests.definitions.commands import ASKING, about, events
from tests.definitions.trial import answered, faults, trial
from tests.definitions.world import World, world


def wrong(home: World, case: Case, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """What does not hold of a case, with every command; an exception is among it."""
    try:
        yield from faults(home, trial(home, case))
        yield from answered(home, case, [*lines, *about(f"todo/{name_of(case.task or 'open')}")])
    except Exception:
        yield traceback.format_exc()


def main() -> int:
    """Try the chosen cases, and say which ones fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="1/1", help="which part of how many")
    parser.add_argument("--only", default="", help="a part of the names")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    picked = [case for number, case in enumerate(cases()) if number % parts == part - 1 and chosen.only in case.name]
    failed, began = 0, time.monotonic()
    with TemporaryDirectory() as folder, world(Path(folder), picked) as home:
        lines = [*ASKING, *events(Path(folder))]
        for number, case in enumerate(picked, 1):
            found = list(wrong(home, case, lines))
            failed += bool(found)
            for fault in found:
                print(f"{case.name}: {fault}", flush=True)
            if number % 100 == 0:
                print(f"{number} of {len(picked)} in {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(f"{len(picked)} definitions, {failed} with faults")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
