"""Long random walks on the offline GitHub: `python -m tests.nightly.walk`. Ends with 1 where something does not hold.

`--seed N` begins with that seed, by default one of the clock's, which is printed; `--walks N` and `--steps N` say how
many walks and how long each is. A walk that fails prints its seed and everything that was done.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.conftest  # noqa: F401  # git as a new machine has it
from tests.walk.walk import WalkError, walk


def main() -> int:
    """Walk, and say which seeds fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10**6)
    parser.add_argument("--walks", type=int, default=10)
    parser.add_argument("--steps", type=int, default=150)
    chosen = parser.parse_args()
    failed: list[int] = []
    for seed in range(chosen.seed, chosen.seed + chosen.walks):
        began = time.monotonic()
        with TemporaryDirectory() as folder:
            try:
                happened = walk(Path(folder), seed, chosen.steps)
                print(", ".join(f"{many} {kind}" for kind, many in happened.most_common()))
            except WalkError as error:
                failed.append(seed)
                print(error, flush=True)
        print(f"seed {seed}: {chosen.steps} steps in {time.monotonic() - began:.0f} s", flush=True)
    print(f"{chosen.walks} walks from seed {chosen.seed}, failed: {failed or 'none'}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
