"""All journals of a repository at once: as many processes for a hundred as for one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kerrigan.errors import KerriganError, UndecidedError
from kerrigan.git.journal import contents
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Batch, Clone
from kerrigan.model.names import ID

_JOURNAL = re.compile(f"refs/heads/kerrigan-state/({ID})")


@dataclass(frozen=True, slots=True)
class Contents:
    """What the journal of a project holds at a commit: state.json's text, and the lines of the open segment."""

    project: str
    tip: str
    state: str | None
    lines: tuple[str, ...]


def tips_of(clone: Clone, url: str) -> Mapping[str, str]:
    """Where the journal of each project is in the repository at `url`, of those too whose files are gone.

    Raises UndecidedError when it does not answer, UnreadableError when it is not there.
    """
    tips = Remote(clone, url).listing("refs/heads/kerrigan-state/*").tips
    return {found[1]: tip for name, tip in tips.items() if (found := _JOURNAL.fullmatch(name))}


def contents_of(clone: Clone, url: str, tips: Mapping[str, str]) -> Sequence[Contents]:
    """What these journals (project to commit) hold; what is not in the clone is fetched first, all of it at once."""
    if not tips:
        return ()
    with Batch(clone.root) as batch:
        missing = _missing(batch, tips)
        failed = _fetch(Remote(clone, url), missing) if missing else None
        for project in _missing(batch, tips):
            raise failed or UndecidedError(
                f"the journal of {project} was rewritten while it was read", kind="journal", next_step="try again"
            )
        found = []
        for project, tip in tips.items():
            state, _, lines = contents(batch, tip)
            found.append(Contents(project, tip, state, lines))
    return found


def _missing(batch: Batch, tips: Mapping[str, str]) -> Collection[str]:
    return [project for project, tip in tips.items() if batch.commit(tip) is None]


def _fetch(remote: Remote, projects: Collection[str]) -> KerriganError | None:
    """Bring journals; the error may be of one that was rewritten, whose commits have come all the same."""
    try:
        # The ref that remembers a journal moves along, but never to what does not descend from it.
        remote.fetch(*(f"refs/heads/kerrigan-state/{p}:refs/kerrigan/seen/{p}" for p in projects))
    except KerriganError as error:
        return error
    return None
