"""Which projects have a journal in a repository."""

import re

from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone

_JOURNAL = re.compile(r"refs/heads/kerrigan-state/([a-z0-9][a-z0-9-]{0,62})")


def projects_of(clone: Clone, url: str) -> frozenset[str]:
    """The projects with a journal in the repository at `url`, those too whose files are gone.

    Raises UndecidedError when it does not answer, UnreadableError when it is not there.
    """
    tips = Remote(clone, url).listing("refs/heads/kerrigan-state/*").tips
    return frozenset(found[1] for name in tips if (found := _JOURNAL.fullmatch(name)))
