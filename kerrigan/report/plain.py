"""Text from anywhere, safe to print."""

import unicodedata

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(text: object) -> str:
    """The same text on one line, without control characters, escapes or marks that turn the direction of writing."""
    return "".join(" " if unicodedata.category(c) in _UNSAFE else c for c in str(text)).strip()
