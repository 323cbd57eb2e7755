"""Is a workflow the one that Kerrigan ships? Pins, the lists that `init` fills in and the agent's step may differ."""

import re
from collections.abc import Mapping
from pathlib import Path

from kerrigan.apply.setup.templates import events_of, runs_on, without_alone
from kerrigan.apply.state.project_files import definition
from kerrigan.errors import KerriganError, UndecidedError
from kerrigan.files import shipped
from kerrigan.load.documents import parse_yaml
from kerrigan.load.lockfile import LOCKFILE, unlocked, uses_of
from kerrigan.load.tree import CONFIG
from kerrigan.load.workspace import workspace
from kerrigan.model.forge.health import Contents, Trouble

FOLDER = ".github/workflows"
CHECK = f"{FOLDER}/kerrigan-check.yml"

_FREE = (
    (r"(?m)^([ -]*uses:) .*$", "\\1 *"),
    (r"(?m)^( *(?:branches|paths|workflows):) \[.*\]", "\\1 *"),
    (r"(?m)^( *- cron:) [^#\n]*", "\\1 * "),
    (r"(?ms)^ *# -+ The agent -+$.*?^ *# -+$", "*"),
)
"""What may differ, as patterns and what stands in its place when two texts are compared."""
_PINNED = re.compile(r"\./.*|.*@[0-9a-f]{40}")


def wanted() -> list[str]:
    """The files that a repository is examined by."""
    return [CONFIG, LOCKFILE, *(f"{FOLDER}/{path.name}" for path in _shipped())]


def contents_of(texts: Mapping[str, str]) -> Contents:
    """What these files of a default branch, by path, say."""
    document = parse_yaml(CONFIG, texts.get(CONFIG, ""))
    ours = {path.name: path.read_text(encoding="utf-8") for path in _shipped()}
    found = {name: texts.get(f"{FOLDER}/{name}") for name in ours}
    there = {name: text for name, text in found.items() if text is not None}
    uses = dict.fromkeys(use for text in there.values() for use in uses_of(text))
    lacking = (
        unlocked(texts[LOCKFILE], {f"{FOLDER}/{name}": text for name, text in there.items()})
        if LOCKFILE in texts
        else {}
    )
    return Contents(
        trouble=_broken(texts),
        configured=CONFIG in texts,
        home=workspace(document).home,
        workflows={name: _state(found[name], text) for name, text in ours.items()},
        events={name: events_of(parse_yaml(name, text).data) for name, text in there.items()},
        queues=runs_on(parse_yaml(CHECK, texts.get(CHECK, "")).data, "merge_group"),
        unpinned=tuple(use for use in uses if not _PINNED.fullmatch(use)),
        unlocked={path.rpartition("/")[2]: actions for path, actions in (lacking or {}).items()},
        lock_unread=lacking is None,
    )


def trouble_of(error: KerriganError) -> Trouble:
    """An error, as something that was found."""
    return Trouble(error.message, error.next_step, isinstance(error, UndecidedError))


def _shipped() -> list[Path]:
    return sorted(shipped("workflows").glob("kerrigan-*.yml"))


def _state(found: str | None, text: str) -> str:
    if found is None:
        return "missing"
    return "same" if _bare(found) in (_bare(text), _bare(without_alone(text))) else "differs"


def _bare(text: str) -> str:
    text = text.replace("\r\n", "\n")
    for pattern, replacement in _FREE:
        text = re.sub(pattern, replacement, text)
    return text.strip()


def _broken(texts: Mapping[str, str]) -> Trouble | None:
    config = {CONFIG: texts[CONFIG].encode()} if CONFIG in texts else {}
    found = definition("", "", "on the default branch", config).workspace.problems
    return Trouble(found[0].text, found[0].next_step) if found else None
