"""Signed dispatches: who does not know the secret cannot make one, and who changes one breaks it."""

import pytest

from kerrigan.apply.events.signature import check_signature, signed
from kerrigan.errors import UnreadableError

PAYLOAD = {"key": "deff8757", "task": "todo/screen", "fence": 0, "sig": ""}


def test_a_signed_payload_is_believed_and_an_unsigned_one_where_no_secret_is_set() -> None:
    check_signature(signed(PAYLOAD, "s3cret"), "s3cret")
    check_signature(signed(PAYLOAD, ""), "")
    check_signature(signed(PAYLOAD, "s3cret"), "")
    assert signed(PAYLOAD, "")["sig"] == ""


@pytest.mark.parametrize(
    "forged",
    [
        PAYLOAD,
        {**PAYLOAD, "sig": None},
        {**PAYLOAD, "sig": "\u00fc\ud800"},
        signed(PAYLOAD, "another"),
        {**signed(PAYLOAD, "s3cret"), "task": "todo/release"},
        {**signed(PAYLOAD, "s3cret"), "more": 1},
    ],
)
def test_anything_else_is_refused(forged: dict[str, object]) -> None:
    with pytest.raises(UnreadableError, match="not signed with this repository's KERRIGAN_SECRET"):
        check_signature(forged, "s3cret")
