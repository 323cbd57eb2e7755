"""How the cost of a check grows: the processor time for n and for 4 n of every kind of `hostile`, and their ratio.

Run it with `python benchmarks/growth.py [N] [KIND…]`: 4 is linear, 16 is quadratic. N is how many of a thing there are
at first, 5,000 if nothing is said; a KIND is a part of a name. What takes less than a tenth of a second for 4 n has no
ratio: it is only start-up. The files of 4 N are up to 2 MB.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.hostile import KINDS
from kerrigan.apply.checks.run import findings
from kerrigan.check.rules import rule
from kerrigan.load.tree import load_tree
from kerrigan.report.findings.diagnostics import FORMATS, Checked
from kerrigan.report.findings.sarif import to_sarif

LEAST = 0.1
"""Seconds below which a ratio says nothing."""


def check(files: Mapping[str, str]) -> int:
    """Read and check a tree and say it in every format; how many findings it has."""
    tree = load_tree(files, "acme/todo")
    checked = Checked(tree, findings(tree), "0")
    for report in FORMATS.values():
        report(checked)
    to_sarif(checked, {code: rule(code) for code in {found.code for found in checked.diagnostics}})
    return len(checked.diagnostics)


def seconds(files: Mapping[str, str]) -> tuple[float, int]:
    """The processor time of a check, and how many findings it has."""
    begin = process_time()
    found = check(files)
    return process_time() - begin, found


def main() -> None:
    """Print a line for each kind, the worst ratio last."""
    number, wanted = next((int(arg) for arg in sys.argv[1:] if arg.isdigit()), 5_000), sys.argv[1:]
    words = [arg for arg in wanted if not arg.isdigit()]
    lines: list[tuple[float, str]] = []
    for name, kind in KINDS.items():
        if words and not any(word in name for word in words):
            continue
        (small, _), (large, found) = seconds(kind(number)), seconds(kind(4 * number))
        ratio = large / small if large >= LEAST else 0.0
        size = sum(map(len, kind(4 * number).values())) / 1e6
        shown = f"{ratio:5.1f} x" if ratio else "      -"
        lines.append((ratio, f"{name:40} {small:7.2f} s {large:7.2f} s {shown}   {size:5.2f} MB {found:7,} findings"))
        print(lines[-1][1], flush=True)
    if lines:
        print(f"worst: {max(lines)[1]}")


if __name__ == "__main__":
    main()
