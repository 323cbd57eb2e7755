"""Who can read a repository, and what follows for what may be written there."""

from collections.abc import Callable
from enum import IntEnum


class Visibility(IntEnum):
    """Everyone, everyone in the enterprise, or those whom the owner names; the more people read it, the higher."""

    private = 0
    internal = 1
    public = 2


MayTell = Callable[[str, str], bool]
"""Whether readers of the first repository (`owner/name`) may be told what stands in the second."""


def tell_all(reader: str, source: str) -> bool:
    """Hide nothing: for people who look by themselves, and what they see is not posted anywhere."""
    return True
