"""What choices cost: `kerrigan check` of a thousand projects with none, with some, and with artifacts of a team's own.

Usage: python -m benchmarks.choices. The tree holds five thousand other files, which a pattern has to pass over.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.check import SPEC, beside, measure, show

PROJECTS, OTHERS = 1_000, 5_000
TASKS = "kerrigan: 7\ntasks:\n  - {id: one, title: Do it, role: swe}\n  - {id: two, title: Do it, role: swe}\n"
CONFIGS = {
    "nothing chosen": "",
    "rules by path": "check:\n  rules: {not-read: error}\n  paths: [{glob: 'specs/**', rules: {no-reason: off}}]\n",
    "patterns that fit nothing": "check:\n  artifacts:\n    - {glob: 'docs/*.md', headings: [Why]}\n"
    "    - {glob: '**/risk.yml', headings: [Why]}\n",
}


def write_tree(root: Path, config: str) -> str:
    """A tree with such a configuration; its path."""
    for number in range(PROJECTS):
        folder = root / "specs" / "projects" / f"project-{number}"
        folder.mkdir(parents=True)
        (folder / "spec.md").write_text(SPEC)
        (folder / "tasks.yml").write_text(TASKS)
    for number in range(OTHERS):
        file = root / "src" / f"part-{number % 100}" / f"file_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (root / ".github").mkdir()
    (root / ".github" / "kerrigan.yml").write_text(f"kerrigan: 7\n{config}")
    return str(root)


def main() -> None:
    """Print the table."""
    kerrigan = beside("kerrigan")
    with TemporaryDirectory() as folder:
        roots = {name: write_tree(Path(folder, str(n)), config) for n, (name, config) in enumerate(CONFIGS.items())}
        checks = {name: (kerrigan, "check", root) for name, root in roots.items()}
        show(f"check {PROJECTS:,} projects", measure(checks), "nothing chosen")


if __name__ == "__main__":
    main()
