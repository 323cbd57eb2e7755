"""The formats that `kerrigan import` reads, by name. To add one: a file beside this one, and its line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kerrigan.load.foreign import beads, codemaestro, kerrigan_md, spec_kit, spec_kitty, task_master
from kerrigan.model.imported import Source

Read = Callable[[str, Mapping[str, str]], Source]
"""The source of a main file, by its path, and of the texts read with it, by their paths from the same folder."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: in a folder its main file is the first of `places` that is there; `about` is for people.

    `also` are the files that are read with it, as patterns from its own folder.
    """

    about: str
    places: tuple[str, ...]
    read: Read
    also: tuple[str, ...] = ()


FORMATS: Mapping[str, Format] = {
    "kerrigan-md": Format(
        "tasks.md of Kerrigan's Milestones 1 to 6, in any dialect",
        ("tasks.md", "specs/tasks.md"),
        kerrigan_md.read,
        ("spec.md",),
    ),
    "spec-kit": Format("tasks.md with T001 and phases", ("tasks.md",), spec_kit.read, ("*.md", "*/*.md")),
    "spec-kitty": Format(
        "a mission's folder: tasks/WP01-….md, tasks.md, status.json",
        ("tasks.md", "meta.json"),
        spec_kitty.read,
        ("*.md", "*/*.md", "tasks/*/WP*.md", "*.json", "*.jsonl", "*.yaml"),
    ),
    "task-master": Format(
        "tasks.json, with tags or without",
        (".taskmaster/tasks/tasks.json", "tasks/tasks.json", "tasks.json"),
        task_master.read,
    ),
    "beads": Format(
        "issues.jsonl, as bd export writes it",
        (".beads/issues.jsonl", ".beads/beads.jsonl", "issues.jsonl", "beads.jsonl"),
        beads.read,
    ),
    "codemaestro": Format(
        "manifest.yml with its subtasks",
        ("Agents/Subtasks/manifest.yml", "Agents/manifest.yml", "manifest.yml"),
        codemaestro.read,
    ),
}
"""Every format by the name that the command takes."""
