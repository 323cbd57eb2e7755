"""A reference to a repository that the spec does not list."""

import re
from collections.abc import Collection, Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.front_matter import repositories
from kerrigan.check.legacy.generation import of_old
from kerrigan.check.suggestion import did_you_mean, listed
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity, Span
from kerrigan.model.checks.tree import Tree

_NAME = "([a-zA-Z0-9_-]+)"
_LINK = re.compile(rf"\]\({_NAME}:(?!/)[a-zA-Z0-9_/.#-]+\)")
_BULLET = re.compile(rf"\s*[-*+]\s+(?:Repository:\s*{_NAME}\s*$|(?:Handoff to|Artifacts):\s*{_NAME}:[a-zA-Z0-9_/.#-])")
_SCHEMES = frozenset({"data", "file", "ftp", "git", "http", "https", "mailto", "ssh", "tel"})


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Links `](name:path)` and hand-off bullets of Milestones 1 to 6 whose name is not one of the repositories."""
    for spec in of_old(tree, "spec.md"):
        names = [entry.get("name") for entry in repositories(spec) if isinstance(entry, dict)]
        known = sorted({name for name in names if isinstance(name, str)})
        folder = spec.path.rpartition("/")[0]
        for path in tree.prose if known else ():
            if path.rpartition("/")[0] == folder:
                yield from _in(tree, path, dict.fromkeys(known))


def _in(tree: Tree, path: str, known: Collection[str]) -> Iterator[Diagnostic]:
    for number, line in tree.prose[path]:
        for found in [*_LINK.finditer(line), *_BULLET.finditer(line)]:
            group = found.lastindex or 0
            name = found[group]
            if name not in known and name.lower() not in _SCHEMES:
                place = Span(number, found.start(group) + 1, number, found.end(group) + 1)
                message = f"unknown repository '{name}'; spec.md lists {listed(known)}"
                yield Diagnostic("unknown-reference", Severity.warning, path, place, message, did_you_mean(name, known))


_FRONT = "---\nrepositories:\n  - {name: api, url: https://github.com/acme/todo, role: backend}\n---\n"
_SPEC = _FRONT + OLD_SPEC.replace("Lists.", "Lists, as the [contract]({}:docs/api.md) has them.")

RULE = Rule(
    name="unknown-reference",
    severity=Severity.warning,
    wants="A link or hand-off `name:path` of Milestones 1 to 6 names a repository of the spec, if that lists any.",
    why="The link leads nowhere. Text such as `10:30` or `role:swe` is no reference, and is left alone.",
    bad=old_project(_SPEC.replace("{}", "apu")),
    good=old_project(_SPEC.replace("{}", "api")),
    find=find,
)
