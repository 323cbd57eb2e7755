"""A rule: one code that a check can report, with the words and examples that explain it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

if TYPE_CHECKING:
    from kerrigan.model.checks.siblings import LabelledTask
    from kerrigan.model.state import State

Finder = Callable[[Tree], Iterator[Diagnostic]]
"""What looks for a rule's findings in a tree."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A code that a check can report: its usual severity, what it wants in one line, and why.

    `bad` and `good` are small trees, texts by path: the check of one reports the rule, that of the other does not.
    `find` is None where reading the files or their schemas finds it. `journal` is what the journal of the examples'
    project `todo` says, for a rule that compares it with the files: `kerrigan check --state` looks there. `beside` are
    the files of the one clone, `web`, in the folder where `kerrigan check --repositories` looks. `shown` are labels of
    the bad example that say something else than the journal; those of the good one say the same.
    """

    name: str
    severity: Severity
    wants: str
    why: str
    bad: Mapping[str, str]
    good: Mapping[str, str]
    find: Finder | None = None
    journal: "State | None" = None
    beside: Mapping[str, str] | None = None
    shown: "tuple[LabelledTask, ...]" = ()
