"""One case tried: what the check says of it, what the commands say, and what may and what may not go on."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kerrigan.apply.checks.run import findings
from kerrigan.apply.state.published import tree_at
from kerrigan.git.tree_at import snapshot
from kerrigan.model.checks.source import Diagnostic, Severity
from tests.definitions.cases import FILES, FOLDER, Case, name_of
from tests.definitions.commands import READING, Answer, call
from tests.definitions.world import HANDED_IN, HOME, World

PLACE = re.compile(r"[\w./-]+(?::\d+:\d+)?(?= on origin/main)")


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found: the errors of the check in what decides, and the places that `kerrigan status` names."""

    case: Case
    errors: tuple[Diagnostic, ...]
    answers: dict[str, Answer]

    @property
    def places(self) -> set[str]:
        """The places that the status names, as data, in words or as its error."""
        answer = self.answers["status --json"]
        found = PLACE.findall(answer.out + answer.err + self.answers["status"].err)
        return {place if ":" in place else f"{place}:1:1" for place in found}

    def listed(self) -> dict[str, Any]:
        """The tasks that `kerrigan tasks` lists, by id."""
        found = json.loads(self.answers["tasks --json"].out or "{}").get("tasks", [])
        return {task["id"]: task for task in found}


def trial(world: World, case: Case) -> Trial:
    """Check the definition of a case, and ask the commands that every case is asked."""
    tree = tree_at(snapshot(world.clone, world.commits[case.name], ""), HOME)
    deciding = (*FILES.values(), FOLDER, "specs/projects", "specs", ".github")
    found = (d for d in findings(tree) if d.severity is Severity.error and d.path in deciding)
    # Whether there is a project of that name is asked when the task waits for it, not before.
    errors = tuple(d for d in found if not d.message.startswith("unknown project"))
    answers = {" ".join(words): call(world, case.name, words) for words in READING}
    return Trial(case, errors, answers)


def faults(world: World, tried: Trial) -> Iterator[str]:
    """What does not hold of a case, in words; nothing where all is well."""
    case = tried.case
    for words, answer in tried.answers.items():
        if answer.code not in (0, 3):
            yield f"{words} ends with {answer.code}: {answer.err}"
    silent = {f"{d.path}:{d.span.line}:{d.span.column}" for d in tried.errors} - tried.places
    if silent and not _is_elsewhere(tried):
        yield f"status does not name {sorted(silent)}, but {sorted(tried.places)}"
    prose = f"{FOLDER}/spec.md", "incomplete-project"
    if any((d.path, d.code) != prose for d in tried.errors) and not _is_elsewhere(tried):
        yield from _stopped(world, case)
        yield from _open_gates(tried)
    yield from _going_on(world, tried)


def _is_elsewhere(tried: Trial) -> bool:
    """Whether nothing can be read because the projects cannot: then every command ends with the reason."""
    return all(answer.code == 3 and answer.err for words, answer in tried.answers.items() if "gate" not in words)


def _stops(case: Case) -> str:
    """What an error of a case stops: `home`, `project`, the task of a status, or nothing."""
    match case.file, case.where.split(".")[0]:
        case ("kerrigan", "check") if (case.where, case.way) != ("check", "key1"):
            return ""
        case ("kerrigan", _) | ("folder", ".github"):
            return "home"
        case ("status", key):
            return "project" if key in ("status", "all", "file") else ""
        case _:
            return "task" if case.task else "project"


def _stopped(world: World, case: Case) -> Iterator[str]:
    stops = _stops(case)
    tasks = {"home": ["todo/free", "shop/sell"], "project": ["todo/free"], "task": [f"todo/{name_of(case.task)}"]}
    for task in tasks.get(stops, []):
        if may(world, case, "claim", task):
            yield f"{task} may be claimed"
    reviewed = "todo/in-review"
    if (stops in ("home", "project") or case.task == "in_review") and case.file != "status":
        if may(world, case, "approve", reviewed, "--force"):
            yield f"{reviewed} may be approved"
        verdict = call(
            world, case.name, ["gate", "--pr", str(HANDED_IN["approved" if not case.task else "in_review"]), "--json"]
        )
        if verdict.code == 0:
            yield f"the gate passes: {verdict.out}"


def _open_gates(tried: Trial) -> Iterator[str]:
    """The gates that reconcile opens although what they rest on is stopped."""
    stops, case = _stops(tried.case), tried.case
    numbers = {"home": HANDED_IN.values(), "project": HANDED_IN.values(), "task": [HANDED_IN.get(case.task, 0)]}
    for number in numbers.get(stops, ()):
        if tried.answers["reconcile"].gates.get(number) == "success":
            yield f"the gate of #{number} is open"


def _going_on(world: World, tried: Trial) -> Iterator[str]:
    case, stops = tried.case, _stops(tried.case) if tried.errors else ""
    if case.file == "folder" or _is_elsewhere(tried):
        return
    listed = tried.listed()
    if "shop/sell" not in listed:
        yield "the other project is not listed"
    elif stops != "home" and (
        listed["shop/sell"]["readiness"] != "ready" or not may(world, case, "claim", "shop/sell")
    ):
        yield f"the other project is stopped: {listed['shop/sell']['reasons']}"
    if stops == "task" and not may(world, case, "claim", "todo/free"):
        yield f"another task is stopped: {listed['todo/free']['reasons']}"


def may(world: World, case: Case, verb: str, task: str, *more: str) -> bool:
    """Whether a request about a task would be granted."""
    words = ["task", verb, task, "--dry-run", "--reason", "why", *more]
    return call(world, case.name, words).code == 0


def answered(world: World, case: Case, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """What is wrong with the answers to further command lines; an exception that is not for people goes through."""
    for words in lines:
        answer = call(world, case.name, words)
        if answer.code not in (0, 1, 2, 3, 4, 5):
            yield f"{' '.join(words)} ends with {answer.code}"
        if answer.code in (2, 3, 4) and not (answer.out + answer.err).strip():
            yield f"{' '.join(words)} ends with {answer.code} and says nothing"
