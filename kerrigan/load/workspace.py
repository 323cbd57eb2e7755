"""`.github/kerrigan.yml` to a workspace: every value that is missing or not readable gets its default."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.load.names import is_slug
from kerrigan.model.project import Agent, Permission, Workspace
from kerrigan.model.source import Document

_DURATION = re.compile(r"([0-9]{1,6})(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DEFAULT = Workspace()


def workspace(document: Document | None) -> Workspace:
    """The workspace that a document defines; the defaults where there is none."""
    raw = document.data if document and isinstance(document.data, dict) else {}
    limits, dispatch = _section(raw, "limits"), _section(raw, "dispatch")
    home = raw.get("home")
    satisfied_by = _section(raw, "dependencies").get("satisfied_by")
    return Workspace(
        home=home if is_slug(home) else None,
        projects=_folder(raw.get("projects")),
        agents={name.casefold(): _agent(name, entry) for name, entry in _section(raw, "agents").items()},
        people=_people(raw["people"]) if "people" in raw else None,
        lease=_seconds(_section(raw, "claims").get("lease"), _DEFAULT.lease),
        attempts=_count(limits.get("attempts"), _DEFAULT.attempts),
        review_cycles=_count(limits.get("review_cycles"), _DEFAULT.review_cycles),
        retry_after=_seconds(limits.get("retry_after"), _DEFAULT.retry_after),
        acknowledge_within=_seconds(dispatch.get("acknowledge_within"), _DEFAULT.acknowledge_within),
        dispatches=_count(dispatch.get("attempts"), _DEFAULT.dispatches),
        autonomy="labels" if _section(raw, "gates").get("autonomy") == "labels" else _DEFAULT.autonomy,
        produces={role: _produced(entry) for role, entry in _section(raw, "roles").items()},
        tests=_words(raw.get("tests")),
        tests_within=_seconds(limits.get("tests_within"), _DEFAULT.tests_within),
        satisfied_by=satisfied_by if satisfied_by in ("done", "approved") else _DEFAULT.satisfied_by,
    )


def _section(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def _folder(raw: object) -> str:
    parts = raw.strip("/").split("/") if isinstance(raw, str) else [""]
    return _DEFAULT.projects if {"", ".", ".."} & set(parts) else "/".join(parts)


def _agent(name: str, raw: object) -> Agent:
    return Agent(name, _words(raw.get("roles")) if isinstance(raw, dict) else ())


def _produced(raw: object) -> tuple[str, ...]:
    return _words(raw.get("produces")) if isinstance(raw, dict) else ()


def _words(raw: object) -> tuple[str, ...]:
    return tuple(word for word in raw if isinstance(word, str)) if isinstance(raw, list) else ()


def _people(raw: object) -> Mapping[str, Permission]:
    # Whoever writes `people` means to say less than the forge does: what cannot be read lets nobody in.
    known = list(Permission)
    entries = raw.items() if isinstance(raw, dict) else ()
    return {login.casefold(): Permission(word) if word in known else Permission.none for login, word in entries}


def _seconds(raw: object, default: float) -> float:
    found = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    return int(found[1]) * _SECONDS[found[2]] if found else default


def _count(raw: object, default: int) -> int:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0 else default
