"""`.github/kerrigan.yml` to a workspace: every value that is missing or not readable gets its default."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.load.budget import budget
from kerrigan.load.checking import checking
from kerrigan.model.checks.source import Document
from kerrigan.model.names import is_slug
from kerrigan.model.project import Agent, Limits, Permission, ReviewBy, Workspace

_DURATION = re.compile(r"([0-9]{1,6})(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DEFAULT = Workspace()

UNREADABLE = Workspace(level=0, autonomy="labels")
"""What holds where the file cannot be read at all: nothing is known but that agents go nowhere alone."""


def workspace(document: Document | None) -> Workspace:
    """The workspace that a document defines; the defaults where there is none."""
    raw = document.data if document and isinstance(document.data, dict) else {}
    if document and raw is not document.data and (document.data is not None or document.diagnostics):
        return UNREADABLE
    limits, dispatch, claims = _section(raw, "limits"), _section(raw, "dispatch"), _section(raw, "claims")
    home, gates, work = raw.get("home"), _section(raw, "gates"), _section(raw, "work")
    satisfied_by = _section(raw, "dependencies").get("satisfied_by")
    return Workspace(
        home=home if is_slug(home) else None,
        projects=_folder(raw.get("projects")),
        agents={name.casefold(): _agent(name, entry) for name, entry in _section(raw, "agents").items()},
        people=_people(raw["people"]) if "people" in raw else None,
        lease=_seconds(claims.get("lease"), _DEFAULT.lease),
        process_lease=_seconds(work.get("lease"), _DEFAULT.process_lease),
        heartbeat=_seconds(claims.get("heartbeat"), _DEFAULT.heartbeat),
        stuck_after=_seconds(claims.get("stuck_after"), _DEFAULT.stuck_after),
        attempts=_count(limits.get("attempts"), _DEFAULT.attempts),
        review_cycles=_count(limits.get("review_cycles"), _DEFAULT.review_cycles),
        retry_after=_seconds(limits.get("retry_after"), _DEFAULT.retry_after),
        work_within=_seconds(limits.get("work_within"), _DEFAULT.work_within),
        acknowledge_within=_seconds(dispatch.get("acknowledge_within"), _DEFAULT.acknowledge_within),
        dispatches=_count(dispatch.get("attempts"), _DEFAULT.dispatches),
        review_by=_review_by(work.get("review_by")),
        autonomy="labels" if gates.get("autonomy") == "labels" else _DEFAULT.autonomy,
        level=_level(raw["autonomy"]) if "autonomy" in raw else _DEFAULT.level,
        protected=_words(gates.get("protected")),
        produces=_of_roles(raw, "produces"),
        territory=_of_roles(raw, "paths"),
        forbidden=_words(gates.get("forbidden")),
        limits=_limits(limits),
        tests=_words(raw.get("tests")),
        review_within=_seconds(limits.get("review_within"), _DEFAULT.review_within),
        tests_within=_seconds(limits.get("tests_within"), _DEFAULT.tests_within),
        budget=budget(_section(raw, "budget")),
        check=checking(_section(raw, "check")),
        satisfied_by=satisfied_by if satisfied_by in ("done", "approved") else _DEFAULT.satisfied_by,
    )


def _section(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def _folder(raw: object) -> str:
    parts = raw.strip("/").split("/") if isinstance(raw, str) else [""]
    return _DEFAULT.projects if {"", ".", ".."} & set(parts) else "/".join(parts)


def _agent(name: str, raw: object) -> Agent:
    found = raw if isinstance(raw, dict) else {}
    default = Agent(name)
    return Agent(
        name,
        _words(found.get("roles")),
        _text(found.get("account")),
        command=_words(found.get("command")),
        model=_text(found.get("model")),
        environment=_words(found.get("env")),
        auth=_text(found.get("auth")),
        via="acp" if found.get("via") == "acp" else default.via,
        timeout=_seconds(found.get("timeout"), default.timeout),
        silence=_seconds(found.get("silence"), default.silence),
    )


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _level(raw: object) -> int:
    # A level is meant to say how far agents may go: what cannot be read lets them go nowhere.
    found = _whole(raw)
    return found if found is not None and 0 <= found <= 5 else 0


def _review_by(raw: object) -> ReviewBy:
    # It is meant to ask for more than the default: what cannot be read asks for the most.
    found = next((one for one in ReviewBy if one == raw), ReviewBy.other_person)
    return _DEFAULT.review_by if raw is None else found


def _limits(raw: Mapping[str, Any]) -> Limits:
    agents = {name.casefold(): limit for name, limit in _counts(_section(raw, "agents")).items()}
    failures = _count(raw.get("failures_in_a_row"), _DEFAULT.limits.failures_in_a_row)
    conflicts = _count(raw.get("conflicts"), _DEFAULT.limits.conflicts)
    return Limits(_counts(raw).get("parallel"), _counts(_section(raw, "roles")), agents, failures, conflicts)


def _counts(raw: Mapping[str, Any]) -> Mapping[str, int]:
    return {name: found for name, value in raw.items() if (found := _count(value, 0))}


def _of_roles(raw: Mapping[str, Any], key: str) -> Mapping[str, tuple[str, ...]]:
    entries = _section(raw, "roles").items()
    return {role: _words(entry.get(key)) if isinstance(entry, dict) else () for role, entry in entries}


def _words(raw: object) -> tuple[str, ...]:
    return tuple(word for word in raw if isinstance(word, str)) if isinstance(raw, list) else ()


def _people(raw: object) -> Mapping[str, Permission]:
    # `people` is meant to say less than the forge does: what cannot be read lets no one in.
    known = list(Permission)
    entries = raw.items() if isinstance(raw, dict) else ()
    return {login.casefold(): Permission(word) if word in known else Permission.none for login, word in entries}


def _seconds(raw: object, default: float) -> float:
    found = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    return int(found[1]) * _SECONDS[found[2]] if found else default


def _count(raw: object, default: int) -> int:
    found = _whole(raw)
    return found if found is not None and found > 0 else default


def _whole(raw: object) -> int | None:
    # JSON knows one kind of number: 3.0 is the integer 3, as in the schema.
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
