"""Where a command stands: the clone, its forge, and the project's home repository."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from kerrigan.apply.checks.targets import Targets
from kerrigan.apply.state.disclosure import Disclosure
from kerrigan.apply.state.forge import Forge
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.git.access import addresses, sending
from kerrigan.git.files_at import FilesAt
from kerrigan.git.journal.definition import read_files
from kerrigan.git.journal.journal import Journal
from kerrigan.git.journal.journals import snapshots
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.git.remote import Remote, local_path
from kerrigan.git.repo import Clone, discover
from kerrigan.local.forge import LocalForge
from kerrigan.model.event import Run
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.names import slug_of
from kerrigan.model.state import State

T = TypeVar("T")

_SCP_LIKE = re.compile(r"^(?:[^@/]+@)?([^:/]{2,}):(?!//)")


GITHUB = "https://github.com"


@dataclass(slots=True)
class Site:
    """A clone of the repository `here` (a slug), on its forge.

    `login` is who acts where the forge vouches for no one (`--as`); None means git's user.name. `say` and `detail` take
    a line of the story, for people who watch. `origin` is how git reaches this repository, and `server` the address
    that links to it begin with. `run` is the workflow run this is part of, `secret` what dispatches are signed with.
    `pushing` are variables that make git push with another token than all else. `agent` is the agent that
    this process acts for, `agents` those that the workflows of this repository start for a dispatch: none outside of a
    run of theirs. `states` are those of journals that were read last, by project, with the commit; `others` is what was
    read of other projects of the home repository, `targets` what dependencies name on the forge, and `disclosure` who
    may be told what, each read once.
    """

    clone: Clone
    forge: Forge
    here: str
    say: Callable[[str], None]
    detail: Callable[[str], None]
    login: str | None = None
    origin: str = ""
    server: str = GITHUB
    run: Run | None = None
    secret: str = field(default="", repr=False)
    pushing: Mapping[str, str] = field(default_factory=dict, repr=False)
    agent: str = ""
    agents: str = ""
    states: dict[str, tuple[str, State]] = field(default_factory=dict, repr=False)
    others: dict[str, JournalSnapshot] = field(default_factory=dict, repr=False)
    disclosure: Disclosure = field(init=False, repr=False)
    targets: Targets = field(init=False, repr=False)
    _account: Account | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.disclosure = Disclosure(self.forge)
        self.targets = Targets(self.forge, self.server, self.here, self.disclosure)

    def account(self) -> Account:
        """The account that this process acts by: its token's; on the local forge what `--as` or git's user.name says.

        Raises UnreadableError where neither does, UndecidedError where the forge does not say whose the token is.
        """
        if self._account is None:
            named = self.forge.account()
            self._account = named or Account(self.login or self.clone.user(), proof=Proof.none)
        return self._account

    def pusher(self) -> Account:
        """Who pushes from this clone, as git's user.name says; no one where git knows no name."""
        try:
            return Account(self.clone.user(), proof=Proof.none)
        except UnreadableError:
            return Account("", proof=Proof.none)

    def journal(self, home: str, project: str, wanted: Sequence[str]) -> Journal:
        """The journal of a project in its home repository, read together with the definition files wanted.

        A run's own token writes it, for that starts no workflow; the other one only where a rule keeps it to that.
        """
        return Journal(self.clone, self.address(home), project, wanted, self.pushing)

    def starts_agents(self, slug: str) -> bool:
        """Whether the workflows of a repository start agents for a dispatch, as far as this process knows."""
        return bool(self.agents) and slug.casefold() == self.here.casefold()

    def branches(self, slug: str) -> Remote:
        """The repository whose task branches are read and pushed."""
        return Remote(self.clone, self.address(slug), self.pushing)

    def journals(self, home: str, wanted: Mapping[str, Sequence[str]]) -> Mapping[str, JournalSnapshot]:
        """The journals of these projects now, of one listing, each with its files; of one that did not move, as before.

        Raises as `Journal.look` does.
        """
        self.others |= snapshots(self.clone, self.address(home), wanted, known=self.others)
        return {project: self.others[project] for project in wanted}

    def has_state(self, project: str, tip: str) -> bool:
        """Whether the state of a project's journal at this commit is the one that was read last."""
        return project in self.states and self.states[project][0] == tip

    def read_files(self, home: str, snapshot: JournalSnapshot, reading: Callable[[FilesAt], T]) -> T | None:
        """What is read of the files of a snapshot's default branch; None where that has no commit."""
        commit = snapshot.definition
        return None if commit is None else read_files(self.clone, self.address(home), snapshot, commit, reading)

    def address(self, slug: str) -> str:
        """How git reaches a repository."""
        # The way that works for this repository, by ssh for example, works for its neighbours too.
        before, here, after = self.origin.rpartition(self.here)
        return f"{before}{slug}{after}" if here else self.forge.url(slug)


def open_site(
    directory: Path,
    environment: Mapping[str, str],
    login: str | None = None,
    *,
    say: Callable[[str], None],
    detail: Callable[[str], None],
) -> Site:
    """The site of the repository that `directory` lies in, on the forge that its origin names.

    Raises UnreadableError outside of a repository, without an origin, and for a host that is no forge; UsageError for
    a `login` on GitHub, where the API says who acts.
    """
    clone = discover(directory)
    origin = clone.remote_url("origin")
    folder = local_path(origin)
    secret, agent = environment.get("KERRIGAN_SECRET", ""), environment.get("KERRIGAN_AGENT", "")
    if folder is not None:
        local = LocalForge.at(folder)
        return Site(clone, local, local.slug, say, detail, login, secret=secret, agent="" if login else agent)
    if login is not None:
        raise UsageError("--as is for local repositories: on GitHub the API says who you are", kind="as-on-github")
    server, slug = _server(origin, environment), slug_of(origin)
    if slug is None:
        raise UnreadableError(
            f"origin names no repository of {server}", kind="no-repository", next_step="git remote set-url origin URL"
        )
    # Here, and not above: PyGithub is slow to import, and most commands never need it.
    from kerrigan.github.runner import connect, own_token, run_of

    # A push by the run's own token starts no workflow: the tests of a task's branch would never run.
    beyond = environment["KERRIGAN_TOKEN"].strip() if own_token(server, slug, environment) else ""
    return Site(
        clone,
        connect(server, slug, environment, say=say),
        slug,
        say,
        detail,
        origin=origin,
        server=server,
        run=run_of(environment),
        secret=secret,
        agent=agent,
        agents=environment.get("KERRIGAN_AGENTS", ""),
        pushing=sending([(address, beyond) for address in addresses(server, slug)], environment) if beyond else {},
    )


def _server(origin: str, environment: Mapping[str, str]) -> str:
    known = [
        environment.get("GITHUB_SERVER_URL") or GITHUB,
        GITHUB,
        f"https://{environment.get('GH_HOST') or 'github.com'}",
    ]
    host = _host(origin)
    for server in known:
        if host in {urlsplit(server).netloc, urlsplit(server).hostname}:
            return server.rstrip("/")
    raise UnreadableError(
        f"origin is at {host}, expected a folder, github.com, or the server in GITHUB_SERVER_URL or GH_HOST",
        kind="unsupported-forge",
        next_step="set GH_HOST if that is a GitHub Enterprise Server",
    )


def _host(origin: str) -> str:
    scp_like = _SCP_LIKE.match(origin)
    if "://" not in origin:
        return scp_like.group(1) if scp_like else origin
    return urlsplit(origin).netloc.rpartition("@")[2]
