"""Where a command stands: the clone, its forge, and the project's home repository."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kerrigan.apply.forge import Forge
from kerrigan.errors import UnreadableError
from kerrigan.git.journal import Journal
from kerrigan.git.remote import local_path
from kerrigan.git.repo import Clone, discover
from kerrigan.local.forge import LocalForge

_SCP_LIKE = re.compile(r"^(?:[^@/]+@)?([^:/]{2,}):(?!//)")


@dataclass(slots=True)
class Site:
    """A clone of the repository `here` (a slug), on its forge.

    `login` is who acts; None means git's user.name, read when it is first needed. `say` and `detail` take a line of
    the story, for people who watch.
    """

    clone: Clone
    forge: Forge
    here: str
    say: Callable[[str], None]
    detail: Callable[[str], None]
    login: str | None = None

    def actor_login(self) -> str:
        """Who acts. Raises UnreadableError where neither `--as` nor git says."""
        if self.login is None:
            self.login = self.clone.user()
        return self.login

    def journal(self, home: str, project: str, wanted: Sequence[str]) -> Journal:
        """The journal of a project in its home repository, read together with the definition files wanted."""
        return Journal(self.clone, self.forge.url(home), project, wanted)


def open_site(
    directory: Path, login: str | None = None, *, say: Callable[[str], None], detail: Callable[[str], None]
) -> Site:
    """The site of the repository that `directory` lies in, on the forge that its origin names.

    Raises UnreadableError outside of a repository, without an origin, and for a host that is no forge.
    """
    clone = discover(directory)
    origin = clone.remote_url("origin")
    forge = LocalForge.at(_folder(origin))
    return Site(clone, forge, forge.slug, say, detail, login)


def _folder(origin: str) -> Path:
    folder = local_path(origin)
    if folder is not None:
        return folder
    scp_like = _SCP_LIKE.match(origin)
    host = urlsplit(origin).hostname if "://" in origin else scp_like and scp_like.group(1)
    raise UnreadableError(
        f"origin is at {host}; this version works on repositories in plain directories only",
        kind="unsupported-forge",
        next_step="use a clone whose origin is a path or a file:// address",
    )
