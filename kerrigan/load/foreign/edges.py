"""What waits for what: the source's dependencies by Kerrigan's ids, and those that its structure implies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kerrigan.load.dependency import parse_dependency
from kerrigan.load.foreign.ids import by_source, key
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.imported import Need, NeedKind, SourceTask
from kerrigan.model.project import Repository

_MOST_NAMED = 12


class Edges(NamedTuple):
    """Of each task, the tasks that it waits for (and whether only the structure says so), and its other entries."""

    tasks: Mapping[str, dict[str, bool]]
    others: Mapping[str, list[str]]


def edges(
    tasks: Sequence[SourceTask], ids: Sequence[str], repositories: Mapping[str, Repository], remarks: Remarks
) -> Edges:
    """Every dependency. A whole waits for its parts, and a part that waits for no other part for what the whole does.

    No dependency that only the structure implies closes a circle; those circles that are left are the source's own.
    """
    known = by_source(tasks, ids)
    found: dict[str, dict[str, bool]] = {name: {} for name in ids}
    others: dict[str, list[str]] = {name: [] for name in ids}
    for task, name in zip(tasks, ids, strict=True):
        for need in task.needs:
            target = None if need.kind is NeedKind.ready_made else known.get(key(need.text))
            if target == name:
                remarks.lost(task.path, need.span, "a dependency on itself", "it could never begin", name)
            elif target:
                _add(found[name], target, need.kind is NeedKind.implied)
            else:
                others[name] += _other(task, name, need, repositories, remarks)
    _add_wholes(tasks, ids, known, found, remarks)
    _drop_implied_circles(tasks, ids, found, remarks)
    _tell_circles(tasks, ids, found, remarks)
    return Edges(found, {name: list(dict.fromkeys(entries)) for name, entries in others.items()})


def _other(
    task: SourceTask, name: str, need: Need, repositories: Mapping[str, Repository], remarks: Remarks
) -> list[str]:
    # To a schema U+FEFF is white space, to Python it is not.
    text = " ".join(need.text.replace("\ufeff", " ").split())
    if need.kind is NeedKind.ready_made and parse_dependency(text, "project", repositories, "owner/name"):
        return [text]
    if need.kind in (NeedKind.words, NeedKind.ready_made) and text:
        why = "it names nothing that is known here, so it became 'external:', which a person confirms"
        remarks.changed(task.path, need.span, f"the dependency '{text[:80]}'", why, name)
        return [f"external:{text}"]
    why = f"'{text[:80]}' is no task here" if text else "it is empty"
    remarks.warn("unknown-dependency", task.path, need.span, "a dependency", f"{why}, so it is left out", name)
    return []


def _add(needs: dict[str, bool], target: str, is_implied: bool) -> None:
    needs[target] = is_implied and needs.get(target, True)


def _add_wholes(
    tasks: Sequence[SourceTask],
    ids: Sequence[str],
    known: Mapping[str, str],
    found: dict[str, dict[str, bool]],
    remarks: Remarks,
) -> None:
    parts: dict[str, list[str]] = defaultdict(list)
    for task, name in zip(tasks, ids, strict=True):
        whole = known.get(key(task.parent)) if task.parent else None
        if whole and whole != name:
            parts[whole].append(name)
        elif task.parent:
            remarks.warn("unknown-dependency", task.path, task.span, "the parent", "it is no task here", name)
    needed = {whole: dict(found[whole]) for whole in parts}
    for whole, names in parts.items():
        siblings = set(names)
        for name in names:
            if not siblings & found[name].keys():
                for target in needed[whole].keys() - siblings - {name}:
                    _add(found[name], target, True)
        for name in names:
            _add(found[whole], name, True)


def _drop_implied_circles(
    tasks: Sequence[SourceTask], ids: Sequence[str], found: dict[str, dict[str, bool]], remarks: Remarks
) -> None:
    inside = circling(found)
    for task, name in zip(tasks, ids, strict=True):
        kept = {to: implied for to, implied in found[name].items() if not (implied and {name, to} <= inside)}
        what, told = "an order that no one wrote down", "the source's structure says it, so it is a dependency here"
        if len(kept) < len(found[name]):
            remarks.lost(task.path, task.span, what, "it would close a circle, so it is left out", name)
        if any(kept.values()):
            remarks.changed(task.path, task.span, what, told, name)
        found[name] = kept


def circling(found: Mapping[str, Mapping[str, bool]]) -> set[str]:
    """The tasks that wait in a circle, or between two of them: what is left when both ends are peeled off."""
    left = set(found)
    backwards: dict[str, dict[str, bool]] = {name: {} for name in found}
    for name, targets in found.items():
        for target in targets:
            backwards[target][name] = True
    for ahead, behind in ((found, backwards), (backwards, found)):
        count = {name: sum(to in left for to in ahead[name]) for name in left}
        ready = [name for name, number in count.items() if not number]
        while ready:
            name = ready.pop()
            left.discard(name)
            for other in behind[name]:
                if other in left:
                    count[other] -= 1
                    if not count[other]:
                        ready.append(other)
    return left


def _tell_circles(
    tasks: Sequence[SourceTask], ids: Sequence[str], found: Mapping[str, Mapping[str, bool]], remarks: Remarks
) -> None:
    inside = circling(found)
    if not inside:
        return
    named = [name for name in ids if name in inside]
    shown = ", ".join(named[:_MOST_NAMED]) + (f" and {len(named) - _MOST_NAMED} more" if named[_MOST_NAMED:] else "")
    first = tasks[ids.index(named[0])]
    why = "imported as it is; kerrigan check names every edge, and one has to go"
    remarks.warn("dependency-cycle", first.path, first.span, f"{shown} wait for each other in a circle", why)
