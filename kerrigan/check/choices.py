"""What a repository chose about findings: severity and off, by rule and path, and comments that silence them."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from kerrigan.check.rules import FIXED, NAMES
from kerrigan.model.checks.source import Diagnostic, Route, Severity, Span
from kerrigan.model.checks.tree import Tree

CONFIG = ".github/kerrigan.yml"

Place = tuple[str, int, str]
"""A file, a line, and the rule that is found or silenced there."""


def chosen(tree: Tree, found: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    """What is left of the findings, at the severity that was chosen, and the comments that silence nothing.

    A file that cannot be read, and what is wrong with kerrigan.yml or with the choices themselves, is told whatever
    anyone chose: anyone who trusts a check has to know what it was told to pass over.
    """
    if not tree.ignores and not any(space.check.rules or space.check.paths for space in tree.workspaces.values()):
        return found
    return _settled(tree, found)


def named(tree: Tree) -> Iterator[tuple[str, str, Span]]:
    """The rules that kerrigan.yml and comments name, each with its file and place."""
    for path, document in tree.documents.items():
        if path.endswith(CONFIG):
            for route in _routes(document.data):
                yield path, str(route[-1]), document.positions.key(route)
    for path, ignores in tree.ignores.items():
        for ignore in ignores:
            yield from ((path, name, ignore.span) for name in ignore.rules)


def _routes(data: object) -> Iterator[Route]:
    check = data.get("check") if isinstance(data, dict) else None
    if not isinstance(check, dict):
        return
    paths = check.get("paths")
    sections: list[tuple[Route, object]] = [((), check)]
    sections += [(("paths", index), entry) for index, entry in enumerate(paths if isinstance(paths, list) else ())]
    for route, section in sections:
        rules = section.get("rules") if isinstance(section, dict) else None
        yield from (("check", *route, "rules", name) for name in (rules if isinstance(rules, dict) else ()))


def _settled(tree: Tree, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    silent = set(_silenced(tree))
    used: set[Place] = set()
    for diagnostic in found:
        place = (diagnostic.path, diagnostic.span.line, diagnostic.code)
        if diagnostic.code in FIXED or diagnostic.path.endswith(CONFIG):
            yield diagnostic
        elif left := _leveled(tree, diagnostic):
            if place in silent:
                used.add(place)
            else:
                yield left
    yield from _unused(tree, used)


def _silenced(tree: Tree) -> Iterator[Place]:
    for path, ignores in tree.ignores.items():
        for ignore in ignores:
            if ignore.reason:
                yield from ((path, line, name) for line in ignore.lines for name in ignore.rules)


def _leveled(tree: Tree, diagnostic: Diagnostic) -> Diagnostic | None:
    """The same finding at the severity that its repository chose; None where that is off."""
    from kerrigan.model.checks.artifacts import inside  # late: most trees choose nothing
    from kerrigan.model.paths import fits

    root = tree.root_of(diagnostic.path)
    if root is None:
        return diagnostic
    check, path = tree.workspaces[root].check, inside(root, diagnostic.path) or ""
    level = check.rules.get(diagnostic.code, diagnostic.severity)
    for choice in check.paths:
        if diagnostic.code in choice.rules and fits(path, choice.glob):
            level = choice.rules[diagnostic.code]
    return replace(diagnostic, severity=level) if level else None


def _unused(tree: Tree, used: Container[Place]) -> Iterator[Diagnostic]:
    for path, ignores in tree.ignores.items():
        for ignore in ignores:
            for name in ignore.rules if ignore.reason else ():
                is_used = any((path, line, name) in used for line in ignore.lines)
                if name in NAMES and name not in FIXED and not is_used:
                    is_config = path.endswith(CONFIG)
                    why = "nothing in this file can be silenced" if is_config else f"no '{name}' is found here"
                    message = f"this comment silences nothing: {why}"
                    yield Diagnostic("unused-ignore", Severity.warning, path, ignore.span, message, "take it out")
