"""Take secrets out of a stream by value, also where one lies across two chunks."""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

SHORTEST = 8
"""A shorter value is no secret: to replace every `1` would make a log unreadable and its JSON invalid."""

MASK = b"***"


class Redactor:
    """Replaces secrets in bytes that come in chunks. `feed` returns what is safe to write by now, `flush` the rest."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {form for secret in secrets if len(secret) >= SHORTEST for form in _spellings(secret)}
        self._secrets = sorted(spellings, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, self._secrets))) if self._secrets else None
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """The next bytes without secrets; what may be the beginning of one is held back."""
        if self._pattern is None:
            return chunk
        whole = self._held + chunk
        matches = list(self._pattern.finditer(whole))
        rest = whole[matches[-1].end() if matches else 0 :]
        held = self._beginning(rest)
        self._held = rest[len(rest) - held :]
        return self._pattern.sub(MASK, whole[: len(whole) - held])

    def flush(self) -> bytes:
        """What was held back at the end of the stream."""
        held, self._held = self._held, b""
        return held

    def _beginning(self, rest: bytes) -> int:
        """How many bytes at the end are the beginning of a secret."""
        longest = min(len(rest), len(self._secrets[0]) - 1)
        ends = (size for size in range(longest, 0, -1) if self._begins(rest[-size:]))
        return next(ends, 0)

    def _begins(self, end: bytes) -> bool:
        return any(len(end) < len(secret) and secret.startswith(end) for secret in self._secrets)


def without(whole: bytes, secrets: Iterable[str]) -> bytes:
    """Some bytes without secrets, where they do not come in chunks."""
    redactor = Redactor(secrets)
    return redactor.feed(whole) + redactor.flush()


def secrets_of(environment: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
    """The values of the named variables; of a value with several lines, each line as well."""
    values = [environment[name] for name in names if name in environment]
    lines = [line.strip() for value in values for line in value.splitlines() if "\n" in value]
    return tuple(dict.fromkeys(value for value in [*values, *lines] if len(value) >= SHORTEST))


def _spellings(secret: str) -> set[bytes]:
    """A secret as it is, as JSON text has it, and as an address has it."""
    as_json = [json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
    return {form.encode() for form in (secret, *as_json, quote(secret, safe=""))}
