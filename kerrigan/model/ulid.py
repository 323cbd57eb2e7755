"""ULIDs (github.com/ulid/spec): 26 characters that sort by time. Time and randomness are handed in."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80


def encode(milliseconds: int, entropy: int) -> str:
    """The ULID of a moment (milliseconds since 1970) and 80 bits of entropy."""
    return _digits(milliseconds << _RANDOM_BITS | entropy)


def successor(ulid: str, steps: int) -> str:
    """The ULID `steps` after this one: ids of caused events are derived, so deciding needs no randomness."""
    number = 0
    for digit in ulid:
        number = number << 5 | ALPHABET.index(digit)
    return _digits(number + steps)


def _digits(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
