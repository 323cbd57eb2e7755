"""Who calls: users with a role in each repository, and installations of Apps with permissions."""

import functools
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
LEGACY = {"triage": "read", "maintain": "write"}
"""GitHub's `permission` knows four words; `role_name` has all of them."""

PERMISSIONS = (
    "actions", "checks", "contents", "deployments", "discussions", "issues", "packages", "pages", "pull_requests",
    "security_events", "statuses", "workflows",
)  # fmt: skip

ACTIONS = "github-actions"
BOT = ACTIONS + "[bot]"
KEEPER = "keeper"
KEEPER_TOKEN = "keeper-token-0123456789abcdefghij"
"""The box's own account at the emulator: what it does is no event."""


@dataclass(frozen=True)
class Identity:
    """A login; `permissions` and `repos` bound an installation of an App and are None for a user."""

    login: str
    repos: frozenset[str] | None = None
    permissions: Mapping[str, str] | None = None

    @property
    def app(self) -> bool:
        """Whether this is an installation of an App."""
        return self.permissions is not None


@dataclass(frozen=True)
class App:
    """A GitHub App: what it may do, and the repositories it is installed on (None: all)."""

    permissions: Mapping[str, str] = field(default_factory=dict)
    repos: tuple[str, ...] | None = None


class Identities:
    """The tokens that are alive, and the roles of the users."""

    def __init__(self, users: Mapping[str, str], apps: Mapping[str, App]) -> None:
        self.users = dict(users)
        # The last one: the emulator answers every question for "the installation" with the first.
        self.apps = {**apps, ACTIONS: App(dict.fromkeys(PERMISSIONS, "write"))}
        self.app_ids = {slug: 9000 + number for number, slug in enumerate(self.apps)}
        self._roles: dict[tuple[str, str], str] = {}
        self._lock = Lock()
        self._tokens = {KEEPER_TOKEN: Identity(KEEPER)}
        self._tokens |= {f"user-token-of-{login}-0123456789abcdef": Identity(login) for login in users}

    def logins(self) -> dict[str, str]:
        """The users' tokens, by token."""
        return {token: who.login for token, who in self._tokens.items() if not who.app}

    def token(self, login: str) -> str:
        """The token of a user."""
        return next(token for token, who in self._tokens.items() if who.login == login)

    def who(self, token: str) -> Identity | None:
        """Whose token this is; None when it is nobody's, or dead."""
        return self._tokens.get(token)

    def add(self, token: str, who: Identity) -> None:
        """Let a token live."""
        with self._lock:
            self._tokens[token] = who

    def revoke(self, token: str) -> None:
        """Let a token die."""
        with self._lock:
            self._tokens.pop(token, None)

    def set_role(self, login: str, slug: str, role: str) -> None:
        """Give a user another role in one repository."""
        if role not in ROLES:
            raise ValueError(f"{role} is no role: {', '.join(ROLES)}")
        self._roles[login, slug] = role

    def role(self, login: str, slug: str) -> str:
        """The role of a user in a repository; the keeper is its administrator."""
        return "admin" if login == KEEPER else self._roles.get((login, slug), self.users.get(login, "none"))

    def sees(self, who: Identity, slug: str) -> bool:
        """Whether the repository exists for this caller."""
        if who.app:
            return who.repos is None or slug in who.repos
        return self.role(who.login, slug) != "none"

    def may(self, who: Identity, slug: str, permission: str, level: str) -> bool:
        """Whether the caller may `read` or `write` this kind of thing in the repository."""
        if not self.sees(who, slug):
            return False
        granted = who.permissions.get(permission, "none") if who.permissions is not None else self._legacy(who, slug)
        return ROLES.index(granted) >= ROLES.index(level)

    def _legacy(self, who: Identity, slug: str) -> str:
        role = self.role(who.login, slug)
        return LEGACY.get(role, role)

    def app_assertion(self, slug: str) -> str:
        """What an App proves itself with: a signed token of ten minutes."""
        now = int(time.time())
        claims = {"iat": now - 5, "exp": now + 500, "iss": str(self.app_ids[slug])}
        return jwt.encode(claims, app_key(), algorithm="RS256")


@functools.cache
def app_key() -> str:
    """The private key of every App here, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def granted(blocks: Iterable[object]) -> dict[str, str]:
    """The union of `permissions:` blocks of a workflow, as an installation's permissions."""
    union: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, str):  # read-all or write-all
            block = dict.fromkeys(PERMISSIONS, block.removesuffix("-all"))
        for name, level in (block if isinstance(block, Mapping) else {}).items():
            permission = str(name).replace("-", "_")
            if permission in PERMISSIONS and level in ("read", "write") and union.get(permission) != "write":
                union[permission] = str(level)
    return union
