"""The account behind an act: the only thing that a forge vouches for, and what permission is looked up by."""

from dataclasses import dataclass
from enum import StrEnum

APP_SUFFIX = "[bot]"
"""How the login of an app's account ends on GitHub; no user's login can hold a bracket."""


class Proof(StrEnum):
    """Who says that it is this account: its own token, the forge's API, or nothing but a name that was given."""

    token = "token"  # noqa: S105 - what speaks for the account, not one that speaks
    forge = "forge"
    none = "none"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a forge by its login; `is_app` where it is an app's and no user's."""

    login: str
    is_app: bool = False
    proof: Proof = Proof.forge

    @property
    def via(self) -> str:
        """How `data.via` of an event names it: the login, or `app:<slug>`."""
        return f"app:{self.login.removesuffix(APP_SUFFIX)}" if self.is_app else self.login

    def is_login(self, login: str) -> bool:
        """Whether a login is this account's: no forge tells `Ada` from `ada`."""
        return login.casefold() == self.login.casefold()


def account_of(login: str, kind: object = None, proof: Proof = Proof.forge) -> Account:
    """The account of a login as GitHub's API shows it; `kind` is its `type`, `Bot` for an app."""
    return Account(login, kind == "Bot" or login.endswith(APP_SUFFIX), proof)
