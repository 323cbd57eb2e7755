"""What makes git send a token to a server: variables of its environment, never a file, an argument or an address."""

import base64
from collections.abc import Mapping, Sequence


def basic(token: str) -> str:
    """A token as it stands in git's header."""
    return base64.b64encode(f"x-access-token:{token}".encode("utf-8", "surrogateescape")).decode()


def sending(tokens: Sequence[tuple[str, str]], environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that make git send each of these tokens to its address, besides what the environment configures.

    An address is a server, or a repository there, which counts before the server whatever the order. What was set for
    the same address before is taken back: GitHub refuses two of these headers.
    """
    given = environment.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    rows = [(address, header) for address, token in tokens for header in ("", f"AUTHORIZATION: basic {basic(token)}")]
    added = {"GIT_CONFIG_COUNT": str(first + len(rows))}
    for number, (address, header) in enumerate(rows, first):
        added |= {f"GIT_CONFIG_KEY_{number}": f"http.{address}/.extraHeader", f"GIT_CONFIG_VALUE_{number}": header}
    return added


def addresses(server: str, slug: str) -> tuple[str, str]:
    """How git may be told to reach a repository: with `.git` and without are two addresses to it."""
    repository = f"{server.rstrip('/')}/{slug}"
    return repository, f"{repository}.git"
