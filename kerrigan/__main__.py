"""`python -m kerrigan` and the console script."""

import gc
import sys

from kerrigan.cli.main import run


def main() -> None:
    """Run the command line and end with its exit code."""
    # A command builds its data once and ends: to look through all of it for garbage takes a third of its time.
    gc.set_threshold(100_000)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
