"""Secrets are taken out by value, however a stream is cut."""

from hypothesis import given
from hypothesis import strategies as st

from kerrigan.agents.redact import MASK, Redactor, secrets_of, without

SECRETS = ("abababcdcd", "ababab--cdcd", 'quote"back\\slash', "line one\nline two!")
PIECES = st.lists(st.sampled_from([*SECRETS, "ab", "abab", "cd", '"', "\n", " ", "plain text"]), max_size=12)


@given(PIECES, st.lists(st.integers(1, 7), min_size=1, max_size=40))
def test_a_stream_in_any_chunks_holds_no_secret_and_loses_nothing_else(pieces: list[str], sizes: list[int]) -> None:
    whole = "".join(pieces).encode()
    redactor, found, at, turn = Redactor(SECRETS), b"", 0, 0
    while at < len(whole):
        size = sizes[turn % len(sizes)]
        found += redactor.feed(whole[at : at + size])
        at, turn = at + size, turn + 1
    found += redactor.flush()
    assert not any(secret.encode() in found for secret in SECRETS)
    assert found == Redactor(SECRETS).feed(whole + b"\0")[:-1]
    assert all(piece.encode() in found for piece in pieces if piece == "plain text")


def test_a_secret_is_found_as_json_and_as_part_of_an_address() -> None:
    text = b'one quote\\"back\\\\slash two quote%22back%5Cslash'
    assert without(text, SECRETS) == b"one *** two ***"


def test_nothing_short_is_a_secret_and_nothing_is_held_back_without_one() -> None:
    assert Redactor(["1", "yes"]).feed(b"1 yes") == b"1 yes"
    assert Redactor(SECRETS).feed(b"abab") == b""
    assert Redactor(SECRETS).feed(b"abab.") == b"abab."
    assert MASK in Redactor(SECRETS).feed(b"abababcdcd")


def test_the_lines_of_a_key_are_secrets_as_well() -> None:
    found = secrets_of({"KEY": "-----BEGIN-----\nMIIEvQIBADANB\n", "OTHER": "not-named-here"}, ["KEY", "MISSING"])
    assert "MIIEvQIBADANB" in found
    assert "not-named-here" not in found
