"""The signature of a dispatch: proof that it was sent by someone who knows the shared secret."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from kerrigan.errors import UnreadableError


def signed(payload: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """The payload with its `sig`; without a secret it stays empty."""
    return {**payload, "sig": _signature(payload, secret) if secret else ""}


def check_signature(payload: Mapping[str, Any], secret: str) -> None:
    """Raises UnreadableError where a secret is set and the payload was not signed with it."""
    # As bytes: text that is not ASCII cannot be compared in constant time, and a stranger may send any.
    given = str(payload.get("sig")).encode(errors="replace")
    if secret and not hmac.compare_digest(given, _signature(payload, secret).encode()):
        raise UnreadableError(
            "the dispatch is not signed with this repository's KERRIGAN_SECRET",
            kind="signature",
            next_step="set the same KERRIGAN_SECRET in the repository that sends and the one that receives",
        )


def _signature(payload: Mapping[str, Any], secret: str) -> str:
    body = {name: value for name, value in payload.items() if name != "sig"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
