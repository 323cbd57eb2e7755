"""The errors that end a run: each has its own exit code, a kind for machines, and the next step for people."""

from typing import ClassVar


class KerriganError(Exception):
    """A run that cannot go on. `message` says what was found and expected, `next_step` what to do now."""

    code: ClassVar[int] = 70

    def __init__(self, message: str, *, kind: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.next_step = next_step

    def to_json(self) -> dict[str, object]:
        """The `{"error": …}` object of the contract."""
        return {"error": {"code": self.code, "kind": self.kind, "message": self.message, "next": self.next_step}}


class UsageError(KerriganError):
    """The command names something that does not exist or cannot be meant (exit 2)."""

    code = 2


class UnreadableError(KerriganError):
    """A file, a repository or the configuration cannot be read (exit 3)."""

    code = 3


class UndecidedError(KerriganError):
    """The answer depends on something that could not be looked at: network, rate limit, permission (exit 4)."""

    code = 4


class LostRaceError(KerriganError):
    """Others moved the journal every time this run tried to append (exit 6)."""

    code = 6
