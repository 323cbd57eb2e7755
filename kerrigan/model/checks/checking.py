"""What a repository chooses about its check: severities, artifacts of its own, and comments that silence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kerrigan.model.checks.source import Severity, Span

Levels = Mapping[str, Severity | None]
"""How much a rule's findings matter, by its name; None is off."""


UNCHECKED = frozenset(
    [
        "_archive",
        "_template",
        "agent-frontmatter-upgrade",
        "copilot-sdk-integration",
        "pause-resume-demo",
        "test",
        "test-project",
        "tests",
    ]
)
"""Folders that Milestones 1 to 6 never checked, by name: what stands where kerrigan.yml names none."""


OUTLINES = frozenset(
    ["acceptance-tests", "agent-profile", "architecture", "cost-plan", "handoff", "plan", "runbook", "test-plan"]
)
"""The schemas that Kerrigan ships for the outlines of Markdown files: what `kerrigan:` may name."""


@dataclass(frozen=True, slots=True)
class PathChoice:
    """What holds for the files that a pattern stands for, from the repository's root."""

    glob: str
    rules: Levels


@dataclass(frozen=True, slots=True)
class Artifact:
    """Files of a team's own: the headings that they need, and the path of the JSON Schema that they fit.

    `outline` is the name of a schema out of OUTLINES instead, which the outline of a Markdown file fits.
    """

    glob: str
    headings: tuple[str, ...] = ()
    schema: str = ""
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Checking:
    """The section `check` of `.github/kerrigan.yml`. A later entry of `paths` goes before an earlier one.

    `unchecked` are the folders of projects of Milestones 1 to 6 that are not checked, by name.
    """

    rules: Levels = field(default_factory=dict)
    paths: tuple[PathChoice, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    unchecked: frozenset[str] = UNCHECKED


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment that silences rules on some lines of its file, and why. Without a reason it does not count."""

    rules: tuple[str, ...]
    reason: str
    span: Span
    lines: frozenset[int]
