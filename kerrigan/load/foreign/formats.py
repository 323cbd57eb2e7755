"""The formats that `kerrigan import` reads, by name. To add one: a file beside this one, and its line here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kerrigan.load.foreign import beads
from kerrigan.model.imported import Source

Read = Callable[[str, dict[str, str]], Source]
"""The source of a main file, by its path, and of the texts read with it, by their paths from the same folder."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: in a folder its main file is the first of `places`; `also` are files beside it that are read too.

    `about` is for people. A pattern in `places` with `*` names a folder of files instead of one.
    """

    about: str
    places: tuple[str, ...]
    read: Read
    also: re.Pattern[str] | None = None


FORMATS: Mapping[str, Format] = {
    "beads": Format(
        "issues.jsonl, as bd export writes it",
        (".beads/issues.jsonl", ".beads/beads.jsonl", "issues.jsonl", "beads.jsonl"),
        beads.read,
    ),
}
"""Every format by the name that the command takes."""
