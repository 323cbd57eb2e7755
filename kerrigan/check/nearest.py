"""What somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 100
"""Characters of a word that is still worth comparing."""


def nearest(word: object, known: Iterable[object]) -> str | None:
    """The known word that is most like this one, where one is alike."""
    if not isinstance(word, str) or len(word) > LONGEST:
        return None
    return next(iter(get_close_matches(word, [str(k) for k in known], n=1)), None)


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """`did you mean …?`, or nothing."""
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found else ""
